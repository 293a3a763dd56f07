import JSON
import Testing

/// Tickets that are looked after without a person, on a sandbox's clock.
@Suite(.ownThread) struct CustomerService {
    let server = BureauProcess.shared

    private struct Desk {
        let box: SandboxCaller
        let contact: JSON
        let article: JSON
        var owner: Caller { box.owner }

        func ticket(_ subject: String, _ body: String, _ more: JSONObject = [:]) throws -> JSON {
            var fields: JSONObject = ["contact_id": .string(contact.id), "source": "email"]
            for (key, value) in more.members { fields[key] = value }
            let made = try owner.ticket(subject, body, fields)
            try box.advance("PT0S")
            return try owner.get("/v1/tickets/\(made.id)").ok()
        }

        func thread(_ ticket: JSON) throws -> [JSON] { try owner.every("/v1/tickets/\(ticket.id)/messages") }

        func mails() throws -> [JSON] { try owner.every("/v1/messages?direction=outbound") }

        func again(_ ticket: JSON) throws -> JSON { try owner.get("/v1/tickets/\(ticket.id)").ok() }

        /// Returns what the gate has kept of what it would send, or has sent.
        func calls() throws -> [JSON] {
            try owner.every("/v1/tool-calls?tool=send_message&agent=customer_service")
        }

        func asked() throws -> JSON? { try owner.every("/v1/approvals?status=pending").first }

        func decided(_ ticket: JSON, _ action: String) throws -> JSON? {
            try owner.every("/v1/decisions?subject_id=\(ticket.id)").first {
                $0["outcome"]?.text("action") == action
            }
        }
    }

    /// `live`: with the agency's people, who are told of what is left to them.
    private func open(_ origin: String = "empty", autonomy: String = "autopilot") throws -> Desk {
        let box = try server.quietAgency().sandbox(origin)
        try box.readyToSend()
        try box.owner.patch(
            "/v1/agents/customer_service", ["state": "active", "autonomy": .string(autonomy)]
        ).ok()
        let article = try box.owner.post(
            "/v1/articles",
            [
                "title": "Changing your logo",
                "body": "Open *Settings*, then Branding, and upload the picture.",
                "status": "published",
            ]
        ).ok(201)
        let contact = try box.owner.post(
            "/v1/contacts", ["name": "Jane Doe", "email": "jane@client.example"]
        ).ok(201)
        return Desk(box: box, contact: contact, article: article)
    }

    @Test func `what comes in is acknowledged at once, with the time by which it is answered`() throws {
        let desk = try open()
        let ticket = try desk.ticket("Tracking", "Please tell me who looks after the tracking of our shop.")
        #expect(ticket["acknowledged_at"] != .null && ticket["first_response_at"] == .null)
        let mail = try #require(try desk.mails().first)
        #expect(mail.text("subject") == "We have your request (1)" && mail.text("purpose") == "transactional")
        #expect(
            mail.text("text").contains("Hello Jane Doe") && mail.text("text").contains("You hear from us by"))
        let german = try desk.owner.get("/v1/messages/\(mail.id)", ["Accept-Language": "de"]).ok()
        #expect(german.text("why").hasPrefix("Es wurde etwas gefragt"), "\(german.text("why"))")
        let decision = try #require(try desk.decided(ticket, "leave_to_person"))
        #expect(decision["outcome"]?.text("reason") == "no_article")
        #expect(decision["factors"]?.array?.contains { $0.text("name") == "no_article" } == true)
        let gap = try #require(try desk.owner.every("/v1/knowledge-gaps").first)
        #expect(gap.text("question") == "Tracking")
        let told = try desk.owner.every("/v1/notifications").map { $0.text("title") }
        #expect(told == ["Ticket 1 is waiting for a reply"] || told.isEmpty)
        // A ticket that a person has entered for somebody is not acknowledged.
        let entered = try desk.ticket("By hand", "They called about the tracking.", ["source": "api"])
        #expect(entered["acknowledged_at"] == .null)
        #expect(try desk.mails().count == 1)
        // Two more come by other channels in the same moment: each is seen to by itself.
        let others = try ["portal", "web_form"].map { door in
            let words = "Please tell me who looks after the \(door) of our shop."
            let fields: JSONObject = ["contact_id": .string(desk.contact.id), "source": .string(door)]
            return try desk.owner.ticket("By \(door)", words, fields)
        }
        try desk.box.advance("PT0S")
        for one in others { #expect(try desk.again(one)["acknowledged_at"] != .null) }
        #expect(try desk.mails().count == 3)
    }

