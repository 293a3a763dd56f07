import JSON
import StandIns
import Testing

/// Each area of the health of data loses by what was measured, and says what should be done about it.
@Suite(.ownThread) struct HealthAreas {
    let server = BureauProcess.shared

    private struct Area: Equatable {
        var score = 100.0, advice: [String] = []
    }

    private func area(_ name: String, _ owner: Caller) throws -> Area {
        let areas = try owner.get("/v1/data-health").ok()["areas"]?.array ?? []
        let area = try #require(areas.first { $0.text("name") == name })
        let advice = area["recommendations"]?.array ?? []
        return Area(score: area["score"]?.double ?? -1, advice: advice.compactMap(\.text))
    }

    /// A new agency of which nothing happens by itself.
    private func box() throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        try box.keepSchedules(of: "nobody")
        return box
    }

    @Test func `work that waits, jobs that died and runs that failed take from the performance`() throws {
        let box = try box(), owner = box.owner
        try owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let lead = try owner.post("/v1/leads", ["company": "Northwind"]).ok(201)
        func score(_ id: String) throws {
            let body: JSON = ["parameters": ["lead_id": .string(id)]]
            try owner.post("/v1/agents/lead_scoring/runs", body).ok(202)
        }
        try score(lead.id)
        try box.advance("PT0S")
        #expect(try area("performance", owner) == Area())
        try score(absentLead)
        try box.advance("PT0S")
        let runs = try owner.every("/v1/agent-runs")
        #expect(runs.count > 1 && runs.count { $0.text("status") == "failed" } == 1)
        // Five for the job, and of thirty the share of the day's runs that failed.
        let worse = try area("performance", owner)
        #expect(abs(worse.score - (95 - 30 / Double(runs.count))) < 0.06, "\(worse)")
        #expect(worse.advice.count == 2)
        #expect(worse.advice.first?.hasPrefix("1 job has failed for good this week") == true)
        #expect(worse.advice.last?.hasPrefix("1 run of an agent has failed since yesterday") == true)
        // Two for each minute.
        try owner.post("/v1/queues/agents/pause").ok()
        try score(lead.id)
        try box.advance("PT10M")
        let waiting = try area("performance", owner)
        #expect(abs(worse.score - waiting.score - 20) < 0.06, "\(waiting)")
        #expect(waiting.advice.first?.hasPrefix("Work has waited for 10 minutes") == true)
        try owner.post("/v1/queues/agents/resume").ok()
        try box.advance("P8D")
        #expect(try area("performance", owner) == Area(), "it is long ago")
    }

    @Test func `rounds that are overdue, urgent issues of weeks and twins take from the maintenance`() throws
    {
        let box = try box(), owner = box.owner
        let new = try server.quietAgency().owner
        #expect(try area("maintenance", new) == Area(), "of a new agency nothing is overdue")
        try box.advance("P3D")
        let overdue = try area("maintenance", owner)
        #expect(overdue.score == 60 && overdue.advice.count == 2, "\(overdue)")
        #expect(overdue.advice.first?.hasPrefix("No full scan has ended lately") == true)
        #expect(overdue.advice.last?.hasPrefix("Addresses were not verified lately") == true)
        try owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        try owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        for notes in ["one", "two"] {
            try owner.post("/v1/leads", lead(1, ["notes": .string(notes)])).ok(201)
        }
        try box.advance("PT1M")
        let run = try owner.ended(
            "/v1/agents/data_management/runs", ["parameters": ["task": "weekly"]])
        #expect(run.text("status") == "succeeded", "\(run)")
        let twins = try ["leads", "contacts", "companies"].reduce(0) { sum, kind in
            try sum + owner.every("/v1/\(kind)/duplicates").count { ($0["confidence"]?.double ?? 0) >= 0.9 }
        }
        let tidied = try area("maintenance", owner)
        #expect(twins > 0 && tidied.score == 100 - Double(twins), "\(tidied)")
        #expect(tidied.advice.count == 1 && tidied.advice[0].contains("very likely the same"))
        let urgent = try owner.every("/v1/quality-issues?status=open&severity=immediate").count
        try box.advance("P8D")
        let late = try area("maintenance", owner)
        #expect(urgent > 0 && late.score == 75 - Double(twins + urgent), "\(late)")
        #expect(late.advice.contains { $0.contains("been open for more than a week") })
        #expect(!late.advice.contains { $0.hasPrefix("Addresses") }, "they are verified every two weeks")
    }

    @Test func `connections that do not work, or have an open alert, take their share from theirs`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try agency.readyToMail()
        #expect(try area("integrations", owner) == Area())
        let mail = try ScriptedMailService("mailgun"), postmark = try PostmarkStandIn()
        let limited = try agency.connect(mail, ["limits": ["month": 5], "pacing": "burst"])
        #expect(try area("integrations", owner) == Area())
        for message in try agency.mail(0..<4) { try agency.message(message, "sent") }
        try eventuallyTrue("the alert") { try !agency.openAlerts(of: limited).isEmpty }
        let near = try area("integrations", owner)
        #expect(near.score == 50 && near.advice.map { $0.contains("has an open alert") } == [true], "\(near)")
        let shut = try agency.connect(
            "postmark", postmark.service.url, credentials: ["server_token": "wrong"])
        #expect(try owner.post("/v1/integrations/\(shut.id)/test").ok()["ok"] == false)
        // Of two each is half: one does not work, and one is half in doubt.
        let both = try area("integrations", owner)
        #expect(both.score == 25 && both.advice.count == 2, "\(both)")
        #expect(both.advice.contains { $0.contains("does not work") })
        try owner.patch("/v1/integrations/\(shut.id)", ["status": "disabled"]).ok()
        #expect(try area("integrations", owner).score == 50, "what is disabled does not count")
    }
}
