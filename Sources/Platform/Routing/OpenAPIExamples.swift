internal import JSON
internal import Records

/// Makes examples of bodies and answers from their schemas: a field's own example where its declaration has one,
/// otherwise a value that its type, format and name suggest. A test checks each example against its schema.
struct OpenAPIExamples {
    private let schemas: [String: JSON]
    /// The name of a resource's schema, by the tag of its operations.
    private let records: [String: String]
    /// The examples that several operations refer to: one of each named schema, and one of a page of it.
    private(set) var components: JSONObject = [:]

    init(_ schemas: JSONObject, _ routes: Routes) {
        self.schemas = Dictionary(uniqueKeysWithValues: schemas.members.map { ($0.key, $0.value) })
        var records: [String: String] = [:], examples = JSONObject()
        for route in routes.all where route.method == "GET" && route.pattern == "/v1/\(route.tag)" {
            records[route.tag] = route.answers.first?.schema?["properties"]?["data"]?["items"].flatMap(
                Self.name)
        }
        self.records = records
        for (name, schema) in schemas.members where !name.hasSuffix("Part") {
            let isSent = schema["additionalProperties"] == false
            let example = value(of: .reference(name), "", "", sending: isSent, depth: 0)
            examples.append(name, ["value": example])
            guard !isSent else { continue }
            examples.append(
                "\(name)Page", ["value": ["data": [example], "has_more": false, "next_cursor": nil]])
        }
        components = examples
    }

    private static func name(_ schema: JSON) -> String? {
        schema["$ref"]?.text?.split(separator: "/").last.map(String.init)
    }

    /// Returns the example of a medium, and the key under which it stands; `nil` for bytes.
    func example(of schema: JSON, as type: String, _ route: Route) -> (key: String, value: JSON)? {
        if !type.contains("json") || type.hasSuffix("ndjson") {
            if schema["format"] == "binary" || type == "multipart/form-data" { return nil }
            if schema["$ref"] == nil, schema["type"] != "object" {
                return ("example", .string(text(as: type, route)))
            }
        }
        let item = schema["properties"]?["data"]?["items"].flatMap(Self.name)
        if let item, schema["properties"]?["has_more"] != nil {
            let name = item.hasSuffix("Part") ? String(item.dropLast(4)) : item
            return ("examples", ["page": ["$ref": .string("#/components/examples/\(name)Page")]])
        }
        if let name = Self.name(schema) {
            return ("examples", ["whole": ["$ref": .string("#/components/examples/\(name)")]])
        }
        return ("example", value(of: schema, "", "", sending: false, depth: 0))
    }

    /// Returns an example of a text that is not JSON.
    private func text(as type: String, _ route: Route) -> String {
        let name = records[route.tag] ?? "Lead"
        let record = value(of: .reference("\(name)Create"), "", "", sending: true, depth: 0)
        let columns = (record.object?.members ?? []).filter {
            $0.value.object == nil && $0.value.array == nil
        }
        return switch type {
        case "text/csv" where route.pattern == "/v1/payments/import":
            "date,amount,reference,payer\n2026-11-20,1190.00,2026-0042,Northwind Trading\n"
        case "text/csv":
            columns.map(\.key).joined(separator: ",") + "\n"
                + columns.map { $0.value.text.map { "\"\($0)\"" } ?? $0.value.serialized }.joined(
                    separator: ",")
                + "\n"
        case "application/x-ndjson": record.serialized + "\n"
        case "text/event-stream":
            "id: evt_\(Self.idDigits)\nevent: lead.created\ndata: {\"type\":\"lead.created\"}\n\n"
        case "image/svg+xml": "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"
        case "text/calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
        case "text/html": "<!doctype html><title>Northwind Trading</title>"
        default: "bureau_http_requests_total 42\n"
        }
    }

    private func value(of given: JSON, _ name: String, _ noun: String, sending: Bool, depth: Int) -> JSON {
        // A schema may contain itself.
        guard depth <= 2 * Self.depthMax else { return .null }
        var (schema, noun) = (given, noun)
        if let target = given["$ref"]?.text?.split(separator: "/").last.map(String.init) {
            schema = schemas[target] ?? [:]
            noun = FieldTexts.noun(ofSchema: target)
        }
        if let example = schema["examples"]?.array?.first ?? schema["const"] ?? schema["default"] {
            return example
        }
        if let choice = schema["enum"]?.array?.first { return choice }
        if let choice = (schema["anyOf"] ?? schema["oneOf"])?.array?.first {
            return value(of: choice, name, noun, sending: sending, depth: depth)
        }
        let types = schema["type"]?.array?.compactMap(\.text) ?? schema["type"]?.text.map { [$0] } ?? []
        switch types.first(where: { $0 != "null" }) {
        case "object": return object(schema, name, noun, sending: sending, depth: depth)
        case "array":
            guard depth < Self.depthMax, let items = schema["items"] else { return [] }
            return [value(of: items, OperationName.singular(name), noun, sending: sending, depth: depth + 1)]
        case "integer": return .integer(number(schema, Self.integers[name] ?? 1))
        case "number":
            return .number(max(schema["minimum"]?.double ?? 0, min(schema["maximum"]?.double ?? 1, 0.5)))
        case "boolean": return true
        case "string": return .string(text(schema, name, noun))
        default: return types.isEmpty ? [:] : .null
        }
    }

    private static let depthMax = 6

