internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The cost of one channel of a campaign on one day.
struct CampaignSpend: StoredRow {
    let id: String, channel: String
    let date: CivilDate
    let amount: Money
    let notedAt: Instant
    /// Whether a person or a program of the agency's has noted it; else an advertising service told it.
    let isByHand: Bool

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (id, channel) = (row.text("id"), row.text("channel"))
        date = CivilDate(iso: row.text("date")) ?? CivilDate(year: 1970, month: 1, day: 1)
        amount = Money(amount: row.int64("amount"), currency: row.text("currency"))
        notedAt = row.instant("noted_at")
        isByHand = row.text("source") != Self.ofService
    }

    /// The source of what an advertising service told.
    static let ofService = "service"

    var json: JSON {
        [
            "id": .string(id), "channel": .string(channel), "date": .string(date.iso), "amount": amount.json,
            "noted_at": .string(notedAt.description), "by_hand": .bool(isByHand),
        ]
    }
}

/// The pace at which a campaign spends.
struct CampaignPacing {
    enum Status: String, Choice {
        case onTrack = "on_track"
        case under, over
    }

    let spent: Money
    var expected: Money?
    var projected: Money?
    var status: Status?

    /// The error of the expected sum that is tolerated.
    private static let tolerance = 0.1

    /// `today` is not over: what is expected is for the days before it, and so compared with what these have cost,
    /// `before`.
    init(of campaign: Campaign, spent: Money, before: Int64, today: CivilDate) {
        self.spent = spent
        guard let start = campaign.startOn, let end = campaign.endOn, let budget = campaign.budget else {
            return
        }
        let days = end.daysSinceEpoch - start.daysSinceEpoch + 1
        let past = min(max(today.daysSinceEpoch - start.daysSinceEpoch, 0), days)
        let sum = Self.part(budget.amount, past, of: days)
        expected = Money(amount: sum, currency: budget.currency)
        if past > 0 {
            let projection = Self.part(before, days, of: past)
            projected = Money(amount: projection, currency: budget.currency)
        }
        let (low, high) = (Double(sum) * (1 - Self.tolerance), Double(sum) * (1 + Self.tolerance))
        status = Double(before) > high ? .over : Double(before) < low ? .under : .onTrack
    }

    /// Returns `amount × many ÷ all`, rounded.
    private static func part(_ amount: Int64, _ many: Int, of all: Int) -> Int64 {
        let (high, low) = amount.multipliedFullWidth(by: Int64(many))
        let (quotient, rest) = Int64(all).dividingFullWidth((high, low))
        return quotient + (rest * 2 >= Int64(all) ? 1 : 0)
    }

    var json: JSON {
        [
            "spent": spent.json, "expected": expected?.json ?? .null, "projected": projected?.json ?? .null,
            "status": JSON(status?.rawValue),
        ]
    }
}

/// The spending of campaigns, and what is left of their budgets: `tx.campaignSpending`.
struct CampaignSpendingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var campaignSpending: CampaignSpendingStore<Self> { CampaignSpendingStore(tx: self) }
}

extension CampaignSpendingStore {
    /// Returns the currency in which a campaign spends.
    func currency(of campaign: Campaign) throws -> String {
        try campaign.budget?.currency ?? campaign.channels.list.lazy.compactMap(\.budget).first?.currency
            ?? tx.reading.agency.tenant().currency
    }

    /// `day`: only what was spent before it.
    func spent(on campaign: Campaign, before day: CivilDate? = nil) throws -> Money {
        let currency = try currency(of: campaign)
        let earlier = day.map { " AND date < \($0.iso)" as SQL } ?? ""
        let sum = try tx.first(
            """
            SELECT sum(amount) FROM campaign_spend
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign.id) AND currency = \(currency)
            """ + earlier
        ) { $0.isNull(0) ? 0 : Int64($0.double(0)) }
        return Money(amount: sum ?? 0, currency: currency)
    }

