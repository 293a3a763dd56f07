package import Agents
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Google Analytics 4, its Data API: https://developers.google.com/analytics/devguides/reporting/data/v1
package struct GoogleAnalytics: MarkedVisitService, GoogleService {
    package let name = "google_analytics"
    package let title = "Google Analytics"
    package let capabilities: Set<Capability> = [.analytics]
    package let scope = "https://www.googleapis.com/auth/analytics.readonly"
    package let credentials = GoogleConsent.credentials
    package let settings =
        [
            SettingField(
                "property_id", .text(max: 20), required: true,
                "The number of the property, which is neither G-… nor UA-….")
        ] + GoogleConsent.settings
    package let baseURL: String? = "https://analyticsdata.googleapis.com"
    package let settlingDays = 3
    package let daysMax = 93

    private static let metrics = [
        "sessions", "activeUsers", "newUsers", "screenPageViews", "keyEvents", "totalRevenue",
    ]
    private static let rowsMax = 10_000
    /// The campaign that brought a visit, as the link that was followed names it.
    private static let campaign = "sessionCampaignName"
    private let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            let answer = try await ask(access, ConnectorCall(), "/metadata")
            guard answer["metrics"]?.array != nil else { throw wire.unreadable }
            return "The property can be read."
        }
    }

    package func page(
        from first: CivilDate, through last: CivilDate, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MetricPage {
        let offset = cursor.flatMap { Int($0) } ?? 0
        let answer = try await ask(
            access, reach, ":runReport",
            [
                "dateRanges": [["startDate": .string(first.iso), "endDate": .string(last.iso)]],
                "dimensions": [["name": "date"]],
                "metrics": .array(Self.metrics.map { ["name": .string($0)] }),
                "orderBys": [["dimension": ["dimensionName": "date"]]],
                // The service writes whole numbers as texts.
                "limit": .string("\(Self.rowsMax)"), "offset": .string("\(offset)"),
                "returnPropertyQuota": true,
            ])
        let names = try names(of: answer, Self.metrics, by: ["date"])
        let unit = answer["metadata"]?["currencyCode"]?.text
        // Without rows both members are missing.
        let rows = answer["rows"]?.array ?? [], total = Int(answer["rowCount"]?.int ?? 0)
        var found: [DailyMetric] = []
        for row in rows {
            guard let day = row["dimensionValues"]?.array?.first?["value"]?.text.flatMap(Self.day),
                let values = row["metricValues"]?.array, values.count == names.count
            else { throw wire.unreadable }
            for (name, value) in zip(names, values) {
                guard let number = value["value"]?.text.flatMap(DecimalText.number) else {
                    throw wire.unreadable
                }
                found.append(DailyMetric(name, on: day, number, unit: name == "totalRevenue" ? unit : nil))
            }
        }
        let read = offset + rows.count
        // A page without rows before the end would be asked for again and again.
        if rows.isEmpty, read < total { throw wire.unreadable }
        return MetricPage(
            found, rows: rows.count, total: total, next: read < total ? "\(read)" : nil)
    }

    package func marked(
        _ marks: [String], from first: CivilDate, through last: CivilDate, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [MarkedVisits] {
        let columns = ["date", Self.campaign]
        let answer = try await ask(
            access, reach, ":runReport",
            [
                "dateRanges": [["startDate": .string(first.iso), "endDate": .string(last.iso)]],
                "dimensions": .array(columns.map { ["name": .string($0)] }),
                "metrics": [["name": .string(MarkedVisits.metric)]],
                "dimensionFilter": [
                    "filter": [
                        "fieldName": .string(Self.campaign),
                        "inListFilter": ["values": JSON(marks), "caseSensitive": true],
                    ]
                ],
                "limit": .string("\(Self.rowsMax)"), "returnPropertyQuota": true,
            ])
        _ = try names(of: answer, [MarkedVisits.metric], by: columns)
        let rows = answer["rows"]?.array ?? []
        // Half an answer is none.
        guard Int(answer["rowCount"]?.int ?? 0) == rows.count else { throw wire.unreadable }
        var found: [MarkedVisits] = []
        for row in rows {
            let texts = row["dimensionValues"]?.array?.compactMap { $0["value"]?.text } ?? []
            guard texts.count == 2, let day = Self.day(texts[0]),
                let count = row["metricValues"]?.array?.first?["value"]?.text.flatMap(DecimalText.number)
            else { throw wire.unreadable }
            found.append(MarkedVisits(texts[1], on: day, count))
        }
        return found
    }

    /// The columns are told by their headers alone. Others than asked for are no answer.
    private func names(
        of answer: JSON, _ metrics: [String], by columns: [String]
    ) throws(ToolFailure) -> [String] {
        let names = answer["metricHeaders"]?.array?.compactMap { $0["name"]?.text } ?? []
        let dimensions = answer["dimensionHeaders"]?.array?.compactMap { $0["name"]?.text } ?? []
        guard Set(names) == Set(metrics), names.count == metrics.count, dimensions == columns
        else { throw wire.unreadable }
        return names
    }

    private func ask(
        _ access: IntegrationAccess, _ reach: ConnectorCall, _ path: String, _ body: JSON? = nil
    ) async throws(ToolFailure) -> JSON {
        let property = access.setting("property_id") ?? ""
        guard !property.isEmpty, property.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ToolFailure(
                "invalid_setting", "property_id must be the number of the property", isRetryable: false)
        }
        let answer = try await wire.ask(
            "\(access.baseURL)/v1beta/properties/\(property)\(path)", access, reach,
            method: body == nil ? "GET" : "POST",
            headers: [("Authorization", "Bearer \(access.credential("access_token"))")], body: body)
        if let failure = wire.usualFailure(answer, reach) { throw failure }
        guard answer.body.object != nil else { throw wire.unreadable }
        return answer.body
    }

    /// Reads `20261101`.
    private static func day(_ text: String) -> CivilDate? {
        guard text.utf8.count == 8 else { return nil }
        return CivilDate(iso: "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))")
    }
}
