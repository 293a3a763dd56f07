internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// The body of `POST /v1/ad-campaigns/{id}/budget`.
private struct AdBudgetBody: Declared {
    var dailyBudget = Money(amount: 0, currency: "")

    static let schema = Schema<AdBudgetBody>(
        "AdBudgetRequest",
        [.money("daily_budget", \.dailyBudget, .required, .about("The daily budget of the campaign."))])
}

/// The body of `PATCH /v1/ad-campaigns/{id}`.
private struct AdCampaignChange: Declared {
    var campaignID: CampaignID?

    static let schema = Schema<AdCampaignChange>(
        "AdCampaignUpdate",
        [
            .id(
                "campaign_id", \.campaignID,
                .about("The campaign that it is part of: what it costs is spent on that; null: of none."))
        ])
}

extension AdCampaign {
    fileprivate static let sharing = "Other campaigns, or parts of this one, spend from the budget."
}

/// The name of the setting that limits daily budgets, in minor units.
private let capSetting = "ad_budget_cap"

/// `/v1/ad-campaigns`: the campaigns of advertising services, and their budgets there.
func adRoutes(_ routes: inout Routes, _ integrations: IntegrationServices) {
    routes.declare(AdCampaign.resource)
    routes.shows(AdCampaign.resource, read: "campaigns:read")
    routes.declare(AdBudgetBody.self)
    routes.get(
        "/v1/ad-campaigns", .permission("campaigns:read"), "List the campaigns of advertising services",
        query: ParameterDoc.list(AdCampaign.resource), .list(AdCampaign.resource)
    ) { call in
        .read { reader in
            try ListQuery(AdCampaign.resource, call.request.head.query, dialect: reader.dialect)
                .page(in: reader)
        }
    }
    routes.get(
        "/v1/ad-campaigns/{id}", .permission("campaigns:read"), "Get a campaign of an advertising service",
        .record(AdCampaign.resource)
    ) { call in
        let id = try call.id("id", of: AdCampaign.self)
        return .read { .record(try AdCampaign.resource.get(id, in: $0)) }
    }
    routes.declare(AdCampaignChange.self)
    routes.patch(
        "/v1/ad-campaigns/{id}", .permission("campaigns:write"),
        "Make a campaign of an advertising service part of a campaign",
        body: .json(.reference("AdCampaignUpdate")), .record(AdCampaign.resource)
    ) { call in
        let id = try call.id("id", of: AdCampaign.self)
        let campaign = try call.body(AdCampaignChange.self).campaignID
        return .write { tx in .record(try tx.ads.put(id, into: campaign, by: call.actor)) }
    }
    routes.post(
        "/v1/ad-campaigns/{id}/budget", .permission("campaigns:spend"),
        "Set the daily budget of a campaign at its advertising service, which validates it first",
        body: .json(.reference("AdBudgetRequest")), .record(AdCampaign.resource)
    ) { call in
        let id = try call.id("id", of: AdCampaign.self)
        let budget = try call.body(AdBudgetBody.self).dailyBudget
        return .task {
            let (ad, integration) = try call.read { reader in
                let ad = try AdCampaign.resource.get(id, in: reader)
                guard let integration = try Integration.resource.find(ad.integrationID, in: reader) else {
                    throw Problem(.conflict, "The integration is gone through which it was read.")
                }
                return (ad, integration)
            }
            try ad.requireFitting(budget, at: integration)
            let caller = ToolCaller(
                actor: call.actor, subject: ad.subject, clientID: integration.clientID)
            guard let account = integrations.adAccount(of: integration, call.tenant, for: caller) else {
                throw Problem(.conflict, "\(integration.provider) has no budgets that could be set here.")
            }
            let remote = try await written(budget, of: ad, at: account)
            return try await call.commit { tx in
                .record(try tx.ads.set(budget, remote, of: id, by: call.actor))
            }
        }
    }
}

extension AdCampaign {
    /// Throws what is wrong with a daily budget that it is to have.
    func requireFitting(_ budget: Money, at integration: Integration) throws(Problem) {
        guard !isShared else { throw Problem(.sharedBudget, Self.sharing) }
        var faults = Faults()
        if budget.amount < 1 {
            faults.add("/daily_budget/amount", "out_of_range", "The budget must be above 0.")
        }
        if let currency = dailyBudget?.currency, currency != budget.currency {
            faults.add(
                "/daily_budget/currency", "conflict",
                "The campaign spends in \(currency): send the amount in that currency.")
        }
        if let cap = integration.settings[capSetting]?.int, budget.amount > cap {
            faults.add(
                "/daily_budget/amount", "over_cap",
                "The integration's settings allow \(cap) in minor units a day (\(capSetting)): lower the budget."
            )
        }
        guard faults.isEmpty else { throw Problem(faults: faults.list) }
    }
}

private func written(_ budget: Money, of ad: AdCampaign, at account: AdAccount) async throws -> RemoteAd {
    do {
        return try await account.setDailyBudget(budget, of: ad.remoteID)
    } catch let failure as ToolFailure {
        let type: ProblemType =
            switch failure.code {
            case "shared_budget": throw Problem(.sharedBudget, AdCampaign.sharing)
            case "rate_limited", "quota_exhausted": .serviceLimited
            default: failure.isRetryable ? .toolUnavailable : .conflict
            }
        throw Problem(type, "\(failure.detail) (\(failure.code)).")
    }
}
