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

/// `/v1/social-mentions`, `/v1/social-mood` and `/v1/social-subjects`: how what people say to accounts sounds, by the
/// day, and of what they speak more than before.
func mentionRoutes(_ routes: inout Routes) {
    routes.standard(
        Mention.resource, read: "social_accounts:read", write: "social_accounts:write", create: false,
        patch: false, delete: false)
    routes.schema("SocialMood", MoodFall.schema)
    routes.schema("SocialSubjects", RisingWord.schema)
    let whose = [
        ParameterDoc.query("client_id", "Only what is said to accounts of this client."),
        ParameterDoc.query(
            "network", "Only what is said on this network.",
            ["type": "string", "enum": JSON(SocialNetwork.choices)]),
        ParameterDoc.query("account_id", "Only what is said to this account."),
    ]
    routes.get(
        "/v1/social-mood", .permission("social_accounts:read"),
        "Get how what people say to accounts sounds, by the day",
        query: [
            .query("from", "The first day; 28 days up to the last unless said.", isoDay),
            .query("to", "The last day; today unless said.", isoDay),
        ] + whose, .json(.reference("SocialMood"))
    ) { call in
        try call.allowQuery("from", "to", "client_id", "network", "account_id")
        let range = try ResultRange(call, days: 28), filter = try MentionFilter(call)
        return .read { reader in
            let (first, last) = try range.civilDays(in: reader)
            guard (0...Mention.keptDays).contains(last.daysSinceEpoch - first.daysSinceEpoch) else {
                throw Problem(.invalidParameter, "from must lie before to, by at most two years.")
            }
            let moods = try reader.mentions.moods(of: filter, from: first, through: last)
            var all = MoodCounts()
            for counts in moods.values { all += counts }
            let days = (first.daysSinceEpoch...last.daysSinceEpoch).map { CivilDate(daysSinceEpoch: $0) }
            let fall = try reader.mentions.moodFall(of: filter, on: last)
            return .json([
                "from": .string(first.iso), "to": .string(last.iso), "all": .object(all.json),
                "days": .array(
                    days.map { day in .object((moods[day] ?? MoodCounts()).json(on: day)) }),
                "fall": fall?.json ?? .null,
                "trace": .string(
                    "/v1/social-mentions?day[gte]=\(first.iso)&day[lte]=\(last.iso)\(filter.query)"),
            ])
        }
    }
    routes.get(
        "/v1/social-subjects", .permission("social_accounts:read"),
        "Get the words that more of those who speak to accounts say than before",
        query: [
            .query(
                "days", "How many days are compared with four times as many before them; 7 unless said.",
                ["type": "integer", "minimum": 1, "maximum": 60])
        ] + whose, .json(.reference("SocialSubjects"))
    ) { call in
        try call.allowQuery("days", "client_id", "network", "account_id")
        let days = try call.comparedDays, filter = try MentionFilter(call)
        return .read { reader in
            let last = try reader.agency.zone().local(of: reader.now).date
            let late = last.adding(days: 1 - days), first = late.adding(days: -4 * days)
            let said = try reader.mentions.said(to: filter, from: first, late: late, through: last)
            let count = RisingWord.people(said.filter(\.isLate))
            let rest = RisingWord.people(said.filter { !$0.isLate })
            return .json([
                "from": .string(late.iso), "to": .string(last.iso), "before_from": .string(first.iso),
                "people": JSON(count), "before": JSON(rest),
                "subjects": .array(
                    RisingWord.all(said, limit: 50).map { $0.json(of: count, before: rest) }),
            ])
        }
    }
}

private let isoDay: JSON = ["type": "string", "format": "date"]

extension Call {
    fileprivate var comparedDays: Int {
        get throws(Problem) {
            guard let text = query("days") else { return RisingWord.days }
            guard let days = Int(text), (1...60).contains(days) else {
                throw Problem(.invalidParameter, "days must be a number from 1 to 60.")
            }
            return days
        }
    }
}

extension MentionFilter {
    fileprivate init(_ call: Call) throws(Problem) {
        account = try call.reference("account_id")
        client = try call.reference("client_id")
        network = try call.choice("network", Optional<SocialNetwork>.none)
    }
}

extension MoodFall {
    private static let counts: JSONObject = [
        "mentions": ["type": "integer", "description": "The comments and mentions that were received."],
        "positive": ["type": "integer", "description": "Those among them that praise."],
        "neutral": ["type": "integer", "description": "Those that neither praise nor blame."],
        "negative": ["type": "integer", "description": "Those that blame."],
        "score": [
            "type": ["number", "null"],
            "description": "The mean of the scores, from -1 (blame) to 1 (praise); null: nothing was said.",
        ],
    ]
    private static let dated: JSONObject = {
        var members: JSONObject = ["date": ["type": "string", "format": "date"]]
        for (name, value) in counts.members { members[name] = value }
        return members
    }()
    private static let names = ["mentions", "positive", "neutral", "negative", "score"]

    fileprivate static let schema: JSON = .schema(
        [
            "from": ["type": "string", "format": "date"], "to": ["type": "string", "format": "date"],
            "all": .schema(counts, required: names).merging(["description": "All days of the range together."]),
            "days": [
                "type": "array", "description": "All days of the range, the oldest first.",
                "items": .schema(dated, required: ["date"] + names),
            ],
            "fall": [
                "type": ["object", "null"],
                "description":
                    "How the last seven days sound worse than the 28 before, by more than chance would.",
            ],
            "trace": ["type": "string", "description": "The address of the mentions that it is made of."],
        ], required: ["from", "to", "all", "days", "fall", "trace"])
}

extension RisingWord {
    fileprivate static let schema: JSON = .schema(
        [
            "from": ["type": "string", "format": "date"], "to": ["type": "string", "format": "date"],
            "before_from": [
                "type": "string", "format": "date", "description": "The first of the days before.",
            ],
            "people": ["type": "integer", "description": "How many people have spoken of late."],
            "before": ["type": "integer", "description": "How many people had spoken before."],
            "subjects": [
                "type": "array", "description": "The least likely by chance first.",
                "items": .schema(
                    [
                        "word": ["type": "string", "description": "In small letters."],
                        "people": ["type": "integer", "description": "How many people say it of late."],
                        "of": ["type": "integer", "description": "Of how many."],
                        "before": ["type": "integer", "description": "How many had said it before."],
                        "before_of": ["type": "integer", "description": "Of how many."],
                        "chance": [
                            "type": "number", "description": "How likely chance alone brings it about.",
                        ],
                        "records": [
                            "type": "array", "description": "The conversations in which it is said.",
                            "items": ["type": "object"],
                        ],
                    ], required: ["word", "people", "of", "before", "before_of", "chance", "records"]),
            ],
        ], required: ["from", "to", "before_from", "people", "before", "subjects"])
}
