import Foundation
import JSON
import Testing

/// Leads age: each comes into its stage on its day, is told of once, and customers age no more.
@Suite(.ownThread) struct Lifecycle {
    let server = BureauProcess.shared
    private static let start = "2027-01-04T09:00:00.000Z"

    private func box(_ copy: String = "empty") throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(copy, startAt: Self.start)
        try box.quieten()
        try box.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        try box.owner.patch(
            "/v1/agents/lifecycle_management", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        return box
    }

    private func instant(daysAfterStart days: Int, hours: Int = 0) -> String {
        let parser = ISO8601DateFormatter()
        parser.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let start = parser.date(from: Self.start)!
        return parser.string(from: start.addingTimeInterval(Double(days * 86_400 + hours * 3600)))
    }

    private func stage(_ box: SandboxCaller, _ id: String) throws -> String {
        try box.owner.get("/v1/leads/\(id)").ok().text("lifecycle_stage")
    }

    private func moves(_ box: SandboxCaller, _ id: String) throws -> [String] {
        try box.owner.every("/v1/events?type=lead.lifecycle_changed")
            .filter { $0["subject"]?["id"]?.text == id }.map { $0["data"]?.text("to") ?? "" }
    }

    @Test func `a lead has the stage of its age from when it was first known, to the day`() throws {
        let box = try box()
        let edges = [
            (0, "fresh"), (30, "fresh"), (31, "warm"), (90, "warm"), (91, "nurturing"), (365, "nurturing"),
            (366, "dormant"), (730, "dormant"), (731, "archived"), (4000, "archived"),
        ]
        var ids: [Int: String] = [:]
        for (days, _) in edges {
            let known = instant(daysAfterStart: -days)
            let made = try box.owner.post("/v1/leads", lead(days, ["known_since": .string(known)])).ok(201)
            ids[days] = made.id
        }
        for (days, stage) in edges { #expect(try self.stage(box, ids[days] ?? "") == stage, "\(days)") }
        let dormant = try box.owner.every("/v1/leads?lifecycle_stage=dormant").map(\.id)
        #expect(Set(dormant) == Set([366, 730].compactMap { ids[$0] }))
        let old = try box.owner.every("/v1/leads?known_since[lt]=2026-01-04T00:00:00.000Z")
        #expect(old.count == 4)
        let fresh = try box.owner.post("/v1/leads", lead(99)).ok(201)
        #expect(fresh.text("lifecycle_stage") == "fresh" && fresh["known_since"] == fresh["created_at"])
        let late = try box.owner.post(
            "/v1/leads", lead(98, ["known_since": "2030-01-01T00:00:00.000Z"]))
        #expect(try late.faults() == ["/known_since": "out_of_range"])
        // A file's leads are as old as it says.
        let file = "company,email,known since\nOld Ltd,ann@old.example,2025-06-01\n"
        _ = try box.owner.post("/v1/leads/import", raw: Array(file.utf8), type: "text/csv").ok(202)
        try box.advance("PT1M")
        let filed = try #require(try box.owner.every("/v1/leads").first { $0.text("company") == "Old Ltd" })
        #expect(filed.text("lifecycle_stage") == "dormant")
        #expect(filed.text("known_since") == "2025-06-01T00:00:00.000Z")
    }

    @Test func `each stage is entered on its day with one event, and what is put away or won ages no more`()
        throws
    {
        let box = try box()
        try box.keepSchedules(of: "lifecycle_management")
        let one = try box.owner.post("/v1/leads", lead(1)).ok(201)
        let two = try box.owner.post("/v1/leads", lead(2)).ok(201)
        let three = try box.owner.post("/v1/leads", lead(4, ["status": "negotiation"])).ok(201)
        let edges = [(30, "fresh"), (31, "warm"), (91, "nurturing"), (366, "dormant"), (731, "archived")]
        for (day, stage) in edges {
            // In the morning of its day, before the hour at which they came; whoever else came that day is in it, too.
            try box.advance(to: instant(daysAfterStart: day, hours: -2))
            #expect(try self.stage(box, one.id) == stage, "day \(day)")
            let known: JSONObject = ["known_since": .string(Self.start)]
            let late = try box.owner.post("/v1/leads", lead(day, known)).ok(201)
            #expect(late.text("lifecycle_stage") == stage, "day \(day)")
            if day == 31 { try box.owner.patch("/v1/leads/\(two.id)", ["status": "archived"]).ok() }
            if day == 91 { try box.owner.patch("/v1/leads/\(three.id)", ["status": "won"]).ok() }
        }
        #expect(try Set(moves(box, one.id)) == ["warm", "nurturing", "dormant", "archived"])
        #expect(try moves(box, one.id).count == 4)
        #expect(try moves(box, two.id) == ["warm"])
        #expect(try Set(moves(box, three.id)) == ["warm", "nurturing", "customer"])
        #expect(try stage(box, three.id) == "customer", "whatever its age")
        let known = instant(daysAfterStart: -400)
        let won = try box.owner.post(
            "/v1/leads", lead(3, ["status": "won", "known_since": .string(known)])
        ).ok(201)
        #expect(won.text("lifecycle_stage") == "customer")
        // Nothing is due: the run looks at no lead.
        try box.advance("P1D")
        let runs = try box.owner.every("/v1/agent-runs?agent=lifecycle_management&status=succeeded")
        let last = try #require(runs.max { $0.id < $1.id })
        #expect(last["result"]?["processed"] == 0)
        let hours = runs.map { String($0.text("created_at").prefix(13)) }.sorted()
        #expect(Array(hours.suffix(2)) == ["2029-01-04T06", "2029-01-05T06"], "once a day, in the morning")
    }

    @Test func `every lead ages in the morning of its day, however many there are`() throws {
        let box = try box(), count = 205
        try box.keepSchedules(of: "lifecycle_management")
        let operations = (0..<count).map { number -> JSON in ["op": "create", "body": lead(number)] }
        let answer = try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        #expect(answer["results"]?.array?.allSatisfy { $0["status"] == 201 } == true, "\(answer)")
        try box.advance(to: instant(daysAfterStart: 30, hours: -2))
        #expect(try box.owner.total("&lifecycle_stage=fresh") == Int64(count))
        try box.advance(to: instant(daysAfterStart: 31, hours: -2))
        #expect(try box.owner.total("&lifecycle_stage=warm") == Int64(count))
        let runs = try box.owner.every("/v1/agent-runs?agent=lifecycle_management&trigger=schedule")
        let last = try #require(runs.max { $0.text("created_at") < $1.text("created_at") })
        #expect(last.text("created_at").hasPrefix("2027-02-04T06:00"))
        #expect(last["result"]?["processed"] == JSON(count) && last["result"]?["changed"] == JSON(count))
    }

    @Test func `each stage says what it is for, and which content fits it`() throws {
        let stages = try server.quietAgency().owner.every("/v1/lifecycle-stages")
        #expect(
            stages.map { $0.text("goal") } == [
                "awareness", "decision", "top_of_mind", "reengagement", "last_attempt",
            ])
        #expect(
            stages.map { $0["content"] } == [
                ["educational", "case_study"], ["product_launch", "case_study", "industry_insights"],
                ["company_news", "product_launch"], ["company_news", "industry_insights"],
                ["company_news", "product_launch"],
            ])
    }

    @Test func `an agency moves its stages, never apart or over one another, and leads move with them`()
        throws
    {
        let box = try box()
        let known = instant(daysAfterStart: -40)
        let old = try box.owner.post("/v1/leads", lead(1, ["known_since": .string(known)])).ok(201)
        let path = "/v1/lifecycle-stages"
        let stages = try box.owner.every(path)
        #expect(
            stages.map { $0.text("name") } == ["fresh", "warm", "nurturing", "dormant", "archived"])
        #expect(stages.map { $0["from_day"] } == [0, 31, 91, 366, 731])
        #expect(stages.map { $0["to_day"] } == [30, 90, 365, 730, .null])
        #expect(stages.map { $0.text("touch_every") } == ["P7D", "P14D", "P30D", "P91D", "P365D"])
        #expect(stages[1]["leads"] == 1)
        let wrong: [(String, JSON, [String: String])] = [
            ("warm", ["from_day": 45], ["/from_day": "invalid_range"]),
            ("warm", ["to_day": 20], ["/to_day": "invalid_range"]),
            ("warm", ["to_day": 365], ["/to_day": "invalid_range"]),
            ("archived", ["to_day": 900], ["/to_day": "invalid_range"]),
            ("warm", ["touch_every": "often"], ["/touch_every": "wrong_type"]),
            ("warm", ["touch_every": "PT1H", "from_day": -1], ["/from_day": "out_of_range"]),
        ]
        for (name, body, faults) in wrong {
            #expect(try box.owner.patch("\(path)/\(name)", body).faults() == faults, "\(body)")
        }
        for name in ["eternal", "customer"] {
            try box.owner.patch("\(path)/\(name)", ["to_day": 3]).problem(404, "not_found")
            try box.owner.get("\(path)/\(name)").problem(404, "not_found")
        }
        let slower = try box.owner.patch("\(path)/warm", ["touch_every": "P21D"]).ok()
        #expect(slower.text("touch_every") == "P21D")
        #expect(try box.owner.get("\(path)/warm").ok() == slower)
        let longer = try box.owner.patch("\(path)/fresh", ["to_day": 45]).ok()
        #expect(longer["to_day"] == 45)
        try box.advance("PT1M")
        #expect(try stage(box, old.id) == "fresh")
        #expect(try box.owner.every(path)[1]["from_day"] == 46)
        #expect(try moves(box, old.id) == ["fresh"])
    }
}
