import Cryptography
package import JSON

/// Apideck: leads, contacts, companies and opportunities of whatever CRM is behind it.
package final class ApideckStandIn: Sendable {
    package let apiKey = "sk_live_bureau", appID = "app-1"
    /// Another key of the same account.
    package let otherKey = "sk_live_other"
    package let service: ServiceStandIn
    package let contacts: StandInRecords, leads: StandInRecords, companies: StandInRecords
    package let opportunities: StandInRecords

    package init() throws {
        let all = [
            "/crm/contacts": StandInRecords { "c_\($0)" }, "/lead/leads": StandInRecords { "l_\($0)" },
            "/crm/companies": StandInRecords { "co_\($0)" },
            "/crm/opportunities": StandInRecords { "o_\($0)" },
        ]
        (contacts, leads) = (all["/crm/contacts"]!, all["/lead/leads"]!)
        (companies, opportunities) = (all["/crm/companies"]!, all["/crm/opportunities"]!)
        let (keys, appID) = ([apiKey, otherKey].map { "Bearer \($0)" }, appID)
        service = try ServiceStandIn { request in
            guard keys.contains(request.header("Authorization") ?? ""),
                request.header("x-apideck-app-id") == appID,
                request.header("x-apideck-consumer-id")?.isEmpty == false
            else { return Self.refusal(401, "UnauthorizedError", "Missing authentication") }
            let call = StandInCall(request)
            if call.path == "/vault/connections" { return .json(200, Self.answer("connections", "all", [])) }
            let place = "/" + call.segments.prefix(2).joined(separator: "/")
            guard let records = all[place] else {
                return Self.refusal(404, "EntityNotFoundError", "Unknown Path")
            }
            return Self.answer(
                call, call.segments.count > 2 ? call.segments[2] : nil, records, call.segments[1])
        }
    }

    private static func answer(
        _ call: StandInCall, _ id: String?, _ records: StandInRecords, _ resource: String
    ) -> StandInAnswer {
        let fields = call.body.object ?? [:]
        guard let id else {
            switch call.method {
            case "POST":
                guard (fields["name"] ?? fields["title"] ?? fields["first_name"])?.text?.isEmpty == false
                else {
                    return refusal(400, "RequestValidationError", "name is required")
                }
                return .json(201, answer(resource, "add", ["id": .string(records.add(fields).id)]))
            case "GET":
                var found = records.changed(since: nil)
                if let email = call.query["filter[email]"]?.lowercased() {
                    found = found.filter { record in
                        (record.fields["emails"]?.array ?? []).contains {
                            $0["email"]?.text?.lowercased() == email
                        }
                    }
                }
                if let name = call.query["filter[name]"] {
                    found = found.filter { $0.fields["name"]?.text == name }
                }
                let size = Int(call.query["limit"] ?? "20") ?? 20,
                    cursor = call.query["cursor"].flatMap { Int($0.dropFirst(2)) }
                guard size <= 200 else { return refusal(400, "RequestValidationError", "limit") }
                let (items, next) = found.page(from: cursor ?? 0, size: size)
                let meta: JSON = [
                    "items_on_page": .integer(Int64(items.count)),
                    "cursors": ["previous": nil, "current": "x", "next": JSON(next.map { "em\($0)" })],
                ]
                return .json(200, answer(resource, "all", .array(items.map(shown))).adding(["meta": meta]))
            default: return refusal(405, "RequestValidationError", "method")
            }
        }
        guard let record = records[id] else {
            return refusal(404, "EntityNotFoundError", "The entity does not exist")
        }
        switch call.method {
        case "GET": return .json(200, answer(resource, "one", shown(record)))
        case "PATCH":
            records.change(id, fields)
            return .json(200, answer(resource, "update", ["id": .string(id)]))
        case "DELETE":
            records.remove(id)
            return .json(200, answer(resource, "delete", ["id": .string(id)]))
        default: return refusal(405, "RequestValidationError", "method")
        }
    }

    private static func answer(_ resource: String, _ operation: String, _ data: JSON) -> JSON {
        [
            "status_code": 200, "status": "OK", "service": "zoho-crm", "resource": .string(resource),
            "operation": .string(operation), "data": data,
        ]
    }

    private static func shown(_ record: StandInRecords.Record) -> JSON {
        JSON.object(record.fields).adding([
            "id": .string(record.id), "updated_at": .string(record.changedAt),
            "created_at": .string(record.createdAt),
        ])
    }

    private static func refusal(_ status: Int, _ type: String, _ detail: String) -> StandInAnswer {
        .json(
            status,
            [
                "status_code": .integer(Int64(status)), "error": "Error", "type_name": .string(type),
                "message": .string(detail), "detail": .string(detail),
                "ref": .string("https://developers.apideck.com/errors#\(type.lowercased())"),
            ])
    }

    /// Its refusal where the CRM behind it is asked too fast.
    package static let tooFast = StandInAnswer.json(
        429,
        [
            "status_code": 429, "error": "Too Many Requests", "type_name": "ConnectorRateLimitError",
            "message": "x", "detail": ["type": "x", "message": "x", "debug": ["retry_after_ms": 1500]],
        ])

    /// Its refusal when the month's calls are used up.
    package static let usedUp = refusal(402, "RequestLimitError", "You have reached the limit of requests")

    /// A hook: signed is the document with its members sorted.
    package func hook(_ payload: JSON, key: String? = nil) -> StandInHook {
        let body: JSON = ["payload": payload]
        let code = HMAC.sha256(key: Array((key ?? apiKey).utf8), body.canonical.bytes)
        return StandInHook(
            [("Content-Type", "application/json"), ("x-apideck-signature", Hex.encode(code))], body.bytes)
    }
}
