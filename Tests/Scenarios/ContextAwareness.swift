import JSON
import Testing

/// The circumstances of somebody are known before anything is sent to them: marketing that does not fit
/// waits, says why, and goes on by itself.
@Suite(.ownThread) struct ContextAwareness {
    let server = BureauProcess.shared

    /// A client's person who has written in the chat.
    private struct Person {
        let chat: HandoverChat
        let conversation: String, contact: String, client: String

        var owner: Caller { chat.box.owner }

        /// The reasons that hold marketing to them, each with its sentence; what has to be said is never held.
        func reasons() throws -> [String: String] {
            let path = "/v1/contacts/\(contact)/sendability?channel=email&purpose="
            #expect(try owner.get(path + "transactional").ok()["sendable"] == true)
            return Dictionary(
                try (owner.get(path + "marketing").ok()["reasons"]?.array ?? []).map {
                    ($0.text("code"), $0.text("detail"))
                }, uniquingKeysWith: { first, _ in first })
        }

        /// A marketing mail that is written now.
        func offered(_ subject: String) throws -> String {
            try owner.post(
                "/v1/messages",
                [
                    "channel": "email", "contact_id": .string(contact), "subject": .string(subject),
                    "body": "What is new.", "purpose": "marketing",
                ]
            ).ok(202).id
        }

        func status(_ message: String) throws -> String {
            try owner.get("/v1/messages/\(message)").ok().text("status")
        }
    }

    private func person() throws -> Person {
        let box = try server.quietAgency().sandbox()
        let chat = try HandoverChat(box, server, booking: "https://calendly.com/check/support")
        try box.readyToSend()
        let client = try box.owner.post("/v1/clients", ["name": "Acme", "tier": "growth"]).ok(201).id
        let talk = try chat.read(try chat.say("Hello"))
        let contact = talk.text("contact_id")
        try box.owner.patch(
            "/v1/contacts/\(contact)",
            ["email": "vera@example.org", "country": "US", "client_id": .string(client)]
        ).ok()
        return Person(chat: chat, conversation: talk.id, contact: contact, client: client)
    }

    @Test func `a recent interaction holds what does not fit it until it is over`() throws {
        let vera = try person()
        #expect(try Set(vera.reasons().keys) == ["active_conversation"])
        let news = try vera.offered("News")
        try vera.chat.box.advance("PT1M")
        #expect(try vera.status(news) == "held")
        try vera.owner.post("/v1/conversations/\(vera.conversation)/close").ok()
        #expect(try vera.reasons().isEmpty)
        try vera.chat.box.advance("P3D")
        #expect(try vera.status(news) == "sent")
    }

    @Test func `an open ticket that presses holds what does not fit it until it is solved`() throws {
        let vera = try person()
        try vera.owner.post("/v1/conversations/\(vera.conversation)/close").ok()
        let ticket = try vera.owner.post(
            "/v1/tickets",
            [
                "subject": "The page is down", "body": "It shows an error.", "priority": "urgent",
                "client_id": .string(vera.client),
            ]
        ).ok(201)
        #expect(try Set(vera.reasons().keys) == ["unsuitable_moment"])
        let news = try vera.offered("News")
        try vera.chat.box.advance("PT1H")
        #expect(try vera.status(news) == "held")
        try vera.owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "It works."]).ok()
        try vera.chat.box.advance("PT1H")
        #expect(try vera.status(news) == "sent")
        #expect(try vera.reasons().isEmpty)
    }

    @Test func `what happens in the business with somebody holds what does not fit it`() throws {
        let vera = try person()
        try vera.owner.post("/v1/conversations/\(vera.conversation)/close").ok()
        #expect(try vera.reasons().isEmpty)
        let day = try String(vera.chat.box.now().prefix(10))
        let invoice = try vera.owner.post(
            "/v1/invoices",
            [
                "client_id": .string(vera.client), "due_on": .string(day),
                "items": [
                    [
                        "description": "Work", "quantity": 1,
                        "unit_price": ["amount": 5000, "currency": "USD"],
                    ]
                ],
            ]
        ).ok(201).id
        try vera.owner.post("/v1/invoices/\(invoice)/send").ok()
        try vera.chat.box.advance("P3D")
        #expect(try vera.reasons()["unsuitable_moment"]?.contains("overdue invoice") == true)
        try vera.owner.post(
            "/v1/payments",
            [
                "invoice_id": .string(invoice), "amount": ["amount": 5000, "currency": "USD"],
                "method": "bank_transfer", "reference": "1",
            ]
        ).ok(201)
        #expect(try vera.reasons().isEmpty)
        let lead = try vera.owner.post("/v1/leads", ["company": "Acme", "email": "vera@example.org"]).ok(201)
        let deal = try vera.owner.post(
            "/v1/deals", ["lead_id": .string(lead.id), "name": "Ads", "stage": "negotiation"]
        ).ok(201)
        #expect(try Set(vera.reasons().keys) == ["in_sales_process"])
        try vera.owner.patch("/v1/deals/\(deal.id)", ["stage": "lost", "lost_reason": "Too dear."]).ok()
        #expect(try vera.reasons().isEmpty)
    }
}
