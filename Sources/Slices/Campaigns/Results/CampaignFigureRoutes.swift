internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Tenancy

/// `/v1/campaigns/{id}/figures`: how a campaign does over all of its channels.
func campaignFigureRoutes(_ routes: inout Routes, _ dependencies: CampaignDependencies) {
    routes.schema("CampaignChannelFigures", ChannelFigures.schema)
    routes.schema("CampaignFigures", CampaignFigures.schema)
    // They count everybody, whoever asks.
    routes.closeToLimited("GET /v1/campaigns/{id}/figures")
    routes.get(
        "/v1/campaigns/{id}/figures", .permission("campaigns:read"),
        "Get the rates of a campaign over all of its channels", named: "get_campaign_figures",
        query: [
            .query(
                "window_days", "For how many days after a message somebody is won by it; 90 without it.",
                ["type": "integer", "minimum": 1, "maximum": JSON(CampaignFigures.windowMax)])
        ], .json(.reference("CampaignFigures"), "The figures.")
    ) { call in
        try call.allowQuery("window_days")
        let (id, days) = try (call.id("id", of: Campaign.self), call.windowDays())
        return .read { reader in
            let records = try CampaignRecords(
                of: Campaign.resource.get(id, in: reader), dependencies, in: reader)
            let window = Duration.seconds(days * 86_400), store = reader.campaignResults
            return .json(
                CampaignFigures(
                    of: records, try store.reach(of: id, window: window),
                    try store.reached(by: id, window: window), windowDays: days,
                    tracking: try reader.agency.tenant().tracking
                ).json)
        }
    }
}

extension Call {
    fileprivate func windowDays() throws(Problem) -> Int {
        guard let text = query("window_days") else { return CampaignFigures.windowUsual }
        guard let days = Int(text), (1...CampaignFigures.windowMax).contains(days) else {
            throw Problem(
                .invalidParameter,
                "window_days must be a number of days from 1 to \(CampaignFigures.windowMax).")
        }
        return days
    }
}

/// A rate of one way, or of several together: of the ways that tell both of its parts.
private enum CampaignRate: String, CaseIterable {
    case delivery, open, response, click

    /// Returns the part and the whole; `nil` where the way does not tell.
    func parts(of row: ChannelFigures) -> (part: Int, whole: Int)? {
        let part: Int?
        switch self {
        case .delivery: part = row.delivered
        case .open: part = row.opened
        case .response: part = row.replied
        case .click: part = row.clicked
        }
        guard let part, let whole = row.base else { return nil }
        return (part, whole)
    }

    func json(of rows: [ChannelFigures]) -> JSON {
        let known = rows.compactMap(parts), whole = known.reduce(0) { $0 + $1.whole }
        return whole == 0 ? .null : .number(Double(known.reduce(0) { $0 + $1.part }) / Double(whole))
    }

    var about: String {
        switch self {
        case .delivery: "The share of messages that has arrived; null where no arrival is told."
        case .open: "The share that people have read; null where that is not told."
        case .response: "Answers for each message, or comments for each time that a post was shown."
        case .click:
            """
            Clicks of people for each message, or for each time that it was shown. Of links that were given out it is \
            not known who follows them, so that it may be above 1.
            """
        }
    }
}

private func told(_ rows: [ChannelFigures]) -> JSONObject {
    func sum(_ path: KeyPath<ChannelFigures, Int?>) -> JSON {
        let told = rows.compactMap { $0[keyPath: path] }
        return told.isEmpty ? .null : JSON(told.reduce(0, +))
    }
    var object: JSONObject = [
        "sent": sum(\.sent), "delivered": sum(\.delivered), "bounced": sum(\.bounced),
        "opened": sum(\.opened), "machine_opened": sum(\.machineOpened), "replied": sum(\.replied),
        "clicked": sum(\.clicked), "machine_clicked": sum(\.machineClicked),
        "impressions": sum(\.impressions),
    ]
    for rate in CampaignRate.allCases { object["\(rate.rawValue)_rate"] = rate.json(of: rows) }
    return object
}

