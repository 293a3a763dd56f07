import JSON
import StandIns
import Testing

/// One voice at a time in a conversation, whoever wants to speak.
@Suite(.ownThread) struct Voices {
    let server = BureauProcess.shared

    /// A conversation that a visitor has begun.
    private func begun() throws -> (agency: Agency, conversation: JSON, say: (String) throws -> JSON) {
        let agency = try server.quietAgency()
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        let say = { [server] (text: String) in
            try server.anonymous.post(
                "/v1/chat/\(key)/messages", ["visitor_id": "v1", "text": .string(text)]
            ).ok(201)
        }
        _ = try say("Hello")
        return (agency, try agency.conversation(on: "web_chat"), say)
    }

    private func colleague(_ agency: Agency) throws -> Caller {
        let slug = agency.tenant.text("slug"), email = "max@\(slug).example"
        try agency.owner.post(
            "/v1/users",
            [
                "name": "Max", "email": .string(email), "role": "member",
                "password": "correct horse battery",
            ]
        ).ok(201)
        let signedIn = try server.anonymous.post(
            "/v1/auth/login",
            [
                "email": .string(email), "password": "correct horse battery", "tenant": .string(slug),
            ]
        ).ok()
        return server.caller(signedIn.text("access_token"))
    }

    @Test func `who answers holds the conversation, until it is given back`() throws {
        let (agency, begun, say) = try begun()
        let path = "/v1/conversations/\(begun.id)"
        #expect(begun.text("handler") == "agent" && begun["unread"] == 1 && begun.text("preview") == "Hello")
        #expect(
            begun["agents"] == [
                "primary_agent": "active", "handover_monitor": "standby", "calendly_bridge": "standby",
            ] && begun["handover"] == .null)
        #expect(try agency.owner.get(path).ok()["lock"] == .null)
        let before = try agency.tag(of: begun)
        try agency.answer(begun, "I am here.")
        let held = try agency.owner.get(path).ok()
        #expect(held["lock"]?["holder"] == "human" && held.text("handler") == "human")
        #expect(held["assignee_id"] != .null && held["unread"] == 0)
        #expect(try agency.tag(of: begun) != before)
        let after = try agency.tag(of: begun)
        _ = try say("Thanks")
        #expect(try agency.tag(of: begun) != after)
        let released = try agency.owner.post("\(path)/release").ok()
        #expect(released["lock"] == .null && released.text("handler") == "agent")
        #expect(released["assignee_id"] == .null)
    }

    @Test func `a draft that is late is refused, and nothing of it is kept`() throws {
        let (agency, begun, say) = try begun()
        let path = "/v1/conversations/\(begun.id)/messages"
        let tag = try agency.tag(of: begun)
        try agency.owner.post(path, ["text": "first"], ["If-Match": tag]).ok(201)
        let stale = try agency.owner.post(path, ["text": "stale"], ["If-Match": tag])
        #expect(stale.status == 409 && stale.code == "lock_lost")
        let newer = try agency.tag(of: begun)
        _ = try say("One more thing")
        #expect(try agency.owner.post(path, ["text": "late"], ["If-Match": newer]).code == "lock_lost")
        #expect(try agency.said(in: begun).map { $0.text("text") } == ["Hello", "first", "One more thing"])
        // A colleague's note is nobody's turn.
        let now = try agency.tag(of: begun)
        try agency.answer(begun, "careful", ["internal": true])
        try agency.owner.post(path, ["text": "in time"], ["If-Match": now]).ok(201)
    }

    @Test func `a colleague is silent while another holds it, and may take it over`() throws {
        let (agency, begun, _) = try begun()
        let max = try colleague(agency), path = "/v1/conversations/\(begun.id)"
        try agency.owner.post("\(path)/claim").ok()
        #expect(try max.post("\(path)/messages", ["text": "me too"]).code == "lock_lost")
        #expect(try max.post("\(path)/release").code == "lock_lost")
        let note = try max.post("\(path)/messages", ["text": "a note", "internal": true]).ok(201)
        #expect(note["internal"] == true)
        try max.post("\(path)/claim").ok()
        #expect(try agency.owner.post("\(path)/messages", ["text": "still me"]).code == "lock_lost")
        try max.post("\(path)/messages", ["text": "It is me now."]).ok(201)
        #expect(try agency.said(in: begun).filter { $0["internal"] == false }.count == 2)
    }

    @Test func `of many who answer the same state at once one is heard`() async throws {
        let (agency, begun, _) = try begun()
        let tag = try agency.tag(of: begun), owner = agency.owner
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for number in 0..<8 {
                group.addTask {
                    try owner.post(
                        "/v1/conversations/\(begun.id)/messages", ["text": .string("\(number)")],
                        ["If-Match": tag])
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.map(\.status).sorted() == [201] + Array(repeating: 409, count: 7))
        #expect(Set(answers.filter { $0.status == 409 }.map(\.code)) == ["lock_lost"])
        #expect(try agency.said(in: begun).count == 2)
    }

    /// Customers, two people, somebody in the service's own app and the agent, all at once and in any order: what was
    /// committed is read from the events, which are in the order of their commits.
    @Test(arguments: [1, 2, 3])
    func `however they interleave, nobody commits a word while another holds the turn`(seed: Int) throws {
        let agency = try server.signUp(), graph = try GraphStandIn()
        let line = try agency.connect(
            "whatsapp", graph.service.url, credentials: graph.credentials, settings: graph.settings,
            capability: "chat")
        try agency.owner.post(
            "/v1/articles",
            ["title": "Changing your logo", "body": "Open Settings, then Branding.", "status": "published"]
        ).ok(201)
        let max = try colleague(agency)
        try server.deliver(graph.message("wamid.\(seed).first", "Hello"), to: line).ok()
        let conversation = try agency.conversation(on: "whatsapp")
        let path = "/v1/conversations/\(conversation.id)"
        try eventuallyTrue("the agent's first word") { try agency.said(in: conversation).count == 2 }
        // Equal seeds take equal steps; how they meet is up to the threads.
        @Sendable func die(_ worker: Int, _ step: Int) -> Int {
            (seed * 7919 + worker * 104_729 + step * 1_299_709) % 97
        }
        let questions = ["Hello", "How do I change my logo?", "Thanks", "And the logo of my shop?"]
        _ = try inParallel(4, [0, 1, 2, 3]) { worker in
            for step in 0..<40 {
                let roll = die(worker, step)
                switch worker {
                case 0:
                    let text = questions[roll % questions.count]
                    try server.deliver(graph.message("wamid.\(seed).\(step)", text), to: line).ok()
                case 1 where roll < 8:
                    try server.deliver(graph.echo("wamid.\(seed).e\(step)", "From the app"), to: line).ok()
                case 1: _ = try agency.owner.get(path).ok()
                default:
                    let person = worker == 2 ? agency.owner : max
                    let answer =
                        switch roll % 5 {
                        case 0: try person.post("\(path)/claim")
                        case 1: try person.post("\(path)/messages", ["text": .string("Worker \(worker)")])
                        default: try person.post("\(path)/release")
                        }
                    #expect(
                        answer.status < 300 || answer.code == "lock_lost", "\(answer.status) \(answer.code)")
                }
            }
            return worker
        }
        try agency.hooksWorkedOn()
        try eventuallyTrue("all answers are thought through") {
            try agency.owner.every("/v1/jobs?kind=conversation.answer").allSatisfy {
                ["completed", "dead", "cancelled"].contains($0.text("state"))
            }
        }
        let messages = try agency.said(in: conversation)
        let authors = Dictionary(uniqueKeysWithValues: messages.map { ($0.id, $0["author"] ?? .null) })
        #expect(Set(authors.values.map { $0.text("type") }) == ["contact", "agent", "user"])
        var holder: String?, committed: Set<String> = [], spoken = 0
        for event in try agency.owner.every("/v1/events") {
            let subject = event["subject"]?.id ?? ""
            switch event.text("type") {
            case "conversation.claimed": holder = event["data"]?["assignee_id"]?.text ?? "whatsapp_app"
            case "conversation.released": holder = nil
            case "message.queued", "message.sent":
                // The first word of a message is its commit.
                guard let author = authors[subject], committed.insert(subject).inserted else { continue }
                spoken += 1
                if author.text("type") == "agent" {
                    #expect(holder == nil, "\(subject) was said while \(holder ?? "") held the conversation")
                } else {
                    #expect(holder == author.id, "\(subject) of \(author.id), held by \(holder ?? "nobody")")
                }
            default: break
            }
        }
        #expect(spoken > 10)
    }

    @Test func `a conversation is put aside, put away and taken up again`() throws {
        let agency = try server.quietAgency()
        let box = try agency.sandbox()
        let key = try box.owner.post(
            "/v1/integrations", ["provider": "web_chat", "capability": "chat"]
        ).ok(201).text("public_key")
        let body: JSON = ["visitor_id": "v1", "text": "Hello"]
        try box.quieten()
        let id = try server.anonymous.post("/v1/chat/\(key)/messages", body).ok(201).text("conversation_id")
        let path = "/v1/conversations/\(id)"
        func status() throws -> String { try box.owner.get(path).ok().text("status") }
        #expect(
            try box.owner.post("\(path)/snooze", ["until": "2027-01-05T09:00:00.000Z"]).faults()
                == ["/until": "out_of_range"])
        try box.owner.post("\(path)/snooze", ["until": "2027-01-05T12:00:00.000Z"]).ok()
        try box.advance("PT1H59M")
        #expect(try status() == "snoozed")
        try box.advance("PT1M")
        #expect(try status() == "open")
        #expect(try box.owner.post("\(path)/reopen").code == "invalid_transition")
        try box.owner.post("\(path)/claim").ok()
        let closed = try box.owner.post("\(path)/close").ok()
        #expect(closed.text("status") == "closed" && closed["lock"] == .null)
        try box.owner.post("\(path)/reopen").ok()
        #expect(try status() == "open")
        let marked = try box.owner.post("\(path)/read").ok()
        #expect(marked["unread"] == 0)
        #expect(try box.owner.post("\(path)/unread").ok()["unread"] == 1)
    }

    @Test func `after a day without a word of theirs a free text over WhatsApp is held`() throws {
        let agency = try server.quietAgency()
        let (box, graph) = (try agency.sandbox(), try GraphStandIn())
        try box.quieten()
        var settings = graph.settings
        settings["base_url"] = .string(graph.service.url)
        let integration = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "whatsapp", "capability": "chat", "settings": .object(settings),
                "credentials": graph.credentials,
            ]
        ).ok(201)
        try server.deliver(graph.message("wamid.1", "Hello"), to: integration).ok()
        try box.advance("PT0S")
        let conversation = try #require(
            try box.owner.every("/v1/conversations?channel=whatsapp").first)
        let path = "/v1/conversations/\(conversation.id)/messages"
        func reasons() throws -> [String] {
            let contact = conversation.text("contact_id")
            let asked = "/v1/contacts/\(contact)/sendability?channel=whatsapp&purpose=transactional"
            return (try box.owner.get(asked).ok()["reasons"]?.array ?? []).map { $0.text("code") }
        }
        #expect(try reasons() == [])
        try box.owner.post(path, ["text": "Good day"]).ok(201)
        try box.owner.post("/v1/conversations/\(conversation.id)/release").ok()
        let template = try box.owner.post(
            "/v1/templates", ["name": "follow_up", "channel": "whatsapp", "body": "Shall we talk?"]
        ).ok(201)
        try box.advance("PT24H1S")
        #expect(try reasons() == ["outside_window"])
        let held = try box.owner.post(path, ["text": "Hello again"]).ok(201)
        #expect(held.text("status") == "held" && held["reasons"]?[0]["code"] == "outside_window")
        #expect(held["templates"]?[0]["id"] == .string(template.id))
        try box.advance("P1D")
        #expect(try box.owner.get("/v1/messages/\(held.id)").ok().text("status") == "held")
        let offered = try box.owner.post(path, ["template_id": .string(template.id)]).ok(201)
        #expect(offered.text("status") == "queued")
        try box.advance("PT0S")
        #expect(try box.owner.get("/v1/messages/\(offered.id)").ok().text("status") == "sent")
        #expect(graph.service.requests.isEmpty)
    }
}
