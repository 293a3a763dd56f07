package import JSON
import Synchronization

/// Meta's Marketing API, as its insights have it: each day in two campaigns, page by page.
package final class MetaAdsStandIn: Sendable {
    package let token = "EAAB-stand-in", account = "act_123"
    package let service: ServiceStandIn
    /// The numbers of each campaign by day (`20261101`): `clicks`, `cost`, `leads`.
    package let days: DayShelf
    /// The campaigns by their ids: `daily` or `lifetime` of their own; without either the ad sets have the budgets.
    package let budgets: DayShelf
    package let promotions = MetaPromotionShelf()
    private let shelf = Shelf()

    private final class Shelf: Sendable {
        let names = Mutex<[String: String]>([:]), members = Mutex<[String: Set<String>]>([:])
    }

    /// The members of its audiences, by their digests: a list for each audience.
    package var audiences: [Set<String>] {
        shelf.members.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    }

    package init(currency: String = "EUR", login: MetaLoginShelf? = nil) throws {
        let (token, account, days, budgets) = (token, account, DayShelf(), DayShelf())
        (self.days, self.budgets) = (days, budgets)
        let (shelf, promotions) = (shelf, promotions)
        service = try ServiceStandIn { request in
            if let answer = login?.answer(request, token) { return answer }
            guard request.header("Authorization") == "Bearer \(token)" else {
                return Self.fault(400, 190)
            }
            if let answer = promotions.answer(request, account) { return answer }
            if request.path == "/v26.0/\(account)" {
                return StandInAnswer(
                    200, #"{"id":"act_123","currency":"\#(currency)","account_status":1}"#)
            }
            if request.path == "/v26.0/\(account)/campaigns" {
                let list = budgets.all.map { Self.campaign($0.key, $0.value) }
                return StandInAnswer(200, (["data": .array(list)] as JSON).serialized)
            }
            if let id = request.path.wholeMatch(of: #//v26\.0/(\d+)/#)?.1, let budget = budgets[String(id)] {
                guard request.method == "POST" else {
                    return StandInAnswer(200, Self.campaign(String(id), budget).serialized)
                }
                return Self.write(
                    formFields(String(decoding: request.body, as: UTF8.self)), String(id), budgets)
            }
            if let answer = Self.answer(request, account, shelf) { return answer }
            let query = formFields(String(request.target.drop { $0 != "?" }.dropFirst()))
            guard request.path == "/v26.0/\(account)/insights",
                let range = query["time_range"].flatMap({ try? JSONParser.parse(Array($0.utf8)) })
            else { return Self.fault(400, 100) }
            func plain(_ name: String) -> String { (range[name]?.text ?? "").filter { $0 != "-" } }
            let found = days.all.filter { $0.key >= plain("since") && $0.key <= plain("until") }
            let rows = found.flatMap { day, values in
                ["11", "22"].map { Self.row(day, values, $0, currency) }
            }
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

    /// Answers what is asked of audiences; `nil`: it is something else.
    private static func answer(
        _ request: ReceivedRequest, _ account: String, _ shelf: Shelf
    ) -> StandInAnswer? {
        let form = formFields(String(decoding: request.body, as: UTF8.self))
        if request.path == "/v26.0/\(account)/customaudiences" {
            return shelf.names.withLock { names in
                guard request.method == "POST" else {
                    let list = names.sorted { $0.key < $1.key }.map { id, name -> JSON in
                        ["id": .string(id), "name": .string(name)]
                    }
                    return .json(200, ["data": .array(list)])
                }
                guard let name = form["name"], form["subtype"] == "CUSTOM",
                    form["customer_file_source"] == "USER_PROVIDED_ONLY"
                else { return fault(400, 100) }
                let id = "\(7000 + names.count)"
                names[id] = name
                shelf.members.withLock { $0[id] = [] }
                return .json(200, ["id": .string(id)])
            }
        }
        guard let id = request.path.wholeMatch(of: #//v26\.0/(\d+)/users/#)?.1 else { return nil }
        guard let payload = form["payload"].flatMap({ try? JSONParser.parse(Array($0.utf8)) }),
            payload["schema"] == ["EMAIL"]
        else { return fault(400, 100) }
        let digests = (payload["data"]?.array ?? []).compactMap { $0.array?.first?.text }
        guard digests.allSatisfy({ $0.wholeMatch(of: /[0-9a-f]{64}/) != nil }) else { return fault(400, 100) }
        return shelf.members.withLock { members in
            guard let known = members[String(id)] else { return fault(400, 100) }
            members[String(id)] =
                request.method == "DELETE" ? known.subtracting(digests) : known.union(digests)
            return .json(200, ["audience_id": .string(String(id)), "num_received": JSON(digests.count)])
        }
    }

    private static func campaign(_ id: String, _ budget: [String: Double]) -> JSON {
        var campaign: JSONObject = [
            "id": .string(id), "name": .string("Campaign \(id)"), "status": "ACTIVE",
            "effective_status": "ACTIVE",
        ]
        for (name, value) in budget { campaign["\(name)_budget"] = .string("\(Int(value))") }
        return .object(campaign)
    }

    /// Sets a budget, unless that is only tried; less than 100 of its units is too low.
    private static func write(_ form: [String: String], _ id: String, _ budgets: DayShelf) -> StandInAnswer {
        guard let amount = form["daily_budget"].flatMap({ Int64($0) }) else { return fault(400, 100) }
        guard amount >= 100 else {
            return StandInAnswer(
                400, #"{"error":{"message":"No","code":100,"error_subcode":1885272}}"#)
        }
        if form["execution_options"] != #"["validate_only"]"# { budgets[id]?["daily"] = Double(amount) }
        return StandInAnswer(200, #"{"success":true}"#)
    }

    private static func row(
        _ day: String, _ values: [String: Double], _ campaign: String, _ currency: String
    ) -> JSON {
        let date: JSON = .string("\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2))")
        var row: JSONObject = [
            "campaign_id": .string(campaign), "campaign_name": .string("Campaign \(campaign)"),
            "account_currency": .string(currency), "date_start": date, "date_stop": date,
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
