internal import Agents
internal import JSON
package import Nouns
package import Records
package import Sequences

/// An agency's settings for its outreach.
package struct OutreachSettings: AgentSettings {
    package var maxOutreachPerDay = 100
    package var sequenceID: ID<MessageSequence>?
    package var priorities: [String] = []
    package var minScore = 0
    package var respectsCapacity = true

    package init() {}

    package static let schema = Schema<OutreachSettings>(
        "OutreachSettings",
        [
            .integer(
                "max_outreach_per_day", \.maxOutreachPerDay, in: 1...100_000,
                .about("Messages a day, to new people and to those who were written to before.")),
            .id(
                "sequence_id", \.sequenceID,
                .about("The sequence that leads are enrolled in; null: the oldest for outreach.")),
            .texts(
                "priorities", \.priorities, max: 3, length: 10,
                .about("Only leads of these: high, medium, low; none: all.")),
            .integer("min_score", \.minScore, in: 0...100, .about("Only leads with this score at least.")),
            .boolean(
                "respects_capacity", \.respectsCapacity,
                .about("Whether fewer new people are written to in tight weeks, and nobody new in full ones.")),
        ])

    package func check(_ faults: inout Faults) {
        let choices = ["high", "medium", "low"]
        for (index, priority) in priorities.enumerated() where !choices.contains(priority) {
            faults.add(
                "/priorities/\(index)", "invalid_choice", "priorities must be high, medium or low.",
                choices: choices)
        }
    }
}
