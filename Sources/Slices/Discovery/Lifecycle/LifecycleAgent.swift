internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Lets leads age: each comes into its next stage on its day, and what does not change that day costs nothing.
struct LifecycleAgent: AgentDefinition {
    let name = "lifecycle_management"
    let title = "Lifecycle management"
    let purpose = "Takes leads from stage to stage by their age, each on its day."
    let cannot = [
        "It goes by age alone: it does not judge whether somebody is still interested, and writes to nobody."
    ]
    let schedules = [DefaultSchedule(name: "Lead ageing", cron: "daily")]
    let dailyHour = 6
    let timeout: Duration = .seconds(1800)
    let permissions: Set<Permission> = leadPermissions
    let tools = ["update_record"]

    private static let chunk = 200

    func run(_ run: AgentRun) async throws -> JSON {
        var looked = 0, changed = 0
        while true {
            let step = try await run.write { tx -> (looked: Int, changed: Int, isGiven: Bool) in
                try tx.agents.require("leads:write", of: run.actor)
                let leads = try tx.lifecycle.due(limit: Self.chunk)
                guard !leads.isEmpty,
                    try run.may("update_record", about: Subject(run.id), decision: nil, in: tx)
                else { return (leads.count, 0, false) }
                let moved = try tx.lifecycle.age(leads, by: try tx.lifecycle.plan())
                let payloads = Dictionary(moved.map { ($0.lead, $0.payload) }) { $1 }
                try tx.leads.tell("lead.lifecycle_changed", of: moved.map(\.lead), by: run) { lead in
                    payloads[lead] ?? [:]
                }
                return (leads.count, moved.count, true)
            }
            (looked, changed) = (looked + step.looked, changed + step.changed)
            run.processed(step.looked)
            if !step.isGiven || step.looked < Self.chunk { break }
        }
        let result: JSON = ["processed": JSON(looked), "changed": JSON(changed)]
        return try await run.finish { _ in result }
    }
}
