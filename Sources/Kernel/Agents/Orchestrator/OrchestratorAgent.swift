internal import Database
package import JSON
package import Jobs
internal import Nouns
package import Records
internal import Telemetry
internal import Templates

package struct OrchestratorSettings: AgentSettings {
    var adjustsSchedules = false
    package init() {}
    package static let schema = Schema<OrchestratorSettings>(
        "OrchestratorSettings",
        [
            .boolean(
                "adjust_schedules", \.adjustsSchedules,
                .about("Schedules are changed at once as proposed; otherwise a person accepts or declines."))
        ])
}

/// Watches over the other agents. Its watch goes on by itself; its runs put the findings together for people: the
/// week ahead, the middle of the week, the month.
package struct OrchestratorAgent: AgentDefinition {
    package typealias Settings = OrchestratorSettings
    package init() {}

    package let name = "orchestrator"
    package let title = "Orchestrator"
    package let purpose =
        "Monitors the other agents: health, missed runs, lost hand-offs, better schedules."
    package let cannot = [
        "It cannot repair what fails: it tells people what to do, and restarts only runs that hang.",
        "It proposes better schedules, and changes none unless adjust_schedules is set.",
    ]
    package let schedules = [
        DefaultSchedule(
            name: "Weekly planning", cron: "0 8 * * mon", parameters: ["task": "weekly_planning"]),
        DefaultSchedule(
            name: "Mid-week assessment", cron: "0 12 * * wed", parameters: ["task": "assessment"]),
        DefaultSchedule(name: "Monthly strategic review", cron: "0 8 1 * *", parameters: ["task": "review"]),
    ]
    package let permissions: Set<Permission> = [
        "agents:read", "jobs:read", "schedules:read", "schedules:write", "events:read", "alerts:read",
        "alerts:write",
    ]
    package let tools = [CreateRecordTool.name, UpdateRecordTool.name]

    private static let tasks = ["weekly_planning", "assessment", "review"]

    package func faults(parameters: JSON) -> [ValueFault] {
        (parameters.object?.members ?? []).compactMap { name, value in
            if name != "task" {
                return ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The orchestrator has no parameter \(name.prefix(64)): leave it out.")
            }
            guard let task = value.text, Self.tasks.contains(task) else {
                return ValueFault(
                    pointer: "/task", code: "invalid_choice",
                    detail: "task must be one of \(Self.tasks.joined(separator: ", ")).",
                    choices: Self.tasks)
            }
            return nil
        }
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let id = run.id
        return try await run.finish { tx in
            let watch = try Watch(tx)
            try watch.look()
            if run.parameters["task"] == "weekly_planning" {
                try tx.schedules.propose(watch.agents.map(\.definition))
            }
            return try tx.orchestration.report(watch, except: id)
        }
    }
}

extension OrchestrationStore where Base == Transaction {
    /// Returns the state of the agents, the open work, and the proposals.
    fileprivate func report(_ watch: Watch, except run: AgentRunID) throws -> JSON {
        let lastWeek = try lastWeek()
        let agents = watch.agents.map { watched -> JSON in
            let metrics = watched.metrics
            return [
                "agent": .string(watched.definition.name),
                "health": .string(
                    metrics.health(nextRun: watched.isActive ? watched.nextRun : nil, now: tx.now).rawValue),
                "runs": JSON(metrics.runs), "failed": JSON(metrics.failed),
                "success_rate": metrics.successRate.map(JSON.number) ?? .null,
                "items": JSON(metrics.items),
                "average_seconds": .integer(metrics.averageDuration.components.seconds),
                "last_week": lastWeek[watched.definition.name] ?? ["runs": 0, "failed": 0, "items": 0],
            ]
        }
        let alerts = try tx.all(
            """
            SELECT severity, count(*) FROM alerts WHERE tenant_id = \(tx.tenant) AND resolved_at IS NULL
            GROUP BY severity ORDER BY severity
            """
        ) { ($0.text(0), JSON($0.int(1))) }
        let proposals = try tx.all(
            """
            SELECT schedule_id, reason FROM schedule_proposals WHERE tenant_id = \(tx.tenant) AND status = 'open'
            ORDER BY schedule_id LIMIT 50
            """
        ) { JSON.object(["schedule_id": .string($0.text(0)), "reason": .string($0.text(1))]) }
        return [
            "agents": .array(agents), "alerts": .object(JSONObject(alerts)), "proposals": .array(proposals),
            "conflicts": .array(
                try tx.schedules.conflicts(tx.runtime.agents).map { .string($0.detail.english) }),
        ]
    }

    /// Returns by agent what its runs of the last seven days came to.
    private func lastWeek() throws -> [String: JSON] {
        let ended = try tx.all(
            """
            SELECT agent, count(*), sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END), sum(items) FROM agent_runs
            WHERE tenant_id = \(tx.tenant) AND finished_at >= \(tx.now - .seconds(7 * 86_400)) GROUP BY agent
            """
        ) { row -> (String, JSON) in
            let sums: JSON = [
                "runs": JSON(row.int(1)), "failed": JSON(row.int(2)), "items": JSON(row.int(3)),
            ]
            return (row.text(0), sums)
        }
        return Dictionary(uniqueKeysWithValues: ended)
    }
}
