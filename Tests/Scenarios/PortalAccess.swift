import JSON
import Testing

/// Generated from the document of the routes: no client learns anything of another client of the same agency, nobody
/// does more than they are there for, and the agency's side stays shut.
@Suite(.ownThread) struct PortalAccess {
    let server = BureauProcess.shared

    private func operations() throws -> [Operation] {
        let all = Operation.all(in: try server.anonymous.get("/openapi.json").ok()).filter {
            $0.path.hasPrefix("/v1/portal/") && !$0.isPublic
        }
        try #require(all.count > 20)
        return all
    }

    /// Records that the agency shows to all its clients alike.
    private let common: Set = ["/v1/portal/articles"]

    /// One of everything that a client sees, by its place in the portal.
    private func seed(_ client: PortalClient, of agency: Agency) throws -> [String: String] {
        let secret = "Secret of Acme"
        let (proposal, contract) = try agency.sell(to: client.record, secret)
        let invoice = try agency.owner.invoice(client.record, [item(5000, 1, secret)])
        let file = try client.admin.post(
            "/v1/portal/files?name=Secret%20of%20Acme.txt", raw: Array(secret.utf8),
            type: "text/plain"
        ).ok(201)
        let work = try agency.work(for: client, secret)
        let asked = try agency.ask(client, secret)
        let piece = try agency.contentToApprove(of: client.record, secret)
        let article = try agency.owner.post(
            "/v1/articles", ["title": "Changing a logo", "body": "Send it.", "status": "published"]
        ).ok(201)
        let said = try client.admin.post("/v1/portal/messages", ["text": .string(secret)]).ok(201)
        let person = try client.people["viewer"]!.get("/v1/me").ok()["user"]?.id
        let named = try client.admin.post(
            "/v1/portal/referrals", ["referred": ["name": .string(secret), "email": "nora@new.example"]]
        ).ok(201)
        let goal = try agency.owner.post(
            "/v1/goals",
            [
                "client_id": .string(client.record.id), "name": .string(secret), "metric": "crm.enquiries",
                "target": 100, "by": "2099-12-31",
            ]
        ).ok(201)
        // Sending is over once the papers are kept: nothing moves by itself from then on.
        try agency.owner.settled(["invoices": invoice.id, "contracts": contract.id, "proposals": proposal.id])
        return [
            "/v1/portal/proposals": proposal.id, "/v1/portal/contracts": contract.id,
            "/v1/portal/invoices": invoice.id, "/v1/portal/files": file.id,
            "/v1/portal/people": person ?? "", "/v1/portal/projects": work.project.id,
            "/v1/portal/tasks": work.task.id, "/v1/portal/deliverables": work.deliverable.id,
            "/v1/portal/reports": work.report.id, "/v1/portal/documents": work.document.id,
            "/v1/portal/tickets": asked.ticket.id, "/v1/portal/surveys": asked.survey.id,
            "/v1/portal/articles": article.id, "/v1/portal/messages": said.id,
            "/v1/portal/referrals": named.id, "/v1/portal/goals": goal.id,
            "/v1/portal/content": piece.id,
        ]
    }

    private func path(_ operation: Operation, _ id: String) -> String {
        operation.path.replacing("{id}", with: id)
            .replacing("{file_id}", with: "file_00000000000000000000000000")
    }

    private func permission(_ operation: Operation) -> String? {
        operation.json.text("description").firstMatch(of: /`(portal:[a-z]+)`/).map { String($0.1) }
    }

