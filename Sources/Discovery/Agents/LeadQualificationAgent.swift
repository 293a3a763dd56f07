internal import Cryptography
package import Database
package import JSON
internal import Records
package import Runtime
internal import Telemetry

/// Judges whether a lead fits: table 3.4-A of the requirements, from the record alone.
package struct LeadQualificationAgent: AgentDefinition {
    package init() {}

    package let name = "lead_qualification"
    package let title = "Lead qualification"
    package let purpose = "Finds out who has the budget, the time and the say, and what is still to be asked."
    package let schedules = [DefaultSchedule(name: "Qualify scored leads", cron: "every_2_hours")]
    package let dailyHour = 15
    package let timeout: Duration = .seconds(1800)

    package var defaults: JSON {
        let standard = QualificationConfiguration()
        return [
            "batch_size": 20,
            "budget_min": [
                "amount": .integer(standard.budgetMin.amount),
                "currency": .string(standard.budgetMin.currency),
            ],
            "timeline_days_max": JSON(standard.timelineDaysMax),
        ]
    }

    package func faults(configuration: JSON) -> [ValueFault] {
        var faults = LeadParameters.batchFaults(
            configuration, numbers: ["timeline_days_max"], others: ["budget_min"])
        if let budget = configuration["budget_min"] {
            var found = Faults()
            _ = FieldKind.money.validated(budget, at: "/budget_min", siblings: [:], faults: &found)
            faults += found.list.map { ValueFault(pointer: $0.pointer, code: $0.code, detail: $0.detail) }
        }
        return faults
    }

    package func faults(parameters: JSON) -> [ValueFault] { LeadParameters.faults(parameters) }

    package func run(_ run: AgentRun) async throws -> JSON {
        let configuration = QualificationConfiguration(run.configuration.values)
        let worker = LeadWorker(run: run, cursor: "lead_qualification", openOnly: true)
        return try await worker.work { tx, leads, isAsked in
            try qualify(leads, configuration, run, isAsked: isAsked, in: tx)
        }
    }

    /// Unasked, only leads that have been scored and not gone further are judged, and only on new facts.
    private func qualify(
        _ leads: [Lead], _ configuration: QualificationConfiguration, _ run: AgentRun, isAsked: Bool,
        in tx: Transaction
    ) throws -> [ID<Lead>] {
        var changed: [Lead.Status: [ID<Lead>]] = [:]
        for lead in leads where isAsked || lead.status == .scored {
            let input = lead.scoringInput
            let basis = input.canonicalInputs(
                configurationVersion: run.configuration.version, model: Qualification.version)
            let digest = Hex.encode(SHA256.hash(basis.serialized))
            guard isAsked || lead.qualifiedInputs != digest else { continue }
            let finding = Qualification(input, configuration)
            let decision = try run.decide(
                in: tx, lead.subject,
                Conclusion(
                    outcome: finding.outcome, confidence: finding.confidence, factors: finding.factors,
                    model: ["name": "rules", "version": .string(Qualification.version)],
                    inputs: ["lead": input.json, "now": .string(tx.now.description)]))
            guard decision.isNew, run.autonomy != .observe else { continue }
            var next = lead
            next.qualifiedInputs = digest
            next.follow(finding.result, at: tx.now)
            try tx.store(lead, &next)
            if next.status != lead.status { changed[next.status, default: []].append(lead.id) }
        }
        for status in [Lead.Status.qualified, .disqualified] {
            try tx.tell("lead.\(status.rawValue)", of: changed[status] ?? [], by: run)
        }
        return changed.values.flatMap { $0 }
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        guard let lead = inputs["lead"], let input = ScoringInput(json: lead) else { return nil }
        return Qualification(input, QualificationConfiguration(configuration)).outcome
    }
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
                return [
                    "name": .string(criterion.name.rawValue), "value": .string(criterion.state.rawValue),
                    "weight": .number(weight), "contribution": .number(weight * value),
                    "evidence": .string(criterion.evidence),
                ]
            })
    }
}

extension QualificationConfiguration {
    /// From an agent's configuration that has no faults.
    init(_ values: JSON) {
        self.init()
        if let budget = values["budget_min"], let amount = budget["amount"]?.int,
            let currency = budget["currency"]?.text
        {
            budgetMin = ScoringInput.Amount(amount: amount, currency: currency)
        }
        timelineDaysMax = values["timeline_days_max"]?.int.map { Int($0) } ?? timelineDaysMax
    }
}
