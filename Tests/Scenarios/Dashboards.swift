import JSON
import Testing

/// The seed documents' own endpoints.
@Suite(.ownThread) struct Dashboards {
    let server = BureauProcess.shared

    @Test func `the overview has exactly its keys, and true values`() throws {
        let agency = try server.quietAgency()
        let shape: [String: Set<String>] = [
            "leads": ["total", "qualified", "conversion_rate"], "sales": ["pipeline_value", "active_deals"],
            "clients": ["active", "monthly_revenue"],
            "outreach": ["total_sent", "total_replies", "response_rate"],
        ]
        let empty = try agency.owner.get("/api/dashboard/overview").ok()
        let members = (empty.object?.members ?? []).map { ($0.key, Set($0.value.object?.keys ?? [])) }
        #expect(Dictionary(uniqueKeysWithValues: members) == shape)
        #expect(empty["leads"] == ["total": 0, "qualified": 0, "conversion_rate": 0])
        for number in 0..<10 { _ = try agency.makeLead(number, ["status": number < 3 ? "qualified" : "new"]) }
        let full = try agency.owner.get("/api/dashboard/overview").ok()
        #expect(full["leads"]?["total"] == 10 && full["leads"]?["qualified"] == 3)
        #expect(full["leads"]?["conversion_rate"]?.double == 30)
        try server.anonymous.get("/api/dashboard/overview").problem(401, "unauthenticated")
    }

    @Test func `who was ever qualified counts, and who is deleted does not`() throws {
        let agency = try server.quietAgency()
        let won = try agency.makeLead(1, ["status": "won"])
        _ = try agency.makeLead(2, ["status": "disqualified"])
        let gone = try agency.makeLead(3, ["status": "qualified"])
        try agency.owner.delete("/v1/leads/\(gone.id)").ok(204)
        try agency.owner.patch("/v1/leads/\(won.id)", ["notes": "x"]).ok()
        let leads = try agency.owner.get("/api/dashboard/overview").ok()["leads"]
        #expect(leads?["total"] == 2 && leads?["qualified"] == 1 && leads?["conversion_rate"]?.double == 50)
    }

