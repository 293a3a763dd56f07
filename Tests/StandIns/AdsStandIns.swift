package import JSON
import Synchronization

/// Google Ads, as its search has it: each day in two campaigns, page by page.
package final class GoogleAdsStandIn: Sendable {
    package let token = "ya29-ads", developer = "dev-token", customer = "1234567890"
    package let service: ServiceStandIn
    /// The numbers of each campaign by day (`20261101`): `clicks`, `cost` in millionths.
    package let days: DayShelf
    /// The budgets of campaigns by their ids: `micros`, and `shared` (1) where others spend from it.
    package let budgets: DayShelf
    private let shelf = AudienceShelf()

    /// The members of its audiences, by their digests: a list for each audience.
    package var audiences: [Set<String>] { shelf.all }
    /// The requests that put people on them, and took them off.
    package var audienceChanges: [JSON] { shelf.changes.withLock { $0 } }

    /// `admits`: whether a token is good; without it one token is, always.
    package init(admits: (@Sendable (String) -> Bool)? = nil) throws {
        let shelf = shelf
        let (token, developer, customer, days) = (token, developer, customer, DayShelf())
        let budgets = DayShelf()
        (self.days, self.budgets) = (days, budgets)
        service = try ServiceStandIn { request in
            let shown = String((request.header("Authorization") ?? "").dropFirst("Bearer ".count))
            guard admits?(shown) ?? (shown == token) else {
                return Self.fault(401, "authenticationError", "OAUTH_TOKEN_EXPIRED")
            }
            if let answer = Self.answer(request, customer, shelf) { return answer }
            guard request.header("developer-token") == developer else {
                return Self.fault(403, "authorizationError", "DEVELOPER_TOKEN_NOT_APPROVED")
            }
            if request.path == "/v26/customers/\(customer)/campaignBudgets:mutate" {
                return Self.mutate(request.body, budgets)
            }
            guard request.path == "/v26/customers/\(customer)/googleAds:search",
                let body = try? JSONParser.parse(request.body), body["pageSize"] == nil
            else { return StandInAnswer(404, "<html>Not Found</html>") }
            let query = body["query"]?.text ?? ""
            guard query.contains("FROM campaign") else {
                return StandInAnswer(200, #"{"results":[{"customer":{"id":"1","currencyCode":"EUR"}}]}"#)
            }
            if let id = query.firstMatch(of: /campaign\.id = (\d+)/)?.1 {
                let row = Self.row("20260101", [:], String(id), budgets)
                return StandInAnswer(200, (["results": [row]] as JSON).serialized)
            }
            let ends = query.split(separator: "'").filter { $0.count == 10 }.map { $0.filter { $0 != "-" } }
            let found = days.all.filter { ends.count == 2 && $0.key >= ends[0] && $0.key <= ends[1] }
            let rows = found.flatMap { day, values in
                ["111", "222"].map { Self.row(day, values, $0, budgets) }
            }
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

    /// Answers what is asked of audiences, as the Data Manager API does; `nil`: it is something else.
    private static func answer(
        _ request: ReceivedRequest, _ customer: String, _ shelf: AudienceShelf
    ) -> StandInAnswer? {
        let body = (try? JSONParser.parse(request.body)) ?? .null
        switch request.path {
        case "/v1/accountTypes/GOOGLE_ADS/accounts/\(customer)/userLists":
            guard request.method == "POST" else { return .json(200, shelf.lists) }
            guard let name = body["displayName"]?.text,
                body["ingestedUserListInfo"]?["uploadKeyTypes"] == ["CONTACT_ID"]
            else { return denied(400, "INVALID_ARGUMENT") }
            return .json(200, shelf.make(name))
        case "/v1/audienceMembers:ingest", "/v1/audienceMembers:remove":
            let isIngest = request.path.hasSuffix("ingest")
            let members = (body["audienceMembers"]?.array ?? []).compactMap {
                $0["userData"]?["userIdentifiers"]?.array?.first?["emailAddress"]?.text
            }
            let consent: JSON = [
                "adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED",
            ]
            guard let to = body["destinations"]?.array?.first,
                to["operatingAccount"]?["accountId"]?.text == customer, body["encoding"] == "HEX",
                members.allSatisfy({ $0.wholeMatch(of: /[0-9a-f]{64}/) != nil }),
                !isIngest
                    || body["consent"] == consent
                        && body["termsOfService"] == ["customerMatchTermsOfServiceStatus": "ACCEPTED"],
                shelf.change(to["productDestinationId"]?.text ?? "", members, isIngest, body)
            else { return denied(400, "INVALID_ARGUMENT") }
            return .json(200, ["requestId": "r1"])
        default: return nil
        }
    }

    private static func denied(_ status: Int, _ word: String) -> StandInAnswer {
        .json(status, ["error": ["code": JSON(status), "message": "No", "status": .string(word)]])
    }

    /// Sets a budget, unless that is only tried; the least step is a cent.
    private static func mutate(_ body: [UInt8], _ budgets: DayShelf) -> StandInAnswer {
        guard let body = try? JSONParser.parse(body),
            let update = body["operations"]?.array?.first?["update"],
            let id = update["resourceName"]?.text?.split(separator: "/").last.map(String.init),
            let micros = update["amountMicros"]?.text.flatMap({ Int64($0) }), micros % 10_000 == 0
        else { return fault(400, "campaignBudgetError", "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT") }
        guard body["validateOnly"] != true else { return StandInAnswer(200, "{}") }
        budgets[id]?["micros"] = Double(micros)
        return StandInAnswer(200, #"{"results":[{}]}"#)
    }

    private static func row(
        _ day: String, _ values: [String: Double], _ campaign: String, _ budgets: DayShelf
    ) -> JSON {
        let row = numbers(day, values, campaign)
        guard let budget = budgets[campaign] else { return row }
        return row.merging([
            "campaign": [
                "id": .string(campaign), "name": .string("Campaign \(campaign)"), "status": "ENABLED",
            ],
            "campaignBudget": [
                "resourceName": .string("customers/1234567890/campaignBudgets/\(campaign)"),
                "amountMicros": .string("\(Int64(budget["micros"] ?? 0))"),
                "explicitlyShared": .bool(budget["shared"] == 1),
            ],
        ])
    }

    private static func numbers(_ day: String, _ values: [String: Double], _ campaign: String) -> JSON {
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

/// The audiences of an advertising service, with who is on them.
private final class AudienceShelf: Sendable {
    private struct List {
        let id: String, name: String
        var members: Set<String> = []
    }

    private let state = Mutex<[List]>([])
    let changes = Mutex<[JSON]>([])

    var all: [Set<String>] { state.withLock { $0.map(\.members) } }

    var lists: JSON {
        let lists = state.withLock {
            $0.map { ["id": .string($0.id), "displayName": .string($0.name)] as JSON }
        }
        return lists.isEmpty ? [:] : ["userLists": .array(lists)]
    }

    func make(_ name: String) -> JSON {
        state.withLock { lists in
            let list = List(id: "\(9000 + lists.count)", name: name)
            lists.append(list)
            return ["id": .string(list.id), "displayName": .string(name)]
        }
    }

    func change(_ id: String, _ members: [String], _ isMember: Bool, _ body: JSON) -> Bool {
        changes.withLock { $0.append(body) }
        return state.withLock { lists in
            guard let place = lists.firstIndex(where: { $0.id == id }) else { return false }
            if isMember {
                lists[place].members.formUnion(members)
            } else {
                lists[place].members.subtract(members)
            }
            return true
        }
    }
}