    @Test func `a question is answered from an article, and silence for days takes it as solved`() throws {
        let desk = try open()
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        #expect(ticket.text("status") == "waiting_on_client")
        #expect(ticket["assistance"]?["article_ids"] == [.string(desk.article.id)])
        let said = try #require(try desk.thread(ticket).first)
        #expect(said["author"]?.text("id") == "customer_service")
        #expect(said["sources"]?.array?.first?.text("id") == desk.article.id)
        let text = said.text("text")
        #expect(text.contains("Branding") && text.contains("person") && text.contains("/kb/"))
        #expect(try desk.mails().count == 1, "the answer is the acknowledgement")
        try desk.box.advance("P2DT23H")
        #expect(try desk.again(ticket).text("status") == "waiting_on_client")
        try desk.box.advance("PT7H")
        let over = try desk.again(ticket)
        #expect(over.text("status") == "resolved" && over["assistance"]?.text("outcome") == "silent")
        #expect(try desk.decided(ticket, "resolve")?["factors"]?.array?.first?.text("name") == "silence")
        let figures = try desk.owner.get("/v1/ticket-figures").ok()
        #expect(figures["by_itself"] == ["answered": 1, "confirmed": 0, "silent": 1, "denied": 0])
    }

    @Test(arguments: [
        ("Everything is broken. How do I change my logo?", "urgent", ["urgent"]),
        (
            "This is unacceptable. Nobody tells me how to change my logo, I want to complain.", "normal",
            ["negative", "intent"]
        ),
        (
            "How do I change my logo? I want to speak to a human, please.", "normal", ["asks_for_person"]
        ),
    ])
    func `what presses, hurts or asks for a person is left to one`(
        body: String, priority: String, reasons: [String]
    ) throws {
        let desk = try open()
        let ticket = try desk.ticket("Our logo", body, ["priority": .string(priority)])
        #expect(ticket.text("status") != "waiting_on_client")
        let left = try #require(try desk.decided(ticket, "leave_to_person"))
        let factors = left["factors"]?.array ?? [], names = Set(factors.map { $0.text("name") })
        #expect(!names.isDisjoint(with: reasons), "\(names)")
        #expect(left["outcome"]?["reason"] != "no_article", "there is an answer, which would not fit")
        #expect(try desk.thread(ticket).isEmpty)
    }

