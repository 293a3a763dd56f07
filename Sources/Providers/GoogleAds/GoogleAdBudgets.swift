package import Agents
package import Integrations
internal import JSON
package import Records
internal import Telemetry

/// The campaigns of Google Ads, and their budgets.
extension GoogleAds: AdService {
    private struct Budgeted {
        let ad: RemoteAd
        let resource: String?
    }

    package func setDailyBudget(
        _ budget: Money, of remote: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> RemoteAd {
        guard !remote.isEmpty, remote.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ToolFailure("invalid_answer", "the campaign has no id of digits", isRetryable: false)
        }
        let found = try await budgeted(remote, access, reach)
        guard !found.ad.isShared else {
            throw ToolFailure(
                "shared_budget", "other campaigns spend from the same budget", isRetryable: false)
        }
        guard let resource = found.resource, found.ad.dailyBudget?.currency == budget.currency,
            let unit = Currency(budget.currency)?.minorUnits
        else {
            throw ToolFailure(
                "refused", "the campaign has no daily budget in \(budget.currency)", isRetryable: false)
        }
        let (micros, isTooMuch) = budget.amount.multipliedReportingOverflow(by: 1_000_000 / unit)
        guard !isTooMuch else {
            throw ToolFailure("refused", "the budget is more than can be written", isRetryable: false)
        }
        try await write(micros, to: resource, isTrial: true, access, reach)
        var lost: ToolFailure?
        do throws(ToolFailure) {
            try await write(micros, to: resource, isTrial: false, access, reach)
        } catch  where error.isRetryable && error.code != "rate_limited" {
            lost = error
        }
        // The answer to the change does not count: the budget is read back.
        let written = try await budgeted(remote, access, reach).ad
        guard written.dailyBudget == budget else {
            throw lost
                ?? ToolFailure(
                    "not_written", "Google Ads has taken the budget, and still has another one",
                    isRetryable: false)
        }
        return written
    }

    private func write(
        _ micros: Int64, to resource: String, isTrial: Bool, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let body: JSON = [
            "operations": [
                [
                    "updateMask": "amountMicros",
                    "update": ["resourceName": .string(resource), "amountMicros": .string("\(micros)")],
                ]
            ], "partialFailure": false, "validateOnly": .bool(isTrial),
        ]
        _ = try await call("campaignBudgets:mutate", body, access, reach)
    }

    /// Reads a campaign with its budget.
    private func budgeted(
        _ remote: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Budgeted {
        let answer = try await call(
            "googleAds:search",
            [
                "query": .string(
                    """
                    SELECT customer.currency_code, \(Self.adFields) FROM campaign \
                    WHERE campaign.id = \(remote) AND campaign.status != 'REMOVED'
                    """)
            ], access, reach)
        guard let row = answer["results"]?.array?.first(where: { $0["campaign"]?["id"]?.text == remote }),
            let ad = Self.ad(in: row)
        else {
            throw ToolFailure("not_found", "Google Ads knows nothing of the campaign", isRetryable: false)
        }
        return Budgeted(ad: ad, resource: row["campaignBudget"]?["resourceName"]?.text)
    }

    /// The fields that are asked of each campaign beside its numbers.
    static let adFields = """
        campaign.id, campaign.name, campaign.status, campaign_budget.resource_name, \
        campaign_budget.amount_micros, campaign_budget.explicitly_shared
        """

    /// Returns the campaign of a row; `nil` where the row does not name it.
    static func ad(in row: JSON) -> RemoteAd? {
        guard let campaign = row["campaign"], let id = campaign["id"]?.text, let name = campaign["name"]?.text
        else { return nil }
        let status: RemoteAd.Status =
            switch campaign["status"]?.text {
            case "ENABLED"?: .enabled
            case "PAUSED"?: .paused
            case "REMOVED"?: .removed
            default: .unknown
            }
        let budget = row["campaignBudget"]
        return RemoteAd(
            id, name, status, money(budget?["amountMicros"], row),
            isShared: budget?["explicitlyShared"] == true)
    }

    /// Returns what a campaign cost and brought on a day; `nil` where the row does not name it.
    static func adDay(in row: JSON, on day: CivilDate) -> RemoteAdDay? {
        guard let ad = ad(in: row), let numbers = row["metrics"] else { return nil }
        return RemoteAdDay(
            ad, on: day, spend: money(numbers["costMicros"], row) ?? money("0", row),
            clicks: count(numbers["clicks"]), impressions: count(numbers["impressions"]))
    }

    private static func count(_ value: JSON?) -> Int64 {
        value?.int ?? value?.text.flatMap { Int64($0) } ?? 0
    }

    /// Returns an amount of millionths of a currency's unit.
    private static func money(_ micros: JSON?, _ row: JSON) -> Money? {
        guard let micros, let currency = row["customer"]?["currencyCode"]?.text.flatMap({ Currency($0) }),
            let whole = micros.int ?? micros.text.flatMap({ Int64($0) }), whole >= 0
        else { return nil }
        let part = 1_000_000 / currency.minorUnits
        return Money(amount: (whole + part / 2) / part, currency: currency.code)
    }
}
