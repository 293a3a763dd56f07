package import Database
internal import JSON
package import Records

/// What becomes of a tenant's table when a sandbox is made as a copy of the tenant. Every table is in one of the
/// modules' lists; a test fails when a new one is in none.
package struct SandboxTable: Sendable {
    /// What is done with the copied rows of a chunk, by their ids.
    package typealias Step = @Sendable (Transaction, _ ids: [String]) throws -> Void

    package let name: String
    /// Why its rows are left behind; `nil`: they are copied.
    package let reason: String?
    /// Columns that hold something else in a copy.
    package private(set) var changed: [String: SQLValue] = [:]
    /// After rows were copied, and before rows are removed.
    package private(set) var copied: Step?, removing: Step?

    /// Its rows are copied as they are, but for the columns of `changing`.
    package static func copied(
        _ name: String, changing changed: [String: SQLValue] = [:], then copied: Step? = nil
    ) -> SandboxTable {
        var table = SandboxTable(name: name, reason: nil)
        (table.changed, table.copied) = (changed, copied)
        return table
    }

    /// The same for a resource, whose full text goes along.
    package static func copied<R: Record>(
        _ resource: Resource<R>, changing changed: [String: SQLValue] = [:]
    ) -> SandboxTable {
        var table = SandboxTable(name: resource.table, reason: nil)
        table.changed = changed
        if resource.searchTable != nil {
            table.copied = { tx, ids in try resource.indexText(of: ids, in: tx) }
            table.removing = { tx, ids in try resource.unindexText(of: ids, in: tx) }
        }
        return table
    }

    /// A sandbox begins without rows of it.
    package static func left(_ name: String, because reason: String) -> SandboxTable {
        SandboxTable(name: name, reason: reason)
    }

    private init(name: String, reason: String?) { (self.name, self.reason) = (name, reason) }
}

package let runtimeSandboxTables: [SandboxTable] = [
    .left("runtime_tenants", because: "it holds the sandbox's own clock"),
    .left("jobs", because: "work in flight is the live tenant's"),
    .left("tenant_queues", because: "a sandbox's jobs are in no pool"),
    .copied("counters"),
    .left("events", because: "they tell what happened outside"),
    .left("audit", because: "its chain is of one tenant; the sandbox begins its own"),
    .left("audit_heads", because: "it tells where that chain ends"),
    .copied("agent_states"),
    .left("agent_metrics", because: "they count runs, which are left behind"),
    .copied("agent_configurations"),
    .left("agent_runs", because: "they are the live tenant's history"),
    .left("run_steps", because: "they are the live tenant's history"),
    .copied("decisions"),
    .copied("decision_overrides"),
    .left("refusals", because: "they tell of runs, which are left behind"),
    .copied("agent_memory", changing: ["realm": .integer(1)]),
    .left("agent_messages", because: "what agents tell one another is under way"),
    .left("agent_experiments", because: "they count what happens outside"),
    .left("agent_experiment_subjects", because: "they belong to experiments, which are left behind"),
    .copied("schedules", changing: ["realm": .integer(1)]) { tx, ids in
        for id in ids { try tx.restartSchedule(id) }
    },
    .copied("workflows"),
    .copied("workflow_versions"),
    .left("workflow_runs", because: "work in flight is the live tenant's"),
    .left("workflow_steps", because: "they belong to runs, which are left behind"),
    .left("workflow_signals", because: "they belong to runs, which are left behind"),
    .left("workflow_waits", because: "they belong to runs, which are left behind"),
    .copied("tool_settings"),
    .left("tool_use", because: "a sandbox's calls are counted from its start"),
    .left("effect_use", because: "nothing has left it yet"),
    .left("effect_errors", because: "nothing has left it that could fail"),
    .left("included_calls", because: "a sandbox's calls are counted from its start"),
    .left("service_quotas", because: "no service is asked in it"),
    .left("connector_turns", because: "no service is waited for in it"),
    .left("connector_pace", because: "no service is waited for in it"),
    .left("refused_attempts", because: "they are about the live tenant's services"),
    .left("tool_breakers", because: "nothing leaves a sandbox that could fail"),
    .left("tool_cache", because: "it holds what the world answered"),
    .left("tool_calls", because: "they are the live tenant's history"),
    .left("model_calls", because: "they belong to runs, which are left behind"),
    .copied("budgets"),
    .left("budget_use", because: "a sandbox's calls are counted from its start"),
    .left("budget_holds", because: "calls in flight are the live tenant's"),
    .left("approvals", because: "they wait for work that is left behind"),
    .left("approval_votes", because: "they belong to approvals, which are left behind"),
    .copied("approval_policies"),
    .left("alerts", because: "they tell of jobs and runs, which are left behind"),
    .left("schedule_fires", because: "slots are counted from the sandbox's start"),
    .left("job_rates", because: "they tell of jobs, which are left behind"),
    .left("job_batches", because: "they tell of jobs, which are left behind"),
    .left("schedule_presets", because: "no release brings a sandbox new schedules"),
    .left("orchestrator", because: "what a watch remembers is of the live tenant"),
    .left("schedule_proposals", because: "they come of runs, which are left behind"),
]

extension Transaction {
    /// A copied schedule goes on from the sandbox's own time.
    fileprivate func restartSchedule(_ id: String) throws {
        guard let schedule = try schedule(id) else { return }
        let rhythm = try Rhythm(schedule, runtime.agents)
        let next = schedule.enabled ? rhythm.cron.next(after: now, in: rhythm.zone) : nil
        try run("UPDATE schedules SET next_at = \(next) WHERE tenant_id = \(tenant) AND id = \(id)")
    }
}
