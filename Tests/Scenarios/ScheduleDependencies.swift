import JSON
import Testing

/// The agents' schedules depend on one another.
@Suite(.ownThread) struct ScheduleDependencies {
    let server = BureauProcess.shared

    private func box() throws -> SandboxCaller {
        let box = try server.signUp().sandbox()
        for schedule in try box.owner.every("/v1/schedules") {
            try box.owner.patch("/v1/schedules/\(schedule.id)", ["enabled": false]).ok()
        }
        for agent in ["lead_generation", "outreach_automation"] {
            try box.owner.patch("/v1/agents/\(agent)", ["state": "disabled"]).ok()
        }
        return box
    }

    private func schedule(
        _ box: SandboxCaller, _ agent: String, _ cron: String, _ more: JSONObject = [:]
    ) throws -> JSON {
        var body: JSONObject = ["agent": .string(agent), "cron": .string(cron), "time_zone": "UTC"]
        for (name, value) in more.members { body[name] = value }
        return try box.owner.post("/v1/schedules", .object(body)).ok(201)
    }

    /// Returns the leads that qualification has judged.
    private func judged(_ box: SandboxCaller) throws -> Int {
        try box.owner.every("/v1/decisions?agent=lead_qualification").count
    }

    @Test(arguments: [true, false])
    func `an agent that follows another works on that one's latest results`(_ comesAfter: Bool) throws {
        let box = try box()
        try box.owner.patch("/v1/agents/lead_scoring", ["state": "disabled"]).ok()
        for number in 0..<5 { try box.owner.post("/v1/leads", lead(number)).ok(201) }
        try box.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        // This schedule is created first, and so would begin first.
        let later: JSONObject = comesAfter ? ["after": "lead_scoring"] : [:]
        _ = try schedule(box, "lead_qualification", "0 11 * * *", later)
        _ = try schedule(box, "lead_scoring", "0 11 * * *")
        try box.advance("PT2H")
        let runs = try box.owner.every("/v1/agent-runs?trigger=schedule")
        #expect(runs.count == 2 && runs.allSatisfy { $0.text("status") == "succeeded" })
        #expect(try judged(box) == (comesAfter ? 5 : 0), "only what is scored is qualified")
    }

    @Test func `conflicting schedules are warned of when they are made, and no longer once one is moved`()
        throws
    {
        let box = try box()
        // It is a Tuesday: qualification would begin on Thursday, before Monday's scoring that it follows.
        let first = try schedule(box, "lead_scoring", "0 12 * * 1")
        #expect(first["warnings"] == nil)
        let second = try schedule(box, "lead_qualification", "0 12 * * 4", ["after": "lead_scoring"])
        let warnings = second["warnings"]?.array ?? []
        #expect(warnings.map { $0.text("code") } == ["order"])
        #expect(warnings.allSatisfy { !$0.text("detail").isEmpty })
        #expect(try box.owner.every("/v1/schedules/conflicts").map { $0.text("kind") } == ["order"])
        let moved = try box.owner.patch("/v1/schedules/\(second.id)", ["cron": "0 13 * * 1"]).ok()
        #expect(moved["warnings"] == nil)
        #expect(try box.owner.every("/v1/schedules/conflicts").isEmpty)
        try box.owner.post(
            "/v1/schedules", ["agent": "lead_scoring", "cron": "0 12 * * *", "after": "nobody"]
        ).problem(422)
    }

    @Test func `maintenance waits until the others have ended`() throws {
        let box = try box()
        for number in 0..<5 { try box.owner.post("/v1/leads", lead(number)).ok(201) }
        _ = try schedule(
            box, "orchestrator", "0 11 * * *", ["maintenance": true, "parameters": ["task": "review"]])
        _ = try schedule(box, "lead_scoring", "0 11 * * *")
        try box.advance("PT7H")
        let runs = try box.owner.every("/v1/agent-runs?trigger=schedule").map { $0.text("status") }
        #expect(runs == ["succeeded", "succeeded"])
    }
}
