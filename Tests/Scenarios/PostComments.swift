import Dispatch
import JSON
import StandIns
import Testing

/// Comments below posts of a page of Facebook and an account of Instagram are conversations, and are answered below
/// themselves.
@Suite(.ownThread) struct PostComments {
    let server = BureauProcess.shared

    private struct Line {
        let agency: Agency, meta: MetaStandIn, integration: JSON

        func tell(_ hook: StandInHook) throws {
            try agency.server.deliver(hook, to: integration).ok()
            try agency.hooksWorkedOn()
        }

        func comments(_ id: String, _ text: String, from person: String = "PSID1", hoursAgo: Int64 = 0) throws
        {
            try tell(meta.comment(id, text, from: person, at: unixSeconds - hoursAgo * 3600))
        }

        var channel: String { meta.kind.rawValue }

        func conversations() throws -> [JSON] {
            try agency.owner.every("/v1/conversations?channel=\(channel)").sorted { $0.id < $1.id }
        }
    }

    private func line(_ kind: MetaStandIn.Kind, on other: BureauProcess? = nil) throws -> Line {
        let (agency, meta) = (try (other ?? server).quietAgency(), try MetaStandIn(kind))
        let integration = try agency.connect(
            kind.rawValue, meta.service.url, credentials: meta.credentials, settings: meta.settings,
            capability: "chat")
        return Line(agency: agency, meta: meta, integration: integration)
    }

    @Test(arguments: [MetaStandIn.Kind.messenger, .instagram])
    func `a comment is a conversation, once, and its answer stands below it`(_ kind: MetaStandIn.Kind) throws
    {
        let line = try line(kind)
        try line.comments("C1", "What does it cost?")
        let conversation = try line.agency.conversation(on: line.channel)
        #expect(try line.agency.said(in: conversation).map { $0.text("text") } == ["What does it cost?"])
        let contact = try line.agency.owner.get("/v1/contacts/\(conversation.text("contact_id"))").ok()
        #expect(contact.text("name") == "Ann Lee")
        // Repeated, forged, changed, or the page's own: nothing comes of it.
        let again = line.meta.comment("C1", "What does it cost?", at: unixSeconds)
        #expect(try server.deliver(again, to: line.integration).ok()["duplicate"] == true)
        let forged = line.meta.comment("C2", "Pay me", at: unixSeconds, secret: "another")
        #expect(try server.deliver(forged, to: line.integration).status == 401)
        try line.tell(line.meta.comment("C3", "We are here.", from: line.meta.own, at: unixSeconds))
        if kind == .messenger {
            try line.tell(line.meta.comment("C1", "Changed", at: unixSeconds, verb: "edited"))
        }
        #expect(try line.agency.said(in: conversation).count == 1)
        let answer = try line.agency.answer(conversation, "Ten euros.")
        let sent = try line.agency.message(answer, "sent")
        #expect(sent.text("provider_id") == "answer_1")
        #expect(line.meta.answers.map(\.comment) == ["C1"] && line.meta.answers[0].text == "Ten euros.")
        #expect(line.meta.taken.isEmpty, "nothing went to them alone")
        // A later comment of theirs goes on there, and is what the next answer stands below.
        try line.comments("C4", "And in red?")
        #expect(try line.conversations().count == 1)
        try line.agency.message(try line.agency.answer(conversation, "The same."), "sent")
        #expect(line.meta.answers.map(\.comment) == ["C1", "C4"])
    }

    @Test(arguments: [MetaStandIn.Kind.messenger, .instagram])
    func `who comments and writes is one person, and what they wrote to us alone stays so`(
        _ kind: MetaStandIn.Kind
    ) throws {
        let line = try line(kind)
        try line.comments("C1", "What does it cost?")
        try line.tell(line.meta.message("m_1", "My order is 4711.", at: unixSeconds))
        let both = try line.conversations()
        #expect(both.count == 2 && Set(both.map { $0.text("contact_id") }).count == 1)
        try line.agency.message(try line.agency.answer(both[1], "4711 is on its way."), "sent")
        #expect(line.meta.answers.isEmpty, "not below the comment")
        #expect(line.meta.taken.map { $0["message"]?["text"] } == ["4711 is on its way."])
        try line.agency.message(try line.agency.answer(both[0], "Ten euros."), "sent")
        #expect(line.meta.answers.map(\.text) == ["Ten euros."] && line.meta.taken.count == 1)
        // A message without a conversation is a direct one, which a person who has only commented does not get.
        try line.comments("C9", "Hello", from: "PSID9")
        let other = try #require(try line.conversations().last)
        let message = try line.agency.owner.post(
            "/v1/messages",
            [
                "channel": .string(line.channel), "contact_id": .string(other.text("contact_id")),
                "body": "An offer.", "purpose": "transactional",
            ]
        ).ok(202)
        #expect(message["reasons"]?[0]["code"] == "outside_window" && line.meta.answers.count == 1)
    }

