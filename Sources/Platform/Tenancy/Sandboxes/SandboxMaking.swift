internal import Cryptography
package import Database
package import HTTPServer
internal import JSON
package import Jobs
internal import Nouns
package import Records
internal import Routing
package import Telemetry

/// The input of a new sandbox.
package struct SandboxCreate: Declared {
    package var origin = Sandbox.Origin.empty
    package var name = ""
    package var startAt: Instant?
    package var seed: Int?

    package init() {}

    package static let schema = Schema<SandboxCreate>(
        "SandboxCreate",
        [
            .choice(
                "from", \.origin, .required,
                .about(
                    "The initial data of the sandbox: live copies the agency's records and settings, empty its settings only."
                )),
            .text("name", \.name, max: 200, .required, .example("What if we wrote less?")),
            .instant("start_at", \.startAt, .about("The first time of the sandbox's clock; now by default.")),
            .integer(
                "seed", \.seed, in: 0...9_007_199_254_740_991,
                .about(
                    "The seed of ids and chance: the same seed on the same records gives the same results.")),
        ])
}

/// Makes a sandbox of an agency. Nobody sees it before it is whole.
package struct SandboxMaking: Sendable {
    /// Runs the transaction that makes the sandbox known, and gives its answer, or that of an earlier request.
    package typealias Commit =
        @Sendable (@escaping @Sendable (Transaction) throws -> Response) async throws -> Response

    private let services: PlatformServices
    private let runtime: Runtime
    private let agency: TenantID
    private let actor: Actor

    package init(_ services: PlatformServices, _ runtime: Runtime, agency: TenantID, by actor: Actor) {
        (self.services, self.runtime, self.agency, self.actor) = (services, runtime, agency, actor)
    }

    package func make(_ wanted: SandboxCreate, commit: Commit) async throws -> Response {
        let token = Sandbox.makeToken()
        let sandbox = try await begin(wanted, tokenDigest: token.digest)
        do {
            try await fill(sandbox)
            let (runtime, actor) = (runtime, actor)
            let answer = try await commit { tx in
                try tx.run(
                    """
                    UPDATE sandboxes SET status = 'ready', updated_at = \(tx.now)
                    WHERE tenant_id = \(tx.tenant) AND id = \(sandbox.id) AND status = 'creating'
                    """)
                try tx.auditLog.add(
                    actor, "sandbox.created", sandbox.subject,
                    ["name": .string(sandbox.name), "from": .string(sandbox.origin.rawValue)])
                try tx.publish("sandbox.created", sandbox.subject)
                guard let made = try tx.sandboxes.find(sandbox.id) else { throw Problem(.notFound) }
                return .json(
                    made.json(runtime, token: token.text), status: 201,
                    headers: [("Location", "/v1/sandboxes/\(sandbox.id)"), ("ETag", ETag.text(made.version))])
            }
            // Another request under the same idempotency key was quicker: its sandbox is the one.
            try await services.database.write(agency, .batch) { tx in
                if try tx.sandboxes.find(sandbox.id)?.status == .creating { try tx.sandboxes.remove(sandbox) }
            }
            return answer
        } catch {
            try await services.database.write(agency) { try $0.sandboxes.remove(sandbox) }
            throw error
        }
    }

    /// The row, which counts among the agency's sandboxes, and the clock.
    private func begin(_ wanted: SandboxCreate, tokenDigest: String) async throws -> Sandbox {
        let random = SystemRandom.bytes(6).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let (agency, limit) = (agency, services.settings.sandboxesMax)
        let expiry = services.now() + Sandbox.tokenLifetime
        return try await services.database.acrossTenantsWrite { system in
            let tx = system.scoped(to: agency)
            let count = try tx.int("SELECT count(*) FROM sandboxes WHERE tenant_id = \(tx.tenant)") ?? 0
            guard count < limit else {
                throw Problem(
                    .conflict, "The agency has \(count) sandboxes, and may have \(limit): remove one first.")
            }
            let (id, tenant) = (SandboxID(tx.nextID()), TenantID(rawValue: ID<Tenant>(tx.nextID()).text))
            let (seed, start) = (wanted.seed.map { Int64($0) } ?? random, wanted.startAt ?? tx.now)
            try tx.run(
                """
                INSERT INTO sandboxes (tenant_id, id, sandbox_tenant, name, origin, status, seed, start_at, token_digest,
                    token_expires_at, version, created_at, updated_at)
                VALUES (\(tx.tenant), \(id), \(tenant), \(wanted.name), \(wanted.origin.rawValue), 'creating', \(seed),
                    \(start), \(tokenDigest), \(expiry), 1, \(tx.now), \(tx.now))
                """)
            try system.scoped(to: tenant).sandboxClock.begin(at: start, seed: seed)
            guard let sandbox = try tx.sandboxes.find(id) else { throw Problem(.notFound) }
            return sandbox
        }
    }

    private func fill(_ sandbox: Sandbox) async throws {
        let (agency, user) = try services.database.read(sandbox.agency) { reader in
            (try reader.agency.tenant(), try reader.sandboxes.representative(of: actor))
        }
        if sandbox.origin == .live {
            try await SandboxCopy(
                database: services.database, tables: services.sandboxTables(), source: sandbox.agency,
                target: sandbox.tenant
            ).run()
        }
        let services = services
        let userID = try await services.database.write(sandbox.tenant, .batch) { tx in
            try tx.sandboxes.makeTenant(likewise: agency)
            try services.makeDataKey(tx)
            guard sandbox.origin == .empty else { return user.id }
            var copy = user
            copy.beginLife(id: tx.nextID(), now: tx.now)
            copy.passwordHash = nil
            try User.resource.insert(&copy, in: tx)
            try services.seed(tx)
            return copy.id
        }
        try await services.database.write(sandbox.agency, .batch) { tx in
            try tx.run(
                "UPDATE sandboxes SET user_id = \(userID) WHERE tenant_id = \(tx.tenant) AND id = \(sandbox.id)"
            )
        }
    }
}

extension SandboxStore {
    /// The person that a sandbox's token acts as: who makes it, or for a key the agency's first owner.
    fileprivate func representative(of actor: Actor) throws -> User {
        if actor.kind == .user, let id = actor.userID, let user = try User.resource.find(id, in: tx) {
            return user
        }
        let owner = try User.resource.first(
            where: "role = 'owner' AND status = 'active'", suffix: "ORDER BY id LIMIT 1", in: tx)
        guard let owner else {
            throw Problem(.conflict, "The agency has no owner: make one of its users an owner first.")
        }
        return owner
    }
}

extension SandboxStore where Base == Transaction {
    /// The sandbox's own row: the agency's settings, under a name of its own.
    fileprivate func makeTenant(likewise agency: Tenant) throws {
        guard let id = ID<Tenant>(tx.tenant.rawValue) else { throw Problem(.notFound) }
        var copy = agency
        copy.id = id
        copy.slug = tx.tenant.rawValue.replacing("_", with: "-")
        copy.status = .active
        copy.sandboxOf = "\(agency.id)"
        copy.portalHost = nil
        try Tenant.resource.insert(&copy, in: tx)
    }
}
