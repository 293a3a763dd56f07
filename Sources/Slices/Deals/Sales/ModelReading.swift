internal import Agents
internal import Intelligence
internal import JSON
internal import Messages
internal import Records

/// A model's reading of an answer that the rules are unsure of. It may choose among meanings, and has to show the
/// words; what follows from a meaning is the rules' alone.
struct ModelReading: Sendable {
    let replyClass: Message.Class
    let quote: String
    /// Which model, by which prompt.
    let source: JSON

    /// From here the rules' word stands, and nobody is asked; below, what follows waits for a person.
    static let sureFrom = 0.75
    /// Models tell no probabilities that could be relied on.
    static let confidence = 0.75

    static let choices: [Message.Class] = [
        .interested, .question, .objection, .notNow, .notInterested, .referral, .unsubscribe, .other,
    ]
    private static let schema: JSON = [
        "type": "object",
        "properties": [
            "class": ["type": "string", "enum": JSON(choices.map(\.rawValue))], "quote": ["type": "string"],
        ],
        "required": ["class", "quote"], "additionalProperties": false,
    ]

    /// `nil` where the words that it shows were never written.
    init?(_ word: ModelReply, of text: String) {
        let quote = Self.folded(word.document["quote"]?.text ?? "")
        guard let replyClass = word.document["class"]?.text.flatMap(Message.Class.init(rawValue:)),
            Self.choices.contains(replyClass), !quote.isEmpty, Self.folded(text).contains(quote)
        else { return nil }
        (self.replyClass, self.quote, source) = (replyClass, quote, word.source)
    }

    /// Asked only where rules hesitate, never about who wants to be left alone, and never about a text that gives
    /// orders.
    static func isWanted(for message: Message) -> Bool {
        guard let replyClass = message.replyClass, let confidence = message.confidence else { return false }
        let isOpen = [.interested, .question, .objection, .notNow, .referral, .other].contains(replyClass)
        return isOpen && confidence < sureFrom && message.evidence["suspicious"]?.flag != true
    }

    static func ask(about message: Message, _ run: AgentRun) async throws -> ModelReading? {
        guard isWanted(for: message) else { return nil }
        var question = ModelQuestion(
            replyClassPrompt,
            [
                "reply": .outside(OutsideText(String(message.text.prefix(4000)), from: "email")),
                "guess": .ours(message.replyClass?.rawValue ?? "other"),
            ], answering: schema)
        question.tokensMax = 200
        let asked = try await run.ask(
            question, effect: "class/\(message.id)", about: message.subjectOfEvents,
            client: message.clientID)
        guard case .answered(let word) = asked else { return nil }
        return ModelReading(word, of: message.text)
    }

    private static func folded(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ").lowercased()
    }
}
