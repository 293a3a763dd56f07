import JSON
import StandIns
import Testing

/// Deliveries to webhooks behind the gate: each attempt is a call.
@Suite(.ownThread) struct WebhookGate {
    let server = BureauProcess.shared

    private func receiver(_ status: Int = 200) throws -> StandIn {
        try StandIn { _ in StandInAnswer(status, "thanks") }
    }

    private func endpoint(_ owner: Caller, _ hooks: StandIn) throws -> JSON {
        try owner.post("/v1/webhooks", ["url": .string(hooks.url), "events": ["invoice.sent"]]).ok(201)
    }

    private func test(_ webhook: JSON, _ owner: Caller) throws -> JSON {
        try owner.post("/v1/webhooks/\(webhook.id)/test").ok(202)
    }

    private func delivery(_ id: String, _ owner: Caller) throws -> JSON {
        try owner.get("/v1/webhook-deliveries/\(id)").ok()
    }

    /// The calls, the oldest first, none of which is under way.
    private func calls(_ owner: Caller, _ count: Int = 1) throws -> [JSON] {
        try eventually("\(count) calls") {
            let all = try owner.every("/v1/tool-calls?tool=deliver_webhook").sorted { $0.id < $1.id }
            return all.count >= count && all.allSatisfy { $0.text("state") != "held" } ? all : nil
        }
    }

    @Test func `to deliver is a tool that sends, and the agency's endpoints are its providers`() throws {
        let owner = try server.quietAgency().owner
        let made = try endpoint(owner, try receiver())
        let tool = try owner.get("/v1/tools/deliver_webhook").ok()
        #expect(tool["class"] == "sends" && tool["providers"] == [.string(made.id)])
    }

    @Test func `an attempt is a call of the system, to that endpoint`() throws {
        let (owner, hooks) = (try server.quietAgency().owner, try receiver())
        let made = try endpoint(owner, hooks), sent = try test(made, owner)
        let call = try calls(owner)[0]
        #expect(call.text("state") == "succeeded" && call.text("provider") == made.id)
        #expect(call.text("key") == sent.id && call["attempt"] == 1)
        #expect(call["subject"] == ["type": "webhook", "id": .string(made.id)] && call["why"] == .null)
        #expect(call["actor"]?.text("type") == "system" && (call["bytes"]?.int ?? 0) > 50)
        #expect(try owner.get("/v1/tools/deliver_webhook").ok()["use_today"]?["calls"] == 1)
    }

    @Test func `what fails is told by its call, and tried again by the endpoint's own schedule`() throws {
        let (owner, hooks) = (try server.quietAgency().owner, try receiver(500))
        let sent = try test(try endpoint(owner, hooks), owner)
        let call = try calls(owner)[0]
        #expect(call.text("state") == "failed" && call["error"]?.text("code") == "http_500")
        let now = try delivery(sent.id, owner)
        #expect(now.text("status") == "pending" && now["next_attempt_at"] != .null)
        #expect(try calls(owner, 2)[1]["attempt"] == 2)
    }

    @Test func `a sandbox captures the call with the delivery`() throws {
        let (agency, hooks) = (try server.quietAgency(), try receiver())
        let box = try agency.sandbox()
        try box.quieten()
        let sent = try test(try endpoint(box.owner, hooks), box.owner)
        try box.advance("PT1M")
        #expect(try delivery(sent.id, box.owner).text("status") == "captured")
        #expect(try calls(box.owner).map { $0.text("state") } == ["captured"] && hooks.requests.isEmpty)
    }

    @Test func `neither a brake nor a budget holds what an agency tells itself`() throws {
        let (owner, hooks) = (try server.quietAgency().owner, try receiver())
        let made = try endpoint(owner, hooks)
        try owner.post("/v1/budgets", ["kind": "calls", "limit": 0, "per": "day"]).ok(201)
        try owner.post("/v1/brakes", ["scope": "tenant", "reason": "a test"]).ok(201)
        let sent = try test(made, owner)
        try eventuallyTrue("the delivery") { try delivery(sent.id, owner).text("status") == "delivered" }
    }

    @Test func `beyond the agency's limit a delivery waits for the next window`() throws {
        let (agency, hooks) = (try server.quietAgency(), try receiver())
        let box = try agency.sandbox()
        try box.quieten()
        let made = try endpoint(box.owner, hooks)
        try box.owner.patch("/v1/tools/deliver_webhook", ["limits": ["day": 1]]).ok()
        let both = [try test(made, box.owner), try test(made, box.owner)]
        try box.advance("PT1M")
        func captured() throws -> Int {
            try both.filter { try delivery($0.id, box.owner).text("status") == "captured" }.count
        }
        #expect(try captured() == 1)
        try box.advance("P1D")
        #expect(try captured() == 2)
    }

    @Test func `switched off, nothing is told, and what was to be told says so`() throws {
        let (owner, hooks) = (try server.quietAgency().owner, try receiver())
        let made = try endpoint(owner, hooks)
        try owner.patch("/v1/tools/deliver_webhook", ["enabled": false]).ok()
        let sent = try test(made, owner)
        let over = try eventually("its end") { () -> JSON? in
            let now = try delivery(sent.id, owner)
            return now.text("status") == "pending" ? .none : now
        }
        #expect(over.text("status") == "cancelled" && over.text("error") == "tool_disabled")
        #expect(hooks.requests.isEmpty)
    }
}
