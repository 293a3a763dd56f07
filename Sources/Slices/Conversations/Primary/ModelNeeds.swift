internal import Agents
internal import Intelligence
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Tenancy

/// The words that a model points at in a message of which the rules understand nothing: those in which somebody tells
/// what they need. The model gives no numbers, and nothing counts that the message does not say in these words.
struct ModelNeeds: Sendable {
    let words: NeedQuotes
    /// Which model, by which prompt.
    let source: JSON

    private static let needsMax = 3
    private static let schema: JSON = [
        "type": "object",
        "properties": [
            "needs": ["type": "array", "items": ["type": "string"], "maxItems": JSON(needsMax)],
            "budget": ["type": "string"], "timeline": ["type": "string"], "authority": ["type": "string"],
            "decides": ["type": "boolean"],
        ],
        "required": ["needs", "budget", "timeline", "authority", "decides"], "additionalProperties": false,
    ]

    /// `nil` where nothing is left of it that was really written.
    init?(_ word: ModelReply, of text: String) {
        func quoted(_ words: String?) -> String? { words.flatMap { QuotedWords($0, in: text)?.text } }
        let document = word.document
        var found = NeedQuotes()
        found.needs = (document["needs"]?.array ?? []).prefix(Self.needsMax).compactMap { quoted($0.text) }
            // A single word is hardly a need.
            .filter { $0.contains(" ") }
        found.budget = quoted(document["budget"]?.text)
        found.timeline = quoted(document["timeline"]?.text)
        found.authority = quoted(document["authority"]?.text)
        found.decides = document["decides"]?.flag ?? false
        guard !found.all.isEmpty else { return nil }
        (words, source) = (found, word.source)
    }

    static func ask(about draft: AnswerDraft, _ run: AgentRun) async throws -> ModelNeeds? {
        guard draft.wantsNeeds else { return nil }
        let tenant = try run.read { try $0.agency.tenant() }, text = String(draft.message.text.prefix(4000))
        var question = ModelQuestion(
            chatNeedsPrompt,
            [
                "agency": .ours(tenant.name),
                "message": .outside(OutsideText(text, from: draft.message.channel.rawValue)),
            ], answering: schema)
        question.tokensMax = 300
        let asked = try await run.ask(
            question, effect: "needs/\(draft.message.id)", about: draft.conversation.subjectOfEvents,
            client: draft.conversation.clientID)
        guard case .answered(let word) = asked else { return nil }
        return ModelNeeds(word, of: text)
    }

    /// For the decision: the words that it rests on.
    var factors: [JSON] {
        words.all.map { name, quote in
            [
                "name": .string(name), "value": true, "weight": 1, "contribution": 1,
                "evidence": .string(quote),
            ]
        }
    }
}
