internal import Glibc
internal import JSON
internal import Records
internal import Sequences

/// How often a variant was sent, and what came of it.
struct ContentFigures: Sendable {
    var sent = 0, delivered = 0, opened = 0, clicked = 0, replied = 0
    /// Those who followed a link or answered.
    var answered = 0
    var converted = 0

    var rate: Double { sent == 0 ? 0 : Double(min(answered, sent)) / Double(sent) }

    /// Bounds of the rate (Wilson, 95 %).
    var interval: (low: Double, high: Double) {
        guard sent > 0 else { return (0, 1) }
        let count = Double(sent), z = 1.96
        let centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
        let width = z * (rate * (1 - rate) / count + z * z / (4 * count * count)).squareRoot()
        let half = width / (1 + z * z / count)
        return (min(rate, max(0, centre - half)), max(rate, min(1, centre + half)))
    }
}

/// The results of an item's variants: which one does best, by the test that holds whenever one looks.
struct ContentResults: Sendable {
    /// Fewer people tell nothing.
    private static let leastSent = 20
    let names: [String]
    let figures: [String: ContentFigures]

    private func of(_ name: String) -> ContentFigures { figures[name] ?? ContentFigures() }

    /// The variant that is better than every other one, by more than chance.
    var winner: String? {
        guard names.count > 1, names.allSatisfy({ of($0).sent >= Self.leastSent }) else { return nil }
        let limit = SequentialTest.chanceMax / Double(names.count - 1)
        return names.first { name in
            names.allSatisfy { other in
                guard other != name else { return true }
                let (own, others) = (of(name), of(other))
                guard
                    let test = SequentialTest(
                        (hits: min(own.answered, own.sent), count: own.sent),
                        against: (hits: min(others.answered, others.sent), count: others.sent),
                        chanceMax: limit)
                else { return false }
                return test.difference > 0 && test.chance < limit
            }
        }
    }

    var json: JSON {
        let winner = winner
        let rows = names.map { name -> JSON in
            let own = of(name), (low, high) = own.interval
            return [
                "name": .string(name), "sent": JSON(own.sent), "delivered": JSON(own.delivered),
                "opened": JSON(own.opened), "clicked": JSON(own.clicked), "replied": JSON(own.replied),
                "converted": JSON(own.converted), "rate": .number(own.rate), "low": .number(low),
                "high": .number(high),
            ]
        }
        return ["variants": .array(rows), "winner": JSON(winner), "sure": .bool(winner != nil)]
    }

    static let schema = JSON.schema(
        [
            "variants": [
                "type": "array",
                "items": .schema(
                    [
                        "name": .anyText, "sent": .anyInteger, "delivered": .anyInteger,
                        "opened": .anyInteger, "clicked": .anyInteger, "replied": .anyInteger,
                        "converted": .anyInteger,
                        "rate": [
                            "type": "number",
                            "description":
                                "The share of those it was sent to who followed a link or answered.",
                        ],
                        "low": ["type": "number", "description": "The lower bound of the rate."],
                        "high": ["type": "number", "description": "The upper bound of the rate."],
                    ],
                    required: [
                        "name", "sent", "delivered", "opened", "clicked", "replied", "converted", "rate",
                        "low", "high",
                    ]),
            ],
            "winner": .textOrNull,
            "sure": [
                "type": "boolean",
                "description": "Whether one variant is better than every other by more than chance.",
            ],
        ], required: ["variants", "winner", "sure"])
}
