import JSON
import Testing

/// Follows the hour of a customer who waits for a person, one step and one rule at a time.
@Suite(.ownThread) struct HandoverSteps {
    let server = BureauProcess.shared

    private static let booking = "https://calendly.com/check/priority-support"
    /// Ten minutes past ten on a Tuesday is `minute(10)`.
    private func minute(_ number: Int) -> String {
        let (hour, rest) = (10 + number / 60, number % 60)
        return "2027-01-05T\(hour):\(rest < 10 ? "0" : "")\(rest):00.000Z"
    }

    private func opened(booking: String = HandoverSteps.booking) throws -> HandoverChat {
        try HandoverChat(server.signUp().sandbox(), server, booking: booking)
    }

    /// A conversation whose visitor asked for a person at ten.
    private func waiting(_ more: JSONObject = ["name": "Vera Visitor"]) throws -> (HandoverChat, JSON) {
        let chat = try opened()
        return (chat, try chat.waiting(try chat.say("I want to speak to a human", more)))
    }

    private func messages(_ chat: HandoverChat, _ type: String) throws -> [JSON] {
        try chat.box.owner.every("/v1/agent-messages?type=\(type)")
    }

    private func states(_ chat: HandoverChat, _ conversation: JSON) throws -> [String] {
        let agents = try chat.read(conversation)["agents"]
        return ["primary_agent", "handover_monitor", "calendly_bridge"].map { agents?.text($0) ?? "" }
    }

    private func check(_ chat: HandoverChat, _ conversation: JSON, _ action: String) throws -> JSON {
        let checks = try chat.read(conversation)["handover"]?["checks"]?.array ?? []
        return try #require(checks.first { $0.text("action") == action })
    }

