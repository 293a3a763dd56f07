package import Database
package import JSON
package import Records
package import Wording

/// Says what sentences of an agent's decisions are made of, where it makes too many of them to keep both: they are said
/// anew from what the decision was asked, for one reader, who may read many.
package protocol DecisionTelling: AnyObject {
    /// Returns an outcome with its sentences as sayings.
    func outcome(_ outcome: JSON) -> JSON

    /// Returns what spoke for an outcome, and the model, with their sentences as sayings.
    func reasons(of decision: Decision) throws -> (factors: JSON, model: JSON)
}

/// Tells decisions to one reader, in their words.
package final class DecisionTeller {
    private let agents: AgentRegistry
    private let reader: any Queryable
    private let words: (words: Wording, zone: TimeZoneRules)
    private var tellings: [String: any DecisionTelling] = [:]

    package init(
        _ agents: AgentRegistry, for words: (words: Wording, zone: TimeZoneRules), in reader: any Queryable
    ) {
        (self.agents, self.words, self.reader) = (agents, words, reader)
    }

    /// Writes a decision in the reader's words.
    package func write(_ decision: Decision, into writer: inout JSONWriter) throws {
        guard let telling = telling(decision.agent) else { return decision.write(into: &writer, for: words) }
        let (factors, model) = try telling.reasons(of: decision)
        let outcome = telling.outcome(JSON(stored: decision.outcome))
        decision.write(
            into: &writer, for: words,
            (outcome.serialized, factors: factors.serialized, model: model.serialized))
    }

    /// Returns an outcome of an agent's in the reader's words.
    package func told(_ outcome: JSON, of agent: String) -> JSON {
        (telling(agent)?.outcome(outcome) ?? outcome).spoken(in: words.words, words.zone)
    }

    private func telling(_ agent: String) -> (any DecisionTelling)? {
        if let known = tellings[agent] { return known }
        let made = agents[agent]?.telling(in: reader)
        tellings[agent] = made
        return made
    }
}
