import Foundation
import JSON
import StandIns
import Testing

/// Generated from the API's description: no input is silently ignored, and all lists page alike.
@Suite(.ownThread) struct Strictness {
    let server = BureauProcess.shared

    /// Returns the path with identifiers of the agency's own records; `nil` where there is no such record.
    private func path(of operation: Operation, _ ids: [String: String]) -> String? {
        var path = operation.path.replacing("{name}", with: operation.sampleName)
        if let collection = operation.collection {
            guard let id = ids[collection] else { return nil }
            path = path.replacing("{id}", with: id)
        }
        path = path.replacing("{enrollment}", with: ids["/v1/enrollments"] ?? "")
        return path.contains("{") ? nil : path
    }

    @Test func `a field that a body does not have is refused at its place, on every operation`() throws {
        let operations = try Isolation.operations(server)
        let agency = try Isolation().seeded()
        let ids = try Isolation().identifiers(of: agency, in: operations)
        var tried = 0, wrong: [String] = []
        for operation in operations where operation.path.hasPrefix("/v1/") && !operation.isPublic {
            let content = operation.json["requestBody"]?["content"]?.object
            guard operation.method != "GET", content == nil || content?["application/json"] != nil,
                !operation.path.hasPrefix("/v1/admin/"), let path = path(of: operation, ids)
            else { continue }
            var body = (Isolation.bodies[operation.name] ?? [:]).object ?? [:]
            body["no_such_field"] = 1
            let answer = try agency.owner.request(operation.method, path, .object(body))
            tried += 1
            let fault = answer.status == 422 ? try answer.faults()["/no_such_field"] : nil
            let isRefused = fault == "unknown_field"
            if !isRefused { wrong.append("\(operation): \(answer)") }
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.joined(separator: "\n"))")
        #expect(tried > 200)
    }

    @Test func `an empty body is accepted where no body is expected`() throws {
        let agency = try server.signUp()
        try agency.owner.post("/v1/notifications/test", [:]).ok(202)
        try agency.owner.request(
            "POST", "/v1/notifications/test", raw: Array("nothing".utf8),
            headers: ["Content-Type": "text/plain"]
        ).ok(202)
        #expect(
            try agency.owner.post("/v1/notifications/test", ["to": "x", "a/b": 1]).faults() == [
                "/to": "unknown_field", "/a~1b": "unknown_field",
            ])
    }

    @Test func `every list pages alike`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let schemas = References.Schemas(document: document)
        let agency = try Isolation().seeded()
        let ids = try Isolation().identifiers(of: agency, in: try Isolation.operations(server))
        let cleo = try agency.portalClient("Acme", roles: ["admin"]).admin
        let email = "\(UUID().uuidString.lowercased())@example.com", password = "correct horse battery"
        _ = try server.command("admin", "create", "--email", email, "--password", password)
        let root = try server.anonymous.post(
            "/v1/auth/login", ["email": .string(email), "password": .string(password)]
        ).ok().text("access_token")
        let callers = ["/v1/portal/": cleo, "/v1/admin/": server.caller(root)]
        var tried: [String: Int] = [:], wrong: [String] = []
        for operation in Operation.all(in: document) where operation.method == "GET" && !operation.isPublic {
            let content = operation.json["responses"]?["200"]?["content"]
            let schema = schemas.resolved(content?["application/json"]?["schema"] ?? .null)
            // Pairs of similar records are paged by their rank.
            guard schema["properties"]?["has_more"] != nil, operation.path != "/v1/leads/duplicates",
                let path = path(of: operation, ids)
            else { continue }
            let place = callers.keys.first { operation.path.hasPrefix($0) } ?? ""
            tried[place, default: 0] += 1
            wrong += try faults(of: operation, path, callers[place] ?? agency.owner)
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.joined(separator: "\n"))")
        #expect(
            tried["", default: 0] > 60 && tried["/v1/portal/", default: 0] > 8
                && tried["/v1/admin/", default: 0] > 1, "\(tried)")
    }

    /// Returns the differences of a list from the paging of all.
    private func faults(of operation: Operation, _ path: String, _ caller: Caller) throws -> [String] {
        var wrong: [String] = [], seen: [JSON] = [], cursor: String?, hasMore = true
        let names = Set((operation.json["parameters"]?.array ?? []).map { $0.text("name") })
        if !names.isSuperset(of: ["limit", "cursor"]) { wrong.append("\(operation) does not say so") }
        while hasMore, seen.count < 3 {
            let query = "limit=1" + (cursor.map { "&cursor=\($0)" } ?? "")
            let answer = try caller.get("\(path)?\(query)")
            guard answer.status == 200, let items = answer.json["data"]?.array, items.count <= 1 else {
                wrong.append("\(operation)?\(query): \(answer)")
                break
            }
            seen += items
            hasMore = answer.json["has_more"]?.flag ?? false
            cursor = answer.json["next_cursor"]?.text
            if hasMore != (cursor != nil) || hasMore && items.isEmpty {
                wrong.append("\(operation): \(answer)")
            }
        }
        for query in ["limit=0", "limit=201", "limit=x", "cursor=x"] {
            let answer = try caller.get("\(path)?\(query)")
            if answer.status != 400 { wrong.append("\(operation)?\(query): \(answer.status)") }
        }
        return wrong
    }

    @Test func `a lead's timeline can be read to its beginning`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead(1)
        for number in 1...5 {
            try agency.owner.patch("/v1/leads/\(lead.id)", ["notes": JSON("\(number)")]).ok()
        }
        let path = "/v1/leads/\(lead.id)/timeline"
        let whole = try agency.owner.get("\(path)?total=true").ok()
        #expect(whole["total"]?.int == Int64(whole.items.count) && whole.items.count >= 6)
        var parts: [JSON] = [], cursor = ""
        repeat {
            let page = try agency.owner.get("\(path)?limit=2\(cursor)").ok()
            parts += page.items
            cursor = page["next_cursor"]?.text.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(parts == whole.items)
    }
}