    @Test
    func `the check points are 15, 30, 45 and 60 minutes after the request, not after the last message`()
        throws
    {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT10M")
        _ = try chat.say("Is anybody there?")
        try chat.box.advance("PT0S")
        let checks = try chat.read(conversation)["handover"]?["checks"]?.array ?? []
        #expect(checks.map { $0.text("due_at") } == [15, 30, 45, 60].map(minute))
        #expect(
            checks.map { $0.text("action") } == [
                "alert_staff", "waiting_update", "booking_message", "reactivate_primary",
            ])
    }

    @Test func `the customers who wait for a person are listed, and leave the list when somebody comes`()
        throws
    {
        let chat = try opened()
        let first = try chat.say("I want a human", visitor: "a")
        let second = try chat.say("I want a human", visitor: "b")
        _ = try chat.say("Good morning", visitor: "c")
        try chat.box.advance("PT0S")
        func listed() throws -> Set<String> {
            Set(try chat.box.owner.every("/v1/conversations?handler=waiting_for_human").map(\.id))
        }
        #expect(try listed() == [first.id, second.id])
        try chat.box.owner.post("/v1/conversations/\(first.id)/claim").ok()
        #expect(try listed() == [second.id])
    }

    @Test func `at 15 minutes staff are alerted, and the customer reads nothing of it`() throws {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT14M59S")
        #expect(try chat.events("handover.alerted") == 0)
        try chat.box.advance("PT1S")
        #expect(try chat.events("handover.alerted") == 1)
        let alert = try #require(
            try chat.box.owner.every("/v1/notifications").first { $0.text("kind") == "handover.waiting" })
        #expect(alert.text("title").contains("15 minutes") && alert.text("urgency") == "high")
        #expect(alert["subject"]?.text("id") == conversation.id)
        #expect(try chat.spoken(conversation).count == 1, "the confirmation of the request alone")
        #expect(try check(chat, conversation, "alert_staff").text("done_at") == minute(15))
    }

    @Test func `at 30 minutes the customer reads one gentle update, and no link yet`() throws {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT29M59S")
        #expect(try chat.spoken(conversation).count == 1)
        try chat.box.advance("PT1S")
        let words = try chat.spoken(conversation)
        #expect(words.count == 2 && words[1].text("created_at") == minute(30))
        #expect(words[1]["author"]?.text("id") == "handover_monitor")
        #expect(!words[1].text("text").contains(Self.booking))
        #expect(try check(chat, conversation, "waiting_update").text("done_at") == minute(30))
    }

    @Test func `at 45 minutes the booking bridge becomes active and the primary agent is disabled`() throws {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT44M59S")
        #expect(try states(chat, conversation) == ["handover", "active", "standby"])
        try chat.box.advance("PT1S")
        #expect(try states(chat, conversation) == ["disabled", "active", "active"])
        #expect(try check(chat, conversation, "booking_message").text("done_at") == minute(45))
        // While it is disabled it says nothing, whatever the customer writes.
        _ = try chat.say("What does it cost?")
        try chat.box.advance("PT10M")
        #expect(try chat.spoken(conversation).allSatisfy { $0.text("created_at") <= minute(45) })
    }

    @Test func `at 60 minutes the primary agent is active again, says so, and answers`() throws {
        let (chat, conversation) = try waiting()
        try chat.box.owner.post(
            "/v1/articles",
            [
                "title": "Opening hours", "body": "The studio is open from nine to five.",
                "status": "published",
            ]
        ).ok(201)
        try chat.box.advance("PT59M59S")
        #expect(try states(chat, conversation).first == "disabled")
        try chat.box.advance("PT1S")
        let back = try chat.read(conversation)
        #expect(back.text("handler") == "agent" && back["handover"]?.text("outcome") == "reactivated")
        #expect(try states(chat, conversation).first == "active")
        let word = try #require(try chat.spoken(conversation).last)
        #expect(word.text("created_at") == minute(60) && word["author"]?.text("id") == "primary_agent")
        _ = try chat.say("What are your opening hours?")
        try chat.box.advance("PT0S")
        #expect(try chat.spoken(conversation).last?.text("text").contains("nine to five") == true)
    }

    @Test func `whoever came before the hour keeps the conversation, and the primary agent stays off`() throws
    {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT50M")
        try chat.box.owner.post(
            "/v1/conversations/\(conversation.id)/messages", ["text": "Here I am."]
        ).ok(201)
        let before = try chat.spoken(conversation).count
        try chat.box.advance("PT2H")
        let held = try chat.read(conversation)
        #expect(held.text("handler") == "human" && held["handover"]?.text("outcome") == "answered")
        #expect(try chat.spoken(conversation).count == before)
        #expect(try check(chat, conversation, "reactivate_primary")["done_at"] == .null)
    }

    @Test func `the booking message has the name, the company, the wait and the request`() throws {
        let chat = try opened(), owner = chat.box.owner
        let company = try owner.post("/v1/companies", ["name": "Blue River Ltd"]).ok(201)
        let said = try chat.say(
            "I want to speak to a human about our invoice", ["name": "Vera Visitor"])
        let conversation = try chat.waiting(said)
        let contact = conversation.text("contact_id")
        try owner.patch("/v1/contacts/\(contact)", ["company_id": .string(company.id)]).ok()
        try chat.box.advance("PT45M")
        let text = try #require(try chat.spoken(conversation).last).text("text")
        for part in [
            "Hi Vera,", "Blue River Ltd", "sorry", "45 minutes", "busy",
            "I want to speak to a human about our invoice",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
        #expect(text.contains("guaranteed 15-minute call with a senior specialist"))
        // The customer's name is not known: the greeting falls back to "there".
        let (nameless, stranger) = try waiting([:])
        try nameless.box.advance("PT45M")
        let greeting = try #require(try nameless.spoken(stranger).last).text("text")
        #expect(greeting.hasPrefix("Hi there,"), "\(greeting)")
    }

    @Test func `the booking message lists the four benefits, each on a line of its own`() throws {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT45M")
        let lines = try #require(try chat.spoken(conversation).last).text("text").split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("- ") } == [
                "- direct technical expertise", "- a custom solution recommendation",
                "- planning of the implementation timeline", "- priority access to the development team",
            ])
    }

    @Test func `the booking message links to what each agency has set, and without one asks to call back`()
        throws
    {
        for url in ["https://calendly.com/one/support", "https://booking.two.example/talk"] {
            let chat = try opened(booking: url)
            let conversation = try chat.waiting(try chat.say("I want to speak to a human"))
            try chat.box.advance("PT45M")
            #expect(try chat.spoken(conversation).last?.text("text").contains(url) == true)
        }
        let (chat, conversation) = try waiting()
        try chat.box.owner.patch("/v1/settings", ["booking_url": .null]).ok()
        try chat.box.advance("PT45M")
        let text = try #require(try chat.spoken(conversation).last).text("text")
        #expect(!text.contains("https://"), "\(text)")
        #expect(try messages(chat, "calendly_sent").isEmpty, "nothing was offered")
    }

    @Test func `activation and sending of the booking message are logged, then coordination hears of it`()
        throws
    {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT45M")
        let entries = try chat.box.owner.every("/v1/audit?subject_id=\(conversation.id)")
        let offered = entries.filter { $0.text("action") == "conversation.booking_offered" }
        #expect(offered.count == 1 && offered[0]["actor"]?.text("id") == "calendly_bridge")
        #expect(try chat.events("handover.booking_offered") == 1)
        let activated = try messages(chat, "state_sync").first {
            $0.text("to") == "calendly_bridge" && $0["body"]?["state"]?.text("calendly_bridge") == "active"
        }
        let sent = try #require(try messages(chat, "calendly_sent").first)
        #expect(sent.text("to") == "coordination_agent" && sent["from"]?.text("id") == "calendly_bridge")
        #expect(
            sent["body"] == [
                "customer_id": .string(conversation.text("contact_id")),
                "calendly_url": .string(Self.booking),
                "message_sent": true,
            ])
        #expect(try #require(activated).text("created_at") <= sent.text("created_at"))
    }

    @Test func `each of the six kinds of message goes from whom to whom the table says`() throws {
        let (chat, conversation) = try waiting()
        _ = try chat.say("Hello?")
        try chat.box.advance("PT45M")
        func routes(_ type: String) throws -> Set<String> {
            Set(try messages(chat, type).map { "\($0["from"]?.text("id") ?? "") > \($0.text("to"))" })
        }
        #expect(
            try routes("handover_request") == [
                "primary_agent > handover_monitor", "primary_agent > coordination_agent",
            ])
        #expect(try routes("human_timeout") == ["handover_monitor > calendly_bridge"])
        #expect(try routes("calendly_sent") == ["calendly_bridge > coordination_agent"])
        #expect(try routes("customer_response").allSatisfy { $0.hasSuffix("> coordination_agent") })
        #expect(try !routes("customer_response").isEmpty)
        #expect(
            try routes("state_sync") == [
                "coordination_agent > primary_agent", "coordination_agent > handover_monitor",
                "coordination_agent > calendly_bridge",
            ])
        // The sixth kind tells that two agents want the same customer.
        let conflict: JSON = [
            "type": "agent_conflict", "to": "coordination_agent",
            "body": [
                "customer_id": .string(conversation.text("contact_id")),
                "agents": ["primary_agent", "calendly_bridge"],
            ],
        ]
        try chat.box.owner.post("/v1/agent-messages", conflict).ok(201)
        try chat.box.advance("PT0S")
        #expect(try messages(chat, "agent_conflict").map { $0.text("status") } == ["handled"])
        let unknown: JSON = ["type": "agent_gossip", "to": "coordination_agent", "body": [:]]
        #expect(try chat.box.owner.post("/v1/agent-messages", unknown).status == 422)
    }

    @Test func `each message has its type, its target and the keys of its payload`() throws {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT45M")
        let customer = conversation.text("contact_id")
        func payload(_ type: String, _ target: String) throws -> JSON {
            let message = try #require(try messages(chat, type).first { $0.text("to") == target })
            #expect(message.text("type") == type)
            let body = try #require(message["body"])
            #expect(body.text("customer_id") == customer)
            return body
        }
        let request = try payload("handover_request", "handover_monitor")
        #expect(request.text("reason") == "asked_for_human" && request.text("timestamp") == minute(0))
        let timeout = try payload("human_timeout", "calendly_bridge")
        #expect(timeout.text("wait_time") == "45_minutes")
        #expect(timeout["customer_context"]?.text("conversation_id") == conversation.id)
        #expect(timeout["customer_context"]?.text("trigger") == "human_timeout")
        let sent = try payload("calendly_sent", "coordination_agent")
        #expect(sent.text("calendly_url") == Self.booking && sent["message_sent"] == true)
    }

    @Test(arguments: [
        ("I want to speak to a human", "normal"), ("This is urgent: I need a human now", "high"),
        ("Our shop is down and we lose money every minute, urgent: I need a human now", "urgent"),
    ])
    func `coordination reads who asks, why, with what context and how urgently`(
        words: String, urgency: String
    ) throws {
        let chat = try opened()
        let conversation = try chat.waiting(try chat.say(words, ["name": "Vera Visitor"]))
        let notice = try #require(
            try messages(chat, "handover_request").first { $0.text("to") == "coordination_agent" }?["body"])
        #expect(notice.text("customer_id") == conversation.text("contact_id"))
        #expect(notice.text("reason") == "asked_for_human" && notice.text("urgency") == urgency)
        let context = notice["customer_context"]
        #expect(context?.text("name") == "Vera Visitor" && context?.text("channel") == "web_chat")
        #expect(context?.text("request") == words)
    }

    @Test func `asking for a person turns the primary agent off and the monitor on, in every place alike`()
        throws
    {
        let (chat, conversation) = try waiting()
        #expect(try states(chat, conversation) == ["handover", "active", "standby"])
        // The stored state comes first; what the agents are sent says the same.
        let synced = try messages(chat, "state_sync")
        #expect(Set(synced.map { $0.text("to") }) == ["primary_agent", "handover_monitor"])
        #expect(synced.allSatisfy { $0["body"]?["state"] == conversation["agents"] })
        #expect(try chat.events("handover.requested") == 1)
    }

    @Test func `a request for a person becomes a booked meeting, and somebody the agency can reach`() throws {
        let (chat, conversation) = try waiting()
        try chat.box.advance("PT45M")
        _ = try chat.say("I have booked, my address is vera@blueriver.example")
        let contact = conversation.text("contact_id")
        try chat.box.owner.patch("/v1/contacts/\(contact)", ["email": "vera@blueriver.example"]).ok()
        let meeting = try chat.box.owner.post(
            "/v1/meetings",
            [
                "contact_id": .string(contact), "title": "Priority support",
                "starts_at": "2027-01-06T09:00:00.000Z", "ends_at": "2027-01-06T09:15:00.000Z",
            ]
        ).ok(201)
        #expect(meeting.text("contact_id") == contact && meeting.text("status") == "scheduled")
        #expect(try chat.box.owner.every("/v1/contacts?email=vera@blueriver.example").map(\.id) == [contact])
    }

    @Test func `while somebody waits nobody writes but for the steps of the wait`() throws {
        let (chat, conversation) = try waiting()
        for _ in 0..<3 {
            try chat.box.advance("PT14M")
            _ = try chat.say("How do I change my logo?")
        }
        try chat.box.advance("PT4M")
        let spoken = try chat.spoken(conversation)
        #expect(
            spoken.map { $0["author"]?.text("id") } == [
                "primary_agent", "handover_monitor", "calendly_bridge",
            ])
        #expect(spoken.map { $0.text("created_at") } == [minute(0), minute(30), minute(45)])
    }
}
