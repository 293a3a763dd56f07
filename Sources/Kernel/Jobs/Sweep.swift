package import Database
internal import Records
internal import Telemetry

/// The times for which ended records are kept. The audit is kept for good, and so is each agency's newest event, by
/// which the next one is counted.
package struct Retention: Hashable, Sendable {
    package var jobs: Duration = .seconds(30 * 86_400)
    /// Runs of agents and workflows, with their traces and calls of tools. Decisions and approvals stay.
    package var runs: Duration = .seconds(90 * 86_400)
    /// Events, and what was refused.
    package var events: Duration = .seconds(90 * 86_400)
    package var scheduleFires: Duration = .seconds(90 * 86_400)
    package var alerts: Duration = .seconds(180 * 86_400)

    package init() {}
}

/// Removes what is older than its retention, a few rows to a transaction, so that it never holds anyone up. What
/// is a sandbox's goes with the sandbox: its times are not the machine's.
package struct Sweep: Sendable {
    /// Rows of a transaction; measured at some milliseconds.
    package static let chunk = 200
    package let runtime: Runtime

    init(_ runtime: Runtime) { self.runtime = runtime }

    /// Removes at once what is older than its retention, on demand.
    package static func removeOld(of runtime: Runtime) async throws { try await Sweep(runtime).removeOld() }

    package var retention: Retention { runtime.configuration.retention }

    func removeOld() async throws {
        for statement in [oldJobs, oldBatches, oldRates] { try await removeAll(statement, retention.jobs) }
        for part in runtime.parts { try await part.removeOld(self) }
        try await removeEvents(retention.events)
    }

    /// Removes all rows of a statement of `oldRows`.
    package func removeAll(_ statement: Statement, _ age: Duration) async throws {
        try await inChunks { tx in try tx.run(statement, [(tx.now - age).sqlValue, Self.chunk.sqlValue]) }
    }

    /// Removes runs, and then what belongs to them.
    package func removeRuns(_ old: Statement, _ parts: [Statement], _ age: Duration) async throws {
        try await inChunks { tx in
            let gone = try tx.all(old, [(tx.now - age).sqlValue, Self.chunk.sqlValue]) { row in
                (tenant: row.text(0), run: row.text(1))
            }
            for (tenant, run) in gone {
                for part in parts { try tx.run(part, [tenant.sqlValue, run.sqlValue]) }
            }
            return gone.count
        }
    }

    /// Runs the body, each time in a transaction of its own, until it finds less than a chunk; it returns how many
    /// rows it found.
    package func inChunks(_ body: @escaping @Sendable (SystemTransaction) throws -> Int) async throws {
        while try await acrossTenants(body) == Self.chunk {}
    }

    /// Events lie in the order of their coming: looked at from the oldest on, up to the first that is kept for
    /// its age. In a file each tenant's lie together, so that this is done tenant by tenant.
    private func removeEvents(_ age: Duration) async throws {
        var place: Int64 = 0
        while true {
            let start = place
            let (last, isDone) = try await acrossTenants { tx in
                try removeEvents(after: start, before: tx.now - age, in: tx)
            }
            place = last
            if isDone { return }
        }
    }

    private func removeEvents(
        after place: Int64, before instant: Instant, in tx: SystemTransaction
    ) throws -> (last: Int64, isDone: Bool) {
        let oldest = try tx.all(oldestEvents, [place.sqlValue, Self.chunk.sqlValue]) { row in
            (place: row.int64(0), tenant: TenantID(rawValue: row.text(1)), at: row.instant(2))
        }
        guard tx.dialect == .sqlite else {
            for event in oldest where !runtime.isSandbox(event.tenant) {
                guard event.at < instant else { return (event.place, true) }
                try tx.run(removeEvent, [event.place.sqlValue])
            }
            return (oldest.last?.place ?? place, oldest.count < Self.chunk)
        }
        var last = place
        for event in oldest where event.place > last {
            let end = event.place | Places.rowMax
            let isOld = event.at < instant && !runtime.isSandbox(event.tenant)
            if isOld { try tx.run(removePlacedEvent, [event.place.sqlValue, end.sqlValue]) }
            last = isOld ? event.place : end
        }
        return (last, oldest.count < Self.chunk)
    }

    package func acrossTenants<T: Sendable>(
        _ body: @escaping @Sendable (SystemTransaction) throws -> T
    ) async throws -> T {
        try await runtime.database.acrossTenantsWrite(.batch) { try body($0) }
    }
}

extension Sweep {
    /// Returns a statement that finds its rows across tenants, by their age.
    package static func acrossTenantsRemoval(_ text: String) -> Statement { Statement(text) }

    /// The oldest rows of a table, by a time of theirs that may be missing until they end. Sandboxes' rows stay: their
    /// times are not the machine's.
    package static func oldRows(
        from table: String, by moment: String, key: String = "tenant_id, id", isEnd: Bool,
        returning: Bool = false
    ) -> Statement {
        acrossTenantsRemoval(
            """
            DELETE FROM \(table) WHERE (\(key)) IN (
                SELECT \(key) FROM \(table) WHERE \(isEnd ? "\(moment) IS NOT NULL AND " : "")\(moment) < $1
                    AND tenant_id NOT IN (
                        SELECT tenant_id FROM runtime_tenants WHERE realm = \(literal: Realm.sandbox))
                ORDER BY \(moment) LIMIT $2)
            \(returning ? "RETURNING \(key)" : "")
            """)
    }
}

private let oldJobs = Sweep.acrossTenantsRemoval(
    """
    DELETE FROM jobs WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM jobs
        WHERE finished_at IS NOT NULL AND finished_at < $1 AND realm = \(literal: Realm.live)
        ORDER BY finished_at LIMIT $2)
    """)

private let oldBatches = Sweep.oldRows(from: "job_batches", by: "finished_at", isEnd: true)

private let oldRates = Sweep.oldRows(
    from: "job_rates", by: "slot", key: "tenant_id, limit_key, number", isEnd: false)

private let oldestEvents = Sweep.acrossTenantsRemoval(
    "SELECT place, tenant_id, created_at FROM events WHERE place > $1 ORDER BY place LIMIT $2")

private let removeEvent = Sweep.acrossTenantsRemoval(
    """
    DELETE FROM events WHERE place = $1
        AND row < (SELECT max(row) FROM events newest WHERE newest.tenant_id = events.tenant_id)
    """)

private let removePlacedEvent = Sweep.acrossTenantsRemoval(
    """
    DELETE FROM events WHERE place = $1
        AND EXISTS (SELECT 1 FROM events newer WHERE newer.place > $1 AND newer.place <= $2)
    """)
