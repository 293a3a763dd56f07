import Cryptography
import JSON
import StandIns
import Testing

/// Generated from the document of the routes: no agency learns anything of another, on any of them.
@Suite(.ownThread) struct Isolation {
    let server = BureauProcess.shared

    static func operations(_ server: BureauProcess) throws -> [Operation] {
        let all = Operation.all(in: try server.anonymous.get("/openapi.json").ok())
        try #require(all.count > 60)
        // The portal is for clients: its own tests are in PortalAccess.
        return all.filter { !$0.path.hasPrefix("/v1/portal/") || $0.isPublic }
    }

    /// An agency that has something of everything.
    func seeded() throws -> Agency {
        let agency = try server.signUp()
        _ = try agency.signIn()
        _ = try agency.colleague("viewer")
        _ = try agency.key(["leads:read"])
        try agency.owner.post("/v1/invitations", ["email": "i@example.com", "role": "viewer"]).ok(201)
        try agency.owner.post("/v1/roles", ["name": "scout", "permissions": ["leads:read"]]).ok(201)
        try agency.owner.post("/v1/slack-users", ["team_id": "T1", "slack_id": "U1"]).ok(201)
        let view: JSON = ["resource": "leads", "name": "New", "query": ["status": "new"], "is_shared": true]
        try agency.owner.post("/v1/views", view).ok(201)
        let request: JSON = ["name": "Jane Doe", "address": "jane@example.org", "kind": "access"]
        try agency.owner.post("/v1/privacy/requests", request).ok(201)
        try delivered(to: agency)
        try agency.owner.patch("/v1/agents/lead_generation", ["state": "disabled"]).ok()
        _ = try agency.imported(csv(csvHeader, [csvRow(1), csvRow(2, ["E-Mail": "broken"])]))
        try agency.owner.patch("/v1/agents/lead_generation", ["state": "active"]).ok()
        let handover: JSON = [
            "type": "handover_request", "to": "handover_monitor",
            "body": ["customer_id": "contact_00000000000000000000000000", "reason": "asks for a person"],
        ]
        try agency.owner.post("/v1/agent-messages", handover).ok(201)
        let experiment: JSON = [
            "agent": "lead_qualification", "name": "Sooner", "goal": "lead.qualified",
            "variants": [["name": "sooner", "settings": ["timeline_days_max": 90]]],
        ]
        try agency.owner.post("/v1/agent-experiments", experiment).ok(201)
        let lead = try agency.makeLead(5, ["custom": ["tier": "gold"], "external_ids": ["crm": "A-1"]])
        _ = try agency.score(lead.id)
        try agency.owner.ended("/v1/leads/\(lead.id)/qualify")
        _ = try agency.sandbox()
        try agency.owner.post("/v1/budgets", ["kind": "calls", "limit": 3]).ok(201)
        try agency.owner.ended("/v1/crawls", ["url": "http://127.0.0.1"])
        try agency.owner.post(
            "/v1/change-sets",
            ["title": "Notes", "changes": [["id": .string(lead.id), "fields": ["notes": "x"]]]]
        ).ok(201)
        try agency.owner.post("/v1/data-reports", ["kind": "executive"]).ok(201)
        let offer: JSON = [
            "name": "Spring", "valid_from": "2030-03-01", "valid_until": "2030-03-31",
            "words": [["locale": "en", "title": "An audit", "text": "At half the price."]],
        ]
        try agency.owner.post("/v1/special-offers", offer).ok(201)
        try agency.owner.post("/v1/sounds", ["name": "Slow mornings", "licence": "Ours"]).ok(201)
        try agency.owner.post("/v1/searches", ["name": "Firms", "sources": ["websites"], "enabled": false])
            .ok(201)
        try foundIssue(of: agency)
        try studied(by: agency)
        try distributed(by: agency)
        try offered(by: agency)
        try enrolled(lead, of: agency)
        let model: JSON = [
            "name": "mini", "base_url": "http://127.0.0.1:9/v1", "model": "m", "enabled": false,
        ]
        try agency.owner.post("/v1/models", model).ok(201)
        let connector: JSON = [
            "name": "acme_crm", "title": "Acme CRM", "auth": ["kind": "bearer", "credential": "token"],
            "test": ["path": "/contacts"],
            "objects": [
                [
                    "name": "contacts", "id": "/id", "list": ["path": "/contacts", "items": "/data"],
                    "fields": [["name": "email"]],
                ]
            ],
        ]
        try agency.owner.post("/v1/connectors", connector).ok(201)
        try synced(agency)
        let asking: JSON = [
            "name": "ask", "start": "ask", "nodes": [["id": "ask", "type": "approval", "title": "Go on?"]],
        ]
        let workflow = try agency.owner.post("/v1/workflows", asking).ok(201)
        let run = try agency.owner.post("/v1/workflow-runs", ["workflow_id": .string(workflow.id)]).ok(202)
        try eventuallyTrue("the question") {
            try agency.owner.get("/v1/workflow-runs/\(run.id)").ok().text("status") == "waiting"
        }
        try seedMessaging(agency)
        // A run over a lead that is gone dies, which raises an alert.
        try agency.owner.ended(
            "/v1/agents/lead_scoring/runs", ["parameters": ["lead_id": .string(absentLead)]])
        try agency.makeBelongings()
        // A notification by mail would be one more message that is still under way.
        try agency.owner.patch("/v1/notifications/preferences", ["mail": "never"]).ok()
        try agency.owner.post("/v1/notifications/test").ok(202)
        return agency
    }

