package import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
package import JSON
internal import Records
package import Telemetry

/// Meta's Marketing API, as far as what campaigns cost and bring, and their budgets:
/// https://developers.facebook.com/docs/marketing-api
package struct MetaAds: AdService, MetaService {
    package let name = "meta_ads"
    package let title = "Meta Ads"
    package let capabilities: Set<Capability> = [.advertising]
    package let credentials =
        [
            CredentialField(
                "access_token", required: false,
                "A token with the permission ads_read; ads_management, too, to set budgets."),
            CredentialField("app_secret", required: false, "The app's secret, by which calls are proven."),
        ] + MetaLogin.credentials
    package let settings =
        [
            SettingField(
                "ad_account_id", .text(max: 40), required: true, "The ad account: act_… or its digits."),
            SettingField("api_version", .text(max: 10), "The version of the API; v26.0 otherwise."),
            SettingField(
                "ad_budget_cap", .integer(1...Money.amountMax),
                "The most that a campaign may be given for a day, in minor units of the account's currency."),
        ] + SocialConsent.settings
    package let baseURL: String? = "https://graph.facebook.com"
    /// Actions of people who have seen an ad are counted for it for so long.
    package let settlingDays = 28
    package let daysMax = 31

    /// Each version lives for about a year.
    static let version = "v26.0"
    let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func login(_ settings: JSONObject) -> MetaLogin {
        MetaLogin(
            kind: .user, scopes: ["ads_read", "ads_management", "business_management"],
            graph: MetaGraph(wire))
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            let answer = try await ask(
                account(access), [("fields", "id,currency,account_status")], access, ConnectorCall())
            guard answer["id"]?.text != nil else { throw wire.unreadable }
            return "The ad account can be read."
        }
    }

    package func page(
        from first: CivilDate, through last: CivilDate, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MetricPage {
        let range: JSON = ["since": .string(first.iso), "until": .string(last.iso)]
        var query = [
            ("level", "campaign"),
            ("fields", Self.dayFields), ("time_range", range.serialized), ("time_increment", "1"),
            // Without it the numbers follow a setting of the account that may change.
            ("use_unified_attribution_setting", "true"), ("limit", "500"),
        ]
        if let cursor { query.append(("after", cursor)) }
        let answer = try await ask("\(account(access))/insights", query, access, reach)
        guard let rows = answer["data"]?.array else { throw wire.unreadable }
        var found: [DailyMetric] = []
        for row in rows {
            guard let day = row["date_start"]?.text.flatMap({ CivilDate(iso: $0) }),
                row["date_stop"]?.text == day.iso, row["campaign_id"]?.text != nil
            else { throw wire.unreadable }
            let unit = row["account_currency"]?.text
            found += [
                DailyMetric("impressions", on: day, try number(row["impressions"])),
                DailyMetric("clicks", on: day, try number(row["clicks"])),
                DailyMetric("cost", on: day, try number(row["spend"]), unit: unit),
                DailyMetric("leads", on: day, try count("lead", in: row["actions"])),
                DailyMetric(
                    "conversions_value", on: day, try count("purchase", in: row["action_values"]), unit: unit),
            ]
        }
        let paging = answer["paging"], after = paging?["cursors"]?["after"]?.text
        // The address of the next page has the token in it: its presence alone is of use.
        var page = MetricPage(found, rows: rows.count, next: paging?["next"]?.text == nil ? nil : after)
        page.ads = await adDays(in: rows, access, reach)
        return page
    }

    private static let dayFields = """
        campaign_id,campaign_name,account_currency,impressions,clicks,spend,actions,action_values,date_start,\
        date_stop
        """

    /// A number, which comes as a text; one that is 0 may be missing.
    private func number(_ value: JSON?) throws(ToolFailure) -> Double {
        guard let value else { return 0 }
        guard let number = value.text.flatMap(DecimalText.number) ?? value.double else {
            throw wire.unreadable
        }
        return number
    }

    private func count(_ type: String, in actions: JSON?) throws(ToolFailure) -> Double {
        guard let actions else { return 0 }
        guard let list = actions.array else { throw wire.unreadable }
        return try number(list.first { $0["action_type"]?.text == type }?["value"])
    }

    /// Returns the account as paths name it.
    func account(_ access: IntegrationAccess) throws(ToolFailure) -> String {
        let digits = (access.setting("ad_account_id") ?? "").replacing("act_", with: "")
        guard Self.isNumber(digits) else {
            throw ToolFailure(
                "invalid_setting", "ad_account_id must be act_ with digits", isRetryable: false)
        }
        return "act_\(digits)"
    }

    /// Returns whether a text is an id of theirs: nothing else becomes part of a path.
    static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Asks for what stands at a path, or changes it by another method.
    func ask(
        _ path: String, _ fields: [(String, String)], by method: String = "GET", _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let isRead = method == "GET"
        let token = access.credential("access_token"), secret = access.credential("app_secret")
        var fields = fields
        if !secret.isEmpty {
            let proof = Hex.encode(HMAC.sha256(key: Array(secret.utf8), Array(token.utf8)))
            fields.append(("appsecret_proof", proof))
        }
        let written = fields.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
        let url = "\(access.baseURL)/\(access.setting("api_version") ?? Self.version)/\(path)"
        let answer = try await wire.ask(
            isRead ? "\(url)?\(written)" : url, access, reach, method: method,
            headers: [("Authorization", "Bearer \(token)")], form: isRead ? nil : written)
        if let failure = failure(answer, reach) {
            let words = answer.body["error"]?["error_user_msg"]?.words
            guard failure.code == "refused", let words else { throw failure }
            throw ToolFailure("refused", access.redacted(words), isRetryable: false)
        }
        guard answer.body.object != nil else { throw wire.unreadable }
        return answer.body
    }
}
