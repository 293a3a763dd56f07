internal import Database
internal import Jobs
internal import Telemetry

extension AgentsPart {
    /// Longer than any attempt of a call may take.
    private static let holdAge = Duration.seconds(86_400)
    /// Longer than an executor may reach for a connector.
    private static let reachAge = Duration.seconds(3600)
    /// Of use by day: a month's forecast looks back at the same month a year ago and at the two before that.
    private static let useDays: Int64 = 470

    func removeOld(_ sweep: Sweep) async throws {
        let retention = sweep.retention
        for (statement, age) in [
            (oldFires, retention.scheduleFires), (oldAlerts, retention.alerts),
            (oldCalls, retention.runs), (oldRefusals, retention.events),
        ] {
            try await sweep.removeAll(statement, age)
        }
        try await sweep.inChunks { tx in
            let day = tx.now.seconds / 86_400 - AgentsPart.useDays
            return try tx.run(oldUse, [day.sqlValue, Sweep.chunk.sqlValue])
        }
        try await settleCutOffCalls(sweep)
        try await bookAbandonedHolds(sweep)
        try await sweep.removeRuns(oldRuns, [stepsOfOldRun], retention.runs)
        try await sweep.packDecisions()
        try await sweep.acrossTenants { tx in
            try tx.acrossTenantsPruneMemory(limit: Sweep.chunk)
            try tx.acrossTenantsPruneMessages(handledBefore: tx.now - retention.jobs, limit: Sweep.chunk)
        }
    }

    /// A call of an executor that was cut off with its process, and that none took up again: who pays again soon after
    /// begins another. The outbox has an eye on its own; its tool is called by name.
    private func settleCutOffCalls(_ sweep: Sweep) async throws {
        for tool in tools.all where !tool.isCallable {
            try await sweep.inChunks { tx in
                let calls = try tx.all(
                    cutOffCalls,
                    [tool.name.sqlValue, (tx.now - AgentsPart.reachAge).sqlValue, Sweep.chunk.sqlValue]
                ) { row in (tenant: TenantID(rawValue: row.text(0)), key: row.text(1), attempt: row.int(2)) }
                for call in calls {
                    try tx.scoped(to: call.tenant)
                        .connectorCalls.settle(
                            key: call.key, attempt: call.attempt, .unknown(.interrupted))
                }
                return calls.count
            }
        }
    }

    /// A call whose caller never came back, as that of a cancelled run: it may have gone out.
    private func bookAbandonedHolds(_ sweep: Sweep) async throws {
        try await sweep.inChunks { tx in
            let abandoned = try tx.all(
                oldHolds, [(tx.now - AgentsPart.holdAge).sqlValue, Sweep.chunk.sqlValue]
            ) { row in (tenant: TenantID(rawValue: row.text(0)), key: row.text(1)) }
            for (tenant, key) in abandoned { try tx.scoped(to: tenant).budgets.abandonHolds(key: key) }
            return abandoned.count
        }
    }
}

// Only calls on their way have holds: there are few.
private let oldHolds = Sweep.acrossTenantsRemoval(
    """
    SELECT DISTINCT tenant_id, key FROM budget_holds WHERE held_at < $1
        AND tenant_id NOT IN (SELECT tenant_id FROM runtime_tenants WHERE realm = \(literal: Realm.sandbox))
    LIMIT $2
    """)

// As few as those.
private let cutOffCalls = Sweep.acrossTenantsRemoval(
    """
    SELECT tenant_id, key, attempt FROM tool_calls WHERE state = 'held' AND tool = $1 AND started_at < $2
        AND tenant_id NOT IN (SELECT tenant_id FROM runtime_tenants WHERE realm = \(literal: Realm.sandbox))
    LIMIT $3
    """)

private let oldFires = Sweep.oldRows(
    from: "schedule_fires", by: "fired_at", key: "tenant_id, schedule_id, slot", isEnd: false)

private let oldAlerts = Sweep.oldRows(from: "alerts", by: "resolved_at", isEnd: true)

private let oldRuns = Sweep.oldRows(from: "agent_runs", by: "finished_at", isEnd: true, returning: true)

private let oldCalls = Sweep.oldRows(from: "tool_calls", by: "finished_at", isEnd: true)

private let oldUse = Sweep.oldRows(
    from: "effect_use", by: "day", key: "tenant_id, connector, day, tool, agent, client_id, campaign_id",
    isEnd: false)

private let oldRefusals = Sweep.oldRows(from: "refusals", by: "updated_at", isEnd: false)

private let stepsOfOldRun = Statement("DELETE FROM run_steps WHERE tenant_id = $1 AND run_id = $2")
