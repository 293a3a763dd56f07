import JSON
import Testing

/// Subjects of chats are read, and whoever can do most about one gets it.
@Suite(.ownThread) struct ChatRouting {
    let server = BureauProcess.shared

    private func opened() throws -> HandoverChat {
        try HandoverChat(
            server.signUp().sandbox(startAt: "2027-01-05T10:00:00.000Z"), server,
            booking: "https://calendly.com/check/priority-support")
    }

    @Test func `a chat is found by what it is about, in which tone and language`() throws {
        let chat = try opened(), owner = chat.box.owner
        let billing = try chat.say("My invoice is wrong, the amount was charged twice.")
        try chat.box.advance("PT0S")
        let read = try chat.read(billing)
        #expect(read.text("category") == "billing" && read["tags"]?.array?.contains("en") == true)
        #expect(
            read["tags"]?.array?.contains("problem") == true
                || read["tags"]?.array?.contains("complaint") == true)
        let other = try chat.say("Guten Tag, wie ändere ich bitte das Bild auf der Seite?", visitor: "v2")
        try chat.box.advance("PT0S")
        #expect(try chat.read(other)["tags"]?.array?.contains("de") == true)
        #expect(try owner.every("/v1/conversations?category=billing").map(\.id) == [billing.id])
        #expect(try owner.every("/v1/conversations?tags=de").map(\.id) == [other.id])
        let decision = try #require(
            try owner.every("/v1/decisions?agent=primary_agent&subject_id=\(billing.id)").first {
                $0["outcome"]?["matter"] != nil
            })
        #expect(decision["outcome"]?["matter"]?.text("category") == "billing")
        // A person's word stays.
        try owner.patch("/v1/conversations/\(billing.id)", ["category": "refunds", "tags": ["vip"]]).ok()
        try owner.post("/v1/conversations/\(billing.id)/claim").ok()
        _ = try chat.say("Why was the invoice charged twice?")
        try chat.box.advance("PT0S")
        #expect(try chat.read(billing).text("category") == "refunds")
        // Messages to a person are read, too.
        try owner.post("/v1/conversations/\(other.id)/claim").ok()
        try owner.patch("/v1/conversations/\(other.id)", ["category": .null]).ok()
        _ = try chat.say("Die Rechnung ist falsch, der Betrag wurde doppelt abgebucht.", visitor: "v2")
        try chat.box.advance("PT0S")
        #expect(try chat.read(other).text("category") == "billing")
    }

    @Test func `a call or a shared screen is offered by a link, which is kept with the conversation`() throws
    {
        let chat = try opened(), owner = chat.box.owner
        let said = try chat.say("Guten Tag, ich sehe das Bild nicht.")
        try chat.box.advance("PT0S")
        let path = "/v1/conversations/\(said.id)/calls"
        #expect(try owner.post(path, ["url": "http://meet.example.com/x"]).faults().keys.contains("/url"))
        let offered = try owner.post(path, ["kind": "screen", "url": "https://meet.example.com/x"]).ok(201)
        let call = try #require(offered["calls"]?.array?.first)
        #expect(call.text("kind") == "screen" && call.text("url") == "https://meet.example.com/x")
        let message = try owner.get("/v1/messages/\(call.text("message_id"))").ok()
        #expect(message.text("text").hasSuffix("https://meet.example.com/x"))
        #expect(try chat.read(said).text("handler") == "human", "whoever offers it speaks from then on")
        #expect(try chat.events("conversation.call_offered") == 1)
        _ = try owner.post(path, ["kind": "voice", "url": "https://meet.example.com/y", "text": "Ring me:"])
            .ok(201)
        #expect(try chat.read(said)["calls"]?.array?.map { $0.text("kind") } == ["screen", "voice"])
        try server.signUp().owner.post(path, ["url": "https://meet.example.com/x"]).problem(404)
    }

    @Test func `who asks for a person gets one of the team for it, who is on duty and has room`() throws {
        let chat = try opened(), owner = chat.box.owner
        func colleague(_ name: String) throws -> String {
            try owner.post(
                "/v1/users",
                [
                    "name": .string(name), "email": .string("\(name)@agency.example"), "role": "member",
                    "password": "correct horse battery",
                ]
            ).ok(201).id
        }
        let (ann, bob, cid) = (try colleague("ann"), try colleague("bob"), try colleague("cid"))
        let resting = try owner.get("/v1/me").ok()["user"]?.id ?? ""
        try owner.patch("/v1/notifications/preferences", ["quiet_until": "2027-02-01T00:00:00.000Z"]).ok()
        func member(_ id: String, _ more: JSONObject = [:]) -> JSON {
            var member: JSONObject = ["user_id": .string(id)]
            for (key, value) in more.members { member[key] = value }
            return .object(member)
        }
        let money = try owner.post(
            "/v1/teams",
            [
                "name": "Money", "categories": ["billing"],
                "members": [
                    member(ann, ["capacity": 1]), member(bob, ["capacity": 1]), member(resting),
                    member(cid, ["available": false]),
                ],
            ]
        ).ok(201)
        for (id, level) in [(ann, 5), (cid, 5)] {
            try owner.post("/v1/skills", ["user_id": .string(id), "name": "billing", "level": JSON(level)])
                .ok(201)
        }
        func asked(_ visitor: String) throws -> JSON {
            _ = try chat.say("My invoice is wrong, the amount was charged twice.", visitor: visitor)
            try chat.box.advance("PT0S")
            let said = try chat.say("I want to speak to a human", visitor: visitor)
            return try chat.waiting(said)
        }
        let first = try asked("v1")
        #expect(first.text("team_id") == money.id && first.text("assignee_id") == ann, "she knows most of it")
        let why = try #require(
            try owner.every("/v1/decisions?agent=customer_service&subject_id=\(first.id)").first)
        #expect(why["outcome"]?.text("assignee_id") == ann)
        #expect(why["factors"]?.array?.contains { $0.text("name") == "skill" } == true)
        let second = try asked("v2")
        #expect(second.text("assignee_id") == bob, "she has no room for another")
        // The others of the team are not there: it is everybody's.
        let third = try asked("v3")
        #expect(third["assignee_id"] == .null && third.text("team_id") == money.id)
        let other = try chat.waiting(try chat.say("Can I talk to a real person?", visitor: "v4"))
        #expect(other["team_id"] == .null, "no team is for that")
        // A person who is chosen and does not come is not the only one who is told.
        try chat.box.advance("PT15M")
        #expect(try chat.events("handover.alerted") >= 1)
    }
}