    /// Has people written to: all of it comes to rest.
    private func seedMessaging(_ agency: Agency) throws {
        let postmark = try PostmarkStandIn()
        let door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let file = StandInFile("brief.txt", "text/plain", "words")
        let attachment: JSON = [
            "Name": .string(file.name), "ContentType": .string(file.mediaType),
            "Content": .string(Base64.encode(file.bytes)), "ContentLength": JSON(file.bytes.count),
        ]
        let mail = postmark.mail("i1", from: "i@example.com", text: "A word.", attachments: [attachment])
        try server.deliver(mail, to: door).ok()
        _ = try agency.receipt(door, "processed")
        let contact = try agency.makeContact(77)
        let template: JSON = ["name": "t", "subject": "S", "body": "B"]
        try agency.owner.post("/v1/templates", template).ok(201)
        try agency.owner.post("/v1/suppressions", ["address": "x@example.com"]).ok(201)
        try agency.owner.post("/v1/consents", ["contact_id": .string(contact.id), "source": "form"]).ok(201)
        try agency.owner.post("/v1/clients", ["name": "Client"]).ok(201)
        let brake: JSON = ["scope": "topic", "id": "none", "reason": "x"]
        try agency.owner.post("/v1/brakes", brake).ok(201)
        try agency.owner.post("/v1/sending-domains", ["domain": "example.com"]).ok(201)
    }

    /// A record of the agency for each collection that has identifiers in its paths.
    func identifiers(of agency: Agency, in operations: [Operation]) throws -> [String: String] {
        var found: [String: String] = [:]
        for operation in operations where operation.path.hasPrefix("/v1/") && !operation.isPublic {
            guard let collection = operation.collection, found[collection] == nil else { continue }
            let list = try agency.owner.get(collection)
            // Records without a list of their own are fetched by hand below.
            if list.status == 200, let id = list.json.items.first?.id, !id.isEmpty { found[collection] = id }
        }
        let (keep, gone) = (try agency.makeLead(8), try agency.makeLead(8))
        let merged = try agency.owner.post(
            "/v1/leads/merge", ["keep": .string(keep.id), "merge": [.string(gone.id)]]
        ).ok()
        found["/v1/leads/merges"] = merged.text("merge_id")
        for kind in ["contacts", "companies"] {
            let two = try (0..<2).map { _ in
                try agency.owner.post("/v1/\(kind)", ["name": "Two"]).ok(201).id
            }
            let body: JSON = ["merge": [.string(two[1])]]
            let one = try agency.owner.post("/v1/\(kind)/\(two[0])/merge", body).ok()
            found["/v1/\(kind)/merges"] = one.text("merge_id")
        }
        found["/v1/facts"] = try agency.owner.every("/v1/leads/\(keep.id)/facts").first?.id
        // The one that somebody is in.
        let enrollment = try agency.owner.get("/v1/enrollments").ok().items.first
        found["/v1/sequences"] = enrollment?.text("sequence_id")
        found["/v1/enrollments"] = enrollment?.id
        found["/v1/admin/tenants"] = agency.tenant.id
        // Nobody of an agency learns whether there is one.
        found["/v1/admin/backups"] = "bureau-20260801-033000"
        return found
    }

    func call(_ caller: Caller, _ operation: Operation, _ path: String) throws -> Answer {
        guard let content = operation.json["requestBody"]?["content"]?.object else {
            return try caller.request(operation.method, path)
        }
        if content["application/json"] == nil, let type = content.keys.first {
            return try caller.request(
                operation.method, path, raw: Array("Company\r\nX\r\n".utf8), headers: ["Content-Type": type])
        }
        return try caller.request(operation.method, path, Self.bodies[operation.name] ?? [:])
    }

    /// Returns the rest of an answer that a caller could learn from.
    func bare(_ answer: Answer) -> [String] {
        var body = answer.json.object ?? [:]
        body.remove("request_id")
        let headers = answer.headers.filter {
            !["date", "connection", "x-request-id", "ratelimit-remaining", "ratelimit-reset", "etag"]
                .contains($0.0)
        }
        return ["\(answer.status)", JSON.object(body).canonical.serialized]
            + headers.map { "\($0.0): \($0.1)" }.sorted()
    }

