package import Agents
internal import Cryptography
package import Database
package import JSON
package import Jobs
internal import Nouns
internal import People
package import Records
internal import Telemetry

/// Judges whether a lead fits: table 3.4-A of the requirements, from the record alone.
package struct LeadQualificationAgent: AgentDefinition {
    package init() {}

    package let name = "lead_qualification"
    package let title = "Lead qualification"
    package let purpose = "Assesses each lead's budget, authority and timeline, and lists open questions."
    package let cannot = [
        "It cannot ask a lead itself: what is still open it leaves as questions for those who write or call.",
        "It judges by what is on record, and cannot tell whether that is true.",
    ]
    package let schedules = [DefaultSchedule(name: "Qualify scored leads", cron: "every_2_hours")]
    package let dailyHour = 15
    package let timeout: Duration = .seconds(1800)

    package let permissions: Set<Permission> = leadPermissions
    package let tools = [CallModelTool.name, "update_record"]
    package typealias Settings = QualificationSettings

    package func faults(parameters: JSON) -> [ValueFault] { LeadParameters.faults(parameters) }

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run), configuration = settings.configuration
        let review = LeadWorker.Review(
            column: "qualified_version",
            basis: "\(run.configuration.version) \(Qualification.version) \(run.autonomy.rawValue)")
        let summaries = QualificationSummaries(run)
        let worker = LeadWorker(
            run: run, cursor: "lead_qualification", openOnly: true, purpose: .profiling, review: review,
            batchSize: settings.batchSize
        ) { leads, isAsked in
            for lead in leads where summaries.areWanted {
                guard let digest = digest(lead, run, isAsked: isAsked) else { continue }
                try await summaries.ask(about: lead, Qualification(lead.scoringInput, configuration), digest)
            }
        }
        return try await worker.work { tx, leads, isAsked in
            try qualify(leads, configuration, run, summaries, isAsked: isAsked, in: tx)
        }
    }

    /// Returns a digest of the facts that a lead is judged on; `nil` when it is not to be judged. Unasked, only leads
    /// that have been scored and not gone further are judged, and only on new facts.
    private func digest(_ lead: Lead, _ run: AgentRun, isAsked: Bool) -> String? {
        guard isAsked || lead.status == .scored else { return nil }
        let basis = lead.scoringInput.canonicalInputs(
            configurationVersion: run.configuration.version, model: Qualification.version)
        let digest = Hex.encode(SHA256.hash(basis.serialized))
        return isAsked || lead.qualifiedInputs != digest ? digest : nil
    }

    private func qualify(
        _ leads: [Lead], _ configuration: QualificationConfiguration, _ run: AgentRun,
        _ summaries: QualificationSummaries, isAsked: Bool, in tx: Transaction
    ) throws -> [LeadID] {
        let changes = try run.leave("update_record", in: tx)
        var changed: [Lead.Status: [LeadID]] = [:]
        for lead in leads {
            guard let digest = digest(lead, run, isAsked: isAsked) else { continue }
            let input = lead.scoringInput
            let finding = Qualification(input, configuration)
            var conclusion = Conclusion(
                outcome: finding.outcome, confidence: finding.confidence, factors: finding.factors,
                model: ["name": "rules", "version": .string(Qualification.version)],
                inputs: ["lead": input.json, "now": .string(tx.now.description)])
            summaries[digest]?.complete(&conclusion)
            let decision = try run.decide(in: tx, lead.subject, conclusion)
            guard decision.isNew, try changes.covers(lead.subject, decision: decision.id, in: tx) else {
                continue
            }
            var next = lead
            next.qualifiedInputs = digest
            let overridden = decision.override?["result"]?.text.flatMap { Qualification.Result(rawValue: $0) }
            next.follow(overridden ?? finding.result, at: tx.now)
            try tx.leads.store(lead, &next)
            if next.status != lead.status { changed[next.status, default: []].append(lead.id) }
        }
        for status in [Lead.Status.qualified, .disqualified] {
            try tx.leads.tell("lead.\(status.rawValue)", of: changed[status] ?? [], by: run)
        }
        return changed.values.flatMap { $0 }
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        guard let lead = inputs["lead"], let input = ScoringInput(json: lead) else { return nil }
        let outcome = Qualification(input, settings(from: configuration).settings.configuration).outcome
        return inputs["summary"].map { outcome.merging(["summary": $0]) } ?? outcome
    }

    package func apply(
        _ outcome: QualificationOutcome, to subject: Subject, by actor: Actor, in tx: Transaction
    ) throws {
        guard let id = subject.id(of: Nouns.Lead.self), let lead = try Lead.resource.find(id, in: tx) else {
            throw RuntimeError.notFound
        }
        var next = lead
        next.follow(outcome.result, at: tx.now)
        try tx.update(lead, to: &next, by: actor)
    }

    /// The stage is what the decision moves.
    package func facts(in inputs: JSON) -> JSON {
        (inputs["lead"] ?? .null).withoutAgentsTags.merging(["status": nil])
    }
}

