internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

extension ScoringStore {
    /// Returns what the agency's outcomes have taught so far; that version of it when one is named.
    func knowledge(version: String? = nil) throws -> ScoringKnowledge? {
        var sql: SQL = "SELECT document FROM scoring_models WHERE tenant_id = \(tx.tenant)"
        if let version { sql += " AND version = \(version)" }
        let text = try tx.first(sql + " ORDER BY id DESC LIMIT 1") { $0.text(0) }
        return text.flatMap { ScoringKnowledge(json: JSON(stored: $0)) }
    }

    /// Returns the numbers of leads that are won and lost.
    fileprivate func outcomes() throws -> (won: Int, lost: Int) {
        (try tx.counters.find("leads.status.won"), try tx.counters.find("leads.status.lost"))
    }

    fileprivate func leadCount() throws -> Int {
        try tx.counters.all(prefix: "leads.status.").filter { !$0.key.hasSuffix("archived") }.values.reduce(
            0, +)
    }

    /// Reads the agency's own fields of its newest leads.
    fileprivate func customOfNewest() throws -> [JSONObject] {
        try tx.all(
            "SELECT custom FROM leads WHERE tenant_id = \(tx.tenant) ORDER BY id DESC LIMIT 2000"
        ) { JSON(stored: $0.text(0)).object ?? [:] }
    }
}

extension AgentRun {
    /// The knowledge to score with: learned anew when the outcomes have grown by a tenth, or enough for
    /// the first time, since it was learned last.
    func currentKnowledge(_ configuration: ScoringConfiguration) async throws -> ScoringKnowledge {
        let (known, outcomes, corrected, leads) = try read {
            (
                try $0.scoring.knowledge() ?? ScoringKnowledge(), try $0.scoring.outcomes(),
                try $0.decisions.correctionCount(of: "lead_scoring"), try $0.scoring.leadCount()
            )
        }
        let total = outcomes.won + outcomes.lost + corrected
        let learned = known.won + known.lost + known.corrections
        let crossed =
            min(outcomes.won, outcomes.lost) >= ScoringKnowledge.outcomesMin
            && min(known.won, known.lost) < ScoringKnowledge.outcomesMin
        // The rank of a value among the agency's leads means something from ten leads on; it is read again
        // when there are twice as many.
        let hasGrown = total < ScoringKnowledge.outcomesMin && leads >= max(10, 2 * known.leads)
        guard crossed || hasGrown || abs(total - learned) > max(10, learned / 10) else { return known }
        return try await step("learn", note: ["won": JSON(outcomes.won), "lost": JSON(outcomes.lost)]) {
            let knowledge = ScoringKnowledge(
                learning: try closedLeads(), corrections: try corrections(),
                sample: try read { try $0.scoring.customOfNewest() }, leads: leads, configuration)
            let document = knowledge.json.serialized
            try await write { tx in
                let model = knowledge.model
                try tx.run(
                    """
                    INSERT INTO scoring_models (tenant_id, id, version, training_size, auc, outcomes, document, created_at)
                    VALUES (\(tx.tenant), \(tx.makeID("mod_")), \(knowledge.version),
                        \(model?.trainingSize ?? 0), \(model?.auc), \(total), \(document), \(tx.now))
                    """)
            }
            return knowledge
        }
    }

    /// Returns people's judgements of leads in place of a score: the last one about each.
    private func corrections() throws -> [(input: ScoringInput, isGood: Bool)] {
        var order: [String] = [], last: [String: (input: ScoringInput, isGood: Bool)] = [:], after = ""
        while true {
            let page = try read { try $0.decisions.corrections(of: "lead_scoring", after: after) }
            for (override, inputs) in page {
                after = override.id
                guard let lead = inputs["lead"], let input = ScoringInput(json: lead),
                    let isGood = override.saysGood
                else { continue }
                if last.updateValue((input, isGood), forKey: override.subject.id) == nil {
                    order.append(override.subject.id)
                }
            }
            if page.count < 1000 { return order.compactMap { last[$0] } }
        }
    }

    /// Reads the closed leads in the order in which they closed.
    private func closedLeads() throws -> [(input: ScoringInput, won: Bool)] {
        var closed: [(at: Instant, input: ScoringInput, won: Bool)] = [], after = LeadID.unset
        while true {
            let page = try read { reader in
                try Lead.resource.all(
                    where: "status IN ('won', 'lost') AND id > \(after)", suffix: "ORDER BY id LIMIT 1000",
                    in: reader)
            }
            closed += page.map { ($0.closedAt ?? $0.updatedAt, $0.scoringInput, $0.status == .won) }
            guard page.count == 1000, let last = page.last else { break }
            after = last.id
        }
        // Leads that closed at the same moment stay in the order in which they were created.
        let order = closed.indices.sorted { (closed[$0].at, $0) < (closed[$1].at, $1) }
        return order.map { (closed[$0].input, closed[$0].won) }
    }
}

extension DecisionOverride {
    /// Whether the person thinks more of the lead than not; `nil` when what was set does not tell.
    fileprivate var saysGood: Bool? {
        switch outcome["priority"]?.text {
        case "high": return true
        case "low": return false
        default: break
        }
        if let probability = outcome["conversion_probability"]?.double { return probability >= 0.5 }
        return outcome["score"]?.double.map { $0 >= 50 }
    }
}
