package import Agents
internal import Crawling
package import Database
package import JSON
package import Jobs
internal import Nouns
package import Records
internal import Telemetry
internal import Tenancy
internal import Wording

/// Watches competitors and feeds of the market, and says what the agency's own outcomes show about it.
package struct MarketResearchAgent: AgentDefinition {
    private let dependencies: MarketDependencies
    private let pages: PublicPages
    private let hubs: FeedHubs

    init(_ dependencies: MarketDependencies, _ pages: PublicPages, _ hubs: FeedHubs) {
        (self.dependencies, self.pages, self.hubs) = (dependencies, pages, hubs)
    }

    static let id = "market_research"
    package let name = MarketResearchAgent.id
    package let title = "Market research"
    package let purpose =
        "Watches competitors and feeds, and finds trends, seasons, gaps and segments in the agency's own outcomes."
    package let cannot = [
        "It says nothing that rests on fewer cases than its settings want.",
        "It reads what is public and what robots.txt allows, and nothing behind a sign-in.",
        "It knows of the market what comes to the agency, which is not the whole market.",
    ]
    package let schedules = [
        DefaultSchedule(name: "Daily market watch", cron: "0 5 * * *", parameters: ["task": "watch"]),
        DefaultSchedule(name: "Weekly market findings", cron: "0 6 * * 1", parameters: ["task": "findings"]),
        DefaultSchedule(
            name: "Monthly market synthesis", cron: "30 6 1 * *", parameters: ["task": "synthesis"]),
    ]
    package let timeout: Duration = .seconds(1800)
    package let permissions: Set<Permission> = [
        "leads:read", "deals:read", "clients:read", "competitors:read",
    ]
    package let tools = ["create_record"]
    package typealias Settings = MarketSettings

    private static let activityAge = Duration.seconds(1830 * 86_400)
    private enum Work: String, Choice { case watch, feeds, findings, synthesis }

    package func faults(parameters: JSON) -> [ValueFault] {
        (parameters.object?.members ?? []).compactMap { name, value in
            switch name {
            case "competitor_id" where value.text.flatMap({ ID<Competitor>($0) }) == nil:
                ValueFault(
                    pointer: "/competitor_id", code: "wrong_type",
                    detail: "competitor_id must be a competitor's id.")
            case "task" where value.text.flatMap(Work.init(rawValue:)) == nil:
                ValueFault(
                    pointer: "/task", code: "invalid_choice", detail: "task must be one of the choices.",
                    choices: Work.choices)
            case "competitor_id", "task": nil
            default:
                ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The parameter \(name.prefix(64)) does not exist: take it out.")
            }
        }
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run)
        let one = run.parameters["competitor_id"]?.id(of: Competitor.self)
        let task = run.parameters["task"]?.text.flatMap(Work.init(rawValue:))
        var cases: [MarketCase] = [], watched: JSONObject = [:]
        if one != nil || task == nil || task == .watch || task == .feeds {
            (cases, watched) = try await watch(run, settings, one, onlyDue: task == .feeds)
        }
        let isWhole = one == nil && task != .watch && task != .feeds
        let counts = isWhole ? try run.read { try MarketCounts(dependencies, settings, in: $0) } : nil
        cases += counts?.cases ?? []
        let found = cases.compactMap { asked in asked.conclusion(settings).map { (asked, $0) } }
        run.processed(cases.count)
        let makesReport = task == .synthesis
        return try await run.finish { [self, watched, cases] tx in
            let words = try tx.wordings.find(tx.agency.tenant().locale)
            let isKept =
                try (counts != nil || !found.isEmpty)
                && run.may("create_record", about: Subject(run.id), decision: nil, in: tx)
            var findings: [MarketFinding] = []
            for (asked, conclusion) in found {
                let decision = try decide(asked, conclusion, run, in: tx)
                findings.append(
                    try tx.market.keep(asked, conclusion, decision: decision, words, isKept: isKept))
            }
            if isKept, counts != nil { try tx.market.endFindings(except: Set(found.map(\.0.key))) }
            var result: JSONObject = [
                "findings": .array(findings.map(\.json)), "asked": JSON(cases.count),
                "watched": .object(watched),
            ]
            if makesReport, let counts {
                result["report"] = try synthesise(counts, run, words, isKept: isKept, in: tx)
            }
            return .object(result)
        }
    }

    private func watch(
        _ run: AgentRun, _ settings: MarketSettings, _ one: ID<Competitor>?, onlyDue: Bool
    ) async throws -> ([MarketCase], JSONObject) {
        // In a sandbox nothing is fetched.
        guard !run.job.isSandbox else { return ([], ["skipped": "sandbox"]) }
        let owners = try run.read { reader -> [MarketWatch.Owner] in
            if let one { return [MarketWatch.Owner(try Competitor.resource.get(one, in: reader))] }
            let all = try Competitor.resource.all(where: "1 = 1", suffix: "ORDER BY id LIMIT 500", in: reader)
            return all.map(MarketWatch.Owner.init) + [MarketWatch.Owner(feeds: settings.addresses)]
        }
        let watch = MarketWatch(run: run, pages: pages, hubs: hubs)
        var cases: [MarketCase] = [], read = 0, skipped = 0, new = 0
        for owner in owners {
            let sight = try await watch.look(at: owner, onlyDue: onlyDue)
            (read, skipped, new) = (read + sight.read, skipped + sight.skipped, new + sight.found.count)
            guard let competitor = owner.competitor, !sight.found.isEmpty else { continue }
            var asked = MarketCase(.competitor, "competitor", competitor.id)
            let posts = sight.found.count { $0.type == .post }
            // A page whose prices have changed is one changed page.
            let changed = Set(sight.found.filter { $0.type != .post }.map(\.sourceURL)).count
            (asked.here, asked.there) = (Share(posts, of: posts), Share(changed, of: 0))
            asked.more = ["name": .string(competitor.name)]
            asked.evidence = MarketCounts.evidence(sight.found)
            cases.append(asked)
        }
        try await run.write { tx in
            try tx.market.forgetActivity(before: tx.now - Self.activityAge)
            try tx.market.planFeeds()
        }
        return (cases, ["read": JSON(read), "skipped": JSON(skipped), "new": JSON(new)])
    }

    private func decide(
        _ asked: MarketCase, _ conclusion: MarketConclusion, _ run: AgentRun, in tx: Transaction
    ) throws -> DecisionID {
        let subject =
            asked.kind == .competitor
            ? Subject(type: Competitor.noun, id: asked.value) : Subject(type: "market", id: asked.key)
        let factors = conclusion.numbers.members.map { name, value -> JSON in
            ["name": .string(name), "value": value, "evidence": .array(asked.evidence)]
        }
        return try run.decide(
            in: tx, subject,
            Conclusion(
                outcome: conclusion.outcome(of: asked), confidence: conclusion.confidence,
                factors: .array(factors), model: ["name": "market_statistics", "version": "1"],
                inputs: asked.json)
        ).id
    }

    private func synthesise(
        _ counts: MarketCounts, _ run: AgentRun, _ words: Wording, isKept: Bool, in tx: Transaction
    ) throws -> JSON {
        let synthesis = try MarketSynthesis(counts, in: tx.reading)
        let outcome: JSON = [
            "month": .string(synthesis.month.iso),
            "findings": .array(synthesis.findings.map { .string($0.mark) }), "sources": synthesis.sources,
        ]
        let decision = try run.decide(
            in: tx, Subject(type: "market", id: "synthesis/\(synthesis.month.iso)"),
            Conclusion(
                outcome: outcome, confidence: 1, model: ["name": "market_synthesis", "version": "1"],
                inputs: ["synthesis": outcome]))
        guard isKept else { return outcome }
        let report = try synthesis.report(decision: decision.id, words, in: tx)
        return outcome.merging(["id": JSON(report.id), "decision_id": JSON(decision.id)])
    }

    /// The outcome that the same numbers give under a configuration.
    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        if let synthesis = inputs["synthesis"] { return synthesis }
        guard let asked = MarketCase(inputs) else { return nil }
        return asked.conclusion(settings(from: configuration).settings)?.outcome(of: asked)
            ?? ["found": false, "kind": .string(asked.kind.rawValue)]
    }
}
