import JSON
import StandIns
import Testing

/// Generated from the API's description: a field that refers to a record takes only records of its own agency.
@Suite(.ownThread) struct References {
    let server = BureauProcess.shared

    /// A field of a body that refers to a record.
    struct Place {
        let pointer: String
        /// The last part of the path of the records that it refers to.
        let target: String
        let prefix: String
        let body: @Sendable (_ id: String) -> JSON
    }

    struct Schemas {
        let document: JSON

        func resolved(_ schema: JSON) -> JSON {
            guard let name = schema["$ref"]?.text?.split(separator: "/").last else { return schema }
            return resolved(document["components"]?["schemas"]?[String(name)] ?? .null)
        }

        /// Returns every field of a body that refers to a record: its own fields, and those in lists and parts.
        func places(in schema: JSON, _ pointer: String = "", depth: Int = 0) -> [Place] {
            guard depth < 6 else { return [] }
            return (resolved(schema)["properties"]?.object?.members ?? []).flatMap { name, field -> [Place] in
                let (field, place) = (resolved(field), "\(pointer)/\(name)")
                if let target = field["x-refers"]?.text {
                    let isList = field["items"] != nil
                    let pattern = (isList ? field["items"] : field)?["pattern"]?.text ?? ""
                    return [
                        Place(
                            pointer: isList ? "\(place)/0" : place, target: target,
                            prefix: String(pattern.dropFirst().prefix { $0 != "[" }),
                            body: { [name: isList ? [.string($0)] : .string($0)] })
                    ]
                }
                if let items = field["items"] {
                    return places(in: items, "\(place)/0", depth: depth + 1).map { inner in
                        Place(
                            pointer: inner.pointer, target: inner.target, prefix: inner.prefix,
                            body: { [name: [inner.body($0)]] })
                    }
                }
                return places(in: field, place, depth: depth + 1).map { inner in
                    Place(
                        pointer: inner.pointer, target: inner.target, prefix: inner.prefix,
                        body: { [name: inner.body($0)] })
                }
            }
        }

        func body(of operation: Operation) -> JSON? {
            operation.json["requestBody"]?["content"]?["application/json"]?["schema"]
        }
    }

    /// These are left out: requests of a client's people have narrower checks, and actions on a person store no
    /// reference.
    private func isTried(_ operation: Operation) -> Bool {
        operation.path.hasPrefix("/v1/") && !operation.isPublic
            && !["/v1/portal/", "/v1/privacy/", "/v1/admin/"].contains { operation.path.hasPrefix($0) }
    }

