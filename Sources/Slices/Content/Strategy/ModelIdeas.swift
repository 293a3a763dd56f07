internal import Agents
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Social

/// A model's subjects for the ideas of a plan. One that says more than the plan's grounds do keeps its own title.
struct ModelIdeas: Sendable {
    private static let titleMax = 150, daysMax = 40
    private static let schema: JSON = [
        "type": "object",
        "properties": [
            "ideas": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": ["day": ["type": "integer"], "title": ["type": "string"]],
                    "required": ["day", "title"], "additionalProperties": false,
                ],
            ]
        ],
        "required": ["ideas"], "additionalProperties": false,
    ]

    /// The model and the prompt that the ideas come from.
    let source: JSON
    private let titles: [Int: String]

    subscript(place: Int) -> String? { titles[place] }

    init?(_ word: ModelReply, for plan: StrategyPlan) {
        let known = plan.ideas.reduce(into: Set<String>()) { figures, idea in
            figures.formUnion(GroundedText.figures(idea.title))
        }
        var titles: [Int: String] = [:], said: Set<String> = []
        for idea in word.document["ideas"]?.array ?? [] {
            guard let day = idea["day"]?.int, day > 0, plan.ideas.indices.contains(Int(day) - 1),
                let title = idea["title"]?.text?.oneLine, !title.isEmpty, title.count <= Self.titleMax,
                !title.contains("{{"), !title.contains("@"), TextLinks.first(in: title[...]) == nil,
                GroundedText.figures(title).isSubset(of: known), !InjectionCheck.givesOrders(title),
                said.insert(title.lowercased()).inserted
            else { continue }
            titles[Int(day) - 1] = title
        }
        guard !titles.isEmpty else { return nil }
        (self.titles, source) = (titles, word.source)
    }

    static func ask(
        for plan: StrategyPlan, agency: String, locale: String, client: ClientID?, _ run: AgentRun
    ) async throws -> ModelIdeas? {
        guard !plan.ideas.isEmpty else { return nil }
        let days: [JSON] = plan.ideas.prefix(daysMax).enumerated().map { place, idea in
            ["day": JSON(place + 1), "type": JSON(idea.type?.rawValue), "theme": JSON(idea.theme)]
        }
        let grounds = plan.grounds.map(\.title)
        var question = ModelQuestion(
            contentIdeasPrompt,
            [
                "agency": .ours(agency), "locale": .ours(locale),
                "days": .outside(OutsideText(JSON.array(days).serialized, from: "calendar")),
                "material": .outside(OutsideText(JSON(grounds).serialized, from: "articles")),
            ], answering: schema)
        question.tokensMax = 2000
        guard
            case .answered(let word) = try await run.ask(
                question, effect: "ideas", about: Subject(run.id), client: client)
        else { return nil }
        return ModelIdeas(word, for: plan)
    }
}
