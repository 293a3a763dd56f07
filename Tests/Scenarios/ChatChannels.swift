import Foundation
import JSON
import StandIns
import Testing

/// Short messages in and out, by services that behave and that do not.
@Suite(.ownThread) struct ChatChannels {
    let server = BureauProcess.shared

    private struct Line {
        let agency: Agency, graph: GraphStandIn, integration: JSON

        func tell(_ hook: StandInHook) throws { try agency.server.deliver(hook, to: integration).ok() }

        func conversation(sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
            try agency.conversation(on: "whatsapp", sourceLocation: sourceLocation)
        }
    }

    private func line() throws -> Line {
        let (agency, graph) = (try server.quietAgency(), try GraphStandIn())
        let integration = try agency.connect(
            "whatsapp", graph.service.url, credentials: graph.credentials, settings: graph.settings,
            capability: "chat")
        return Line(agency: agency, graph: graph, integration: integration)
    }

    @Test func `a message over WhatsApp opens a conversation with whoever has the number`() throws {
        let line = try line()
        let lead = try line.agency.makeLead(1, ["phone": "+15550000002"])
        try line.tell(line.graph.message("wamid.1", "Hi 😀"))
        let conversation = try line.conversation()
        #expect(conversation["contact_id"] == lead["contact_id"])
        let messages = try line.agency.said(in: conversation)
        #expect(messages.map { $0.text("text") } == ["Hi 😀"])
        #expect(messages[0]["author"]?["type"] == "contact" && messages[0].text("status") == "received")
        // A repeated message and its neighbour come in one batch: only the neighbour is new.
        let again = try line.agency.server.deliver(
            line.graph.message("wamid.1", "Hi 😀"), to: line.integration
        ).ok()
        #expect(again["duplicate"] == true)
        let forged = line.graph.hook([:], secret: "another")
        #expect(try line.agency.server.deliver(forged, to: line.integration).status == 401)
        let identities = try line.agency.owner.every(
            "/v1/contact-identities?contact_id=\(conversation.text("contact_id"))")
        #expect(Set(identities.map { $0.text("address") }) == ["+15550000002", "US.15550000002"])
    }

    @Test func `the handshake answers who knows the token, and nobody else`() throws {
        let line = try line()
        let door = line.integration.text("hook_url")
        func ask(_ token: String) throws -> Answer {
            try server.anonymous.get(
                "\(door)?hub.mode=subscribe&hub.verify_token=\(token)&hub.challenge=123")
        }
        let good = try ask("verify-1")
        #expect(good.status == 200 && String(decoding: good.body, as: UTF8.self) == "123")
        #expect(try ask("wrong").status == 403)
    }

