import JSON
import Testing

/// Each agent begins at its hours of the agency's own zone, and does then what it is there for.
@Suite(.ownThread) struct AgentHours {
    let server = BureauProcess.shared

    /// A sandbox on a Tuesday in which one agent alone is at work, at the hours that a new agency has.
    private func box(
        _ agent: String, _ start: String = "2027-01-05T10:00:00.000Z"
    ) throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: start)
        try box.readyToSend()
        try box.keepSchedules(of: agent)
        try box.owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        return box
    }

    /// Works while an agent sleeps, which then finds it at its hour, and not as it comes in.
    private func unseen(by agent: String, of owner: Caller, _ work: () throws -> Void) throws {
        try owner.patch("/v1/agents/\(agent)", ["state": "disabled"]).ok()
        try work()
        try owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
    }

    private func make(_ count: Int, _ owner: Caller, _ more: JSONObject = [:]) throws {
        let operations = (0..<count).map { number -> JSON in ["op": "create", "body": lead(number, more)] }
        let answer = try owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        #expect(answer["results"]?.array?.allSatisfy { $0["status"] == 201 } == true, "\(answer)")
    }

    /// The scheduled run of an agent that began in an hour, and how many leads each of its transactions has handled.
    private func run(
        _ agent: String, at hour: String, _ owner: Caller
    ) throws -> (result: JSON, batches: [JSON?]) {
        let runs = try owner.every("/v1/agent-runs?agent=\(agent)&trigger=schedule")
        let run = try #require(runs.first { $0.text("created_at").hasPrefix("2027-01-05T\(hour):00") })
        #expect(run["status"] == "succeeded", "\(run)")
        let steps = try owner.get("/v1/agent-runs/\(run.id)/trace").ok()["steps"]?.array ?? []
        return (run["result"] ?? .null, steps.filter { $0["name"] == "leads" }.map { $0["note"]?["count"] })
    }

    @Test func `each hour all leads that are new or have changed are scored, fifty at a time`() throws {
        let box = try box("lead_scoring"), owner = box.owner
        try unseen(by: "lead_scoring", of: owner) { try make(60, owner) }
        try box.advance(to: "2027-01-05T11:01:00.000Z")
        let first = try run("lead_scoring", at: "11", owner)
        #expect(first.batches == [50, 10] && first.result["changed"] == 60, "\(first)")
        let known = try #require(try owner.every("/v1/leads").first)
        try unseen(by: "lead_scoring", of: owner) {
            try owner.patch("/v1/leads/\(known.id)", ["employee_count": 5000]).ok()
            try owner.post("/v1/leads", lead(60)).ok(201)
        }
        try box.advance(to: "2027-01-05T12:01:00.000Z")
        #expect(try run("lead_scoring", at: "12", owner).result["changed"] == 2)
        let decisions = "/v1/decisions?agent=lead_scoring&subject_id="
        #expect(try owner.every(decisions + known.id).count == 2, "it is known, and scored again")
        #expect(try owner.every("/v1/leads").allSatisfy { $0["score"] != .null })
        try owner.put("/api/control/config", ["lead_scoring": ["batch_size": 20]]).ok()
        try box.advance(to: "2027-01-05T13:01:00.000Z")
        #expect(try run("lead_scoring", at: "13", owner).batches == [20, 20, 20, 1])
    }

    @Test func `leads are qualified twenty at a time, or as many as is set`() throws {
        let box = try box("lead_qualification"), owner = box.owner
        try make(25, owner, ["status": "scored"])
        try box.advance(to: "2027-01-05T11:01:00.000Z")
        #expect(try run("lead_qualification", at: "11", owner).batches == [20, 5])
        #expect(try owner.every("/v1/decisions?agent=lead_qualification").count == 25)
        let path = "/v1/agents/lead_qualification/config"
        #expect(try owner.patch(path, ["batch_size": 1001]).faults() == ["/batch_size": "out_of_range"])
        try owner.put("/api/control/config", ["lead_qualification": ["batch_size": 7]]).ok()
        try box.advance(to: "2027-01-05T13:01:00.000Z")
        #expect(try run("lead_qualification", at: "13", owner).batches == [7, 7, 7, 4])
    }
}
