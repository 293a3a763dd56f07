internal import Agents
internal import Intelligence
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Tenancy

/// A model's answer where the rules know nothing: the sentences of one of the agency's articles that say it, or that a
/// person should answer. The model may do only one of these two; nothing in its words does anything, and nobody reads a
/// sentence that does not stand in the article.
struct ModelAnswer: Sendable {
    /// Sentences of the article.
    let passage: String
    let article: AnswerFinder.Text
    /// Which model, by which prompt.
    let source: JSON

    private static let schema: JSON = [
        "type": "object",
        "properties": [
            "action": ["type": "string", "enum": ["answer", "handover"]], "article": ["type": "string"],
            "text": ["type": "string"],
        ],
        "required": ["action", "article", "text"], "additionalProperties": false,
    ]

    /// `nil` where it wants a person, names no article that it was shown, or says anything else than stands there.
    init?(_ word: ModelReply, of articles: [AnswerFinder.Text]) {
        guard word.document["action"]?.text == "answer",
            let article = articles.first(where: { $0.id == word.document["article"]?.text }),
            let quoted = QuotedText(word.document["text"]?.text ?? "", from: article.body)
        else { return nil }
        (passage, self.article, source) = (quoted.text, article, word.source)
    }

    static func ask(about draft: AnswerDraft, _ run: AgentRun) async throws -> ModelAnswer? {
        guard draft.wantsArticle else { return nil }
        let tenant = try run.read { try $0.agency.tenant() }
        let shown = draft.articles.map { article -> JSON in
            [
                "id": .string(article.id), "title": .string(article.title),
                "text": .string(String(article.body.prefix(3000))),
            ]
        }
        var question = ModelQuestion(
            chatAnswerPrompt,
            [
                "agency": .ours(tenant.name), "locale": .ours(draft.language ?? tenant.locale),
                "question": .outside(
                    OutsideText(String(draft.message.text.prefix(4000)), from: draft.message.channel.rawValue)
                ),
                "articles": .outside(OutsideText(JSON.array(shown).serialized, from: "articles")),
            ], answering: schema)
        question.tokensMax = 500
        let asked = try await run.ask(
            question, effect: "chat/\(draft.message.id)", about: draft.conversation.subjectOfEvents,
            client: draft.conversation.clientID)
        guard case .answered(let word) = asked else { return nil }
        return ModelAnswer(word, of: draft.articles)
    }
}
