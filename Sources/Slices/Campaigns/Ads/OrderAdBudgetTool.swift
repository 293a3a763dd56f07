internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Has an advertising service be told what one of its campaigns may spend in a day. An agent that wants it asks.
struct OrderAdBudgetTool: InsideTool {
    struct Input: Declared {
        var adCampaignID = ID<AdCampaign>.unset
        var dailyBudget = Money(amount: 0, currency: "")

        static let schema = Schema<Input>(
            "OrderAdBudgetInput",
            [
                .id("ad_campaign_id", \.adCampaignID, .required, .about("The ad campaign's id.")),
                .money("daily_budget", \.dailyBudget, .required, .about("The daily budget of the campaign.")),
            ])
    }

    static let name = "order_ad_budget"
    let title = "Order the daily budget of an ad campaign"
    let summary = "Has an advertising service be told what a campaign of it may spend in a day."
    let effect = ToolClass.spends
    // The money is counted when the service is told.
    let takesQuota = false

    func permission(for input: Input) -> Permission? { "campaigns:spend" }

    func preview(_ input: Input) -> ToolPreview {
        ToolPreview(
            title: Saying("approval.ad_budget", [:]).english, text: input.dailyBudget.shown,
            recipient: "\(input.adCampaignID)")
    }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        let ad = try AdCampaign.resource.get(input.adCampaignID, in: tx)
        guard let integration = try Integration.resource.find(ad.integrationID, in: tx) else {
            throw Problem(.conflict, "The integration is gone through which it was read.")
        }
        try ad.requireFitting(input.dailyBudget, at: integration)
        try tx.jobs.enqueue(
            AdBudgetJob.self,
            .init(
                ad: ad.id, amount: input.dailyBudget.amount, currency: input.dailyBudget.currency,
                kind: call.caller.actor.kind.rawValue, by: call.caller.actor.id),
            JobOptions(subject: ad.subject))
        return ["ad_campaign_id": JSON(ad.id), "daily_budget": input.dailyBudget.json]
    }
}

/// Tells an advertising service a daily budget that was ordered. It is an absolute, and may be told twice.
struct AdBudgetJob: JobKind {
    struct Payload: Codable, Sendable {
        let ad: ID<AdCampaign>, amount: Int64, currency: String
        /// The actor who has ordered it.
        let kind: String, by: String
    }

    static let kind = "ad_campaign.budget"
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    let services: IntegrationServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let budget = Money(amount: payload.amount, currency: payload.currency)
        let actor = Actor(Actor.Kind(rawValue: payload.kind) ?? .system, id: payload.by)
        let account = try job.read { reader -> AdAccount? in
            guard let ad = try AdCampaign.resource.find(payload.ad, in: reader),
                let integration = try Integration.resource.find(ad.integrationID, in: reader)
            else { return nil }
            let caller = ToolCaller(actor: actor, subject: ad.subject, clientID: integration.clientID)
            return services.adAccount(of: integration, job.tenant, for: caller)
        }
        guard let account else {
            throw JobFailure.terminal("no_provider", "the advertising service is not connected")
        }
        let remoteID = try job.read { try AdCampaign.resource.get(payload.ad, in: $0).remoteID }
        let remote: RemoteAd
        do {
            remote = try await account.setDailyBudget(budget, of: remoteID)
        } catch let failure as ToolFailure where failure.isRetryable {
            throw JobSnooze(for: failure.retryAfter ?? .seconds(60), waitingFor: failure.code)
        } catch let failure as ToolFailure {
            throw JobFailure.terminal(failure.code, failure.detail)
        }
        try await job.complete { tx in try tx.ads.set(budget, remote, of: payload.ad, by: actor) }
    }
}

extension AdStore where Base == Transaction {
    /// Keeps the budget that a service has taken.
    @discardableResult
    func set(
        _ budget: Money, _ remote: RemoteAd, of id: ID<AdCampaign>, by actor: Actor
    ) throws -> AdCampaign {
        let old = try AdCampaign.resource.get(id, in: tx)
        var ad = old
        try keep(remote, as: &ad, replacing: old)
        try tx.auditLog.add(
            actor, "ad_campaign.budget_set", ad.subject,
            ["from": old.dailyBudget?.json ?? .null, "to": budget.json])
        return ad
    }

    /// Returns the campaigns of services that are part of a campaign, and have a budget of their own.
    fileprivate func budgeted(in campaign: CampaignID) throws -> [AdCampaign] {
        try AdCampaign.resource.all(
            where: "campaign_id = \(campaign) AND status = 'enabled'", suffix: "ORDER BY id LIMIT 100", in: tx
        ).filter { !$0.isShared && $0.dailyBudget != nil }
    }
}

extension CampaignSpendingStore where Base == Transaction {
    /// A smaller difference is not worth a question.
    private static var shareMin: Double { 0.2 }

    /// Returns the daily budgets with which the campaigns of services spend what their channel has left, over the days
    /// that are left: in proportion to what they may spend now.
    func adBudgets(of campaign: Campaign) throws -> [(ad: AdCampaign, budget: Money)] {
        guard campaign.status == .active, let end = campaign.endOn, case let today = try today(), today <= end
        else { return [] }
        let days = Int64(end.daysSinceEpoch - today.daysSinceEpoch + 1)
        // Today is one of the days that are left, with what it has cost so far.
        let spent = Dictionary(
            try all(on: campaign.id).filter { $0.date < today }.map { ($0.channel, $0.amount.amount) },
            uniquingKeysWith: +)
        let ads = Dictionary(grouping: try tx.ads.budgeted(in: campaign.id), by: \.network)
        return campaign.channels.list.flatMap { channel -> [(AdCampaign, Money)] in
            guard let budget = channel.budget,
                let own = ads[channel.channel]?.filter({ $0.dailyBudget?.currency == budget.currency })
            else { return [] }
            let now = own.reduce(Int64(0)) { $0 + ($1.dailyBudget?.amount ?? 0) }
            let left = max(budget.amount - (spent[channel.channel] ?? 0), 0) / days
            guard now > 0, left > 0, abs(Double(left - now)) > Self.shareMin * Double(now) else { return [] }
            return own.map { ad in
                let part = Double(ad.dailyBudget?.amount ?? 0) / Double(now)
                return (ad, Money(amount: Int64(part * Double(left)), currency: budget.currency))
            }.filter { $0.1.amount > 0 }
        }
    }
}

extension CampaignID {
    /// Asks people for the daily budgets with which ad campaigns spend what their channels have left; answers which.
    func askForAdBudgets(_ run: AgentRun) async throws -> [JSON] {
        let wanted = try await run.write { tx in
            try Campaign.resource.find(self, in: tx).map { try tx.campaignSpending.adBudgets(of: $0) } ?? []
        }
        var asked: [JSON] = []
        for (ad, budget) in wanted {
            let waiting = try run.read {
                try $0.approvals.pending(OrderAdBudgetTool.name, about: ad.subject)
            }
            guard waiting == nil else { continue }
            do {
                let call = try await run.call(
                    OrderAdBudgetTool.name,
                    ["ad_campaign_id": JSON(ad.id), "daily_budget": budget.json],
                    effect: "budget/\(ad.id)", about: ad.subject,
                    reason: Saying("approval.ad_budget_why", ["name": .text(ad.name)]).english,
                    asksFirst: true)
                guard case .awaitsApproval(let approval) = call else { continue }
                asked.append(["ad_campaign_id": JSON(ad.id), "approval_id": JSON(approval)])
            } catch is ToolRefusal {
                continue
            }
        }
        return asked
    }
}
