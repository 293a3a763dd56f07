import JSON
import StandIns
import Testing

/// Requests that people may make about themselves.
@Suite(.ownThread) struct Privacy {
    let server = BureauProcess.shared

    /// An agency, and a prospect with whom it has exchanged words.
    private func known() throws -> (agency: Agency, lead: JSON, postmark: PostmarkStandIn) {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        let door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let lead = try agency.makeLead(
            1, ["contact_name": "Jane Secret", "linkedin_url": "https://www.linkedin.com/in/jane"])
        let contact = try agency.owner.get("/v1/contacts/\(lead.text("contact_id"))").ok()
        try agency.message(try agency.send(contact, ["body": "Dear Jane Secret"]), "sent")
        let hook = postmark.mail("p1", from: lead.text("email"), text: "Unsubscribe me. Yours, Jane Secret")
        try server.deliver(hook, to: door).ok()
        _ = try agency.inbound(contact)
        return (agency, lead, postmark)
    }

    @Test func `a person sees everything that is kept about them, and nobody else's`() throws {
        let (agency, lead, _) = try known()
        _ = try agency.makeLead(2, ["contact_name": "John Other"])
        for body: JSON in [
            ["email": "Jane1@example1.com"], ["contact_id": .string(lead.text("contact_id"))],
        ] {
            let report = try agency.owner.post("/v1/privacy/export", body).ok()
            #expect(report["subjects"]?.array?.map(\.id) == [lead.text("contact_id"), lead.id])
            #expect(report["data"]?["records"]?.array?.count == 2)
            #expect(report["data"]?["messages"]?.array?.count == 2)
            #expect(report.serialized.contains("Dear Jane Secret") && !report.serialized.contains("Other"))
        }
        #expect(
            try agency.owner.every("/v1/audit?subject_id=\(lead.id)").contains {
                $0.text("action") == "privacy.exported"
            })
        try agency.owner.post("/v1/privacy/export", ["email": "nobody@example.com"]).problem(404)
        #expect(try agency.owner.post("/v1/privacy/export", [:]).faults() == ["/contact_id": "required"])
        let stranger = try server.quietAgency()
        try stranger.owner.post("/v1/privacy/export", ["email": "jane1@example1.com"]).problem(404)
        let viewer = try agency.colleague("viewer")
        try viewer.post("/v1/privacy/export", ["email": "jane1@example1.com"]).problem(403)
        try agency.colleague("manager").post("/v1/privacy/erase", ["email": "jane1@example1.com"]).problem(
            403)
    }

    @Test func `who is erased is nowhere any more, but that they must not be written to`() throws {
        let (agency, lead, postmark) = try known()
        let other = try agency.makeLead(2, ["contact_name": "John Other"])
        let waiting = try agency.send(
            try agency.owner.get("/v1/contacts/\(lead.text("contact_id"))").ok(),
            ["body": "Jane Secret again"])
        try agency.message(waiting, "held")
        let report = try agency.owner.post("/v1/privacy/erase", ["email": "jane1@example1.com"]).ok()
        #expect(report["erased"]?["records"] == 2 && report["erased"]?["messages"] == 3)
        let lists = ["leads", "contacts", "messages", "conversations", "approvals", "events", "audit"]
        for list in lists {
            for row in try agency.owner.every("/v1/\(list)") {
                #expect(!row.serialized.contains("Jane Secret"), "\(list): \(row.serialized)")
            }
        }
        for list in ["leads", "contacts", "messages"] {
            #expect(try agency.owner.every("/v1/\(list)?q=secret").isEmpty)
            #expect(try !agency.owner.every("/v1/\(list)").contains { $0.serialized.contains("jane1@") })
        }
        #expect(
            try agency.owner.every("/v1/suppressions").map { $0.text("address") } == ["jane1@example1.com"])
        let left = try agency.owner.get("/v1/leads/\(lead.id)").ok()
        #expect(left.text("company") == lead.text("company") && left["email"] == .null)
        let rest = try agency.owner.get("/v1/leads/\(other.id)").ok()
        // Judged in their own time.
        let judged: JSON = ["email_status": nil, "quality_score": nil]
        #expect(rest.merging(judged) == other.merging(judged), "nobody else is touched")
        #expect(try agency.message(waiting, "cancelled")["reasons"]?[0]["code"] == "erased")
        #expect(postmark.service.requests.filter { $0.target == "/email" }.count == 1)
        try agency.owner.post("/v1/privacy/erase", ["email": "jane1@example1.com"]).problem(404)
    }

    @Test
    func `what people of the agency were told in somebody's words is told to them, and forgotten with them`()
        throws
    {
        let (agency, lead, postmark) = try known()
        let contact = lead.text("contact_id")
        try agency.owner.patch("/v1/notifications/preferences", ["mail": "always"]).ok()
        let conversation = try #require(
            try agency.owner.every("/v1/conversations?contact_id=\(contact)").first)
        try agency.answer(
            conversation, "Jane Secret says: my house is blue",
            ["internal": true, "mentions": [.string(agency.user.id)]])
        try agency.owner.post("/v1/notifications/test").ok(202)
        func told() throws -> [JSON] { try agency.owner.every("/v1/notifications") }
        #expect(try told().contains { $0.text("body").contains("my house is blue") })
        try eventuallyTrue("the mail that tells of it") {
            postmark.service.requests.contains {
                String(decoding: $0.body, as: UTF8.self).contains("my house is blue")
            }
        }
        let export = try agency.owner.post("/v1/privacy/export", ["contact_id": .string(contact)]).ok()
        let quoted = export["data"]?["notifications"]?.array ?? []
        #expect(quoted.map { $0.text("kind") } == ["conversation.mentioned"])
        let report = try agency.owner.post("/v1/privacy/erase", ["contact_id": .string(contact)]).ok()
        #expect(report["erased"]?["notifications"] == 1)
        for list in ["notifications", "messages", "events", "audit"] {
            for row in try agency.owner.every("/v1/\(list)") {
                #expect(!row.serialized.contains("my house is blue"), "\(list): \(row.serialized)")
            }
        }
        let left = try told()
        #expect(
            Set(left.map { $0.text("kind") }).isSuperset(of: ["conversation.mentioned", "test"]),
            "that they were told stays")
        #expect(
            left.contains { $0.text("title") == "Test notification" }, "what is about nobody is not touched")
    }
}