private func told(_ people: ReachedPeople?) -> JSONObject {
    let rate = people.flatMap { people in
        people.people == 0 ? nil : Double(people.converted) / Double(people.people)
    }
    return [
        "people": JSON(people?.people), "won": JSON(people?.won), "booked": JSON(people?.booked),
        "converted": JSON(people?.converted), "conversion_rate": rate.map { .number($0) } ?? .null,
    ]
}

extension ChannelFigures {
    fileprivate var json: JSON {
        var row: JSONObject = ["channel": .string(channel), "means": .string(means.rawValue)]
        for (name, value) in told([self]).members + told(people).members { row[name] = value }
        return .object(row)
    }

    /// The members of what is counted without asking whom it has won.
    fileprivate static let counts: JSONObject = {
        let counts: JSONObject = [
            "sent": "How many messages have left, or posts stand.",
            "delivered": "How many messages have arrived.", "bounced": "How many came back.",
            "opened": "How many people have read.",
            "machine_opened": "How many programs have opened, which counts for nothing else.",
            "replied": "How many were answered; of posts, the comments.",
            "clicked":
                "How many people have followed a link of, or how often people have followed a link given out.",
            "machine_clicked": "The same of programs, which counts for nothing else.",
            "impressions": "How often posts and advertisements were shown.",
        ]
        var members: JSONObject = [:]
        for (name, text) in counts.members { members[name] = integerOrNull(text) }
        for rate in CampaignRate.allCases {
            members["\(rate.rawValue)_rate"] = [
                "type": ["number", "null"], "description": .string(rate.about),
            ]
        }
        return members
    }()

    fileprivate static let members: JSONObject = {
        var members = ChannelFigures.counts
        members["people"] = integerOrNull("How many people messages have reached, each once.")
        members["won"] = integerOrNull("How many of them have become clients within the window.")
        members["booked"] = integerOrNull("How many of them have booked a meeting within the window.")
        members["converted"] = integerOrNull("How many of them did either, each once.")
        members["conversion_rate"] = [
            "type": ["number", "null"], "description": "The share of the people reached who have converted.",
        ]
        return members
    }()

    private static func integerOrNull(_ about: JSON) -> JSON {
        ["type": ["integer", "null"], "description": about]
    }

    fileprivate static let schema: JSON = {
        var members = ChannelFigures.members
        members["channel"] = ["type": "string", "description": "The channel, network or source of links."]
        members["means"] = [
            "enum": JSON(Means.allCases.map(\.rawValue)),
            "description": "The messages that reach people there. What it does not tell is null.",
        ]
        return .schema(members, required: members.keys.sorted())
    }()
}

extension CampaignFigures {
    fileprivate var json: JSON {
        var whole: JSONObject = [
            "campaign_id": JSON(campaign), "window_days": JSON(windowDays),
            "public": .object(told(channels.filter { $0.means != .messages })),
            "channels": .array(channels.map(\.json)),
        ]
        let messages = told(channels.filter { $0.means == .messages })
        for (name, value) in messages.members + told(people).members { whole[name] = value }
        return .object(whole)
    }

    fileprivate static let schema: JSON = {
        var members = ChannelFigures.members
        members["campaign_id"] = ["type": "string", "description": "The campaign."]
        members["window_days"] = [
            "type": "integer", "description": "For how many days after a message somebody is won by it.",
        ]
        members["public"] = JSON.schema(ChannelFigures.counts, required: ChannelFigures.counts.keys.sorted())
            .merging([
                "description":
                    "Posts, advertisements and links given out, together: who sees them is not known."
            ])
        members["channels"] = [
            "type": "array", "items": .reference("CampaignChannelFigures"),
            "description": "Each way by itself. Who was reached by several is counted at each of them.",
        ]
        return .schema(members, required: members.keys.sorted())
    }()
}
