package import JSON

/// Google Ads, as its search has it: each day in two campaigns, page by page.
package final class GoogleAdsStandIn: Sendable {
    package let token = "ya29-ads", developer = "dev-token", customer = "1234567890"
    package let service: ServiceStandIn
    /// The numbers of each campaign by day (`20261101`): `clicks`, `cost` in millionths.
    package let days: DayShelf

    package init() throws {
        let (token, developer, customer, days) = (token, developer, customer, DayShelf())
        self.days = days
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(token)" else {
                return Self.fault(401, "authenticationError", "OAUTH_TOKEN_EXPIRED")
            }
            guard request.header("developer-token") == developer else {
                return Self.fault(403, "authorizationError", "DEVELOPER_TOKEN_NOT_APPROVED")
            }
            guard request.path == "/v26/customers/\(customer)/googleAds:search",
                let body = try? JSONParser.parse(request.body), body["pageSize"] == nil
            else { return StandInAnswer(404, "<html>Not Found</html>") }
            let query = body["query"]?.text ?? ""
            guard query.contains("FROM campaign") else {
                return StandInAnswer(200, #"{"results":[{"customer":{"id":"1","currencyCode":"EUR"}}]}"#)
            }
            let ends = query.split(separator: "'").filter { $0.count == 10 }.map { $0.filter { $0 != "-" } }
            let found = days.all.filter { ends.count == 2 && $0.key >= ends[0] && $0.key <= ends[1] }
            let rows = found.flatMap { day, values in ["111", "222"].map { Self.row(day, values, $0) } }
            let page = Int(body["pageToken"]?.text ?? "0") ?? 0, size = 10
            let part = rows.dropFirst(page * size).prefix(size)
            let isLast = (page + 1) * size >= rows.count
            var answer: JSONObject = [
                "nextPageToken": .string(isLast ? "" : "\(page + 1)"),
                "totalResultsCount": .string("\(rows.count)"), "fieldMask": "campaign.id",
            ]
            if !part.isEmpty { answer["results"] = .array(Array(part)) }
            return StandInAnswer(200, JSON.object(answer).serialized)
        }
    }

    private static func row(_ day: String, _ values: [String: Double], _ campaign: String) -> JSON {
        var metrics: JSONObject = ["conversions": .number(values["conversions"] ?? 0)]
        // Whole numbers are texts, and those that are 0 are left out.
        for (name, member) in [("impressions", "impressions"), ("clicks", "clicks"), ("cost", "costMicros")] {
            if let value = values[name], value != 0 { metrics[member] = .string("\(Int(value))") }
        }
        return [
            "customer": ["currencyCode": "EUR"], "campaign": ["id": .string(campaign)],
            "metrics": .object(metrics),
            "segments": ["date": .string("\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2))")],
        ]
    }

    package var settings: JSONObject { ["customer_id": "123-456-7890"] }
    package var credentials: JSON {
        ["access_token": .string(token), "developer_token": .string(developer)]
    }

    /// A refusal as Google Ads words it.
    package static func fault(_ status: Int, _ kind: String, _ code: String) -> StandInAnswer {
        StandInAnswer(
            status,
            #"{"error":{"code":\#(status),"message":"No","details":[{"errors":[{"errorCode":{"\#(kind)":"\#(code)"},"message":"No"}],"requestId":"r"}]}}"#
        )
    }
}

/// Meta's Marketing API, as its insights have it: each day in two campaigns, page by page.
package final class MetaAdsStandIn: Sendable {
    package let token = "EAAB-stand-in", account = "act_123"
    package let service: ServiceStandIn
    /// The numbers of each campaign by day (`20261101`): `clicks`, `cost`, `leads`.
    package let days: DayShelf

    package init() throws {
        let (token, account, days) = (token, account, DayShelf())
        self.days = days
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(token)" else {
                return Self.fault(400, 190)
            }
            if request.path == "/v26.0/\(account)" {
                return StandInAnswer(200, #"{"id":"act_123","currency":"EUR","account_status":1}"#)
            }
            let query = formFields(String(request.target.drop { $0 != "?" }.dropFirst()))
            guard request.path == "/v26.0/\(account)/insights",
                let range = query["time_range"].flatMap({ try? JSONParser.parse(Array($0.utf8)) })
            else { return Self.fault(400, 100) }
            func plain(_ name: String) -> String { (range[name]?.text ?? "").filter { $0 != "-" } }
            let found = days.all.filter { $0.key >= plain("since") && $0.key <= plain("until") }
            let rows = found.flatMap { day, values in ["11", "22"].map { Self.row(day, values, $0) } }
            let page = query["after"].flatMap { Int($0) } ?? 0, size = 10
            var paging: JSON = ["cursors": ["before": "x", "after": .string("\(page + 1)")]]
            if (page + 1) * size < rows.count {
                let next = "http://\(request.header("Host") ?? "")/v26.0/next?access_token=\(token)"
                paging = paging.merging(["next": .string(next)])
            }
            return StandInAnswer(
                200,
                JSON.object([
                    "data": .array(Array(rows.dropFirst(page * size).prefix(size))), "paging": paging,
                ]).serialized)
        }
    }

    private static func row(_ day: String, _ values: [String: Double], _ campaign: String) -> JSON {
        let date: JSON = .string("\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2))")
        var row: JSONObject = [
            "campaign_id": .string(campaign), "account_currency": "EUR", "date_start": date,
            "date_stop": date,
            "spend": .string("\(values["cost"] ?? 0)"), "clicks": .string("\(Int(values["clicks"] ?? 0))"),
        ]
        if let leads = values["leads"] {
            row["actions"] = [["action_type": "lead", "value": .string("\(Int(leads))")]]
        }
        return .object(row)
    }

    package var settings: JSONObject { ["ad_account_id": .string(account)] }
    package var credentials: JSON { ["access_token": .string(token)] }

    /// A refusal as Meta words it.
    package static func fault(_ status: Int, _ code: Int) -> StandInAnswer {
        StandInAnswer(status, #"{"error":{"message":"No","type":"OAuthException","code":\#(code)}}"#)
    }
}
