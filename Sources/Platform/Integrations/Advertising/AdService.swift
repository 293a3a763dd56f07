package import Agents
package import Database
package import Records
package import Telemetry

/// A service of advertisements whose campaigns are read along with their metrics, and whose budgets can be changed. One
/// instance serves every agency.
package protocol AdService: MetricService {
    /// Sets what a campaign may spend in a day, as an absolute: validated there first, then written, then read back.
    /// Done twice, it is the same. A budget that is not the campaign's alone is refused with
    /// `shared_budget`.
    func setDailyBudget(
        _ budget: Money, of remote: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> RemoteAd
}

/// A campaign as an advertising service knows it.
package struct RemoteAd: Hashable, Sendable {
    package enum Status: String, Choice { case enabled, paused, removed, unknown }

    package let id: String, name: String
    package let status: Status
    package let dailyBudget: Money?
    /// Whether the budget is not the campaign's alone: other campaigns spend from it, or it stands with its ad sets.
    package let isShared: Bool

    package init(_ id: String, _ name: String, _ status: Status, _ dailyBudget: Money?, isShared: Bool) {
        (self.id, self.name, self.status) = (id, name, status)
        (self.dailyBudget, self.isShared) = (dailyBudget, isShared)
    }
}

/// The cost and the results of a campaign of an advertising service on one day.
package struct RemoteAdDay: Hashable, Sendable {
    package let ad: RemoteAd
    package let date: CivilDate
    package let spend: Money?
    package let clicks: Int64, impressions: Int64

    package init(_ ad: RemoteAd, on date: CivilDate, spend: Money?, clicks: Int64, impressions: Int64) {
        (self.ad, self.date, self.spend) = (ad, date, spend)
        (self.clicks, self.impressions) = (clicks, impressions)
    }
}

/// Changes the budget of a campaign at an advertising service.
struct SetAdBudgetTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "set_ad_budget"
    let title = "Set the budget of an advertising campaign"
    let summary = "Sets what a campaign at an advertising service may spend in a day."
    let effect = ToolClass.spends
    let takesQuota = true
}

/// The campaigns of one integration's advertising service. Failures are `ToolFailure`.
package struct AdAccount: Sendable {
    private let service: any AdService
    private let calls: IntegrationCalls

    fileprivate init(_ service: any AdService, _ calls: IntegrationCalls) {
        (self.service, self.calls) = (service, calls)
    }

    /// Sets a campaign's daily budget, and returns the campaign as it was read back.
    package func setDailyBudget(_ budget: Money, of remote: String) async throws -> RemoteAd {
        try await calls.pass(SetAdBudgetTool.name) { access, reach async throws(ToolFailure) in
            try await service.setDailyBudget(budget, of: remote, access, reach)
        }
    }
}

extension IntegrationServices {
    /// Returns the way to the campaigns of an integration's service; `nil` where it is no such service.
    package func adAccount(
        of integration: Integration, _ tenant: TenantID, for caller: ToolCaller
    ) -> AdAccount? {
        guard let service = providers[integration.provider] as? any AdService else { return nil }
        return AdAccount(
            service,
            IntegrationCalls(
                provider: service, integration: integration.id, tenant: tenant, caller: caller,
                services: self, deadline: .seconds(60)))
    }
}
