import Cryptography
internal import JSON

/// Pipedrive: persons, organizations and deals of the second version of its interface, and notes of the first.
package final class PipedriveStandIn: Sendable {
    package let token = "pipedrive-token", username = "bureau", password = "s3cret"
    package let service: ServiceStandIn
    package let persons: StandInRecords, organizations: StandInRecords, deals: StandInRecords
    package let notes = StandInRecords(from: 900)

    package init() throws {
        let all = [
            "persons": StandInRecords(from: 101), "organizations": StandInRecords(from: 12),
            "deals": StandInRecords(from: 7),
        ]
        (persons, organizations, deals) = (all["persons"]!, all["organizations"]!, all["deals"]!)
        let (token, notes) = (token, notes)
        service = try ServiceStandIn { request in
            let isToken = request.header("x-api-token") == token
            guard isToken || request.header("Authorization") == "Bearer \(token)" else {
                return Self.refusal(401, "unauthorized access")
            }
            let call = StandInCall(request)
            if call.path == "/api/v1/users/me" { return .json(200, ["success": true, "data": ["id": 3]]) }
            if call.path == "/api/v1/webhooks" {
                return .json(call.method == "POST" ? 201 : 200, ["success": true, "data": []])
            }
            if call.path == "/api/v1/notes" { return Self.note(call, notes) }
            guard call.segments.starts(with: ["api", "v2"]), call.segments.count >= 3,
                let records = all[call.segments[2]]
            else { return Self.refusal(404, "Not found") }
            return Self.answer(call, Array(call.segments.dropFirst(3)), records)
        }
    }

    private static func answer(
        _ call: StandInCall, _ rest: [String], _ records: StandInRecords
    ) -> StandInAnswer {
        switch (call.method, rest.first, rest.count) {
        case ("GET", nil, 0):
            let found = records.changed(since: call.query["updated_since"].flatMap { StandInTime.second($0) })
            let (items, next) = found.page(
                from: Int(call.query["cursor"] ?? "0") ?? 0,
                size: min(Int(call.query["limit"] ?? "100") ?? 100, 500))
            return .json(
                200,
                [
                    "success": true, "data": .array(items.map(shown)),
                    "additional_data": ["next_cursor": JSON(next.map { "\($0)" })],
                ])
        case ("GET", "search", 1):
            let term = (call.query["term"] ?? "").lowercased()
            let found = records.all.filter { record in
                let texts = [record.fields["name"]?.text, record.fields["title"]?.text] + emails(record)
                return texts.contains { $0?.lowercased() == term }
            }
            let items = found.map { record -> JSON in
                [
                    "result_score": 0.9,
                    "item": [
                        "id": .integer(Int64(record.id) ?? 0), "type": "person",
                        "name": record.fields["name"] ?? .null,
                        "emails": JSON(emails(record).compactMap(\.self)),
                    ],
                ]
            }
            return .json(
                200,
                ["success": true, "data": ["items": .array(items)], "additional_data": ["next_cursor": nil]])
        case ("POST", nil, 0):
            guard (call.body["name"] ?? call.body["title"])?.text?.isEmpty == false else {
                return refusal(400, "name: Required")
            }
            return .json(201, ["success": true, "data": shown(records.add(call.body.object ?? [:]))])
        case (_, .some(let id), 1):
            guard let record = records[id] else { return refusal(404, "Not found") }
            switch call.method {
            case "GET": return .json(200, ["success": true, "data": shown(record)])
            case "PATCH":
                return .json(
                    200,
                    ["success": true, "data": records.change(id, call.body.object ?? [:]).map(shown) ?? nil])
            case "DELETE":
                records.remove(id)
                return .json(200, ["success": true, "data": ["id": .integer(Int64(id) ?? 0)]])
            default: return refusal(405, "Method not allowed")
            }
        default: return refusal(404, "Not found")
        }
    }

    /// Notes are about a person or an organization; a list of none is null.
    private static func note(_ call: StandInCall, _ notes: StandInRecords) -> StandInAnswer {
        let places = ["person_id", "org_id"]
        if call.method == "POST" {
            let owners = places.compactMap { call.body[$0]?.int }
            guard call.body["content"]?.text?.isEmpty == false, owners.count == 1 else {
                return refusal(400, "Bad request")
            }
            return .json(201, ["success": true, "data": shown(notes.add(call.body.object ?? [:]))])
        }
        let found = notes.all.reversed().filter { note in
            places.allSatisfy { place in
                call.query[place] == nil || note.fields[place]?.int == Int64(call.query[place] ?? "")
            }
        }
        return .json(200, ["success": true, "data": found.isEmpty ? nil : .array(found.map(shown))])
    }

    private static func emails(_ record: StandInRecords.Record) -> [String?] {
        (record.fields["emails"]?.array ?? []).map { $0["value"]?.text }
    }

    private static func shown(_ record: StandInRecords.Record) -> JSON {
        JSON.object(record.fields).adding([
            "id": .integer(Int64(record.id) ?? 0),
            "add_time": .string(StandInTime.text(record.created, milliseconds: false)),
            "update_time": .string(StandInTime.text(record.changed, milliseconds: false)),
        ])
    }

    private static func refusal(_ status: Int, _ error: String) -> StandInAnswer {
        .json(
            status,
            [
                "success": false, "error": .string(error),
                "error_info": "Please check developers.pipedrive.com", "data": nil, "additional_data": nil,
            ])
    }

    /// Its page for those who did not heed 429.
    package static let blocked = StandInAnswer(
        403, "<html><body>error code: 1020</body></html>", headers: [("Content-Type", "text/html")])

    /// It signs nothing: a user and a password are all.
    package func hook(
        _ id: String, _ entity: String, of record: String, password: String? = nil
    ) -> StandInHook {
        let body: JSON = [
            "meta": [
                "action": "change", "entity": .string(entity), "entity_id": .string(record),
                "id": .string(id),
                "version": "2.0", "change_source": "app", "attempt": 1,
            ], "data": ["id": .integer(Int64(record) ?? 0)], "previous": [:],
        ]
        let pair = Base64.encode(Array("\(username):\(password ?? self.password)".utf8))
        return StandInHook(
            [("Content-Type", "application/json"), ("Authorization", "Basic \(pair)")], body.bytes)
    }
}
