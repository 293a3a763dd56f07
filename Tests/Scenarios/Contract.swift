import JSON
import Testing

/// The API does what its document says.
@Suite(.ownThread) struct Contract {
    let server = BureauProcess.shared

    @Test func `every answer to a GET is as its schema says`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let (check, operations) = (SchemaCheck(document: document), Operation.all(in: document))
        let agency = try Isolation().seeded()
        let ids = try Isolation().identifiers(of: agency, in: operations)
        let chat = try agency.connect("web_chat", capability: "chat").text("public_key")
        var checked = 0
        for operation in operations where operation.method == "GET" && !operation.path.hasPrefix("/v1/admin")
        {
            let schema = operation.json["responses"]?["200"]?["content"]?["application/json"]?["schema"]
            guard let schema, !operation.path.hasSuffix("/stream") else { continue }
            // Services ask for hooks, by tokens of their own.
            guard !["/v1/portal/", "/v1/hooks/"].contains(where: operation.path.hasPrefix) else { continue }
            let id = operation.collection.flatMap { ids[$0] } ?? absentLead
            let path = operation.path.replacing("{id}", with: id).replacing(
                "{name}", with: operation.sampleName
            ).replacing("{public_key}", with: chat)
            let answer = try agency.owner.get(path + operation.requiredQuery)
            // A company's first lead may have no score, a session no page of its own, an account no shop.
            guard ![404, 409].contains(answer.status) || operation.collection == nil else { continue }
            try #require(answer.status == 200, "\(operation): \(answer)")
            let faults = check.faults(of: answer.json, against: schema)
            #expect(faults.isEmpty, "\(operation): \(faults.prefix(5).joined(separator: "; "))")
            checked += 1
        }
        #expect(checked >= 45)
    }

    @Test func `the examples of a create are accepted, and answered as the schema says`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let check = SchemaCheck(document: document)
        let agency = try server.quietAgency()
        for (path, name) in [
            ("leads", "Lead"), ("contacts", "Contact"), ("companies", "Company"),
            ("custom-fields", "CustomField"),
        ] {
            let schema = try #require(document["components"]?["schemas"]?["\(name)Create"])
            var body = JSONObject()
            for (field, property) in schema["properties"]?.object?.members ?? [] {
                if let example = property["examples"]?.array?.first { body[field] = example }
            }
            #expect(!body.isEmpty)
            let made = try agency.owner.post("/v1/\(path)", .object(body)).ok(201)
            #expect(
                check.faults(
                    of: made,
                    against: .init(dictionaryLiteral: ("$ref", .string("#/components/schemas/\(name)")))
                ).isEmpty)
            for (field, value) in body.members { #expect(made[field] == value, "\(name).\(field)") }
        }
    }

    @Test func `every operation that changes something refuses what is no body`() throws {
        let operations = Operation.all(in: try server.anonymous.get("/openapi.json").ok())
        let agency = try server.quietAgency()
        for operation in operations where operation.takesBody && !operation.path.hasPrefix("/v1/admin") {
            guard !operation.isTracking, operation.json["requestBody"]?["content"]?["application/json"] != nil
            else { continue }
            let path = operation.path.replacing("{id}", with: absentLead).replacing(
                "{name}", with: operation.sampleName)
            for body in ["{", "[1]", "{\"no_such_field\": 1}", "\u{ff}"] {
                let answer = try agency.owner.request(
                    operation.method, path, raw: Array(body.utf8),
                    headers: ["Content-Type": "application/json"])
                try #require((400..<500).contains(answer.status), "\(operation) with \(body): \(answer)")
                try answer.problem(answer.status)
            }
            let other = try agency.owner.request(
                operation.method, path, raw: Array("a=b".utf8),
                headers: ["Content-Type": "application/x-www-form-urlencoded"])
            // The portal is for clients, whatever is sent there.
            let isShut = operation.path.hasPrefix("/v1/portal/") && other.status == 403
            #expect([404, 415].contains(other.status) || isShut, "\(operation): \(other)")
        }
    }

    @Test func `every code of a problem that can be met is explained`() throws {
        let codes = [
            "malformed_json", "unknown_filter", "invalid_cursor", "invalid_parameter", "unauthenticated",
            "forbidden",
            "not_found", "method_not_allowed", "invalid_transition", "version_mismatch", "body_too_large",
            "unsupported_media_type", "rate_limited", "validation_failed", "required", "unknown_field",
            "invalid_choice",
            "wrong_type", "out_of_range", "too_long", "invalid_email", "invalid_country", "read_only",
            "weak_password",
            "idempotency_key_reused", "idempotency_in_progress", "refresh_token_reused",
            "invalid_credentials",
            "tenant_required", "signup_closed", "tenant_suspended", "invitation_invalid", "agent_not_active",
            "too_many_operations", "invalid_cron", "invalid_time_zone", "already_exists", "conflict",
        ]
        for code in codes {
            let page = try server.anonymous.get("/problems/\(code)")
            #expect(page.status == 200 && page.text.count > 50, "\(code)")
        }
    }
}