    @Test func `an answer leaves once, and what becomes of it never goes backwards`() throws {
        let line = try line()
        try line.tell(line.graph.message("wamid.1", "Hello?"))
        let conversation = try line.conversation()
        // The service has too much to do, then goes down, then works.
        line.graph.service.next(GraphStandIn.fault(429, 130_429), .answer(500, "{}"))
        let asked = try line.agency.answer(conversation, "Good day.")
        #expect(asked["author"]?["type"] == "user")
        try eventuallyTrue("another attempt, and one more") {
            _ = try line.agency.owner.post("/v1/messages/\(asked.id)/retry")
            return line.graph.service.requests.count >= 3
        }
        let sent = try line.agency.message(asked, "sent")
        #expect(line.graph.service.requests.count == 3)
        let last = try JSONParser.parse(try #require(line.graph.service.requests.last).body)
        #expect(last["to"] == "15550000002" && last["text"]?["body"] == "Good day.")
        #expect(last["biz_opaque_callback_data"] == .string(asked.id))
        let id = sent.text("provider_id")
        try line.tell(line.graph.status("read", of: id))
        try line.tell(line.graph.status("delivered", of: id))
        try line.tell(line.graph.status("sent", of: id))
        try line.tell(line.graph.status("failed", of: id, code: 131_049))
        let told = try line.agency.message(asked, "delivered")
        #expect(told["opened_at"] != .null)
        try line.agency.hooksWorkedOn()
        #expect(try line.agency.owner.get("/v1/messages/\(asked.id)").ok().text("status") == "delivered")
        // That they wrote, and that they have read it, are activities of theirs.
        let contact = conversation.text("contact_id")
        let done = try line.agency.owner.every("/v1/contacts/\(contact)/activities")
        #expect(done.map { $0.text("type") }.sorted() == ["message_read", "message_reply"])
        #expect(done.allSatisfy { $0["channel"] == "whatsapp" && $0["source"] == "human" }, "\(done)")
    }

    @Test func `a connection that ends after the message was read leaves it to a status to tell`() throws {
        let line = try line()
        try line.tell(line.graph.message("wamid.1", "Hello?"))
        line.graph.service.next(.cutAfter)
        let asked = try line.agency.answer(try line.conversation(), "Good day.")
        try line.agency.message(asked, "unknown")
        #expect(line.graph.service.requests.count == 1)
        try line.tell(line.graph.status("sent", of: "wamid.X", named: asked.id))
        try line.agency.message(asked, "sent")
        #expect(line.graph.service.requests.count == 1)
    }

    @Test func `a number that takes nothing, a token that is gone: each has its end`() throws {
        let line = try line()
        try line.tell(line.graph.message("wamid.1", "Hello?"))
        let conversation = try line.conversation()
        line.graph.service.next(GraphStandIn.fault(400, 131_026))
        try line.agency.message(try line.agency.answer(conversation, "One"), "bounced")
        let held = try line.agency.answer(conversation, "Two")
        #expect(held.text("status") == "held" && held["reasons"]?[0]["code"] == "suppressed")
        let other = try self.line()
        try other.tell(other.graph.message("wamid.1", "Hello?"))
        other.graph.service.next(GraphStandIn.fault(401, 190))
        let waiting = try other.agency.message(
            try other.agency.answer(try other.conversation(), "One"), "held")
        #expect(waiting["reasons"]?[0]["code"] == "no_provider")
        #expect(
            try other.agency.owner.get("/v1/integrations/\(other.integration.id)").ok().text("status")
                == "failing")
    }

    @Test func `within an overlap an answer leaves with the token before`() throws {
        let line = try line()
        try line.tell(line.graph.message("wamid.1", "Hello?"))
        let conversation = try line.conversation(), path = "/v1/integrations/\(line.integration.id)"
        try line.agency.owner.post("\(path)/rotate", ["credentials": ["access_token": "mistyped"]]).ok()
        try line.agency.message(try line.agency.answer(conversation, "Good day."), "sent")
        let tried = line.graph.service.requests.filter { $0.method == "POST" }
            .compactMap { $0.header("Authorization") }
        #expect(tried == ["Bearer mistyped", "Bearer \(line.graph.token)"])
        #expect(try line.agency.owner.get(path).ok().text("status") == "active")
    }

    @Test func `within an overlap a file that came is fetched with the token before, as one call`() throws {
        let line = try line(), graph = line.graph
        graph.files["MEDIA1"] = Array("%PDF-1.4 brief".utf8)
        try line.agency.owner.post(
            "/v1/integrations/\(line.integration.id)/rotate", ["credentials": ["access_token": "mistyped"]]
        ).ok()
        try line.tell(graph.file("wamid.1", "document", ["id": "MEDIA1", "filename": "brief.pdf"]))
        let conversation = try line.conversation()
        let file = try eventually("the file") {
            try line.agency.said(in: conversation).first?["attachments"]?.array?.first?.text
        }
        #expect(try line.agency.owner.get("/v1/files/\(file)").ok().text("name") == "brief.pdf")
        let calls = try line.agency.owner.every("/v1/tool-calls?tool=fetch_file")
        #expect(calls.map { $0.text("state") } == ["succeeded"])
        #expect(calls.first?.text("integration_id") == line.integration.id)
        #expect(calls.first?["bytes"] == 14)
    }

