import JSON
import Testing

/// Handovers learn from how they went, and outlive a process.
@Suite(.ownThread) struct HandoverTimes {
    let server = BureauProcess.shared

    private static let booking = "https://calendly.com/check/priority-support"

    private func opened(_ server: BureauProcess? = nil) throws -> HandoverChat {
        let server = server ?? self.server
        let chat = try HandoverChat(server.signUp().sandbox(), server, booking: Self.booking)
        // Nobody else's days go by.
        try chat.box.quieten()
        for agent in ["primary_agent", "handover_monitor", "calendly_bridge", "coordination_agent"] {
            try chat.box.owner.patch(
                "/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]
            ).ok()
        }
        return chat
    }

    private func learns(_ chat: HandoverChat) throws {
        try chat.box.owner.patch(
            "/v1/agents/analytics_learning", ["state": "active", "autonomy": "autopilot"]
        ).ok()
    }

    private func pace(_ chat: HandoverChat) throws -> Double? {
        try chat.box.owner.get("/v1/agents/handover_monitor/config").ok()["values"]?["pace"]?.double
    }

    private func ask(_ chat: HandoverChat, _ visitors: Range<Int>) throws -> [JSON] {
        try inParallel(4, Array(visitors)) { try chat.say("I want a human", visitor: "v\($0)") }
    }

    /// Minutes from the request to each check.
    private func minutes(_ chat: HandoverChat, _ conversation: JSON) throws -> [String] {
        try (chat.waiting(conversation)["handover"]?["checks"]?.array ?? []).map { $0.text("after") }
    }

    @Test func `where nobody ever comes, whoever waits is looked after sooner, once enough have shown it`()
        throws
    {
        let chat = try opened()
        try learns(chat)
        _ = try ask(chat, 0..<19)
        try chat.box.advance("PT75M")
        try chat.box.advance("P1D")
        #expect(try pace(chat) == 1, "nineteen say nothing")
        #expect(try chat.box.owner.get("/v1/handovers/figures").ok()["reactivated"] == 19)
        _ = try ask(chat, 19..<20)
        try chat.box.advance("PT75M")
        try chat.box.advance("P1D")
        #expect(try pace(chat) == 0.5)
        let decision = try #require(
            try chat.box.owner.every("/v1/decisions?agent=analytics_learning").first)
        #expect(decision["outcome"]?["pace"]?.double == 0.5)
        let factors = (decision["factors"]?.array ?? []).map { $0.text("name") }
        #expect(factors == ["answered_within_15_minutes", "nobody_came"])
        #expect(decision["factors"]?.array?.last?.text("evidence") == "20 of 20")
        let next = try chat.say("I want a human", visitor: "next")
        #expect(try minutes(chat, next) == ["PT8M", "PT15M", "PT23M", "PT30M"])
    }

    @Test func `where people come at once nobody is hurried, and an agency may keep its own pace`() throws {
        let (chat, fixed) = (try opened(), try opened())
        try fixed.box.owner.patch("/v1/agents/handover_monitor/config", ["learns": false]).ok()
        try fixed.box.owner.post("/v1/agents/handover_monitor/config/publish").ok()
        for one in [chat, fixed] {
            try learns(one)
            let asked = try ask(one, 0..<20)
            try one.box.advance("PT2M")
            _ = try inParallel(4, asked) { conversation in
                try one.box.owner.post(
                    "/v1/conversations/\(conversation.id)/messages", ["text": "Here I am."]
                ).ok(201)
            }
            try one.box.advance("P1D")
        }
        #expect(try pace(chat) == 1.25)
        #expect(try pace(fixed) == 1)
    }

    @Test func `a booking bridge that dies between being told and writing writes once`() throws {
        let own = try BureauProcess.start(), chat = try opened(own)
        let owner = chat.box.owner
        func offered(_ conversation: JSON) throws -> Int {
            try chat.spoken(conversation).count { $0.text("text").contains(Self.booking) }
        }
        let conversation = try chat.waiting(try chat.say("I want to speak to a human"))
        // It is told while it is at rest, and the process dies with the message on the table.
        try owner.patch("/v1/agents/calendly_bridge", ["state": "disabled"]).ok()
        try chat.box.advance("PT45M")
        #expect(try owner.every("/v1/agent-messages?type=human_timeout").count == 1)
        #expect(try offered(conversation) == 0)
        try own.killAndRestart()
        try owner.patch("/v1/agents/calendly_bridge", ["state": "active"]).ok()
        try chat.box.advance("PT1M")
        #expect(try offered(conversation) == 1)
        // And again, after it has written: what it has done is done.
        try own.killAndRestart()
        try chat.box.advance("PT10M")
        #expect(try offered(conversation) == 1)
        #expect(try owner.every("/v1/agent-messages?type=calendly_sent").count == 1)
        #expect(try owner.get("/v1/handovers/figures").ok()["booking_sent"] == 1)
    }

    @Test func `killed at whatever moment of it, the booking link goes out once`() throws {
        let own = try BureauProcess.start(), chat = try opened(own)
        for round in 0..<4 {
            let conversation = try chat.waiting(
                try chat.say("I want to speak to a human", visitor: "v\(round)"))
            try chat.box.advance("PT44M59S")
            // The clock is put forward by one, and the process dies under it.
            let told = try chat.box.owner.every("/v1/agent-messages?type=human_timeout").count
            _ = try together(2) { side in
                guard side == 0 else {
                    try eventuallyTrue("the bridge to be told", every: .milliseconds(1 + round)) {
                        try chat.box.owner.every("/v1/agent-messages?type=human_timeout").count > told
                    }
                    return try own.killAndRestart()
                }
                // The answer may not come any more.
                _ = try? chat.box.advance("PT1S")
            }
            try chat.box.advance("PT2M")
            let links = try chat.spoken(conversation).count { $0.text("text").contains(Self.booking) }
            #expect(links == 1, "round \(round)")
            try chat.box.advance("PT30M")
        }
        #expect(try chat.box.owner.get("/v1/handovers/figures").ok()["booking_sent"] == 4)
    }
}
