import JSON
import Testing

/// A colleague who is limited to one client sees and changes only what belongs to that client.
@Suite(.ownThread) struct LimitedMembers {
    let server = BureauProcess.shared

    /// Creates an agency with two clients, a lead for each and one of its own; the member is limited to the first
    /// client.
    struct Scene {
        let agency: Agency, client: JSON, other: JSON, theirs: JSON, others: JSON, own: JSON
        let member: Caller

        init(_ server: BureauProcess, role: String = "owner") throws {
            agency = try server.quietAgency()
            (client, other) = (try agency.owner.makeClient(), try agency.owner.makeClient())
            theirs = try agency.makeLead(1, ["client_id": .string(client.id)])
            others = try agency.makeLead(2, ["client_id": .string(other.id)])
            own = try agency.makeLead(3)
            member = try agency.colleague(role, limitedTo: client.id)
        }
    }

    @Test func `lists, counts, searches, exports and boards show their client's records and nothing else`()
        throws
    {
        let scene = try Scene(server)
        let (owner, member) = (scene.agency.owner, scene.member)
        let leads = [scene.theirs, scene.others, scene.own]
        for lead in leads {
            try owner.post(
                "/v1/deals",
                ["lead_id": .string(lead.id), "name": "D", "stage": "outreach", "value": dollars(10)]
            ).ok(201)
        }
        #expect(try member.every("/v1/leads").map(\.id) == [scene.theirs.id])
        #expect(try member.total() == 1)
        #expect(try member.get("/v1/leads?q=Example").ok().items.map(\.id) == [scene.theirs.id])
        #expect(try member.get("/v1/leads?client_id=\(scene.other.id)").ok().items.isEmpty)
        #expect(try member.every("/v1/clients").map(\.id) == [scene.client.id])
        #expect(
            Set(try member.every("/v1/contacts").map(\.id))
                == [scene.theirs.text("contact_id"), scene.client.text("contact_id")])
        #expect(try member.every("/v1/companies").map(\.id) == [scene.theirs.text("company_id")])
        #expect(try member.every("/v1/deals").map { $0.text("lead_id") } == [scene.theirs.id])
        for format in ["csv", "jsonl"] {
            let export = try member.get("/v1/leads/export?format=\(format)").text
            #expect(export.contains(scene.theirs.id))
            #expect(!export.contains(scene.others.id) && !export.contains(scene.own.id))
        }
        let overview = try member.get("/v1/dashboard/overview").ok()
        #expect(overview["leads"]?["total"]?.int == 1 && overview["sales"]?["active_deals"]?.int == 1)
        #expect(try member.get("/v1/dashboard/leads").ok()["total"]?.int == 1)
        #expect(try member.get("/v1/dashboard/clients").ok()["total"]?.int == 1)
        #expect(try member.get("/v1/dashboard/pipeline").ok()["total_deals"]?.int == 1)
        let board = try member.get("/v1/pipeline").ok()["stages"]?.array ?? []
        #expect(board.compactMap { $0["deals"]?.int }.reduce(0, +) == 1)
        let subjects = Set(try member.every("/v1/events").compactMap { $0["subject"]?.text("id") })
        #expect(subjects.contains(scene.theirs.id))
        #expect(subjects.isDisjoint(with: [scene.others.id, scene.own.id, scene.others.text("contact_id")]))
        let entries = Set(try member.every("/v1/audit").compactMap { $0["subject"]?.text("id") })
        #expect(entries.contains(scene.theirs.id) && !entries.contains(scene.others.id))
        try member.get("/v1/leads/\(scene.theirs.id)").ok()
        try member.get("/v1/leads/\(scene.theirs.id)/timeline").ok()
        for lead in leads.dropFirst() {
            try member.get("/v1/leads/\(lead.id)").problem(404, "not_found")
            try member.patch("/v1/leads/\(lead.id)", ["notes": "x"]).problem(404, "not_found")
            try member.delete("/v1/leads/\(lead.id)").problem(404, "not_found")
        }
    }

    @Test func `the records they create are their client's, and cannot be given to another`() throws {
        let scene = try Scene(server)
        let (client, other) = (scene.client.id, scene.other.id)
        let made = try scene.member.post("/v1/leads", lead(9)).ok(201)
        #expect(made.text("client_id") == client)
        #expect(
            try scene.agency.owner.get("/v1/contacts/\(made.text("contact_id"))").ok().text("client_id")
                == client)
        for body: JSON in [lead(10, ["client_id": .string(other)]), lead(11, ["client_id": "nobody"])] {
            #expect(try scene.member.post("/v1/leads", body).faults() == ["/client_id": "unknown_reference"])
        }
        #expect(
            try scene.member.patch("/v1/leads/\(made.id)", ["client_id": .string(other)]).faults()
                == ["/client_id": "unknown_reference"])
        #expect(
            try scene.member.patch("/v1/leads/\(made.id)", ["client_id": nil]).ok().text("client_id")
                == client)
        let known: JSON = scene.others["email"] ?? .null
        let upserted = try scene.member.post(
            "/v1/leads/upsert", lead(12, ["match_on": "email", "email": known]))
        #expect(upserted.status == 201 && upserted.json.id != scene.others.id)
        let bulk = try scene.member.post(
            "/v1/leads/bulk",
            [
                "operations": [
                    ["op": "create", "body": lead(13)],
                    ["op": "update", "id": .string(scene.others.id), "body": ["notes": "x"]],
                    ["op": "delete", "id": .string(scene.own.id)],
                ]
            ]
        ).ok()
        #expect((bulk["results"]?.array ?? []).map { $0["status"]?.int } == [201, 404, 404])
        #expect(bulk["results"]?[0]["body"]?.text("client_id") == client)
        #expect(
            try scene.member.post(
                "/v1/leads/merge", ["keep": .string(made.id), "merge": [.string(scene.others.id)]]
            ).faults() == ["/merge/0": "unknown_reference"])
        try scene.member.post("/v1/clients", ["name": "New"]).problem(403, "forbidden")
        for body: JSON in [["lead_id": .string(scene.others.id)], ["lead_id": .string(scene.own.id)]] {
            let deal = try scene.member.post("/v1/deals", body.merging(["name": "D"]))
            #expect([403, 404, 422].contains(deal.status), "\(deal)")
        }
        let ticket = try scene.member.post("/v1/tickets", ["subject": "S", "body": "B"]).ok(201)
        #expect(ticket.text("client_id") == client)
        #expect(try scene.agency.owner.get("/v1/leads/\(scene.others.id)").ok()["notes"] == .null)
    }

    @Test func `their stream has their client's events only`() throws {
        let scene = try Scene(server)
        let stream = try EventStream(scene.member)
        try #require(stream.head.status == 200)
        try scene.agency.owner.patch("/v1/leads/\(scene.others.id)", ["notes": "x"]).ok()
        try scene.agency.owner.patch("/v1/leads/\(scene.own.id)", ["notes": "x"]).ok()
        try scene.agency.owner.patch("/v1/leads/\(scene.theirs.id)", ["notes": "x"]).ok()
        try stream.wait(for: "lead.updated")
        #expect(stream.of("lead.updated").map { $0.data["subject"]?.text("id") } == [scene.theirs.id])
    }

    /// Members that change with the moment or by who asks, and say nothing of records of clients.
    private static let ofTheMoment: Set = [
        "/v1/me", "/v1/auth/sessions", "/v1/agents", "/v1/tools", "/v1/users", "/v1/settings",
    ]

    /// All that a member gets by reading: lists, counts, searches, figures, exports, and these records.
    private func readings(_ member: Caller, _ ids: [String: String]) throws -> [String: String] {
        var found: [String: String] = [:]
        for operation in try Isolation.operations(server)
        where operation.method == "GET" && !operation.isPublic && !operation.path.hasSuffix("/stream") {
            let id = operation.collection.flatMap { ids[$0] }
            let path = operation.path.replacing("{id}", with: id ?? "{id}")
            // A link is sealed anew each time.
            guard !path.contains("{"), !Self.ofTheMoment.contains(path), !path.hasSuffix("/sendability"),
                !path.hasSuffix("/referral-link")
            else { continue }
            for query in operation.parameters.isEmpty ? ["", "?total=true", "?q=Example"] : [""] {
                let answer = try member.get(path + query)
                found[path + query] = answer.status == 200 ? answer.text : "\(answer.status)"
            }
        }
        return found
    }

    /// Something of everything that lists and figures are made of, for the other client and for the agency itself.
    private func workForOthers(_ scene: Scene, _ sequence: JSON) throws {
        let (agency, owner, other) = (scene.agency, scene.agency.owner, JSON.string(scene.other.id))
        for number in 20..<24 {
            let lead = try agency.makeLead(number, number % 2 == 0 ? ["client_id": other] : [:])
            try owner.post(
                "/v1/deals",
                [
                    "lead_id": .string(lead.id), "name": "Example", "stage": "outreach",
                    "value": dollars(900),
                ]
            ).ok(201)
            try owner.post(
                "/v1/sequences/\(sequence.id)/enrollments", ["lead_id": .string(lead.id)]
            ).ok(201)
        }
        let person = try agency.makeContact(90, ["client_id": other])
        let consent: JSON = ["contact_id": .string(person.id), "source": "a form"]
        try owner.post("/v1/consents", consent).ok(201)
        try owner.post("/v1/suppressions", ["address": "gone@example.com"]).ok(201)
        let question: JSON = ["subject": "Example", "body": "B", "contact_id": .string(person.id)]
        try owner.post("/v1/tickets", question).ok(201)
        _ = try owner.invoice(scene.other)
        let project = try owner.project(scene.other)
        _ = try owner.task(project, "Example")
        _ = try owner.deliverable(project)
        try owner.post(
            "/v1/metrics",
            ["client_id": other, "source": "ads", "metric": "clicks", "date": "2030-01-01", "value": 7]
        ).ok(201)
        _ = try owner.file("example.txt")
    }

    @Test func `no figure, list, export or stream of theirs moves when others are worked for`() throws {
        let scene = try Scene(server)
        let (agency, owner) = (scene.agency, scene.agency.owner)
        let steps: JSON = [["channel": "task", "title": "Call"]]
        let sequence = try owner.post("/v1/sequences", ["name": "Call", "steps": steps]).ok(201)
        try owner.post(
            "/v1/sequences/\(sequence.id)/enrollments", ["lead_id": .string(scene.theirs.id)]
        ).ok(201)
        try agency.waitForJudgement(of: scene.theirs)
        try agency.rest()
        let ids = [
            "/v1/leads": scene.theirs.id, "/v1/clients": scene.client.id, "/v1/sequences": sequence.id,
            "/v1/contacts": scene.theirs.text("contact_id"),
            "/v1/companies": scene.theirs.text("company_id"),
        ]
        let stream = try EventStream(scene.member)
        let before = try readings(scene.member, ids)
        #expect(before.values.count { $0.contains(scene.theirs.id) } > 5)
        try workForOthers(scene, sequence)
        try agency.rest()
        var after = try readings(scene.member, ids)
        // Their own reading is audited, too.
        for path in ["/v1/audit", "/v1/audit?total=true"] {
            let known = try #require(before[path])
            let new = try scene.member.get(path).ok().items.filter { !known.contains($0.id) }
            #expect(
                new.allSatisfy { ["access.refused", "leads.exported"].contains($0.text("action")) }, "\(new)")
            after[path] = known
        }
        #expect(before.keys.filter { before[$0] != after[$0] }.sorted() == [])
        try owner.patch("/v1/leads/\(scene.theirs.id)", ["notes": "x"]).ok()
        try stream.wait(for: "lead.updated")
        #expect(Set(stream.events.compactMap { $0.data["subject"]?.text("id") }) == [scene.theirs.id])
    }

    @Test func `what they do is told to colleagues who are not limited`() throws {
        let scene = try Scene(server)
        let ticket = try scene.member.post("/v1/tickets", ["subject": "S", "body": "B"]).ok(201)
        try scene.member.post("/v1/tickets/\(ticket.id)/escalate", ["reason": "They are angry."]).ok()
        let kinds = try scene.agency.owner.every("/v1/notifications").map { $0.text("kind") }
        #expect(kinds.contains("ticket_escalated"))
    }

    @Test func `calls that reach beyond their client are refused with the reason`() throws {
        let scene = try Scene(server)
        let owned: [(String, String, JSON)] = [
            ("POST", "/v1/api-keys", ["name": "k", "scopes": ["leads:read"]]),
            ("POST", "/v1/sandboxes", ["name": "s", "from": "live"]),
            ("POST", "/v1/webhooks", ["url": "https://example.com/", "events": ["lead.*"]]),
            ("POST", "/v1/privacy/export", ["email": scene.others["email"] ?? .null]),
            ("POST", "/v1/privacy/erase", ["email": scene.others["email"] ?? .null]),
            ("PATCH", "/v1/settings", ["name": "Mine"]), ("GET", "/v1/audit/verify", .null),
            ("POST", "/v1/agents/lead_scoring/runs", ["parameters": ["limit": 10]]),
            ("POST", "/v1/articles", ["title": "T", "body": "B"]),
            ("POST", "/v1/workflows", ["name": "w", "start": "a", "nodes": []]),
            ("GET", "/v1/ticket-figures", .null), ("GET", "/v1/leads/duplicates", .null),
            ("GET", "/v1/tool-calls", .null), ("GET", "/v1/costs/summary", .null),
            ("GET", "/v1/tool-calls?client_id=\(scene.client.id)", .null),
            ("POST", "/v1/leads/import", .null), ("POST", "/v1/contacts/import", .null),
        ]
        for (method, path, body) in owned {
            let answer = try scene.member.request(method, path, body == .null ? nil : body)
            #expect(
                try answer.problem(403, "forbidden").text("detail").contains("limited to some clients"),
                "\(path)")
        }
        try scene.member.get("/v1/articles").ok()
        try scene.member.get("/v1/settings").ok()
        try scene.member.get("/v1/me").ok()
        try scene.member.get("/v1/agents/lead_scoring/config").ok()
    }

    @Test func `an old address of another client's contact, by hand or in a file, tells and changes nothing`()
        throws
    {
        let scene = try Scene(server), (owner, member) = (scene.agency.owner, scene.member)
        let path = "/v1/contacts/\(scene.others.text("contact_id"))"
        let person: JSON = ["name": "Old", "email": "old@one.example"]
        let gone = try owner.post("/v1/contacts", person).ok(201)
        try owner.post("\(path)/merge", ["merge": [.string(gone.id)]]).ok()
        let before = try owner.get(path).ok()
        let file = Array("name,email,title\nOld,old@one.example,Boss\n".utf8)
        for dedupe in ["skip", "update", "create"] {
            try member.post("/v1/contacts/import?dedupe=\(dedupe)", raw: file, type: "text/csv")
                .problem(403, "forbidden")
        }
        #expect(try owner.get(path).ok()["name"] == before["name"])
        #expect(try owner.get("/v1/imports").ok().items.isEmpty)
        // A colleague's file on behalf of the member's client may name them: they stay the other's, and unseen.
        let query = "dedupe=update&client_id=\(scene.client.id)"
        let state = try scene.agency.finished(
            owner.post("/v1/contacts/import?\(query)", raw: file, type: "text/csv"))
        let now = try owner.get(path).ok()
        #expect(state["updated"] == 1 && now["title"] == "Boss" && now["client_id"] == before["client_id"])
        let imported = "/v1/imports/\(state.id)"
        try member.get(imported).ok()
        for part in ["changes", "errors", "warnings"] { try member.get("\(imported)/\(part)").problem(403) }
        for verb in ["undo", "cancel"] { try member.post("\(imported)/\(verb)").problem(403, "forbidden") }
        try member.get(path).problem(404)
        #expect(try owner.get(path).ok()["title"] == "Boss")
        let told = try owner.post("/v1/contacts", person).ok(201)
        #expect(told.text("duplicate_of") == before.id)
        try owner.delete("/v1/contacts/\(told.id)").ok(204)
        let made = try member.post("/v1/contacts", person).ok(201)
        #expect(made["duplicate_of"] == nil && made.text("client_id") == scene.client.id)
    }

    /// The permissions that somebody is told to have.
    private func held(_ caller: Caller) throws -> Set<String> {
        Set((try caller.get("/v1/me").ok()["permissions"]?.array ?? []).compactMap(\.text))
    }

    @Test func `they are told what they may do, and not what is refused to them`() throws {
        let scene = try Scene(server)
        let (all, own) = (try held(scene.agency.owner), try held(scene.member))
        #expect(own.isStrictSubset(of: all))
        #expect(
            own.isSuperset(of: ["leads:read", "leads:write", "deals:read", "clients:read", "audit:read"]))
        #expect(
            own.isDisjoint(with: [
                "api_keys:write", "webhooks:write", "models:write", "sandboxes:write",
            ]))
        let lists = try scene.agency.owner.wholeLists()
        var refused = 0
        for list in lists {
            let name = String(list.dropFirst("/v1/".count)).replacing("-", with: "_")
            let right = "\(name):read"
            guard all.contains(right), !own.contains(right) else { continue }
            #expect(try scene.member.get(list).status == 403, "\(list)")
            refused += 1
        }
        #expect(lists.count > 60 && refused > 5)
    }

    @Test func `limited members are not a client's people, and create colleagues only with their own limit`()
        throws
    {
        let scene = try Scene(server)
        let user: JSON = [
            "name": "Ann", "email": "ann@example.org", "role": "client", "password": "correct horse battery",
            "client_id": .string(scene.client.id),
        ]
        #expect(try scene.agency.owner.post("/v1/users", user).ok(201).text("client_role") == "admin")
        let colleague: JSON = [
            "name": "Bea", "email": "bea@example.org", "role": "member", "password": "correct horse battery",
        ]
        let made = try scene.member.post("/v1/users", colleague).ok(201)
        #expect(made.text("client_id") == scene.client.id)
        try scene.member.patch("/v1/users/\(scene.agency.user.id)", ["name": "X"]).problem(403, "forbidden")
        try scene.member.delete("/v1/users/\(scene.agency.user.id)").problem(403, "forbidden")
    }
}
