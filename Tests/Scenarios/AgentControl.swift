import Dispatch
import Foundation
import JSON
import Synchronization
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

    @Test func `all agents are switched off at once, and some on, and a wrong name changes nothing`() throws {
        let agency = try server.signUp(), owner = agency.owner, path = "/v1/agents/bulk"
        func states() throws -> [String: String] {
            let pairs = try owner.every("/v1/agents").map { ($0.text("name"), $0.text("state")) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        let before = try states(), heldBack = before.filter { $0.value == "standby" }.keys
        #expect(before["lead_scoring"] == "active" && !heldBack.isEmpty)
        let wrong: JSON = ["state": "disabled", "agents": ["lead_scoring", "astrology"]]
        #expect(try owner.post(path, wrong).faults() == ["/agents/1": "invalid_choice"])
        #expect(try owner.post(path, [:]).faults() == ["/state": "required"])
        #expect(try owner.post(path, ["state": "disabled", "agents": []]).ok()["changed"] == [])
        #expect(try states() == before)

        let changed = try owner.post(path, ["state": "disabled"]).ok()["changed"]?.array?.compactMap(\.text)
        #expect(Set(changed ?? []) == Set(before.filter { $0.value != "disabled" }.keys))
        #expect(try Set(states().values) == ["disabled"])
        try owner.post("/v1/agents/lead_scoring/runs").problem(409, "agent_not_active")
        let told = try owner.every("/v1/audit?action=agent.updated").map { $0["subject"]?.text("id") }
        #expect(told.count { $0 == "lead_scoring" } == 1)
        // An agent that is not built does not work for being switched on.
        let some: JSON = ["state": "active", "agents": ["lead_scoring", JSON(heldBack.sorted()[0])]]
        #expect(try owner.post(path, some).ok()["changed"]?.array?.count == 2)
        let after = try states()
        #expect(after.filter { $0.value == "active" }.keys.map(\.self) == ["lead_scoring"])
        #expect(after.filter { $0.value == "standby" }.keys.map(\.self) == [heldBack.sorted()[0]])
        try agency.colleague("viewer").post(path, ["state": "disabled"]).problem(403, "forbidden")
    }

    @Test func `killed in the middle of it, a switch of all agents is whole or none, and is made once`()
        throws
    {
        let server = try BureauProcess.start(), agency = try server.signUp(), owner = agency.owner
        // The number of agents that each switch has changed. They are switched off and on in turns, each
        // under a key.
        let changed = Mutex<[Int]>([])
        @Sendable func toggle(_ caller: Caller) throws -> Answer {
            let number = changed.withLock { $0.count }
            let body: JSON = ["state": number.isMultiple(of: 2) ? "disabled" : "active"]
            let answer = try caller.post(
                "/v1/agents/bulk", body, ["Idempotency-Key": "switch-\(number)"])
            if answer.status == 200 {
                changed.withLock { $0.append(answer.json["changed"]?.array?.count ?? 0) }
            }
            return answer
        }
        for round in 1...5 {
            let isOver = DispatchSemaphore(value: 0), target = changed.withLock { $0.count } + 1 + round
            Thread {
                while let answer = try? toggle(owner), answer.status == 200 {}
                isOver.signal()
            }.start()
            try eventuallyTrue("round \(round)", every: .milliseconds(1)) {
                changed.withLock { $0.count } >= target
            }
            server.kill()
            isOver.wait()
            try server.start()
            let states = try Set(owner.every("/v1/agents").map { $0.text("state") })
            #expect(states == ["disabled"] || !states.contains("disabled"), "\(states)")
            // The one that was under way is asked for again, and made if it has not been.
            try toggle(owner).ok()
            let isOff = try owner.every("/v1/agents").map { $0.text("state") == "disabled" }
            let count = changed.withLock { $0.count }
            #expect(Set(isOff) == [!count.isMultiple(of: 2)])
        }
        let told = try owner.every("/v1/audit?action=agent.updated").count
        #expect(told == changed.withLock { $0.reduce(0, +) }, "each change is noted once")
        #expect(try owner.get("/v1/audit/verify").ok()["valid"] == true)
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