    @Test func `another agency's identifier answers like one that nobody has, on every operation`() throws {
        let operations = try Self.operations(server)
        let (agency, stranger) = (try seeded(), try server.signUp())
        let ids = try identifiers(of: agency, in: operations)
        func snapshot() throws -> [String: JSON] { try records(ids, of: agency) }
        let before = try snapshot()
        let missing = Set(operations.filter { !$0.isPublic }.compactMap(\.collection)).subtracting(ids.keys)
        #expect(missing.isEmpty, "no records to try these with: make them in seeded()")
        var checked = 0
        for operation in operations where !operation.isPublic {
            guard let collection = operation.collection, let id = ids[collection] else { continue }
            let prefix = id.prefix { $0 != "_" }
            let absent = "\(prefix)_00000000000000000000000000"
            let answers = try [id, absent, "\(prefix)_x"].map {
                let path = operation.path.replacing("{id}", with: $0)
                    .replacing("{enrollment}", with: ids["/v1/enrollments"] ?? "")
                    .replacing("{user_id}", with: "user_00000000000000000000000000")
                    .replacing("{session_id}", with: "ses_00000000000000000000000000")
                return try call(stranger.owner, operation, path)
            }
            #expect(bare(answers[0]) == bare(answers[1]), "\(operation)")
            #expect(bare(answers[0]) == bare(answers[2]), "\(operation)")
            let wanted = collection.hasPrefix("/v1/admin") ? 403 : 404
            #expect(answers[0].status == wanted, "\(operation): \(answers[0])")
            checked += 1
        }
        #expect(checked >= 30)
        let touched = try snapshot().filter { before[$0.key] != $0.value }
        #expect(touched.isEmpty, "nothing of theirs was touched")
    }

    /// Routes that show what every member of the agency may know, whichever clients they work for.
    static let agencyWide: Set = [
        "/v1/articles", "/v1/canned-replies", "/v1/case-studies", "/v1/custom-fields", "/v1/experiments",
        "/v1/forms", "/v1/integrations", "/v1/macros", "/v1/models", "/v1/objections", "/v1/packages",
        "/v1/roles", "/v1/sending-domains", "/v1/sequences", "/v1/service-incidents", "/v1/skills",
        "/v1/sla-policies", "/v1/support-addresses", "/v1/surveys", "/v1/teams", "/v1/templates",
        "/v1/sounds", "/v1/ticket-triggers", "/v1/tools", "/v1/agents", "/v1/triage-rules", "/v1/users",
        "/v1/wording-rules", "/v1/workflows",
    ]

    @Test func `a member limited to a client learns and changes nothing beyond it, on every operation`()
        throws
    {
        let operations = try Self.operations(server)
        let agency = try seeded()
        let ids = try identifiers(of: agency, in: operations)
        let (client, other) = (try agency.owner.makeClient(), try agency.owner.makeClient())
        _ = try agency.makeLead(61, ["client_id": .string(other.id)])
        // The member has every permission, so that only the limit decides.
        let member = try agency.colleague("owner", limitedTo: client.id)
        func snapshot() throws -> [String: JSON] { try records(ids, of: agency) }
        let before = try snapshot()
        for operation in operations where !operation.isPublic {
            guard let collection = operation.collection, let id = ids[collection] else { continue }
            let answers = try [id, "\(id.prefix { $0 != "_" })_00000000000000000000000000"].map {
                let path = operation.path.replacing("{id}", with: $0).replacing(
                    "{enrollment}", with: ids["/v1/enrollments"] ?? "")
                return try call(member, operation, path)
            }
            if !Self.agencyWide.contains(collection) {
                #expect(bare(answers[0]) == bare(answers[1]), "\(operation)")
                #expect([403, 404].contains(answers[0].status), "\(operation): \(answers[0])")
            } else if operation.method != "GET" {
                #expect([403, 404, 422].contains(answers[0].status), "\(operation): \(answers[0])")
            }
        }
        let touched = try snapshot().filter { before[$0.key] != $0.value }
        #expect(touched.isEmpty, "something of others was touched: \(touched.keys)")

        // Every member knows which agency they belong to.
        let hidden =
            ids.filter { !Self.agencyWide.contains($0.key) && $0.value != agency.tenant.id }.values
            + [other.id]
        for operation in operations
        where operation.method == "GET" && operation.parameters.isEmpty && !operation.isPublic
            && !operation.path.hasSuffix("/stream")
        {
            for query in ["", "?q=Example", "?total=true", "?limit=200"] {
                let answer = try member.get(operation.path + query)
                if answer.status == 403 {
                    // Routes of the platform are refused to every member of an agency, for that reason.
                    let isPlatform = operation.path.hasPrefix("/v1/admin/")
                    let why = isPlatform ? "platform_admin" : "limited to some clients"
                    #expect(answer.json.text("detail").contains(why), "\(operation)")
                }
                for id in hidden {
                    #expect(!answer.text.contains(id), "\(operation.path)\(query) shows \(id)")
                }
            }
        }
    }

