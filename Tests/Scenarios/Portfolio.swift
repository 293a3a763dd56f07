import JSON
import StandIns
import Testing

/// An agency's clients together, and what its people can do for them.
@Suite(.ownThread) struct PortfolioFigures {
    let server = BureauProcess.shared

    private func client(
        _ owner: Caller, _ name: String, _ fee: Int64, _ more: JSONObject = [:]
    ) throws -> JSON {
        var body: JSONObject = ["name": .string(name)]
        for (key, value) in more.members { body[key] = value }
        let client = try owner.makeClient(body)
        try owner.post(
            "/v1/subscriptions",
            ["client_id": .string(client.id), "description": "Retainer", "price": cents(fee)]
        ).ok(201)
        return client
    }

    private func codes(_ portfolio: JSON) -> [String] {
        (portfolio["warnings"]?.array ?? []).map { $0.text("code") }
    }

    @Test
    func `dependence on one client, one industry and one size is told, and what is too much is a warning`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        var ids: [String] = []
        for (number, fee) in ([100_000, 10_000, 10_000] as [Int64]).enumerated() {
            let lead = try agency.makeLead(
                number,
                ["industry": number == 2 ? "retail" : "technology", "employee_count": number == 2 ? 300 : 20])
            ids.append(try client(owner, "C\(number)", fee, ["lead_id": .string(lead.id)]).id)
        }
        let portfolio = try owner.get("/v1/portfolio").ok()
        #expect(portfolio["clients"] == 3 && portfolio.cents("monthly") == 120_000)
        func near(_ value: JSON?, _ wanted: Double) -> Bool { abs((value?.double ?? -1) - wanted) < 0.001 }
        #expect(near(portfolio["largest_share"], 100.0 / 120))
        let dependence = portfolio["dependence"]?.array ?? []
        #expect(dependence.map { $0.text("client_id") } == ids, "each client by name, the largest first")
        #expect(zip(dependence, [100, 10, 10]).allSatisfy { near($0["share"], $1 / 120) })
        let spread = portfolio["concentration"]
        #expect(near(spread?["clients"], 10_200.0 / 14_400))
        #expect(near(spread?["industries"], (110.0 * 110 + 10 * 10) / (120 * 120)))
        #expect(near(spread?["sizes"], (110.0 * 110 + 10 * 10) / (120 * 120)))
        #expect(
            codes(portfolio) == ["client_concentration", "industry_concentration", "size_concentration"])
        #expect(portfolio["retention"]?["rate"] == .null && portfolio["at_risk"] == [])
        // Of somebody who pays as much as the others the company is not known: 110 of 240 are no half.
        _ = try client(owner, "Unknown", 120_000)
        #expect(try codes(owner.get("/v1/portfolio").ok()) == ["client_concentration"])
        let person = try agency.clientPerson(of: try owner.makeClient(), "admin")
        try person.get("/v1/portfolio").problem(403, "forbidden")
    }

    @Test func `who has stayed for a year and who has left make the retention`() throws {
        let box = try server.signUp().sandbox(), owner = box.owner
        try box.quieten()
        try box.keepSchedules()
        let clients = try (0..<4).map { try owner.makeClient(["name": .string("C\($0)")]) }
        try box.advance("P370D")
        try owner.patch("/v1/clients/\(clients[0].id)", ["status": "former"]).ok()
        let portfolio = try owner.get("/v1/portfolio").ok(), retention = portfolio["retention"]
        #expect(retention?["of"] == 4 && retention?["kept"] == 3 && retention?["rate"] == 0.75)
        #expect(codes(portfolio).isEmpty, "nobody pays a fee, so nothing is said of fees")
    }

    @Test
    func `weeks that are fuller than people have hours are a warning, told once, and hold new outreach`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        try owner.patch("/v1/agents/client_outlook", ["state": "active"]).ok()
        let project = try owner.project(try owner.makeClient())
        let task = try owner.post(
            "/v1/tasks",
            [
                "project_id": .string(project.id), "title": "Large", "estimate": "PT400H",
                "due_on": "2027-01-12",
            ]
        ).ok(201)
        let portfolio = try owner.get("/v1/portfolio").ok()
        #expect(codes(portfolio).contains("over_capacity"))
        let weeks = portfolio["capacity"]?["weeks"]?.array ?? []
        #expect(portfolio["capacity"]?["planned"] == 400)
        #expect(weeks.map { $0["planned"]?.double } == [0, 400, 0, 0, 0, 0, 0, 0])
        #expect(weeks.dropFirst().first?.text("week") == "2027-01-11", "the week that the work is due in")
        try box.advance("P2D")
        func told() throws -> [String?] {
            try owner.every("/v1/events").filter { $0.text("type") == "capacity.changed" }
                .sorted { $0.id < $1.id }.map { $0["data"]?.text("to") }
        }
        #expect(try told() == ["over"])
        let outreach = "/v1/agents/outreach_automation"
        try owner.post("/v1/leads", lead(1, ["status": "qualified"])).ok(201)
        func chosen() throws -> JSON? {
            try owner.patch(outreach, ["state": "active", "autonomy": "autopilot"]).ok()
            let result = try owner.ended("\(outreach)/runs")["result"]
            try owner.patch(outreach, ["state": "disabled"]).ok()
            return result
        }
        let held = try chosen()
        #expect(held?["chosen"] == 0 && held?["refused"] == ["over_capacity": 1], "\(held ?? .null)")
        try owner.patch("/v1/tasks/\(task.id)", ["status": "done"]).ok()
        try box.advance("P1D")
        #expect(try told() == ["over", "free"])
        #expect(try chosen()?["chosen"] == 1, "it goes on by itself")
    }

    @Test
    func `while the next weeks are nearly full half as many are written to, and each decision says why`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        try owner.patch("/v1/agents/client_outlook", ["state": "active"]).ok()
        let outreach = "/v1/agents/outreach_automation"
        try owner.patch("\(outreach)/config", ["max_outreach_per_day": 4]).ok()
        try owner.post("\(outreach)/config/publish").ok()
        let weeks = try owner.get("/v1/portfolio").ok()["capacity"]?["weeks"]?.array ?? []
        let hours = Int(try #require(weeks.first?["hours"]?.double) * 0.9)
        let project = try owner.project(try owner.makeClient())
        for day in ["08", "15", "22", "29"] {
            try owner.post(
                "/v1/tasks",
                [
                    "project_id": .string(project.id), "title": "Work",
                    "estimate": .string("PT\(hours)H"), "due_on": .string("2027-01-\(day)"),
                ]
            ).ok(201)
        }
        try box.advance("P2D")
        let told = try owner.every("/v1/events").filter { $0.text("type") == "capacity.changed" }
        #expect(told.map { $0["data"]?.text("to") } == ["tight"])
        for number in 0..<6 {
            try owner.post("/v1/leads", lead(number, ["status": "qualified"])).ok(201)
        }
        try owner.patch(outreach, ["state": "active", "autonomy": "autopilot"]).ok()
        func chosen() throws -> JSON? { try owner.ended("\(outreach)/runs")["result"] }
        let slow = try chosen()
        #expect(slow?["chosen"] == 2 && slow?["capacity"] == "tight", "\(slow ?? .null)")
        #expect(slow?["refused"] == ["tight_capacity": 1])
        let decisions = try owner.every("/v1/decisions?agent=outreach_automation")
        let held = decisions.flatMap { $0["factors"]?.array ?? [] }.filter { $0["name"] == "capacity" }
        #expect(decisions.count == 2 && held.count == 2)
        #expect(held.allSatisfy { $0["value"] == "tight" && $0.text("evidence").contains("nearly full") })
        // An agency that does not want that goes on up to the whole number.
        try owner.patch("\(outreach)/config", ["respects_capacity": false]).ok()
        try owner.post("\(outreach)/config/publish").ok()
        let whole = try chosen()
        #expect(whole?["chosen"] == 2 && whole?["refused"]?["daily_cap"] == 1, "\(whole ?? .null)")
    }

    @Test func `a client of the highest tier without an account manager is an alert until one is named`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try owner.makeClient(["tier": "enterprise"])
        func alerts() throws -> [JSON] {
            try owner.every("/v1/alerts?kind=account_manager_missing").filter { $0["resolved_at"] == .null }
        }
        #expect(try alerts().count == 1)
        try owner.patch("/v1/clients/\(client.id)", ["manager_id": .string(agency.user.id)]).ok()
        #expect(try alerts().isEmpty)
        // A person who is named may leave.
        let mo = try owner.post(
            "/v1/users",
            [
                "name": "Mo", "email": .string("mo-\(client.id)@example.com"), "role": "member",
                "password": "correct horse battery",
            ]
        ).ok(201)
        try owner.patch("/v1/clients/\(client.id)", ["manager_id": .string(mo.id)]).ok()
        try owner.patch("/v1/users/\(mo.id)", ["status": "disabled"]).ok()
        #expect(try alerts().map { $0["subject"]?.text("id") } == [client.id])
        try owner.patch("/v1/users/\(mo.id)", ["status": "active"]).ok()
        #expect(try alerts().isEmpty)
        try owner.delete("/v1/users/\(mo.id)").ok(204)
        #expect(try alerts().count == 1)
    }

    @Test func `who pays far less for an hour than others is told, with the hours and what would be usual`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        var ids: [String] = [], tasks: [String] = []
        func finish(_ project: JSON, _ more: JSONObject) throws {
            tasks.append(try owner.task(project, "Work", more).id)
            try owner.patch("/v1/tasks/\(tasks[tasks.count - 1])", ["status": "done"]).ok()
        }
        for (number, hours) in [20, 20, 50].enumerated() {
            let client = try client(owner, "C\(number)", 100_000), project = try owner.project(client)
            ids.append(client.id)
            try finish(project, ["estimate": .string("PT\(hours)H")])
            guard number == 2 else { continue }
            // Two of the same time count twice; one without any says nothing, and one that is open neither.
            for _ in 0..<2 { try finish(project, ["estimate": "PT15H"]) }
            try finish(project, [:])
            _ = try owner.task(project, "Open", ["estimate": "PT90H"])
        }
        let pricing = try owner.get("/v1/portfolio").ok()["pricing"]?.array ?? []
        #expect(pricing.map { $0.text("client_id") } == [ids[2]])
        #expect(pricing[0]["hours"] == 80 && pricing[0].cents("rate") == 3750)
        #expect(pricing[0].cents("usual_rate") == 15_000 && pricing[0].cents("suggested_fee") == 400_000)
        #expect(pricing[0]["tasks"] == 3 && pricing[0]["evidence"] == JSON(Array(tasks[2...4].reversed())))
        // The monthly review names whom to talk to of their fee.
        try owner.patch("/v1/agents/client_management", ["state": "active"]).ok()
        let run = try owner.ended(
            "/v1/agents/client_management/runs", ["parameters": ["task": "portfolio"]])
        #expect(run["result"]?["portfolio"]?["pricing"] == [.string(ids[2])], "\(run)")
        let told = try owner.every("/v1/notifications").filter { $0.text("kind") == "portfolio_reviewed" }
        #expect(told.map { $0.text("title").hasSuffix("1 fee to talk about") } == [true], "\(told)")
    }

    @Test func `each month all clients are looked at together: health, work, fees, worth and needs`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let (good, bad) = (try client(owner, "Good", 100_000), try client(owner, "Bad", 50_000))
        let survey = try owner.post(
            "/v1/surveys", ["name": "Help", "kind": "csat", "question": "How is it?"]
        ).ok(201)
        try owner.post(
            "/v1/survey-responses",
            ["survey_id": .string(survey.id), "client_id": .string(good.id), "score": 5]
        ).ok(201)
        let made = try owner.deliverable(try owner.project(good), ["text": "Order your coffee today."])
        let quality = try owner.step(made, "submit")["quality"]
        try owner.post("/v1/opportunities", ["client_id": .string(good.id), "kind": "cross_sell"]).ok(201)
        let project = try owner.project(bad)
        for number in 0..<5 {
            _ = try owner.task(project, "T\(number)", ["due_on": "2020-01-01", "status": "blocked"])
        }
        for _ in 0..<4 {
            let more: JSONObject = ["priority": "urgent", "client_id": .string(bad.id)]
            try owner.ticket("Broken", "It is broken.", more)
        }
        func run(_ agent: String, _ task: String? = nil) throws -> JSON {
            try owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
            let body: JSON = task == nil ? [:] : ["parameters": ["task": .string(task ?? "")]]
            return try owner.ended("/v1/agents/\(agent)/runs", body)["result"] ?? .null
        }
        _ = try run("client_outlook")
        let result = try run("client_management", "portfolio")
        #expect(result["processed"] == 2 && result["reports"] == 0, "\(result)")
        #expect(try owner.get("/v1/clients/\(bad.id)").ok()["health"] == "at_risk")
        let review = result["portfolio"] ?? .null
        #expect(review["clients"] == 2 && review.cents("monthly") == 150_000)
        #expect(review["at_risk"] == [.string(bad.id)] && review["pricing"] == [], "\(review)")
        #expect(review["warnings"] == ["client_concentration"], "two thirds of the fees are one client's")
        #expect(review["satisfaction"]?.double == 10 && review["retention"]?["of"] == 0)
        let passed: JSON = quality?["passed"] == true ? 1 : 0
        #expect(review["deliverables"]?["reviews"] == 1 && review["deliverables"]?["passed"] == passed)
        #expect(review["opportunities"] == ["cross_sell": 1, "retention": 1], "\(review)")
        let worth = try [good, bad].map { client in
            try owner.get("/v1/clients/\(client.id)/outlook").ok()["lifetime_value"]?["amount"]?.int ?? 0
        }
        #expect(worth.allSatisfy { $0 > 0 } && review["lifetime_value"]?["of"] == 2)
        #expect(review["lifetime_value"]?["amount"]?.int == worth.reduce(0, +), "\(review)")
        #expect(try run("client_management", "client_report")["portfolio"] == nil)
        let told = try owner.every("/v1/notifications").filter { $0.text("kind") == "portfolio_reviewed" }
        let title = "Your clients: 2 clients, 1 at risk, no fee to talk about"
        #expect(told.map { $0.text("title") } == [title])
    }

    // MARK: Month by month

    private func reviews(_ owner: Caller) throws -> [JSON] {
        try owner.every("/v1/agent-runs?agent=client_management&trigger=schedule")
            .filter { $0["parameters"]?["task"] == "portfolio" }
            .sorted { $0.text("created_at") < $1.text("created_at") }
    }

    @Test func `on the second of each month at nine what is delivered, paid and worth is reviewed by itself`()
        throws
    {
        let box = try server.quietAgency().sandbox(startAt: "2027-02-01T10:00:00.000Z"), owner = box.owner
        try box.readyToSend()
        try box.keepSchedules(of: "client_management", "client_outlook")
        let (one, two) = (try client(owner, "One", 100_000), try client(owner, "Two", 50_000))
        let made = try owner.deliverable(try owner.project(one), ["text": "Order your coffee today."])
        _ = try owner.step(made, "submit")
        for agent in ["client_management", "client_outlook"] {
            try owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
        }
        try box.advance(to: "2027-02-02T08:59:00.000Z")
        #expect(try reviews(owner).isEmpty)
        try box.advance(to: "2027-02-02T09:01:00.000Z")
        let run = try #require(try reviews(owner).first), review = run["result"]?["portfolio"] ?? .null
        #expect(run["status"] == "succeeded" && run.text("created_at").hasPrefix("2027-02-02T09:00"))
        #expect(review["clients"] == 2 && review.cents("monthly") == 150_000, "\(review)")
        #expect(review["deliverables"]?["since"] == "2027-01-01" && review["deliverables"]?["reviews"] == 1)
        #expect(review["pricing"] == [], "no hours have been worked that a fee could be measured by")
        let worth = try [one, two].map { client in
            try owner.get("/v1/clients/\(client.id)/outlook").ok()["lifetime_value"]?["amount"]?.int ?? 0
        }
        #expect(review["lifetime_value"]?["amount"]?.int == worth.reduce(0, +) && worth.allSatisfy { $0 > 0 })
        try box.advance(to: "2027-03-02T09:01:00.000Z")
        let both = try reviews(owner)
        #expect(both.map { $0.text("created_at").prefix(10) } == ["2027-02-02", "2027-03-02"])
        #expect(both.last?["result"]?["portfolio"]?["clients"] == 2)
    }

    @Test func `each month satisfaction, retention, what clients may want and how to keep them are assessed`()
        throws
    {
        let box = try server.quietAgency().sandbox(startAt: "2026-01-27T10:00:00.000Z"), owner = box.owner
        try box.readyToSend()
        try box.keepSchedules(of: "client_management")
        let schedules = try owner.every("/v1/schedules")
        for one in schedules { try owner.patch("/v1/schedules/\(one.id)", ["enabled": false]).ok() }
        let clients = try ["Good", "Bad", "Left", "Calm"].map { try owner.makeClient(["name": .string($0)]) }
        try box.advance("P370D")
        #expect(try box.now().hasPrefix("2027-02-01T10:00"))
        // The daily look at five would assess them, too.
        let monthly = try #require(schedules.first { $0["parameters"]?["task"] == "portfolio" })
        try owner.patch("/v1/schedules/\(monthly.id)", ["enabled": true]).ok()
        try owner.patch("/v1/clients/\(clients[2].id)", ["status": "former"]).ok()
        let survey = try owner.post(
            "/v1/surveys", ["name": "Help", "kind": "csat", "question": "How is it?"]
        ).ok(201)
        for (client, score) in [(clients[0], 5), (clients[3], 4)] {
            try owner.post(
                "/v1/survey-responses",
                [
                    "survey_id": .string(survey.id), "client_id": .string(client.id),
                    "score": JSON(score),
                ]
            ).ok(201)
        }
        try owner.post(
            "/v1/opportunities", ["client_id": .string(clients[0].id), "kind": "cross_sell"]
        ).ok(201)
        let project = try owner.project(clients[1])
        for number in 0..<5 {
            _ = try owner.task(project, "T\(number)", ["due_on": "2027-01-01", "status": "blocked"])
        }
        for _ in 0..<4 {
            let more: JSONObject = ["priority": "urgent", "client_id": .string(clients[1].id)]
            try owner.ticket("Broken", "It is broken.", more)
        }
        try owner.patch("/v1/agents/client_management", ["state": "active"]).ok()
        try box.advance(to: "2027-02-02T08:59:00.000Z")
        #expect(try owner.get("/v1/clients/\(clients[1].id)").ok()["health"] == .null)
        try box.advance(to: "2027-02-02T09:01:00.000Z")
        let run = try #require(try reviews(owner).first), review = run["result"]?["portfolio"] ?? .null
        // Five of five is 10, four is 7.5.
        #expect(review["satisfaction"]?.double == 8.8, "\(review)")
        #expect(review["retention"] == ["of": 4, "kept": 3] && review["clients"] == 3)
        #expect(review["at_risk"] == [.string(clients[1].id)])
        #expect(review["opportunities"]?["cross_sell"] == 1 && review["opportunities"]?["retention"] == 1)
        let keeping = try owner.every("/v1/opportunities?client_id=\(clients[1].id)&kind=retention")
        let steps = keeping.first?["steps"]?.array ?? []
        #expect(keeping.count == 1 && !steps.isEmpty && steps.allSatisfy { !$0.text("text").isEmpty })
    }
}
