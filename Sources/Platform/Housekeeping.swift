internal import Database
internal import Records
internal import Synchronization
internal import Telemetry

/// Which API keys were used since they were last written down.
package final class KeyUse: Sendable {
    /// Sandboxes may have keys of the same id.
    private struct Key: Hashable { let tenant: TenantID, id: ID<APIKey> }
    private let used = Mutex<Set<Key>>([])

    package init() {}

    func note(_ key: ID<APIKey>, of tenant: TenantID) {
        used.withLock { _ = $0.insert(Key(tenant: tenant, id: key)) }
    }

    fileprivate func take() -> [(key: ID<APIKey>, tenant: TenantID)] {
        used.withLock { used in
            defer { used = [] }
            return used.map { ($0.id, $0.tenant) }
        }
    }
}

/// What the platform does now and then: writes down which keys were used, and removes what has expired.
package struct Housekeeping: Sendable {
    private static let chunk = 500
    private let services: PlatformServices

    package init(_ services: PlatformServices) { self.services = services }

    /// To be called every minute or so. Failures are logged; the next call tries again.
    package func tidyUp() async {
        do {
            for (key, tenant) in services.keyUse.take() {
                try await services.database.write(tenant, .batch) { tx in
                    try tx.run(
                        "UPDATE api_keys SET last_used_at = \(tx.now) WHERE tenant_id = \(tx.tenant) AND id = \(key)"
                    )
                }
            }
            for purge in Self.purges { while try await remove(purge) == Self.chunk {} }
        } catch {
            services.log.warning("housekeeping failed", ["error": .init(error)])
        }
    }

    /// What has expired: a table, its key beside the tenant, and the condition.
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
