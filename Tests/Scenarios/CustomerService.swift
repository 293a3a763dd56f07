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

        func decided(_ ticket: JSON, _ action: String) throws -> JSON? {
            try owner.every("/v1/decisions?subject_id=\(ticket.id)").first {
                $0["outcome"]?.text("action") == action
            }
        }
    }

    private func open(_ settings: JSONObject = [:], autonomy: String = "autopilot") throws -> Desk {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
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
        let decision = try #require(try desk.decided(ticket, "leave_to_person"))
        #expect(decision["outcome"]?.text("reason") == "no_article")
        #expect(decision["factors"]?.array?.contains { $0.text("name") == "no_article" } == true)
        let gap = try #require(try desk.owner.every("/v1/knowledge-gaps").first)
        #expect(gap.text("question") == "Tracking")
        let told = try desk.owner.every("/v1/notifications").map { $0.text("title") }
        #expect(told == ["Ticket 1 waits for an answer"] || told.isEmpty)
        // What a person has entered for somebody is not acknowledged.
        let entered = try desk.ticket("By hand", "They called about the tracking.", ["source": "api"])
        #expect(entered["acknowledged_at"] == .null)
        #expect(try desk.mails().count == 1)
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
        ("There is a problem", "Urgent: how do I change my logo? Everything is broken.", "urgent"),
        (
            "Logo", "This is unacceptable. Nobody tells me how to change my logo, I want to complain.",
            "negative"
        ),
        ("Logo", "How do I change my logo? I want to speak to a human, please.", "asks_for_person"),
    ])
    func `what presses, hurts or asks for a person is left to one`(
        subject: String, body: String, reason: String
    ) throws {
        let desk = try open()
        let ticket = try desk.ticket(subject, body)
        #expect(ticket.text("status") != "waiting_on_client")
        let factors = try #require(try desk.decided(ticket, "leave_to_person"))["factors"]?.array ?? []
        #expect(!factors.isEmpty, "\(reason)")
        #expect(try desk.thread(ticket).isEmpty)
    }

    @Test func `an agent that asks first says nothing before a person has said yes`() throws {
        let desk = try open(autonomy: "approve")
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        #expect(try desk.thread(ticket).isEmpty && ticket.text("status") == "new")
        let asked = try #require(try desk.owner.every("/v1/approvals?status=pending").first)
        #expect(asked["preview"]?.text("text").contains("Branding") == true)
        try desk.owner.post(
            "/v1/approvals/\(asked.id)/approve", ["changes": ["text": "Open Settings, then Branding."]]
        ).ok()
        try desk.box.advance("PT0S")
        #expect(try desk.thread(ticket).map { $0.text("text") } == ["Open Settings, then Branding."])
        #expect(try desk.again(ticket).text("status") == "waiting_on_client")
        let other = try desk.ticket("The logo", "How can I change the logo?")
        let second = try #require(try desk.owner.every("/v1/approvals?status=pending").first)
        try desk.owner.post("/v1/approvals/\(second.id)/reject", ["reason": "no"]).ok()
        #expect(try desk.thread(other).isEmpty)
    }

    @Test func `an agent that only observes decides, and says nothing`() throws {
        let desk = try open(autonomy: "observe")
        let ticket = try desk.ticket("Our logo", "How do I change my logo?")
        #expect(try desk.decided(ticket, "answer") != nil)
        #expect(try desk.thread(ticket).isEmpty && desk.mails().isEmpty && ticket["assistance"] == .null)
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
