internal import Agents
internal import Intelligence
internal import JSON
internal import Messages
internal import People
internal import Records

/// A model's draft of an answer to a question. A person reads it before it leaves, however the agent is set; one that
/// says more than it was told is thrown away.
struct DraftedAnswer: Sendable {
    let text: String
    /// Which model, by which prompt.
    let source: JSON

    private static let schema: JSON = [
        "type": "object", "properties": ["answer": ["type": "string"]], "required": ["answer"],
        "additionalProperties": false,
    ]

    /// `nil` for a text with links, addresses, or figures that stand in none of `facts`.
    init?(_ word: ModelReply, facts: [String], length: Preference.Length? = nil) {
        guard let grounded = GroundedText(word.document["answer"]?.text ?? "", in: facts) else { return nil }
        text = grounded.text
        source = length.map { word.source.merging(["length": .string($0.rawValue)]) } ?? word.source
    }

    static func ask(
        to message: Message, offering packages: JSON, agency: String, locale: String,
        liking length: Preference.Length?, _ run: AgentRun
    ) async throws -> DraftedAnswer? {
        guard message.evidence["suspicious"]?.flag != true else { return nil }
        let offered = packages.serialized, asked = String(message.text.prefix(4000))
        var question = ModelQuestion(
            replyAnswerPrompt,
            [
                "agency": .ours(agency), "locale": .ours(locale), "sentences": .ours(sentences(length)),
                "question": .outside(OutsideText(asked, from: "email")),
                "packages": .outside(OutsideText(offered, from: "packages")),
            ], answering: schema)
        question.tokensMax = 600
        let answer = try await run.ask(
            question, effect: "answer/\(message.id)", about: message.subjectOfEvents, client: message.clientID
        )
        guard case .answered(let word) = answer else { return nil }
        return DraftedAnswer(word, facts: [offered], length: length)
    }

    /// Returns the most sentences of an answer for somebody who likes a length.
    private static func sentences(_ length: Preference.Length?) -> String {
        switch length ?? .medium {
        case .short: "two"
        case .medium: "five"
        case .long: "ten"
        }
    }
}