    @Test func `every identifier in a path is one that the tests know how to fill`() throws {
        // The token alone tells what it opens.
        let known: Set = [
            "id", "name", "code", "enrollment", "provider", "token", "key", "public_key", "slug", "file_id",
            "user_id", "session_id", "number", "product_id",
        ]
        for operation in try Self.operations(server) {
            #expect(known.isSuperset(of: operation.parameters), "\(operation): teach Isolation about it")
        }
    }

    @Test func `no list shows a stranger anything of another agency`() throws {
        let operations = try Self.operations(server)
        let (agency, stranger) = (try seeded(), try server.signUp())
        let ids =
            try identifiers(of: agency, in: operations).values + [
                agency.tenant.id, agency.user.id, agency.email,
            ]
        for operation in operations where operation.method == "GET" && operation.parameters.isEmpty {
            guard !operation.isPublic, !operation.path.hasSuffix("/stream") else { continue }
            for query in ["", "?q=Example", "?total=true"] {
                let text = try stranger.owner.get(operation.path + query).text
                for id in ids { #expect(!text.contains(id), "\(operation.path)\(query) shows \(id)") }
            }
        }
        try tryCursors(of: agency, as: stranger, in: operations)
    }

    @Test func `filters by another agency's identifiers find nothing`() throws {
        let (agency, stranger) = (try seeded(), try server.signUp())
        _ = try stranger.makeLead(1)
        let lead = try agency.makeLead(9)
        for query in [
            "leads?contact_id=\(lead.text("contact_id"))", "leads?company_id=\(lead.text("company_id"))",
            "audit?subject_id=\(lead.id)", "leads?owner_id=\(agency.user.id)",
        ] {
            #expect(try stranger.owner.get("/v1/\(query)").ok().items.isEmpty, "\(query)")
        }
        try stranger.owner.post("/v1/leads", ["company": "X", "owner_id": .string(agency.user.id)]).problem(
            422, "unknown_reference")
        let bulk = try stranger.owner.post(
            "/v1/leads/bulk",
            [
                "operations": [
                    ["op": "update", "id": .string(lead.id), "body": ["notes": "x"]],
                    ["op": "delete", "id": .string(lead.id)],
                ]
            ]
        ).ok()
        #expect((bulk["results"]?.array ?? []).map { $0["status"]?.int } == [404, 404])
        for agent in ["lead_scoring", "lead_qualification"] {
            let run = try stranger.owner.post(
                "/v1/agents/\(agent)/runs", ["parameters": ["lead_id": .string(lead.id)]])
            let absent = try stranger.owner.post(
                "/v1/agents/\(agent)/runs", ["parameters": ["lead_id": .string(absentLead)]])
            #expect(run.status == absent.status && [202, 404, 422].contains(run.status), "\(run)")
            let ends = try [run, absent].compactMap { answer in
                try answer.header("Location").map { try stranger.end(of: $0) }
            }
            #expect(ends.isEmpty || ends[0] == ends[1], "a run over it ends like one over nothing")
        }
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok()["notes"] == .null)
    }

    @Test func `every operation that is not public asks for a credential first`() throws {
        let operations = try Self.operations(server)
        for operation in operations where !operation.isPublic {
            let path = operation.path.replacing("{id}", with: absentLead).replacing(
                "{name}", with: "lead_scoring")
            for caller in [server.anonymous, server.caller("bk_" + String(repeating: "0", count: 40))] {
                let answer = try call(caller, operation, path)
                try #require(answer.status == 401, "\(operation): \(answer)")
                try answer.problem(401, "unauthenticated")
                #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true, "\(operation)")
            }
        }
    }

    @Test func `every operation that needs a permission refuses a key without it, and names it`() throws {
        let agency = try server.signUp()
        let (one, two) = (try agency.key(["custom_fields:read"]), try agency.key(["events:read"]))
        var checked = 0
        for operation in try Self.operations(server) where !operation.isPublic {
            guard let permission = operation.json.text("description").firstMatch(of: /`([a-z_]+:[a-z_]+)`/)?.1
            else { continue }
            let path = operation.path.replacing("{id}", with: absentLead).replacing(
                "{name}", with: "lead_scoring")
            let answer = try call(permission == "custom_fields:read" ? two : one, operation, path)
            try #require(answer.status == 403, "\(operation): \(answer)")
            #expect(try answer.problem(403, "forbidden").text("detail").contains(permission), "\(operation)")
            checked += 1
        }
        #expect(checked >= 50)
    }
}