    @Test func `files that come are kept once, from no place but the service's own`() throws {
        let line = try line(), graph = line.graph
        graph.files["MEDIA1"] = Array("%PDF-1.4 brief".utf8)
        // Its first answer is that it has too much to do.
        graph.service.next(GraphStandIn.fault(429, 130_429))
        try line.tell(graph.file("wamid.1", "document", ["id": "MEDIA1", "filename": "brief.pdf"]))
        let conversation = try line.conversation()
        #expect(try line.agency.said(in: conversation).map { $0.text("text") } == ["[document]"])
        let file = try eventually("the file") {
            try line.agency.said(in: conversation).first?["attachments"]?.array?.first?.text
        }
        let kept = try line.agency.owner.get("/v1/files/\(file)").ok()
        #expect(kept.text("name") == "brief.pdf" && kept.text("media_type") == "application/pdf")
        let content = try line.agency.owner.get("/v1/files/\(file)/content")
        #expect(content.body == Array("%PDF-1.4 brief".utf8))
        // One that is told to lie elsewhere is not fetched: our token would go there.
        let before = graph.service.requests.count
        graph.service.next(.answer(200, #"{"id":"MEDIA2","url":"http://evil.example/x"}"#))
        try line.tell(graph.file("wamid.2", "image", ["id": "MEDIA2", "caption": "Look"]))
        let history = try eventually("the note of it") { () -> JSON? in
            let said = try line.agency.said(in: conversation).first { $0.text("text") == "Look" }
            guard let said else { return nil }
            let events = try line.agency.owner.get("/v1/messages/\(said.id)").ok()["history"]?.array ?? []
            return events.first { $0.text("kind") == "media_missing" }
        }
        #expect(history.text("detail").contains("evil.example") && graph.service.requests.count == before + 1)
        let calls = try line.agency.owner.every("/v1/tool-calls?tool=fetch_file").sorted { $0.id < $1.id }
        #expect(calls.map { $0.text("state") } == ["failed", "succeeded", "failed"])
        #expect(calls.map { $0["bytes"] } == [0, 14, 0] && calls.last?["error"]?["code"] == "gone")
    }

    @Test func `what was held outside the window leaves when they write again`() throws {
        let agency = try server.quietAgency(), graph = try GraphStandIn()
        let (box, door, conversation) = try agency.sandboxOnWhatsApp(graph)
        try box.advance("P1DT1S")
        let path = "/v1/conversations/\(conversation.id)/messages"
        let held = try box.owner.post(path, ["text": "Hello again"]).ok(201)
        #expect(held.text("status") == "held" && held["reasons"]?[0]["code"] == "outside_window")
        #expect(held["templates"]?.array != nil)
        try server.deliver(graph.message("wamid.2", "Still there?"), to: door).ok()
        try box.advance("PT1M")
        #expect(try box.owner.get("/v1/messages/\(held.id)").ok().text("status") == "sent")
    }

    @Test func `colleagues are mentioned in notes, and nowhere else`()
        throws
    {
        let line = try line(), agency = line.agency
        try line.tell(line.graph.message("wamid.1", "Hello"))
        let conversation = try line.conversation()
        let max = try agency.colleague("member")
        let maxID = try max.get("/v1/me").ok()["user"]?.id ?? ""
        try agency.answer(conversation, "Look, Max.", ["internal": true, "mentions": [.string(maxID)]])
        // That nobody answers the customer may be told, too, to whoever is there by then.
        let told = try max.every("/v1/notifications").filter { $0.text("kind") == "conversation.mentioned" }
        #expect(told.count == 1)
        #expect(told.first?["subject"]?.id == conversation.id)
        let path = "/v1/conversations/\(conversation.id)/messages"
        #expect(
            try agency.owner.post(path, ["text": "x", "mentions": [.string(maxID)]]).faults()
                == ["/mentions": "conflict"])
    }

    @Test func `whoever writes stop hears no more marketing, until they write start`() throws {
        let line = try line()
        try line.tell(line.graph.message("wamid.1", "Hello"))
        let contact = try line.conversation().text("contact_id")
        func reasons() throws -> [String] {
            let path = "/v1/contacts/\(contact)/sendability?channel=whatsapp&purpose=marketing"
            return (try line.agency.owner.get(path).ok()["reasons"]?.array ?? []).map { $0.text("code") }
        }
        try line.agency.hooksWorkedOn()
        #expect(!(try reasons().contains("unsubscribed")))
        try line.tell(line.graph.message("wamid.2", " STOP. "))
        try line.agency.hooksWorkedOn()
        #expect(try reasons().contains("unsubscribed"))
        try line.tell(line.graph.message("wamid.3", "Start"))
        try line.agency.hooksWorkedOn()
        #expect(!(try reasons().contains("unsubscribed")))
    }

    @Test func `what a person writes in the service's own app is a person's turn`() throws {
        let line = try line()
        try line.tell(line.graph.message("wamid.1", "Hello"))
        let conversation = try line.conversation()
        let draftedAt = try line.agency.tag(of: conversation)
        try line.tell(line.graph.echo("wamid.E1", "I call you."))
        let heard = try eventually("the echo") {
            let said = try line.agency.said(in: conversation)
            return said.count == 2 ? said : nil
        }
        #expect(heard[1]["author"]?["type"] == "user" && heard[1].text("text") == "I call you.")
        let now = try line.agency.owner.get("/v1/conversations/\(conversation.id)").ok()
        #expect(now["lock"]?["holder"] == "human" && now.text("handler") == "human")
        let late = try line.agency.owner.post(
            "/v1/conversations/\(conversation.id)/messages", ["text": "me too"], ["If-Match": draftedAt])
        #expect(late.status == 409 && late.code == "lock_lost")
    }

    @Test func `Telegram brings people of its own, who join a known one by their own number only`() throws {
        let (agency, telegram) = (try server.quietAgency(), try TelegramStandIn())
        let integration = try agency.connect(
            "telegram", telegram.service.url, credentials: telegram.credentials, capability: "chat")
        func tell(_ hook: StandInHook) throws { try server.deliver(hook, to: integration).ok() }
        let lead = try agency.makeLead(1, ["phone": "+15550000002"])
        for wrong in ["TG-SECRET_1", "tg-secret_", "tg-secret_1x"] {
            let forged = telegram.hook(1, [:], secret: wrong)
            #expect(try server.deliver(forged, to: integration).status == 401)
        }
        try tell(telegram.message(1, "Hello"))
        #expect(
            try server.deliver(telegram.message(1, "Hello"), to: integration).ok()["duplicate"] == true)
        let conversation = try agency.conversation(on: "telegram")
        let stranger = conversation.text("contact_id")
        #expect(stranger != lead.text("contact_id"))
        // Another's card proves nothing; one's own does.
        func card(_ id: Int64, of user: Int64) -> StandInHook {
            telegram.message(
                id, "", ["contact": ["phone_number": "15550000002", "user_id": .integer(user)]])
        }
        try tell(card(2, of: 43))
        try agency.hooksWorkedOn()
        #expect(try agency.conversation(on: "telegram").text("contact_id") == stranger)
        try tell(card(3, of: 42))
        try agency.hooksWorkedOn()
        #expect(try agency.conversation(on: "telegram").text("contact_id") == lead.text("contact_id"))
        let identity = try #require(
            try agency.owner.every("/v1/contact-identities?channel=telegram").first)
        try agency.owner.post("/v1/contact-identities/\(identity.id)/unlink").ok()
        #expect(try agency.conversation(on: "telegram").text("contact_id") == stranger)
        // A message there arrives there.
        telegram.service.next(
            .answer(429, #"{"ok":false,"error_code":429,"parameters":{"retry_after":0}}"#))
        let sent = try agency.message(try agency.answer(conversation, "Good day."), "sent")
        #expect(sent.text("provider_id").hasPrefix("telegram:42:"))
        telegram.service.next(
            .answer(403, #"{"ok":false,"description":"Forbidden: bot was blocked by the user"}"#))
        try agency.message(try agency.answer(conversation, "Again."), "bounced")
    }

    @Test func `a visitor of a page keeps to themselves, and follows their own conversation`() throws {
        let agency = try server.quietAgency()
        let known = try agency.makeContact(1)
        let integration = try agency.connect("web_chat", capability: "chat")
        let path = "/v1/chat/\(integration.text("public_key"))"
        func say(_ text: String, _ visitor: String = "visitor-1-abcdefgh") throws -> JSON {
            try server.anonymous.post(
                "\(path)/messages",
                [
                    "visitor_id": .string(visitor), "text": .string(text), "name": "Vera",
                    "email": "p1@example.com",
                ]
            ).ok(201)
        }
        let first = try say("Hello")
        let conversation = try agency.owner.get("/v1/conversations/\(first.text("conversation_id"))").ok()
        #expect(conversation["contact_id"] != .string(known.id))
        let contact = try agency.owner.get("/v1/contacts/\(conversation.text("contact_id"))").ok()
        #expect(contact.text("name") == "Vera" && contact["email"] == .null)
        let identity = try #require(
            try agency.owner.every("/v1/contact-identities?channel=web_chat").first)
        #expect(identity.text("claimed_email") == "p1@example.com" && identity["verified"] == false)
        #expect(try say("Me again").text("conversation_id") == conversation.id)
        #expect(try say("Somebody else", "visitor-2-abcdefgh").text("conversation_id") != conversation.id)
        let mine = try EventStream(server.anonymous, "\(path)/stream?visitor_id=visitor-1-abcdefgh")
        let other = try EventStream(server.anonymous, "\(path)/stream?visitor_id=visitor-2-abcdefgh")
        #expect(mine.head.status == 200 && mine.head.header("Access-Control-Allow-Origin") == "*")
        let note = try agency.answer(conversation, "They are difficult", ["internal": true])
        let answered = try agency.answer(conversation, "Good day, Vera.")
        #expect(note["internal"] == true && answered.text("status") == "sent")
        let seen = try mine.wait(for: "message")
        #expect(seen.map { $0.data.text("text") } == ["Good day, Vera."])
        mine.close()
        try agency.answer(conversation, "Still there?")
        // A visitor who comes again hears what was said meanwhile.
        let back = try EventStream(
            server.anonymous, "\(path)/stream?visitor_id=visitor-1-abcdefgh", after: seen[0].id)
        #expect(try back.wait(for: "message").map { $0.data.text("text") } == ["Still there?"])
        #expect(other.events.isEmpty)
    }

    @Test func `pages of any origin may write, to keys that there are, and within limits`() throws {
        let agency = try server.quietAgency()
        let path =
            "/v1/chat/\(try agency.connect("web_chat", capability: "chat").text("public_key"))/messages"
        let asked = try server.anonymous.request(
            "OPTIONS", path,
            headers: ["Origin": "https://shop.example", "Access-Control-Request-Method": "POST"])
        #expect(asked.status == 204)
        #expect(asked.header("Access-Control-Allow-Origin") == "https://shop.example")
        #expect(try server.anonymous.post("/v1/chat/absent/messages", ["text": "x"]).status == 404)
        func faults(_ body: JSON) throws -> [String: String] {
            try server.anonymous.post(path, body).faults()
        }
        #expect(try faults(["visitor_id": "visitor-1-abcdefgh"]) == ["/text": "required"])
        #expect(try faults(["visitor_id": "a b", "text": "x"]) == ["/visitor_id": "invalid_key"])
        let long = String(repeating: "x", count: 4001)
        #expect(
            try faults(["visitor_id": "visitor-1-abcdefgh", "text": .string(long)]) == ["/text": "too_long"])
        #expect(
            try server.anonymous.post(path, ["visitor_id": "visitor-1-abcdefgh", "text": "x"]).status == 201)
    }
}
