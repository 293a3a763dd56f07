internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// A model's reading of a ticket whose category the local reader is unsure of. It may choose among categories, and has
/// to show the words; how urgent a ticket is, is not for it to say.
struct ModelTriage: Sendable {
    let category: String
    let quote: String
    /// Which model, by which prompt.
    let source: JSON

    /// From here the local reader's word stands, and nobody is asked.
    static let sureFrom = 0.5
    /// Models tell no probabilities that could be relied on.
    static let confidence = 0.75

    private static let choices = TicketTriage.Category.standard.map(\.rawValue)
    private static let schema: JSON = [
        "type": "object",
        "properties": [
            "category": ["type": "string", "enum": JSON(choices)], "quote": ["type": "string"],
        ],
        "required": ["category", "quote"], "additionalProperties": false,
    ]

    /// `nil` where the words that it shows were never written.
    init?(_ word: ModelReply, of text: String) {
        let quote = Self.folded(word.document["quote"]?.text ?? "")
        guard let category = word.document["category"]?.text, Self.choices.contains(category), !quote.isEmpty,
            Self.folded(text).contains(quote)
        else { return nil }
        (self.category, self.quote, source) = (category, quote, word.source)
    }

    static func ask(about id: TicketID, _ run: AgentRun) async throws -> ModelTriage? {
        guard let ticket = try run.read({ try Ticket.resource.find(id, in: $0) }), !ticket.isOver,
            ticket.assistance == nil, ticket.firstResponseAt == nil
        else { return nil }
        let read = try run.read { try TicketLearning.reader(in: $0) }.read(
            subject: ticket.subject, ticket.body)
        let text = ticket.subject + "\n" + ticket.body
        // The model is not asked where a person or a rule has decided, nor about a text that gives orders.
        guard read.category.confidence < sureFrom, ticket.category == read.category.value.rawValue,
            !InjectionCheck.judge(text).isSuspicious
        else { return nil }
        var question = ModelQuestion(
            ticketTriagePrompt,
            [
                "message": .outside(OutsideText(String(text.prefix(4000)), from: "ticket")),
                "guess": .ours(ticket.category ?? "general"),
            ], answering: schema)
        question.tokensMax = 200
        let asked = try await run.ask(
            question, effect: "triage/\(id)", about: ticket.subjectOfEvents,
            client: ticket.clientID)
        guard case .answered(let word) = asked else { return nil }
        return ModelTriage(word, of: text)
    }

    private static func folded(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ").lowercased()
    }
}

extension ServiceStep {
    /// Takes a model's category over, as a decision of its own.
    func apply(_ word: ModelTriage?) throws {
        guard let word, word.category != ticket.category else { return }
        let made = try tx.decisions.conclude(
            for: supportAgent, on: "triage_model/\(ticket.id)", ticket.subjectOfEvents,
            Conclusion(
                outcome: ["category": .string(word.category)], confidence: ModelTriage.confidence,
                factors: .array([
                    TriageFactor(
                        "model", word.category, 1,
                        Saying("evidence.model_category", ["quote": .text(word.quote)])
                    ).json
                ]), model: word.source, inputs: ["ticket_id": JSON(ticket.id)]))
        guard made.isNew, try mayChange(decision: made.id) else { return }
        try tx.tickets.change(ticket, by: run.actor, action: "ticket.triaged") { $0.category = word.category }
    }
}
