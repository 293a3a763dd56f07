package import JSON

/// Adobe Analytics, as its 2.0 API has it: the days of one report suite, in columns that are told by ids.
package final class AdobeAnalyticsStandIn: Sendable {
    package let token = "adobe-stand-in", key = "adobe-client", company = "acme0", suite = "acmeprod"
    package let service: ServiceStandIn
    /// The values of metrics by day (`20261101`).
    package let days: DayShelf
    /// The visits by day and by the campaign that links named, kept in `variables/campaign`.
    package let marked: DayShelf

    /// `admits`: whether a token is good; without it one token is, always.
    package init(admits: (@Sendable (String) -> Bool)? = nil) throws {
        let (token, key, company, suite, days) = (token, key, company, suite, DayShelf())
        let marked = DayShelf()
        (self.days, self.marked) = (days, marked)
        service = try ServiceStandIn { request in
            let shown = String((request.header("Authorization") ?? "").dropFirst("Bearer ".count))
            guard admits?(shown) ?? (shown == token), request.header("x-api-key") == key else {
                return StandInAnswer(401, #"{"error_code":"401013","message":"Oauth token is not valid"}"#)
            }
            if request.path == "/api/\(company)/metrics" {
                return StandInAnswer(200, #"[{"id":"metrics/visits"}]"#)
            }
            guard request.path == "/api/\(company)/reports", let body = try? JSONParser.parse(request.body),
                body["rsid"]?.text == suite
            else { return StandInAnswer(404, #"{"errorCode":"not_found"}"#) }
            let range = body["globalFilters"]?.array?.first?["dateRange"]?.text ?? ""
            let ends = range.split(separator: "/").map { $0.prefix(10).filter { $0 != "-" } }
            let visits = marked.all.filter { ends.count == 2 && $0.key >= ends[0] && $0.key < ends[1] }
            if body["dimension"] == "variables/campaign" { return Self.campaigns(visits) }
            if body["metricContainer"]?["metricFilters"] != nil { return Self.breakdown(of: visits, body) }
            let columns = body["metricContainer"]?["metrics"]?.array ?? []
            // The columns come the other way round than they were asked for: their ids count.
            let asked = columns.reversed().map { column in
                (
                    id: column["columnId"]?.text ?? "",
                    name: String((column["id"]?.text ?? "").dropFirst("metrics/".count))
                )
            }
            let secret = asked.filter { $0.name == "secret" }.map(\.id)
            let rows = days.all.filter { ends.count == 2 && $0.key >= ends[0] && $0.key < ends[1] }
                .map { day, values -> JSON in
                    let cells = asked.map { column in values[column.name].map { JSON.number($0) } ?? "NaN" }
                    return ["itemId": .string(Self.item(day)), "value": "irgendwann", "data": .array(cells)]
                }
            return StandInAnswer(
                secret.isEmpty ? 200 : 206,
                JSON.object([
                    // On the only page, too, it says that it is not the last.
                    "totalPages": 1, "firstPage": true, "lastPage": false, "number": 0,
                    "totalElements": JSON(rows.count), "rows": .array(rows),
                    "columns": [
                        "dimension": ["id": "variables/daterangeday"], "columnIds": JSON(asked.map(\.id)),
                        "columnErrors": .array(
                            secret.map { ["columnId": .string($0), "errorCode": "unauthorized_metric"] }),
                    ],
                ]).serialized)
        }
    }

    /// The campaigns of some days with their visits, by ids of the service's own.
    private static func campaigns(_ days: [(key: String, value: [String: Double])]) -> StandInAnswer {
        var sums: [String: Double] = [:]
        for (_, counts) in days { for (name, count) in counts { sums[name, default: 0] += count } }
        let rows = sums.sorted { $0.value > $1.value }.map { name, count -> JSON in
            ["itemId": .string(item(ofCampaign: name)), "value": .string(name), "data": [.number(count)]]
        }
        return answer(rows, ["0"])
    }

    /// The visits of each day by the campaigns that the columns are filtered by.
    private static func breakdown(
        of days: [(key: String, value: [String: Double])], _ body: JSON
    ) -> StandInAnswer {
        let filters = body["metricContainer"]?["metricFilters"]?.array ?? []
        let columns = (body["metricContainer"]?["metrics"]?.array ?? []).reversed()
        guard body["dimension"] == "variables/daterangeday",
            filters.allSatisfy({ $0["type"] == "breakdown" && $0["dimension"] == "variables/campaign" }),
            columns.allSatisfy({ $0["id"] == "metrics/visits" })
        else { return StandInAnswer(400, #"{"errorCode":"invalid_data"}"#) }
        let items = columns.map { column in
            filters.first { $0["id"] == column["filters"]?.array?.first }?["itemId"]?.text ?? ""
        }
        let rows = days.map { day, counts -> JSON in
            let cells = items.map { item in
                JSON.number(counts.first { self.item(ofCampaign: $0.key) == item }?.value ?? 0)
            }
            return ["itemId": .string(item(day)), "value": "irgendwann", "data": .array(cells)]
        }
        return answer(rows, columns.map { $0["columnId"]?.text ?? "" })
    }

    private static func answer(_ rows: [JSON], _ columns: [String]) -> StandInAnswer {
        StandInAnswer(
            200,
            JSON.object([
                "totalPages": 1, "firstPage": true, "lastPage": false, "number": 0,
                "totalElements": JSON(rows.count), "rows": .array(rows),
                "columns": ["columnIds": JSON(columns)],
            ]).serialized)
    }

    private static func item(ofCampaign name: String) -> String {
        "\(name.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) })"
    }

    package var settings: JSONObject { ["company_id": .string(company), "rsid": .string(suite)] }
    package var credentials: JSON { ["access_token": .string(token), "api_key": .string(key)] }

    /// The id of a day: `1YYMMDD`, with months from 00.
    package static func item(_ day: String) -> String {
        let month = (Int(day.dropFirst(4).prefix(2)) ?? 1) - 1
        return "1" + day.dropFirst(2).prefix(2) + (month < 10 ? "0" : "") + "\(month)" + day.suffix(2)
    }
}