    @Test func `the lead list pages, sorts and filters in its own words`() throws {
        let agency = try server.quietAgency()
        for number in 0..<25 { _ = try agency.makeLead(number, ["status": number < 5 ? "qualified" : "new"]) }
        let first = try agency.owner.get("/api/dashboard/leads").ok()
        #expect(first["page"] == 1 && first["per_page"] == 20 && first["total"] == 25 && first["pages"] == 2)
        let keys = Set(first["leads"]?[0].object?.keys ?? [])
        #expect(
            keys.isSuperset(of: [
                "id", "company_name", "contact_name", "email", "phone", "status", "score", "priority",
                "created_date",
            ]))
        #expect(try agency.owner.get("/api/dashboard/leads?page=2").ok()["leads"]?.array?.count == 5)
        #expect(try agency.owner.get("/api/dashboard/leads?status=qualified&per_page=3").ok()["total"] == 5)
        func column(_ query: String, _ key: String) throws -> [String] {
            (try agency.owner.get("/api/dashboard/leads?per_page=25&\(query)").ok()["leads"]?.array ?? []).map
            { $0.text(key) }
        }
        let names = try column("sort=company_name", "company_name")
        let dates = try column("sort=created_date", "created_date")
        #expect(names == names.sorted() && names.count == 25 && dates == dates.sorted(by: >))
        for wrong in ["sort=colour", "page=0", "per_page=x", "per_page=0", "status=shiny"] {
            let answer = try agency.owner.get("/api/dashboard/leads?\(wrong)")
            #expect([400, 422].contains(answer.status), "\(wrong): \(answer)")
        }
    }

    @Test func `pipeline, clients and agents keep their shapes with little in them`() throws {
        let agency = try server.signUp()
        _ = try agency.score(agency.makeLead().id)
        let pipeline = try agency.owner.get("/api/dashboard/pipeline").ok()
        #expect(
            (pipeline["stages"]?.array ?? []).map { $0.text("stage") } == [
                "outreach", "needs_assessment", "proposal_created", "proposal_delivered", "negotiation",
                "contract",
                "won", "lost",
            ])
        #expect(pipeline["total_deals"] == 0 && pipeline["total_value"]?.double == 0)
        #expect(try agency.owner.get("/api/dashboard/clients").ok() == ["clients": [], "total": 0])
        let agents = try agency.owner.get("/api/dashboard/agent-performance").ok()["agents"]?.array ?? []
        let scoring = try #require(agents.first { $0.text("agent_name") == "lead_scoring" })
        #expect(
            (scoring["runs"]?.int ?? 0) >= 1 && scoring["success_rate"]?.double == 100
                && scoring["errors"] == 0)
        #expect((scoring["items_processed"]?.int ?? 0) >= 1)
        #expect(!scoring.text("last_run").isEmpty && !scoring.text("next_run").isEmpty)
    }

    @Test func `the pipeline counts each stage's deals and what they are worth, as they move`() throws {
        let agency = try server.quietAgency()
        let stages = [
            "outreach", "needs_assessment", "proposal_created", "proposal_delivered", "negotiation",
            "contract", "won", "lost",
        ]
        var deals: [String: String] = [:]
        for (number, stage) in stages.enumerated() {
            for copy in 0...number % 2 {
                let lead = try agency.makeLead(number * 2 + copy)
                let value: JSON = ["amount": .integer(Int64(number + 1) * 10_000), "currency": "USD"]
                let deal = try agency.owner.post(
                    "/v1/deals",
                    ["lead_id": .string(lead.id), "name": "D", "stage": .string(stage), "value": value]
                ).ok(201)
                deals[stage] = deal.id
            }
        }
        func figures() throws -> [String] {
            let pipeline = try agency.owner.get("/api/dashboard/pipeline").ok()
            let rows = pipeline["stages"]?.array ?? []
            #expect(rows.map { $0.text("stage") } == stages)
            #expect(pipeline["total_deals"]?.int == rows.reduce(0) { $0 + ($1["deals"]?.int ?? 0) })
            #expect(pipeline["total_value"]?.double == rows.reduce(0) { $0 + ($1["value"]?.double ?? 0) })
            return rows.map { "\($0["deals"]?.int ?? -1) \($0["value"]?.double ?? -1)" }
        }
        #expect(
            try figures() == [
                "1 100.0", "2 400.0", "1 300.0", "2 800.0", "1 500.0", "2 1200.0", "1 700.0", "2 1600.0",
            ])
        let moved = try agency.owner.patch(
            "/v1/deals/\(deals["outreach"] ?? "")", ["stage": "negotiation", "value": ["amount": 5000]]
        ).ok()
        #expect(moved.text("stage") == "negotiation")
        try agency.owner.delete("/v1/deals/\(deals["lost"] ?? "")").ok(204)
        #expect(
            try figures() == [
                "0 0.0", "2 400.0", "1 300.0", "2 800.0", "2 550.0", "2 1200.0", "1 700.0", "1 800.0",
            ])
    }

    @Test func `the portfolio has each active client's package, fee, satisfaction, health and key metrics`()
        throws
    {
        let box = try server.quietAgency().sandbox(startAt: "2027-03-10T10:00:00Z"), owner = box.owner
        try box.quieten()
        try owner.patch("/v1/agents/client_management", ["state": "active"]).ok()
        let package = try owner.post("/v1/packages", ["name": "Growth", "price": cents(250_000)]).ok(201)
        let client = try owner.makeClient(["name": "Full", "package_id": .string(package.id)])
        let bare = try owner.makeClient(["name": "Bare", "contact_email": "bare@example.com"])
        let left = try owner.makeClient(["name": "Left", "contact_email": "left@example.com"])
        try owner.patch("/v1/clients/\(left.id)", ["status": "former"]).ok()
        try owner.post(
            "/v1/subscriptions",
            [
                "client_id": .string(client.id), "description": "Growth, a month", "price": cents(249_950),
                "starts_on": "2027-03-10",
            ]
        ).ok(201)
        let survey = try owner.post(
            "/v1/surveys", ["name": "s", "kind": "csat", "question": "How is it?"]
        ).ok(201)
        try owner.post(
            "/v1/survey-responses",
            ["survey_id": .string(survey.id), "client_id": .string(client.id), "score": 5]
        ).ok(201)
        // On the first and the last day of both windows, and on the days that are just outside of them.
        let figures: [(day: String, metric: String, unit: JSON, value: JSON)] = [
            ("2027-03-11", "clicks", nil, 5), ("2027-02-10", "clicks", nil, 7),
            ("2027-02-09", "clicks", nil, 20),
            ("2027-01-11", "clicks", nil, 30), ("2027-01-10", "clicks", nil, 1000),
            ("2027-03-12", "clicks", nil, 1000), ("2027-03-01", "rate", "%", 4),
            ("2027-03-02", "rate", "%", 6),
        ]
        for figure in figures {
            try owner.post(
                "/v1/metrics",
                [
                    "client_id": .string(client.id), "source": "google_ads", "metric": .string(figure.metric),
                    "date": .string(figure.day), "value": figure.value, "unit": figure.unit,
                ]
            ).ok(201)
        }
        // Health is judged every day, by an agent.
        try box.advance(to: "2027-03-11T23:00:00Z")
        let answer = try owner.get("/api/dashboard/clients").ok()
        #expect(answer["total"] == 2)
        let rows = answer["clients"]?.array ?? []
        #expect(rows.map(\.id) == [client.id, bare.id], "who has left is in nobody's portfolio")
        let full = rows.first ?? [:]
        #expect(
            full.text("name") == "Full" && full.text("package") == "Growth" && full.text("status") == "active"
        )
        #expect(full["monthly_fee"]?.double == 2499.5 && full["satisfaction"]?.double == 10)
        #expect(full.text("health") == "good")
        let metrics = full["metrics"]?.array ?? []
        #expect(metrics.map { $0.text("metric") } == ["clicks", "rate"])
        #expect(
            metrics.map { $0["value"]?.double } == [12, 5]
                && metrics.map { $0["previous"]?.double } == [50, 0])
        #expect(
            metrics.map { $0["unit"] ?? 0 } == [JSON.null, "%"]
                && metrics.first?.text("source") == "google_ads")
        #expect(rows.last?["metrics"] == [] && rows.last?["monthly_fee"]?.double == 0)
        #expect(rows.last?["satisfaction"] == .null && rows.last?["package"] == .null)
        #expect(try owner.get("/v1/dashboard/clients").ok() == answer)
    }

    @Test func `an agent is run by its name, an unknown one is refused`() throws {
        let agency = try server.signUp()
        let body: JSON = ["agent_name": "lead_generation", "parameters": ["target_count": 10]]
        let run = try agency.owner.post("/api/control/run-agent", body).ok(202)
        #expect(run.text("agent_name") == "lead_generation" && !run.text("status").isEmpty)
        try eventuallyTrue("the run's end") {
            try agency.owner.get("/v1/agent-runs/\(run.text("run_id"))").ok().text("status") == "succeeded"
        }
        try agency.owner.post("/api/control/run-agent", ["agent_name": "astrology", "parameters": [:]])
            .problem(422, "invalid_choice")
    }

    @Test(arguments: [
        ("lead_generation", "target_leads_per_day", 20), ("lead_generation", "max_concurrent_searches", 3),
        ("lead_scoring", "batch_size", 50), ("lead_qualification", "batch_size", 20),
    ])
    func `targets and sizes of batches are settings of the agents themselves`(
        agent: String, key: String, standard: Int
    ) throws {
        let owner = try server.signUp().owner
        func value() throws -> JSON? { try owner.get("/v1/agents/\(agent)/config").ok()["values"]?[key] }
        #expect(try value() == .integer(Int64(standard)))
        try owner.put("/api/control/config", [agent: [key: .integer(Int64(standard + 1))]]).ok()
        #expect(try value() == .integer(Int64(standard + 1)))
    }

    @Test func `the configuration is one object for each agent, with exactly the keys and defaults given`()
        throws
    {
        let wanted: JSON = [
            "lead_generation": [
                "enabled": true, "schedule": "daily", "target_leads_per_day": 20,
                "max_concurrent_searches": 3,
            ],
            "prospect_research": ["enabled": true, "schedule": "hourly", "batch_size": 10],
            "lead_scoring": ["enabled": true, "schedule": "hourly", "batch_size": 50],
            "lead_qualification": ["enabled": true, "schedule": "every_2_hours", "batch_size": 20],
            "outreach_automation": ["enabled": true, "schedule": "daily", "max_outreach_per_day": 100],
            "sales_automation": ["enabled": true, "schedule": "daily", "follow_up_frequency": 3],
            "client_management": ["enabled": true, "schedule": "daily", "report_frequency": "monthly"],
        ]
        let config = try server.signUp().owner.get("/api/control/config").ok()
        #expect(config.object?.keys == wanted.object?.keys)
        for (name, values) in wanted.object?.members ?? [] {
            #expect(config[name] == values, "\(name)")
        }
    }

    @Test func `what is read as the configuration is what holds for the agents, wherever it was changed`()
        throws
    {
        let agency = try server.signUp(), owner = agency.owner
        func config(_ agent: String) throws -> JSON {
            try owner.get("/api/control/config").ok()[agent] ?? .null
        }
        let untouched = try config("client_management")
        try owner.patch("/v1/agents/lead_scoring", ["state": "disabled"]).ok()
        #expect(try config("lead_scoring") == ["enabled": false, "schedule": "hourly", "batch_size": 50])
        // A draft holds for nobody before it is published.
        let values = "/v1/agents/outreach_automation/config"
        try owner.patch(values, ["max_outreach_per_day": 12]).ok()
        #expect(try config("outreach_automation")["max_outreach_per_day"] == 100)
        try owner.post("\(values)/publish").ok()
        #expect(try config("outreach_automation")["max_outreach_per_day"] == 12)
        let schedule = try #require(
            try owner.every("/v1/schedules").first { $0.text("agent") == "lead_qualification" })
        try owner.patch("/v1/schedules/\(schedule.id)", ["cron": "15 4 * * *"]).ok()
        #expect(try config("lead_qualification")["schedule"] == "15 4 * * *", "none of the three words")
        #expect(try config("client_management") == untouched)
        try owner.get("/api/control/config?agent=lead_scoring").problem(400)
        try agency.key(["leads:read"]).get("/api/control/config").problem(403)
        try server.anonymous.get("/api/control/config").problem(401, "unauthenticated")
    }

    @Test func `a change of the configuration is any part of it, holds for the agents, and is whole or none`()
        throws
    {
        let agency = try server.signUp(), owner = agency.owner, path = "/api/control/config"
        let before = try owner.get(path).ok()
        let change: JSON = [
            "lead_generation": ["target_leads_per_day": 40], "lead_scoring": ["enabled": false],
            "lead_qualification": ["schedule": "hourly"],
        ]
        let changed = try owner.put(path, change).ok()
        #expect(try owner.get(path).ok() == changed)
        #expect(
            changed["lead_generation"]?["target_leads_per_day"] == 40
                && changed["lead_generation"]?["schedule"] == "daily")
        #expect(
            changed["lead_scoring"]?["enabled"] == false && changed["lead_scoring"]?["batch_size"] == 50)
        for (name, values) in before.object?.members ?? [] where change[name] == nil {
            #expect(changed[name] == values, "\(name)")
        }
        // The agents go by it.
        #expect(try owner.get("/v1/agents/lead_scoring").ok().text("state") == "disabled")
        let values = try owner.get("/v1/agents/lead_generation/config").ok()["values"]
        #expect(values?["target_leads_per_day"] == 40 && values?["max_concurrent_searches"] == 3)
        let schedules = try owner.every("/v1/schedules")
        #expect(schedules.first { $0.text("agent") == "lead_qualification" }?["cron"] == "hourly")
        try owner.put(path, ["lead_scoring": ["enabled": true]]).ok()
        #expect(try owner.get("/v1/agents/lead_scoring").ok().text("state") == "active")
        // Each fault is told at its place, and what would have been right beside them is not done.
        let now = try owner.get(path).ok()
        let wrong: JSON = [
            "lead_generation": ["target_leads_per_day": "many", "colour": 1], "astrology": [:],
            "lead_scoring": ["schedule": "whenever", "enabled": false],
            "outreach_automation": ["max_outreach_per_day": 0],
        ]
        #expect(
            try owner.put(path, wrong).faults() == [
                "/lead_generation/target_leads_per_day": "wrong_type",
                "/lead_generation/colour": "unknown_field", "/astrology": "unknown_field",
                "/lead_scoring/schedule": "invalid_choice",
                "/outreach_automation/max_outreach_per_day": "out_of_range",
            ])
        #expect(try owner.get(path).ok() == now, "a refused change changes nothing")
        try agency.key(["agents:read"]).put(path, ["lead_scoring": ["enabled": false]]).problem(403)
    }
}

