import Foundation
import JSON
import StandIns
import Testing

/// Direct messages to a page and to an account of Instagram, by a service that behaves and that does not.
@Suite(.ownThread) struct DirectMessages {
    let server = BureauProcess.shared

    private struct Line {
        let agency: Agency, meta: MetaStandIn, integration: JSON

        func tell(_ hook: StandInHook) throws {
            try agency.server.deliver(hook, to: integration).ok()
            try agency.hooksWorkedOn()
        }

        /// Somebody writes, so many hours ago.
        func hears(
            _ id: String, _ text: String, from person: String = "PSID1", hoursAgo: Int64 = 0,
            _ more: JSONObject = [:]
        ) throws {
            try tell(meta.message(id, text, from: person, at: unixSeconds - hoursAgo * 3600, more))
        }

        func conversation(with person: String? = nil) throws -> JSON {
            guard let person else { return try agency.conversation(on: meta.kind.rawValue) }
            let identity = try eventually("who writes as \(person)") {
                try agency.owner.every("/v1/contact-identities?channel=\(meta.kind.rawValue)").first {
                    $0.text("address").hasSuffix("/\(person)")
                }
            }
            return try #require(
                try agency.owner.every("/v1/conversations?contact_id=\(identity.text("contact_id"))").first)
        }
    }

    private func line(_ kind: MetaStandIn.Kind, of agency: Agency? = nil) throws -> Line {
        let (agency, meta) = (try agency ?? server.quietAgency(), try MetaStandIn(kind))
        let integration = try agency.connect(
            kind.rawValue, meta.service.url, credentials: meta.credentials, settings: meta.settings,
            capability: "chat")
        return Line(agency: agency, meta: meta, integration: integration)
    }

    @Test(arguments: [MetaStandIn.Kind.messenger, .instagram])
    func `a direct message opens a conversation of its own channel, once`(_ kind: MetaStandIn.Kind) throws {
        let line = try line(kind)
        line.meta.call("PSID1", "Ann Lee")
        try line.hears("m_1", "price? 😀")
        let conversation = try line.conversation()
        #expect(try line.agency.said(in: conversation).map { $0.text("text") } == ["price? 😀"])
        let contact = try line.agency.owner.get("/v1/contacts/\(conversation.text("contact_id"))").ok()
        #expect(contact.text("name") == "Ann Lee")
        // Repeated, forged, another app's thread, or another page's: nothing comes of it.
        let hook = line.meta.message("m_1", "price? 😀", at: unixSeconds)
        #expect(try server.deliver(hook, to: line.integration).ok()["duplicate"] == true)
        let forged = line.meta.event(
            ["message": ["mid": "m_2", "text": "Pay me"]], at: unixSeconds, secret: "another")
        #expect(try server.deliver(forged, to: line.integration).status == 401)
        try line.tell(
            line.meta.event(
                ["message": ["mid": "m_3", "text": "for another"]], at: unixSeconds, list: "standby"))
        #expect(try line.agency.said(in: conversation).count == 1)
        let answer = try line.agency.answer(conversation, "Good day.")
        let sent = try line.agency.message(answer, "sent")
        #expect(sent.text("provider_id") == "m_out_1")
        #expect(line.meta.taken.map { $0["message"]?["text"] } == ["Good day."])
        // Its own echo is nobody's word; what a colleague types in the app is a person's.
        try line.tell(line.meta.echo("m_out_1", "Good day.", at: unixSeconds))
        #expect(try line.agency.said(in: conversation).count == 2)
        try line.tell(line.meta.echo("m_9", "I call you.", at: unixSeconds))
        let said = try line.agency.said(in: conversation)
        #expect(said.count == 3 && said[2]["author"]?["type"] == "user")
        #expect(said.filter { $0["author"]?["type"] == "contact" }.count == 1)
    }

    @Test func `the handshake answers who knows the token, and nobody else`() throws {
        let line = try line(.messenger), door = line.integration.text("hook_url")
        func ask(_ token: String) throws -> Answer {
            try server.anonymous.get("\(door)?hub.mode=subscribe&hub.verify_token=\(token)&hub.challenge=123")
        }
        let good = try ask("verify-1")
        #expect(good.status == 200 && String(decoding: good.body, as: UTF8.self) == "123")
        #expect(try ask("wrong").status == 403)
    }

    /// A program must not tag what it says as a person's.
    @Test(arguments: [MetaStandIn.Kind.messenger, .instagram])
    func `a person's word after 24 hours carries the tag, and no other word ever does`(
        _ kind: MetaStandIn.Kind
    ) throws {
        let line = try line(kind), agency = line.agency
        for (person, hours) in [("P1", 1), ("P2", 30), ("P3", 200)] as [(String, Int64)] {
            try line.hears("m_\(person)", "Hello", from: person, hoursAgo: hours)
        }
        let key = try agency.owner.post(
            "/v1/api-keys", ["name": "A program", "scopes": ["conversations:write", "messages:write"]]
        ).ok(201)
        let program = server.caller(key.text("secret"))
        func held(_ message: JSON) -> Bool {
            message.text("status") == "held" && message["reasons"]?[0]["code"] == "outside_window"
        }
        // Within a day everybody may, and nobody with a tag.
        try agency.message(try agency.answer(try line.conversation(with: "P1"), "Early."), "sent")
        // Later a program's words wait, whatever they are, and a person's leave as such.
        let late = try line.conversation(with: "P2")
        let byProgram = try agency.answer(late, "By a program.", as: program)
        let marketing = try agency.owner.post(
            "/v1/messages",
            [
                "channel": .string(kind.rawValue), "contact_id": .string(late.text("contact_id")),
                "body": "An offer.", "purpose": "marketing",
            ]
        ).ok(202)
        #expect(held(byProgram) && held(marketing))
        // The program's word has claimed the conversation, which a person takes over.
        try agency.owner.post("/v1/conversations/\(late.id)/claim").ok()
        try agency.message(try agency.answer(late, "By a person."), "sent")
        // After a week nobody's do.
        let tooLate = try agency.answer(try line.conversation(with: "P3"), "Too late.")
        #expect(held(tooLate))
        let taken = line.meta.taken.map { [$0["message"]?["text"]?.text, $0["tag"]?.text] }
        #expect(taken == [["Early.", nil], ["By a person.", "HUMAN_AGENT"]])
        // They write again: what has waited leaves, without a tag. What came late opens nothing.
        try line.hears("m_old", "Old", from: "P3", hoursAgo: 190)
        #expect(line.meta.taken.count == 2)
        try line.hears("m_new", "Hello again", from: "P3")
        try eventuallyTrue("what has waited") { line.meta.taken.count == 3 }
        #expect(line.meta.taken[2]["message"]?["text"] == "Too late." && line.meta.taken[2]["tag"] == nil)
    }

    @Test(arguments: [MetaStandIn.Kind.messenger, .instagram])
    func `marketing goes there within a day, and after that by mail to whoever has an address`(
        _ kind: MetaStandIn.Kind
    ) throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner, meta = try MetaStandIn(kind)
        try box.readyToSend()
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let door = try owner.post(
            "/v1/integrations",
            [
                "provider": .string(kind.rawValue), "capability": "chat", "credentials": meta.credentials,
                "settings": JSON.object(meta.settings).merging(["base_url": .string(meta.service.url)]),
            ]
        ).ok(201)
        let now = Int64(try Date(iso: box.now()).timeIntervalSince1970)
        try server.deliver(meta.message("m_1", "Hello", at: now), to: door).ok()
        try box.advance("PT0S")
        let talk = try eventually("who writes") {
            try owner.every("/v1/conversations?channel=\(kind.rawValue)").first
        }
        let contact = talk.text("contact_id")
        try owner.patch(
            "/v1/contacts/\(contact)", ["email": "jane@example1.com", "country": "US"]
        ).ok()
        // A conversation keeps marketing away for 48 hours, which is longer than that day: this one is over.
        try owner.post("/v1/conversations/\(talk.id)/close").ok()
        let template = try owner.post(
            "/v1/templates", ["name": "Touch", "subject": "Touch", "body": "A word."]
        ).ok(201).id
        let steps = ["PT1H", "P3D"].map { delay -> JSON in
            ["channel": "preferred", "delay": .string(delay), "template_id": .string(template)]
        }
        let sequence = try owner.post(
            "/v1/sequences", ["name": "Touch", "kind": "nurture", "steps": .array(steps)]
        ).ok(201).id
        try owner.post("/v1/sequences/\(sequence)/enrollments", ["contact_id": .string(contact)]).ok(201)
        try box.advance("P4D")
        let sent = try owner.every("/v1/messages?direction=outbound&status=sent&contact_id=\(contact)")
            .sorted { $0.text("sent_at") < $1.text("sent_at") }
        #expect(sent.map { $0.text("channel") } == [kind.rawValue, "email"])
        #expect(sent.allSatisfy { $0.text("purpose") == "marketing" })
    }

    @Test func `the window opens by what people do, and not by what they see`() throws {
        let line = try line(.instagram), now = unixSeconds
        func mayAnswer(_ person: String) throws -> Bool {
            let contact = try line.conversation(with: person).text("contact_id")
            let path = "/v1/contacts/\(contact)/sendability?channel=instagram&purpose=transactional"
            return try line.agency.owner.get(path).ok()["sendable"] == true
        }
        let story: JSONObject = ["reply_to": ["story": ["url": "https://x.fbcdn.net/s", "id": "S1"]]]
        let mention: JSONObject = [
            "attachments": [["type": "story_mention", "payload": ["url": "https://cdn.example/s.jpg"]]]
        ]
        for (person, what) in [("P1", story), ("P2", mention)] {
            try line.hears("a_\(person)", "Hello", from: person, hoursAgo: 40)
            let mayBefore = try mayAnswer(person)
            #expect(!mayBefore)
            for seen in [
                ["read": ["mid": "m_out_1"]], ["reaction": ["mid": .string("a_\(person)")]],
                ["referral": ["source": "SHORTLINK"]],
            ] as [JSONObject] {
                try line.tell(line.meta.event(seen, from: person, at: now))
            }
            let mayAfter = try mayAnswer(person)
            #expect(!mayAfter)
            try line.hears("b_\(person)", person == "P1" ? "Nice!" : "", from: person, what)
            #expect(try mayAnswer(person))
        }
        let mentioned = try line.agency.said(in: try line.conversation(with: "P2"))
        #expect(mentioned.last?.text("text") == "[story mention]")
        // A person who comes by an ad may be written to for a week.
        try line.hears("c_P4", "Hello", from: "P4", hoursAgo: 40)
        try line.tell(
            line.meta.event(
                ["referral": ["source": "ADS", "type": "OPEN_THREAD"]], from: "P4", at: now - 200_000))
        #expect(try mayAnswer("P4"))
    }

    @Test func `what was read and has arrived is told up to a moment, and never goes backwards`() throws {
        let line = try line(.messenger)
        try line.hears("m_1", "Hello")
        let conversation = try line.conversation()
        let first = try line.agency.message(try line.agency.answer(conversation, "One"), "sent")
        let second = try line.agency.message(try line.agency.answer(conversation, "Two"), "sent")
        let until = JSON.integer((unixSeconds + 1) * 1000)
        try line.tell(line.meta.event(["delivery": ["watermark": until]], at: unixSeconds))
        for message in [first, second] {
            #expect(
                try line.agency.owner.get("/v1/messages/\(message.id)").ok().text("status") == "delivered")
        }
        try line.tell(line.meta.event(["read": ["watermark": until]], at: unixSeconds + 2))
        for message in [first, second] {
            let now = try line.agency.owner.get("/v1/messages/\(message.id)").ok()
            #expect(now["opened_at"] != .null && now.text("status") == "delivered")
        }
    }

    @Test func `a connection that ends after the message was read leaves it to its echo to tell`() throws {
        let line = try line(.messenger)
        try line.hears("m_1", "Hello")
        line.meta.service.next(.cutDone)
        let asked = try line.agency.answer(try line.conversation(), "Good day.")
        try line.agency.message(asked, "unknown")
        #expect(line.meta.taken.count == 1)
        let echo = line.meta.echo(
            "m_out_1", "Good day.", at: unixSeconds, metadata: asked.id, app: line.meta.app)
        try line.tell(echo)
        let sent = try line.agency.message(asked, "sent")
        #expect(sent.text("provider_id") == "m_out_1" && line.meta.taken.count == 1)
        #expect(try line.agency.said(in: try line.conversation()).count == 2)
        // Nobody has taken the conversation on by that but who answered.
        let colleague = try line.agency.said(in: try line.conversation()).last
        #expect(colleague?["author"]?["id"] == line.agency.user["id"])
    }

    @Test func `an app without the review says so once, and goes on within the day`() throws {
        let line = try line(.messenger)
        try line.hears("m_1", "Hello", hoursAgo: 30)
        line.meta.service.next(MetaStandIn.fault(400, 10))
        let late = try line.agency.message(try line.agency.answer(try line.conversation(), "Late."), "failed")
        #expect(late.text("error_code") == "messenger_human_agent_missing")
        let path = "/v1/integrations/\(line.integration.id)"
        let integration = try line.agency.owner.get(path).ok()
        #expect(integration.text("status") == "active" && integration.text("error").contains("Human Agent"))
        try line.hears("m_2", "Hello?")
        try line.agency.message(try line.agency.answer(try line.conversation(), "In time."), "sent")
        #expect(line.meta.taken.count == 1)
        // A token that is gone stops all.
        line.meta.service.next(MetaStandIn.fault(401, 190))
        let waiting = try line.agency.answer(try line.conversation(), "No more.")
        #expect(try line.agency.message(waiting, "held")["reasons"]?[0]["code"] == "no_provider")
        #expect(try line.agency.owner.get(path).ok().text("status") == "failing")
    }

    @Test func `a thousand bytes are Instagram's limit, and two pages keep their people apart`() throws {
        let line = try line(.instagram)
        try line.hears("m_1", "Hi")
        let path = "/v1/conversations/\(try line.conversation().id)/messages"
        let long = try line.agency.owner.post(path, ["text": .string(String(repeating: "😀", count: 251))])
        #expect(try long.faults() == ["/text": "too_long"] && long.json["errors"]?[0]["max"] == 1000)
        try line.agency.owner.post(path, ["text": .string(String(repeating: "😀", count: 250))]).ok(201)
        try eventuallyTrue("the message") { line.meta.taken.count == 1 }
        // That id at another page is somebody else, who is answered by that page.
        let agency = try server.quietAgency()
        let first = try self.line(.messenger, of: agency)
        let other = try MetaStandIn(.messenger)
        var settings = other.settings
        settings["page_id"] = "6001"
        let second = try agency.connect(
            "messenger", other.service.url, credentials: other.credentials, settings: settings,
            capability: "chat", priority: 1)
        try first.hears("m_1", "Hello")
        let foreign: JSON = [
            "object": "page",
            "entry": [
                [
                    "id": "6001",
                    "messaging": [
                        [
                            "sender": ["id": "PSID1"], "recipient": ["id": "6001"],
                            "timestamp": .integer(unixSeconds * 1000),
                            "message": ["mid": "x_1", "text": "Hello"],
                        ]
                    ],
                ]
            ],
        ]
        try server.deliver(other.hook(foreign.bytes), to: second).ok()
        try agency.hooksWorkedOn()
        let all = try agency.owner.every("/v1/conversations?channel=messenger")
        #expect(Set(all.map { $0.text("contact_id") }).count == 2)
        let own = try #require(all.first { $0["integration_id"] == .string(first.integration.id) })
        try agency.message(try agency.answer(own, "From the first."), "sent")
        #expect(first.meta.taken.count == 1 && other.taken.isEmpty)
    }

    @Test func `an agent's words are cut where Instagram's limit is, and arrive`() throws {
        let agency = try server.signUp(), line = try line(.instagram, of: agency)
        let sentence = "We are open from nine to five on weekdays, and the door is never locked. "
        try agency.owner.post(
            "/v1/articles",
            [
                "title": "Opening hours", "status": "published",
                "body": .string(String(repeating: sentence, count: 30)),
            ]
        ).ok(201)
        try line.tell(line.meta.message("m_1", "When are you open?", at: unixSeconds))
        try eventuallyTrue("the agent's answer") { !line.meta.taken.isEmpty }
        for message in line.meta.taken {
            #expect((message["message"]?.text("text").utf8.count ?? 1001) <= 1000)
            #expect(message["tag"] == nil)
        }
    }

    @Test func `a question on Messenger is answered by an agent at once, and who asks for a person gets one`()
        throws
    {
        let agency = try server.signUp(), line = try line(.messenger, of: agency)
        try agency.owner.post(
            "/v1/articles",
            [
                "title": "Changing your logo", "status": "published",
                "body": "Open Settings, then Branding, and upload the picture.",
            ]
        ).ok(201)
        try line.hears("m_1", "How do I change my logo?")
        try eventuallyTrue("the agent's answer") { !line.meta.taken.isEmpty }
        let answer = try #require(line.meta.taken.first)
        #expect(answer["message"]?.text("text").contains("Branding") == true && answer["tag"] == nil)
        let talk = try line.conversation()
        let said = try agency.said(in: talk)
        #expect(said.contains { $0["author"]?["id"] == "primary_agent" })
        try line.hears("m_2", "I want to speak to a human")
        try eventuallyTrue("a person's turn") {
            let now = try agency.owner.get("/v1/conversations/\(talk.id)").ok()
            return now.text("handler") == "waiting_for_human"
        }
    }

    @Test func `a picture is kept from where it lies, and a stranger's place is not asked`() throws {
        let line = try line(.messenger)
        line.meta.files["F1"] = Base64Bytes.pixel
        try line.tell(
            line.meta.file("m_1", "image", at: "\(line.meta.service.url)/media/F1", sent: unixSeconds))
        let conversation = try line.conversation()
        let file = try eventually("the file") {
            try line.agency.said(in: conversation).first?["attachments"]?.array?.first?.text
        }
        #expect(try line.agency.owner.get("/v1/files/\(file)/content").body == Base64Bytes.pixel)
        try line.tell(line.meta.file("m_2", "image", at: "https://evil.example/x", sent: unixSeconds))
        let note = try eventually("the note of it") { () -> JSON? in
            let said = try line.agency.said(in: conversation)
            guard said.count == 2 else { return nil }
            let history = try line.agency.owner.get("/v1/messages/\(said[1].id)").ok()["history"]?.array ?? []
            return history.first { $0.text("kind") == "media_missing" }
        }
        #expect(note.text("detail").contains("evil.example"))
    }
}
