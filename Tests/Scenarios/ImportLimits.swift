import JSON
import StandIns
import Testing

/// Creating, importing and re-importing an own export apply the same limits: those of a lead's declaration.
@Suite(.ownThread) struct ImportLimits {
    let server = BureauProcess.shared

    /// A value at the edge of a field, from its schema in the document, and whether a create takes it.
    struct Edge: CustomStringConvertible {
        let field: String
        let value: JSON
        var description: String { "\(field) \(value.serialized.prefix(60))" }
    }

    private func allEdges() throws -> [Edge] {
        let document = try server.anonymous.get("/openapi.json").ok()
        let fields = document["components"]?["schemas"]?["LeadCreate"]?["properties"]?.object?.members ?? []
        return fields.flatMap { name, schema -> [Edge] in
            let kinds = schema["type"]?.array?.compactMap(\.text) ?? [schema.text("type")]
            func edge(_ value: JSON) -> Edge { Edge(field: name, value: value) }
            if let most = schema["maxLength"]?.int, schema["format"] == nil {
                let words = name == "contact_name" ? "Jane Do " : "text in "
                let text = String(String(repeating: words, count: Int(most) / 8 + 2).prefix(Int(most)))
                return [
                    edge(.string(text.dropLast() + "x")), edge(.string(text + "xx")),
                    edge(.string(String(repeating: "é", count: Int(most)))),
                ]
            }
            if let least = schema["minimum"]?.int, let most = schema["maximum"]?.int {
                return [least, most, least - 1, most + 1].map { edge(.integer($0)) }
            }
            if let choices = schema["enum"]?.array?.compactMap(\.text) {
                return choices.map { edge(.string($0)) } + [edge("shiny")]
            }
            if kinds.contains("array") {
                let length = Int(schema["items"]?["maxLength"]?.int ?? 0),
                    most = Int(schema["maxItems"]?.int ?? 0)
                let long = (0..<most + 1).map { JSON.string("t\($0)") }
                return [
                    edge(.array(Array(long.dropLast()))), edge(.array(long)),
                    edge([.string(String(repeating: "t", count: length))]),
                    edge([.string(String(repeating: "t", count: length + 1))]),
                ]
            }
            switch name {
            case "email": return ["a@example.com", "a@@example.com"].map { edge(.string($0)) }
            case "country": return ["DE", "Elbonia"].map { edge(.string($0)) }
            case "website":
                return [2000, 2001].map { size in
                    edge(.string("https://example.com/" + String(repeating: "a", count: size - 20)))
                }
            case "client_id", "owner_id":
                let prefix = name.prefix { $0 != "_" } == "client" ? "client" : "user"
                return ["\(prefix)_00000000000000000000000000", "x_1"].map { edge(.string($0)) }
            case "annual_revenue", "budget":
                return [5, -5, 9_007_199_254_740_991, 9_007_199_254_740_992].map {
                    edge(["amount": .integer($0), "currency": "EUR"])
                }
            default: return []
            }
        }
    }

    @Test func `what a create takes or refuses an import takes or refuses, with the same code`() throws {
        let agency = try server.quietAgency()
        let edges = try allEdges()
        #expect(Set(edges.map(\.field)).count >= 18)
        var wrong: [String] = []
        for (number, edge) in edges.enumerated() {
            var body: JSONObject = [
                "company": .string("Edge \(number)"), "contact_name": "Jane Example",
                "email": .string("edge\(number)@example.org"),
            ]
            body[edge.field] = edge.value
            let answer = try agency.owner.post("/v1/leads", .object(body))
            let refused = answer.status == 422 ? Set(try answer.faults().values) : []
            var files = [("application/x-ndjson", JSON.object(body).serialized + "\n")]
            if let cell = edge.value.text ?? edge.value.int.map(String.init) {
                body[edge.field] = .string(cell)
                let cells = body.members.map { $0.1.text ?? "" }
                files.append(("text/csv", csv(body.members.map(\.0), [cells])))
            }
            for (type, file) in files {
                let state = try agency.imported(file, type: type, query: "?dedupe=create")
                let found = parsedCSV(try agency.owner.get(state.text("errors_url")).text)
                let codes = Set(found.map { $0["code"] ?? "" })
                let wanted: [Int64] = answer.status == 201 ? [1, 0, 0, 0] : [0, 0, 0, 1]
                if counts(state) != wanted || codes != refused {
                    wrong.append(
                        "\(edge) \(type): POST \(answer.status) \(refused), import \(counts(state)) \(codes)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(edges.count): \(wrong.joined(separator: "\n"))")
    }

    @Test(arguments: ["csv", "jsonl"])
    func `an own export at the edge of every limit comes back whole`(_ format: String) throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let client = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let edges = try allEdges().filter { !["client_id", "owner_id"].contains($0.field) }
        for (number, edge) in edges.enumerated() {
            let body: JSONObject = [
                "company": .string("Edge \(number)"), "email": .string("edge\(number)@example.org"),
                "client_id": .string(client.id), "owner_id": .string(agency.user.id),
            ]
            _ = try agency.owner.post("/v1/leads", JSON.object(body).merging([edge.field: edge.value]))
        }
        func contents(_ agency: Agency) throws -> [String] {
            try agency.owner.every("/v1/leads?sort=created_at").map { lead in
                var lead = lead.object ?? [:]
                for name in [
                    "id", "version", "created_at", "updated_at", "contact_id", "company_id", "client_id",
                    "owner_id", "qualified_at", "closed_at", "quality_score",
                    "email_status",
                ] { lead.remove(name) }
                return JSON.object(lead).canonical.serialized
            }.sorted()
        }
        let before = try contents(agency)
        #expect(before.count >= 40)
        let file = try agency.owner.get("/v1/leads/export?format=\(format)").text
        let type = format == "csv" ? "text/csv" : "application/x-ndjson"
        // The other agency does not know the lead's client and owner; it has the lead.
        let state = try other.imported(file, type: type, query: "?dedupe=create")
        #expect(counts(state) == [Int64(before.count), 0, 0, 0], "\(state.serialized)")
        let after = try contents(other)
        #expect(after == before, "\(Set(before).symmetricDifference(after).sorted().prefix(4))")
        #expect(try other.owner.every("/v1/leads").allSatisfy { $0["owner_id"] == .null })
        // In its own agency, the lead keeps its client and owner.
        let again = try agency.imported(file, type: type, query: "?dedupe=create")
        #expect(counts(again) == [Int64(before.count), 0, 0, 0], "\(again.serialized)")
        #expect(try agency.owner.every("/v1/leads").allSatisfy { $0.text("owner_id") == agency.user.id })
    }

    @Test func `an import on behalf of nobody's client is refused before it is read`() throws {
        let (agency, other) = (try server.quietAgency(), try server.signUp())
        let theirs = try other.owner.post("/v1/clients", ["name": "Theirs"]).ok(201)
        for id in [theirs.id, "client_00000000000000000000000000", "x"] {
            let answer = try agency.owner.request(
                "POST", "/v1/leads/import?client_id=\(id)", raw: Array("company\nA\n".utf8),
                headers: ["Content-Type": "text/csv"])
            #expect(try answer.faults() == ["/client_id": "unknown_reference"])
        }
    }
}
