import JSON
import Testing

/// The audit, and a client, read about what agents send.
@Suite(.ownThread) struct AgentAudit {
    let server = BureauProcess.shared

    /// A Monday morning, at which only one agent is at work.
    private func box(_ agent: String, _ autonomy: String = "autopilot") throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T08:00:00.000Z")
        try box.readyToSend()
        try box.owner.patch(
            "/v1/agents/\(agent)", ["state": "active", "autonomy": .string(autonomy)]
        ).ok()
        return box
    }

    private func written(_ box: SandboxCaller, by agent: String) throws -> [JSON] {
        try box.owner.every("/v1/messages?direction=outbound").filter { $0["author"]?.id == agent }
    }

    /// The entries about the sending of a message, oldest first.
    private func entries(_ box: SandboxCaller, _ message: JSON) throws -> [JSON] {
        try box.owner.every("/v1/audit?subject_id=\(message.id)&action=message.sent").reversed()
    }

    /// Checks that an entry names a run and a decision of the agent's, which the message names, too.
    private func expect(
        _ entry: JSON?, of agent: String, about message: JSON, in box: SandboxCaller, isDecided: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let entry = try #require(entry, sourceLocation: sourceLocation)
        #expect(
            entry["actor"] == ["type": "agent", "id": .string(agent)], sourceLocation: sourceLocation)
        #expect(entry["run_id"] == message["run_id"], sourceLocation: sourceLocation)
        #expect(entry["decision_id"] == message["decision_id"], sourceLocation: sourceLocation)
        let run = try box.owner.get("/v1/agent-runs/\(entry.text("run_id"))").ok()
        #expect(run.text("agent") == agent, sourceLocation: sourceLocation)
        guard isDecided else { return }
        let decision = try box.owner.get("/v1/decisions/\(entry.text("decision_id"))").ok()
        #expect(decision.text("agent") == agent, sourceLocation: sourceLocation)
    }

    @Test func `each mail of an agent stands in the audit with run, decision, message and outcome`() throws {
        let box = try box("outreach_automation")
        try box.owner.post("/v1/leads", lead(1, ["status": "qualified"])).ok(201)
        try box.advance("P5D")
        let mails = try written(box, by: "outreach_automation")
        #expect(mails.count == 2, "two steps of its sequence")
        for mail in mails {
            let found = try entries(box, mail)
            #expect(found.map { $0.text("outcome") } == ["captured"])
            try expect(found.first, of: "outreach_automation", about: mail, in: box)
            #expect(found.first?["changes"]?["contact_id"] == mail["contact_id"])
            #expect(!(found.first?.serialized.contains(mail.text("text")) ?? true))
        }
        #expect(Set(mails.map { $0.text("run_id") }).count == 1, "a later step goes back to the same run")
        let run = mails.first?.text("run_id") ?? ""
        let ofRun = try box.owner.every("/v1/audit?run_id=\(run)&outcome=captured")
        #expect(Set(ofRun.compactMap { $0["subject"]?.id }) == Set(mails.map(\.id)))
        #expect(try box.owner.get("/v1/audit/verify").ok()["valid"] == true)
    }

    @Test func `what an agent does to a record goes back to its run`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead().id
        _ = try agency.score(id)
        let entries = try agency.owner.every("/v1/audit?subject_id=\(id)&actor_type=agent")
        #expect(!entries.isEmpty)
        for entry in entries {
            let run = try agency.owner.get("/v1/agent-runs/\(entry.text("run_id"))").ok()
            #expect(run["agent"] == entry["actor"]?["id"])
        }
        let own = try agency.owner.every("/v1/audit?subject_id=\(id)&actor_type=user")
        #expect(!own.isEmpty && own.allSatisfy { $0["run_id"] == .null })
    }

    @Test func `a mail that a brake holds is audited as held, and as sent once it has left`() throws {
        let box = try box("outreach_automation")
        try box.owner.post("/v1/leads", lead(1, ["status": "qualified"])).ok(201)
        try box.advance("P1D")
        let brake = try box.owner.post("/v1/brakes", ["scope": "tenant", "reason": "stop"]).ok(201)
        try box.advance("P4D")
        let held = try #require(
            try written(box, by: "outreach_automation").first { $0.text("status") == "held" })
        #expect(try entries(box, held).map { $0.text("outcome") } == ["held"])
        try expect(try entries(box, held).first, of: "outreach_automation", about: held, in: box)
        try box.owner.post("/v1/brakes/\(brake.id)/release").ok()
        try box.advance("P3D")
        #expect(try entries(box, held).map { $0.text("outcome") } == ["held", "captured"])
    }

    @Test func `a mail that waits for a yes is audited as held, and goes back to its run when it leaves`()
        throws
    {
        let box = try box("outreach_automation", "approve")
        try box.owner.post("/v1/leads", lead(1, ["status": "qualified"])).ok(201)
        try box.advance("P1D")
        let approval = try #require(try box.owner.every("/v1/approvals?status=pending").first)
        let mail = try #require(try written(box, by: "outreach_automation").first)
        #expect(try entries(box, mail).map { $0.text("outcome") } == ["held"])
        #expect(approval["run_id"] == mail["run_id"])
        try box.owner.post("/v1/approvals/\(approval.id)/approve").ok()
        try box.advance("P1D")
        let found = try entries(box, mail)
        #expect(found.map { $0.text("outcome") } == ["held", "captured"])
        for entry in found { try expect(entry, of: "outreach_automation", about: mail, in: box) }
    }

    @Test func `each answer in a chat stands in the audit, and a person's own is not an agent's`() throws {
        let chat = try chat()
        let conversation = try chat.say("How do I change my logo?")
        try chat.box.advance("PT0S")
        let answer = try #require(try chat.spoken(conversation).first)
        let found = try entries(chat.box, answer)
        #expect(found.map { $0.text("outcome") } == ["captured"])
        try expect(found.first, of: "primary_agent", about: answer, in: chat.box)
        let own = try chat.box.owner.post(
            "/v1/conversations/\(conversation.id)/messages", ["text": "And here I am myself."]
        ).ok(201)
        try chat.box.advance("PT1M")
        #expect(try entries(chat.box, own).isEmpty && own["run_id"] == .null)
        #expect(try chat.box.owner.get("/v1/audit/verify").ok()["valid"] == true)
    }

    @Test func `a turn of a job shows among the agent's runs as what it was`() throws {
        let chat = try chat()
        let conversation = try chat.say("How do I change my logo?")
        try chat.box.advance("PT0S")
        let runs = try chat.box.owner.every("/v1/agent-runs?agent=primary_agent")
        let turn = try #require(runs.first { $0["parameters"]?.text("conversation_id") == conversation.id })
        #expect(turn.text("status") == "succeeded" && turn.text("trigger") == "event")
        #expect(turn["finished_at"] != .null && turn["error"] == .null)
    }

    @Test func `what is said to who waits for a person is audited under the agent that says it`() throws {
        let chat = try chat()
        let conversation = try chat.waiting(chat.say("I want to speak to a human"))
        try chat.box.advance("PT65M")
        let words = try chat.spoken(conversation).filter { $0["author"]?.text("type") == "agent" }
        let agents = Set(words.compactMap { $0["author"]?.id })
        #expect(agents == ["primary_agent", "handover_monitor", "calendly_bridge"])
        for word in words {
            let found = try entries(chat.box, word)
            #expect(found.count == 1, "\(word.text("text"))")
            try expect(
                found.first, of: word["author"]?.id ?? "", about: word, in: chat.box, isDecided: false)
        }
    }

    @Test func `an answer to a ticket stands in the audit with its run and decision`() throws {
        let box = try box("customer_service")
        try box.owner.askAboutLogo()
        try box.advance("PT0S")
        let mail = try #require(try written(box, by: "customer_service").first)
        let found = try entries(box, mail)
        #expect(found.map { $0.text("outcome") } == ["captured"])
        try expect(found.first, of: "customer_service", about: mail, in: box)
    }

    @Test func `a client reads each mail that an agent wrote in their name, with why, and nobody else's`()
        throws
    {
        let box = try box("outreach_automation")
        let (acme, own) = try client("Acme", of: box), (_, other) = try client("Beta", of: box)
        try box.owner.post(
            "/v1/leads", lead(1, ["status": "qualified", "client_id": .string(acme.id)])
        ).ok(201)
        try box.advance("P1D")
        let mail = try #require(try written(box, by: "outreach_automation").first)
        let told = try own.every("/v1/portal/activity").filter { $0["subject"]?.id == mail.id }
        #expect(told.count == 1 && told.first?.text("action") == "message.sent")
        #expect(told.first?["actor"] == ["type": "agent", "id": "outreach_automation"])
        #expect(told.first?["why"] == mail["why"] && mail["why"] != .null)
        #expect(try other.every("/v1/portal/activity").isEmpty)
    }

    // MARK: Steps

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

    /// A client, and somebody of theirs who is signed in.
    private func client(_ name: String, of box: SandboxCaller) throws -> (record: JSON, person: Caller) {
        let record = try box.owner.post("/v1/clients", ["name": .string(name)]).ok(201)
        let invited = try box.owner.post(
            "/v1/invitations",
            [
                "email": .string("\(name.lowercased())@client.example"), "role": "client",
                "client_id": .string(record.id),
            ]
        ).ok(201)
        let accepted = try server.anonymous.post(
            "/v1/invitations/accept",
            ["token": invited["token"] ?? .null, "name": "Cleo", "password": "correct horse battery"]
        ).ok(201)
        return (record, server.caller(accepted.text("access_token")))
    }
}
