import JSON
import Testing

/// Triage reads tickets: what they are about, how urgent they are, and how their writer feels.
@Suite(.ownThread) struct TicketReadings {
    let server = BureauProcess.shared

    private func factors(_ owner: Caller, _ ticket: JSON) throws -> [String: Double] {
        let decision = try #require(
            try owner.every("/v1/decisions?subject_id=\(ticket.id)").first {
                $0["outcome"]?["complexity"] != nil
            })
        let factors = (decision["factors"]?.array ?? []).map {
            ($0.text("name"), $0["contribution"]?.double ?? 0)
        }
        return Dictionary(factors) { max($0, $1) }
    }

    @Test func `urgency, sentiment and complexity each add to a ticket's priority`() throws {
        let owner = try server.quietAgency().owner
        let plain = try factors(owner, owner.ticket("A question", "How do I add a user?"))
        #expect(plain["sentiment"] == nil && plain["complexity"] == nil && plain["outage"] == nil)
        let down = try factors(owner, owner.ticket("Our shop", "The shop is down, nobody can order."))
        #expect((down["outage"] ?? 0) > 0)
        let angry = try factors(
            owner,
            owner.ticket(
                "Your service", "This is terrible and unacceptable. I am angry and very disappointed."))
        #expect((angry["sentiment"] ?? 0) > 0)
        let complex = try factors(
            owner,
            owner.ticket(
                "After the migration",
                """
                The API returns several errors, the webhook fires twice and the CRM sync stopped. Which DNS records \
                are missing? Who moves the domain? What about the tracking pixel?
                """))
        #expect((complex["complexity"] ?? 0) > 0)
    }

    @Test func `tickets get a category, an intent and a language, and are found by each of them`() throws {
        let owner = try server.quietAgency().owner
        let billing = try owner.ticket("Invoice", "We were charged twice, please refund one payment.")
        let technical = try owner.ticket("Form", "The contact form returns an error 500.")
        let german = try owner.ticket("Passwort", "Ich habe mein Passwort vergessen. Bitte helfen Sie mir.")
        #expect(billing.text("category") == "billing" && technical.text("category") == "technical")
        #expect(german.text("category") == "account" && german.text("language") == "de")
        func found(_ query: String) throws -> Set<String> {
            Set(try owner.every("/v1/tickets?\(query)").map(\.id))
        }
        #expect(try found("category=billing") == [billing.id])
        #expect(try found("category=technical") == [technical.id])
        #expect(try found("language=de") == [german.id])
        #expect(technical.text("intent") == "problem")
        #expect(try found("intent=problem").contains(technical.id))
    }

    @Test func `praise is an event, as an occasion to write back, and a question is none`() throws {
        let owner = try server.quietAgency().owner
        let praise = try owner.ticket("Great work", "Thank you, we love the campaign!")
        try owner.ticket("A question", "How do I add a user?")
        #expect(praise.text("intent") == "praise" && praise.text("sentiment") == "positive")
        let told = try owner.every("/v1/events?type=ticket.praised")
        #expect(told.map { $0["subject"]?.text("id") } == [praise.id])
    }

    @Test func `each ticket has the sentiment of its words, and figures count them by it`() throws {
        let owner = try server.quietAgency().owner
        let tickets = try [
            owner.ticket("Your service", "This is terrible and unacceptable. I am very disappointed."),
            owner.ticket("Your work", "Thank you, this is wonderful. We are very happy."),
            owner.ticket("A user", "How do I add a user?"),
        ]
        #expect(tickets.map { $0.text("sentiment") } == ["negative", "positive", "neutral"])
        let counts = try owner.get("/v1/ticket-figures").ok()["by_sentiment"]?.array ?? []
        for sentiment in ["negative", "positive", "neutral"] {
            #expect(
                counts.first { $0.text("sentiment") == sentiment }?["created"] == 1, "\(sentiment)")
        }
    }

    @Test func `a person changes what triage and routing have set: the priority and the assignee`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let ticket = try owner.ticket("Our site: urgent", "Please look."), path = "/v1/tickets/\(ticket.id)"
        #expect(ticket.text("priority_set_by") == "triage" && ticket.text("priority") != "low")
        let changed = try owner.patch(path, ["priority": "low"]).ok()
        #expect(changed.text("priority") == "low" && changed.text("priority_set_by") == "person")
        let given = try owner.post("\(path)/assign", ["user_id": .string(agency.user.id)]).ok()
        #expect(given.text("assignee_id") == agency.user.id)
        // Neither is set back when the ticket is read again.
        try owner.post("\(path)/messages", ["text": "It is urgent, they say.", "internal": true]).ok(201)
        let after = try owner.get(path).ok()
        #expect(after.text("priority") == "low" && after.text("assignee_id") == agency.user.id)
    }

    @Test func `first answers and solutions are timed, by channel, category and tier`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let client = try owner.post("/v1/clients", ["name": "Acme", "tier": "enterprise"]).ok(201)
        let ticket = try owner.ticket(
            "Invoice", "We were charged twice, please refund one payment.",
            ["source": "phone", "client_id": .string(client.id)])
        try owner.ticket("Form", "The contact form returns an error 500.")
        try box.advance("PT30M")
        try owner.post("/v1/tickets/\(ticket.id)/messages", ["text": "We look into it."]).ok(201)
        try box.advance("PT90M")
        try owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Refunded."]).ok()
        let figures = try owner.get("/v1/ticket-figures").ok()
        for (dimension, value) in [("channel", "phone"), ("category", "billing"), ("tier", "enterprise")] {
            let one = figures["by_\(dimension)"]?.array?.first { $0.text(dimension) == value }
            #expect(one?["first_response_seconds"] == 1800, "\(dimension)")
            #expect(one?["resolution_seconds"] == 7200, "\(dimension)")
        }
        let technical = figures["by_category"]?.array?.first { $0.text("category") == "technical" }
        #expect(technical?["first_response_seconds"] == .null && technical?["created"] == 1)
    }
}
