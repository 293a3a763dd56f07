package import Agents
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Google Ads, as far as what campaigns cost and bring, their budgets, and audiences:
/// https://developers.google.com/google-ads/api
package struct GoogleAds: GoogleService {
    package let name = "google_ads"
    package let title = "Google Ads"
    package let capabilities: Set<Capability> = [.advertising]
    package let scope = "https://www.googleapis.com/auth/adwords \(GoogleAds.dataManagerScope)"
    package let credentials =
        GoogleConsent.credentials + [
            CredentialField("developer_token", "The developer token of the manager account.")
        ]
    package let settings =
        [
            SettingField(
                "customer_id", .text(max: 20), required: true, "The account: ten digits without dashes."),
            SettingField(
                "login_customer_id", .text(max: 20),
                "The manager account through which access comes: digits."),
            SettingField("api_version", .text(max: 10), "The version of the API; v26 otherwise."),
            SettingField(
                "ad_budget_cap", .integer(1...Money.amountMax),
                "The most that a campaign may be given for a day, in minor units of the account's currency."),
        ] + GoogleConsent.settings
    package let baseURL: String? = "https://googleads.googleapis.com"
    package let settlingDays = 7
    package let daysMax = 31

    /// Each version lives for about a year.
    static let version = "v26"
    let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            let answer = try await search(
                "SELECT customer.id, customer.currency_code FROM customer LIMIT 1", nil, access,
                ConnectorCall())
            guard answer["results"]?.array?.first?["customer"] != nil else { throw wire.unreadable }
            return "The account can be read."
        }
    }

    package func page(
        from first: CivilDate, through last: CivilDate, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MetricPage {
        let answer = try await search(
            """
            SELECT customer.currency_code, \(Self.adFields), segments.date, metrics.impressions, metrics.clicks, \
            metrics.cost_micros, metrics.conversions, metrics.conversions_value FROM campaign \
            WHERE segments.date BETWEEN '\(first.iso)' AND '\(last.iso)' ORDER BY segments.date
            """, cursor, access, reach)
        // Without rows the member is missing, and then the answer says so by its others.
        guard let rows = answer["results"]?.array ?? (answer["fieldMask"] != nil ? [] : nil) else {
            throw wire.unreadable
        }
        var found: [DailyMetric] = [], ads: [RemoteAdDay] = []
        for row in rows {
            guard let day = row["segments"]?["date"]?.text.flatMap({ CivilDate(iso: $0) }),
                row["campaign"]?["id"] != nil, let numbers = row["metrics"]?.object
            else { throw wire.unreadable }
            let unit = row["customer"]?["currencyCode"]?.text
            if let ad = Self.adDay(in: row, on: day) { ads.append(ad) }
            let micros = try whole(numbers["costMicros"])
            found += [
                DailyMetric("impressions", on: day, Double(try whole(numbers["impressions"]))),
                DailyMetric("clicks", on: day, Double(try whole(numbers["clicks"]))),
                DailyMetric("cost", on: day, Double(micros) / 1_000_000, unit: unit),
                DailyMetric("conversions", on: day, try decimal(numbers["conversions"])),
                DailyMetric(
                    "conversions_value", on: day, try decimal(numbers["conversionsValue"]), unit: unit),
            ]
        }
        let next = answer["nextPageToken"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        let total = answer["totalResultsCount"]?.text.flatMap { Int($0) }
        var page = MetricPage(found, rows: rows.count, total: total, next: next)
        page.ads = ads
        return page
    }

    /// A whole number, which comes as a text; one that is 0 may be missing.
    private func whole(_ value: JSON?) throws(ToolFailure) -> Int64 {
        guard let value else { return 0 }
        guard let number = value.int ?? value.text.flatMap({ Int64($0) }) else { throw wire.unreadable }
        return number
    }

    private func decimal(_ value: JSON?) throws(ToolFailure) -> Double {
        guard let value else { return 0 }
        guard let number = value.double else { throw wire.unreadable }
        return number
    }

    private func search(
        _ query: String, _ cursor: String?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        var body: JSON = ["query": .string(query)]
        if let cursor { body = body.merging(["pageToken": .string(cursor)]) }
        return try await call("googleAds:search", body, access, reach)
    }

    /// Calls a method of the account.
    func call(
        _ method: String, _ body: JSON, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let customer = try digits(access.setting("customer_id") ?? "", "customer_id")
        var headers: [(name: String, value: String)] = [
            ("Authorization", "Bearer \(access.credential("access_token"))"),
            ("developer-token", access.credential("developer_token")),
        ]
        if let manager = access.setting("login_customer_id"), !manager.isEmpty {
            headers.append(("login-customer-id", try digits(manager, "login_customer_id")))
        }
        let answer = try await wire.ask(
            "\(access.baseURL)/\(access.setting("api_version") ?? Self.version)/customers/\(customer)/\(method)",
            access, reach,
            method: "POST", headers: headers, body: body)
        if let failure = failure(answer, reach) { throw failure }
        guard answer.body.object != nil else { throw wire.unreadable }
        return answer.body
    }

    /// Returns what an answer's error means: it is told by the one member of `errorCode`.
    private func failure(_ answer: LookupWire.Answer, _ reach: ConnectorCall) -> ToolFailure? {
        guard !answer.isGood else { return nil }
        let errors = answer.body["error"]?["details"]?.array?.flatMap { $0["errors"]?.array ?? [] } ?? []
        switch errors.first?["errorCode"]?.object?.members.first?.value.text {
        // The allowance of a day, which all agencies with one developer token share.
        case "RESOURCE_EXHAUSTED"?: return wire.pause(reach, for: answer.retryAfter ?? .seconds(3600))
        case "RESOURCE_TEMPORARILY_EXHAUSTED"?:
            let told = errors.first?["details"]?["quotaErrorDetails"]?["retryDelay"]?.text
            let seconds = told.flatMap { $0.hasSuffix("s") ? Double($0.dropLast()) : nil }
            let delay = seconds.map { Duration.milliseconds(Int64(min(max($0, 1), 3600) * 1000)) }
            return wire.pause(reach, for: delay ?? answer.retryAfter ?? .seconds(30))
        case "CUSTOMER_NOT_ENABLED"?, "DEVELOPER_TOKEN_NOT_APPROVED"?, "USER_PERMISSION_DENIED"?:
            return ToolFailure(
                IntegrationCheck.permissionCode,
                "Google Ads does not let this account be read: check login_customer_id and the developer token",
                isRetryable: false)
        case "REQUESTED_METRICS_FOR_MANAGER"?:
            return ToolFailure(
                "invalid_setting", "customer_id names a manager account, which has no numbers of its own",
                isRetryable: false)
        default: break
        }
        if answer.status == 404, answer.body.isNull {
            return ToolFailure(
                "version_gone", "Google Ads no longer has \(Self.version) of its API", isRetryable: false)
        }
        return wire.usualFailure(answer, reach)
    }

    func digits(_ text: String, _ setting: String) throws(ToolFailure) -> String {
        let digits = text.filter { $0 != "-" }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ToolFailure("invalid_setting", "\(setting) must have digits alone", isRetryable: false)
        }
        return digits
    }
}