    @Test func `of two clients of one agency neither reaches what is the other's, on any operation`() throws {
        let agency = try server.quietAgency()
        let operations = try operations()
        let (acme, beta) = (try agency.portalClient("Acme"), try agency.portalClient("Beta"))
        let ids = try seed(acme, of: agency)
        let secrets = ids.filter { !common.contains($0.key) }.map(\.value)
        let missing = Set(operations.compactMap(\.collection)).subtracting(ids.keys)
        #expect(missing.isEmpty, "nothing to try these with: make them in seed()")
        func snapshot() throws -> [String: JSON] {
            try ids.keys.filter { $0 != "/v1/portal/people" }.reduce(into: [:]) {
                $0[$1] = try acme.admin.get("\($1)/\(ids[$1] ?? "")").ok()
            }
        }
        let before = try snapshot()
        var checked = 0
        for (role, person) in beta.people {
            for operation in operations {
                guard let collection = operation.collection, !common.contains(collection),
                    let id = ids[collection]
                else { continue }
                let absent = id.prefix { $0 != "_" } + "_00000000000000000000000000"
                let answers = try [id, String(absent), "x"].map {
                    try Isolation().call(person, operation, path(operation, $0))
                }
                #expect([403, 404].contains(answers[0].status), "\(role), \(operation): \(answers[0])")
                for other in answers.dropFirst() {
                    #expect(
                        Isolation().bare(answers[0]) == Isolation().bare(other), "\(role), \(operation)")
                }
                checked += 1
            }
            for operation in operations
            where operation.method == "GET" && operation.parameters.isEmpty {
                guard !operation.path.hasSuffix("/stream") else { continue }
                for query in ["", "?total=true"] {
                    let text = try person.get(operation.path + query).text
                    for secret in secrets + [acme.id, "Secret of Acme"] {
                        #expect(!text.contains(secret), "\(operation.path)\(query) shows \(secret)")
                    }
                }
            }
        }
        #expect(checked >= 100)
        for (place, record) in try snapshot() {
            #expect(record == before[place], "\(place): theirs was touched")
        }
    }

    @Test func `each does what they are there for, and no more`() throws {
        let held = [
            "admin": ["read", "write", "approve", "pay", "manage"], "approver": ["read", "write", "approve"],
            "billing": ["read", "write", "pay"], "viewer": ["read"],
        ]
        let agency = try server.quietAgency()
        let client = try agency.portalClient("Acme")
        for (role, person) in client.people {
            let me = try person.get("/v1/me").ok()
            #expect(me.text("role") == "client")
            let has = Set((me["permissions"]?.array ?? []).compactMap(\.text))
            #expect(has == Set((held[role] ?? []).map { "portal:\($0)" }))
            for operation in try operations() {
                let needed = try #require(permission(operation), "\(operation)")
                guard !operation.path.hasSuffix("/brake"), !operation.path.hasSuffix("/stream") else {
                    continue
                }
                let answer = try Isolation().call(person, operation, path(operation, absentLead))
                #expect((answer.status == 403) == !has.contains(needed), "\(role), \(operation): \(answer)")
            }
        }
    }

    @Test func `the portal is for clients, and everything else is not`() throws {
        let agency = try server.quietAgency()
        let person = try agency.portalClient("Acme", roles: ["admin"]).admin
        for operation in try operations() {
            let answer = try Isolation().call(agency.owner, operation, path(operation, absentLead))
            #expect(answer.status == 403, "the agency's own people, \(operation): \(answer)")
        }
        let all = Operation.all(in: try server.anonymous.get("/openapi.json").ok())
        var checked = 0
        for operation in all where !operation.isPublic && !operation.path.hasPrefix("/v1/portal/") {
            let isOwn = operation.path.hasPrefix("/v1/auth/") || operation.path == "/v1/me"
            guard !isOwn else { continue }
            let path = operation.path.replacing("{id}", with: absentLead).replacing(
                "{name}", with: "lead_scoring")
            let answer = try Isolation().call(person, operation, path)
            #expect(answer.status == 403, "a client, \(operation): \(answer)")
            checked += 1
        }
        #expect(checked > 100)
        try agency.owner.post("/v1/api-keys", ["name": "x", "scopes": ["portal:read"]]).problem(403)
        try agency.owner.post("/v1/roles", ["name": "x", "permissions": ["portal:read"]]).problem(403)
    }

    @Test func `every answer to a GET of the portal is as its schema says`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let check = SchemaCheck(document: document)
        let agency = try server.quietAgency()
        let client = try agency.portalClient("Acme")
        let ids = try seed(client, of: agency)
        for operation in try operations() where operation.method == "GET" {
            let schema = operation.json["responses"]?["200"]?["content"]?["application/json"]?["schema"]
            // A referral has a credit once the one who was referred has paid; Referrals looks at it.
            guard let schema, !operation.path.hasSuffix("/stream"), !operation.path.hasSuffix("/credit")
            else { continue }
            let id = operation.collection.flatMap { ids[$0] } ?? ""
            let answer = try client.admin.get(path(operation, id)).ok()
            let faults = check.faults(of: answer, against: schema)
            #expect(faults.isEmpty, "\(operation): \(faults.prefix(5).joined(separator: "; "))")
        }
    }

    @Test func `an invited person is the client's admin, then a viewer, and a contact`() throws {
        let agency = try server.quietAgency()
        let record = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let known = try agency.owner.post(
            "/v1/contacts", ["name": "Ann", "email": "ann@acme.example"]
        ).ok(201)
        let first = try agency.clientPerson(of: record, email: "Ann@Acme.example")
        let second = try agency.clientPerson(of: record, email: "bob@acme.example")
        let overviews = try [first, second].map { try $0.get("/v1/portal/overview").ok() }
        #expect(overviews.map { $0["me"]?.text("client_role") } == ["admin", "viewer"])
        #expect(
            overviews[0]["me"]?.text("contact_id") == known.id
                && overviews[0]["client"]?.text("name") == "Acme")
        let contacts = try agency.owner.every("/v1/contacts?client_id=\(record.id)")
        #expect(Set(contacts.map { $0.text("email") }) == ["ann@acme.example", "bob@acme.example"])
        // A contact who belongs to another client stays theirs.
        let other = try agency.owner.post("/v1/clients", ["name": "Beta"]).ok(201)
        try agency.owner.post(
            "/v1/contacts",
            ["name": "Cy", "email": "cy@beta.example", "client_id": .string(other.id)]
        ).ok(201)
        _ = try agency.clientPerson(of: record, email: "cy@beta.example")
        let both = try agency.owner.every("/v1/contacts?email=cy@beta.example")
        #expect(Set(both.map { $0.text("client_id") }) == [record.id, other.id])
    }

    @Test func `nobody is invited to another agency's client, or to none`() throws {
        let (agency, stranger) = (try server.quietAgency(), try server.signUp())
        let record = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        func invite(_ caller: Caller, _ more: JSONObject) throws -> [String: String] {
            var body: JSONObject = ["email": "x@example.com", "role": "client"]
            for (name, value) in more.members { body[name] = value }
            return try caller.post("/v1/invitations", .object(body)).faults()
        }
        #expect(
            try invite(stranger.owner, ["client_id": .string(record.id)]) == [
                "/client_id": "unknown_reference"
            ])
        #expect(try invite(agency.owner, [:]) == ["/client_id": "required"])
        #expect(
            try invite(agency.owner, ["client_id": .string(record.id), "client_role": "boss"]) == [
                "/client_role": "invalid_choice"
            ])
    }

    @Test func `a client who is none any more is out at once, and is not let in again`() throws {
        let agency = try server.quietAgency()
        let (gone, deleted) = (
            try agency.portalClient("Acme", roles: ["admin"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        try agency.owner.patch("/v1/clients/\(gone.id)", ["status": "former"]).ok()
        try gone.admin.get("/v1/portal/overview").problem(401, "unauthenticated")
        try agency.owner.delete("/v1/clients/\(deleted.id)").ok(204)
        try deleted.admin.get("/v1/me").problem(401, "unauthenticated")
        try agency.owner.post(
            "/v1/invitations",
            ["email": "x@example.com", "role": "client", "client_id": .string(gone.id)]
        ).problem(422)
    }

    @Test func `an admin minds the client's people, and the last one stays`() throws {
        let agency = try server.quietAgency()
        let client = try agency.portalClient("Acme", roles: ["admin", "viewer"])
        let people = try client.admin.get("/v1/portal/people").ok().items
        #expect(people.map { $0.text("client_role") } == ["admin", "viewer"])
        try client.admin.patch("/v1/portal/people/\(people[1].id)", ["client_role": "billing"]).ok()
        #expect(
            try client.people["viewer"]!.get("/v1/me").ok()["permissions"]
                == ["portal:pay", "portal:read", "portal:write"])
        try client.admin.patch("/v1/portal/people/\(people[0].id)", ["client_role": "viewer"]).problem(409)
        try client.admin.delete("/v1/portal/people/\(people[0].id)").problem(409)
        try client.admin.delete("/v1/portal/people/\(people[1].id)").ok(204)
        try client.people["viewer"]!.get("/v1/me").problem(401)
        try client.admin.post("/v1/portal/people", ["email": "new@acme.example"]).ok(202)
        let invited = try agency.owner.every("/v1/invitations?email=new@acme.example")
        #expect(
            invited.first?.text("client_id") == client.id && invited.first?.text("client_role") == "viewer")
    }

    @Test func `the portal's look is told by slug or host, and of no agency that is none`() throws {
        let agency = try server.quietAgency()
        let host = "clients-\(agency.tenant.text("slug")).example"
        try agency.owner.patch(
            "/v1/settings", ["portal_host": .string(host), "brand": ["color": "#112233"]]
        ).ok()
        let bySlug = try server.anonymous.get("/v1/portal/brand?slug=\(agency.tenant.text("slug"))").ok()
        #expect(bySlug.text("color") == "#112233" && bySlug["name"] == agency.tenant["name"])
        try server.anonymous.get("/v1/portal/brand?slug=nobody-at-all").problem(404)
        try server.anonymous.get("/v1/portal/brand").problem(404)
        try agency.owner.patch("/v1/settings", ["portal_host": "no host"]).problem(422)
    }
}
