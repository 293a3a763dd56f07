internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

// An advertised post never spends more than the campaign that it is part of has left, nor more in a day than
// the integration's settings allow.

extension PostPromotion {
    /// Returns the number of days that it may spend on, begun ones among them.
    func days(from now: Instant) -> Int64 {
        let seconds = (endAt - max(startAt ?? now, now)).components.seconds
        return max(1, (seconds + 86_399) / 86_400)
    }

    /// Works out the most that it may spend.
    mutating func reckon(at now: Instant) {
        guard let daily = dailyBudget else { return total = lifetimeBudget }
        let (sum, isTooMuch) = daily.amount.multipliedReportingOverflow(by: days(from: now))
        total = Money(
            amount: isTooMuch ? Money.amountMax : min(sum, Money.amountMax), currency: daily.currency)
    }
}

extension PromotionStore {
    /// Adds what keeps a promotion from spending as much: the settings' cap, and what is left of its campaign.
    func check(
        _ promotion: PostPromotion, _ integration: Integration, _ faults: inout Faults
    ) throws {
        let field = promotion.dailyBudget == nil ? "lifetime_budget" : "daily_budget"
        guard let total = promotion.total else { return }
        if let cap = integration.settings["ad_budget_cap"]?.int {
            let days = promotion.days(from: tx.now)
            let daily = promotion.dailyBudget?.amount ?? (total.amount + days - 1) / days
            if daily > cap {
                faults.add(
                    "/\(field)/amount", "over_cap",
                    "The integration's settings allow \(cap) in minor units a day (ad_budget_cap): lower the budget."
                )
            }
        }
        guard let id = promotion.campaignID, let campaign = try Campaign.resource.find(id, in: tx) else {
            return
        }
        guard total.currency == (try tx.campaignSpending.currency(of: campaign)) else {
            return faults.add(
                "/\(field)/currency", "conflict",
                "The campaign spends in another currency: send the amount in the campaign's.")
        }
        guard let left = try left(of: campaign, beside: promotion, integration.provider) else { return }
        if total.amount > left {
            faults.add(
                "/\(field)/amount", "invalid_range",
                "The promotion may spend \(total.amount) in minor units, and the campaign has \(max(left, 0)) left."
            )
        }
    }

    /// Returns what is left of a campaign's budget and of its channel's, once the promotions that are open have spent
    /// all that they may; `nil`: neither has a budget.
    private func left(
        of campaign: Campaign, beside promotion: PostPromotion, _ channel: String
    ) throws -> Int64? {
        let promised = try open(of: campaign.id).filter { $0.id != promotion.id }
            .reduce(Int64(0)) { $0 + $1.rest }
        let spending = try tx.campaignSpending.all(on: campaign.id)
        let spent = try tx.campaignSpending.spent(on: campaign).amount
        var left = campaign.budget.map { $0.amount - spent - promised }
        if let part = campaign.channels.list.first(where: { $0.channel == channel })?.budget {
            let of = spending.filter { $0.channel == channel }.reduce(Int64(0)) { $0 + $1.amount.amount }
            left = min(left ?? .max, part.amount - of - promised)
        }
        return left
    }
}

extension PromotionStore where Base == Transaction {
    /// Has a promotion run that is ready: a person, or an agent to whom people have said yes.
    func start(_ id: ID<PostPromotion>, by actor: Actor) throws -> PostPromotion {
        let old = try PostPromotion.resource.get(id, in: tx)
        guard old.status == .ready || old.status == .stopped, old.parts.next == nil else {
            throw old.refusal()
        }
        guard old.endAt > tx.now else {
            throw Problem(.conflict, "The promotion's end has passed: make another one.")
        }
        guard let integration = try Integration.resource.find(old.integrationID, in: tx) else {
            throw Problem(.conflict, "The integration is gone through which it was made.")
        }
        if let campaign = try old.campaignID.flatMap({ try Campaign.resource.find($0, in: tx) }),
            campaign.status != .active
        {
            throw Problem(
                .conflict, "The campaign is \(campaign.status.rawValue): its advertisements do not run.")
        }
        var faults = Faults()
        try check(old, integration, &faults)
        try faults.throwIfAny()
        guard let promotion = try move(id, to: .starting, by: actor, { $0.reasons = Parts() }) else {
            throw Problem(.notFound)
        }
        try tx.auditLog.add(
            actor, "post_promotion.started", promotion.subject, ["total": promotion.total?.json ?? .null])
        try wake(id)
        return promotion
    }

    func stop(
        _ id: ID<PostPromotion>, because reasons: Parts<Reason>, by actor: Actor
    ) throws -> PostPromotion {
        let old = try PostPromotion.resource.get(id, in: tx)
        guard old.status.isOpen else { throw old.refusal() }
        guard old.status != .stopping else {
            try wake(id)
            return old
        }
        // An advertisement that was never told to run rests at the service already.
        let next: PostPromotion.Status = old.status.isOn ? .stopping : .stopped
        guard let promotion = try move(id, to: next, by: actor, { $0.reasons = reasons }) else {
            throw Problem(.notFound)
        }
        if next == .stopping { try wake(id) }
        return promotion
    }
}

/// Stops the advertisements of a campaign that does not run any more.
struct PromotionWatch: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event(), tx = tx.unlimited
        guard event.type == "campaign.paused" || event.type == "campaign.completed",
            let id = event.subject.id(of: Nouns.Campaign.self)
        else { return }
        for promotion in try tx.promotions.open(of: id) where promotion.status.isOn {
            let reason = Reason("campaign_paused", "The campaign does not run.")
            _ = try tx.promotions.stop(promotion.id, because: Parts([reason]), by: .system)
        }
    }
}
