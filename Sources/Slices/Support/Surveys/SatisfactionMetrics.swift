internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry

extension SurveyStore where Base == Transaction {
    /// Counts who would recommend the agency, and who would not, by where they stand and what was asked about.
    func countRecommending(_ group: String, _ change: Int, _ answer: SurveyResponse) throws {
        let ticket = try answer.ticketID.flatMap { try Ticket.resource.find($0, in: tx) }
        var segments = [("whole", "all"), ("tier", try tier(ofClient: answer.clientID))]
        if let ticket {
            segments += [("channel", ticket.source), ("category", ticket.category ?? "general")]
        }
        for (dimension, value) in segments {
            try tx.counters.count("satisfaction.nps.\(dimension).\(group).\(value)", change)
        }
    }

    /// Counts an invitation that was sent, or answered.
    func countInvitation(_ step: String, ofClient client: ClientID?) throws {
        try tx.counters.count("satisfaction.invitations.\(step).\(try tier(ofClient: client))", 1)
    }

    private func tier(ofClient client: ClientID?) throws -> String {
        try client.flatMap { try tx.contacts.clientStanding($0) }?.tier ?? "none"
    }
}

/// The number of people who would recommend the agency, and of those who would not.
struct Recommending: Hashable, Sendable {
    var promoters = 0, passives = 0, detractors = 0

    var sample: Int { promoters + passives + detractors }
    /// Promoters less detractors, in percent; `nil` where too little is known.
    var score: Double? {
        sample < HelpMeasure.sampleMin ? nil : 100 * Double(promoters - detractors) / Double(sample)
    }
}

/// The outcomes of clients who are as content as a band says.
struct BandOutcome: Sendable {
    static let bands = ["unhappy", "neutral", "content", "unknown"]

    let band: String
    /// The number that are clients now.
    let clients: Int
    let left: Int, grew: Int, shrank: Int
    /// The number of people whom they have referred.
    let referred: Int

    var sample: Int { max(0, clients) + left }

    /// Returns the share of a number among all who were ever so content and are known to have stayed or left; `nil`
    /// where too little is known.
    func rate(_ number: Int) -> Double? {
        sample < HelpMeasure.sampleMin ? nil : Double(number) / Double(sample)
    }

    var json: JSON {
        [
            "band": .string(band), "clients": JSON(clients), "left": JSON(left), "grew": JSON(grew),
            "shrank": JSON(shrank), "left_rate": .hundredths(rate(left)),
            "grew_rate": .hundredths(rate(grew)),
            "shrank_rate": .hundredths(rate(shrank)), "referred": JSON(referred),
            "referred_rate": .hundredths(rate(referred)), "sample": JSON(sample),
            "reason": sample < HelpMeasure.sampleMin
                ? .string("\(HelpMeasure.sampleMin) clients are needed; \(sample) are known.") : .null,
        ]
    }
}

extension SurveyStore {
    /// From counters alone.
    func satisfaction() throws -> JSON {
        let tiers = try tx.coaching.helpMetrics(by: "tier")
        var direct = directSatisfaction(
            tiers.values.reduce(HelpMetrics(), +), try recommending("whole")["all"] ?? Recommending())
        for (dimension, figures) in [
            ("tier", tiers), ("channel", try tx.coaching.helpMetrics(by: "channel")),
            ("category", try tx.coaching.helpMetrics(by: "category")),
        ] {
            let answers = try recommending(dimension)
            direct.append(
                "by_\(dimension)",
                .array(
                    Set(figures.keys).union(answers.keys).sorted().map { value in
                        var segment = directSatisfaction(
                            figures[value] ?? HelpMetrics(), answers[value] ?? Recommending())
                        segment.append(dimension, .string(value))
                        return .object(segment)
                    }))
        }
        let outcomes = try bandOutcomes()
        return [
            "direct": .object(direct), "indirect": ["by_tier": try indirectSatisfaction(tiers)],
            "outcomes": .array(outcomes.map(\.json)),
            "referrals": ["value": JSON(outcomes.reduce(0) { $0 + $1.referred }), "reason": .null],
        ]
    }

    private func directSatisfaction(_ figures: HelpMetrics, _ answers: Recommending) -> JSONObject {
        [
            "csat": HelpMeasure.satisfaction.json(figures),
            "nps": ["value": .hundredths(answers.score), "sample": JSON(answers.sample)],
        ]
    }

    private func recommending(_ dimension: String) throws -> [String: Recommending] {
        var found: [String: Recommending] = [:]
        for (group, path) in [
            ("promoters", \Recommending.promoters), ("passives", \.passives), ("detractors", \.detractors),
        ] as [(String, WritableKeyPath<Recommending, Int>)] {
            let prefix = "satisfaction.nps.\(dimension).\(group)."
            for (key, count) in try tx.counters.all(prefix: prefix) {
                found[String(key.dropFirst(prefix.count)), default: Recommending()][keyPath: path] = count
            }
        }
        return found
    }

    private func indirectSatisfaction(_ tiers: [String: HelpMetrics]) throws -> JSON {
        func counted(_ prefix: String) throws -> [String: Int] {
            let counts = try tx.counters.all(prefix: prefix)
            return Dictionary(
                uniqueKeysWithValues: counts.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
        }
        let clients = try counted("clients.tier."), since = try counted("clients.since.")
        let sent = try counted("satisfaction.invitations.sent.")
        let answered = try counted("satisfaction.invitations.answered.")
        let today = Int(tx.now.microseconds / 86_400_000_000)
        func rate(_ sum: Int, of number: Int) -> JSON {
            number < HelpMeasure.sampleMin ? .null : .hundredths(Double(sum) / Double(number))
        }
        return .array(
            Set(clients.keys).union(tiers.keys).union(sent.keys).sorted().map { tier in
                let figures = tiers[tier] ?? HelpMetrics(), number = clients[tier] ?? 0
                let days = today * number - (since[tier] ?? 0)
                return [
                    "tier": .string(tier), "clients": JSON(number),
                    "tickets_per_client": rate(figures[.created], of: number),
                    "reopened_rate": HelpMeasure.reopened.json(figures),
                    "invitations": JSON(sent[tier] ?? 0), "invitations_answered": JSON(answered[tier] ?? 0),
                    "answered_rate": rate(answered[tier] ?? 0, of: sent[tier] ?? 0),
                    "months_as_client": rate(Int(Double(days) / 30.44), of: number),
                ]
            })
    }

    private func bandOutcomes() throws -> [BandOutcome] {
        let counts = try tx.counters.all(prefix: "clients.outcome.").merging(
            tx.counters.all(prefix: "clients.band.")
        ) {
            first, _ in first
        }
        return BandOutcome.bands.map { band in
            func number(_ name: String) -> Int { counts["clients.\(name).\(band)"] ?? 0 }
            return BandOutcome(
                band: band, clients: number("band"), left: number("outcome.left"),
                grew: number("outcome.grew"), shrank: number("outcome.shrank"),
                referred: number("outcome.referred"))
        }
    }
}

func satisfactionRoutes(_ routes: inout Routes) {
    routes.get(
        "/v1/satisfaction", .permission("surveys:read"),
        "Get the satisfaction of clients, by their answers, behaviour and outcomes",
        .json(["type": "object"], "Satisfaction by segment, and what clients did.")
    ) { call in
        try call.allowQuery()
        return .read { .json(try $0.surveys.satisfaction()) }
    }
}
