import JSON
import StandIns
import Testing

/// Campaigns with their states, their money, their days and the figures that they wait for.
@Suite(.ownThread) struct Campaigns {
    let server = BureauProcess.shared

    private func campaign(_ owner: Caller, _ members: JSON = [:]) throws -> (record: JSON, path: String) {
        let record = try owner.post(
            "/v1/campaigns", (["name": "Spring", "objective": "sales"] as JSON).merging(members)
        ).ok(201)
        return (record, "/v1/campaigns/\(record.id)")
    }

    private func count(_ type: String, _ owner: Caller) throws -> Int {
        try owner.every("/v1/events?type=\(type)").count
    }

    @Test func `a campaign goes from planning to its end, and no other way`() throws {
        let owner = try server.quietAgency().owner
        let (made, path) = try campaign(owner)
        #expect(made["status"] == "planning")
        try owner.post("\(path)/pause").problem(409, "invalid_transition")
        try owner.post("\(path)/complete").problem(409, "invalid_transition")
        let early = try owner.post("\(path)/resume").problem(409, "invalid_transition")
        #expect(early["allowed"] == ["activate"], "it says what may be done")
        #expect(try owner.post("\(path)/activate").ok()["status"] == "active")
        try owner.post("\(path)/activate").problem(409, "invalid_transition")
        let paused = try owner.post("\(path)/pause").ok()
        #expect(paused["status"] == "paused" && paused["paused_because"] == "person")
        #expect(try owner.post("\(path)/resume").ok()["paused_because"] == .null)
        let completed = try owner.post("\(path)/complete").ok()
        #expect(completed["status"] == "completed" && completed["completed_at"] != .null)
        for verb in ["activate", "pause", "resume", "complete"] {
            try owner.post("\(path)/\(verb)").problem(409, "invalid_transition")
        }
        // One that rests ends as well, and does not rest any more.
        let (_, resting) = try campaign(owner)
        for verb in ["activate", "pause", "complete"] { try owner.post("\(resting)/\(verb)").ok() }
        #expect(try owner.get(resting).ok()["paused_because"] == .null)
        #expect(try count("campaign.paused", owner) == 2 && count("campaign.completed", owner) == 2)
        try owner.delete(path).problem(409, "conflict")
        try owner.delete(try campaign(owner).path).ok(204)
    }

