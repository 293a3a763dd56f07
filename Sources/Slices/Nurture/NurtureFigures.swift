internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Sequences

/// `/v1/nurture-figures`: how the seeded sequences do, and what they bring against doing nothing.
func nurtureFigures(_ routes: inout Routes, _ dependencies: NurtureDependencies) {
    routes.schema("NurtureFigures", NurtureFigures.schema)
    routes.event(
        "lead.reactivated", "Somebody who was known for over a year has asked for more.", about: "lead",
        ["contact_id": .anyText, "type": .anyText])
    routes.get(
        "/v1/nurture-figures", .permission("sequences:read"),
        "Get the metrics of nurture sequences, and their effect against a control group",
        named: "get_nurture_figures",
        query: [
            .query(
                "goal", "The goal for people; converted without it.",
                .choice(NurtureGoal.self))
        ],
        .json(.reference("NurtureFigures"), "The figures.")
    ) { call in
        try call.allowQuery("goal")
        let name = call.query("goal") ?? NurtureGoal.converted.rawValue
        guard let goal = NurtureGoal(rawValue: name) else {
            throw Problem(
                .invalidParameter, "goal must be one of \(NurtureGoal.choices.joined(separator: ", ")).")
        }
        return .read { reader in .json(try NurtureFigures(goal, dependencies, in: reader).json) }
    }
}

/// The figures of nurture, all from counters.
struct NurtureFigures {
    private let goal: NurtureGoal
    private let sequences: [(key: NurtureKey, figures: SequenceFigures?)]
    private let stages: [(name: String, leads: Int, moved: Int)]
    private let reactivated: Int, referrals: Int
    private let treated: (hits: Int, count: Int), heldOut: (hits: Int, count: Int)

    /// The people of each group that a difference is told of as sure from.
    private static let peopleMin = 100

    init(_ goal: NurtureGoal, _ dependencies: NurtureDependencies, in reader: some Queryable) throws {
        self.goal = goal
        sequences = try NurtureKey.allCases.map { key in
            (
                key,
                try reader.sequences.find(key: key.rawValue).map { try reader.sequences.figures(of: $0.id) }
            )
        }
        stages = try dependencies.stages(reader).map {
            ($0.name, $0.leads, try reader.counters.find("nurture.moved.\($0.name)"))
        }
        reactivated = try reader.counters.find("nurture.reactivated")
        referrals = try reader.counters.find("nurture.referrals")
        treated = try reader.nurture.counts(goal, heldOut: false)
        heldOut = try reader.nurture.counts(goal, heldOut: true)
    }

    private static let told: [SequenceFigures.Figure] = [.enrolled, .sent, .opened, .clicked, .replied]

    var json: JSON {
        [
            "sequences": .array(
                sequences.map { key, figures in
                    let counts = Self.told.map {
                        ($0.rawValue, JSON(figures?.counts[$0] ?? 0))
                    }
                    let exits = (figures?.exited ?? [:]).sorted { $0.key < $1.key }
                    return .object(
                        JSONObject(
                            [("key", .string(key.rawValue))] + counts
                                + [("exited", .object(JSONObject(exits.map { ($0.key, JSON($0.value)) })))]))
                }),
            "stages": .array(
                stages.map {
                    ["name": .string($0.name), "leads": JSON($0.leads), "moved": JSON($0.moved)]
                }),
            "reactivated": JSON(reactivated), "referrals": JSON(referrals), "lift": lift,
        ]
    }

    /// The difference between those who were kept in touch with and those who were not, with an interval that holds
    /// whenever one looks.
    private var lift: JSON {
        func rate(_ group: (hits: Int, count: Int)) -> Double {
            group.count == 0 ? 0 : Double(group.hits) / Double(group.count)
        }
        let test = SequentialTest(treated, against: heldOut)
        let hasEnough = min(treated.count, heldOut.count) >= Self.peopleMin
        return [
            "goal": .string(goal.rawValue), "treated": JSON(treated.count), "held_out": JSON(heldOut.count),
            "rate_treated": .number(rate(treated)), "rate_held_out": .number(rate(heldOut)),
            "difference": .number(test?.difference ?? rate(treated) - rate(heldOut)),
            "low": .number(test?.low ?? -1), "high": .number(test?.high ?? 1),
            "sure": .bool(hasEnough && (test.map { $0.chance < SequentialTest.chanceMax } ?? false)),
        ]
    }

    static let schema: JSON = {
        func number(_ about: String) -> JSON { ["type": "number", "description": .string(about)] }
        func count(_ about: String) -> JSON { ["type": "integer", "description": .string(about)] }
        let sequence = JSON.schema(
            [
                "key": .choice(NurtureKey.self), "enrolled": count("How many have begun with it."),
                "sent": count("How many messages have left."),
                "opened": count("How many of them were opened by people."),
                "clicked": count("Of how many of them a link was followed."),
                "replied": count("How many of them were answered."),
                "exited": [
                    "type": "object", "additionalProperties": ["type": "integer"],
                    "description": "How many have left it before its end, by reason.",
                ],
            ], required: ["key", "enrolled", "sent", "opened", "clicked", "replied", "exited"])
        let stage = JSON.schema(
            [
                "name": ["type": "string"], "leads": count("How many leads are in the stage."),
                "moved": count("How many leads have come into it."),
            ], required: ["name", "leads", "moved"])
        let lift = JSON.schema(
            [
                "goal": .choice(NurtureGoal.self),
                "treated": count("How many people were kept in touch with."),
                "held_out": count("How many people were drawn to get nothing."),
                "rate_treated": number("The share of the first who did what is hoped for."),
                "rate_held_out": number("The share of the others who did."),
                "difference": number("The first share less the second."),
                "low": number("The low end of the interval of the difference."),
                "high": number("The high end of the interval of the difference."),
                "sure": ["type": "boolean", "description": "Whether the difference is more than chance."],
            ],
            required: [
                "goal", "treated", "held_out", "rate_treated", "rate_held_out", "difference", "low", "high",
                "sure",
            ])
        return .schema(
            [
                "sequences": [
                    "type": "array", "items": sequence,
                    "description": "How each of the seeded sequences does.",
                ],
                "stages": ["type": "array", "items": stage],
                "reactivated": count("How many leads have come back after a year."),
                "referrals": count("How many people were recommended."),
                "lift": lift.merging([
                    "description": "The effect of keeping in touch, compared with doing nothing."
                ]),
            ], required: ["sequences", "stages", "reactivated", "referrals", "lift"])
    }()
}
