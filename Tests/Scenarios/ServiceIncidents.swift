import JSON
import Testing

/// Incidents are told to those who ask, and to nobody else, until they are over.
@Suite(.ownThread) struct ServiceIncidents {
    let server = BureauProcess.shared

    private func incident(_ owner: Caller, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "title": "Tracking stands still", "words": ["tracking", "Zählung"],
            "text": "No orders are counted since Monday. We are working on it.",
            "expected_at": "2027-01-06T12:00:00.000Z",
        ]
        for (key, value) in more.members { body[key] = value }
        return try owner.post("/v1/service-incidents", .object(body)).ok(201)
    }

    @Test func `who asks by mail is told what is known, and once it is over`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-05T10:00:00.000Z"), owner = box.owner
        try box.quieten()
        try owner.patch("/v1/agents/customer_service", ["state": "active"]).ok()
        let contact = try owner.post(
            "/v1/contacts", ["name": "Jane Doe", "email": "jane@client.example"]
        ).ok(201)
        let known = try incident(owner)
        func ticket(_ subject: String, _ body: String) throws -> JSON {
            let made = try owner.ticket(
                subject, body, ["contact_id": .string(contact.id), "source": "email"])
            try box.advance("PT0S")
            return try owner.get("/v1/tickets/\(made.id)").ok()
        }
        let asked = try ticket("Our shop", "Is the tracking of our shop all right? It shows nothing.")
        let other = try ticket("Our logo", "Please look at our logo.")
        #expect(asked.text("incident_id") == known.id && other["incident_id"] == .null)
        let mails = try owner.every("/v1/messages?direction=outbound").map { $0.text("text") }
        let about = try #require(mails.first { $0.contains("No orders are counted since Monday.") })
        #expect(about.contains("January 6, 2027") && about.contains("Hello Jane Doe"), "\(about)")
        #expect(mails.count == 2 && mails.filter { $0.contains("No orders") }.count == 1)
        #expect(try owner.every("/v1/knowledge-gaps").allSatisfy { $0.text("question") != "Our shop" })
        let decision = try #require(
            try owner.every("/v1/decisions?subject_id=\(asked.id)").first {
                $0["outcome"]?.text("action") == "leave_to_person"
            })
        #expect(decision["outcome"]?.text("reason") == "incident")
        let path = "/v1/service-incidents/\(known.id)"
        #expect(try owner.patch(path, ["status": "resolved"]).faults() == ["/resolution": "required"])
        let over = try owner.patch(
            path, ["status": "resolved", "resolution": "Orders are counted again, also those since Monday."]
        ).ok()
        #expect(over["resolved_at"] != .null)
        try box.advance("PT0S")
        let told = try owner.every("/v1/tickets/\(asked.id)/messages").map { $0.text("text") }
        #expect(told == ["Orders are counted again, also those since Monday."])
        #expect(try owner.get("/v1/tickets/\(asked.id)").ok().text("status") == "waiting_on_client")
        #expect(try owner.every("/v1/tickets/\(other.id)/messages").isEmpty)
        #expect(try ticket("Shop", "How is the tracking now?")["incident_id"] == .null, "it is over")
        try box.advance("P3DT7H")
        #expect(try owner.get("/v1/tickets/\(asked.id)").ok().text("status") == "resolved")
    }

    @Test func `that it is over is told in the incident's name, although the agent asks first`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-05T10:00:00.000Z"), owner = box.owner
        try box.readyToSend()
        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "approve"]).ok()
        let contact = try owner.post(
            "/v1/contacts", ["name": "Jane Doe", "email": "jane@client.example"]
        ).ok(201)
        let known = try incident(owner)
        let asked = try owner.ticket(
            "Our shop", "Is the tracking of our shop all right? It shows nothing.",
            ["contact_id": .string(contact.id), "source": "email"])
        try box.advance("PT0S")
        #expect(try owner.get("/v1/tickets/\(asked.id)").ok().text("incident_id") == known.id)
        try owner.patch(
            "/v1/service-incidents/\(known.id)", ["status": "resolved", "resolution": "It counts again."]
        ).ok()
        try box.advance("PT1M")
        let mail = try #require(
            try owner.every("/v1/messages?direction=outbound").first {
                $0.text("text").contains("It counts again.")
            })
        #expect(mail.text("status") == "sent", "\(mail["reasons"] ?? .null)")
        #expect(mail["author"]?.text("type") == "system" && mail["author"]?.id == known.id)
        #expect(mail.text("why").hasSuffix(" has ended “Tracking stands still”."))
        #expect(!mail.text("why").hasPrefix("The agency"), "whoever has ended it is named")
        #expect(mail["run_id"] == .null && mail["decision_id"] == .null)
        #expect(try owner.every("/v1/approvals").isEmpty)
        #expect(try owner.every("/v1/tool-calls?agent=customer_service&tool=send_message").isEmpty)
    }

    @Test func `who asks in a chat is told at once, and a person is one word away`() throws {
        let chat = try HandoverChat(
            server.signUp().sandbox(startAt: "2027-01-05T10:00:00.000Z"), server,
            booking: "https://calendly.com/check/priority-support")
        let owner = chat.box.owner, known = try incident(owner)
        let said = try chat.say("Hello, is the tracking broken again?")
        try chat.box.advance("PT0S")
        let answer = try #require(try chat.spoken(said).first)
        #expect(answer.text("text").contains("No orders are counted since Monday."))
        #expect(answer["sources"]?.array?.map { $0.text("type") } == ["incident"])
        #expect(answer["sources"]?.array?.map { $0.text("id") } == [known.id])
        #expect(try chat.read(said).text("handler") == "agent")
        _ = try chat.say("I want to speak to a human about the tracking")
        _ = try chat.waiting(said)
        // While a person speaks nobody else does: they are asked to say that it is over, and others hear it.
        let held = try owner.ticket(
            "Tracking", "It is about the chat.", ["conversation_id": .string(said.id)])
        let free = try owner.ticket("Tracking", "Is it all right?")
        try owner.post("/v1/conversations/\(said.id)/claim").ok()
        try owner.patch(
            "/v1/service-incidents/\(known.id)", ["status": "resolved", "resolution": "It counts again."]
        ).ok()
        try chat.box.advance("PT0S")
        #expect(
            try owner.every("/v1/tickets/\(held.id)/messages").allSatisfy {
                $0.text("text") != "It counts again."
            })
        #expect(
            try owner.every("/v1/tickets/\(free.id)/messages").map { $0.text("text") } == ["It counts again."]
        )
        #expect(
            try owner.every("/v1/notifications").contains {
                $0.text("title").hasSuffix("tell the client that “Tracking stands still” is resolved")
            })
        // It is told to nobody else's people.
        let client = try owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        _ = try incident(
            owner,
            ["title": "Acme", "words": ["shop"], "text": "Acme's shop.", "client_id": .string(client.id)])
        let stranger = try chat.say("Where is your shop?", visitor: "v2")
        try chat.box.advance("PT0S")
        #expect(try chat.spoken(stranger).allSatisfy { !$0.text("text").contains("Acme") })
    }

    @Test func `canned replies name the client, its tier and what does not work`() throws {
        let owner = try server.quietAgency().owner
        _ = try incident(owner)
        let client = try owner.post("/v1/clients", ["name": "Acme", "tier": "growth"]).ok(201)
        let ticket = try owner.ticket("Tracking", "Is it all right?", ["client_id": .string(client.id)])
        let canned = try owner.post(
            "/v1/canned-replies", ["name": "Known", "text": "{{ client }} ({{ tier }}): {{ incident }}"]
        ).ok(201)
        let written = try owner.post(
            "/v1/canned-replies/\(canned.id)/write", ["ticket_id": .string(ticket.id)]
        ).ok()
        #expect(
            written.text("text") == "Acme (growth): No orders are counted since Monday. We are working on it."
        )
    }
}
