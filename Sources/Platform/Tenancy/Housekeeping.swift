package import Database
internal import Nouns
internal import Records
internal import Synchronization
package import Telemetry

/// The API keys that were used since they were last written down.
package final class KeyUse: Sendable {
    /// Sandboxes may have keys of the same id.
    private struct Key: Hashable { let tenant: TenantID, id: APIKeyID }
    private let used = Mutex<Set<Key>>([])

    package init() {}

    func note(_ key: APIKeyID, of tenant: TenantID) {
        used.withLock { _ = $0.insert(Key(tenant: tenant, id: key)) }
    }

    fileprivate func take() -> [(key: APIKeyID, tenant: TenantID)] {
        used.withLock { used in
            defer { used = [] }
            return used.map { ($0.id, $0.tenant) }
        }
    }
}

/// A module's automatic removal of an agency's data, or another work on it that comes due.
package struct TenantTidying: Sendable {
    /// Returns the time at which the first of it is due, whether that is past or to come.
    package let due: @Sendable (Reader) throws -> Instant?
    /// Removes or does some of what is due: it is not due any more.
    package let tidyUp: @Sendable (Transaction) throws -> Void

    package init(
        due: @escaping @Sendable (Reader) throws -> Instant?,
        tidyUp: @escaping @Sendable (Transaction) throws -> Void
    ) { (self.due, self.tidyUp) = (due, tidyUp) }
}

/// Does the platform's regular work: writes down which keys and sessions were used, and removes what has expired.
package struct Housekeeping: Sendable {
    private static let chunk = 500
    private let services: PlatformServices
    private let tidying: [TenantTidying]

    package init(_ services: PlatformServices, _ tidying: [TenantTidying] = []) {
        (self.services, self.tidying) = (services, tidying)
    }

    /// Does the regular work once. It is called every minute or so, and thoroughly every hour. Failures are logged; the
    /// next call tries again.
    package func tidyUp(thoroughly: Bool = false) async {
        do {
            for (key, tenant) in services.keyUse.take() {
                try await services.database.write(tenant, .batch) { tx in
                    try tx.run(
                        "UPDATE api_keys SET last_used_at = \(tx.now) WHERE tenant_id = \(tx.tenant) AND id = \(key)"
                    )
                }
            }
            for (tenant, uses) in services.sessionUse.take(now: services.now()) {
                try await services.database.write(tenant, .batch) { try $0.sessions.saw(uses) }
            }
            for purge in Self.purges { while try await remove(purge) == Self.chunk {} }
            guard thoroughly else { return }
            for tenant in try await agencies() {
                for tidying in tidying { try await tidyUp(tenant, tidying) }
            }
            while try await removeLooseBytes() == Self.chunk {}
        } catch {
            services.log.warning("housekeeping failed", ["error": .init(error)])
        }
    }

    private func agencies() async throws -> [TenantID] {
        try services.database.acrossTenantsRead { reader in
            try reader.all("SELECT id FROM tenants WHERE sandbox_of IS NULL ORDER BY id") {
                TenantID(rawValue: $0.text(0))
            }
        }
    }

    private func tidyUp(_ tenant: TenantID, _ tidying: TenantTidying) async throws {
        let database = services.database
        while let due = try database.read(tenant, { try tidying.due($0) }) {
            let isDone = try await database.write(tenant, .batch) { tx in
                guard due <= tx.now else { return true }
                try tidying.tidyUp(tx)
                return false
            }
            if isDone { return }
        }
    }

    /// Bytes of files whose row has gone, or never came: found across agencies by their age, removed in each, whose
    /// own writes may be about to take them up again.
    private func removeLooseBytes() async throws -> Int {
        let database = services.database
        let loose = try database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT DISTINCT c.tenant_id, c.sha256 FROM file_contents c
                WHERE c.created_at < \(reader.now - .seconds(86_400))
                    AND NOT EXISTS (SELECT 1 FROM files f WHERE f.tenant_id = c.tenant_id AND f.sha256 = c.sha256)
                    AND c.tenant_id IN (SELECT id FROM tenants WHERE sandbox_of IS NULL)
                LIMIT \(Self.chunk)
                """
            ) { (tenant: TenantID(rawValue: $0.text(0)), digest: $0.text(1)) }
        }
        for (tenant, bytes) in Dictionary(grouping: loose, by: \.tenant) {
            try await database.write(tenant, .batch) { tx in
                for digest in bytes.map(\.digest) {
                    try tx.run(
                        """
                        DELETE FROM file_contents WHERE tenant_id = \(tx.tenant) AND sha256 = \(digest)
                            AND created_at < \(tx.now - .seconds(86_400)) AND NOT EXISTS (
                                SELECT 1 FROM files WHERE tenant_id = \(tx.tenant) AND sha256 = \(digest))
                        """)
                }
            }
        }
        return loose.count
    }

    /// The rows of a table that expire: the table, its key beside the tenant, and the condition.
    private struct Purge: Sendable {
        let table: StaticString, key: StaticString, age: Duration, column: StaticString
    }

    private static let purges = [
        Purge(
            table: "idempotency", key: "principal, idempotency_key", age: Idempotency.lifetime,
            column: "created_at"),
        Purge(table: "refresh_tokens", key: "digest", age: UserSession.lifetime, column: "created_at"),
        Purge(table: "password_resets", key: "digest", age: .seconds(86_400), column: "expires_at"),
        Purge(
            table: "webhook_attempts", key: "delivery_id, number", age: WebhookDelivery.retention,
            column: "started_at"),
        Purge(
            table: "webhook_deliveries", key: "id", age: WebhookDelivery.retention, column: "created_at"),
    ]

    private func remove(_ purge: Purge) async throws -> Int {
        let age = purge.age
        return try await services.database.acrossTenantsWrite(.batch) { tx in
            try tx.run(
                """
                DELETE FROM \(raw: purge.table) WHERE (tenant_id, \(raw: purge.key)) IN (
                    SELECT tenant_id, \(raw: purge.key) FROM \(raw: purge.table)
                    WHERE \(raw: purge.column) < \(tx.now - age) LIMIT \(Self.chunk))
                """)
        }
    }
}
