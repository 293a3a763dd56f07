import JSON
import Testing

/// Marketing pauses for each of several reasons, and goes on by itself.
@Suite(.ownThread) struct MarketingPauses {
    let server = BureauProcess.shared

    /// Creates a visitor of a chat whose address is known, and a marketing mail to send.
    private struct Visitor {
        let chat: HandoverChat
        let conversation: JSON

        var contact: String { conversation.text("contact_id") }

        func reasons(_ purpose: String = "marketing") throws -> Set<String> {
            let path = "/v1/contacts/\(contact)/sendability?channel=email&purpose=\(purpose)"
            return Set((try chat.box.owner.get(path).ok()["reasons"]?.array ?? []).map { $0.text("code") })
        }
    }

    private func visitor(_ text: String) throws -> Visitor {
        let box = try server.quietAgency().sandbox()
        let chat = try HandoverChat(box, server, booking: "https://calendly.com/check/support")
        try box.owner.patch(
            "/v1/settings",
            [
                "postal_address": "1 Example Street",
                "sender": ["name": "Olive Owner", "email": "olive@agency.example"],
            ]
        ).ok()
        for agent in ["primary_agent", "handover_monitor", "calendly_bridge", "coordination_agent"] {
            try box.owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        let said = try chat.say(text)
        try box.advance("PT0S")
        let visitor = Visitor(chat: chat, conversation: try chat.read(said))
        try box.owner.patch(
            "/v1/contacts/\(visitor.contact)", ["email": "vera@example.org", "country": "US"]
        ).ok()
        return visitor
    }

    @Test func `marketing waits while a conversation is going on, and what answers it does not`() throws {
        let visitor = try visitor("Hello")
        #expect(try visitor.reasons() == ["active_conversation"])
        #expect(try visitor.reasons("transactional").isEmpty)
        try visitor.chat.box.owner.post("/v1/conversations/\(visitor.conversation.id)/close").ok()
        #expect(try visitor.reasons().isEmpty)
    }

    @Test func `marketing waits for 24 hours after somebody asked for a person, to the second`() throws {
        let visitor = try visitor("I want to speak to a human")
        try visitor.chat.box.owner.post(
            "/v1/conversations/\(visitor.conversation.id)/messages", ["text": "Here I am."]
        ).ok(201)
        try visitor.chat.box.owner.post("/v1/conversations/\(visitor.conversation.id)/close").ok()
        try visitor.chat.box.advance("PT23H59M59S")
        #expect(try visitor.reasons() == ["human_support_requested"])
        try visitor.chat.box.advance("PT1S")
        #expect(try visitor.reasons().isEmpty)
    }

    @Test func `marketing waits while an offered time is not booked, for seven days`() throws {
        let visitor = try visitor("I want to speak to a human")
        try visitor.chat.box.advance("PT45M")
        #expect(try visitor.reasons().contains("pending_booking"))
        try visitor.chat.box.owner.post("/v1/conversations/\(visitor.conversation.id)/close").ok()
        try visitor.chat.box.advance("P6DT23H")
        #expect(try visitor.reasons() == ["pending_booking"])
        try visitor.chat.box.advance("PT1H")
        #expect(try visitor.reasons().isEmpty)
    }

    @Test func `a mail that a request for a person holds leaves by itself when the day is over`() throws {
        let visitor = try visitor("I want to speak to a human"), owner = visitor.chat.box.owner
        let news = try owner.post(
            "/v1/messages",
            [
                "channel": "email", "contact_id": .string(visitor.contact), "subject": "News",
                "body": "What is new.", "purpose": "marketing",
            ]
        ).ok(202)
        func message() throws -> JSON { try owner.get("/v1/messages/\(news.id)").ok() }
        try visitor.chat.box.advance("PT1M")
        let held = try message()
        #expect(held.text("status") == "held")
        #expect(
            held["reasons"]?.array?.contains { $0.text("code") == "human_support_requested" } == true,
            "\(held.serialized)")
        try owner.post("/v1/conversations/\(visitor.conversation.id)/close").ok()
        try visitor.chat.box.advance("P1D")
        let sent = try message()
        #expect(sent.text("status") == "sent", "\(sent["reasons"] ?? .null)")
    }

    @Test func `somebody else's request holds nobody's mail but their own`() throws {
        let visitor = try visitor("I want to speak to a human"), owner = visitor.chat.box.owner
        let other = try owner.post(
            "/v1/contacts", ["name": "Otto", "email": "otto@example.org", "country": "US"]
        ).ok(201)
        func sendable(_ contact: String) throws -> Bool {
            let path = "/v1/contacts/\(contact)/sendability?channel=email&purpose=marketing"
            return try owner.get(path).ok()["sendable"] == true
        }
        #expect(try !sendable(visitor.contact) && sendable(other.id))
        // The rule is checked at the moment of sending: a message that was free when it was queued is held then.
        try owner.patch("/v1/settings", ["quiet_hours": ["from": "00:00", "to": "08:00"]]).ok()
        let news = try owner.post(
            "/v1/messages",
            [
                "channel": "email", "contact_id": .string(other.id), "subject": "News", "body": "New.",
                "purpose": "marketing",
            ]
        ).ok(202)
        try visitor.chat.box.advance("PT1M")
        let lead = try owner.post("/v1/leads", ["company": "Otto Ltd", "email": "otto@example.org"]).ok(201)
        let deal: JSON = ["lead_id": .string(lead.id), "name": "Ads", "stage": "negotiation"]
        try owner.post("/v1/deals", deal).ok(201)
        try visitor.chat.box.advance("PT12H")
        let held = try owner.get("/v1/messages/\(news.id)").ok()
        #expect(held.text("status") == "held", "\(held.serialized)")
        #expect(held["reasons"]?.array?.map { $0.text("code") } == ["in_sales_process"])
    }
}