    @Test func `a campaign that cannot be is refused with all its faults`() throws {
        let owner = try server.quietAgency().owner
        try owner.post("/v1/campaigns", ["name": "x", "objective": "fun"]).problem(422, "invalid_choice")
        try owner.post(
            "/v1/campaigns",
            ["name": "x", "objective": "sales", "start_on": "2027-02-01", "end_on": "2027-01-01"]
        ).problem(422, "out_of_range")
        let problem = try owner.post(
            "/v1/campaigns",
            [
                "name": "x", "objective": "sales", "budget": cents(1000),
                "channels": [
                    ["channel": "a", "budget": cents(800)], ["channel": "a", "budget": cents(300)],
                    ["channel": "b", "budget": cents(1, "EUR")],
                ],
                "triggers": [["metric": "cost", "op": "gt", "value": 1, "action": "pause"]],
                "milestones": [
                    ["name": "Half", "due_on": "2030-01-01"], ["name": "Half", "due_on": "2030-01-01"],
                ],
            ]
        ).problem(422, "validation_failed")
        let places = problem["errors"]?.array?.compactMap { $0["pointer"]?.text } ?? []
        #expect(
            Set(places) == [
                "/channels/1/channel", "/channels/1/budget/amount", "/channels/2/budget/currency",
                "/triggers/0/metric", "/milestones/1/name",
            ])
    }

    // MARK: Money

    private func shared(_ owner: Caller, _ path: String, _ total: Int64, _ channels: [JSON]) throws -> JSON {
        try owner.post("\(path)/allocate", ["total": cents(total), "channels": .array(channels)]).ok()
    }

    private func amounts(_ answer: JSON) -> [Int64] {
        answer["channels"]?.array?.compactMap { $0.cents("amount") } ?? []
    }

    @Test func `a budget is shared out to the cent by minimum and return, and the decision replays`() throws {
        let owner = try server.quietAgency().owner
        let (_, path) = try campaign(owner)
        let answer = try shared(
            owner, path, 100_000,
            [
                ["channel": "google_ads", "return": 3, "min_share": 0.1],
                ["channel": "meta_ads", "return": 1, "min_share": 0.1],
                ["channel": "email", "return": 0, "min_share": 0.1],
            ])
        #expect(amounts(answer) == [62_500, 27_500, 10_000])
        for total: Int64 in [0, 1, 7, 99_999, 100_001, 9_007_199_254_740_991] {
            let parts = amounts(
                try shared(
                    owner, path, total, ["a", "b", "c"].map { ["channel": .string($0), "return": 1] }))
            #expect(parts.reduce(0, +) == total)
            #expect((parts.max() ?? 0) - (parts.min() ?? 0) <= 1)
        }
        let none = try shared(owner, path, 100, ["a", "b"].map { ["channel": .string($0), "return": 0] })
        #expect(amounts(none) == [50, 50])
        // Where nobody says how little, each gets a twentieth, whatever it brings.
        let usual = try shared(
            owner, path, 1000, [["channel": "a", "return": 1], ["channel": "b", "return": 0]])
        #expect(amounts(usual) == [950, 50])
        let decision = try owner.get("/v1/decisions/\(answer.text("decision_id"))").ok()
        #expect(decision["factors"]?.array?.count == 3 && decision["agent"] == "budget_allocation")
        let replay = try owner.post("/v1/decisions/\(decision.id)/replay").ok()
        #expect(replay["same"] == true)
    }

    @Test func `minimum shares above the whole, nothing to share among, and less than nothing are refused`()
        throws
    {
        let owner = try server.quietAgency().owner
        let (_, path) = try campaign(owner)
        let much: JSON = [
            ["channel": "a", "return": 1, "min_share": 0.6], ["channel": "b", "return": 1, "min_share": 0.6],
        ]
        try owner.post("\(path)/allocate", ["total": cents(100), "channels": much])
            .problem(422, "out_of_range")
        try owner.post("\(path)/allocate", ["total": cents(100), "channels": []]).problem(422, "required")
        let less = try owner.post(
            "\(path)/allocate", ["total": cents(-5), "channels": [["channel": "a", "return": 1]]])
        #expect(try less.faults() == ["/total/amount": "out_of_range"])
    }

    private func spend(_ owner: Caller, _ path: String, _ day: String, _ amount: Int64) throws -> JSON {
        try owner.post(
            "\(path)/spend", ["channel": "google_ads", "date": .string(day), "amount": cents(amount)]
        ).ok()
    }

    @Test func `the same day replaces, the pace is told, and a spent budget stops the campaign once`() throws
    {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-11T00:00:00.000Z")
        let owner = box.owner
        try box.readyToSend()
        let (_, path) = try campaign(
            owner, ["start_on": "2027-01-01", "end_on": "2027-01-20", "budget": cents(20_000)])
        try owner.post("\(path)/activate").ok()
        _ = try spend(owner, path, "2027-01-02", 9999)
        _ = try spend(owner, path, "2027-01-02", 10_000)
        let pace = try owner.get("\(path)/pacing").ok()
        #expect(pace["spent"] == cents(10_000) && pace["expected"] == cents(10_000))
        #expect(pace["projected"] == cents(20_000) && pace["status"] == "on_track")
        // Today is not over, and what it costs so far no reason to be off the pace.
        _ = try spend(owner, path, "2027-01-11", 1200)
        let sooner = try owner.get("\(path)/pacing").ok()
        #expect(sooner["spent"] == cents(11_200) && sooner["projected"] == cents(20_000))
        #expect(sooner["status"] == "on_track")
        _ = try spend(owner, path, "2027-01-10", 6000)
        #expect(try owner.get("\(path)/pacing").ok()["status"] == "over")
        #expect(try count("campaign.budget_warned", owner) == 1)
        let stopped = try spend(owner, path, "2027-01-10", 10_000)
        #expect(stopped["status"] == "paused" && stopped["paused_because"] == "budget_exhausted")
        _ = try spend(owner, path, "2027-01-10", 10_000)
        #expect(try count("campaign.budget_exhausted", owner) == 1)
        #expect(try count("campaign.budget_warned", owner) == 1)
        try owner.post("\(path)/resume").problem(409, "conflict")
        try owner.patch(path, ["budget": cents(50_000)]).ok()
        #expect(try owner.post("\(path)/resume").ok()["status"] == "active")
        #expect(try owner.every("\(path)/spend").count == 3)
        try owner.post(
            "\(path)/spend", ["channel": "google_ads", "date": "2027-03-01", "amount": cents(1)]
        ).problem(422, "out_of_range")
        try owner.post(
            "\(path)/spend", ["channel": "google_ads", "date": "2027-01-02", "amount": cents(1, "EUR")]
        ).problem(422, "conflict")
    }

    // MARK: Days and figures

    @Test func `a milestone is told once on its day, and not after it was taken off`() throws {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        let (_, path) = try campaign(
            box.owner,
            [
                "milestones": [
                    ["name": "Half", "due_on": "2027-01-07"], ["name": "Dropped", "due_on": "2027-01-08"],
                ]
            ])
        try box.owner.post("\(path)/activate").ok()
        try box.advance("P1D")
        #expect(try count("campaign.milestone_due", box.owner) == 0)
        try box.owner.patch(path, ["milestones": [["name": "Half", "due_on": "2027-01-07"]]]).ok()
        try box.advance("P5D")
        let told = try box.owner.every("/v1/events?type=campaign.milestone_due")
        #expect(told.map { $0["data"]?["milestone"] } == ["Half"])
        try box.owner.post("\(path)/pause").ok()
        try box.owner.post("\(path)/resume").ok()
        try box.advance("P3D")
        #expect(try count("campaign.milestone_due", box.owner) == 1)
    }

    @Test func `a figure that crosses its line pauses the campaign once, and only its own figures count`()
        throws
    {
        let owner = try server.quietAgency().owner
        let client = try owner.makeClient()
        let (record, path) = try campaign(
            owner,
            [
                "client_id": .string(client.id),
                "triggers": [
                    ["metric": "google_ads.cost_per_lead", "op": "gt", "value": 50, "action": "pause"]
                ],
            ])
        let (other, _) = try campaign(owner, ["client_id": .string(client.id)])
        try owner.post("\(path)/activate").ok()
        func figure(_ day: Int, _ value: Int, of campaign: JSON) throws {
            try owner.post(
                "/v1/metrics",
                [
                    "client_id": .string(client.id), "campaign_id": .string(campaign.id),
                    "source": "google_ads", "metric": "cost_per_lead",
                    "date": .string("2026-01-0\(day)"), "value": JSON(value),
                ]
            ).ok(201)
        }
        try figure(6, 90, of: other)
        try figure(6, 40, of: record)
        #expect(try owner.get(path).ok()["status"] == "active")
        try figure(7, 60, of: record)
        try figure(8, 70, of: record)
        let paused = try owner.get(path).ok()
        #expect(paused["status"] == "paused" && paused["paused_because"] == "trigger")
        #expect(try count("campaign.triggered", owner) == 1)
        let figures = try owner.get("\(path)/results").ok()["figures"]?.array ?? []
        let cost = try #require(figures.first { $0["name"] == "google_ads.cost_per_lead" })
        #expect(cost["value"] == 70 && cost["trace"]?.array?.count == 1)
    }

    @Test func `results name the records that each figure is made of`() throws {
        let owner = try server.quietAgency().owner
        let (record, path) = try campaign(owner)
        _ = try spend(owner, path, "2026-01-02", 1000)
        _ = try spend(owner, path, "2026-01-03", 500)
        for day in 2...3 {
            try owner.post(
                "/v1/metrics",
                [
                    "campaign_id": .string(record.id), "source": "google_ads", "metric": "clicks",
                    "date": .string("2026-01-0\(day)"), "value": 5,
                ]
            ).ok(201)
        }
        let figures = try owner.get("\(path)/results").ok()["figures"]?.array ?? []
        let values = figures.map { "\($0.text("name")) \(Int($0["value"]?.double ?? -1))" }
        #expect(values == ["spent 1500", "spent.google_ads 1500", "google_ads.clicks 10"])
        #expect(figures.allSatisfy { $0["trace"]?.array?.count == 2 })
    }

    @Test func `a client's profile has the campaigns that run, and when others were completed`() throws {
        let owner = try server.quietAgency().owner
        let client = try owner.makeClient()
        let (record, path) = try campaign(
            owner,
            [
                "client_id": .string(client.id),
                "milestones": [["name": "Half", "due_on": "2040-01-07"]],
                "triggers": [["metric": "crm.leads", "op": "gte", "value": 5, "action": "notify"]],
            ])
        let profile = "/v1/clients/\(client.id)/profile"
        #expect(try owner.get(profile).ok()["campaigns"]?.array?.isEmpty == true)
        try owner.post("\(path)/activate").ok()
        let running = try owner.get(profile).ok()["campaigns"]?.array ?? []
        #expect(running.map(\.id) == [record.id] && running[0]["milestones"]?[0]["name"] == "Half")
        #expect(running[0]["triggers"]?[0]["metric"] == "crm.leads")
        try owner.post("\(path)/complete").ok()
        let after = try owner.get(profile).ok()
        #expect(after["campaigns"]?.array?.isEmpty == true)
        let kinds = after["milestones"]?.array?.compactMap { $0["kind"]?.text } ?? []
        #expect(kinds.contains("campaign_completed"))
    }

    // MARK: Agents

    private func ran(_ agent: Agency, _ name: String, _ parameters: JSON = [:]) throws -> JSON {
        try agent.owner.patch("/v1/agents/\(name)", ["state": "active", "autonomy": "autopilot"]).ok()
        let run = try agent.owner.ended("/v1/agents/\(name)/runs", ["parameters": parameters])
        #expect(run["status"] == "succeeded")
        return run["result"] ?? .null
    }

    @Test func `a plan adds up, rests on earlier campaigns where there are any, and starts nothing`() throws {
        let agency = try server.quietAgency()
        let owner = agency.owner
        let asked: JSON = ["objective": "leads", "budget": cents(500_001), "days": 30]
        let first = try ran(agency, "campaign_planning", asked)
        let campaign = try owner.get("/v1/campaigns/\(first.text("campaign_id"))").ok()
        #expect(campaign["status"] == "planning" && campaign["objective"] == "leads")
        let budgets = campaign["channels"]?.array?.compactMap { $0.cents("budget") } ?? []
        #expect(budgets.count == 3 && budgets.reduce(0, +) == 500_001)
        #expect(campaign["milestones"]?.array?.count == 3)
        #expect(campaign["kpis"]?.array?.allSatisfy { $0["target"] == .null } == true)
        let path = "/v1/campaigns/\(campaign.id)"
        try owner.post("\(path)/activate").ok()
        _ = try spend(owner, path, "2026-01-02", 10_000)
        try owner.post(
            "/v1/metrics",
            [
                "campaign_id": .string(campaign.id), "source": "google_ads", "metric": "conversions",
                "date": "2026-01-02", "value": 20,
            ]
        ).ok(201)
        let second = try ran(agency, "campaign_planning", asked)
        let planned = try owner.get("/v1/campaigns/\(second.text("campaign_id"))").ok()
        let parts = planned["channels"]?.array ?? []
        #expect(parts.compactMap { $0.cents("budget") }.reduce(0, +) == 500_001)
        #expect(parts.first?["channel"] == "google_ads" && (parts.first?.cents("budget") ?? 0) > 400_000)
        #expect(planned["kpis"]?[0]["metric"] == "google_ads.conversions")
        // All but two twentieths of it, of which each hundred brings twenty as before.
        #expect(parts.first?.cents("budget") == 450_001 && planned["kpis"]?[0]["target"] == 900)
        #expect(planned["kpis"]?.array?.dropFirst().allSatisfy { $0["target"] == .null } == true)
        let decision = try owner.get("/v1/decisions/\(second.text("decision_id"))").ok()
        #expect(decision["factors"]?[0]["evidence"]?[0]["id"] == .string(campaign.id))
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
    }

    @Test func `each objective is judged by its own figures, and has targets once history gives them`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        func planned(_ objective: String) throws -> (id: String, kpis: [JSON]) {
            let asked: JSON = ["objective": .string(objective), "budget": cents(300_000), "days": 30]
            let id = try ran(agency, "campaign_planning", asked).text("campaign_id")
            return (id, try owner.get("/v1/campaigns/\(id)").ok()["kpis"]?.array ?? [])
        }
        for (objective, figure) in [
            ("awareness", "impressions"), ("traffic", "clicks"), ("retention", "clicks"),
            ("leads", "conversions"), ("sales", "conversions"),
        ] {
            let found = try planned(objective).kpis
            #expect(!found.isEmpty && found.allSatisfy { $0.text("metric").hasSuffix(".\(figure)") })
            #expect(found.allSatisfy { $0["target"] == .null }, "\(objective) has no history")
        }
        /// Runs one whose channel costs 100 and brings so much, and some conversions; answers the next one's target.
        func target(_ objective: String, _ channel: JSON, _ figure: String, _ brings: JSON) throws -> JSON? {
            let earlier = try planned(objective).id, path = "/v1/campaigns/\(earlier)"
            try owner.post("\(path)/activate").ok()
            try owner.post(
                "\(path)/spend", ["channel": channel, "date": "2026-01-02", "amount": cents(10_000)]
            ).ok()
            let told: [(Int, String, JSON)] = [(2, "conversions", 3), (3, figure, brings)]
            for (day, metric, value) in told {
                try owner.post(
                    "/v1/metrics",
                    [
                        "campaign_id": .string(earlier), "source": channel, "metric": .string(metric),
                        "date": .string("2026-01-0\(day)"), "value": value,
                    ]
                ).ok(201)
            }
            let name = "\(channel.text ?? "").\(figure)"
            return try planned(objective).kpis.first { $0.text("metric") == name }?["target"]
        }
        // Nine tenths of 3,000, of which each hundred brings as much; of two channels 19 twentieths.
        #expect(try target("sales", "google_ads", "conversions", 17) == 540, "with three of another day")
        #expect(try target("awareness", "meta_ads", "impressions", 5000) == 135_000)
        #expect(try target("traffic", "google_ads", "clicks", 40) == 1080)
        #expect(try target("retention", "email", "clicks", 40) == 1140)
    }

    @Test func `campaigns, content, figures and people are records that name each other`() throws {
        let owner = try server.quietAgency().owner
        let (made, path) = try campaign(owner), id = JSON.string(made.id)
        let item = try owner.post(
            "/v1/content-items",
            ["title": "Roses", "format": "blog", "body": "Roses need water.", "campaign_id": id]
        ).ok(201)
        let figure = try owner.post(
            "/v1/metrics",
            ["campaign_id": id, "source": "own", "metric": "visits", "date": "2026-01-02", "value": 7]
        ).ok(201)
        #expect(try owner.every("/v1/content-items?campaign_id=\(made.id)").map(\.id) == [item.id])
        #expect(try owner.every("/v1/metrics?campaign_id=\(made.id)").map(\.id) == [figure.id])
        let told = try owner.get("\(path)/results").ok()["figures"]?.array ?? []
        #expect(told.contains { $0["trace"]?[0]["id"] == .string(figure.id) })
        #expect(try !owner.every("/v1/audit?subject_id=\(made.id)&actor_type=user").isEmpty)
        let paths = Set(try owner.every("/v1/meta/resources").map { $0.text("path") })
        let wanted = [
            "campaigns", "content-items", "metrics", "post-measures", "users", "social-posts",
            "email-campaigns",
            "tracked-links", "segments", "contacts",
        ]
        #expect(paths.isSuperset(of: wanted.map { "/v1/\($0)" }), "\(paths)")
    }
}
