internal import Agents
internal import JSON
internal import Records

/// A budget that is shared out among channels: each gets its minimum, and the rest goes by what each brings.
struct BudgetAllocation {
    struct Channel: Equatable {
        let name: String
        let brings: Double
        let minShare: Double
        /// The cost so far, in minor units, and the results that it has brought: drawing rests on both.
        var spent: Int64 = 0
        var brought = 0.0
    }
    enum Method: String, Choice {
        /// In proportion to what each has brought.
        case proportional
        /// By how likely each is the best (`ThompsonSampling`).
        case thompson
    }
    struct Part: Equatable {
        let channel: Channel
        let amount: Int64
        let share: Double
        /// The part of the rest that it gets by what it brings.
        let weight: Double
    }

    static let minShare = 0.05

    let total: Money
    let channels: [Channel]
    /// The seed that the chances are drawn with; `nil`: the rest goes in proportion to return.
    let seed: UInt64?
    /// The draws for each channel; empty without drawing, and where nothing is known to draw from.
    let drawn: [ThompsonSampling.Drawn]

    /// The share that the minimum shares leave over.
    private var rest: Double { max(1 - channels.reduce(0) { $0 + $1.minShare }, 0) }

    /// Whether the minimum shares are more than there is; sums of fractions are off by a little.
    var asksTooMuch: Bool { channels.reduce(0) { $0 + $1.minShare } > 1 + 1e-9 }

    /// Returns what each gets, to the cent: what rounding leaves goes to the largest remainders, and among equals to
    /// those that come first.
    var parts: [Part] {
        guard !channels.isEmpty else { return [] }
        let weights = weights
        let shares = zip(channels, weights).map { $0.minShare + rest * $1 }
        let exact = shares.map { $0 * Double(total.amount) }
        var amounts = exact.map { Int64($0.rounded(.down)) }
        var left = total.amount - amounts.reduce(0, +)
        let order = exact.indices.sorted { a, b in
            let (first, second) = (exact[a] - Double(amounts[a]), exact[b] - Double(amounts[b]))
            return abs(first - second) > 1e-9 ? first > second : a < b
        }
        var turn = 0
        while left != 0 {
            let place = order[turn % order.count]
            if left > 0 {
                (amounts[place], left) = (amounts[place] + 1, left - 1)
            } else if amounts[place] > 0 {
                (amounts[place], left) = (amounts[place] - 1, left + 1)
            }
            turn += 1
        }
        return channels.indices.map {
            Part(channel: channels[$0], amount: amounts[$0], share: shares[$0], weight: weights[$0])
        }
    }

    /// The part of the rest that each channel gets.
    private var weights: [Double] {
        guard drawn.isEmpty else { return drawn.map(\.chance) }
        // Divided by the largest, so that no sum is infinite.
        let most = channels.map(\.brings).max() ?? 0
        let sum = most > 0 ? channels.reduce(0) { $0 + $1.brings / most } : 0
        return channels.map { sum > 0 ? $0.brings / most / sum : 1 / Double(channels.count) }
    }

    // MARK: The decision

    /// The agent in whose name budgets are shared out.
    static let agent = "budget_allocation"

    var inputs: JSON {
        var inputs: JSONObject = [
            "total": total.json,
            "channels": .array(
                channels.map { channel in
                    var told: JSONObject = [
                        "channel": .string(channel.name), "return": .number(channel.brings),
                        "min_share": .number(channel.minShare),
                    ]
                    guard seed != nil else { return .object(told) }
                    (told["spent"], told["brought"]) = (.integer(channel.spent), .number(channel.brought))
                    return .object(told)
                }),
        ]
        if let seed {
            inputs["method"] = .string(Method.thompson.rawValue)
            inputs["seed"] = .integer(Int64(seed))
        }
        return .object(inputs)
    }

    /// `seed`: the rest goes by chances that are drawn with it, where there is anything to draw from.
    init(_ total: Money, among channels: [Channel], seed: UInt64? = nil) {
        (self.total, self.channels, self.seed) = (total, channels, seed)
        let minor = Double(Currency(total.currency)?.minorUnits ?? 100)
        guard let seed, channels.contains(where: { $0.brought > 0 }) else {
            drawn = []
            return
        }
        drawn = ThompsonSampling.draw(
            channels.map {
                ThompsonSampling.Channel(spent: Double($0.spent) / minor, brought: $0.brought)
            }, seed: seed)
    }

    /// The allocation that a decision was made from.
    init?(inputs: JSON) {
        guard let amount = inputs["total"]?["amount"]?.int, let currency = inputs["total"]?["currency"]?.text,
            let channels = inputs["channels"]?.array
        else { return nil }
        self.init(
            Money(amount: amount, currency: currency),
            among: channels.map {
                Channel(
                    name: $0["channel"]?.text ?? "", brings: $0["return"]?.double ?? 0,
                    minShare: $0["min_share"]?.double ?? Self.minShare, spent: $0["spent"]?.int ?? 0,
                    brought: $0["brought"]?.double ?? 0)
            }, seed: inputs["seed"]?.int.map { UInt64($0) })
    }

