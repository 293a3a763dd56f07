internal import Database
internal import JSON
internal import Nouns
internal import Records

/// The budgets of a campaign's channels, shared out anew: what each has spent stays its own, and what is left goes by
/// what they bring. The sum stays the same, to the cent.
struct BudgetShift {
    struct Channel: Equatable {
        let name: String
        /// The budget that it has now.
        let from: Int64
        /// The money that it has spent, which nobody can take from it.
        let spent: Int64
        let brought: Double
        let minShare: Double
    }
    /// Why nothing is moved.
    enum Rest: String {
        case noBudget = "no_budget"
        case oneChannel = "one_channel"
        case nothingLeft = "nothing_left"
        case fewResults = "few_results"
        case minimums = "minimums_too_large"
        case tooLittle = "too_little"
    }
    /// Why people are asked.
    enum Excess: String {
        case shiftPerDay = "shift_per_day"
        case channelMax = "channel_max"
    }

    let total: Money?
    let channels: [Channel]
    /// The cost of channels that the campaign does not name.
    let elsewhere: Int64
    /// The sum that agents have moved today.
    let movedToday: Int64
    let seed: UInt64
    let limits: BudgetLimits
    /// The allocation of the rest; `nil` where it is not shared out.
    let allocation: BudgetAllocation?
    let rest: Rest?

    /// The budget of each channel then, in their order.
    let to: [Int64]

    init(
        _ total: Money?, _ channels: [Channel], elsewhere: Int64, movedToday: Int64, seed: UInt64,
        limits: BudgetLimits
    ) {
        (self.total, self.channels, self.elsewhere) = (total, channels, elsewhere)
        (self.movedToday, self.seed, self.limits) = (movedToday, seed, limits)
        let (allocation, rest) = Self.allocation(total, channels, elsewhere, seed, limits)
        let parts = allocation?.parts.map(\.amount)
        let to = parts.map { zip(channels, $0).map { $0.spent + $1 } } ?? channels.map(\.from)
        let moved = Self.moved(channels, to)
        let least = Int64((limits.shiftMin * Double(total?.amount ?? 0)).rounded(.up))
        if rest == nil, moved < max(least, 1) {
            (self.allocation, self.rest, self.to) = (nil, .tooLittle, channels.map(\.from))
        } else {
            (self.allocation, self.rest, self.to) = (allocation, rest, to)
        }
    }

    private static func allocation(
        _ total: Money?, _ channels: [Channel], _ elsewhere: Int64, _ seed: UInt64, _ limits: BudgetLimits
    ) -> (BudgetAllocation?, Rest?) {
        guard let total else { return (nil, .noBudget) }
        guard channels.count > 1 else { return (nil, .oneChannel) }
        let left = total.amount - elsewhere - channels.reduce(0) { $0 + $1.spent }
        guard left > 0 else { return (nil, .nothingLeft) }
        let results = channels.reduce(0) { $0 + max($1.brought, 0) }
        guard results > 0, results >= Double(limits.resultsMin) else { return (nil, .fewResults) }
        let minor = Double(Currency(total.currency)?.minorUnits ?? 100)
        let allocation = BudgetAllocation(
            Money(amount: left, currency: total.currency),
            among: channels.map { channel in
                BudgetAllocation.Channel(
                    name: channel.name,
                    brings: channel.spent > 0
                        ? max(channel.brought / (Double(channel.spent) / minor), 0) : 0,
                    minShare: channel.minShare, spent: channel.spent, brought: channel.brought)
            }, seed: limits.method == .thompson ? seed : nil)
        return allocation.asksTooMuch ? (nil, .minimums) : (allocation, nil)
    }

    /// Returns the sum that goes from one channel to another.
    private static func moved(_ channels: [Channel], _ to: [Int64]) -> Int64 {
        zip(channels, to).reduce(0) { $0 + max($1.1 - $1.0.from, 0) }
    }

    var moved: Int64 { Self.moved(channels, to) }

    /// The limits of the agency that it exceeds, so that people are asked; empty where it exceeds none.
    var excesses: [Excess] {
        guard let total, rest == nil else { return [] }
        var found: [Excess] = []
        if Double(movedToday + moved) > limits.shiftPerDay * Double(total.amount) + 1e-6 {
            found.append(.shiftPerDay)
        }
        let most = limits.channelMax * Double(total.amount) + 1e-6
        if zip(channels, to).contains(where: { $1 > $0.from && Double($1) > most }) {
            found.append(.channelMax)
        }
        return found
    }

