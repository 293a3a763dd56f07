internal import Database
internal import Telemetry

/// How long what has ended is kept. The audit is kept for good, and so is each agency's newest event, by which
/// the next one is counted.
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
struct Sweep {
    /// Rows of a transaction; measured at some milliseconds.
    private static let chunk = 200
    /// Longer than any attempt of a call may take.
    private static let holdAge = Duration.seconds(86_400)
    /// Longer than an executor may reach for a connector.
    private static let reachAge = Duration.seconds(3600)
    /// Of use by day: a month's forecast looks back at the same month a year ago and at the two before that.
    private static let useDays: Int64 = 470
    private let runtime: Runtime

    init(_ runtime: Runtime) { self.runtime = runtime }

    func removeOld() async throws {
        let retention = runtime.configuration.retention
        for (statement, age) in [
            (oldJobs, retention.jobs), (oldBatches, retention.jobs), (oldRates, retention.jobs),
            (oldFires, retention.scheduleFires), (oldAlerts, retention.alerts),
            (oldCalls, retention.runs), (oldRefusals, retention.events),
        ] {
            try await removeAll(statement, age)
        }
        try await removeUse()
        try await settleCutOffCalls()
        try await bookAbandonedHolds()
        try await removeRuns(oldRuns, [stepsOfOldRun], retention.runs)
        try await removeRuns(oldWorkflowRuns, ofOldWorkflowRun, retention.runs)
        try await removeEvents(retention.events)
        try await acrossTenants { tx in
            let store = ClaimStore(tx: tx, runtime: runtime)
            try store.pruneMemory(limit: Self.chunk)
            try store.pruneMessages(handledBefore: tx.now - retention.jobs, limit: Self.chunk)
        }
    }

    private func removeAll(_ statement: Statement, _ age: Duration) async throws {
        while try await acrossTenants({ tx in
            try tx.run(statement, [(tx.now - age).sqlValue, Self.chunk.sqlValue])
        }) == Self.chunk {}
    }

    private func removeUse() async throws {
        while try await acrossTenants({ tx in
            let day = tx.now.seconds / 86_400 - Self.useDays
            return try tx.run(oldUse, [day.sqlValue, Self.chunk.sqlValue])
        }) == Self.chunk {}
    }

    /// A call of an executor that was cut off with its process, and that none took up again: who pays again soon after
    /// begins another. The outbox has an eye on its own; its tool is called by name.
    private func settleCutOffCalls() async throws {
        for tool in runtime.tools.all where !tool.isCallable {
            while try await acrossTenants({ tx in
                let calls = try tx.all(
                    cutOffCalls,
                    [tool.name.sqlValue, (tx.now - Self.reachAge).sqlValue, Self.chunk.sqlValue]
                ) { row in (tenant: TenantID(rawValue: row.text(0)), key: row.text(1), attempt: row.int(2)) }
                for call in calls {
                    try tx.scoped(to: call.tenant)
                        .settleReach(key: call.key, attempt: call.attempt, .unknown(.interrupted))
                }
                return calls.count
            }) == Self.chunk {}
        }
    }

    /// A call whose caller never came back, as that of a cancelled run: it may have gone out.
    private func bookAbandonedHolds() async throws {
        while try await acrossTenants({ tx in
            let abandoned = try tx.all(
                oldHolds, [(tx.now - Self.holdAge).sqlValue, Self.chunk.sqlValue]
            ) { row in (tenant: TenantID(rawValue: row.text(0)), key: row.text(1)) }
            for (tenant, key) in abandoned { try tx.scoped(to: tenant).abandonHolds(key: key) }
            return abandoned.count
        }) == Self.chunk {}
    }

    /// Runs, and then what belongs to them.
    private func removeRuns(_ old: Statement, _ parts: [Statement], _ age: Duration) async throws {
        while try await acrossTenants({ tx in
            let gone = try tx.all(old, [(tx.now - age).sqlValue, Self.chunk.sqlValue]) { row in
                (tenant: row.text(0), run: row.text(1))
            }
            for (tenant, run) in gone {
                for part in parts { try tx.run(part, [tenant.sqlValue, run.sqlValue]) }
            }
            return gone.count
        }) == Self.chunk {}
    }