@Suite(.ownThread) struct SettingsAndSetup {
    let server = BureauProcess.shared

    @Test func `settings are read and changed in part, with their version`() throws {
        let agency = try server.signUp()
        let before = try agency.owner.get("/v1/settings")
        #expect(try before.ok().text("time_zone") == "UTC" && before.header("ETag") != nil)
        let changed = try agency.owner.patch(
            "/v1/settings", ["time_zone": "Asia/Tokyo", "currency": "JPY", "country": "JP"]
        ).ok()
        #expect(changed.text("time_zone") == "Asia/Tokyo" && changed.text("currency") == "JPY")
        #expect(try agency.owner.get("/v1/me").ok()["tenant"]?.text("time_zone") == "Asia/Tokyo")
        let stale = ["If-Match": before.header("ETag") ?? ""]
        try agency.owner.patch("/v1/settings", ["name": "X"], stale).problem(412, "version_mismatch")
        let faults = try agency.owner.patch(
            "/v1/settings",
            [
                "time_zone": "Mars/Olympus", "currency": "dollars", "country": "Atlantis", "slug": "mine",
                "name": nil,
            ]
        ).faults()
        #expect(
            faults == [
                "/time_zone": "invalid_time_zone", "/currency": "invalid_currency",
                "/country": "invalid_country",
                "/slug": "read_only", "/name": "required",
            ])
        try agency.colleague("viewer").patch("/v1/settings", ["name": "X"]).problem(403, "forbidden")
    }

    @Test func `telephone numbers are read as of the agency's country where a lead has none`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/settings", ["country": "DE"]).ok()
        let answer = try agency.owner.post("/v1/leads", ["company": "X", "phone": "030 901820"])
        // A national number needs a country from somewhere: it is read, or refused; never kept as it is.
        if answer.status == 201 {
            #expect(answer.json.text("phone") == "+4930901820")
        } else {
            try answer.problem(422)
        }
    }

    @Test func `setup tells what is missing, each with its reason and link, until it is done`() throws {
        let agency = try server.signUp()
        let items = try agency.owner.get("/v1/setup").ok().items
        #expect(!items.isEmpty)
        for item in items {
            #expect(!item.text("reason").isEmpty && !item.text("title").isEmpty && item["done"]?.flag != nil)
            #expect(item.text("link").hasPrefix("/"))
        }
        #expect(items.first { $0.text("key") == "time_zone" }?["done"] == false)
        try agency.owner.patch("/v1/settings", ["time_zone": "Asia/Tokyo"]).ok()
        let after = try agency.owner.get("/v1/setup").ok().items
        #expect(after.first { $0.text("key") == "time_zone" }?["done"] == true)
    }
}
