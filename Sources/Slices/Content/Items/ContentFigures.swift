internal import Database
internal import Glibc
internal import JSON
internal import Records
internal import Sequences

/// The number of times that a variant was sent, and what came of it.
struct ContentFigures: Sendable {
    var sent = 0, delivered = 0, bounced = 0, opened = 0, clicked = 0, replied = 0
    /// Those that a program has opened, whether a person has or not.
    var machineOpened = 0
    /// Those who followed a link or answered.
    var answered = 0
    var converted = 0

    /// Returns the number of people who have done what it was sent for.
    func hits(of goal: ContentItem.Goal) -> Int { min(goal == .converted ? converted : answered, sent) }

    func rate(of goal: ContentItem.Goal) -> Double {
        sent == 0 ? 0 : Double(hits(of: goal)) / Double(sent)
    }

    /// Bounds of the rate (Wilson, 95 %).
    private func interval(of goal: ContentItem.Goal) -> (low: Double, high: Double) {
        guard sent > 0 else { return (0, 1) }
        let rate = rate(of: goal)
        let count = Double(sent), z = 1.96
        let centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
        let width = z * (rate * (1 - rate) / count + z * z / (4 * count * count)).squareRoot()
        let half = width / (1 + z * z / count)
        return (min(rate, max(0, centre - half)), max(rate, min(1, centre + half)))
    }
}

extension ContentFigures {
    /// All of some figures together.
    init(_ parts: some Sequence<ContentFigures>) {
        for one in parts {
            sent += one.sent
            delivered += one.delivered
            bounced += one.bounced
            opened += one.opened
            machineOpened += one.machineOpened
            clicked += one.clicked
            replied += one.replied
            answered += one.answered
            converted += one.converted
        }
    }

    /// Adds what the row has from a column on, in the order of `columns`.
    mutating func add(_ row: Row, from first: Int) {
        sent += row.int(first)
        delivered += row.int(first + 1)
        opened += row.int(first + 2)
        clicked += row.int(first + 3)
        replied += row.int(first + 4)
        answered += row.int(first + 5)
        converted += row.int(first + 6)
        bounced += row.int(first + 7)
        machineOpened += row.int(first + 8)
    }

    /// The columns of figures about rows of `content_deliveries`, which are called `d`.
    static let columns: SQL = """
        count(d.sent_at), count(d.delivered_at), count(d.opened_at), count(d.clicked_at), count(d.replied_at),
        count(coalesce(d.clicked_at, d.replied_at)),
        count(CASE WHEN d.sent_at IS NOT NULL AND EXISTS (SELECT 1 FROM leads
            WHERE leads.tenant_id = d.tenant_id AND leads.contact_id = d.contact_id
                AND leads.status = 'won' AND leads.closed_at > d.sent_at) THEN 1 END),
        count(d.bounced_at), count(d.machine_opened_at)
        """

    var json: JSON { json(for: .answered) }

    /// The figures with the rate of a goal.
    func json(for goal: ContentItem.Goal) -> JSON {
        let (low, high) = interval(of: goal)
        var object: JSONObject = [
            "sent": JSON(sent), "delivered": JSON(delivered), "bounced": JSON(bounced),
            "opened": JSON(opened), "machine_opened": JSON(machineOpened), "clicked": JSON(clicked),
            "replied": JSON(replied), "converted": JSON(converted), "rate": .number(rate(of: goal)),
            "low": .number(low), "high": .number(high),
        ]
        // A channel that tells of no arrival says nothing about its rate.
        let isTold = delivered + bounced > 0
        object["delivery_rate"] = isTold ? share(delivered) : .null
        object["open_rate"] = share(opened)
        object["click_rate"] = share(clicked)
        object["response_rate"] = share(replied)
        object["conversion_rate"] = share(converted)
        return .object(object)
    }

    private func share(_ count: Int) -> JSON {
        sent == 0 ? .null : .number(Double(min(count, sent)) / Double(sent))
    }

