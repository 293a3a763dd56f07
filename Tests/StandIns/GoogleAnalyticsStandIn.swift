package import JSON
internal import Synchronization

/// Google Analytics 4, as its Data API has it: the days of one property, page by page.
package final class GoogleAnalyticsStandIn: Sendable {
    package let token = "ya29-stand-in", property = "123456"
    package let service: ServiceStandIn
    /// The values of metrics by day (`20261101`).
    package let days: DayShelf
    /// The sessions by day and by the campaign that links named.
    package let marked: DayShelf
    /// The most rows of a page.
    package let rowsMax = DayShelf.Bound(10_000)

    /// `admits`: whether a token is good; without it one token is, always.
    package init(admits: (@Sendable (String) -> Bool)? = nil) throws {
        let (token, property, days, rowsMax) = (token, property, DayShelf(), rowsMax)
        let marked = DayShelf()
        (self.days, self.marked) = (days, marked)
        service = try ServiceStandIn { request in
            let shown = String((request.header("Authorization") ?? "").dropFirst("Bearer ".count))
            guard admits?(shown) ?? (shown == token) else {
                return Self.fault(401, "UNAUTHENTICATED")
            }
            let path = "/v1beta/properties/\(property)"
            if request.method == "GET", request.path == path + "/metadata" {
                return StandInAnswer(200, #"{"name":"properties/123456/metadata","metrics":[]}"#)
            }
            guard request.path == path + ":runReport", let body = try? JSONParser.parse(request.body) else {
                return Self.fault(404, "NOT_FOUND")
            }
            let range = body["dateRanges"]?.array?.first
            func plain(_ name: String) -> String { (range?[name]?.text ?? "").filter { $0 != "-" } }
            if body["dimensions"]?.array?.count == 2 { return Self.visits(of: body, marked) }
            let names = body["metrics"]?.array?.compactMap { $0["name"]?.text } ?? []
            let all = days.all.filter { $0.key >= plain("startDate") && $0.key <= plain("endDate") }
            let offset = body["offset"]?.text.flatMap { Int($0) } ?? 0
            let limit = min(rowsMax.value, body["limit"]?.text.flatMap { Int($0) } ?? 0)
            let rows = all.dropFirst(offset).prefix(limit).map { day, values -> JSON in
                [
                    "dimensionValues": [["value": .string(day)]],
                    "metricValues": .array(names.map { ["value": .string("\(values[$0] ?? 0)")] }),
                ]
            }
            var answer: JSONObject = [
                "dimensionHeaders": [["name": "date"]],
                "metricHeaders": .array(names.map { ["name": .string($0), "type": "TYPE_FLOAT"] }),
                "metadata": ["currencyCode": "EUR", "timeZone": "Europe/Madrid"],
                "kind": "analyticsData#runReport",
            ]
            if !rows.isEmpty { answer["rows"] = .array(rows) }
            if !all.isEmpty { answer["rowCount"] = JSON(all.count) }
            return StandInAnswer(200, JSON.object(answer).serialized)
        }
    }

    /// The sessions of the campaigns that are asked for, by day.
    private static func visits(of body: JSON, _ marked: DayShelf) -> StandInAnswer {
        let filter = body["dimensionFilter"]?["filter"]
        guard body["dimensions"] == [["name": "date"], ["name": "sessionCampaignName"]],
            body["metrics"] == [["name": "sessions"]], filter?["fieldName"] == "sessionCampaignName",
            let asked = filter?["inListFilter"]?["values"]?.array?.compactMap(\.text),
            let range = body["dateRanges"]?.array?.first
        else { return fault(400, "INVALID_ARGUMENT") }
        func plain(_ name: String) -> String { (range[name]?.text ?? "").filter { $0 != "-" } }
        let days = marked.all.filter { $0.key >= plain("startDate") && $0.key <= plain("endDate") }
        let rows = days.flatMap { day, counts in
            counts.filter { asked.contains($0.key) }.map { name, count -> JSON in
                [
                    "dimensionValues": [["value": .string(day)], ["value": .string(name)]],
                    "metricValues": [["value": .string("\(Int(count))")]],
                ]
            }
        }
        var answer: JSONObject = [
            "dimensionHeaders": [["name": "date"], ["name": "sessionCampaignName"]],
            "metricHeaders": [["name": "sessions", "type": "TYPE_INTEGER"]],
            "kind": "analyticsData#runReport",
        ]
        if !rows.isEmpty {
            answer["rows"] = .array(rows)
            answer["rowCount"] = JSON(rows.count)
        }
        return StandInAnswer(200, JSON.object(answer).serialized)
    }

    package var settings: JSONObject { ["property_id": .string(property)] }
    package var credentials: JSON { ["access_token": .string(token)] }

    /// A refusal as Google words it.
    package static func fault(_ code: Int, _ status: String) -> StandInAnswer {
        StandInAnswer(code, #"{"error":{"code":\#(code),"message":"No","status":"\#(status)"}}"#)
    }
}

/// The values of metrics by day, which a test sets.
package final class DayShelf: Sendable {
    private let values = Mutex<[String: [String: Double]]>([:])

    package init() {}

    package var all: [(key: String, value: [String: Double])] {
        values.withLock { $0 }.sorted { $0.key < $1.key }
    }

    package subscript(day: String) -> [String: Double]? {
        get { values.withLock { $0[day] } }
        set { values.withLock { $0[day] = newValue } }
    }

    /// A number that a test sets.
    package final class Bound: Sendable {
        private let number: Mutex<Int>

        package init(_ number: Int) { self.number = Mutex(number) }

        package var value: Int {
            get { number.withLock { $0 } }
            set { number.withLock { $0 = newValue } }
        }
    }
}