/// The conclusion of a qualification; a person may override the result, not what the record says.
package struct QualificationOutcome: Declared {
    package var result = Qualification.Result.needsInformation
    package var criteria: JSON = [], questions: JSON = []
    package var summary: String?

    package init() {}

    package static let schema = Schema<QualificationOutcome>(
        "QualificationOutcome",
        [
            .choice("result", \.result),
            .document("criteria", \.criteria, schema: ["type": "array"], .readOnly),
            .document("questions", \.questions, schema: ["type": "array"], .readOnly),
            .text("summary", \.summary, max: 1000, .readOnly),
        ])
}

extension Lead {
    /// Where the finding leads from here; later stages are people's.
    fileprivate mutating func follow(_ result: Qualification.Result, at now: Instant) {
        guard [.new, .researched, .scored, .qualified, .disqualified].contains(status) else { return }
        switch result {
        case .qualified:
            status = .qualified
            qualifiedAt = qualifiedAt ?? now
        case .disqualified: status = .disqualified
        case .needsInformation: break
        }
    }
}

extension Qualification {
    /// The criteria as a decision's factors.
    fileprivate var factors: JSON {
        let mandatory = criteria.count { $0.name.isMandatory }
        return .array(
            criteria.map { criterion in
                let weight = criterion.name.isMandatory ? 100.0 / Double(mandatory) : 0
                let value = criterion.state == .met ? 1.0 : 0
                let factor: JSON = [
                    "name": .string(criterion.name.rawValue), "value": .string(criterion.state.rawValue),
                    "weight": .number(weight), "contribution": .number(weight * value),
                ]
                return factor.saying("evidence", criterion.said)
            })
    }
}

/// An agency's settings for the qualification of leads.
package struct QualificationSettings: AgentSettings {
    package var batchSize = 20
    package var budgetMin = Money(
        amount: QualificationConfiguration().budgetMin.amount,
        currency: QualificationConfiguration().budgetMin.currency)
    package var timelineDaysMax = QualificationConfiguration().timelineDaysMax

    package init() {}

    package static let schema = Schema<QualificationSettings>(
        "QualificationSettings",
        [
            .integer("batch_size", \.batchSize, in: 1...1000, .about("Leads handled at once.")),
            .money("budget_min", \.budgetMin, .about("The least monthly budget, in any currency.")),
            .integer(
                "timeline_days_max", \.timelineDaysMax, in: 1...100_000,
                .about("Within how many days the lead must want to begin.")),
        ])

    package func check(_ faults: inout Faults) {
        if configuration.faults.contains(.budgetMin) {
            faults.add(
                "/budget_min/currency", "invalid_currency",
                "budget_min must be in a currency with an exchange rate; \(budgetMin.currency) has none.")
        }
    }

    package var configuration: QualificationConfiguration {
        var configuration = QualificationConfiguration()
        configuration.budgetMin = ScoringInput.Amount(
            amount: budgetMin.amount, currency: budgetMin.currency)
        configuration.timelineDaysMax = timelineDaysMax
        return configuration
    }
}
