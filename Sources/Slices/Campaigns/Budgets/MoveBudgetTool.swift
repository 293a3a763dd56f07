internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Sets anew what the channels of a campaign may spend. The sum is never more than the campaign's budget, and no
/// channel gets less than it has spent.
struct MoveBudgetTool: InsideTool {
    struct Input: Declared {
        var campaignID = CampaignID.unset
        var channels = Parts<MovedBudget>()

        static let schema = Schema<Input>(
            "MoveCampaignBudgetInput",
            [
                .id("campaign_id", \.campaignID, .required, .about("The campaign's id.")),
                .parts(
                    "channels", \.channels, max: 30, .required,
                    .about("The channels whose budgets change, with what they are now.")),
            ])
    }

    static let name = "move_campaign_budget"
    let title = "Move a campaign's budget between channels"
    let summary = "Sets what the channels of a campaign may spend, within the campaign's budget."
    let effect = ToolClass.spends
    // It is money that was set aside already: nothing is bought.
    let takesQuota = false

    func permission(for input: Input) -> Permission? { "campaigns:write" }

    func preview(_ input: Input) -> ToolPreview {
        ToolPreview(
            title: Saying("approval.move_budget", [:]).english,
            text: input.channels.list.map(\.sentence).joined(separator: "; ") + ".",
            recipient: input.campaignID.keyText)
    }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        try tx.campaignSpending.move(
            input.channels.list, of: input.campaignID, by: call.caller.actor, agent: call.caller.agent,
            decision: call.caller.decisionID)
    }
}

/// A channel whose budget changes.
struct MovedBudget: Part {
    var channel = ""
    var from = Money(amount: 0, currency: "")
    var amount = Money(amount: 0, currency: "")

    init() {}

    init(_ channel: String, from: Money, to amount: Money) {
        (self.channel, self.from, self.amount) = (channel, from, amount)
    }

    static let schema = Schema<MovedBudget>(
        "MovedBudget",
        [
            .text("channel", \.channel, max: 80, .required, .line, .example("google_ads")),
            .money("from", \.from, .required, .about("The present budget of the channel.")),
            .money("amount", \.amount, .required, .about("The budget of the channel after the move.")),
        ])

    fileprivate var sentence: String { "\(channel): \(from.shown) → \(amount.shown)" }
}

extension Money {
    /// As the preview of an approval has it.
    var shown: String {
        let unit = Int64(Currency(currency)?.minorUnits ?? 100)
        guard unit > 1 else { return "\(amount) \(currency)" }
        let digits = "\(unit)".count - 1, rest = "\(amount % unit)"
        return
            "\(amount / unit).\(String(repeating: "0", count: max(digits - rest.count, 0)))\(rest) \(currency)"
    }
}

extension CampaignSpendingStore where Base == Transaction {
    /// Sets anew what channels may spend; what was proposed on other budgets than those of now is refused.
    fileprivate func move(
        _ moves: [MovedBudget], of id: CampaignID, by actor: Actor, agent: String?, decision: DecisionID?
    ) throws -> JSON {
        let old = try Campaign.resource.get(id, in: tx)
        guard old.status != .completed, old.exhaustedAt == nil else {
            throw Problem(.conflict, "The campaign is over, or all of its budget has been spent.")
        }
        var campaign = old, moved: Int64 = 0
        let currency = try currency(of: old), spent = try spentByChannel(id)
        for move in moves {
            guard let place = old.channels.list.firstIndex(where: { $0.channel == move.channel }),
                (old.channels.list[place].budget?.amount ?? 0) == move.from.amount,
                move.amount.currency == currency
            else {
                throw Problem(
                    .conflict,
                    "The budgets of the campaign's channels have changed since this was proposed: propose it anew."
                )
            }
            guard move.amount.amount >= spent[move.channel] ?? 0 else {
                throw Problem(.conflict, "\(move.channel) has spent more than it would have then.")
            }
            campaign.channels.list[place].budget = move.amount
            moved += max(move.amount.amount - move.from.amount, 0)
        }
        let sum = campaign.channels.list.reduce(Int64(0)) { $0 + ($1.budget?.amount ?? 0) }
        let sumBefore = old.channels.list.reduce(Int64(0)) { $0 + ($1.budget?.amount ?? 0) }
        guard sum <= max(old.budget?.amount ?? sumBefore, 0) else {
            throw Problem(
                .conflict, "The channels would have more than the campaign's budget: move less, or raise it.")
        }
        try tx.update(old, to: &campaign, by: actor, action: "campaign.budget_moved")
        try tx.run(
            """
            INSERT INTO campaign_shifts
                (tenant_id, campaign_id, id, day, moved, currency, channels, agent, decision_id, made_at)
            VALUES (\(tx.tenant), \(id), \(tx.makeID("shift_")), \(today().iso), \(moved), \(currency),
                \(JSON.array(moves.map { MovedBudget.schema.json($0) }).serialized), \(agent), \(decision), \(tx.now))
            """)
        return [
            "campaign_id": JSON(id), "moved": Money(amount: moved, currency: currency).json,
            "sum": .integer(sum),
        ]
    }

    private func spentByChannel(_ id: CampaignID) throws -> [String: Int64] {
        Dictionary(
            try all(on: id).map { ($0.channel, $0.amount.amount) }, uniquingKeysWith: +)
    }
}
