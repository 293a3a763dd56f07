package import Agents
internal import Database
package import JSON
package import Jobs
internal import Nouns
internal import People
package import Records

/// Works through the leads that no run has seen. Outside sources come with the slices that reach them.
package struct LeadGenerationAgent: AgentDefinition {
    package init() {}

    package let name = "lead_generation"
    package let title = "Lead generation"
    package let purpose =
        "Processes new leads: links them to their company and contact, and tags the matching offer."
    package let cannot = [
        "It cannot find firms on its own: it works on the leads that files, forms, services and people bring in.",
        "It knows of a firm what is on record, and looks nothing up elsewhere.",
    ]
    package let schedules = [DefaultSchedule(name: "Daily lead generation", cron: "daily")]
    package let dailyHour = 9
    package let events = ["import.completed"]
    package let timeout: Duration = .seconds(1800)
    package let permissions: Set<Permission> = leadPermissions
    package let tools = ["update_record"]
    package typealias Settings = LeadGenerationSettings

    package func faults(parameters: JSON) -> [ValueFault] {
        LeadParameters.faults(parameters, others: ["target_count"])
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let target = run.parameters["target_count"]?.int ?? Int64(settings(of: run).targetLeadsPerDay)
        let worker = LeadWorker(
            run: run, cursor: "lead_generation", openOnly: true, onlyNew: true, purpose: .enrichment)
        let result = try await worker.work { tx, leads, _ in
            var tagged: [LeadID] = [], changed: [LeadID: [String]] = [:]
            let changes = try run.leave("update_record", in: tx)
            for lead in leads {
                var next = lead
                next.tags = ServiceMatch.tags(lead.tags, with: ServiceMatch(lead.scoringInput))
                guard next.tags != lead.tags || lead.isUnlinked,
                    try changes.covers(lead.subject, decision: nil, in: tx)
                else { continue }
                try next.link(replacing: lead, in: tx)
                try tx.leads.store(lead, &next)
                tagged.append(lead.id)
                changed[lead.id] = Lead.resource.changes(from: lead, to: next).keys
            }
            try tx.leads.tell("lead.updated", of: tagged, by: run) { ["changed": JSON(changed[$0] ?? [])] }
            return tagged
        }
        let found = result["processed"]?.int ?? 0
        return result.merging(["target_count": .integer(target), "target_reached": .bool(found >= target)])
    }
}

/// The settings of lead generation: how many leads a day are wanted, and how many searches run at a time.
package struct LeadGenerationSettings: AgentSettings {
    package var targetLeadsPerDay = 20, maxConcurrentSearches = 3

    package init() {}

    package static let schema = Schema<LeadGenerationSettings>(
        "LeadGenerationSettings",
        [
            .integer(
                "target_leads_per_day", \.targetLeadsPerDay, in: 1...100_000,
                .about("New leads wanted a day; a run tells whether it found as many.")),
            .integer(
                "max_concurrent_searches", \.maxConcurrentSearches, in: 1...100_000,
                .about("Outside sources searched at once.")),
        ])
}

/// The agents of this slice, in the order of their day.
package let discoveryAgents: [any AgentDefinition] = [
    LeadGenerationAgent(), LeadScoringAgent(), LeadQualificationAgent(),
]
