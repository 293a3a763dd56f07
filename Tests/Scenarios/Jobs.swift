import JSON
import Testing

@Suite(.ownThread) struct Jobs {
    let server = BureauProcess.shared

    @Test func `a paused queue starts nothing of its agency, and says so; resumed it goes on`() throws {
        let (agency, other) = (try server.signUp(), try server.signUp())
        let id = try agency.makeLead().id
        try agency.owner.post("/v1/queues/agents/pause").ok()
        let place = try #require(try agency.owner.post("/v1/leads/\(id)/score").header("Location"))
        let job = try agency.owner.get(place).ok().text("job_id")
        let waiting = try agency.owner.get("/v1/jobs/\(job)").ok()
        #expect(waiting.text("state") == "available" && waiting.text("waiting_reason") == "queue_paused")
        let queue = try #require(
            try agency.owner.every("/v1/queues").first { $0.text("name") == "agents" })
        #expect(queue["paused"] == true && (queue["depth"]?.int ?? 0) >= 1 && queue["oldest_age"] != .null)
        _ = try other.score(try other.makeLead().id)
        let theirs = try other.owner.every("/v1/queues").first { $0.text("name") == "agents" }
        #expect(theirs?["paused"] == false)
        try agency.owner.post("/v1/queues/agents/resume").ok()
        #expect(try agency.end(of: place)[0] == "succeeded")
        try agency.owner.post("/v1/queues/nowhere/pause").problem(404, "not_found")
    }

    @Test func `a run that died raises an alert, which its retry by hand resolves`() throws {
        let agency = try server.signUp()
        let run = try agency.owner.ended(
            "/v1/agents/lead_scoring/runs", ["parameters": ["lead_id": .string(absentLead)]])
        #expect(run.text("status") == "failed")
        let alert = try #require(
            try agency.owner.every("/v1/alerts?open=true").first {
                $0["subject"]?["id"]?.text == run.text("job_id")
            })
        #expect(alert.text("kind") == "job_dead" && alert.text("agent") == "lead_scoring")
        #expect(!alert.text("recommended_action").isEmpty && alert["resolved_at"] == .null)
        try agency.owner.post("/v1/agent-runs/\(run.id)/retry").ok()
        #expect(try agency.owner.get("/v1/alerts/\(alert.id)").ok()["resolved_at"] != .null)
    }

    @Test func `an alert is acknowledged with who, when and a note, stays open, and is filtered by it`()
        throws
    {
        let agency = try server.signUp()
        _ = try agency.owner.ended(
            "/v1/agents/lead_scoring/runs", ["parameters": ["lead_id": .string(absentLead)]])
        let alert = try #require(try agency.owner.every("/v1/alerts").first)
        #expect(alert["acknowledged_at"] == .null && alert["acknowledged_by"] == .null)
        let place = "/v1/alerts/\(alert.id)"
        func listed(_ value: Bool) throws -> Bool {
            try agency.owner.every("/v1/alerts?acknowledged=\(value)").contains { $0.id == alert.id }
        }
        #expect(try listed(false) && !listed(true))
        try agency.key(["alerts:read"]).post("\(place)/acknowledge").problem(403, "forbidden")
        try server.signUp().owner.post("\(place)/acknowledge").problem(404, "not_found")
        try agency.owner.post("\(place)/acknowledge", ["note": 5]).problem(422, "wrong_type")
        let seen = try agency.owner.post("\(place)/acknowledge", ["note": "on it"]).ok()
        #expect(seen.text("acknowledged_by") == agency.user.id && seen["acknowledged_at"] != .null)
        #expect(seen.text("note") == "on it" && seen["resolved_at"] == .null)
        #expect(try agency.owner.get(place).ok() == seen)
        #expect(try listed(true) && !listed(false))
        #expect(try agency.owner.every("/v1/alerts?open=true").contains { $0.id == alert.id })
        try agency.owner.get("/v1/alerts?acknowledged=maybe").problem(400, "invalid_parameter")
        #expect(try agency.owner.post("\(place)/acknowledge").ok()["note"] == .null)
        let told = try agency.owner.every("/v1/audit?subject_id=\(alert.id)").map { $0.text("action") }
        #expect(told == ["alert.acknowledged", "alert.acknowledged"])
        try agency.owner.post("\(place)/resolve").ok()
        try agency.owner.post("\(place)/acknowledge").problem(409, "invalid_transition")
    }

    @Test func `what someone waits for starts before a flood that nobody waits for`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead().id
        // The flood is still there, whatever the machine.
        try agency.owner.post("/v1/queues/agents/pause").ok()
        let flood = try (0..<20).map { _ in
            try agency.owner.post("/v1/agents/lead_scoring/runs", ["parameters": ["lead_id": .string(id)]])
                .ok(202)
        }
        let run = try agency.owner.ended("/v1/leads/\(id)/score")
        #expect(run.text("status") == "succeeded")
        let job = try agency.owner.get("/v1/jobs/\(run.text("job_id"))").ok()
        #expect(job.text("queue") == "interactive")
        for run in flood {
            #expect(try agency.owner.get("/v1/agent-runs/\(run.id)").ok()["started_at"] == .null)
        }
    }
}
