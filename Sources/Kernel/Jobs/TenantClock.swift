internal import Cryptography
package import Database
package import Nouns
internal import Synchronization
package import Telemetry

/// The clock that a tenant and its rows live by: a number in the column `realm` of what becomes due by itself.
package enum Realm: Int, Sendable, SQLConvertible {
    /// The machine's.
    case live
    /// A sandbox's own: only its own advance may fire its timers.
    case sandbox
}

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

    package func realm(of tenant: TenantID) -> Realm {
        virtual.withLock { $0[tenant] == nil } ? .live : .sandbox
    }

    /// Reads the sandboxes' times.
    func load(_ database: Database) throws {
        let stored = try database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT tenant_id, virtual_now FROM runtime_tenants
                WHERE realm = \(literal: Realm.sandbox) AND virtual_now IS NOT NULL
                """
            ) { (TenantID(rawValue: $0.text(0)), $0.instant(1)) }
        }
        virtual.withLock { $0 = Dictionary(uniqueKeysWithValues: stored) }
    }

    func set(_ tenant: TenantID, _ now: Instant?) { virtual.withLock { $0[tenant] = now } }
}

extension SandboxClockStore where Base == Transaction {
    /// Makes a tenant without rows a sandbox, whose time stands at `instant`. The same seed gives the same ids and
    /// the same chances. In force for transactions that begin after the commit.
    package func begin(at instant: Instant, seed: Int64) throws {
        try tx.run(
            """
            INSERT INTO runtime_tenants (tenant_id, realm, virtual_now, seed)
            VALUES (\(tx.tenant), \(Realm.sandbox), \(instant), \(seed))
            """)
        showTime(instant)
    }

    /// Moves a sandbox's time on; in force for transactions that begin after the commit.
    func setVirtualTime(_ instant: Instant) throws {
        try tx.run(moveTime, [tx.tenant.sqlValue, instant.sqlValue])
        showTime(instant)
    }

    /// Ids that are made from now on sort behind this one, which was copied.
    package func startIDs(after id: UniqueID) throws {
        try tx.run(
            """
            UPDATE runtime_tenants SET id_floor = \(id.instant + .milliseconds(1))
            WHERE tenant_id = \(tx.tenant) AND id_floor <= \(id.instant)
            """)
    }

    /// The tenant is no sandbox any more: the last that is done when one is removed.
    package func end() throws {
        try tx.run(
            "DELETE FROM runtime_tenants WHERE tenant_id = \(tx.tenant) AND realm = \(literal: Realm.sandbox)"
        )
        showTime(nil)
    }

    /// Puts the tenant on the machine's clock from the commit on, as if it had always been there: its past was
    /// rehearsed, and what it has planned is up to the pools.
    package func goLive() throws {
        for table in ["jobs", "schedules", "agent_memory", "agent_messages"] {
            try tx.run(
                """
                UPDATE \(trusted: table) SET realm = \(literal: Realm.live)
                WHERE tenant_id = \(tx.tenant) AND realm = \(literal: Realm.sandbox)
                """)
        }
        try end()
    }

    private func showTime(_ instant: Instant?) {
        let (clocks, tenant) = (tx.runtime.clocks, tx.tenant)
        tx.onCommit { clocks.set(tenant, instant) }
    }

    /// Whether the tenant is a sandbox: what would leave the house is captured there, never sent.
    package var isSandbox: Bool { tx.runtime.isSandbox(tx.tenant) }
}

extension SandboxClockStore {
    /// Whether the tenant lives by virtual time, for callers that have no more than a reader.
    package var livesByVirtualTime: Bool {
        get throws {
            try tx.exists(
                """
                SELECT 1 FROM runtime_tenants
                WHERE tenant_id = \(tx.tenant) AND realm = \(literal: Realm.sandbox)
                """)
        }
    }
}

extension Runtime {
    /// Returns whether the tenant is a sandbox: what would leave the house is captured there, never sent.
    package func isSandbox(_ tenant: TenantID) -> Bool { clocks.realm(of: tenant) == .sandbox }
}

extension JobContext {
    /// Whether the job is a sandbox's: what would leave the house is captured there, never sent.
    package var isSandbox: Bool { runtime.isSandbox(tenant) }
}

private let moveTime = Statement(
    "UPDATE runtime_tenants SET virtual_now = $2 WHERE tenant_id = $1 AND realm = \(literal: Realm.sandbox)")
