import JSON
import Testing

/// Askers are told of each level of an escalation once, in plain words, and so is the team.
@Suite(.ownThread) struct TicketEscalations {
    let server = BureauProcess.shared

    private func box(_ server: BureauProcess) throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox("live")
        try box.readyToSend()
        return box
    }

    private func contact(_ owner: Caller, _ locale: String = "en") throws -> String {
        try owner.post(
            "/v1/contacts",
            ["name": "Vera", "email": .string("vera-\(locale)@client.example"), "locale": .string(locale)]
        ).ok(201).id
    }

    /// A policy by which a late ticket goes to a team, and on to another at the next reminder.
    private func policy(_ owner: Caller, _ path: [String]) throws {
        try owner.post(
            "/v1/sla-policies",
            [
                "name": "p", "first_response": "PT1H", "resolution": "P2D", "remind_every": "PT2H",
                "escalates_to": .string(path[0]),
                "escalation_path": .array(path.dropFirst().map { .string($0) }),
            ]
        ).ok(201)
    }

    private func team(_ owner: Caller, _ name: String, _ people: [JSON], lead: JSON = nil) throws -> String {
        try owner.post(
            "/v1/teams",
            [
                "name": .string(name), "categories": ["none"], "lead_id": lead,
                "members": .array(people.map { ["user_id": $0] }),
            ]
        ).ok(201).id
    }

    private func configure(_ owner: Caller, _ isTold: Bool) throws {
        let path = "/v1/agents/customer_service/config"
        try owner.patch(path, ["tells_escalations": .bool(isTold)]).ok()
        try owner.post("\(path)/publish", [:]).ok()
    }

    /// Returns the mails to somebody about their ticket, oldest first.
    private func words(_ owner: Caller, to contact: String, channel: String = "email") throws -> [JSON] {
        try owner.every("/v1/messages?direction=outbound&contact_id=\(contact)&channel=\(channel)")
            .filter { $0["cause"]?.text("type") == "ticket" }
            .sorted { ($0.text("created_at"), $0.id) < ($1.text("created_at"), $1.id) }
    }

    @Test func `each level of an escalation tells whoever asked and the team, once`() throws {
        let box = try box(server), owner = box.owner
        let user = try #require(try owner.every("/v1/users").first), me = JSON.string(user.id)
        let (first, second) = (
            try team(owner, "Secret desk", [me]), try team(owner, "Last resort", [], lead: me)
        )
        try policy(owner, [first, second])
        let vera = try contact(owner)
        let ticket = try owner.ticket(
            "The logo on our page", "It is still the old one, please put the new one there.",
            ["contact_id": .string(vera), "category": "y"])
        let path = "/v1/tickets/\(ticket.id)"
        try box.advance("PT1H")
        let late = try words(owner, to: vera)
        #expect(
            late.map { $0.text("subject") } == ["Your request takes longer"] && late[0]["status"] == "sent")
        #expect(late[0].text("text").contains("\(user.text("name")) looks after it now."), "\(late)")
        // Its next target: the solution, two days after it came.
        #expect(late[0].text("text").contains("You hear from us by"), "\(late)")
        #expect(late[0].text("text").contains("7") && late[0].text("text").contains("10:00"), "\(late)")
        try box.advance("PT2H")
        let further = try words(owner, to: vera)
        #expect(
            further.count == 2 && further[1].text("subject").hasPrefix("Who looks after your request now"))
        #expect(further[1].text("why").contains("looks after ticket"))
        try owner.post("\(path)/escalate", ["reason": "Client X is a pain; Bob did nothing."]).ok()
        let byHand = try words(owner, to: vera)
        #expect(byHand.count == 3, "by hand, too")
        // No internals: neither teams nor reasons.
        let all = byHand.map { $0.text("subject") + $0.text("text") }.joined()
        for word in ["Secret desk", "Last resort", "pain", "Bob", "sla_breached", "level"] {
            #expect(!all.contains(word), "\(word)")
        }
        let told = try owner.every("/v1/notifications").filter { $0.text("kind") == "ticket_escalated" }
        #expect(told.count { $0.text("title").hasSuffix("was escalated") } == 3)
        // Reminders go on, and say nothing to whoever asked but that it has gone along its path once more.
        try box.advance("P1D")
        #expect(try words(owner, to: vera).count == 4)
        #expect(try owner.every("/v1/events?type=ticket.escalation_reminded").count > 3)
        let thread = try owner.every("\(path)/messages")
        #expect(thread.count == 4 && thread.allSatisfy { $0["author"]?["type"] == "system" })
        let now = try owner.get(path).ok()
        #expect(now["messages"] == 4 && now["first_response_at"] == .null, "that is no answer")
        // Their reply comes into the ticket, and once it is resolved all is as usual.
        try owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
        try box.advance("P3D")
        #expect(try words(owner, to: vera).count == 4)
    }

    @Test func `it is told in the reader's language, and not where the agency leaves it to people`() throws {
        let box = try box(server), owner = box.owner
        let vera = try contact(owner, "de")
        let ticket = try owner.ticket(
            "Das Logo auf unserer Seite", "Es ist noch das alte, bitte ersetzen Sie es durch das neue.",
            ["contact_id": .string(vera)])
        try owner.post("/v1/tickets/\(ticket.id)/escalate", ["reason": "By hand."]).ok()
        let german = try words(owner, to: vera)
        #expect(german.count == 1 && german[0].text("subject").hasPrefix("Wer sich jetzt um Ihre Anfrage"))
        #expect(german[0].text("text").contains("Sie hören von uns bis"), "\(german)")
        try configure(owner, false)
        try owner.post("/v1/tickets/\(ticket.id)/escalate", ["reason": "Again."]).ok()
        #expect(try words(owner, to: vera).count == 1)
        #expect(try owner.every("/v1/events?type=ticket.escalated").count == 2, "the team hears of it")
        // An asker without an address reads it in the thread.
        try configure(owner, true)
        let silent = try owner.post("/v1/contacts", ["name": "Nobody"]).ok(201).id
        let other = try owner.ticket("a", "b", ["contact_id": .string(silent)])
        try owner.post("/v1/tickets/\(other.id)/escalate", ["reason": "By hand."]).ok()
        let thread = try owner.every("/v1/tickets/\(other.id)/messages")
        #expect(thread.count == 1 && thread[0]["message_id"] == .null)
        #expect(thread[0].text("text").contains("looks after your request"))
    }

    @Test func `in a chat it waits for its turn, and is taken back once the ticket is over`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let chat = try HandoverChat(box, server, booking: "https://calendly.com/check/support")
        let talk = try chat.read(try chat.say("My logo is old.")), owner = box.owner
        let contact = talk.text("contact_id")
        let ticket = try owner.ticket("Logo", "Old.", ["conversation_id": .string(talk.id)])
        let path = "/v1/tickets/\(ticket.id)"
        try owner.post("\(path)/escalate", ["reason": "One."]).ok()
        let first = try words(owner, to: contact, channel: "web_chat")
        #expect(
            first.count == 1 && first[0]["status"] == "sent" && first[0].text("conversation_id") == talk.id)
        // A person writes at the moment: it comes when they are done.
        try owner.post("/v1/conversations/\(talk.id)/claim").ok()
        try owner.post("\(path)/escalate", ["reason": "Two."]).ok()
        #expect(
            try words(owner, to: contact, channel: "web_chat").map { $0.text("status") } == ["sent", "held"])
        try owner.post("/v1/conversations/\(talk.id)/release").ok()
        try box.advance("PT1M")
        #expect(
            try words(owner, to: contact, channel: "web_chat").map { $0.text("status") } == ["sent", "sent"])
        try owner.post("/v1/conversations/\(talk.id)/claim").ok()
        try owner.post("\(path)/escalate", ["reason": "Three."]).ok()
        try owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
        try owner.post("/v1/conversations/\(talk.id)/release").ok()
        try box.advance("P1D")
        let last = try words(owner, to: contact, channel: "web_chat").map { $0.text("status") }
        #expect(last == ["sent", "sent", "cancelled"])
    }

    @Test func `killed while tickets are taken further, each level is told once`() throws {
        let server = try BureauProcess.start()
        let box = try box(server), owner = box.owner
        let teams = try ["One", "Two", "Three"].map { try team(owner, $0, []) }
        try policy(owner, teams)
        let people = try (0..<12).map { number in
            try owner.post(
                "/v1/contacts",
                [
                    "name": .string("Vera \(number)"), "email": .string("vera\(number)@client.example"),
                    "locale": "en",
                ]
            ).ok(201).id
        }
        for person in people { try owner.ticket("a", "b", ["contact_id": .string(person), "category": "y"]) }
        for _ in 0..<6 {
            try box.advance("PT1H")
            try server.killAndRestart()
        }
        for person in people {
            let told = try words(owner, to: person)
            #expect(
                told.map { $0.text("status") } == ["sent", "sent", "sent"],
                "\(told.map { $0.text("subject") })")
        }
    }
}
