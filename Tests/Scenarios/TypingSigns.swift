import JSON
import StandIns
import Testing

/// Typing is seen by the other side at that moment and kept nowhere.
@Suite(.ownThread) struct TypingSigns {
    let server = BureauProcess.shared

    private struct Page {
        let agency: Agency, path: String, conversation: JSON

        func types(_ visitor: String = "visitor-1-abcdefgh") throws -> Answer {
            try agency.server.anonymous.post("\(path)/typing", ["visitor_id": .string(visitor)])
        }
    }

    private func page(_ agency: Agency? = nil) throws -> Page {
        let agency = try agency ?? server.quietAgency()
        let path = "/v1/chat/\(try agency.connect("web_chat", capability: "chat").text("public_key"))"
        try server.anonymous.post("\(path)/messages", ["visitor_id": "visitor-1-abcdefgh", "text": "Hello"])
            .ok(201)
        return Page(agency: agency, path: path, conversation: try agency.conversation(on: "web_chat"))
    }

    @Test func `a visitor and a colleague see one another type, and nothing of it is kept`() throws {
        let page = try page(), agency = page.agency
        let console = try EventStream(agency.owner, "/v1/events/stream?types=conversation.*,message.*")
        let visitor = try EventStream(server.anonymous, "\(page.path)/stream?visitor_id=visitor-1-abcdefgh")
        let other = try EventStream(server.anonymous, "\(page.path)/stream?visitor_id=visitor-2-abcdefgh")
        try server.anonymous.post(
            "\(page.path)/messages", ["visitor_id": "visitor-2-abcdefgh", "text": "Me too"]
        ).ok(201)
        try console.wait(for: "message.received")
        try agency.rest()
        let kept = try agency.owner.every("/v1/events").count
        #expect(try page.types().status == 204)
        let seen = try console.wait(for: "conversation.typing")[0]
        #expect(seen.id.isEmpty && seen.data["id"] == nil)
        #expect(seen.data["subject"]?.id == page.conversation.id)
        #expect(seen.data["data"]?["author"]?["type"] == "contact" && seen.data["data"]?["seconds"] == 6)
        try agency.owner.post("/v1/conversations/\(page.conversation.id)/typing").ok(204)
        let told = try visitor.wait(for: "typing")[0]
        #expect(told.id.isEmpty && told.data["author"]?["type"] == "user" && told.data["seconds"] == 6)
        #expect(told.data["contact_id"] == nil && told.data["author"]?["id"] == nil)
        #expect(try agency.owner.every("/v1/events").count == kept)
        // Events after a sign still come, and its id is where a reader goes on.
        try agency.answer(page.conversation, "Good day.")
        #expect(try visitor.wait(for: "message")[0].id.isEmpty == false)
        // Own signs do not come back to a visitor, and another's conversation is none of theirs.
        #expect(visitor.of("typing").count == 1)
        #expect(other.of("typing").isEmpty)
    }

    @Test func `whoever types is called by their name, and what has none by the agency's`() throws {
        let page = try page(), agency = page.agency
        let visitor = try EventStream(server.anonymous, "\(page.path)/stream?visitor_id=visitor-1-abcdefgh")
        let path = "/v1/conversations/\(page.conversation.id)/typing"
        try agency.owner.post(path).ok(204)
        try visitor.wait(for: "typing")
        try agency.key(["conversations:write"]).post(path).ok(204)
        let names = try visitor.wait(for: "typing", count: 2).map { $0.data["author"]?["name"] }
        #expect(names == ["Olive Owner", agency.tenant["name"]])
    }

    @Test func `no page calls anybody Somebody`() throws {
        let page = try page()
        let words = try server.anonymous.get("\(page.path)/words").ok()
        #expect(words.text("typing") == "{name} is typing…")
        let script = try server.anonymous.get("/app/typing.js")
        #expect(script.status == 200 && script.text.contains("is typing…"))
        #expect(!script.text.contains("Somebody is"))
    }

    @Test func `while another holds the conversation, only colleagues see who types`() throws {
        let page = try page(), agency = page.agency
        let max = try agency.colleague("member")
        try agency.owner.post("/v1/conversations/\(page.conversation.id)/claim").ok()
        let console = try EventStream(agency.owner, "/v1/events/stream?types=conversation.*")
        let visitor = try EventStream(server.anonymous, "\(page.path)/stream?visitor_id=visitor-1-abcdefgh")
        try max.post("/v1/conversations/\(page.conversation.id)/typing").ok(204)
        let seen = try console.wait(for: "conversation.typing")[0]
        #expect(seen.data["data"]?["reaches_them"] == false)
        try agency.owner.post("/v1/conversations/\(page.conversation.id)/typing").ok(204)
        try visitor.wait(for: "typing")
        #expect(visitor.of("typing").count == 1)
    }