    @Test func `an answer below a comment whose fate is lost is unknown, and not given again`() throws {
        let line = try line(.messenger)
        try line.comments("C1", "What does it cost?")
        let conversation = try line.agency.conversation(on: line.channel)
        line.meta.service.next(.cutDone)
        let answer = try line.agency.answer(conversation, "Ten euros.")
        try line.agency.message(answer, "unknown")
        try line.agency.rest()
        #expect(line.meta.answers.count == 1, "it stands there, once")
        #expect(try line.agency.owner.get("/v1/messages/\(answer.id)").ok()["status"] == "unknown")
        line.meta.service.next(MetaStandIn.fault(400, 100, 33))
        let refused = try line.agency.answer(conversation, "Or twelve.")
        try line.agency.message(refused, "failed")
        #expect(line.meta.answers.count == 1)
    }

    @Test(arguments: [MetaStandIn.Kind.messenger, .instagram])
    func `killed while an answer leaves, it stands below its comment once`(_ kind: MetaStandIn.Kind) throws {
        let own = try BureauProcess.start(), line = try line(kind, on: own)
        try line.comments("C1", "What does it cost?")
        let conversation = try line.agency.conversation(on: line.channel)
        let (arrived, isDead) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        line.meta.service.next(
            .wait {
                arrived.signal()
                isDead.wait()
            })
        let answer = try line.agency.answer(conversation, "Ten euros.")
        try #require(arrived.wait(timeout: .now() + 60) == .success)
        own.kill()
        isDead.signal()
        try eventuallyTrue("it stands there") { line.meta.answers.count == 1 }
        try own.start()
        try line.agency.message(answer, "unknown", "sent")
        try own.killAndRestart()
        try line.agency.rest()
        #expect(line.meta.answers.map(\.text) == ["Ten euros."], "not said again")
        // A comment that a person has seen is settled, and nothing leaves of it.
        let path = "/v1/messages/\(answer.id)"
        if try line.agency.owner.get(path).ok()["status"] == "unknown" {
            try line.agency.owner.post("\(path)/resolve", ["outcome": "sent"]).ok()
        }
        try line.agency.rest()
        #expect(line.meta.answers.count == 1)
    }

    @Test func `a comment of a week ago is answered no more`() throws {
        let line = try line(.instagram)
        try line.comments("C1", "Hello", hoursAgo: 7 * 24 + 1)
        let conversation = try line.agency.conversation(on: line.channel)
        let answer = try line.agency.answer(conversation, "Good day.")
        #expect(answer.text("status") == "held" && answer["reasons"]?[0]["code"] == "outside_window")
        #expect(line.meta.answers.isEmpty)
    }

    @Test func `an agent answers below a comment only once a person has read it`() throws {
        let line = try line(.messenger), owner = line.agency.owner
        _ = try owner.post(
            "/v1/articles",
            [
                "title": "What does a rose cost?", "body": "A rose costs ten euros.", "status": "published",
            ]
        ).ok(201)
        try owner.patch("/v1/agents/primary_agent", ["state": "active", "autonomy": "autopilot"]).ok()
        try line.comments("C1", "What does a rose cost?")
        let asked = try eventually("what the agent would say") {
            try owner.pendingApprovals().first { $0["agent"] == "primary_agent" }
        }
        #expect(line.meta.answers.isEmpty, "autopilot or not, everybody would read it")
        try owner.post("/v1/approvals/\(asked.id)/approve").ok()
        try eventuallyTrue("the answer stands") { line.meta.answers.count == 1 }
        #expect(line.meta.answers[0].comment == "C1")
    }
}
