import JSON
import Testing

/// People restart and check single agents by hand.
@Suite(.ownThread) struct AgentControl {
    let server = BureauProcess.shared

    @Test func `an agent that keeps failing is restarted by hand, and the others are left alone`() throws {
        let box = try server.signUp().sandbox()
        func health(_ agent: String) throws -> String {
            try box.owner.get("/v1/agents/\(agent)").ok().text("health")
        }
        let lead = try box.owner.post("/v1/leads", ["company": "Northwind"]).ok(201)
        try box.advance("PT0S")
        let others = try health("lead_qualification")
        for _ in 0..<3 {
            try box.owner.post(
                "/v1/agents/lead_scoring/runs", ["parameters": ["lead_id": .string(absentLead)]]
            ).ok(202)
            try box.advance("PT0S")
        }
        #expect(try health("lead_scoring") == "failing")
        #expect(
            try box.owner.post("/v1/agents/lead_scoring/restart").ok() == [
                "agent": "lead_scoring", "restarted": 0,
            ])
        #expect(try health("lead_scoring") == "healthy")
        #expect(try health("lead_qualification") == others)
        let told = try box.owner.every("/v1/events?type=agent.restarted")
        #expect(told.map { $0["subject"]?.text("id") } == ["lead_scoring"])
        // It works again, without anything else being started anew.
        try box.owner.post("/v1/leads/\(lead.id)/score").ok(202)
        try box.advance("PT0S")
        #expect(try box.owner.get("/v1/leads/\(lead.id)").ok()["score"] != .null)
        try box.owner.post("/v1/agents/astrology/restart").problem(404, "not_found")
        try box.owner.patch("/v1/agents/lead_scoring", ["state": "disabled"]).ok()
        try box.owner.post("/v1/agents/lead_scoring/restart").problem(409, "agent_not_active")
    }

    @Test func `each agent is checked by hand: its state, configuration, schedule and database`() throws {
        let agency = try server.signUp()
        func check(_ name: String) throws -> (ok: Bool, parts: [String: Bool]) {
            let answer = try agency.owner.post("/v1/agents/\(name)/check").ok()
            let parts = (answer["checks"]?.array ?? []).map { ($0.text("name"), $0["ok"] == true) }
            return (answer["ok"] == true, Dictionary(uniqueKeysWithValues: parts))
        }
        for agent in try agency.owner.every("/v1/agents") {
            let name = agent.text("name"), found = try check(name)
            #expect(Set(found.parts.keys) == ["state", "configuration", "database", "schedule"], "\(name)")
            #expect(found.parts["database"] == true, "\(name) reaches its database")
            #expect(found.ok == (agent.text("state") == "active"), "\(name)")
        }
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "disabled"]).ok()
        let disabled = try check("lead_scoring")
        #expect(!disabled.ok && disabled.parts["state"] == false && disabled.parts["database"] == true)
        try agency.owner.post("/v1/agents/astrology/check").problem(404, "not_found")
    }
}
