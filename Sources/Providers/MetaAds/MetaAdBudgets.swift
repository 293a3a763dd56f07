package import Agents
package import Integrations
internal import JSON
package import Records
internal import Telemetry

/// The campaigns of Meta Ads, and their budgets. A campaign either has a budget of its own, or its ad sets have.
extension MetaAds {
    package func setDailyBudget(
        _ budget: Money, of remote: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> RemoteAd {
        guard Self.isNumber(remote) else {
            throw ToolFailure("invalid_answer", "the campaign has no id of digits", isRetryable: false)
        }
        let currency = try await currency(access, reach)
        let found = try await campaign(remote, currency, access, reach)
        guard !found.isShared else {
            throw ToolFailure(
                "shared_budget", "the budget stands with the campaign's ad sets", isRetryable: false)
        }
        guard found.dailyBudget != nil, currency.code == budget.currency else {
            throw ToolFailure(
                "refused", "the campaign has no daily budget in \(budget.currency)", isRetryable: false)
        }
        let amount = "\(try MetaAmount.written(budget, currency))"
        let trial = [("daily_budget", amount), ("execution_options", #"["validate_only"]"#)]
        try await write(trial, to: remote, access, reach)
        var lost: ToolFailure?
        do throws(ToolFailure) {
            try await write([("daily_budget", amount)], to: remote, access, reach)
        } catch  where error.isRetryable && error.code != "rate_limited" {
            lost = error
        }
        // The answer to the change does not count: the budget is read back.
        let written = try await campaign(remote, currency, access, reach)
        guard written.dailyBudget == budget else {
            throw lost
                ?? ToolFailure(
                    "not_written", "Meta Ads has taken the budget, and still has another one",
                    isRetryable: false)
        }
        return written
    }

    private func write(
        _ fields: [(String, String)], to remote: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let answer = try await ask(remote, fields, by: "POST", access, reach)
        guard answer["success"] == true else { throw wire.unreadable }
    }

    func currency(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Currency {
        let answer = try await ask(account(access), [("fields", "id,currency")], access, reach)
        guard let currency = answer["currency"]?.text.flatMap({ Currency($0) }) else {
            throw wire.unreadable
        }
        return currency
    }

    /// Reads a campaign with its budget.
    func campaign(
        _ remote: String, _ currency: Currency, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> RemoteAd {
        let answer = try await ask(remote, [("fields", Self.adFields)], access, reach)
        guard answer["id"]?.text == remote, let ad = Self.ad(in: answer, currency) else {
            throw ToolFailure("not_found", "Meta Ads knows nothing of the campaign", isRetryable: false)
        }
        return ad
    }

    // MARK: Reading

    private static let adFields = "id,name,status,effective_status,daily_budget,lifetime_budget"
    /// The most pages of campaigns that are read at once.
    static let pagesMax = 50

    /// Returns what the campaigns of rows cost and brought. Without the list of campaigns there is nothing to tell of
    /// them, and the numbers of the rows count all the same.
    func adDays(
        in rows: [JSON], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async -> [RemoteAdDay] {
        let days = rows.compactMap(AdDay.init)
        guard let known = try? await campaigns(named: Set(days.map(\.id)), access, reach) else { return [] }
        return days.map { day in
            let ad: RemoteAd =
                known[day.id].flatMap { Self.ad(in: $0, day.currency) }
                // It is neither running nor paused any more.
                ?? RemoteAd(day.id, day.name, .unknown, nil, isShared: false)
            return RemoteAdDay(
                ad, on: day.date, spend: day.spend, clicks: day.clicks, impressions: day.impressions)
        }
    }

    /// Reads those campaigns of the account that run or are paused, page by page, until the named ones are found.
    private func campaigns(
        named wanted: Set<String>, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: JSON] {
        var found: [String: JSON] = [:], cursor: String?, pages = 0
        guard !wanted.isEmpty else { return [:] }
        repeat {
            var query = [
                ("fields", Self.adFields), ("effective_status", #"["ACTIVE","PAUSED"]"#), ("limit", "100"),
            ]
            if let cursor { query.append(("after", cursor)) }
            let answer = try await ask("\(account(access))/campaigns", query, access, reach)
            guard let list = answer["data"]?.array else { throw wire.unreadable }
            for one in list {
                if let id = one["id"]?.text, wanted.contains(id) { found[id] = one }
            }
            let paging = answer["paging"]
            cursor = paging?["next"]?.text == nil ? nil : paging?["cursors"]?["after"]?.text
            pages += 1
        } while cursor != nil && found.count < wanted.count && pages < Self.pagesMax
        return found
    }

    private static func ad(in campaign: JSON, _ currency: Currency) -> RemoteAd? {
        guard let id = campaign["id"]?.text, let name = campaign["name"]?.text else { return nil }
        let status: RemoteAd.Status =
            switch campaign["effective_status"]?.text ?? campaign["status"]?.text {
            case "ACTIVE"?: .enabled
            case "PAUSED"?: .paused
            case "DELETED"?, "ARCHIVED"?: .removed
            default: .unknown
            }
        let daily = MetaAmount.read(campaign["daily_budget"], currency)
        let isOfAdSets = daily == nil && MetaAmount.read(campaign["lifetime_budget"], currency) == nil
        return RemoteAd(id, name, status, daily, isShared: isOfAdSets)
    }
}

/// The day of a campaign, as a row has it.
private struct AdDay {
    let id: String, name: String
    let date: CivilDate
    let currency: Currency
    let spend: Money?
    let clicks: Int64, impressions: Int64

    init?(_ row: JSON) {
        guard let id = row["campaign_id"]?.text,
            let date = row["date_start"]?.text.flatMap({ CivilDate(iso: $0) }),
            let currency = row["account_currency"]?.text.flatMap({ Currency($0) })
        else { return nil }
        (self.id, name, self.date, self.currency) = (id, row["campaign_name"]?.text ?? id, date, currency)
        spend = MetaAmount.spend(row["spend"], currency)
        clicks = MetaAmount.whole(row["clicks"]) ?? 0
        impressions = MetaAmount.whole(row["impressions"]) ?? 0
    }
}

/// Amounts of money as Meta Ads has them: budgets in the smallest unit that it knows of a currency, which is the
/// whole of some that have cents elsewhere; what was spent in whole units with decimals.
enum MetaAmount {
    private static let wholeOnly: Set = [
        "CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND",
    ]

    /// Returns the number of a currency's smallest units that make one of it.
    static func offset(_ currency: Currency) -> Int64 { wholeOnly.contains(currency.code) ? 1 : 100 }

    static func whole(_ value: JSON?) -> Int64? { value?.int ?? value?.text.flatMap { Int64($0) } }

    /// A budget; `nil` where there is none, of which it says 0 as well.
    static func read(_ value: JSON?, _ currency: Currency) -> Money? {
        guard let units = whole(value), units > 0 else { return nil }
        let (amount, isTooMuch) = units.multipliedReportingOverflow(by: currency.minorUnits)
        return isTooMuch ? nil : Money(amount: amount / offset(currency), currency: currency.code)
    }

    static func written(_ budget: Money, _ currency: Currency) throws(ToolFailure) -> Int64 {
        let (units, isTooMuch) = budget.amount.multipliedReportingOverflow(by: offset(currency))
        guard !isTooMuch else {
            throw ToolFailure("refused", "the budget is more than can be written", isRetryable: false)
        }
        guard units % currency.minorUnits == 0 else {
            throw ToolFailure(
                "not_a_multiple", "Meta Ads takes budgets in whole \(currency.code)", isRetryable: false)
        }
        return units / currency.minorUnits
    }

    static func spend(_ value: JSON?, _ currency: Currency) -> Money? {
        guard let value else { return Money(amount: 0, currency: currency.code) }
        guard let number = value.text.flatMap(DecimalText.number) ?? value.double, number >= 0, number < 1e12
        else { return nil }
        return Money(
            amount: Int64((number * Double(currency.minorUnits)).rounded()), currency: currency.code)
    }
}