    @Test func `whoever tells it all the time is told to wait, and can still write`() throws {
        let page = try page()
        var answers: [Int] = []
        for _ in 0..<12 { answers.append(try page.types().status) }
        #expect(answers.first == 204 && answers.last == 429)
        try server.anonymous.post(
            "\(page.path)/messages", ["visitor_id": "visitor-1-abcdefgh", "text": "Still here"]
        ).ok(201)
        #expect(try page.types("visitor-2-abcdefgh").status == 204)
        let bad = try page.types("a b")
        #expect(bad.status == 400)
        let path = "/v1/conversations/\(page.conversation.id)/typing"
        let many = try (0..<12).map { _ in try page.agency.owner.post(path).status }
        #expect(many.first == 204 && many.last == 429)
    }

    @Test func `the agent shows that it answers, on the page and in Telegram`() throws {
        let agency = try server.signUp(), telegram = try TelegramStandIn()
        try agency.owner.post(
            "/v1/articles",
            ["title": "Changing your logo", "body": "Open Settings, then Branding.", "status": "published"]
        ).ok(201)
        let page = try page(agency)
        let visitor = try EventStream(server.anonymous, "\(page.path)/stream?visitor_id=visitor-1-abcdefgh")
        try server.anonymous.post(
            "\(page.path)/messages", ["visitor_id": "visitor-1-abcdefgh", "text": "How do I change my logo?"]
        ).ok(201)
        let told = try visitor.wait(for: "typing")[0]
        #expect(told.data["author"]?["type"] == "agent")
        #expect(told.data["author"]?["name"] == agency.tenant["name"])
        let door = try agency.connect(
            "telegram", telegram.service.url, credentials: telegram.credentials, capability: "chat")
        try server.deliver(telegram.message(1, "How do I change my logo?"), to: door).ok()
        let action = try eventually("the action") {
            telegram.service.requests.first { $0.target.hasSuffix("/sendChatAction") }
        }
        #expect(try JSONParser.parse(action.body) == ["chat_id": 42, "action": "typing"])
        try eventuallyTrue("the answer") {
            telegram.service.requests.contains { $0.target.hasSuffix("/sendMessage") }
        }
        func failures() throws -> [JSON?] {
            let tools = try agency.use(of: door)["by"]?["tools"]?.array ?? []
            return tools.filter { $0["id"] == "show_typing" }.map { $0["failures"] }
        }
        func signs() throws -> [JSON] { try agency.owner.every("/v1/tool-calls?tool=show_typing") }
        try eventuallyTrue("its count") { try failures() == [0] }
        #expect(try signs().isEmpty, "one that is shown is counted alone")
        let conversation = try agency.conversation(on: "telegram")
        telegram.service.next(.answer(500, "{}"))
        let call = try eventually("the call that failed", every: .milliseconds(500)) {
            _ = try agency.owner.post("/v1/conversations/\(conversation.id)/typing")
            return try signs().first
        }
        #expect(call.text("state") == "failed" && call["error"]?["code"] == "telegram_500")
        #expect(try failures() == [1])
    }

    @Test func `a client in the portal and the agency see one another type, another client does not`() throws
    {
        let agency = try server.quietAgency()
        let acme = try agency.portalClient("Acme", roles: ["admin"])
        let other = try agency.portalClient("Other", roles: ["admin"])
        try other.admin.post("/v1/portal/messages", ["text": "Hello"]).ok(201)
        let said = try acme.admin.post("/v1/portal/messages", ["text": "Hello"]).ok(201)
        let console = try EventStream(agency.owner, "/v1/events/stream?types=conversation.*")
        let mine = try EventStream(acme.admin, "/v1/portal/messages/stream")
        let theirs = try EventStream(other.admin, "/v1/portal/messages/stream")
        try acme.admin.post("/v1/portal/messages/typing").ok(204)
        let seen = try console.wait(for: "conversation.typing")[0]
        #expect(seen.data["subject"]?.id == said.text("conversation_id"))
        try agency.owner.post("/v1/conversations/\(said.text("conversation_id"))/typing").ok(204)
        let told = try mine.wait(for: "typing")[0]
        #expect(told.data["author"]?["type"] == "user")
        try agency.answer(["id": said["conversation_id"] ?? .null], "Good day.")
        try mine.wait(for: "message")
        #expect(theirs.of("typing").isEmpty && theirs.of("message").isEmpty)
    }
}
