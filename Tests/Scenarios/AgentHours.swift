import JSON
import Testing

/// Each agent begins at its hours of the agency's own zone, and does then what it is there for.
@Suite(.ownThread) struct AgentHours {
    let server = BureauProcess.shared

    // MARK: The hours of each row

    /// The schedule of a row of the requirements: the agent's hours as people in New York count them, or the moments
    /// at which a task of it begins.
    struct Row: Sendable, CustomTestStringConvertible {
        let row: String, agent: String
        /// A parameter that its runs have.
        var parameter: (name: String, value: JSON)?
        var hours: Set<Int> = []
        var starts: [String] = []

        var testDescription: String { "\(row): \(agent)" }

        func has(_ run: JSON) -> Bool {
            guard run.text("agent") == agent else { return false }
            guard let parameter else {
                return run["parameters"]?["task"] == nil && run["parameters"]?["intensive"] == nil
            }
            return run["parameters"]?[parameter.name] == parameter.value
        }
    }

    private static func task(_ row: String, _ agent: String, _ task: JSON, _ starts: String...) -> Row {
        Row(row: row, agent: agent, parameter: ("task", task), starts: starts)
    }

    static let rows = [
        Row(row: "RUN-22.1", agent: "lead_generation", hours: [9]),
        Row(row: "RUN-22.2", agent: "outreach_automation", hours: [10]),
        Row(
            row: "RUN-22.3", agent: "prospect_research", parameter: ("intensive", true),
            hours: [11, 13, 15, 17, 19, 21, 23]),
        Row(row: "RUN-27", agent: "prospect_research", hours: Set(0..<24)),
        Row(row: "DISC-37", agent: "lead_scoring", hours: Set(0..<24)),
        Row(row: "RUN-22.5", agent: "sales_automation", hours: [14]),
        // Every two hours, 15:00 among them.
        Row(
            row: "RUN-22.6", agent: "lead_qualification",
            hours: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]),
        Row(row: "RUN-22.7", agent: "client_management", hours: [17]),
        Row(row: "DELV-24", agent: "client_outlook", hours: [18]),
        Row(row: "RUN-22.9", agent: "lifecycle_management", hours: [6]),
        task("RUN-22.11", "orchestrator", "weekly_planning", "2027-02-01T13:00"),
        Row(
            row: "RUN-22.11", agent: "content_quality", parameter: ("look", "templates"),
            starts: ["2027-02-01T11:30"]),
        task("RUN-22.14", "data_management", "weekly", "2027-01-31T08"),
        task("RUN-22.16, DELV-23", "client_management", "portfolio", "2027-02-02T14:00"),
        task("RUN-22.17", "client_management", "client_report", "2027-02-01T13:00"),
        task(
            "RUN-38", "data_management", "scan", "2027-01-31T07:00", "2027-02-01T07:00", "2027-02-02T07:00"),
        task("CAMP-21", "market_research", "synthesis", "2027-02-01T11:30"),
    ]

    /// The runs of three days of an agency in New York, from the first half hour of the last Sunday in January on.
    private static let days = Result { () throws -> [JSON] in
        let agency = try BureauProcess.shared.signUp(timeZone: "America/New_York")
        let box = try agency.sandbox(startAt: "2027-01-31T05:30:00.000Z")
        #expect(try box.owner.get("/v1/settings").ok().text("time_zone") == "America/New_York")
        try box.advance("P3D")
        return try box.owner.every("/v1/agent-runs?trigger=schedule")
    }

    @Test(arguments: rows)
    func `a row's agent begins at its hours of the agency's own zone, and ends well`(_ row: Row) throws {
        let runs = try Self.days.get().filter(row.has)
        let failed = runs.filter { $0["status"] != "succeeded" }
        #expect(failed.isEmpty, "\(failed)")
        let begun = runs.map { $0.text("created_at") }.sorted()
        guard row.starts.isEmpty else {
            #expect(begun.count == row.starts.count, "\(begun)")
            #expect(zip(begun, row.starts).allSatisfy { $0.hasPrefix($1) }, "\(begun)")
            return
        }
        // New York is five hours behind in winter.
        let hours = begun.map { ((Int($0.dropFirst(11).prefix(2)) ?? 0) + 19) % 24 }
        #expect(Set(hours) == row.hours)
        #expect(hours.count == 3 * row.hours.count, "once at each of them, every day: \(begun)")
    }

    // MARK: What they do then

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

    @Test func `at two in the afternoon sales follows up a proposal that nobody has answered for three days`()
        throws
    {
        let box = try box("sales_automation", "2027-01-05T18:00:00.000Z"), owner = box.owner
        let prospect = try owner.post("/v1/leads", lead(1)).ok(201)
        let package = try #require(try owner.every("/v1/packages").first)
        let made = try owner.post(
            "/v1/proposals", ["lead_id": .string(prospect.id), "package_id": .string(package.id)]
        ).ok(201)
        try owner.post("/v1/proposals/\(made.id)/send").ok()
        try box.advance("PT1H")
        let deal = try owner.get("/v1/deals/\(made.text("deal_id"))").ok()
        #expect(deal["stage"] == "proposal_delivered", "the pipeline has moved on with it")
        func reminders() throws -> [JSON] {
            try owner.every("/v1/messages?direction=outbound&topic=\(escaped("follow_up:\(made.id)"))")
        }
        // On Friday at two the mail is not three days old.
        try box.advance(to: "2027-01-09T13:59:00.000Z")
        #expect(try reminders().isEmpty)
        try box.advance(to: "2027-01-09T14:01:00.000Z")
        let first = try reminders()
        #expect(first.map { $0.text("created_at").prefix(16) } == ["2027-01-09T14:00"], "\(first)")
        #expect(first.first?["author"]?.id == "sales_automation")
        try box.advance("P8D")
        let all = try reminders()
        #expect((2...3).contains(all.count), "\(all.count)")
        #expect(all.allSatisfy { $0.text("created_at").dropFirst(10).hasPrefix("T14:00") })
    }

    @Test func `at five in the afternoon clients are judged, and reports whose week is over come`() throws {
        let box = try box("client_management"), owner = box.owner
        let package = try owner.post(
            "/v1/packages", ["name": "Weekly", "price": cents(100_000), "report_cadence": "weekly"]
        ).ok(201)
        let client = try owner.makeClient(["package_id": .string(package.id)])
        try owner.patch("/v1/clients/\(client.id)", ["status": "active"]).ok()
        let project = try owner.project(client)
        for number in 0..<5 {
            _ = try owner.task(project, "T\(number)", ["due_on": "2027-01-04", "status": "todo"])
        }
        func judged() throws -> [String] {
            try owner.every("/v1/decisions?agent=client_management&subject_id=\(client.id)").map {
                String($0.text("created_at").prefix(16))
            }
        }
        func health() throws -> JSON? { try owner.get("/v1/clients/\(client.id)").ok()["health"] }
        try box.advance(to: "2027-01-05T16:59:00.000Z")
        #expect(try judged().isEmpty && health() == .null)
        try box.advance(to: "2027-01-05T17:01:00.000Z")
        #expect(try judged() == ["2027-01-05T17:00"] && health() != .null)
        func reports() throws -> [JSON] { try owner.every("/v1/reports?client_id=\(client.id)") }
        try box.advance(to: "2027-01-11T16:59:00.000Z")
        #expect(try reports().isEmpty)
        try box.advance(to: "2027-01-11T17:01:00.000Z")
        let made = try reports()
        #expect(made.map { $0.text("period_start") } == ["2027-01-04"] && made.first?["kind"] == "weekly")
        #expect(made.first?.text("created_at").hasPrefix("2027-01-11T17:00") == true)
    }
}
