package import Agents
package import HTTPClient
package import Integrations
package import JSON
internal import Records
package import Telemetry

/// Adobe Analytics, its 2.0 API: https://developer.adobe.com/analytics-apis/docs/2.0/
package struct AdobeAnalytics: MetricService, OAuthProvider {
    package let name = "adobe_analytics"
    package let title = "Adobe Analytics"
    package let capabilities: Set<Capability> = [.analytics]
    package let credentials = [
        CredentialField(
            OAuthCredential.access, required: false,
            "A token of the technical account; comes by itself where client_secret is given."),
        CredentialField("api_key", "The client id of the project in Adobe's developer console."),
        CredentialField(
            OAuthCredential.clientSecret, required: false,
            "The project's client secret, with which tokens are fetched."),
        CredentialField(OAuthCredential.expiry, required: false, "Comes by itself."),
    ]
    package let settings = [
        SettingField("company_id", .text(max: 100), required: true, "The global company id."),
        SettingField("rsid", .text(max: 100), required: true, "The report suite."),
        SettingField("token_url", .text(max: 300), "Where tokens come from, if not at the usual place."),
    ]
    package let baseURL: String? = "https://analytics.adobe.io"
    package let settlingDays = 3
    /// Twelve requests in six seconds, which all share who sign in with one client.
    package let limits = {
        var limits = IntegrationLimits()
        limits.minute = 120
        return limits
    }()
    /// It gives up after a minute; a month of days takes it seconds.
    package let daysMax = 31
    /// A day without a number has none; its days are always there.
    package let missingIsZero = false

    private static let scope = "openid,AdobeID,additional_info.projectedProductContext"
    private static let metrics = ["visits", "visitors", "pageviews", "orders", "revenue"]
    private let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            let suite = (access.setting("rsid") ?? "").percentEncoded
            let answer = try await ask(access, ConnectorCall(), "/metrics?rsid=\(suite)")
            guard answer.array != nil else { throw wire.unreadable }
            return "The report suite can be read."
        }
    }

    /// A token lives for a day; Adobe asks for the next after 23 hours.
    package let headStart: Duration = .seconds(3600)

    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        OAuthEndpoints(
            authorize: "",
            token: settings["token_url"]?.text ?? "https://ims-na1.adobelogin.com/ims/token/v3",
            scopes: [Self.scope])
    }

    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        let secret = access.credential(OAuthCredential.clientSecret)
        guard !secret.isEmpty else { return .none }
        return .client(id: access.credential("api_key"), secret: secret, scope: Self.scope)
    }

    package func wantsConsent(given names: [String]) -> Bool { false }

    package let ways = [[OAuthCredential.access], [OAuthCredential.clientSecret]]

    package func page(
        from first: CivilDate, through last: CivilDate, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MetricPage {
        let number = cursor.flatMap { Int($0) } ?? 0
        let columns = Self.metrics.enumerated().map { index, name -> JSON in
            ["columnId": .string("\(index)"), "id": .string("metrics/\(name)")]
        }
        // The end is not included.
        let range = "\(first.iso)T00:00:00.000/\(last.adding(days: 1).iso)T00:00:00.000"
        let answer = try await ask(
            access, reach, "/reports",
            [
                "rsid": .string(access.setting("rsid") ?? ""),
                "globalFilters": [["type": "dateRange", "dateRange": .string(range)]],
                "metricContainer": ["metrics": .array(columns)], "dimension": "variables/daterangeday",
                "settings": [
                    "dimensionSort": "asc", "limit": 400, "page": .integer(Int64(number)),
                    "countRepeatInstances": true, "nonesBehavior": "return-nones",
                ],
            ])
        guard let rows = answer["rows"]?.array, let pages = answer["totalPages"]?.int else {
            throw wire.unreadable
        }
        let order = try order(of: answer["columns"])
        var found: [DailyMetric] = []
        for row in rows {
            guard let day = row["itemId"]?.text.flatMap(Self.day), let cells = row["data"]?.array,
                cells.count == order.count
            else { throw wire.unreadable }
            for (name, cell) in zip(order, cells) {
                if let value = try value(of: cell), let name {
                    found.append(DailyMetric(name, on: day, value))
                }
            }
        }
        // What it says of the last page is not to be relied on.
        let next = Int64(number) + 1 < pages ? "\(number + 1)" : nil
        return MetricPage(
            found, rows: rows.count, total: answer["totalElements"]?.int.map { Int($0) }, next: next)
    }

    /// Returns which metric each column of the answer is; `nil` for one that the service says has failed. It is told by
    /// ids, in whatever order.
    private func order(of columns: JSON?) throws(ToolFailure) -> [String?] {
        let failed = Set(columns?["columnErrors"]?.array?.compactMap { $0["columnId"]?.text } ?? [])
        let ids = columns?["columnIds"]?.array?.compactMap(\.text) ?? []
        let known = ids.map { Int($0).flatMap { Self.metrics.indices.contains($0) ? $0 : nil } }
        let missing = Set(Self.metrics.indices.map { "\($0)" }).subtracting(ids).subtracting(failed)
        guard !known.contains(nil), Set(ids).count == ids.count, missing.isEmpty else {
            throw wire.unreadable
        }
        if ids.allSatisfy(failed.contains) {
            throw ToolFailure(
                IntegrationCheck.permissionCode, "Adobe Analytics permits none of the metrics",
                isRetryable: false)
        }
        return zip(ids, known).map { failed.contains($0) ? nil : $1.map { Self.metrics[$0] } }
    }

    /// A number is missing as a text: that is no number, not 0.
    private func value(of cell: JSON) throws(ToolFailure) -> Double? {
        if let number = cell.double { return number }
        guard cell.isNull || ["NaN", "INF", "-INF"].contains(cell.text) else { throw wire.unreadable }
        return nil
    }

    private func ask(
        _ access: IntegrationAccess, _ reach: ConnectorCall, _ path: String, _ body: JSON? = nil
    ) async throws(ToolFailure) -> JSON {
        let company = (access.setting("company_id") ?? "").percentEncoded
        let key = access.credential("api_key")
        let answer = try await wire.ask(
            "\(access.baseURL)/api/\(company)\(path)", access, reach, method: body == nil ? "GET" : "POST",
            headers: [
                ("Authorization", "Bearer \(access.credential("access_token"))"), ("x-api-key", key),
                ("x-proxy-global-company-id", access.setting("company_id") ?? ""),
            ], body: body)
        if answer.status == 504 {
            throw ToolFailure(
                "timeout", "Adobe Analytics needs too long for so many days: ask for fewer",
                isRetryable: true, blamesProvider: true)
        }
        if let failure = wire.usualFailure(answer, reach) { throw failure }
        guard !answer.body.isNull else { throw wire.unreadable }
        return answer.body
    }

    /// Reads the id of a day: `1YYMMDD`, with months from 00. Its words follow the locale.
    static func day(_ item: String) -> CivilDate? {
        guard item.utf8.count == 7, item.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(item), number / 1_000_000 == 1
        else { return nil }
        let (year, month, day) = (2000 + number / 10_000 % 100, number / 100 % 100 + 1, number % 100)
        guard (1...12).contains(month), (1...CivilDate.daysInMonth(month, year: year)).contains(day) else {
            return nil
        }
        return CivilDate(year: year, month: month, day: day)
    }
}
