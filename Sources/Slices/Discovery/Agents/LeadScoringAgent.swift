package import Agents
internal import ChangeSets
internal import Cryptography
package import Database
package import JSON
package import Jobs
internal import Nouns
internal import People
package import Records
internal import Telemetry

/// Scores leads: on demand, when they come in, when sources have told something of them, and all of them every hour.
package struct LeadScoringAgent: AgentDefinition {
    package init() {}

    static let agent = "lead_scoring"
    package let name = agent
    package let title = "Lead scoring"
    package let purpose =
        "Gives each lead a score, a priority, a probability, a next action and the best time to call."
    package let cannot = [
        "Its scores are estimates: before the agency has won and lost deals they rest on general rules, and any may be wrong.",
        "It decides nothing about a person alone: people can overrule every score.",
    ]
    package let schedules = [DefaultSchedule(name: "Score all leads", cron: "hourly")]
    package let dailyHour = 12
    package let events = ["lead.created", "import.progressed"]
    package let timeout: Duration = .seconds(1800)

    package let permissions: Set<Permission> = leadPermissions
    package let tools = ["update_record"]
    package typealias Settings = ScoringSettings

    package func faults(parameters: JSON) -> [ValueFault] {
        LeadParameters.faults(parameters, takesList: true)
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run), configuration = settings.configuration
        let knowledge = try await run.currentKnowledge(configuration)
        let scoring = LeadScoring(knowledge, configuration)
        try await run.write { try $0.leads.scoreForgotten(cursor: "lead_scoring.engagement") }
        let review = LeadWorker.Review(
            column: "scored_version",
            basis: "\(run.configuration.version) \(knowledge.version) \(run.autonomy.rawValue)")
        let worker = LeadWorker(
            run: run, cursor: "lead_scoring", openOnly: true, purpose: .profiling, review: review,
            batchSize: settings.batchSize)
        let result = try await worker.work { tx, leads, isAsked in
            try score(leads, scoring, run, isAsked: isAsked, in: tx)
        }
        return result.merging(["model": .string(knowledge.stage.rawValue)])
    }

    /// Scores leads in one transaction: those whose inputs are new, or all when they were asked for.
    private func score(
        _ leads: [Lead], _ scoring: LeadScoring, _ run: AgentRun, isAsked: Bool, in tx: Transaction
    ) throws -> [LeadID] {
        let zoneName = try tx.leads.timeZone()
        let zone = TimeZoneRules(named: zoneName) ?? .utc
        let experiment = try tx.agentExperiments.running(of: name)
        let changes = try run.leave("update_record", in: tx)
        let engaged = try tx.engagement.all(of: Set(leads.compactMap(\.contactID)))
        let doubts = try tx.recordHolds.fields(of: leads.map(\.id), for: .scoring)
        var scored: [LeadID] = []
        for lead in leads {
            var input = lead.scoringInput.leavingOut(doubts[lead.id] ?? [])
            input.engagement.score = lead.contactID.flatMap { engaged[$0]?.score }
            let variant = try run.variant(for: lead.subject, of: experiment, in: tx)
            let scoring = variant.map { self.scoring(scoring, under: $0, run) } ?? scoring
            let score = scoring.score(input)
            let basis = input.canonicalInputs(
                configurationVersion: run.configuration.version,
                model: scoring.knowledge.version + (variant.map { "/\($0.name)" } ?? ""))
            let digest = Hex.encode(SHA256.hash(basis.serialized))
            guard isAsked || lead.scoredInputs != digest else { continue }
            let bestContactAt = ContactTime.best(for: input, after: tx.now, fallback: zone)
            let action = NextAction(for: input, score)
            var conclusion =
                Conclusion(
                    outcome: ScoringOutcome(score, action, bestContactAt: bestContactAt).json,
                    confidence: score.confidence,
                    factors: .array(score.factors.map(\.json)),
                    model: score.model.json.merging(
                        ["corrections": JSON(scoring.knowledge.corrections)]),
                    inputs: [
                        "lead": input.json, "now": .string(tx.now.description),
                        "time_zone": .string(zoneName),
                        "knowledge": .string(scoring.knowledge.version),
                    ])
            if let experiment, let variant { conclusion.variant = experiment.reference(to: variant) }
            let decision = try run.decide(in: tx, lead.subject, conclusion)
            guard decision.isNew, try changes.covers(lead.subject, decision: decision.id, in: tx) else {
                continue
            }
            var next = lead
            var outcome = ScoringOutcome(score, action, bestContactAt: bestContactAt)
            if let override = decision.override {
                outcome = self.outcome(outcome.json, overriddenBy: override)
            }
            next.take(outcome)
            next.scoredInputs = digest
            if lead.status == .new || lead.status == .researched { next.status = .scored }
            try tx.leads.store(lead, &next)
            scored.append(lead.id)
        }
        try tx.leads.tell("lead.scored", of: scored, by: run)
        return scored
    }

    /// Scoring with what a variant sets otherwise.
    private func scoring(
        _ scoring: LeadScoring, under variant: AgentExperiment.Variant, _ run: AgentRun
    ) -> LeadScoring {
        let values = run.configuration.values.merging(variant.settings)
        return LeadScoring(scoring.knowledge, settings(from: values).settings.configuration)
    }

    /// The outcome that the same inputs give under a configuration.
    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        guard let lead = inputs["lead"], let input = ScoringInput(json: lead),
            let now = inputs["now"]?.text.flatMap({ Instant($0) }),
            let version = inputs["knowledge"]?.text
        else { return nil }
        let knowledge = try reader.scoring.knowledge(version: version) ?? ScoringKnowledge()
        guard knowledge.version == version else { return nil }
        let settings = settings(from: configuration).settings
        let score = LeadScoring(knowledge, settings.configuration).score(input)
        let zone = inputs["time_zone"]?.text.flatMap { TimeZoneRules(named: $0) } ?? .utc
        return ScoringOutcome(
            score, NextAction(for: input, score),
            bestContactAt: ContactTime.best(for: input, after: now, fallback: zone)
        ).json
    }

    package func telling(in reader: any Queryable) -> (any DecisionTelling)? { ScoringTelling(in: reader) }

    package func apply(
        _ outcome: ScoringOutcome, to subject: Subject, by actor: Actor, in tx: Transaction
    ) throws {
        guard let id = subject.id(of: Nouns.Lead.self), let lead = try Lead.resource.find(id, in: tx) else {
            throw RuntimeError.notFound
        }
        var next = lead
        next.take(outcome)
        try tx.update(lead, to: &next, by: actor)
    }

    /// A lead's first stages are the agents' own doing.
    package func facts(in inputs: JSON) -> JSON {
        let lead = (inputs["lead"] ?? .null).withoutAgentsTags
        let isUnworked = ["new", "researched", "scored"].contains(lead["status"]?.text)
        return isUnworked ? lead.merging(["status": "new"]) : lead
    }
}