    var outcome: JSON { ["channels": .array(parts.indices.map { told(parts[$0], $0) })] }

    private func told(_ part: Part, _ place: Int) -> JSON {
        let told: JSON = [
            "channel": .string(part.channel.name),
            "amount": Money(amount: part.amount, currency: total.currency).json,
            "share": .number(Self.rounded(part.share)), "reason": .string(reason(part)),
        ]
        guard drawn.indices.contains(place) else { return told }
        let draw = drawn[place]
        return told.merging([
            "chance_best": .number(draw.chance),
            "return_range": [.number(Self.rounded(draw.low)), .number(Self.rounded(draw.high))],
        ])
    }

    private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

    private func reason(_ part: Part) -> String {
        let least = "\(Self.percent(part.channel.minShare)) % at least"
        if !drawn.isEmpty {
            return
                "\(least), and \(Self.percent(part.weight)) % of the rest, as it was the best that often of \(ThompsonSampling.draws) draws."
        }
        guard channels.contains(where: { $0.brings > 0 }) else {
            return "\(least), and an equal part of the rest: no channel has brought anything yet."
        }
        return
            "\(least), and \(Self.percent(part.weight)) % of the rest, as it brings that part of the return."
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int64((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    var conclusion: Conclusion {
        Conclusion(
            outcome: outcome, confidence: 1,
            factors: .array(
                parts.map {
                    [
                        "name": .string($0.channel.name), "value": .number($0.channel.brings),
                        "weight": .number(($0.weight * 1e6).rounded() / 1e6),
                        "contribution": .integer($0.amount), "evidence": [],
                    ]
                }),
            model: [
                "name": drawn.isEmpty ? "minimum_then_return" : "minimum_then_thompson", "version": "1",
            ], inputs: inputs)
    }
}

/// The body of `POST /v1/campaigns/{id}/allocate`.
struct AllocationBody: Declared {
    var total = Money(amount: 0, currency: "")
    var channels = Parts<ReturningChannel>()
    var method = BudgetAllocation.Method.proportional

    static let schema = Schema<AllocationBody>(
        "CampaignAllocationRequest",
        [
            .money("total", \.total, .required, .about("The amount that is shared out.")),
            .parts("channels", \.channels, max: 100, .required, .about("The channels that share it.")),
            .choice(
                "method", \.method, .standard("proportional"),
                .about(
                    "Whether the rest goes in proportion to return, or by how likely each channel is the best."
                )),
        ])

    /// `history`: what the channels of the campaign have cost and brought, which chances are drawn from.
    func allocation(_ history: ChannelHistory, seed: UInt64) throws(Problem) -> BudgetAllocation {
        var faults = Faults(), names: Set<String> = []
        for (index, channel) in channels.list.enumerated() where !names.insert(channel.channel).inserted {
            faults.add(
                "/channels/\(index)/channel", "duplicate_value",
                "The channel is named twice: give it one entry.")
        }
        if method == .proportional {
            for (index, channel) in channels.list.enumerated() where channel.brings == nil {
                faults.add("/channels/\(index)/return", "required", "return is required.")
            }
        }
        let allocation = BudgetAllocation(
            total,
            among: channels.list.map {
                BudgetAllocation.Channel(
                    name: $0.channel, brings: $0.brings ?? history.earns($0.channel),
                    minShare: $0.minShare ?? BudgetAllocation.minShare,
                    spent: history.spent[$0.channel] ?? 0, brought: history.brought[$0.channel] ?? 0)
            }, seed: method == .thompson ? seed : nil)
        if channels.list.isEmpty {
            faults.add("/channels", "required", "channels must have at least one entry.")
        }
        if allocation.asksTooMuch {
            faults.add(
                "/channels", "out_of_range",
                "The minimum shares must not be more than 1 together; each is 0.05 unless it says otherwise.")
        }
        guard faults.isEmpty else { throw Problem(faults: faults.list) }
        return allocation
    }
}

/// A channel, and what it brings for each unit of money.
struct ReturningChannel: Part {
    var channel = ""
    var brings: Double?
    var minShare: Double?

    static let schema = Schema<ReturningChannel>(
        "ReturningChannel",
        [
            .text("channel", \.channel, max: 80, .required, .line, .example("google_ads")),
            .number(
                "return", \.brings, in: 0...1e15, .example(3),
                .about("The return on its cost; required where the rest is shared out by it.")),
            .number(
                "min_share", \.minShare, in: 0...1, .example(0.1),
                .about("The share that it gets at least; 0.05 unless said.")),
        ])
}
