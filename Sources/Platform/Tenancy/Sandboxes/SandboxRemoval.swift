package import Database
internal import JSON
package import Jobs
internal import Nouns
package import Records
internal import Telemetry

/// Takes the rows of a removed sandbox away; a job of its agency's, so that it is done whatever happens.
package struct SandboxRemoval: JobKind {
    package struct Payload: Codable, Sendable { let sandbox: SandboxID, tenant: String }

    package static let kind = "sandbox.remove"
    package static let retry = RetryPolicy(base: .seconds(5), cap: .seconds(600))

    private let services: PlatformServices

    package init(_ services: PlatformServices) { self.services = services }

    package func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        let tenant = TenantID(rawValue: payload.tenant)
        try await job.runtime.suspend(tenant, true)
        job.runtime.sandboxes.halt(tenant)
        try await SandboxPurge(
            database: services.database, tables: services.sandboxTables(), tenant: tenant
        ).run()
        try await services.database.write(tenant, .batch) { tx in
            try tx.run("DELETE FROM tenants WHERE tenant_id = \(tx.tenant)")
            try tx.sandboxClock.end()
        }
        try await job.complete { tx in
            try tx.run("DELETE FROM sandboxes WHERE tenant_id = \(tx.tenant) AND id = \(payload.sandbox)")
        }
    }
}

package extension SandboxStore where Base == Transaction {
    /// Removes a sandbox because someone wants it.
    func delete(_ sandbox: Sandbox, by actor: Actor) throws {
        try remove(sandbox)
        try tx.auditLog.add(actor, "sandbox.deleted", sandbox.subject, ["name": .string(sandbox.name)])
        try tx.publish("sandbox.deleted", sandbox.subject)
    }

    /// The sandbox is gone for everyone, at once.
    internal func remove(_ sandbox: Sandbox) throws {
        let changed = try tx.run(
            """
            UPDATE sandboxes SET status = 'removing', token_digest = NULL, version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(sandbox.id) AND status <> 'removing'
            """)
        guard changed == 1 else { return }
        try tx.jobs.enqueue(
            SandboxRemoval.self,
            SandboxRemoval.Payload(sandbox: sandbox.id, tenant: sandbox.tenant.rawValue),
            JobOptions(uniqueKey: sandbox.id, subject: sandbox.subject))
        tx.sessions.forgetCredentials()
    }
}

extension PlatformServices {
    /// Removes sandboxes whose making ended with the process before. To be called before requests are served.
    package func removeUnfinishedSandboxes() async throws {
        for sandbox in try database.acrossTenantsRead({ try $0.acrossTenantsUnfinishedSandboxes() }) {
            try await database.write(sandbox.agency) { try $0.sandboxes.remove(sandbox) }
        }
    }
}
