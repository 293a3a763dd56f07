package import Agents
package import HTTPClient
package import Integrations
package import JSON
internal import Records
package import Telemetry

/// Adobe Analytics, its 2.0 API: https://developer.adobe.com/analytics-apis/docs/2.0/
package struct AdobeAnalytics: MarkedVisitService, OAuthProvider {
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
        SettingField(
            campaignSetting, .text(max: 60),
            "The dimension in which the sites keep the campaign that a link names, such as variables/campaign; null: visits by campaign are not read."
        ),
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

    /// The setting of the dimension in which the agency's sites keep the campaign that a link names.
    private static let campaignSetting = "campaign_dimension"
    /// The values of that dimension on a page, and the most that are looked through.
    private static let valuesMax = 10_000, valuePagesMax = 5
    /// The campaigns that one question asks about.
    private static let columnsMax = 20
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
        let report = try await report(
            ["metrics": .array(columns)], by: Self.daily, from: first, through: last, page: number,
            limit: 400, access, reach)
        var found: [DailyMetric] = []
        for row in report.rows {
            guard let day = Self.day(row.item) else { throw wire.unreadable }
            for (index, value) in row.values.enumerated() {
                if let value { found.append(DailyMetric(Self.metrics[index], on: day, value)) }
            }
        }
        let next = number + 1 < report.pages ? "\(number + 1)" : nil
        return MetricPage(found, rows: report.rows.count, total: report.total, next: next)
    }

    // MARK: Visits by campaign

    package func tellsMarks(_ settings: JSONObject) -> Bool {
        settings[Self.campaignSetting]?.text?.isEmpty == false
    }

    /// The service knows values by ids of its own: those of the marks are looked for, then counted by the day.
    package func marked(
        _ marks: [String], from first: CivilDate, through last: CivilDate, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [MarkedVisits] {
        guard let dimension = access.setting(Self.campaignSetting), !dimension.isEmpty else { return [] }
        let known = try await items(of: marks, in: dimension, from: first, through: last, access, reach)
        var found: [MarkedVisits] = []
        for start in stride(from: 0, to: known.count, by: Self.columnsMax) {
            let some = known[start..<min(start + Self.columnsMax, known.count)].enumerated()
            let columns = some.map { index, _ -> JSON in
                [
                    "columnId": .string("\(index)"), "id": "metrics/visits", "filters": [.string("\(index)")],
                ]
            }
            let filters = some.map { index, one -> JSON in
                [
                    "id": .string("\(index)"), "type": "breakdown", "dimension": .string(dimension),
                    "itemId": .string(one.item),
                ]
            }
            let report = try await report(
                ["metrics": .array(columns), "metricFilters": .array(filters)], by: Self.daily, from: first,
                through: last, page: 0, limit: 400, access, reach)
            // Half an answer is none.
            guard report.pages <= 1 else { throw wire.unreadable }
            for row in report.rows {
                guard let day = Self.day(row.item) else { throw wire.unreadable }
                for (value, (_, one)) in zip(row.values, some) {
                    if let value, value > 0 { found.append(MarkedVisits(one.mark, on: day, value)) }
                }
            }
        }
        return found
    }

    /// Returns the ids of those marks by which there were visits.
    private func items(
        of marks: [String], in dimension: String, from first: CivilDate, through last: CivilDate,
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [(mark: String, item: String)] {
        let wanted = Set(marks)
        var found: [(mark: String, item: String)] = [], number = 0, pages = 1
        while number < pages, number < Self.valuePagesMax, found.count < wanted.count {
            let report = try await report(
                ["metrics": [["columnId": "0", "id": "metrics/visits"]]], by: dimension, from: first,
                through: last, page: number, limit: Self.valuesMax, access, reach)
            found += report.rows.compactMap { row in
                row.name.flatMap { wanted.contains($0) ? (mark: $0, item: row.item) : nil }
            }
            (number, pages) = (number + 1, report.pages)
        }
        return found
    }

    // MARK: Reports

    private static let daily = "variables/daterangeday"

    private struct Report {
        struct Row {
            let item: String, name: String?
            /// The values of the columns, in the order in which they were asked for; `nil`: there is none.
            let values: [Double?]
        }

        let rows: [Row]
        let pages: Int, total: Int?
    }

    private func report(
        _ metrics: JSON, by dimension: String, from first: CivilDate, through last: CivilDate, page: Int,
        limit: Int, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Report {
        // The end is not included.
        let range = "\(first.iso)T00:00:00.000/\(last.adding(days: 1).iso)T00:00:00.000"
        var settings: JSONObject = [
            "limit": JSON(limit), "page": JSON(page), "countRepeatInstances": true,
            "nonesBehavior": "return-nones",
        ]
        if dimension == Self.daily { settings["dimensionSort"] = "asc" }
        let answer = try await ask(
            access, reach, "/reports",
            [
                "rsid": .string(access.setting("rsid") ?? ""),
                "globalFilters": [["type": "dateRange", "dateRange": .string(range)]],
                "metricContainer": metrics, "dimension": .string(dimension), "settings": .object(settings),
            ])
        // Adobe's mark of the last page is not to be relied on.
        guard let rows = answer["rows"]?.array, let pages = answer["totalPages"]?.int else {
            throw wire.unreadable
        }
        let count = metrics["metrics"]?.array?.count ?? 0
        let order = try order(of: answer["columns"], count: count)
        var found: [Report.Row] = []
        for row in rows {
            guard let item = row["itemId"]?.text, let cells = row["data"]?.array, cells.count == order.count
            else { throw wire.unreadable }
            var values = [Double?](repeating: nil, count: count)
            for (index, cell) in zip(order, cells) {
                if let value = try value(of: cell), let index { values[index] = value }
            }
            found.append(Report.Row(item: item, name: row["value"]?.text, values: values))
        }
        return Report(
            rows: found, pages: Int(pages), total: answer["totalElements"]?.int.map { Int($0) })
    }

    /// Returns which of the columns that were asked for each one of the answer is; `nil` for one that the service says
    /// has failed. It is told by ids, in whatever order.
    private func order(of columns: JSON?, count: Int) throws(ToolFailure) -> [Int?] {
        let failed = Set(columns?["columnErrors"]?.array?.compactMap { $0["columnId"]?.text } ?? [])
        let ids = columns?["columnIds"]?.array?.compactMap(\.text) ?? []
        let known = ids.map { Int($0).flatMap { (0..<count).contains($0) ? $0 : nil } }
        let missing = Set((0..<count).map { "\($0)" }).subtracting(ids).subtracting(failed)
        guard !known.contains(nil), Set(ids).count == ids.count, missing.isEmpty else {
            throw wire.unreadable
        }
        if ids.allSatisfy(failed.contains) {
            throw ToolFailure(
                IntegrationCheck.permissionCode, "Adobe Analytics permits none of the metrics",
                isRetryable: false)
        }
        return zip(ids, known).map { failed.contains($0) ? nil : $1 }
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
