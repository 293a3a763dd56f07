internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Telemetry
internal import Tenancy

/// `/v1/social-comparison` and `/v1/social-hashtags`: what posts with something in common have brought.
func comparisonRoutes(_ routes: inout Routes, _ dependencies: PostsDependencies) {
    routes.schema("SocialComparison", ResultComparison.schema)
    routes.schema("SocialHashtags", HashtagFigures.schema)
    let days = [
        ParameterDoc.query(
            "from", "The first day of publication; 90 days before the last unless said.", day),
        ParameterDoc.query("to", "The last day of publication; today unless said.", day),
        ParameterDoc.query("client_id", "Only posts of this client."),
    ]
    routes.get(
        "/v1/social-comparison", .permission("social_posts:read"),
        "Compare how posts of networks, accounts, formats or hours have done",
        query: days + [
            .query(
                "by", "The dimension of the groups; network unless said.",
                choices(ResultComparison.Division.self)),
            .query(
                "metric", "The metric of the comparison; engagements unless said.", choices(ResultMetric.self)
            ),
        ], .json(.reference("SocialComparison"))
    ) { call in
        try call.allowQuery("from", "to", "client_id", "by", "metric")
        let range = try ResultRange(call)
        let division = try call.choice("by", ResultComparison.Division.network)
        let metric = try call.choice("metric", ResultMetric.engagements)
        return .read { reader in
            let (begin, end) = try range.bounds(in: reader)
            let posts = try reader.postLearning.learned(client: range.client, from: begin, before: end)
            var trace = "/v1/post-measures?counts=true&published_at[gte]=\(begin)&published_at[lt]=\(end)"
            if let client = range.client { trace += "&client_id=\(client)" }
            let found = ResultComparison(posts, by: division, metric: metric)
            return .json(
                found.json(trace: trace).merging([
                    "from": .string(begin.description), "to": .string(end.description),
                ]))
        }
    }
    routes.get(
        "/v1/social-hashtags", .permission("social_posts:read"),
        "Get the hashtags that have done well for the agency, and the rising subjects of the market",
        query: days + [
            .query("network", "Only posts on this network.", choices(SocialNetwork.self)),
            .query("account_id", "Only posts of this account."),
        ], .json(.reference("SocialHashtags"))
    ) { call in
        try call.allowQuery("from", "to", "client_id", "network", "account_id")
        let range = try ResultRange(call, days: 365)
        let network = try call.choice("network", Optional<SocialNetwork>.none)
        let account: SocialAccountID? = try call.reference("account_id")
        return .read { reader in
            let (begin, end) = try range.bounds(in: reader)
            let posts = try reader.postLearning.learned(
                account: account, network: network, client: range.client, from: begin, before: end)
            return .json([
                "sample": JSON(posts.count),
                "hashtags": .array(HashtagFigures.all(posts, limit: 50).map(\.json)),
                "trends": .array(
                    try dependencies.trends(reader).prefix(20).map {
                        ["type": .string($0.type), "id": .string($0.id), "title": .string($0.title)]
                    }),
            ])
        }
    }
}

private let day: JSON = ["type": "string", "format": "date"]
private func choices<C: Choice>(_ type: C.Type) -> JSON { ["type": "string", "enum": JSON(C.choices)] }

/// The days, and the client, whose posts are asked for.
struct ResultRange: Sendable {
    private let first: CivilDate?, last: CivilDate?
    private let days: Int
    let client: ClientID?

    private static let daysMax = 1830

    init(_ call: Call, days: Int = 90) throws(Problem) {
        self.days = days
        client = try call.reference("client_id")
        (first, last) = (try call.day("from"), try call.day("to"))
        guard let first, let last else { return }
        guard first <= last, last.daysSinceEpoch - first.daysSinceEpoch <= Self.daysMax else {
            throw Problem(.invalidParameter, "from must lie before to, by at most five years.")
        }
    }

    func civilDays(in reader: some Queryable) throws -> (first: CivilDate, last: CivilDate) {
        let today = try reader.agency.zone().local(of: reader.now).date
        let last = last ?? max(first ?? .init(daysSinceEpoch: 0), today)
        return (first ?? last.adding(days: -(days - 1)), last)
    }

