import Cryptography
package import JSON

/// HubSpot: contacts, companies and deals in lists, searches and batches, and notes about them. Every value is a text.
package final class HubSpotStandIn: Sendable {
    package let token = "pat-na1-x", clientSecret = "bureau-hs-client-secret"
    package let service: ServiceStandIn
    package let contacts: StandInRecords, companies: StandInRecords, deals: StandInRecords
    /// Each with the record that it is about: `contact/501`.
    package let notes = StandInRecords(from: 7001)

    package init() throws {
        let all = [
            "contacts": StandInRecords(from: 501), "companies": StandInRecords(from: 9001),
            "deals": StandInRecords(from: 3001),
        ]
        (contacts, companies, deals) = (all["contacts"]!, all["companies"]!, all["deals"]!)
        let (token, properties, notes) = (token, Self.properties, notes)
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(token)" else {
                return Self.refusal(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
            }
            let call = StandInCall(request)
            if call.method == "GET", call.segments.count == 4, call.segments[2] == "properties",
                all[call.segments[3]] != nil
            {
                return .json(200, properties)
            }
            if call.segments.starts(with: ["crm", "v3", "objects", "notes"]) {
                return Self.note(call, Array(call.segments.dropFirst(4)), notes)
            }
            guard call.segments.starts(with: ["crm", "v3", "objects"]), call.segments.count >= 4,
                let records = all[call.segments[3]]
            else { return Self.refusal(404, "OBJECT_NOT_FOUND", "resource not found") }
            return Self.answer(
                call, Array(call.segments.dropFirst(4)), records, isContact: call.segments[3] == "contacts")
        }
    }

    /// The properties of every object: one that HubSpot has by itself, and two of the account's own.
    private static let properties: JSON = [
        "results": [
            ["name": "email", "label": "Email", "type": "string", "fieldType": "text"],
            [
                "name": "shoe_size", "label": "Shoe size", "type": "number", "fieldType": "number",
                "modificationMetadata": ["readOnlyValue": false],
            ],
            [
                "name": "churn_score", "label": "Churn score", "type": "number", "fieldType": "number",
                "calculated": true, "modificationMetadata": ["readOnlyValue": true],
            ],
        ]
    ]

    private static func answer(
        _ call: StandInCall, _ rest: [String], _ records: StandInRecords, isContact: Bool
    ) -> StandInAnswer {
        switch (call.method, rest.first, rest.count) {
        case ("GET", nil, 0):
            let found = call.query["archived"] == "true" ? records.removed : records.all
            let size = min(Int(call.query["limit"] ?? "10") ?? 10, 100)
            let (items, next) = found.page(from: Int(call.query["after"] ?? "0") ?? 0, size: size)
            return .json(200, Self.list(items, next))
        case ("POST", nil, 0):
            let properties = call.body["properties"]?.object ?? [:]
            if isContact, let twin = twin(properties, records) {
                return refusal(409, "CONFLICT", "Contact already exists. Existing ID: \(twin.id)")
            }
            return save(properties, in: records, 201) { records.add($0) }
        case ("POST", "search", 1): return search(call.body, records)
        case ("POST", "batch", 2): return batch(rest[1], call.body, records)
        case ("GET", .some(let id), 1):
            let record =
                call.query["idProperty"] == "email"
                ? records.all.first { $0.fields["email"]?.text?.lowercased() == id.lowercased() }
                : records[id]
            return record.map { .json(200, shown($0)) } ?? missing
        case ("PATCH", .some(let id), 1):
            guard records[id] != nil else { return missing }
            return save(call.body["properties"]?.object ?? [:], in: records, 200) { records.change(id, $0) }
        case ("DELETE", .some(let id), 1): return records.remove(id) ? StandInAnswer(204) : missing
        default: return refusal(405, "VALIDATION_ERROR", "method not allowed")
        }
    }

    private static func note(
        _ call: StandInCall, _ rest: [String], _ notes: StandInRecords
    ) -> StandInAnswer {
        guard call.method == "POST" else { return refusal(405, "VALIDATION_ERROR", "method not allowed") }
        guard rest.isEmpty else {
            let filter = call.body["filterGroups"]?.array?.first?["filters"]?.array?.first
            let kind = filter?["propertyName"]?.text?.split(separator: ".").last ?? ""
            let about = "\(kind)/\(filter?["value"]?.text ?? "")"
            let found = notes.all.filter { $0.fields["about"]?.text == about }
            return .json(200, list(found.reversed(), nil))
        }
        let properties = call.body["properties"]?.object ?? [:],
            link = call.body["associations"]?.array?.first
        guard Int64(properties["hs_timestamp"]?.text ?? "") != nil, let record = link?["to"]?["id"]?.text,
            let type = link?["types"]?.array?.first?["associationTypeId"]?.int, [190, 202].contains(type)
        else { return refusal(400, "VALIDATION_ERROR", "There was a problem with the request.") }
        let about = JSON.string("\(type == 202 ? "contact" : "company")/\(record)")
        return save(properties, in: notes, 201) { fields in
            notes.add(JSON.object(fields).adding(["about": about]).object ?? [:])
        }
    }

    private static let missing = refusal(404, "OBJECT_NOT_FOUND", "Object not found.")

    private static func save(
        _ properties: JSONObject, in records: StandInRecords, _ status: Int,
        _ keep: (JSONObject) -> StandInRecords.Record?
    ) -> StandInAnswer {
        for (name, value) in properties.members where value.text == nil {
            return invalid(name, "INVALID_TYPE")
        }
        if let email = properties["email"]?.text, !email.isEmpty, !email.contains("@") {
            return invalid("email", "INVALID_EMAIL")
        }
        return keep(properties).map { .json(status, shown($0)) } ?? missing
    }

    private static func twin(_ properties: JSONObject, _ records: StandInRecords) -> StandInRecords.Record? {
        guard let email = properties["email"]?.text, !email.isEmpty else { return nil }
        return records.all.first { $0.fields["email"]?.text?.lowercased() == email.lowercased() }
    }

    private static func search(_ body: JSON, _ records: StandInRecords) -> StandInAnswer {
        var found = records.changed(since: nil)
        for filter in body["filterGroups"]?.array?.first?["filters"]?.array ?? [] {
            let (name, value) = (filter["propertyName"]?.text ?? "", filter["value"]?.text ?? "")
            switch filter["operator"]?.text {
            case "GTE" where name.hasSuffix("lastmodifieddate"):
                let since = (Int64(value) ?? 0) / 1000
                found = found.filter { $0.changed >= since }
            case "EQ": found = found.filter { $0.fields[name]?.text == value }
            default: return refusal(400, "VALIDATION_ERROR", "There was a problem with the request.")
            }
        }
        let start = Int(body["after"]?.text ?? "0") ?? 0, size = Int(body["limit"]?.int ?? 10)
        guard start < 10_000, size <= 200 else {
            return refusal(400, "VALIDATION_ERROR", "There was a problem with the request.")
        }
        let (items, next) = found.page(from: start, size: size)
        return .json(200, list(items, next).adding(["total": .integer(Int64(found.count))]))
    }

    private static func batch(_ verb: String, _ body: JSON, _ records: StandInRecords) -> StandInAnswer {
        let inputs = body["inputs"]?.array ?? []
        guard inputs.count <= 100 else { return refusal(400, "VALIDATION_ERROR", "too many inputs") }
        var results: [JSON] = [], errors = 0
        for input in inputs {
            let (id, properties) = (input["id"]?.text ?? "", input["properties"]?.object ?? [:])
            switch verb {
            case "upsert":
                let known = records.all.first { $0.fields["email"]?.text?.lowercased() == id.lowercased() }
                var all = properties
                if all["email"] == nil { all.append("email", .string(id)) }
                let record = known.flatMap { records.change($0.id, all) } ?? records.add(all)
                results.append(shown(record).adding(["new": .bool(known == nil)]))
            case "update":
                if let record = records.change(id, properties) {
                    results.append(shown(record))
                } else {
                    errors += 1
                }
            case "read":
                if let record = records[id] { results.append(shown(record)) } else { errors += 1 }
            default: return refusal(405, "VALIDATION_ERROR", "method not allowed")
            }
        }
        var told: JSONObject = ["status": "COMPLETE", "results": .array(results.reversed())]
        if errors > 0 { told.append("numErrors", .integer(Int64(errors))) }
        return .json(errors > 0 ? 207 : 200, .object(told))
    }

    private static func list(_ records: [StandInRecords.Record], _ next: Int?) -> JSON {
        var list: JSONObject = ["results": .array(records.map(shown))]
        if let next { list.append("paging", ["next": ["after": .string("\(next)"), "link": "x"]]) }
        return .object(list)
    }

    private static func shown(_ record: StandInRecords.Record) -> JSON {
        let more: JSONObject = [
            "hs_object_id": .string(record.id), "createdate": .string(record.createdAt),
            "lastmodifieddate": .string(record.changedAt),
        ]
        var shown: JSONObject = [
            "id": .string(record.id), "properties": JSON.object(record.fields).adding(more),
            "createdAt": .string(record.createdAt), "updatedAt": .string(record.changedAt),
            "archived": .bool(record.isGone),
        ]
        if record.isGone { shown.append("archivedAt", .string(record.changedAt)) }
        return .object(shown)
    }

    private static func refusal(_ status: Int, _ category: String, _ message: String) -> StandInAnswer {
        .json(
            status,
            [
                "status": "error", "message": .string(message),
                "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf", "category": .string(category),
            ])
    }

    private static func invalid(_ field: String, _ code: String) -> StandInAnswer {
        .json(
            400,
            [
                "status": "error", "message": "Property values were not valid",
                "category": "VALIDATION_ERROR",
                "errors": [["message": "…", "code": .string(code), "in": .string(field)]],
            ])
    }

    /// Its refusal of too many calls.
    package static let tooFast = StandInAnswer.json(
        429,
        [
            "status": "error", "message": "You have reached your secondly limit.", "errorType": "RATE_LIMIT",
            "policyName": "TEN_SECONDLY_ROLLING",
        ], headers: [("Retry-After", "1")])

    /// A hook as it is signed (version 3) at a moment in milliseconds, for an address.
    package func hook(_ events: JSON, to url: String, at moment: Int64, secret: String? = nil) -> StandInHook
    {
        let signed = Array("POST\(url)".utf8) + events.bytes + Array("\(moment)".utf8)
        let code = HMAC.sha256(key: Array((secret ?? clientSecret).utf8), signed)
        return StandInHook(
            [
                ("Content-Type", "application/json"), ("X-HubSpot-Request-Timestamp", "\(moment)"),
                ("X-HubSpot-Signature-v3", Base64.encode(code)),
            ], events.bytes)
    }

    package static func changed(_ id: String, _ property: String, at moment: Int64) -> JSON {
        [
            [
                "eventId": 1, "subscriptionId": 2, "portalId": 3, "appId": 4, "occurredAt": .integer(moment),
                "subscriptionType": "contact.propertyChange", "attemptNumber": 0,
                "objectId": .integer(Int64(id) ?? 0), "propertyName": .string(property),
            ]
        ]
    }
}