    /// Events lie in the order of their coming: looked at from the oldest on, up to the first that is kept for
    /// its age.
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
        for event in oldest where runtime.clocks.realm(of: event.tenant) == 0 {
            guard event.at < instant else { return (event.place, true) }
            try tx.run(removeEvent, [event.place.sqlValue])
        }
        return (oldest.last?.place ?? place, oldest.count < Self.chunk)
    }

    private func acrossTenants<T: Sendable>(
        _ body: @escaping @Sendable (SystemTransaction) throws -> T
    ) async throws -> T {
        try await runtime.database.acrossTenantsWrite(.batch) { try body($0) }
    }
}

// acrossTenants: each finds its rows by their age.

private let oldJobs = acrossTenantsRemoval(
    """
    DELETE FROM jobs WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM jobs WHERE finished_at IS NOT NULL AND finished_at < $1 AND realm = 0
        ORDER BY finished_at LIMIT $2)
    """)

// Only calls on their way have holds: there are few.
private let oldHolds = acrossTenantsRemoval(
    """
    SELECT DISTINCT tenant_id, key FROM budget_holds WHERE held_at < $1
        AND tenant_id NOT IN (SELECT tenant_id FROM runtime_tenants WHERE realm = 1) LIMIT $2
    """)

// As few as those.
private let cutOffCalls = acrossTenantsRemoval(
    """
    SELECT tenant_id, key, attempt FROM tool_calls WHERE state = 'held' AND tool = $1 AND started_at < $2
        AND tenant_id NOT IN (SELECT tenant_id FROM runtime_tenants WHERE realm = 1) LIMIT $3
    """)

private let oldBatches = oldRows(from: "job_batches", by: "finished_at", isEnd: true)

private let oldRates = oldRows(
    from: "job_rates", by: "slot", key: "tenant_id, limit_key, number", isEnd: false)

private let oldFires = oldRows(
    from: "schedule_fires", by: "fired_at", key: "tenant_id, schedule_id, slot", isEnd: false)

private let oldAlerts = oldRows(from: "alerts", by: "resolved_at", isEnd: true)

private let oldRuns = oldRows(from: "agent_runs", by: "finished_at", isEnd: true, returning: true)

private let oldWorkflowRuns = oldRows(from: "workflow_runs", by: "finished_at", isEnd: true, returning: true)

private let ofOldWorkflowRun = [
    Statement("DELETE FROM workflow_steps WHERE tenant_id = $1 AND run_id = $2"),
    Statement("DELETE FROM workflow_signals WHERE tenant_id = $1 AND run_id = $2"),
]

private let oldCalls = oldRows(from: "tool_calls", by: "finished_at", isEnd: true)

private let oldUse = oldRows(
    from: "effect_use", by: "day", key: "tenant_id, connector, day, tool, agent, client_id, campaign_id",
    isEnd: false)

private let oldRefusals = oldRows(from: "refusals", by: "updated_at", isEnd: false)

private let stepsOfOldRun = Statement("DELETE FROM run_steps WHERE tenant_id = $1 AND run_id = $2")

private let oldestEvents = acrossTenantsRemoval(
    "SELECT place, tenant_id, created_at FROM events WHERE place > $1 ORDER BY place LIMIT $2")

private let removeEvent = acrossTenantsRemoval(
    """
    DELETE FROM events WHERE place = $1
        AND row < (SELECT max(row) FROM events newest WHERE newest.tenant_id = events.tenant_id)
    """)

private func acrossTenantsRemoval(_ text: String) -> Statement { Statement(text) }

/// The oldest rows of a table, by a time of theirs that may be missing until they end. Sandboxes' rows stay: their
/// times are not the machine's.
private func oldRows(
    from table: String, by moment: String, key: String = "tenant_id, id", isEnd: Bool, returning: Bool = false
) -> Statement {
    acrossTenantsRemoval(
        """
        DELETE FROM \(table) WHERE (\(key)) IN (
            SELECT \(key) FROM \(table) WHERE \(isEnd ? "\(moment) IS NOT NULL AND " : "")\(moment) < $1
                AND tenant_id NOT IN (SELECT tenant_id FROM runtime_tenants WHERE realm = 1)
            ORDER BY \(moment) LIMIT $2)
        \(returning ? "RETURNING \(key)" : "")
        """)
}