    func bounds(in reader: some Queryable) throws -> (begin: Instant, end: Instant) {
        let zone = try reader.agency.zone(), (first, last) = try civilDays(in: reader)
        return (
            zone.firstInstant(atOrAfter: LocalTime(first, hour: 0)),
            zone.firstInstant(atOrAfter: LocalTime(last.adding(days: 1), hour: 0))
        )
    }
}

extension Call {
    func day(_ name: String) throws(Problem) -> CivilDate? {
        guard let text = query(name) else { return nil }
        guard let day = CivilDate(iso: text) else {
            throw Problem(.invalidParameter, "\(name) must be a day, such as 2027-01-01.")
        }
        return day
    }

    func reference<Subject: Identified>(_ name: String) throws(Problem) -> ID<Subject>? {
        guard let text = query(name) else { return nil }
        guard let id = ID<Subject>(text) else {
            throw Problem(.invalidParameter, "\(name) must be the id of a \(Subject.noun).")
        }
        return id
    }

    func choice<C: Choice>(_ name: String, _ usual: C?) throws(Problem) -> C? {
        guard let text = query(name) else { return usual }
        guard let choice = C(rawValue: text) else {
            throw Problem(
                .invalidParameter, "\(name) must be one of \(C.choices.joined(separator: ", ")).",
                extra: ["choices": JSON(C.choices)])
        }
        return choice
    }

    func choice<C: Choice>(_ name: String, _ usual: C) throws(Problem) -> C {
        try choice(name, Optional(usual)) ?? usual
    }
}

extension ResultComparison {
    fileprivate static let schema: JSON = {
        let figures: JSONObject = [
            "sample": ["type": "integer", "description": "How many posts the figure is known of."],
            "mean": ["type": ["number", "null"], "description": "The mean of them."],
            "low": [
                "type": ["number", "null"],
                "description": "Below it lies the true mean in one of 40 cases; null: under five posts.",
            ],
            "high": [
                "type": ["number", "null"], "description": "Above it lies the true mean in one of 40 cases.",
            ],
            "trace": ["type": "string", "description": "The address of the measures that it is made of."],
        ]
        var group: JSONObject = [
            "key": ["type": "string", "description": "The common feature of the posts."]
        ]
        for (name, value) in figures.members { group[name] = value }
        group["unknown"] = [
            "type": "integer", "description": "Those of which the network does not tell the figure.",
        ]
        return .schema(
            [
                "from": ["type": "string", "format": "date-time"],
                "to": ["type": "string", "format": "date-time"],
                "by": ["enum": JSON(Division.choices), "description": "The dimension of the groups."],
                "metric": [
                    "enum": JSON(ResultMetric.choices), "description": "The metric of the comparison.",
                ],
                "all": JSON.schema(figures, required: ["sample", "mean"]).merging([
                    "description": "All of them together."
                ]),
                "groups": [
                    "type": "array", "description": "The best first.",
                    "items": .schema(group, required: ["key", "sample", "mean", "trace"]),
                ],
            ], required: ["from", "to", "by", "metric", "all", "groups"])
    }()
}

extension HashtagFigures {
    fileprivate static let schema: JSON = .schema(
        [
            "sample": ["type": "integer", "description": "How many measured posts were looked at."],
            "hashtags": [
                "type": "array", "description": "Those of two posts at least, the best first.",
                "items": .schema(
                    [
                        "hashtag": ["type": "string", "description": "In small letters, without its mark."],
                        "posts": ["type": "integer", "description": "How many measured posts have it."],
                        "engagements": ["type": "number", "description": "The mean of theirs."],
                        "reach": [
                            "type": ["number", "null"],
                            "description": "The mean of theirs, where the network tells it.",
                        ],
                        "lift": [
                            "type": "number",
                            "description":
                                "By how much it multiplies what the account's posts get; few posts say little.",
                        ],
                        "records": [
                            "type": "array", "items": ["type": "string"],
                            "description": "The newest measures that it is made of.",
                        ],
                    ], required: ["hashtag", "posts", "engagements", "reach", "lift", "records"]),
            ],
            "trends": [
                "type": "array",
                "description": "The subjects of which feeds and the agency's numbers show more and more.",
                "items": .schema(
                    [
                        "type": ["type": "string"], "id": ["type": "string"], "title": ["type": "string"],
                    ], required: ["type", "id", "title"]),
            ],
        ], required: ["sample", "hashtags", "trends"])
}
