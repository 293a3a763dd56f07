package import JSON
package import Records
package import Telemetry

/// The conclusion of a scoring decision; a person may override any part of it, except what follows from the rest.
package struct ScoringOutcome: Declared {
    package var score = 0
    package var priority = Lead.Priority.low
    package var conversionProbability = 0.0
    package var nextAction = "", nextActionCode = ""
    package var bestContactAt: Instant?

    package init() {}

    package init(_ score: LeadScore, _ action: NextAction, bestContactAt: Instant) {
        self.score = score.score
        priority = Lead.Priority(rawValue: score.priority.rawValue) ?? .low
        conversionProbability = score.conversionProbability
        (nextAction, nextActionCode) = (action.text, action.code.rawValue)
        self.bestContactAt = bestContactAt
    }

    package static let schema = Schema<ScoringOutcome>(
        "ScoringOutcome",
        [
            .integer("score", \.score, in: 0...100), .choice("priority", \.priority),
            .number("conversion_probability", \.conversionProbability, in: 0...1),
            .text("next_action", \.nextAction, max: 500),
            .text("next_action_code", \.nextActionCode, max: 100, .readOnly),
            .instant("best_contact_at", \.bestContactAt),
        ])

    package var json: JSON {
        [
            "score": JSON(score), "priority": .string(priority.rawValue),
            "conversion_probability": .number(conversionProbability), "next_action": .string(nextAction),
            "next_action_code": .string(nextActionCode),
            "best_contact_at": JSON(bestContactAt?.description),
        ]
    }
}

extension Lead {
    mutating func take(_ outcome: ScoringOutcome) {
        score = outcome.score
        priority = outcome.priority
        conversionProbability = outcome.conversionProbability
        nextAction = outcome.nextAction
        bestContactAt = outcome.bestContactAt
    }
}

extension JSON {
    /// A recorded lead without the tags that agents set: they follow from the rest.
    var withoutAgentsTags: JSON {
        guard let tags = self["tags"]?.array else { return self }
        let own = tags.filter { !($0.text ?? "").hasPrefix(ServiceMatch.tagPrefix) }
        return merging(["tags": .array(own)])
    }
}
