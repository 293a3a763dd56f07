package import Agents
internal import Database
internal import Integrations
package import JSON
package import Jobs
internal import Nouns
internal import People
package import Records
internal import Telemetry

/// The settings of prospect research.
package struct ResearchSettings: AgentSettings {
    package enum Mode: String, Choice { case found, all, none }

    package var batchSize = 10
    package var followsPace = true
    package var enrichNew = Mode.found
    package var maxCostPerRun: Money?

    package init() {}

    package static let schema = Schema<ResearchSettings>(
        "ProspectResearchSettings",
        [
            .integer(
                "batch_size", \.batchSize, in: 1...1000, .about("Leads that are researched in one run.")),
            .boolean(
                "follows_pace", \.followsPace, .standard(true),
                .about(
                    "Whether a run takes more or fewer leads than batch_size, by how long leads took of late and how many failed: as many as are done in five minutes, at most ten times as many."
                )),
            .choice(
                "enrich_new", \.enrichNew, .standard("found"),
                .about(
                    "Which new leads are enriched by themselves: those that searches find, also those that are typed, imported or synced (all), or none."
                )),
            .money(
                "max_cost_per_run", \.maxCostPerRun,
                .about("The highest cost of a run, beside the budgets; null: as much as those allow.")),
        ])
}

/// Asks sources about leads and their companies, and keeps what they say as facts.
package struct ProspectResearchAgent: AgentDefinition {
    static let agent = "prospect_research"
    private let reach: EnrichmentTools

    init(_ reach: EnrichmentTools) { self.reach = reach }

    package let name = "prospect_research"
    package let title = "Prospect research"
    package let purpose =
        "Researches leads: asks sites, registers and services, and fills what is missing, with sources."
    package let cannot = [
        "It knows what sources say, and not whether that is true.",
        "It does not read pages behind a login, or that forbid it.",
        "Its estimates of revenue and budget rest on usual figures, and may be far off.",
    ]
    package let schedules = [
        DefaultSchedule(name: "Prospect research", cron: "hourly"),
        DefaultSchedule(
            name: "Intensive research", cron: "0 11-23/2 * * *", parameters: ["intensive": true]),
    ]
    package let dailyHour = 11
    package let permissions: Set<Permission> = [
        "leads:read", "companies:read", "contacts:read", "leads:write", "companies:write", "contacts:write",
    ]
    package let tools = ["update_record", EnrichCompanyTool.name]
    package let initiative = Initiative.spends
    package let timeout: Duration = .seconds(3600)
    package typealias Settings = ResearchSettings

    package func faults(parameters: JSON) -> [ValueFault] { ResearchParameters.faults(parameters) }

    package func run(_ run: AgentRun) async throws -> JSON {
        let wish = try ResearchParameters.wish(run.parameters)
        if let text = run.parameters["lead_id"]?.text { return try await researchOne(text, wish, run) }
        let settings = settings(of: run)
        try run.requireCap(in: settings.maxCostPerRun?.currency)
        return try await ResearchBatch(run: run, tools: reach, settings: settings).work()
    }

    private func researchOne(_ text: String, _ wish: EnrichmentWish, _ run: AgentRun) async throws -> JSON {
        guard let id = LeadID(text), let lead = try run.read({ try Lead.resource.find(id, in: $0) }) else {
            throw JobFailure.terminal("not_found", "the lead no longer exists")
        }
        run.processed()
        try run.requireCap(in: run.parameters["max_cost"]?["currency"]?.text)
        guard try lead.allowsEnrichment(run) else {
            throw JobFailure.terminal("no_consent", "the lead's person does not want to be researched")
        }
        var enrichment = try LeadEnrichment(lead, wish, run, reach)
        let findings = try await enrichment.findings()
        return try await run.finish { tx in
            let result = try findings.conclude(run, in: tx)
            if !findings.isDry { try tx.leads.scoreSoon([id]) }
            return .object(result)
        }
    }
}

extension Lead {
    /// Returns whether the lead's person allows that others are asked about them; a refusal is kept.
    func allowsEnrichment(_ run: AgentRun) throws -> Bool {
        guard let contactID else { return true }
        return try run.read { try $0.consents.unwilling([contactID], .enrichment) }.isEmpty
    }
}
