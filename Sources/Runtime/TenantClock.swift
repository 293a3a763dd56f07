package import Database
internal import Synchronization
package import Telemetry

/// The time of every tenant. A live tenant's is the machine's; a sandbox's is virtual and stands still until
/// it is advanced. Made before the database, which asks it for the time of each transaction.
package final class TenantClocks: Sendable {
    private let live: @Sendable () -> Instant
    private let virtual = Mutex<[TenantID: Instant]>([:])

    package init(live: @escaping @Sendable () -> Instant = { .wallClock() }) { self.live = live }

    /// The tenant's time; the machine's for `nil`.
    package func now(_ tenant: TenantID?) -> Instant {
        if let tenant, let now = virtual.withLock({ $0.isEmpty ? nil : $0[tenant] }) { return now }
        return live()
    }

    /// 1 for a sandbox, whose timers only its own advance may fire, and 0 for a live tenant.
    package func realm(of tenant: TenantID) -> Int { virtual.withLock { $0[tenant] == nil ? 0 : 1 } }

    /// Reads the sandboxes' times.
    func load(_ database: Database) throws {
        let stored = try database.acrossTenantsRead { reader in
            try reader.all(
                "SELECT tenant_id, virtual_now FROM runtime_tenants WHERE realm = 1 AND virtual_now IS NOT NULL"
            ) { (TenantID(rawValue: $0.text(0)), $0.instant(1)) }
        }
        virtual.withLock { $0 = Dictionary(uniqueKeysWithValues: stored) }
    }

    func set(_ tenant: TenantID, _ now: Instant?) { virtual.withLock { $0[tenant] = now } }
}

extension Transaction {
    /// Makes the tenant a sandbox whose time stands at `instant`, or moves that time on; in force for
    /// transactions that begin after the commit.
    package func setVirtualTime(_ instant: Instant) throws {
        try run(
            """
            INSERT INTO runtime_tenants (tenant_id, realm, virtual_now) VALUES (\(tenant), 1, \(instant))
            ON CONFLICT (tenant_id) DO UPDATE SET realm = 1, virtual_now = excluded.virtual_now
            """)
        let (clocks, tenant) = (runtime.clocks, tenant)
        onCommit { clocks.set(tenant, instant) }
    }
}