    private func object(
        _ schema: JSON, _ name: String, _ noun: String, sending: Bool, depth: Int
    ) -> JSON {
        let required = Set(schema["required"]?.array?.compactMap(\.text) ?? [])
        var object = JSONObject()
        for (member, property) in schema["properties"]?.object?.members ?? [] {
            let isGiven = required.contains(member) || property["examples"] != nil
            guard depth < Self.depthMax || required.contains(member), !sending || isGiven,
                !(sending && property["readOnly"] == true)
            else { continue }
            object.append(member, value(of: property, member, noun, sending: sending, depth: depth + 1))
        }
        if object.isEmpty, depth < Self.depthMax, let others = schema["additionalProperties"],
            others.object != nil
        {
            object.append("tier", value(of: others, "tier", noun, sending: sending, depth: depth + 1))
        }
        return .object(object)
    }

    private func number(_ schema: JSON, _ wanted: Int64) -> Int64 {
        let least = schema["minimum"]?.double.map { Int64($0.rounded(.up)) } ?? .min
        let most = schema["maximum"]?.double.flatMap { $0 < 9e18 ? Int64($0.rounded(.down)) : nil } ?? .max
        return max(least, min(most, wanted))
    }

    private func text(_ schema: JSON, _ name: String, _ noun: String) -> String {
        if let pattern = schema["pattern"]?.text, pattern != "\\S" {
            if let prefix = pattern.wholeMatch(of: /\^([a-z]+_)\[0-7\].*/)?.1 {
                return prefix + Self.idDigits
            }
            if pattern.hasPrefix("^[A-Z]{3}") { return "EUR" }
            if pattern.hasPrefix("^([01]") { return "09:00" }
            if pattern.hasPrefix("^#") { return "#1f6feb" }
            if let choice = pattern.firstMatch(of: /^\^\(([A-Za-z0-9_]+)[|)]/)?.1 { return String(choice) }
        }
        let wanted =
            switch schema["format"]?.text {
            case "date-time": "2026-11-20T06:15:29.123Z"
            case "date": "2026-11-20"
            case "email": "jane@northwind.example"
            case "uri": "https://www.northwind.example"
            case "phone": "+442071838750"
            case "country": "GB"
            case "currency": "EUR"
            case "time-zone": "Europe/London"
            case "password": "a long passphrase of yours"
            case "binary": "The bytes of the file."
            default: Self.texts[name] ?? suggested(name, noun)
            }
        return String(wanted.prefix(schema["maxLength"]?.int.map(Int.init) ?? .max))
    }

    private func suggested(_ name: String, _ noun: String) -> String {
        if name.hasSuffix("_at") { return "2026-11-20T06:15:29.123Z" }
        if name.hasSuffix("_on") { return "2026-11-20" }
        if name.hasSuffix("url") { return "https://www.northwind.example" }
        if name == "id", !noun.isEmpty { return noun.replacing(" ", with: "_") + "_" + Self.idDigits }
        if name.hasSuffix("_id") { return name.dropLast(3) + "_" + Self.idDigits }
        if name == "name", !noun.isEmpty { return noun.prefix(1).uppercased() + noun.dropFirst() + " 1" }
        return name.isEmpty ? "text" : name.replacing("_", with: " ")
    }

    private static let idDigits = "01jd8zq4mm7k3v9x2c5b6n8p0r"

    private static let integers: [String: Int64] = [
        "amount": 250_000, "score": 72, "employee_count": 45, "version": 3, "limit": 50, "count": 12,
        "total": 128, "duration_ms": 184, "quantity": 2, "expires_in": 900, "size": 48_213, "status": 422,
        "status_code": 200, "line": 4, "column": 12, "notice_days": 30, "runs": 24,
    ]

    private static let texts = [
        "email": "jane@northwind.example", "currency": "EUR", "company": "Northwind Trading",
        "contact_name": "Jane Example", "author_name": "Olive Owner", "title": "A new website",
        "subject": "The contact form does not send",
        "body": "Since this morning nothing arrives from the form.",
        "text": "Thank you, Tuesday at ten suits us.", "description": "A site of six pages in two languages.",
        "notes": "Met at the fair in May.", "note": "Call after ten.", "reason": "The client asked for it.",
        "detail": "Nothing is wrong.", "explanation": "The record is published as it should be.",
        "agent": "lead_scoring", "agent_name": "lead_scoring", "tool": "http_request", "channel": "email",
        "type": "user", "action": "lead.created", "event_type": "lead.created", "kind": "lead",
        "source": "website", "industry": "retail", "location": "London", "country": "GB", "locale": "en-GB",
        "language": "en", "password": "a long passphrase of yours", "token": "4f0c2a9e7b1d",
        "access_token": "eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "refresh_token": "rt_4f0c2a9e7b1d",
        "token_type": "Bearer", "sha256": String(repeating: "9f", count: 32),
        "hash": String(repeating: "9f", count: 32), "previous_hash": String(repeating: "3c", count: 32),
        "request_id": "req_01jd8zq4mm7k3v9x2c5b6n8p0r", "pointer": "/email", "code": "invalid_email",
        "file_name": "leads.csv", "media_type": "text/csv", "tags": "priority", "tag": "priority",
        "pain_point": "too few leads", "metric": "clicks", "unit": "count",
        "question": "How do I change my logo?",
        "resolution": "The form sends again.", "provider": "postmark", "slug": "northwind",
        "number": "2026-0042",
        "next_cursor": "eyJpZCI6IjAxamQ4In0", "cron": "0 7 * * 1", "address": "192.0.2.7", "tier": "gold",
        "user_agent": "Mozilla/5.0", "signed_by": "Jane Example", "accepted_by": "Jane Example",
        "data": "2026-11-20", "from": "2026-11-01", "to": "2026-11-30", "date": "2026-11-20", "day": "monday",
        "month": "2026-11", "outcome": "hot", "summary": "Create a lead", "quote": "tomorrow at the latest",
    ]
}
