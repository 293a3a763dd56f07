import JSON
import Testing

/// The gate lets outreach, sequences and sales write to people.
@Suite(.ownThread) struct GatedSelling {
    let server = BureauProcess.shared
    private let outreach = "/v1/agents/outreach_automation"

    /// A Monday morning, at which only outreach is at work, with a qualified lead for each number.
    private func box(_ autonomy: String, _ numbers: Int...) throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T08:00:00.000Z")
        try box.readyToSend()
        try box.owner.patch(outreach, ["state": "active", "autonomy": .string(autonomy)]).ok()
        for number in numbers {
            try box.owner.post("/v1/leads", lead(number, ["status": "qualified"])).ok(201)
        }
        return box
    }

    private func calls(_ owner: Caller, of agent: String = "outreach_automation") throws -> [JSON] {
        try owner.every("/v1/tool-calls?agent=\(agent)&tool=send_message")
    }

    private func refusals(_ box: SandboxCaller, _ code: String) throws -> [JSON] {
        try box.owner.every("/v1/refusals?agent=outreach_automation").filter { $0.text("code") == code }
    }

    private func sent(_ box: SandboxCaller) throws -> [JSON] {
        try box.owner.every("/v1/messages?direction=outbound&status=sent")
    }

    private func enrollments(_ box: SandboxCaller) throws -> [JSON] { try box.owner.every("/v1/enrollments") }

    /// Takes the permission to write to people from outreach, or gives it back.
    private func permit(_ isPermitted: Bool, _ box: SandboxCaller) throws {
        guard !isPermitted else {
            try box.owner.patch(outreach, ["permissions": .null]).ok()
            return
        }
        let all = try box.owner.get(outreach).ok()["permissions"]?.array ?? []
        try #require(all.contains("messages:write"))
        try box.owner.patch(outreach, ["permissions": .array(all.filter { $0 != "messages:write" })]).ok()
    }

    // MARK: Outreach

    @Test func `observing, outreach keeps the mail that it would have written, and asks nobody`() throws {
        let box = try box("observe", 1)
        try box.advance("P1D")
        let kept = try calls(box.owner)
        let decision = try #require(
            try box.owner.every("/v1/decisions?agent=outreach_automation").first)
        #expect(kept.map { $0.text("state") } == ["observed"])
        #expect(kept.first?["run_id"] == decision["run_id"] && kept.first?.text("decision_id") == decision.id)
        let told = try box.owner.every("/v1/events").filter { $0.text("type") == "tool.observed" }
        let words = kept.first?["arguments"]
        #expect(told.count == 1 && words?.text("body").contains("Example Company 1") == true, "\(kept)")
        #expect(words?.text("subject").isEmpty == false)
        #expect(try enrollments(box).isEmpty && box.owner.every("/v1/approvals").isEmpty)
    }

    @Test func `observing without a sequence, outreach makes none and keeps what it would have done`() throws
    {
        let box = try box("observe", 1)
        for sequence in try box.owner.every("/v1/sequences?kind=outreach") {
            try box.owner.post("/v1/sequences/\(sequence.id)/archive").ok()
        }
        func inUse() throws -> Int {
            try box.owner.every("/v1/sequences?kind=outreach").count { $0.text("status") != "archived" }
        }
        try box.advance("P1D")
        #expect(try calls(box.owner).map { $0.text("state") } == ["observed"])
        #expect(try inUse() == 0 && enrollments(box).isEmpty)
        try box.owner.patch(outreach, ["autonomy": "autopilot"]).ok()
        try box.advance("P1D")
        #expect(try inUse() == 1 && enrollments(box).count == 1)
    }

    @Test func `without the permission to write outreach begins nothing, and goes on once it is given back`()
        throws
    {
        let box = try box("autopilot", 1)
        try permit(false, box)
        try box.advance("P1D")
        let told = try refusals(box, "forbidden")
        #expect(told.count == 1 && told.first?.text("detail").contains("messages:write") == true, "\(told)")
        let run = try box.owner.every("/v1/agent-runs?agent=outreach_automation").first
        #expect(told.first?.text("run_id") == run?.id)
        #expect(try enrollments(box).isEmpty && sent(box).isEmpty)
        try permit(true, box)
        try box.advance("P2D")
        #expect(try enrollments(box).count == 1 && sent(box).count == 1)
    }

    @Test func `with the tool switched off outreach begins nothing, and says why`() throws {
        let box = try box("autopilot", 1)
        try box.owner.patch("/v1/tools/send_message", ["enabled": false]).ok()
        try box.advance("P1D")
        #expect(try refusals(box, "tool_disabled").count == 1 && enrollments(box).isEmpty)
        try box.owner.patch("/v1/tools/send_message", ["enabled": true]).ok()
        try box.advance("P1D")
        #expect(try enrollments(box).count == 1)
    }

    @Test func `an enrolment whose agent may not write waits with its reason, and goes on afterwards`() throws
    {
        let box = try box("autopilot", 1)
        try box.advance("P1D")
        #expect(try sent(box).count == 1)
        try permit(false, box)
        try box.advance("P4D")
        let waiting = try #require(try enrollments(box).first)
        #expect(waiting.text("status") == "active" && waiting["position"] == 1)
        #expect(waiting.text("reason").contains("may not write"), "\(waiting)")
        #expect(try sent(box).count == 1 && !refusals(box, "forbidden").isEmpty)
        #expect(try box.owner.every("/v1/messages?direction=outbound").count == 1)
        try permit(true, box)
        try box.advance("P3D")
        let on = try #require(try enrollments(box).first)
        #expect(on["position"] == 2 && on["reason"] == .null, "\(on)")
        #expect(try sent(box).count == 2)
    }

    @Test func `an enrolment whose agent only observes waits, and is kept as observed once`() throws {
        let box = try box("autopilot", 1)
        try box.advance("P1D")
        try box.owner.patch(outreach, ["autonomy": "observe"]).ok()
        try box.advance("P4D")
        #expect(try enrollments(box).first?["position"] == 1 && sent(box).count == 1)
        #expect(try calls(box.owner).count { $0.text("state") == "observed" } == 1)
        #expect(try box.owner.every("/v1/approvals").isEmpty)
    }

    @Test func `a yes passes the gate again: under a brake, and after somebody has unsubscribed`() throws {
        let box = try box("approve", 1, 2)
        try box.advance("P1D")
        let asked = try box.owner.every("/v1/approvals?status=pending")
        #expect(asked.count == 2)
        for approval in asked {
            #expect(approval.text("tool") == "send_message" && !approval.text("run_id").isEmpty)
            #expect(approval["arguments"]?.text("body").isEmpty == false)
        }
        let (one, two) = (try #require(asked.first), try #require(asked.last))
        let brake = try box.owner.post("/v1/brakes", ["scope": "tenant", "reason": "wrong price"]).ok(201)
        try box.owner.post("/v1/approvals/\(one.id)/approve", ["changes": ["body": ""]]).problem(
            422, "required")
        try box.owner.post(
            "/v1/approvals/\(one.id)/approve", ["changes": ["body": "Under the brake."]]
        ).ok()
        // It is afternoon where they are.
        try box.advance("PT11H")
        #expect(try sent(box).isEmpty)
        let held = try box.owner.every("/v1/messages?status=held").filter { $0.text("approval_id") == one.id }
        #expect(held.first?["reasons"]?[0].text("code") == "brake", "\(held)")
        let contact = two["arguments"]?.text("contact_id") ?? ""
        let address = try box.owner.get("/v1/contacts/\(contact)").ok()["email"] ?? .null
        try box.owner.post(
            "/v1/suppressions", ["channel": "email", "address": address, "reason": "unsubscribe"]
        ).ok(201)
        try box.owner.post("/v1/approvals/\(two.id)/approve").problem(409, "already_decided")
        let withdrawn = try box.owner.get("/v1/approvals/\(two.id)").ok()
        #expect(withdrawn.text("status") == "withdrawn")
        #expect(withdrawn.text("decision_reason").contains("unsubscribe"), "\(withdrawn)")
        try box.owner.post("/v1/brakes/\(brake.id)/release").ok()
        try box.advance("P1D")
        #expect(try sent(box).map { $0.text("text").contains("Under the brake.") } == [true])
        let done = try box.owner.get("/v1/approvals/\(one.id)").ok()
        #expect(done["effect"]?["message_id"] == (try sent(box).first?["id"]))
    }

    @Test(arguments: [("state", "disabled", "active"), ("autonomy", "observe", "autopilot")])
    func `what an agent has begun waits while it is stopped, and goes on with it`(
        _ setting: String, _ stopped: String, _ goesOn: String
    ) throws {
        let box = try box("autopilot", 1)
        let brake = try box.owner.post("/v1/brakes", ["scope": "tenant", "reason": "wrong price"]).ok(201)
        try box.advance("P1D")
        func held() throws -> [JSON] {
            try box.owner.every("/v1/messages?status=held").map { $0["reasons"]?[0]["code"] ?? .null }
        }
        #expect(try held() == ["brake"])
        try box.owner.patch(outreach, .object([setting: .string(stopped)])).ok()
        try box.owner.post("/v1/brakes/\(brake.id)/release").ok()
        // Until its step's hours have begun.
        try box.advance("PT6H")
        #expect(try held() == ["agent_stopped"] && sent(box).isEmpty)
        #expect(try !refusals(box, "agent_stopped").isEmpty)
        try box.owner.patch(outreach, .object([setting: .string(goesOn)])).ok()
        try box.advance("PT1M")
        #expect(try sent(box).count == 1)
    }

    // MARK: Sales

    private static let interest = "Yes, we are interested, please tell me more about what you do."
    private static let facts = """
        Yes, this sounds great. Our budget is $8000 a month. I decide this myself, and we want to start in six weeks.
        """

    @Test func `observing, sales keeps the answer that it would have written, and changes nothing`() throws {
        let sales = try ReplyEffects.Sales(server, "observe")
        let came = try sales.receive([Self.interest])
        let kept = try calls(sales.owner, of: "sales_automation")
        let decision = try sales.decision(about: came[0].message)
        #expect(decision["outcome"]?["step"] == "ask")
        #expect(kept.map { $0.text("state") } == ["observed"], "\(kept)")
        #expect(kept.first?["run_id"] == decision["run_id"] && kept.first?.text("decision_id") == decision.id)
        #expect(try sales.deals().isEmpty && sales.owner.every("/v1/approvals").isEmpty)
        #expect(try sales.owner.every("/v1/messages?direction=outbound").isEmpty)
        #expect(came[0].lead["pain_points"] == [])
    }

    @Test func `an answer of sales waits for a yes to the call of the tool`() throws {
        let sales = try ReplyEffects.Sales(server, "approve")
        _ = try sales.receive([Self.interest])
        let asked = try sales.owner.every("/v1/approvals?status=pending")
        #expect(asked.map { $0.text("tool") } == ["send_message"])
        #expect(asked.first?["arguments"]?.text("body").isEmpty == false)
        #expect(asked.first?.text("agent") == "sales_automation" && asked.first?["run_id"] != .null)
    }

    @Test func `a proposal waits for one yes, and its mail for no other`() throws {
        let sales = try ReplyEffects.Sales(server, "approve")
        let came = try sales.receive([Self.facts])
        let decision = try sales.decision(about: came[0].message)
        try #require(decision["outcome"]?["step"] == "propose", "\(decision)")
        let asked = try sales.owner.every("/v1/approvals?status=pending")
        let approval = try #require(asked.first)
        let proposal = try #require(try sales.owner.every("/v1/proposals").first)
        #expect(asked.count == 1 && approval.text("tool") == "send_proposal" && approval["run_id"] != .null)
        #expect(approval["arguments"] == ["proposal_id": .string(proposal.id)])
        try sales.owner.post(
            "/v1/approvals/\(approval.id)/approve", ["changes": ["price": 1]]
        ).problem(422, "unknown_field")
        try sales.owner.post("/v1/approvals/\(approval.id)/approve").ok()
        let mail = try eventually("the proposal's mail") {
            try sales.owner.every("/v1/messages?direction=outbound&status=sent").first
        }
        #expect(mail["cause"]?.id == proposal.id && mail["run_id"] == approval["run_id"])
        #expect(try sales.owner.every("/v1/approvals?status=pending").isEmpty)
        let done = try sales.owner.get("/v1/approvals/\(approval.id)").ok()
        #expect(done["effect"]?.text("message_id") == mail.id && done["effect"]?["status"] == "sent")
    }
}