    /// The rates of what was sent, each of which is null as long as nothing is known of it.
    private static let rates = [
        "delivery_rate": "The share that was delivered; null where no arrival is told.",
        "open_rate": "The share that people opened.", "click_rate": "The share in which a link was followed.",
        "response_rate": "The share that was answered.",
        "conversion_rate": "The share of readers whose lead was won afterwards.",
    ]

    /// Returns the schema of figures, with what they are about.
    static func schema(_ about: JSONObject, required: [String]) -> JSON {
        var members = about
        let counts = ["sent", "delivered", "bounced", "opened", "clicked", "replied", "converted"]
        for name in counts { members[name] = .anyInteger }
        members["machine_opened"] = [
            "type": "integer", "description": "How many programs have opened, which counts for nothing else.",
        ]
        for (name, text) in rates.sorted(by: { $0.key < $1.key }) {
            members[name] = ["type": ["number", "null"], "description": .string(text)]
        }
        members["rate"] = [
            "type": "number",
            "description": "The share that followed a link or answered; of variants, that met the goal.",
        ]
        members["low"] = ["type": "number", "description": "The lower bound of the rate."]
        members["high"] = ["type": "number", "description": "The upper bound of the rate."]
        return .schema(
            members,
            required: required + counts + ["machine_opened", "rate", "low", "high"] + rates.keys.sorted())
    }
}

/// The results of an item's variants: which one does best, by the test that holds whenever one looks.
struct ContentResults: Sendable {
    /// Fewer people tell nothing.
    private static let leastSent = 20
    let names: [String]
    let figures: [String: ContentFigures]
    /// The measure by which they are compared.
    let goal: ContentItem.Goal
    /// Variants for readers of one kind: told, and compared with none.
    var untried: [String] = []

    func of(_ name: String) -> ContentFigures { figures[name] ?? ContentFigures() }

    /// A variant's rate against another one's; `nil` while nobody got either.
    func test(of name: String, against other: String) -> SequentialTest? {
        guard name != other, names.count > 1 else { return nil }
        let (own, others) = (of(name), of(other))
        return SequentialTest(
            (hits: own.hits(of: goal), count: own.sent),
            against: (hits: others.hits(of: goal), count: others.sent), chanceMax: limit)
    }

    /// The chance that counts, shared among the variants that are compared.
    private var limit: Double { SequentialTest.chanceMax / Double(max(1, names.count - 1)) }

    /// The variant that is better than every other one, by more than chance.
    var winner: String? {
        guard names.count > 1, names.allSatisfy({ of($0).sent >= Self.leastSent }) else { return nil }
        return names.first { name in
            names.allSatisfy { other in
                guard other != name else { return true }
                guard let test = test(of: name, against: other) else { return false }
                return test.difference > 0 && test.chance < limit
            }
        }
    }

    var json: JSON {
        let winner = winner
        let rows = (names + untried).map { name -> JSON in
            let test = untried.contains(name) ? nil : test(of: name, against: names[0])
            var row = of(name).json(for: goal).object ?? [:]
            row["name"] = .string(name)
            row["difference"] = test.map { .number($0.difference) } ?? .null
            row["interval"] = test.map { [.number($0.low), .number($0.high)] } ?? .null
            return .object(row)
        }
        return [
            "variants": .array(rows), "goal": .string(goal.rawValue), "winner": JSON(winner),
            "sure": .bool(winner != nil),
        ]
    }

    static let schema = JSON.schema(
        [
            "variants": [
                "type": "array",
                "items": ContentFigures.schema(
                    [
                        "name": .anyText,
                        "difference": [
                            "type": ["number", "null"],
                            "description": "The rate's distance from the first variant's.",
                        ],
                        "interval": [
                            "type": ["array", "null"], "items": ["type": "number"],
                            "description": "The bounds of the difference, which hold whenever one looks.",
                        ],
                    ], required: ["name", "difference", "interval"]),
            ],
            "goal": [
                "type": "string", "enum": ["answered", "converted"],
                "description": "By what they are compared: the item's goal.",
            ],
            "winner": .textOrNull,
            "sure": [
                "type": "boolean",
                "description": "Whether one variant is better than every other by more than chance.",
            ],
        ], required: ["variants", "goal", "winner", "sure"])
}
