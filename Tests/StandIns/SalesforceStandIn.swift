import Cryptography
import Foundation
package import JSON
import Synchronization

/// Salesforce: queries with a locator, upserts by an identifier of ours alone and in collections, what was deleted, and
/// tokens for signed assertions that end when it likes.
package final class SalesforceStandIn: Sendable {
    private struct State {
        var tokens: Set<String> = []
        var count = 0
        var calls = 18
        var locators: [String: [JSON]] = [:]
        var assertions: [String] = []
    }

    package let service: ServiceStandIn
    package let leads: StandInRecords
    private let world: World

    /// The most rows of a page.
    package init(pageSize: Int = 2000) throws {
        let world = World(pageSize: pageSize)
        (self.world, leads) = (world, world.leads)
        service = try ServiceStandIn { world.answer($0) }
    }

    /// A key as an application has it; a new one in each run.
    package static let key = SigningKey(generating: .rsa).pem

    /// The sign-in of an application by its key, in the name of a user.
    package var credentials: JSON {
        ["consumer_key": "3MVG9bureau", "username": "sync@acme.example", "private_key": .string(Self.key)]
    }
    package var settings: JSONObject {
        ["token_url": .string(service.url + "/services/oauth2/token")]
    }

    /// The assertions that tokens were asked for with.
    package var assertions: [String] { world.state.withLock { $0.assertions } }

    /// Every token is over.
    package func endTokens() { world.state.withLock { $0.tokens = [] } }

    private final class World: Sendable {
        let state = Mutex(State())
        let leads = StandInRecords(from: 1) {
            "00Q5e" + String(repeating: "0", count: 13 - "\($0)".count) + "\($0)"
        }
        let pageSize: Int

        init(pageSize: Int) { self.pageSize = pageSize }

        func answer(_ request: ReceivedRequest) -> StandInAnswer {
            let call = StandInCall(request)
            if call.path == "/services/oauth2/token" { return token(request.text) }
            let bearer = request.header("Authorization")?.dropFirst("Bearer ".count).description ?? ""
            guard state.withLock({ $0.tokens.contains(bearer) }) else {
                return Self.refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
            }
            guard call.segments.starts(with: ["services", "data", "v62.0"]) else {
                return Self.refusal(404, "NOT_FOUND", "The requested resource does not exist")
            }
            var answer = answer(call, Array(call.segments.dropFirst(3)))
            let used = state.withLock { state in
                state.calls += 1
                return state.calls
            }
            answer.headers.append(("Sforce-Limit-Info", "api-usage=\(used)/15000"))
            return answer
        }

        /// `grant_type=…jwt-bearer&assertion=…`: there is no expires_in, and no refresh token.
        private func token(_ form: String) -> StandInAnswer {
            let fields = Dictionary(
                form.split(separator: "&").map { pair in
                    let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                    return (parts[0], (parts.count > 1 ? parts[1] : "").removingPercentEncoding ?? "")
                }
            ) { first, _ in first }
            guard fields["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer",
                let assertion = fields["assertion"], assertion.split(separator: ".").count == 3
            else {
                return .json(400, ["error": "invalid_grant", "error_description": "invalid assertion"])
            }
            let token = state.withLock { state in
                state.count += 1
                state.assertions.append(assertion)
                let token = "00Dxx!AQ\(state.count)"
                state.tokens.insert(token)
                return token
            }
            return .json(
                200,
                [
                    "access_token": .string(token), "scope": "api",
                    "instance_url": "https://acme.my.salesforce.com", "token_type": "Bearer",
                ])
        }

        private func answer(_ call: StandInCall, _ rest: [String]) -> StandInAnswer {
            switch (call.method, rest.first, rest.count) {
            case ("GET", "limits", 1):
                return .json(200, ["DailyApiRequests": ["Max": 15000, "Remaining": 14982]])
            case ("GET", "query", 1): return query(call.query["q"] ?? "")
            case ("GET", "query", 2):
                guard let rows = state.withLock({ $0.locators.removeValue(forKey: rest[1]) }) else {
                    return Self.refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
                }
                return page(rows)
            case ("PATCH", "composite", 4): return collection(call.body)
            case (_, "sobjects", _) where rest.count >= 3 && rest[1] == "Lead":
                return record(call, Array(rest.dropFirst(2)))
            default: return Self.refusal(404, "NOT_FOUND", "The requested resource does not exist")
            }
        }

        private func query(_ text: String) -> StandInAnswer {
            guard text.hasPrefix("SELECT "), let from = text.firstRange(of: " FROM Lead") else {
                return Self.refusal(400, "MALFORMED_QUERY", "unexpected token")
            }
            let fields = text[text.index(text.startIndex, offsetBy: 7)..<from.lowerBound].split(
                separator: ","
            )
            .map(String.init)
            let rest = String(text[from.upperBound...])
            var found = leads.changed(since: nil)
            func value(after mark: String, until end: Character) -> String? {
                rest.firstRange(of: mark).map { String(rest[$0.upperBound...].prefix { $0 != end }) }
            }
            if let since = value(after: "SystemModstamp >= ", until: " ") {
                guard let second = StandInTime.second(since) else {
                    return Self.refusal(400, "MALFORMED_QUERY", "unexpected token: \(since)")
                }
                found = found.filter { $0.changed >= second }
            }
            if let own = value(after: "Bureau_Id__c = '", until: "'") {
                found = found.filter { $0.fields["Bureau_Id__c"]?.text == own }
            }
            if let id = value(after: " Id = '", until: "'") { found = found.filter { $0.id == id } }
            return page(found.map { shown($0, fields) }, total: found.count)
        }

        private func page(_ rows: [JSON], total: Int? = nil) -> StandInAnswer {
            var body: JSONObject = [
                "totalSize": .integer(Int64(total ?? rows.count)), "done": .bool(rows.count <= pageSize),
                "records": .array(Array(rows.prefix(pageSize))),
            ]
            if rows.count > pageSize {
                let locator = state.withLock { state in
                    state.count += 1
                    let locator = "01g5e-\(state.count)"
                    state.locators[locator] = Array(rows.dropFirst(pageSize))
                    return locator
                }
                body.append("nextRecordsUrl", .string("/services/data/v62.0/query/\(locator)"))
            }
            return .json(200, .object(body))
        }

        private func shown(_ record: StandInRecords.Record, _ fields: [String]) -> JSON {
            let known: JSONObject = [
                "Id": .string(record.id), "SystemModstamp": .string(StandInTime.plain(record.changed)),
                "CreatedDate": .string(StandInTime.plain(record.created)), "IsDeleted": false,
            ]
            var shown: JSONObject = ["attributes": ["type": "Lead", "url": "x"]]
            for name in fields { shown.append(name, known[name] ?? record.fields[name] ?? .null) }
            return .object(shown)
        }

        /// Returns what is wrong with a record; `nil` where nothing is.
        private func fault(of fields: JSONObject, isNew: Bool) -> JSON? {
            for name in ["LastName", "Company"] where isNew || fields[name] != nil {
                if fields[name]?.text?.isEmpty != false {
                    return [
                        "statusCode": "REQUIRED_FIELD_MISSING", "errorCode": "REQUIRED_FIELD_MISSING",
                        "message": .string("Required fields are missing: [\(name)]"),
                        "fields": [JSON.string(name)],
                    ]
                }
            }
            return nil
        }

        private func upsert(
            _ own: String, _ fields: JSONObject
        ) -> (record: StandInRecords.Record?, isNew: Bool, JSON?) {
            let known = leads.all.first { $0.fields["Bureau_Id__c"]?.text == own }
            if let fault = fault(of: fields, isNew: known == nil) { return (nil, false, fault) }
            let all = JSON.object(fields).adding(["Bureau_Id__c": .string(own)]).object ?? [:]
            return (known.flatMap { leads.change($0.id, all) } ?? leads.add(all), known == nil, nil)
        }

        private func collection(_ body: JSON) -> StandInAnswer {
            let records = body["records"]?.array ?? []
            guard records.count <= 200 else {
                return Self.refusal(400, "EXCEEDED_MAX_SIZE_REQUEST", "The max size is 200")
            }
            let outcomes = records.map { item -> JSON in
                var fields = item.object ?? [:]
                let own = fields["Bureau_Id__c"]?.text ?? ""
                fields.remove("attributes")
                let (record, isNew, fault) = upsert(own, fields)
                if let fault { return ["success": false, "errors": [fault]] }
                return [
                    "id": JSON(record?.id), "success": true, "errors": [], "created": .bool(isNew),
                ]
            }
            return .json(200, .array(outcomes))
        }

        private func record(_ call: StandInCall, _ rest: [String]) -> StandInAnswer {
            if rest == ["deleted"], call.method == "GET" {
                let since = StandInTime.second(call.query["start"] ?? "") ?? 0
                let gone = leads.removed.filter { $0.changed >= since }.map { record -> JSON in
                    ["id": .string(record.id), "deletedDate": .string(StandInTime.plain(record.changed))]
                }
                return .json(200, ["deletedRecords": .array(gone), "latestDateCovered": "x"])
            }
            let fields = call.body.object ?? [:]
            if rest.count == 2, call.method == "PATCH" {
                let (record, isNew, fault) = upsert(rest[1], fields)
                if let fault { return .json(400, [fault]) }
                return .json(
                    isNew ? 201 : 200,
                    ["id": JSON(record?.id), "success": true, "errors": [], "created": .bool(isNew)])
            }
            switch call.method {
            case "PATCH":
                if let fault = fault(of: fields, isNew: false) { return .json(400, [fault]) }
                return leads.change(rest[0], fields) == nil ? Self.gone : StandInAnswer(204)
            case "DELETE": return leads.remove(rest[0]) ? StandInAnswer(204) : Self.gone
            default: return Self.refusal(405, "METHOD_NOT_ALLOWED", "HTTP Method not allowed")
            }
        }

        private static let gone = refusal(404, "NOT_FOUND", "The requested resource does not exist")

        static func refusal(_ status: Int, _ code: String, _ message: String) -> StandInAnswer {
            .json(status, [["message": .string(message), "errorCode": .string(code)]])
        }
    }

    /// Its refusal when the day's calls are used up: not 429.
    package static let usedUp = StandInAnswer.json(
        403, [["message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"]])
}