    /// Returns what was spent, by channel and day, the newest days first.
    func all(on campaign: CampaignID, limit: Int = 5000) throws -> [CampaignSpend] {
        try tx.all(
            """
            SELECT \(CampaignSpend.columns) FROM campaign_spend
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign)
            ORDER BY date DESC, channel LIMIT \(limit)
            """, CampaignSpend.init)
    }

    func pacing(of campaign: Campaign) throws -> CampaignPacing {
        let today = try today()
        return CampaignPacing(
            of: campaign, spent: try spent(on: campaign),
            before: try spent(on: campaign, before: today).amount, today: today)
    }

    func today() throws -> CivilDate { try tx.reading.agency.zone().local(of: tx.now).date }
}

extension CampaignSpendingStore where Base == Transaction {
    /// The share of the budget at which people are warned, in percent.
    private static var warnedFrom: Int64 { 80 }

    /// Notes what a channel cost on a day, in the place of what was noted before; then looks at the budget.
    func note(_ spend: CampaignSpending, on id: CampaignID, by actor: Actor) throws -> Campaign {
        let old = try Campaign.resource.get(id, in: tx)
        var faults = Faults()
        if spend.amount.currency != (try currency(of: old)) {
            faults.add(
                "/amount/currency", "conflict",
                "The campaign spends in another currency: send the amount in the campaign's.")
        }
        if spend.date > (try today()) {
            faults.add("/date", "out_of_range", "date must not be in the future.")
        }
        try faults.throwIfAny()
        try tx.run(
            """
            INSERT INTO campaign_spend (tenant_id, campaign_id, channel, date, id, amount, currency, noted_at)
            VALUES (\(tx.tenant), \(id), \(spend.channel), \(spend.date.iso), \(tx.makeID("spend")), \(spend.amount.amount),
                \(spend.amount.currency), \(tx.now))
            ON CONFLICT (tenant_id, campaign_id, channel, date)
                DO UPDATE SET amount = excluded.amount, currency = excluded.currency, noted_at = excluded.noted_at,
                    source = 'person'
            """)
        try tx.auditLog.add(
            actor, "campaign.spend_noted", old.subject,
            [
                "channel": .string(spend.channel), "date": .string(spend.date.iso),
                "amount": spend.amount.json,
            ])
        var campaign = old
        try weigh(&campaign, stops: true)
        if campaign.warnedAt != old.warnedAt || campaign.exhaustedAt != old.exhaustedAt {
            try tx.update(old, to: &campaign, by: actor)
        }
        return campaign
    }

    /// Compares what is spent with the budget. What was told stays told until the budget itself is raised above it.
    func weigh(_ campaign: inout Campaign, stops: Bool = false) throws {
        guard let budget = campaign.budget else {
            (campaign.warnedAt, campaign.exhaustedAt) = (nil, nil)
            return
        }
        let spent = try spent(on: campaign).amount
        let isUsed = spent > 0 && spent >= budget.amount
        let isNearlyUsed = spent > 0 && spent >= budget.amount - budget.amount * (100 - Self.warnedFrom) / 100
        if stops {
            if isNearlyUsed { campaign.warnedAt = campaign.warnedAt ?? tx.now }
            if isUsed { campaign.exhaustedAt = campaign.exhaustedAt ?? tx.now }
        } else {
            campaign.warnedAt = isNearlyUsed ? campaign.warnedAt ?? tx.now : nil
            campaign.exhaustedAt = isUsed ? campaign.exhaustedAt ?? tx.now : nil
        }
        if isUsed, campaign.status == .active {
            (campaign.status, campaign.pausedBecause) = (.paused, .budget)
        }
    }
}

/// The body of `POST /v1/campaigns/{id}/spend`.
struct CampaignSpending: Declared {
    var channel = ""
    var date = CivilDate(year: 1970, month: 1, day: 1)
    var amount = Money(amount: 0, currency: "")

    static let schema = Schema<CampaignSpending>(
        "CampaignSpendRequest",
        [
            .text("channel", \.channel, max: 80, .required, .line, .example("google_ads")),
            .date("date", \.date, .required, .example("2030-01-31"), .about("The day it was spent on.")),
            .money("amount", \.amount, .required, .about("The cost of the channel on that day.")),
        ])
}
