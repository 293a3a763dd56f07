package import JSON
internal import Records
package import Runtime
internal import Database

/// Works through the leads that no run has seen. Outside sources come with the slices that reach them.
package struct LeadGenerationAgent: AgentDefinition {
    package init() {}

    package let name = "lead_generation"
    package let title = "Lead generation"
    package let purpose =
        "Takes in new leads: ties them to their company and contact, and tags the offer that fits."
    package let schedules = [DefaultSchedule(name: "Daily lead generation", cron: "daily")]
    package let dailyHour = 9
    package let events = ["import.completed"]
    package let timeout: Duration = .seconds(1800)
    package let defaults: JSON = ["target_leads_per_day": 20, "max_concurrent_searches": 3]

    package func faults(configuration: JSON) -> [ValueFault] {
        LeadParameters.batchFaults(
            configuration, numbers: ["target_leads_per_day", "max_concurrent_searches"])
    }

    package func faults(parameters: JSON) -> [ValueFault] {
        LeadParameters.faults(parameters, others: ["target_count"])
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let target =
            run.parameters["target_count"]?.int ?? run.configuration.values["target_leads_per_day"]?.int ?? 20
        let worker = LeadWorker(run: run, cursor: "lead_generation", openOnly: true, onlyNew: true)
        let result = try await worker.work { tx, leads, _ in
            var tagged: [ID<Lead>] = []
            for lead in leads {
                var next = lead
                try next.link(replacing: lead, in: tx)
                next.tags = ServiceMatch.tags(lead.tags, with: ServiceMatch(lead.scoringInput))
                guard
                    next.tags != lead.tags || next.companyID != lead.companyID
                        || next.contactID != lead.contactID
                else { continue }
                try tx.store(lead, &next)
                tagged.append(lead.id)
            }
            try tx.tell("lead.updated", of: tagged, by: run)
            return tagged
        }
        let found = result["processed"]?.int ?? 0
        return result.merging(["target_count": .integer(target), "target_reached": .bool(found >= target)])
    }
}

/// An agent of the agency's plan whose work is not built yet: it stands by and says why.
package struct StandbyAgent: AgentDefinition {
    package let name: String, title: String, purpose: String
    package let schedules: [DefaultSchedule]
    package let dailyHour: Int
    package let defaults: JSON
    package let buildState: BuildState
    private let settings: Set<String>

    package init(
        _ name: String, _ title: String, _ purpose: String, cron: String, dailyHour: Int, defaults: JSON,
        reason: String
    ) {
        (self.name, self.title, self.purpose, self.dailyHour) = (name, title, purpose, dailyHour)
        schedules = [DefaultSchedule(name: title, cron: cron)]
        self.defaults = defaults
        buildState = .standby(reason: reason)
        settings = Set(defaults.object?.keys ?? [])
    }

    package func faults(configuration: JSON) -> [ValueFault] {
        LeadParameters.batchFaults(
            configuration, numbers: settings.subtracting(["report_frequency"]),
            others: settings.contains("report_frequency") ? ["report_frequency"] : [])
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        throw JobFailure.terminal("agent_not_active", "the agent stands by")
    }
}

/// The seven agents of an agency's daily work, in the order of their day.
package let discoveryAgents: [any AgentDefinition] = [
    LeadGenerationAgent(),
    StandbyAgent(
        "prospect_research", "Prospect research", "Researches and enriches prospects.", cron: "hourly",
        dailyHour: 11,
        defaults: ["batch_size": 10], reason: "Research needs outside sources, which are not connected yet."),
    LeadScoringAgent(),
    LeadQualificationAgent(),
    StandbyAgent(
        "outreach_automation", "Outreach", "Writes to qualified leads, in sequences.", cron: "daily",
        dailyHour: 10,
        defaults: ["max_outreach_per_day": 100],
        reason: "Outreach needs a mail provider, which cannot be connected yet."),
    StandbyAgent(
        "sales_automation", "Sales", "Moves deals: proposals, negotiation, contracts.", cron: "daily",
        dailyHour: 14,
        defaults: ["follow_up_frequency": 3], reason: "Sales needs deals, which are not built yet."),
    StandbyAgent(
        "client_management", "Client management", "Onboards clients, delivers and reports.", cron: "daily",
        dailyHour: 17,
        defaults: ["report_frequency": "monthly"],
        reason: "Client management needs clients, which are not built yet."),
]
