import JSON
import Testing

/// An agency's own outcomes show something about its market, with enough cases and their numbers, or nothing.
@Suite(.ownThread) struct MarketResearch {
    let server = BureauProcess.shared

    private func box(_ start: String) throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: start)
        try box.quieten()
        return box
    }

    private func research(
        _ box: SandboxCaller, _ task: String = "findings", autonomy: String = "autopilot"
    ) throws -> JSON {
        try box.owner.patch(
            "/v1/agents/market_research", ["state": "active", "autonomy": .string(autonomy)]
        ).ok()
        let run = try box.owner.ended(
            "/v1/agents/market_research/runs", ["parameters": ["task": .string(task)]])
        #expect(run.text("status") == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    private func make(_ box: SandboxCaller, _ count: Int, _ number: Int, _ more: JSONObject = [:]) throws {
        let operations = (0..<count).map { place -> JSON in
            ["op": "create", "body": lead(number + place, more)]
        }
        let answer = try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        #expect(answer["results"]?.array?.allSatisfy { $0["status"] == 201 } == true, "\(answer)")
    }

    /// Wins a lead by a deal of so many dollars, and makes the client of it.
    private func win(_ box: SandboxCaller, _ number: Int, worth: Int64) throws -> JSON {
        let made = try box.owner.post("/v1/leads", lead(number)).ok(201), id = JSON.string(made.id)
        let deal = try box.owner.post(
            "/v1/deals", ["lead_id": id, "name": "Deal", "value": dollars(worth)]
        ).ok(201)
        try box.owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        return try box.owner.post("/v1/clients", ["name": .string("Client \(number)"), "lead_id": id])
            .ok(201)
    }

    /// Ten tasks for a client are done, two of them too late.
    private func serve(_ box: SandboxCaller, _ client: JSON) throws {
        let project = try box.owner.post(
            "/v1/projects", ["client_id": .string(client.id), "name": "Site"]
        ).ok(201)
        for number in 1...10 {
            let task = try box.owner.post(
                "/v1/tasks",
                [
                    "project_id": .string(project.id), "title": .string("Part \(number)"),
                    "due_on": number <= 2 ? "2020-01-01" : "2099-01-01",
                ]
            ).ok(201)
            try box.owner.patch("/v1/tasks/\(task.id)", ["status": "done"]).ok()
        }
    }

    private func findings(_ result: JSON, _ kind: String) -> [JSON] {
        (result["findings"]?.array ?? []).filter { $0.text("kind") == kind }
    }

    @Test func `segments that are won more often are found, with numbers that replay`() throws {
        let box = try box("2027-01-05T10:00:00.000Z")
        try make(box, 20, 0, ["status": "won"])
        let clients = try (1...12).map { try win(box, 19 + $0, worth: Int64($0) * 1000) }
        for client in clients.prefix(3) { try serve(box, client) }
        try make(box, 8, 100, ["status": "lost"])
        try make(box, 12, 200, ["status": "won", "industry": "retail"])
        try make(box, 28, 300, ["status": "lost", "industry": "retail"])
        let result = try research(box), found = findings(result, "segment")
        let subjects = try box.owner.every("/v1/market-findings?kind=segment")
        #expect(
            Set(subjects.map { $0.text("subject") }).isSuperset(of: [
                "segment/industry/technology", "segment/industry/retail",
            ]))
        let technology = try #require(subjects.first { $0.text("subject") == "segment/industry/technology" })
        #expect(technology["numbers"]?["hits"] == 32 && technology["numbers"]?["cases"] == 40)
        #expect((technology["interval"]?["low"]?.double ?? 0) > 0.2)
        #expect(technology.text("recommendation") == "Look for more leads like these.")
        // Twelve deals of 1,000 to 12,000, and four tasks of five in time.
        #expect(technology["numbers"]?["value_median"] == dollars(6500), "\(technology)")
        #expect(technology["numbers"]?["value_cases"] == 12)
        let values = technology["numbers"]?["value_interval"]
        #expect(values?["low"] == dollars(3000) && values?["high"] == dollars(10_000))
        #expect(technology["numbers"]?["in_time_share"]?.double == 0.8)
        #expect(technology["numbers"]?["in_time_cases"] == 30)
        let times = technology["numbers"]?["in_time_interval"], low = times?["low"]?.double ?? 0
        #expect((0.6..<0.8).contains(low) && (times?["high"]?.double ?? 0) > 0.8)
        let retail = subjects.first { $0.text("subject") == "segment/industry/retail" }
        #expect(retail?.text("recommendation").hasPrefix("Qualify such leads more strictly") == true)
        #expect(retail?["numbers"]?["value_median"] == nil, "of their worth nothing is known")
        #expect(technology["evidence"]?.array?.first?.text("type") == "lead")
        let decision = technology.text("decision_id")
        #expect(found.contains { $0.text("decision_id") == decision })
        #expect(try box.owner.post("/v1/decisions/\(decision)/replay").ok()["same"] == true)
        // Equal results are the same finding; one that no longer shows is past.
        let again = try research(box)
        #expect(Set(findings(again, "segment").map(\.id)) == Set(found.map(\.id)))
        try make(box, 28, 400, ["status": "won", "industry": "retail"])
        try make(box, 40, 500, ["status": "lost"])
        _ = try research(box)
        let past = try box.owner.every("/v1/market-findings?status=past")
        #expect(past.contains { $0.id == technology.id && $0["ended_at"] != .null })
        #expect(try box.owner.every("/v1/events?type=market.finding").count >= found.count)
    }

    @Test func `with few cases nothing is said`() throws {
        let box = try box("2027-01-05T10:00:00.000Z")
        try make(box, 9, 0, ["status": "won"])
        try make(box, 9, 100, ["status": "lost", "industry": "retail"])
        let result = try research(box)
        #expect(result["findings"] == [])
        #expect(try box.owner.every("/v1/market-findings").isEmpty)
        let report = try research(box, "synthesis")["report"]
        let kept = try box.owner.get("/v1/market-reports/\(report?.text("id") ?? "")").ok()
        #expect(kept.text("text") == "No finding rests on enough cases.")
    }

    @Test func `demand that rises is a trend, and a need that nobody serves a gap`() throws {
        let box = try box("2026-07-01T10:00:00.000Z")
        try box.keepSchedules(of: "market_research")
        try make(box, 1, 0)
        try box.advance("P81D")
        try make(box, 30, 10)
        try box.advance("P100D")
        let needs: JSON = ["Podcast production"]
        try make(box, 45, 100, ["pain_points": needs])
        try make(box, 45, 200, ["pain_points": needs, "industry": "healthcare"])
        let result = try research(box)
        let trend = try #require(findings(result, "trend").first { $0["numbers"]?["now"] == 90 })
        #expect(trend["numbers"]?["before"] == 30 && (trend["interval"]?["low"]?.double ?? 0) > 1.5)
        #expect(trend.text("recommendation").hasPrefix("Demand is rising"))
        // The sector from which more come: none of 30 leads before, and now half of all.
        let sector = try #require(findings(result, "trend").first { $0["numbers"]?["other_hits"] == 0 })
        #expect(sector["numbers"]?["hits"] == 45 && sector["numbers"]?["cases"] == 90, "\(sector)")
        #expect(
            sector.text("title").contains("healthcare") && (sector["interval"]?["low"]?.double ?? 0) > 0.2)
        let gap = try #require(findings(result, "gap").first)
        #expect(gap.text("title").hasPrefix("podcast production: 90 leads name this need"))
        #expect(gap["evidence"]?.array?.count == 5)
        #expect(gap.text("recommendation") == "Consider an offer for this need.")
        // Before that nobody named a need: that they do now says nothing of which.
        #expect(!findings(result, "trend").contains { $0.text("title").contains("podcast") })
        // An offered service is no gap.
        try box.owner.post(
            "/v1/packages", ["name": "Podcast production", "price": dollars(900)]
        ).ok(201)
        #expect(try findings(research(box), "gap").isEmpty)
    }

    @Test func `a need that more leads name than before is a trend, and one that fewer do another`() throws {
        let box = try box("2026-07-01T10:00:00.000Z")
        try box.keepSchedules(of: "market_research")
        try make(box, 1, 0)
        try box.advance("P81D")
        func name(_ need: String, _ count: Int, _ number: Int) throws {
            try make(box, count, number, ["pain_points": [.string(need)]])
        }
        try name("Podcast production", 6, 10)
        try name("More visitors", 34, 50)
        try box.advance("P100D")
        try name("Podcast production", 28, 100)
        try name("More visitors", 12, 150)
        let trends = try findings(research(box), "trend")
        let rising = try #require(trends.first { $0["numbers"]?["hits"] == 28 }, "\(trends)")
        #expect(rising["numbers"]?["cases"] == 40 && rising["numbers"]?["other_hits"] == 6)
        #expect(rising.text("title").hasPrefix("More or fewer leads need podcast production: 70 %"))
        #expect((rising["interval"]?["low"]?.double ?? 0) > 0.3 && rising["evidence"]?.array?.count == 5)
        #expect(rising.text("recommendation").hasPrefix("Demand is rising"))
        let falling = try #require(trends.first { $0["numbers"]?["hits"] == 12 })
        #expect(falling.text("recommendation").hasPrefix("Demand is falling") && trends.count == 2)
        let kept = try box.owner.every("/v1/market-findings?kind=trend").map { $0.text("subject") }
        #expect(Set(kept) == ["trend/need/podcast production", "trend/need/more visitors"])
    }

    @Test func `a month that stands out in each of two years is a season`() throws {
        let box = try box("2024-12-31T12:00:00.000Z")
        try box.keepSchedules(of: "market_research")
        var number = 0
        for month in 0..<25 {
            try box.advance(
                to: "\(2025 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)-10T12:00:00.000Z")
            let count = month % 12 == 2 ? 30 : 8
            try make(box, count, number)
            number += count
        }
        try box.advance(to: "2027-02-02T12:00:00.000Z")
        let seasons = try findings(research(box), "season")
        #expect(seasons.count == 1 && seasons.first?["numbers"]?["years"] == 2, "\(seasons)")
        #expect(seasons.first?["numbers"]?["hits"] == 60)
        #expect((seasons.first?["interval"]?["low"]?.double ?? 0) > 1.5)
    }

    @Test func `a month is put together once, with its recommendations and sources, and the next by itself`()
        throws
    {
        let box = try box("2027-02-03T10:00:00.000Z")
        try box.keepSchedules(of: "market_research")
        try make(box, 36, 0, ["status": "won"])
        try make(box, 4, 100, ["status": "lost"])
        try make(box, 40, 200, ["status": "lost", "industry": "retail"])
        let report = try #require(try research(box, "synthesis")["report"])
        #expect(report.text("month") == "2027-01-01")
        let again = try #require(try research(box, "synthesis")["report"])
        #expect(again.id == report.id)
        let kept = try box.owner.get("/v1/market-reports/\(report.id)").ok()
        #expect(
            kept["sources"]?.array?.contains { $0.text("type") == "lead_outcome" && $0["count"] == 80 }
                == true)
        // Each finding stands there with what follows from it.
        let told = kept["findings"]?.array ?? []
        #expect(told.contains { $0.text("recommendation") == "Look for more leads like these." })
        #expect(told.allSatisfy { !$0.text("recommendation").isEmpty && $0["numbers"]?["cases"] != nil })
        #expect(told.allSatisfy { kept.text("text").contains($0.text("recommendation")) }, "\(kept)")
        // The first of the next month comes, and nobody asks.
        let schedules = try box.owner.every("/v1/schedules?agent=market_research")
        #expect(schedules.contains { $0.text("cron") == "30 6 1 * *" })
        try box.advance(to: "2027-03-01T06:29:00.000Z")
        #expect(try box.owner.every("/v1/market-reports").map { $0.text("month") } == ["2027-01-01"])
        try box.advance(to: "2027-03-01T06:31:00.000Z")
        let months = try box.owner.every("/v1/market-reports").map { $0.text("month") }
        #expect(Set(months) == ["2027-01-01", "2027-02-01"] && months.count == 2)
    }

    @Test func `an agent that observes decides, and keeps no finding`() throws {
        let box = try box("2027-01-05T10:00:00.000Z")
        try make(box, 36, 0, ["status": "won"])
        try make(box, 40, 200, ["status": "lost", "industry": "retail"])
        #expect(try !findings(research(box, autonomy: "observe"), "segment").isEmpty)
        #expect(try box.owner.every("/v1/market-findings").isEmpty)
        #expect(try !box.owner.every("/v1/decisions?agent=market_research").isEmpty)
    }
}
