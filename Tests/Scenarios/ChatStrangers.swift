import JSON
import StandIns
import Testing

/// People who use another agency's key, another visitor's name or an id that they have heard of get nothing,
/// and nothing changes by it.
@Suite(.ownThread) struct ChatStrangers {
    let server = BureauProcess.shared

    private struct Page {
        let agency: Agency, key: String
        var path: String { "/v1/chat/\(key)" }

        func say(_ text: String, _ visitor: String, _ more: JSONObject = [:]) throws -> Answer {
            var body: JSONObject = ["visitor_id": .string(visitor), "text": .string(text)]
            for (name, value) in more.members { body[name] = value }
            return try agency.server.anonymous.post("\(path)/messages", .object(body))
        }

        /// All that could have changed.
        func state() throws -> [JSON] {
            try agency.owner.every("/v1/events") + agency.owner.every("/v1/conversations")
                + agency.owner.every("/v1/contact-identities") + agency.owner.every("/v1/messages")
        }
    }

    private func page() throws -> Page {
        let agency = try server.quietAgency()
        return Page(
            agency: agency, key: try agency.connect("web_chat", capability: "chat").text("public_key"))
    }

    @Test func `another agency's key opens that agency's chat only, whatever else is known`() throws {
        let (mine, theirs) = (try page(), try page())
        let secret = try mine.say("My secret", "visitor-1-abcdefgh", ["key": "k1"]).ok(201)
        let conversation = secret.text("conversation_id")
        try mine.agency.answer(["id": .string(conversation)], "It is safe.")
        try mine.agency.rest()
        let event = try #require(try mine.agency.owner.every("/v1/events").first)
        let before = try mine.state()
        let watching = try EventStream(mine.agency.owner, "/v1/events/stream")
        // That visitor and that key of a message, over the other's page: another talk of the other agency.
        let copy = try theirs.say("My secret", "visitor-1-abcdefgh", ["key": "k1"]).ok(201)
        #expect(copy.text("conversation_id") != conversation)
        #expect(copy.text("message_id") != secret.text("message_id"))
        let stream = try EventStream(
            server.anonymous, "\(theirs.path)/stream?visitor_id=visitor-1-abcdefgh", after: event.id)
        try server.anonymous.post("\(theirs.path)/typing", ["visitor_id": "visitor-1-abcdefgh"]).ok(204)
        // A caller who names a conversation or an integration names nothing.
        for field in ["conversation_id", "integration_id", "contact_id", "provider_id"] {
            #expect(
                try theirs.say("x", "visitor-1-abcdefgh", JSONObject([(field, .string(conversation))]))
                    .faults()
                    == ["/\(field)": "unknown_field"])
        }
        let address = "\(theirs.path)/stream?visitor_id=visitor-1-abcdefgh&conversation_id=\(conversation)"
        try server.anonymous.get(address).problem(400)
        try theirs.agency.owner.post("/v1/conversations/\(conversation)/typing").problem(404)
        try theirs.agency.owner.post("/v1/conversations/\(conversation)/messages", ["text": "x"]).problem(404)
        try theirs.agency.answer(["id": copy["conversation_id"] ?? .null], "Who are you?")
        #expect(try stream.wait(for: "message").map { $0.data.text("text") } == ["Who are you?"])
        try mine.agency.rest()
        #expect(try mine.state() == before)
        #expect(watching.events.isEmpty)
    }

    @Test func `a visitor does not become another one by what they know of them`() throws {
        let page = try page()
        let secret = try page.say("My secret", "visitor-1-abcdefgh", ["key": "k1"]).ok(201)
        let other = try page.say("My secret", "visitor-2-abcdefgh", ["key": "k1"])
        #expect(other.header("Idempotency-Replayed") == nil)
        #expect(try other.ok(201).text("conversation_id") != secret.text("conversation_id"))
        let identity = try #require(
            try page.agency.owner.every("/v1/contact-identities?channel=web_chat").first {
                $0.text("address").hasSuffix("/visitor-1-abcdefgh")
            })
        // Neither the whole address nor a pattern of one is a visitor.
        for name in [identity.text("address"), "v1%2Fv1", "%25", "..%2Fv1", "v1%00"] {
            try server.anonymous.get("\(page.path)/stream?visitor_id=\(name)").problem(400)
        }
        let stream = try EventStream(server.anonymous, "\(page.path)/stream?visitor_id=visitor-2-abcdefgh")
        try page.agency.answer(["id": secret["conversation_id"] ?? .null], "To the first.")
        try page.agency.owner.post("/v1/conversations/\(secret.text("conversation_id"))/typing").ok(204)
        try page.agency.answer(["id": other.json["conversation_id"] ?? .null], "To the second.")
        #expect(try stream.wait(for: "message").map { $0.data.text("text") } == ["To the second."])
        #expect(stream.of("typing").isEmpty)
    }

    @Test func `an id that could be guessed opens no conversation for reading`() throws {
        let page = try page()
        for visitor in ["v", "v1", "v100", "123456789012345"] {
            try page.say("Hello", visitor).ok(201)
            let refusal = try server.anonymous.get("\(page.path)/stream?visitor_id=\(visitor)").problem(400)
            #expect(refusal.text("detail").contains("16"))
        }
    }

    @Test func `one address has a limit at one chat, which holds up no other`() throws {
        let own = BureauProcess([
            "limits.chat_requests_per_minute": "60", "limits.chat_burst": "5",
            "http.trusted_proxies": "127.0.0.1/32",
        ])
        try own.start()
        let agency = try own.quietAgency()
        let paths = try (0..<2).map { _ in
            "/v1/chat/\(try agency.connect("web_chat", capability: "chat").text("public_key"))/messages"
        }
        func say(_ path: String, _ address: String) throws -> Answer {
            try own.anonymous.request(
                "POST", path, ["visitor_id": "v1", "text": "Hello"], headers: ["X-Forwarded-For": address])
        }
        let answers = try (0..<12).map { _ in try say(paths[0], "203.0.113.7") }
        #expect(answers.prefix(5).allSatisfy { $0.status == 201 })
        let refused = try #require(answers.first { $0.status == 429 })
        try refused.problem(429, "rate_limited")
        #expect(refused.header("Retry-After") != nil)
        try say(paths[0], "198.51.100.9").ok(201)
        try say(paths[1], "203.0.113.7").ok(201)
    }

    @Test func `a key is good for its own door only, and only while it is there`() throws {
        let page = try page(), graph = try GraphStandIn()
        let line = try page.agency.connect(
            "whatsapp", graph.service.url, credentials: graph.credentials, settings: graph.settings,
            capability: "chat")
        let token = try #require(line.text("hook_url").split(separator: "/").last.map(String.init))
        let body: JSON = ["visitor_id": "visitor-1-abcdefgh", "text": "x"]
        for key in [token, String(page.key.dropLast()), page.key.uppercased() + "x", "absent"] {
            try server.anonymous.post("/v1/chat/\(key)/messages", body).problem(404)
            try server.anonymous.post("/v1/chat/\(key)/typing", ["visitor_id": "visitor-1-abcdefgh"]).problem(
                404)
            try server.anonymous.get("/v1/chat/\(key)/stream?visitor_id=visitor-1-abcdefgh").problem(404)
        }
        for provider in ["web_chat", "whatsapp", "telegram"] {
            try server.anonymous.post("/v1/hooks/\(provider)/\(page.key)", body).problem(404)
        }
        try server.anonymous.post("/v1/hooks/telegram/\(token)", body).problem(404)
        #expect(try page.agency.owner.every("/v1/messages").isEmpty)
        try page.say("Hello", "visitor-1-abcdefgh").ok(201)
        let chat = try #require(
            try page.agency.owner.every("/v1/integrations").first { $0.text("provider") == "web_chat" })
        try page.agency.owner.patch("/v1/integrations/\(chat.id)", ["status": "disabled"]).ok()
        try page.say("Hello?", "visitor-1-abcdefgh").problem(404)
        try server.anonymous.post("\(page.path)/typing", ["visitor_id": "visitor-1-abcdefgh"]).problem(404)
        #expect(try page.agency.owner.every("/v1/messages").count == 1)
    }
}
