package import Agents
internal import Database
package import JSON
package import Jobs
internal import Nouns
internal import People
package import Records

/// Searches outside sources for companies that are like the agency's ideal customers, and works through the leads that
/// no run has seen.
package struct LeadGenerationAgent: AgentDefinition {
    /// `nil`: it works on what comes in, and searches nothing.
    private let reach: SourceReach?

    package init(_ reach: SourceReach? = nil) { self.reach = reach }

    package let name = "lead_generation"
    package let title = "Lead generation"
    package let purpose =
        "Searches directories, registers, maps and services for leads, links them, and tags the matching offer."
    package let cannot = [
        "It searches only what a search names: without one, it works on the leads that come in.",
        "It reads nothing that forbids programs, signs in nowhere, and asks no site more often than it allows.",
        "It takes two firms for one only by domain, register number, address, or name and place.",
    ]
    package let schedules = [DefaultSchedule(name: "Daily lead generation", cron: "daily")]
    package let dailyHour = 9
    package let events = ["import.completed"]
    /// A day's searches take two to three hours, and none of them is cut off.
    package let timeout: Duration = .seconds(4 * 3600)
    package let permissions: Set<Permission> = leadPermissions
    package let tools = ["update_record", "create_record", "list_companies", "ask_connector"]
    package typealias Settings = LeadGenerationSettings

    package func faults(parameters: JSON) -> [ValueFault] {
        let faults = LeadParameters.faults(parameters, others: ["target_count"])
        guard let id = parameters["search_id"] else { return faults }
        let pointer = "/search_id"
        let others = faults.filter { $0.pointer != pointer }
        guard id.id(of: LeadSearch.self) == nil else { return others }
        return others + [
            ValueFault(
                pointer: pointer, code: "unknown_reference", detail: "search_id must be the id of a search.")
        ]
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run)
        let asked = run.parameters["target_count"]?.int
        if let text = run.parameters["search_id"]?.text {
            return try await search(text, asked.map { Int($0) }, settings, run)
        }
        let isFull = try settings.respectsCapacity && run.read { try reach?.outcomes.capacity($0) } == "over"
        // Half a pipeline goes on: what is found today is sold in months.
        let target = asked ?? Int64(max(1, settings.targetLeadsPerDay / (isFull ? 2 : 1)))
        let found = try await searchAll(Int(target), settings, run)
        let result = try await workThrough(run)
        let processed = result["processed"]?.int ?? 0
        let count = max(processed, found["created"]?.int ?? 0)
        return result.merging(found).merging([
            "target_count": .integer(target), "target_reached": .bool(count >= target),
            "over_capacity": .bool(isFull),
        ])
    }

    // MARK: Searches

    private func search(
        _ text: String, _ asked: Int?, _ settings: LeadGenerationSettings, _ run: AgentRun
    ) async throws -> JSON {
        guard let id = ID<LeadSearch>(text),
            let search = try run.read({ try LeadSearch.resource.find(id, in: $0) })
        else { throw JobFailure.terminal("not_found", "the search no longer exists") }
        guard let reach else { throw JobFailure.terminal("disabled", "nothing outside can be reached here") }
        let target = asked ?? search.targetCount ?? settings.targetLeadsPerDay
        return try await SearchRun(
            run: run, search: search, reach: reach, atOnce: settings.maxConcurrentSearches, target: target
        ).finish()
    }

    /// Runs the enabled searches one after the other, those first that were searched longest ago, until the day's
    /// target is reached.
    private func searchAll(
        _ target: Int, _ settings: LeadGenerationSettings, _ run: AgentRun
    ) async throws -> JSON {
        guard let reach, run.trigger != .event, run.parameters["lead_id"] == nil else { return [:] }
        let searches = try run.read { reader in
            try LeadSearch.resource.all(
                where: "enabled = 1", suffix: "ORDER BY coalesce(last_run_at, 0), row", in: reader)
        }
        guard !searches.isEmpty else { return [:] }
        var left = target, totals: [String: Int64] = [:], parts: [JSON] = []
        for search in searches where left > 0 {
            let result = try await SearchRun(
                run: run, search: search, reach: reach, atOnce: settings.maxConcurrentSearches,
                target: min(left, search.targetCount ?? left)
            ).finish()
            for name in ["found", "created", "duplicates", "rejected"] {
                totals[name, default: 0] += result[name]?.int ?? 0
            }
            left -= Int(result["created"]?.int ?? 0)
            parts += (result["by_source"]?.array ?? []).map { $0.merging(["search_id": JSON(search.id)]) }
        }
        var object = JSONObject(
            ["found", "created", "duplicates", "rejected"].map { ($0, .integer(totals[$0] ?? 0)) })
        object.append("by_source", .array(parts))
        return .object(object)
    }

    // MARK: Leads

    private func workThrough(_ run: AgentRun) async throws -> JSON {
        let worker = LeadWorker(
            run: run, cursor: "lead_generation", openOnly: true, onlyNew: true, purpose: .enrichment)
        return try await worker.work { tx, leads, _ in
            var tagged: [LeadID] = [], changed: [LeadID: [String]] = [:]
            let changes = try run.leave("update_record", in: tx)
            let offers = ServiceMatch.offers(of: try reach?.outcomes.packages(tx))
            for lead in leads {
                var next = lead
                next.tags = ServiceMatch.tags(
                    lead.tags, with: ServiceMatch(lead.scoringInput, offers: offers))
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
    }
}

/// The settings of lead generation: how many leads a day are wanted, and how many searches run at a time.
package struct LeadGenerationSettings: AgentSettings {
    package var targetLeadsPerDay = 20, maxConcurrentSearches = 3, targetAccuracyPercent = 95
    package var respectsCapacity = true
    package var targetActiveSources = 5

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
            .boolean(
                "respects_capacity", \.respectsCapacity, .standard(true),
                .about("Whether half as many leads are looked for while the next weeks are over capacity.")),
            .integer(
                "target_accuracy_percent", \.targetAccuracyPercent, in: 1...100,
                .about("How many of a hundred values that sources tell are to be right.")),
            .integer(
                "target_active_sources", \.targetActiveSources, in: 1...100,
                .about("How many sources are to be active, so that leads depend on no single one.")),
        ])
}

/// Returns the agents of this slice, in the order of their day. `reach`: how searches reach the outside; without it,
/// nothing is searched.
package func discoveryAgents(_ reach: SourceReach? = nil) -> [any AgentDefinition] {
    [LeadGenerationAgent(reach), LeadScoringAgent(), LeadQualificationAgent()]
}
