import JSON
import Testing

/// The agents that reason about conversations beside those who talk: what they decide, that it replays, and that no
/// answer waits for them or changes by them.
@Suite(.ownThread) struct ConversationReasoning {
    let server = BureauProcess.shared

    private static let helpers = ["customer_analysis", "strategy_planning", "message_coordinator"]

    private func opened(_ agents: [String]) throws -> HandoverChat {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-05T10:00:00.000Z")
        for helper in Self.helpers {
            try box.owner.patch("/v1/agents/\(helper)", ["state": "disabled"]).ok()
        }
        for agent in agents + ["primary_agent", "handover_monitor", "calendly_bridge"] {
            try box.owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        let chat = try HandoverChat(box, server, booking: "https://calendly.com/check/priority-support")
        try box.owner.post(
            "/v1/articles",
            [
                "title": "Opening hours", "body": "The studio is open from nine to five.",
                "status": "published",
            ]
        ).ok(201)
        return chat
    }

    /// An agent's conclusions about a conversation, oldest first; each replays to the same, with its factors.
    private func concluded(_ chat: HandoverChat, _ agent: String, _ talk: JSON) throws -> [JSON] {
        let found = try chat.box.owner.every("/v1/decisions?agent=\(agent)&subject_id=\(talk.id)")
            .sorted { ($0.text("created_at"), $0.id) < ($1.text("created_at"), $1.id) }
        for decision in found {
            #expect(try chat.box.owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
            let evidence = decision["factors"]?.array?.map { $0.text("evidence") } ?? []
            #expect(!evidence.isEmpty && evidence.allSatisfy { !$0.isEmpty })
        }
        return found.compactMap { $0["outcome"] }
    }

    @Test func `what a customer wants and how they feel is read over their turns, beside the answer`() throws
    {
        let chat = try opened(["customer_analysis"])
        let talk = try chat.say("When is the studio open?", ["name": "Vera"])
        try chat.box.advance("PT0S")
        let calm = try #require(try concluded(chat, "customer_analysis", talk).last)
        #expect(calm["intent"] == "question" && calm["risk"] == "low" && calm["mood"] == "steady")
        #expect(try chat.spoken(talk).contains { $0.text("text").contains("Opening hours") })
        _ = try chat.say("This is terrible, I am really angry and disappointed, nothing works!")
        try chat.box.advance("PT0S")
        let both = try concluded(chat, "customer_analysis", talk)
        #expect(both.count == 2, "one for each look")
        #expect(both.last?["mood"] == "worsening" && both.last?["risk"] != "low")
        let inputs = try chat.box.owner.every("/v1/decisions?agent=customer_analysis&subject_id=\(talk.id)")
            .map(\.serialized).joined()
        #expect(!inputs.contains("terrible"), "it keeps none of their words")
    }

    @Test func `how a conversation is best taken on follows from whoever has it and what is read in it`()
        throws
    {
        let chat = try opened(["strategy_planning"])
        let talk = try chat.say("When is the studio open?", ["name": "Vera"])
        try chat.box.advance("PT0S")
        let plain = try #require(try concluded(chat, "strategy_planning", talk).last)
        #expect(plain["approach"] == "answer" && plain["steps"] == ["answer_from_articles"])
        try chat.box.owner.post("/v1/conversations/\(talk.id)/claim").ok()
        _ = try chat.say("Are you there?")
        try chat.box.advance("PT0S")
        let held = try #require(try concluded(chat, "strategy_planning", talk).last)
        #expect(held["approach"] == "leave_to_person" && held["steps"] == ["stay_silent"])
        let other = try chat.say("I want to speak to a human", visitor: "v2", ["name": "Otto"])
        try chat.box.advance("PT0S")
        let asked = try #require(try concluded(chat, "strategy_planning", other).last)
        // The answer may have handed it over before anybody reasoned about it.
        #expect(["escalate", "bridge_the_wait"].contains(asked.text("approach")))
    }

    @Test func `whose turn it is and in which order what waits may go is decided, and marketing comes last`()
        throws
    {
        let chat = try opened(["message_coordinator"]), owner = chat.box.owner
        let talk = try chat.say("When is the studio open?", ["name": "Vera"])
        try chat.box.advance("PT0S")
        let free = try #require(try concluded(chat, "message_coordinator", talk).last)
        #expect(free["actor"] == "primary_agent" && free["action"] == "answer")
        let contact = try chat.read(talk).text("contact_id")
        try owner.patch("/v1/contacts/\(contact)", ["email": "vera@example.com", "country": "US"]).ok()
        func offered(_ purpose: String) throws -> String {
            try owner.post(
                "/v1/messages",
                [
                    "channel": "email", "contact_id": .string(contact), "purpose": .string(purpose),
                    "subject": "Hello", "body": "Good day.",
                ]
            ).ok(202).id
        }
        let (advert, invoice) = (try offered("marketing"), try offered("transactional"))
        try chat.box.owner.post(
            "/v1/agents/message_coordinator/runs", ["parameters": ["conversation_id": .string(talk.id)]]
        ).ok(202)
        try chat.box.advance("PT0S")
        let held = try owner.every("/v1/messages?contact_id=\(contact)&direction=outbound")
            .filter { ["queued", "held"].contains($0.text("status")) }.map(\.id)
        let order = try #require(try concluded(chat, "message_coordinator", talk).last?["order"]?.array)
            .compactMap(\.text)
        #expect(Set(held) == [advert, invoice], "the agency has no postal address yet")
        #expect(order == [invoice, advert], "what is no marketing goes first")
        try owner.post("/v1/conversations/\(talk.id)/claim").ok()
        _ = try chat.say("Are you there?")
        try chat.box.advance("PT0S")
        let taken = try #require(try concluded(chat, "message_coordinator", talk).last)
        #expect(taken["actor"] == "human" && taken["action"] == "wait")
    }

    @Test func `no answer waits for who reasons, nor changes by it`() throws {
        func told(_ agents: [String]) throws -> [JSON] {
            let chat = try opened(agents)
            let talk = try chat.say("When is the studio open?", ["name": "Vera"])
            try chat.box.advance("PT0S")
            _ = try chat.say("I want to speak to a human")
            try chat.box.advance("PT50M")
            for helper in Self.helpers {
                let found = try concluded(chat, helper, talk)
                #expect(agents.isEmpty == found.isEmpty, "\(helper)")
            }
            return try chat.spoken(talk).map {
                [
                    "text": $0["text"] ?? .null, "at": $0["created_at"] ?? .null,
                    "by": $0["author"]?["id"] ?? .null,
                ]
            }
        }
        let without = try told([])
        #expect(without.count > 2)
        #expect(try told(Self.helpers) == without)
    }

    @Test func `a run is of a conversation that there is, and another agency's is none`() throws {
        let chat = try opened(Self.helpers)
        for helper in Self.helpers {
            #expect(
                try chat.box.owner.post("/v1/agents/\(helper)/runs", ["parameters": ["conversation_id": 7]])
                    .faults().values
                    .contains("invalid_id"))
        }
        let foreign = try opened([]).say("Good morning", ["name": "Eve"])
        try chat.box.owner.post(
            "/v1/agents/customer_analysis/runs", ["parameters": ["conversation_id": .string(foreign.id)]]
        ).ok(202)
        try chat.box.advance("PT0S")
        let run = try #require(try chat.box.owner.every("/v1/agent-runs?agent=customer_analysis").first)
        #expect(run["result"]?["looked"] == 0)
        #expect(try chat.box.owner.every("/v1/decisions?agent=customer_analysis").isEmpty)
    }
}