    @Test func `an agent that asks first says nothing before a person has said yes`() throws {
        let desk = try open(autonomy: "approve")
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        #expect(try desk.thread(ticket).isEmpty && ticket.text("status") == "new")
        let asked = try #require(try desk.asked())
        #expect(asked["preview"]?.text("text").contains("Branding") == true)
        #expect(asked.text("tool") == "send_message" && asked.text("agent") == "customer_service")
        #expect(asked["run_id"]?.text != nil && asked["subject"]?.id == ticket.id)
        let arguments = try #require(asked["arguments"])
        #expect(arguments.text("ticket_id") == ticket.id && arguments.text("channel") == "email")
        #expect(arguments.text("contact_id") == desk.contact.id)
        #expect(arguments.text("subject") == "Re: Our logo" && arguments.text("body").contains("Branding"))
        let other = try desk.ticket("The logo", "How can I change the logo?")
        let second = try #require(
            try desk.owner.every("/v1/approvals?status=pending").first { $0.id != asked.id })
        try desk.owner.post("/v1/approvals/\(second.id)/reject", ["reason": "no"]).ok()
        try desk.box.advance("PT0S")
        #expect(try desk.thread(other).isEmpty)
        #expect(try desk.calls().isEmpty)
    }

    @Test func `an edited yes is what leaves, once, and the approval names the mail`() throws {
        let desk = try open(autonomy: "approve")
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        let asked = try #require(try desk.asked())
        let path = "/v1/approvals/\(asked.id)"
        #expect(
            try desk.owner.post("\(path)/approve", ["changes": ["body": " "]]).faults()
                == ["/changes/body": "required"])
        #expect(
            try desk.owner.post("\(path)/approve", ["changes": ["ticket_id": .string(absentTicket)]]).faults()
                == ["/changes/ticket_id": "unknown_field"])
        let words = "Open Settings, then Branding."
        try desk.owner.post(
            "\(path)/approve", ["changes": ["body": .string(words), "subject": "Your logo"]]
        ).ok()
        try desk.box.advance("PT0S")
        #expect(try desk.thread(ticket).map { $0.text("text") } == [words])
        #expect(try desk.again(ticket).text("status") == "waiting_on_client")
        let written = try desk.mails().filter { $0["author"]?.id == "customer_service" }
        let mail = try #require(written.first)
        #expect(written.count == 1 && mail.text("text") == words && mail.text("subject") == "Your logo")
        #expect(mail.text("status") == "sent" && mail["captured"] == true)
        let approval = try desk.owner.get(path).ok()
        #expect(approval["effect"]?.text("message_id") == mail.id)
        #expect(approval["effect"]?.text("status") == "sent")
        #expect(mail["run_id"] == approval["run_id"] && mail.text("approval_id") == approval.id)
        #expect(try desk.asked() == nil, "nobody is asked twice")
        #expect(try desk.calls().map { $0.text("state") } == ["captured"])
    }

    @Test func `a yes to a ticket that a person has answered meanwhile sends nothing, and says so`() throws {
        let desk = try open(autonomy: "approve")
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        let asked = try #require(try desk.asked())
        let path = "/v1/approvals/\(asked.id)"
        try desk.owner.post("/v1/tickets/\(ticket.id)/messages", ["text": "I am on it."]).ok(201)
        try desk.owner.post("\(path)/approve").ok()
        try desk.box.advance("PT0S")
        #expect(try desk.thread(ticket).map { $0.text("text") } == ["I am on it."])
        let effect = try desk.owner.get(path).ok()["effect"]
        #expect(effect?.text("status") == "cancelled" && effect?.text("detail").contains("answered") == true)
    }

    @Test func `an agent that only observes decides, says nothing, and keeps what it would have said`() throws
    {
        let desk = try open(autonomy: "observe")
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        let decision = try #require(try desk.decided(ticket, "answer"))
        #expect(try desk.thread(ticket).isEmpty && desk.mails().isEmpty && ticket["assistance"] == .null)
        #expect(try desk.owner.every("/v1/approvals").isEmpty)
        let calls = try desk.calls(), call = try #require(calls.first)
        #expect(calls.count == 1 && call.text("state") == "observed")
        #expect(call["run_id"]?.text != nil && call.text("decision_id") == decision.id)
        #expect(call["subject"]?.id == ticket.id)
        let changes = try desk.owner.every("/v1/tool-calls?tool=update_record&agent=customer_service")
        #expect(changes.map { $0.text("state") } == ["observed"])
    }

    @Test func `with its tool switched off it says nothing, and a person hears why`() throws {
        let desk = try open("live")
        try desk.owner.patch("/v1/tools/send_message", ["enabled": false]).ok()
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        #expect(try desk.thread(ticket).isEmpty && ticket["first_response_at"] == .null)
        #expect(try desk.mails().allSatisfy { $0["author"]?.id != "customer_service" })
        let refusals = try desk.owner.every("/v1/refusals?agent=customer_service")
        let refusal = try #require(refusals.first { $0.text("code") == "tool_disabled" })
        #expect(refusal["run_id"]?.text != nil && refusal["subject"]?.id == ticket.id)
        let told = try desk.owner.every("/v1/notifications").map { $0.text("title") }
        #expect(
            told.contains { $0.contains("waiting for a reply: the tool send_message is switched off") },
            "\(told)")
    }

    @Test func `what looks wrong in an answer is named before it leaves`() throws {
        let desk = try open(autonomy: "observe")
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        func kinds(_ text: String) throws -> [String] {
            let answer = try desk.owner.post(
                "/v1/tickets/\(ticket.id)/messages/check", ["text": .string(text)]
            ).ok()
            return (answer["findings"]?.array ?? []).map { $0.text("kind") }
        }
        #expect(try kinds("Hello Jane, open Settings, then Branding.").isEmpty)
        #expect(try kinds("Hello {{ name }}, open Settings.") == ["placeholder"])
        #expect(try kinds("Dear Peter, open Settings.") == ["wrong_name"])
        #expect(try kinds("Hi Jane, we guarantee that it works.") == ["promise"])
        #expect(try kinds("Hi Jane, that is your own fault.") == ["tone"])
        #expect(try kinds("...") == ["empty"])
        #expect(
            try kinds("Hallo Jane, bitte öffnen Sie die Einstellungen und laden Sie das neue Bild dort hoch.")
                == ["language"])
        #expect(try desk.thread(ticket).isEmpty)
        let said = try desk.owner.post(
            "/v1/tickets/\(ticket.id)/messages", ["text": "Dear Peter, we guarantee it."]
        ).ok(201)
        #expect((said["findings"]?.array ?? []).map { $0.text("kind") } == ["promise", "wrong_name"])
        let figures = try desk.owner.get("/v1/ticket-figures").ok()
        #expect(figures["findings"] == ["promise": 1, "wrong_name": 1])
    }
}
