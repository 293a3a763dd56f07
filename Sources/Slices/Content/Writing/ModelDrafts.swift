internal import Agents
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Social

/// A model's drafts of the pieces of a plan. What says more than the brief and the passages do, leads elsewhere, or
/// speaks to machines is thrown away: the piece that was put together without a model stands in its place.
struct ModelDrafts: Sendable {
    private static let titleMax = 150, bodyMax = 20_000
    private static let schema: JSON = [
        "type": "object",
        "properties": [
            "pieces": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": [
                        "format": ["type": "string"], "title": ["type": "string"], "body": ["type": "string"],
                    ],
                    "required": ["format", "title", "body"], "additionalProperties": false,
                ],
            ]
        ],
        "required": ["pieces"], "additionalProperties": false,
    ]

    /// The model and the prompt that the drafts come from.
    let source: JSON
    private let drafts: [WritingOrder.Format: (title: String, body: String)]

    init?(_ word: ModelReply, for plan: WritingPlan) {
        var drafts: [WritingOrder.Format: (title: String, body: String)] = [:]
        for piece in word.document["pieces"]?.array ?? [] {
            guard let format = piece["format"]?.text.flatMap(WritingOrder.Format.init(rawValue:)),
                plan.formats.contains(format), drafts[format] == nil,
                let title = piece["title"]?.text?.oneLine, let body = piece["body"]?.text?.trimmed,
                Self.isGrounded(title, body, in: plan)
            else { continue }
            drafts[format] = (title, body)
        }
        guard !drafts.isEmpty else { return nil }
        (self.drafts, source) = (drafts, word.source)
    }

    private static func isGrounded(_ title: String, _ body: String, in plan: WritingPlan) -> Bool {
        guard !title.isEmpty, title.count <= titleMax, !body.isEmpty, body.count <= bodyMax,
            !body.contains("{{"), !body.contains("{%"), !(title + body).contains("@"),
            !InjectionCheck.givesOrders(title + "\n" + body)
        else { return false }
        let known = ([plan.brief] + plan.passages.flatMap { [$0.title] + $0.sentences })
            .reduce(into: Set<String>()) { $0.formUnion(GroundedText.figures($1)) }
        var rest = (title + "\n" + body)[...], said = ""
        while let found = TextLinks.first(in: rest) {
            guard String(rest[found]) == plan.link else { return false }
            said += rest[..<found.lowerBound]
            rest = rest[found.upperBound...]
        }
        return GroundedText.figures(said + rest).isSubset(of: known)
    }

    static func ask(
        for plan: WritingPlan, agency: String, locale: String, client: ClientID?, effect: String = "drafts",
        _ run: AgentRun
    ) async throws -> ModelDrafts? {
        let passages: JSON = .array(
            plan.passages.map { ["title": .string($0.title), "sentences": JSON($0.sentences)] })
        var question = ModelQuestion(
            contentDraftsPrompt,
            [
                "agency": .ours(agency), "locale": .ours(locale),
                "formats": .ours(plan.formats.map(\.rawValue).joined(separator: ", ")),
                "link": .ours(plan.link ?? "none"),
                "brief": .outside(OutsideText(plan.brief, from: "brief")),
                "material": .outside(OutsideText(passages.serialized, from: "articles")),
            ], answering: schema)
        question.tokensMax = 4000
        guard
            case .answered(let word) = try await run.ask(
                question, effect: effect, about: Subject(run.id), client: client)
        else { return nil }
        return ModelDrafts(word, for: plan)
    }

    /// Returns a piece with the words of the model; a post is fitted to its network. `nil`: it has none for the format.
    func written(_ piece: WrittenPiece, by plan: WritingPlan) -> WrittenPiece? {
        guard let draft = drafts[piece.format] else { return nil }
        var written = piece
        (written.title, written.body, written.isModels) = (draft.title, draft.body, true)
        written.sources = plan.told.map { ($0, $0.lead(about: plan.subject)) }
        guard let network = piece.network else { return written }
        var long = LongPiece()
        (long.body, long.link) = (draft.body, plan.link)
        (written.title, written.body) = (
            "\(draft.title) (\(network.title))", long.adapted(to: network, isOne: true).text
        )
        return written
    }
}