    @Test func `a field that refers to a record takes only records of its own agency`() throws {
        let schemas = Schemas(document: try server.anonymous.get("/openapi.json").ok())
        let operations = Operation.all(in: schemas.document).filter(isTried)
        let (agency, other) = (try Isolation().seeded(), try Isolation().seeded())
        let paths = try Isolation().identifiers(of: agency, in: operations)
        var theirs = try Isolation().identifiers(of: other, in: operations)
        // These are listed under the ticket that they belong to.
        for ticket in try other.owner.get("/v1/tickets").ok().items {
            let said = try other.owner.get("/v1/tickets/\(ticket.id)/messages").ok().items
            if let message = said.first { theirs["/v1/ticket-messages"] = message.id }
        }
        var tried = 0, targets: Set<String> = [], wrong: [String] = []
        for operation in operations {
            guard let schema = schemas.body(of: operation) else { continue }
            var path = operation.path
            if let collection = operation.collection {
                guard let id = paths[collection] else { continue }
                path = path.replacing("{id}", with: id)
            }
            guard !path.contains("{") else { continue }
            for place in schemas.places(in: schema) {
                targets.insert(place.target)
                let absent = "\(place.prefix)00000000000000000000000000"
                let foreign = theirs["/v1/\(place.target)"]
                for (whose, id) in [("another's", foreign), ("nobody's", absent), ("no id", "x_1")] {
                    guard let id else { continue }
                    let answer = try agency.owner.request(operation.method, path, place.body(id))
                    tried += 1
                    // A record that can no longer be changed refuses every change.
                    let fault = answer.status == 422 ? try answer.faults()[place.pointer] : nil
                    let isRefused =
                        answer.status == 409 || fault == "unknown_reference" || fault == "read_only"
                    if !isRefused { wrong.append("\(operation) \(place.pointer) \(whose): \(answer)") }
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(10).joined(separator: "\n"))")
        #expect(tried > 250)
        // A resource without a list offers no record of another agency to try.
        let known = Set(theirs.keys.map { $0.dropFirst("/v1/".count) }.map(String.init))
        #expect(targets.count >= 20)
        #expect(targets.subtracting(known).isSubset(of: ["skills"]), "seed them, to try them")
    }

    @Test func `a field refers to a resource of the API, in its declaration and in the document`() throws {
        let agency = try server.signUp()
        let resources = try agency.owner.get("/v1/meta/resources").ok().items
        // Runs, decisions and jobs are read by their identifiers, and are no resources.
        let paths = Set(resources.map { $0.text("path") })
            .union(["/v1/agent-runs", "/v1/decisions", "/v1/jobs"])
        var found = 0
        for resource in resources {
            for field in resource["fields"]?.array ?? [] {
                guard let target = field["refers"]?.text else { continue }
                found += 1
                #expect(paths.contains("/v1/\(target)"), "\(resource.text("path")) \(field.text("name"))")
            }
        }
        #expect(found > 100)
        let lead = try #require(resources.first { $0.text("path") == "/v1/leads" })
        let client = lead["fields"]?.array?.first { $0.text("name") == "client_id" }
        #expect(client?.text("refers") == "clients")
        let schemas = Schemas(document: try server.anonymous.get("/openapi.json").ok())
        for operation in Operation.all(in: schemas.document) {
            guard let schema = schemas.body(of: operation) else { continue }
            for place in schemas.places(in: schema) {
                #expect(paths.contains("/v1/\(place.target)"), "\(operation) \(place.pointer)")
            }
        }
    }

    @Test
    func `an unchanged reference to a deleted record may stay, and a new one is reported with other faults`()
        throws
    {
        let agency = try server.signUp()
        let client = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let lead = try agency.makeLead(1, ["client_id": .string(client.id)])
        try agency.owner.delete("/v1/clients/\(client.id)").ok(204)
        let path = "/v1/leads/\(lead.id)"
        // A form sends back the values that it has read.
        try agency.owner.patch(path, ["client_id": .string(client.id), "notes": "x"]).ok()
        try agency.owner.post("/v1/leads", ["company": "B", "client_id": .string(client.id)]).problem(
            422, "unknown_reference")
        let faults = try agency.owner.post(
            "/v1/leads", ["client_id": .string(client.id), "email": "x", "surprise": 1]
        ).faults()
        #expect(
            faults == [
                "/company": "required", "/email": "invalid_email", "/surprise": "unknown_field",
                "/client_id": "unknown_reference",
            ])
        let bulk = try agency.owner.post(
            "/v1/leads/bulk",
            [
                "operations": [
                    ["op": "create", "body": ["company": "C", "owner_id": .string(agency.user.id)]],
                    ["op": "create", "body": ["client_id": .string(client.id)]],
                    ["op": "update", "id": .string(lead.id), "body": ["owner_id": .string(client.id)]],
                ]
            ]
        ).ok()
        let results = bulk["results"]?.array ?? []
        #expect(results.map { $0["status"]?.int } == [201, 422, 422])
        let errors = results[1]["problem"]?["errors"]?.array ?? []
        #expect(Set(errors.map { $0.text("pointer") }) == ["/company", "/client_id"])
    }

    @Test func `a client's people own nothing of the agency's, and are in no team`() throws {
        let agency = try server.signUp()
        let client = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let person = try agency.owner.post(
            "/v1/users",
            [
                "name": "Cleo", "email": "cleo@example.com", "role": "client",
                "client_id": .string(client.id),
                "password": "correct horse battery",
            ]
        ).ok(201)
        let owner: JSON = .string(person.id)
        try agency.owner.post("/v1/leads", ["company": "A", "owner_id": owner]).problem(
            422, "unknown_reference")
        #expect(
            try agency.owner.post(
                "/v1/teams", ["name": "T", "lead_id": owner, "members": [["user_id": owner]]]
            )
            .faults() == ["/lead_id": "unknown_reference", "/members/0/user_id": "unknown_reference"])
    }
}
