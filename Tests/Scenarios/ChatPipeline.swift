import JSON
import Testing

/// A visitor's message is analysed, an action is decided, and the fitting agent executes it.
@Suite(.ownThread) struct ChatPipeline {
    let server = BureauProcess.shared

    private func chat() throws -> HandoverChat {
        let chat = try HandoverChat(
            server.signUp().sandbox(), server, booking: "https://calendly.com/check/priority-support")
        try chat.box.owner.post(
            "/v1/articles",
            [
                "title": "Changing your logo", "status": "published",
                "body": "Open Settings, then Branding, and upload the picture.",
            ]
        ).ok(201)
        return chat
    }

    @Test func `each answer and handover is stored: what it rests on, what was decided, what was done`()
        throws
    {
        let chat = try chat()
        let answered = try chat.say("How do I change my logo?", visitor: "a")
        try chat.box.advance("PT0S")
        let waiting = try chat.waiting(chat.say("I want to speak to a human", visitor: "b"))
        let decisions = try chat.box.owner.every("/v1/decisions?agent=primary_agent")
        for action in ["answer", "handover"] {
            let decision = try #require(
                decisions.first { $0["outcome"]?.text("action") == action }, "\(action)")
            #expect(decision["factors"]?.array?.isEmpty == false, "\(action)")
        }
        let words = try #require(try chat.spoken(answered).first)
        #expect(words["author"]?.text("id") == "primary_agent" && words.text("text").contains("Branding"))
        #expect(try chat.events("handover.requested") == 1)
        #expect(waiting["agents"]?.text("handover_monitor") == "active")
    }

    @Test func `an answer that needs a person makes the coordinator start the handover`() throws {
        let chat = try chat()
        let conversation = try chat.waiting(chat.say("What was the revenue of my company in 1994?"))
        #expect(conversation["handover"]?.text("reason") == "unknown_answer")
        #expect(
            conversation["agents"] == [
                "primary_agent": "handover", "handover_monitor": "active", "calendly_bridge": "standby",
            ])
        let told = try chat.box.owner.every("/v1/agent-messages?type=handover_request")
        #expect(Set(told.map { $0.text("to") }) == ["handover_monitor", "coordination_agent"])
    }

    @Test func `the primary agent greets, answers from an article, and replies to thanks`() throws {
        let chat = try chat()
        func heard(_ text: String) throws -> String {
            let conversation = try chat.say(text)
            try chat.box.advance("PT0S")
            return try #require(try chat.spoken(conversation).last, "\(text)").text("text")
        }
        #expect(try heard("Hello").contains("How can I help you?"))
        #expect(try heard("How do I change my logo?").contains("Branding"))
        #expect(try heard("Thank you!").contains("You are welcome"))
    }

    @Test func `how long people take to answer is measured for each handover`() throws {
        let chat = try chat()
        let waits = [("a", "PT5M"), ("b", "PT10M")]
        for (visitor, wait) in waits {
            let conversation = try chat.waiting(chat.say("I want to speak to a human", visitor: visitor))
            try chat.box.advance(wait)
            try chat.box.owner.post(
                "/v1/conversations/\(conversation.id)/messages", ["text": "Here I am."]
            ).ok(201)
        }
        let figures = try chat.box.owner.get("/v1/handovers/figures").ok()
        #expect(figures["answered"] == 2 && figures["response_seconds"] == 450)
        let ended = try chat.box.owner.every("/v1/events?type=handover.ended")
        #expect(Set(ended.compactMap { $0["data"]?["waited_seconds"]?.int }) == [300, 600])
    }
}