/// An erasure reaches copies besides the records, and reports what it keeps.
@Suite(.ownThread) struct Erasure {
    let server = BureauProcess.shared
    private let word = "zanzibarean"

    @Test func `no word of who is erased stays in chats, gaps, kept answers, decisions, deals or the audit`()
        throws
    {
        let agency = try server.signUp(), owner = agency.owner
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        // This contact has only said that the address is theirs.
        let said: JSON = [
            "visitor_id": "visitor-1-abcdefgh", "text": .string("Where is my \(word) invoice?"),
            "email": "jane1@example1.com",
        ]
        try server.anonymous.post("/v1/chat/\(key)/messages", said).ok(201)
        let lead = try owner.request(
            "POST", "/v1/leads", lead(1, ["notes": .string("\(word) lead")]),
            headers: ["Idempotency-Key": "once"]
        ).ok(201)
        try owner.patch(
            "/v1/contacts/\(lead.text("contact_id"))", ["notes": .string("\(word) contact")]
        ).ok()
        let deal: JSON = ["lead_id": .string(lead.id), "name": "D", "notes": .string("\(word) deal")]
        try owner.post("/v1/deals", deal).ok(201)
        _ = try agency.score(lead.id)
        try eventuallyTrue("the question that nothing answers") {
            try owner.every("/v1/knowledge-gaps").contains { $0.serialized.contains(word) }
        }
        try agency.rest()
        let report = try owner.post("/v1/privacy/erase", ["email": "jane1@example1.com"]).ok()
        let kept = report["kept"]?.array ?? []
        #expect(
            Set(kept.map { $0.text("what") }).isSuperset(of: ["audit", "consents", "invoices and payments"]))
        #expect(kept.allSatisfy { !$0.text("reason").isEmpty && $0["until"] != nil })
        for list in [
            "leads", "contacts", "deals", "messages", "conversations", "contact-identities", "knowledge-gaps",
            "decisions", "notifications", "audit", "events", "agent-runs", "tickets", "approvals",
        ] {
            for row in try owner.every("/v1/\(list)") {
                #expect(!row.serialized.contains(word), "\(list): \(row.serialized)")
                if list != "events" {
                    #expect(!row.serialized.contains("jane1@"), "\(list): \(row.serialized)")
                }
            }
        }
        // A repeated request is not run again, and its stored answer says nothing about them.
        let again = try owner.request(
            "POST", "/v1/leads", ScenarioTests.lead(1, ["notes": .string("\(word) lead")]),
            headers: ["Idempotency-Key": "once"])
        #expect(again.header("Idempotency-Replayed") == "true" && again.json == ["erased": true])
        #expect(!again.text.contains("jane1@") && !again.text.contains(word))
    }

    @Test
    func `a client's person sees in their own export what is theirs, and nothing that the agency noted`()
        throws
    {
        let agency = try server.quietAgency()
        let client = try agency.portalClient("Acme", roles: ["admin"])
        let me = try client.admin.get("/v1/portal/overview").ok()["me"]?.text("contact_id") ?? ""
        try agency.owner.patch("/v1/contacts/\(me)", ["notes": "difficult", "tags": ["late payer"]]).ok()
        let lead = try agency.makeLead(4)
        let deal: JSON = [
            "lead_id": .string(lead.id), "contact_id": .string(me), "name": "A secret plan",
            "notes": "squeeze",
        ]
        try agency.owner.post("/v1/deals", deal).ok(201)
        let export = try client.admin.get("/v1/portal/privacy/export").ok()
        #expect(export["data"]?["records"]?.array?.first?.id == me)
        for word in ["difficult", "late payer", "A secret plan", "squeeze", "probability", "notes"] {
            #expect(!export.serialized.contains(word), "\(word)")
        }
    }
}
