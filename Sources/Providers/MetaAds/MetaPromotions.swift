package import Agents
package import Integrations
internal import JSON
internal import Records
internal import Telemetry

/// Posts of Facebook and Instagram as advertisements: https://developers.facebook.com/docs/marketing-api/creative
extension MetaAds: PostPromoting {
    package func promote(
        _ order: PromotionOrder, _ parts: PromotionParts, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PromotionParts {
        guard Self.isNumber(order.remoteCampaign) else { throw wire.unreadable }
        var parts = parts
        switch parts.next {
        case .adSet?: parts.adSet = try await adSet(order, access, reach)
        case .creative?: parts.creative = try await creative(order, access, reach)
        case .ad?: parts.ad = try await ad(order, parts, access, reach)
        case nil: break
        }
        return parts
    }

    private static func name(_ order: PromotionOrder) -> String { "Bureau post (\(order.key))" }

    /// Returns what stands in a list under the name of an order; all pages of it are looked through.
    private func found(
        _ order: PromotionOrder, at edge: String, _ fields: String, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON? {
        var cursor: String?, pages = 0
        repeat {
            var query = [("fields", fields), ("limit", "100")]
            if let cursor { query.append(("after", cursor)) }
            let answer = try await ask(edge, query, access, reach)
            guard let list = answer["data"]?.array else { throw wire.unreadable }
            if let own = list.first(where: { $0["name"]?.text == Self.name(order) }) { return own }
            let paging = answer["paging"]
            cursor = paging?["next"]?.text == nil ? nil : paging?["cursors"]?["after"]?.text
            pages += 1
        } while cursor != nil && pages < Self.pagesMax
        return nil
    }

    private func made(_ answer: JSON) throws(ToolFailure) -> String {
        guard let id = answer["id"]?.label, Self.isNumber(id) else { throw wire.unreadable }
        return id
    }

    // MARK: Ad sets

    private static let adSetFields = "id,name,status,daily_budget,lifetime_budget,end_time"

    /// Makes the ad set that has the budget, paused, unless it is there; what stands there is read back.
    private func adSet(
        _ order: PromotionOrder, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        let currency = try await currency(access, reach)
        let amount = try budget(order, currency)
        let edge = "\(order.remoteCampaign)/adsets"
        if let known = try await found(order, at: edge, Self.adSetFields, access, reach) {
            return try checked(known, order, currency)
        }
        guard try await campaign(order.remoteCampaign, currency, access, reach).isShared else {
            throw ToolFailure(
                "own_budget", "the campaign has a budget of its own, so that its ad sets cannot have one",
                isRetryable: false)
        }
        let targeting: JSON = ["geo_locations": ["countries": JSON(order.countries)]]
        var fields = [
            ("name", Self.name(order)), ("campaign_id", order.remoteCampaign), amount,
            ("billing_event", "IMPRESSIONS"), ("optimization_goal", "POST_ENGAGEMENT"),
            ("bid_strategy", "LOWEST_COST_WITHOUT_CAP"), ("targeting", targeting.serialized),
            ("end_time", "\(order.endAt.microseconds / 1_000_000)"), ("status", "PAUSED"),
        ]
        if let start = order.startAt { fields.append(("start_time", "\(start.microseconds / 1_000_000)")) }
        let account = try account(access)
        _ = try await ask(
            "\(account)/adsets", fields + [("execution_options", #"["validate_only"]"#)], by: "POST", access,
            reach)
        let id = try made(try await ask("\(account)/adsets", fields, by: "POST", access, reach))
        return try checked(
            try await ask(id, [("fields", Self.adSetFields)], access, reach), order, currency)
    }

    private func budget(
        _ order: PromotionOrder, _ currency: Currency
    ) throws(ToolFailure) -> (String, String) {
        let (name, money) =
            order.daily.map { ("daily_budget", $0) } ?? order.lifetime.map { ("lifetime_budget", $0) }
            ?? ("daily_budget", Money(amount: 0, currency: ""))
        guard money.currency == currency.code else {
            throw ToolFailure(
                "currency", "the account at Meta Ads spends in \(currency.code)", isRetryable: false)
        }
        return (name, "\(try MetaAmount.written(money, currency))")
    }

    /// Throws where what stands there is not what was ordered: nothing of it may run then.
    private func checked(
        _ adSet: JSON, _ order: PromotionOrder, _ currency: Currency
    ) throws(ToolFailure) -> String {
        let id = try made(adSet)
        let end = MetaGraph.moment(adSet["end_time"])
        guard MetaAmount.read(adSet["daily_budget"], currency) == order.daily,
            MetaAmount.read(adSet["lifetime_budget"], currency) == order.lifetime,
            end.map({ abs($0.microseconds - order.endAt.microseconds) < 1_000_000 }) ?? false
        else {
            throw ToolFailure(
                "not_written", "the ad set at Meta Ads has another budget or end than was ordered",
                isRetryable: false)
        }
        return id
    }

    // MARK: Advertisements

    private func creative(
        _ order: PromotionOrder, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        let edge = "\(try account(access))/adcreatives"
        if let known = try await found(order, at: edge, "id,name", access, reach) { return try made(known) }
        var fields = [("name", Self.name(order))]
        switch order.story {
        case .page(let post): fields.append(("object_story_id", post))
        case .instagram(let media, let account):
            fields += [("source_instagram_media_id", media), ("instagram_user_id", account)]
        }
        return try made(try await ask(edge, fields, by: "POST", access, reach))
    }

    private func ad(
        _ order: PromotionOrder, _ parts: PromotionParts, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        guard let adSet = parts.adSet, let creative = parts.creative, Self.isNumber(adSet) else {
            throw wire.unreadable
        }
        if let known = try await found(order, at: "\(adSet)/ads", "id,name", access, reach) {
            return try made(known)
        }
        let named: JSON = ["creative_id": .string(creative)]
        return try made(
            try await ask(
                "\(try account(access))/ads",
                [
                    ("name", Self.name(order)), ("adset_id", adSet), ("creative", named.serialized),
                    ("status", "PAUSED"),
                ], by: "POST", access, reach))
    }

    /// The ad itself is the last to run, and the first to rest: before that nothing is spent. What Meta refuses rests,
    /// too: it would run once somebody there thinks better of it.
    package func run(
        _ parts: PromotionParts, _ isOn: Bool, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PromotionState {
        let told = try await set(parts, isOn ? "ACTIVE" : "PAUSED", access, reach)
        guard isOn else { return .resting }
        let refusal: String
        switch told["effective_status"]?.text {
        case "PENDING_REVIEW"?, "IN_PROCESS"?, "PREAPPROVED"?: return .inReview
        case "DISAPPROVED"?, "WITH_ISSUES"?:
            let words = told["issues_info"]?.array?.first?["error_message"]?.words
            refusal = access.redacted(words ?? "Meta Ads does not show the advertisement")
        case "CAMPAIGN_PAUSED"?: refusal = "the campaign is paused at Meta Ads"
        default: return .running
        }
        _ = try await set(parts, "PAUSED", access, reach)
        return .refused(refusal)
    }

    /// Sets ad set and ad as an absolute, and returns the ad as it was read back.
    private func set(
        _ parts: PromotionParts, _ status: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        guard let adSet = parts.adSet, let ad = parts.ad, Self.isNumber(adSet), Self.isNumber(ad) else {
            throw wire.unreadable
        }
        for node in status == "ACTIVE" ? [adSet, ad] : [ad, adSet] {
            do throws(ToolFailure) {
                _ = try await ask(node, [("status", status)], by: "POST", access, reach)
            } catch  where error.isRetryable && error.code != "rate_limited" {
                // The answer does not count: what stands there is read.
                continue
            }
        }
        let told = try await ask(ad, [("fields", "id,status,effective_status,issues_info")], access, reach)
        guard told["status"]?.text == status else {
            throw ToolFailure(
                "not_written", "Meta Ads still has the advertisement as it was", isRetryable: true)
        }
        return told
    }

    package func figures(
        ofAd ad: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PromotionFigures? {
        guard Self.isNumber(ad) else { throw wire.unreadable }
        let answer = try await ask(
            "\(ad)/insights",
            [("fields", "spend,impressions,reach,clicks,account_currency"), ("date_preset", "maximum")],
            access, reach)
        guard let rows = answer["data"]?.array else { throw wire.unreadable }
        guard let row = rows.first else { return nil }
        let currency = row["account_currency"]?.text.flatMap { Currency($0) }
        return PromotionFigures(
            spend: currency.flatMap { MetaAmount.spend(row["spend"], $0) },
            impressions: MetaAmount.whole(row["impressions"]) ?? 0, reach: MetaAmount.whole(row["reach"]),
            clicks: MetaAmount.whole(row["clicks"]) ?? 0)
    }
}
