internal import Database
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry

package let agentSandboxTables: [SandboxTable] = [
    .copied("agent_states"),
    .left("agent_metrics", because: "they count runs, which are left behind"),
    .copied("agent_configurations"),
    .left("agent_runs", because: "they are the live tenant's history"),
    .left("run_steps", because: "they are the live tenant's history"),
    .copied("decisions"),
    .copied("decision_overrides"),
    .left("refusals", because: "they tell of runs, which are left behind"),
    .copied("agent_memory", changing: ["realm": Realm.sandbox.sqlValue]),
    .left("agent_messages", because: "what agents tell one another is under way"),
    .left("agent_experiments", because: "they count what happens outside"),
    .left("agent_experiment_subjects", because: "they belong to experiments, which are left behind"),
    .copied("schedules", changing: ["realm": Realm.sandbox.sqlValue]) { tx, ids in
        for id in ids.compactMap({ ID<Schedule>($0) }) { try tx.agents.restartSchedule(id) }
    },
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
    .copied("moved_references"),
    .left("alerts", because: "they tell of jobs and runs, which are left behind"),
    .left("schedule_fires", because: "slots are counted from the sandbox's start"),
    .left("schedule_presets", because: "no release brings a sandbox new schedules"),
    .left("orchestrator", because: "what a watch remembers is of the live tenant"),
    .left("schedule_proposals", because: "they come of runs, which are left behind"),
]

extension AgentStore where Base == Transaction {
    /// A copied schedule goes on from the sandbox's own time.
    fileprivate func restartSchedule(_ id: ID<Schedule>) throws {
        guard let schedule = try tx.schedules.find(id) else { return }
        let rhythm = try Rhythm(schedule, tx.runtime.agents)
        let next = schedule.enabled ? rhythm.cron.next(after: tx.now, in: rhythm.zone) : nil
        try tx.run("UPDATE schedules SET next_at = \(next) WHERE tenant_id = \(tx.tenant) AND id = \(id)")
    }
}