    // MARK: The decision

    var inputs: JSON {
        [
            "total": total?.json ?? .null, "elsewhere": .integer(elsewhere),
            "moved_today": .integer(movedToday), "seed": .integer(Int64(seed)),
            "channels": .array(
                channels.map {
                    [
                        "channel": .string($0.name), "from": .integer($0.from), "spent": .integer($0.spent),
                        "brought": .number($0.brought), "min_share": .number($0.minShare),
                    ]
                }),
        ]
    }

    /// The shift that a decision was made from, under some limits; `nil`: the inputs are of none.
    init?(inputs: JSON, limits: BudgetLimits) {
        guard let seed = inputs["seed"]?.int, let moved = inputs["moved_today"]?.int,
            let channels = inputs["channels"]?.array
        else { return nil }
        var total: Money?
        if let amount = inputs["total"]?["amount"]?.int, let currency = inputs["total"]?["currency"]?.text {
            total = Money(amount: amount, currency: currency)
        }
        self.init(
            total,
            channels.map {
                Channel(
                    name: $0["channel"]?.text ?? "", from: $0["from"]?.int ?? 0,
                    spent: $0["spent"]?.int ?? 0, brought: $0["brought"]?.double ?? 0,
                    minShare: $0["min_share"]?.double ?? BudgetAllocation.minShare)
            }, elsewhere: inputs["elsewhere"]?.int ?? 0, movedToday: moved, seed: UInt64(seed),
            limits: limits)
    }

    var outcome: JSON {
        guard let total, let allocation, rest == nil else {
            return ["action": "none", "reason": JSON(rest?.rawValue)]
        }
        let shares = allocation.outcome["channels"]?.array ?? []
        return [
            "action": "move", "reason": .null,
            "moved": Money(amount: moved, currency: total.currency).json,
            "asks_because": .array(excesses.map { .string($0.rawValue) }),
            "channels": .array(
                zip(zip(channels, to), shares).map { pair, share in
                    let (channel, to) = pair
                    return share.merging([
                        "from": Money(amount: channel.from, currency: total.currency).json,
                        "amount": Money(amount: to, currency: total.currency).json,
                    ])
                }),
        ]
    }

    /// The channels with what each has brought for its money, and what changes for it.
    var factors: [JSON] {
        let parts = allocation?.parts
        return zip(channels, to).enumerated().map { place, pair in
            let (channel, to) = pair
            return [
                "name": .string(channel.name), "value": .number(channel.brought),
                "weight": .number(((parts?[place].weight ?? 0) * 1e6).rounded() / 1e6),
                "contribution": .integer(to - channel.from), "evidence": [],
            ]
        }
    }

    /// The model's name, as decisions tell it.
    var model: JSON {
        [
            "name": limits.method == .thompson ? "shift_by_thompson" : "shift_by_return", "version": "1",
        ]
    }
}

extension CampaignSpendingStore {
    /// Returns how what a campaign's channels may spend would be shared out anew.
    func shift(
        of campaign: Campaign, _ history: ChannelHistory, limits: BudgetLimits
    ) throws -> BudgetShift {
        let currency = try currency(of: campaign), today = try today()
        let channels = campaign.channels.list.map { channel in
            BudgetShift.Channel(
                name: channel.channel, from: channel.budget?.amount ?? 0,
                spent: history.spent[channel.channel] ?? 0, brought: history.brought[channel.channel] ?? 0,
                minShare: channel.minShare ?? BudgetAllocation.minShare)
        }
        let known = Set(channels.map(\.name)), sum = channels.reduce(0) { $0 + $1.from }
        let moved = try tx.first(
            """
            SELECT sum(moved) FROM campaign_shifts
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign.id) AND day = \(today.iso)
                AND agent IS NOT NULL
            """
        ) { $0.isNull(0) ? 0 : Int64($0.double(0)) }
        return BudgetShift(
            campaign.budget ?? (sum > 0 ? Money(amount: sum, currency: currency) : nil), channels,
            elsewhere: history.spent.reduce(0) { $0 + (known.contains($1.key) ? 0 : $1.value) },
            movedToday: moved ?? 0, seed: ThompsonSampling.seed(of: "\(campaign.id)/\(today.iso)"),
            limits: limits)
    }
}
