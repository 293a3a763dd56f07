import JSON
import StandIns
import Testing

/// The campaign manager: what it finds, what it does about it, and what clients hear.
@Suite(.ownThread) struct CampaignManager {
    let server = BureauProcess.shared
    private static let agent = "/v1/agents/campaign_manager"

    private func managed(
        _ settings: JSON = [:], at start: String = "2027-01-11T00:00:00.000Z", autonomy: String = "autopilot"
    ) throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: start)
        try box.readyToSend()
        try box.owner.patch(Self.agent, ["state": "active", "autonomy": .string(autonomy)]).ok()
        if settings != [:] { try set(settings, box.owner) }
        return box
    }

    private func set(_ settings: JSON, _ owner: Caller) throws {
        try owner.patch("\(Self.agent)/config", settings).ok()
        try owner.post("\(Self.agent)/config/publish").ok()
    }

    private func campaign(_ owner: Caller, _ more: JSONObject = [:]) throws -> (id: String, path: String) {
        var body: JSONObject = [
            "name": "Spring", "objective": "sales", "start_on": "2027-01-01", "end_on": "2027-01-20",
            "budget": cents(100_000),
            "channels": [
                ["channel": "google_ads", "budget": cents(50_000)],
                ["channel": "meta_ads", "budget": cents(50_000)],
            ],
        ]
        for (name, value) in more.members { body[name] = value }
        let made = try owner.post("/v1/campaigns", .object(body)).ok(201)
        try owner.post("/v1/campaigns/\(made.id)/activate").ok()
        return (made.id, "/v1/campaigns/\(made.id)")
    }

    private func spend(_ owner: Caller, _ path: String, _ channel: String, _ amount: Int64) throws {
        try owner.post(
            "\(path)/spend",
            ["channel": .string(channel), "date": "2027-01-05", "amount": cents(amount)]
        ).ok()
    }

    private func bring(
        _ owner: Caller, _ id: String, _ metric: String, _ value: Int, day: String = "2027-01-05"
    ) throws {
        let parts = metric.split(separator: ".").map(String.init)
        try owner.post(
            "/v1/metrics",
            [
                "campaign_id": .string(id), "source": .string(parts[0]), "metric": .string(parts[1]),
                "date": .string(day), "value": JSON(value),
            ]
        ).ok(201)
    }

    private func decisions(_ owner: Caller, _ id: String) throws -> [JSON] {
        try owner.every("/v1/decisions?subject_id=\(id)").filter { $0["agent"] == "campaign_manager" }
    }

    private func findings(_ decision: JSON) -> [String] {
        decision["outcome"]?["findings"]?.array?.compactMap(\.text) ?? []
    }

    @Test func `off its pace, budgets move within the limits, people are told, and the decision replays`()
        throws
    {
        let box = try managed(["limits": ["shift_per_day": 0.5]]), owner = box.owner
        let (id, path) = try campaign(owner)
        try spend(owner, path, "google_ads", 45_000)
        try spend(owner, path, "meta_ads", 15_000)
        try bring(owner, id, "google_ads.conversions", 90)
        try bring(owner, id, "meta_ads.conversions", 10)
        try box.advance("P1D")
        let decision = try #require(try decisions(owner, id).first)
        #expect(findings(decision) == ["spends_too_fast", "channel_spent"])
        #expect(decision["outcome"]?["shift"]?["action"] == "move")
        let channels = try owner.get(path).ok()["channels"]?.array ?? []
        let budgets = channels.compactMap { $0.cents("budget") }
        #expect(budgets.reduce(0, +) == 100_000 && budgets[0] > 70_000 && budgets[1] >= 15_000)
        let alerts = try owner.every("/v1/alerts?kind=campaign_attention&open=true")
        #expect(alerts.count == 1 && alerts[0].text("title").contains("Spring: it spends too fast"))
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        // Once the pace is right again, the alert is over.
        try spend(owner, path, "google_ads", 40_000)
        try box.advance("P1D")
        #expect(try owner.every("/v1/alerts?kind=campaign_attention&open=true").isEmpty)
    }

    @Test func `a spent budget stops everything, also the manager, until people raise it`() throws {
        let box = try managed(["limits": ["shift_per_day": 1]]), owner = box.owner
        let (id, path) = try campaign(owner)
        try bring(owner, id, "google_ads.conversions", 90)
        try spend(owner, path, "google_ads", 50_000)
        try spend(owner, path, "meta_ads", 50_000)
        try box.advance("PT0S")
        let decision = try #require(try decisions(owner, id).last, "the event wakes it")
        #expect(findings(decision).first == "budget_exhausted")
        #expect(decision["outcome"]?["shift"] == ["action": "none", "reason": "budget_exhausted"])
        try box.advance("P2D")
        let stopped = try owner.get(path).ok()
        #expect(stopped["status"] == "paused" && stopped["budget"] == cents(100_000))
        #expect(stopped["channels"]?.array?.compactMap { $0.cents("budget") } == [50_000, 50_000])
        try owner.post("\(path)/resume").problem(409, "conflict")
    }

    @Test func `posts that were missed and figures that differ are found, and told once`() throws {
        let box = try managed(), owner = box.owner
        let (id, path) = try campaign(owner, ["budget": .null, "channels": []])
        try bring(owner, id, "crm.leads", 40)
        try bring(owner, id, "google_analytics.leads", 80)
        try box.advance("P3D")
        #expect(try owner.every("/v1/events?type=campaign.figures_differ").count == 1)
        let decision = try #require(try decisions(owner, id).last)
        #expect(findings(decision) == ["figures_differ"])
        try owner.post(
            "\(path)/differences/settle", ["metric": "leads", "date": "2027-01-05", "source": "crm"]
        ).ok()
        try box.advance("P1D")
        #expect(
            findings(
                try #require(try decisions(owner, id).max { $0.text("created_at") < $1.text("created_at") }))
                == [])
        #expect(try owner.every("/v1/alerts?kind=campaign_attention&open=true").isEmpty)
        // A post that a brake held for longer than its hour is missed.
        let account = try owner.socialAccount("x")
        let post = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "Tulips", "campaign_id": .string(id),
                "scheduled_at": "2027-01-15T06:00:00.000Z",
            ]
        ).ok(201)
        let brake = try owner.post("/v1/brakes", ["scope": "tenant", "reason": "wrong price"]).ok(201)
        try box.advance("PT8H")
        try owner.post("/v1/brakes/\(brake.id)/release", [:]).ok()
        try box.advance("P1D")
        #expect(try owner.get("/v1/social-posts/\(post.id)").ok()["status"] == "missed")
        let missed = try decisions(owner, id).filter { findings($0).contains("posts_amiss") }
        #expect(!missed.isEmpty)
        #expect(try owner.every("/v1/alerts?kind=campaign_attention&open=true").count == 1)
        try box.advance("P1D")
        #expect(try owner.every("/v1/alerts?kind=campaign_attention&open=true").count == 1, "told once")
    }

    // MARK: Word to clients

    private func client(_ owner: Caller) throws -> JSON {
        try owner.makeClient(["name": "Acme", "contact_email": "jane@acme.example"])
    }

    private func mails(_ owner: Caller, _ topic: String) throws -> [JSON] {
        try owner.every("/v1/messages?direction=outbound&topic=\(topic)")
    }

    @Test func `a client hears of a milestone and a trigger once, with the figures that are recorded`() throws
    {
        let box = try managed(
            ["tells_clients": ["milestone", "trigger", "opportunity", "completed"]],
            at: "2027-01-04T00:00:00.000Z")
        let owner = box.owner, acme = try client(owner)
        let (id, path) = try campaign(
            owner,
            [
                "client_id": .string(acme.id),
                "kpis": [["metric": "google_ads.conversions", "target": 200]],
                "milestones": [
                    ["name": "Half", "due_on": "2027-01-06"], ["name": "Review", "due_on": "2027-01-20"],
                ],
                "triggers": [
                    ["metric": "crm.demos", "op": "gte", "value": 2, "action": "notify"],
                    ["metric": "crm.leads", "op": "gte", "value": 5, "action": "pause"],
                ],
            ])
        try bring(owner, id, "google_ads.conversions", 57, day: "2027-01-03")
        try bring(owner, id, "meta_ads.conversions", 3, day: "2027-01-03")
        try bring(owner, id, "google_ads.cost", 900, day: "2027-01-03")
        try box.advance("P3D")
        let told = try mails(owner, "campaign_milestone")
        #expect(told.count == 1 && told[0]["status"] == "sent" && told[0]["subject"] == "Spring: Half")
        let text = told[0].text("text")
        for part in ["Half", "57", "200", "Google Ads", "Review"] { #expect(text.contains(part), "\(part)") }
        #expect(!text.contains("900"), "what it costs is nobody's news")
        #expect(told[0]["sources"]?.array?.contains { $0["type"] == "metric" } == true)
        #expect(told[0]["author"]?["id"] == "campaign_manager" && told[0]["purpose"] == "transactional")
        let hint = try mails(owner, "campaign_opportunity")
        #expect(hint.count == 1, "once a month")
        #expect(hint.first?.text("text").contains("Google Ads brings more results than its share") == true)
        // A campaign that is only told of goes on, and a line that is crossed again is no news.
        for value in [2, 3] { try bring(owner, id, "crm.demos", value, day: "2027-01-0\(value)") }
        try box.advance("P1D")
        let noted = try mails(owner, "campaign_trigger")
        #expect(noted.count == 1 && noted[0].text("text").contains("Demos has crossed the line"))
        #expect(!noted[0].text("text").contains("It is paused") && noted[0]["status"] == "sent")
        #expect(try owner.get(path).ok()["status"] == "active")
        for value in [6, 7] { try bring(owner, id, "crm.leads", value, day: "2027-01-0\(value)") }
        try box.advance("P2D")
        let trigger = try mails(owner, "campaign_trigger").filter { $0.id != noted[0].id }
        #expect(trigger.count == 1 && trigger[0].text("text").contains("It is paused"))
        try owner.post("\(path)/complete").ok()
        try box.advance("P5D")
        #expect(try mails(owner, "campaign_completed").count == 1)
        #expect(try mails(owner, "campaign_milestone").count == 1)
    }

    @Test func `a client hears once of a target that is reached, with the figure and its source`() throws {
        let box = try managed(
            ["tells_clients": ["success", "opportunity"]], at: "2027-01-04T00:00:00.000Z")
        let owner = box.owner, acme = try client(owner)
        let (id, path) = try campaign(
            owner,
            [
                "client_id": .string(acme.id),
                "kpis": [
                    ["metric": "google_ads.conversions", "target": 50],
                    ["metric": "google_ads.cost", "target": 100],
                    ["metric": "google_ads.bounce_rate", "target": 40],
                    ["metric": "crm.days_to_close", "target": 20, "direction": "at_most"],
                ],
            ])
        try bring(owner, id, "google_ads.bounce_rate", 55, day: "2027-01-03")
        try bring(owner, id, "crm.days_to_close", 12, day: "2027-01-03")
        try bring(owner, id, "google_ads.conversions", 49, day: "2027-01-03")
        try bring(owner, id, "google_ads.cost", 900, day: "2027-01-03")
        try box.advance("P1D")
        #expect(
            try mails(owner, "campaign_success").isEmpty,
            "not reached yet, and neither costs nor bounces nor what may still rise are a success")
        let kpis = try owner.get("\(path)/results").ok()["kpis"]?.array ?? []
        let below = kpis.filter { $0["reached"] == true }.map { $0.text("metric") }
        #expect(kpis.count == 4 && below == ["crm.days_to_close"], "\(kpis)")
        try bring(owner, id, "google_ads.conversions", 8, day: "2027-01-04")
        try box.advance("P2D")
        let all = try mails(owner, "campaign_success"), told = try #require(all.first)
        #expect(all.count == 1 && told["status"] == "sent")
        #expect(told["subject"] == "Spring has reached a target: Conversions")
        #expect(told.text("text").contains("Conversions: 57, and 50 was the aim (source: Google Ads)"))
        #expect(told["sources"]?.array?.contains { $0["type"] == "metric" } == true)
        try box.advance("P1D")
        #expect(try mails(owner, "campaign_success").count == 1)
        // A channel that brings more than its share of the budget is told of once a month, not once in each.
        try box.advance("P25D")
        #expect(try box.now().hasPrefix("2027-02-02") && mails(owner, "campaign_opportunity").count == 1)
        try box.advance("P4D")
        #expect(try mails(owner, "campaign_opportunity").count == 2)
        // A figure that has stayed below its line until the end is one, too.
        try owner.post("\(path)/complete").ok()
        try box.advance("P2D")
        let over = try mails(owner, "campaign_success").map { $0.text("subject") }
        #expect(over.contains("Spring has reached a target: Days To Close") && over.count == 2, "\(over)")
    }

    @Test
    func `nobody is written to unasked, in approve a person says yes, and without figures none are named`()
        throws
    {
        let quiet = try managed(at: "2027-01-04T00:00:00.000Z")
        let trigger: JSON = ["metric": "crm.leads", "op": "gte", "value": 5, "action": "notify"]
        func planned(_ box: SandboxCaller, leads: Int? = nil) throws -> (id: String, path: String) {
            let acme = try client(box.owner)
            let made = try campaign(
                box.owner,
                [
                    "client_id": .string(acme.id), "triggers": [trigger],
                    "milestones": [["name": "Half", "due_on": "2027-01-06"]],
                ])
            if let leads { try bring(box.owner, made.id, "crm.leads", leads, day: "2027-01-03") }
            try box.advance("P4D")
            return made
        }
        let past = try planned(quiet, leads: 6)
        #expect(try mails(quiet.owner, "campaign_milestone").isEmpty, "the agency has not asked for it")
        // Nor is what was met days ago news when it asks, whatever else is waited for from then on.
        let triggers: JSON = [trigger, trigger.merging(["metric": "crm.demos"])]
        try quiet.owner.patch(past.path, ["triggers": triggers]).ok()
        try set(["tells_clients": ["trigger"]], quiet.owner)
        try quiet.advance("P1D")
        #expect(try mails(quiet.owner, "campaign_trigger").isEmpty)
        let box = try managed(
            ["tells_clients": ["milestone", "trigger"]], at: "2027-01-04T00:00:00.000Z", autonomy: "approve")
        let id = try planned(box).id
        let held = try mails(box.owner, "campaign_milestone")
        #expect(held.count == 1 && held[0]["status"] == "held")
        #expect(!held[0].text("text").contains("(") && held[0].text("text").contains("Half"))
        try bring(box.owner, id, "crm.leads", 6, day: "2027-01-07")
        try box.advance("P1D")
        let asked = try mails(box.owner, "campaign_trigger")
        #expect(asked.count == 1 && asked[0]["status"] == "held" && asked[0].text("text").contains("Leads"))
        let problem = try box.owner.patch("\(Self.agent)/config", ["tells_clients": ["everything"]]).problem(
            422)
        #expect(problem["errors"]?[0]["code"] == "invalid_choice")
    }

    // MARK: Reports

    @Test func `a report tells of campaigns with the figures of its period, and where they come from`() throws
    {
        let owner = try server.quietAgency().owner
        let acme = try owner.makeClient()
        let (id, _) = try campaign(
            owner,
            [
                "client_id": .string(acme.id), "start_on": .null, "end_on": .null,
                "milestones": [["name": "Half", "due_on": "2026-01-15"]],
            ])
        try bring(owner, id, "google_ads.conversions", 31, day: "2026-01-10")
        try bring(owner, id, "meta_ads.conversions", 12, day: "2026-01-11")
        try bring(owner, id, "google_ads.clicks", 99, day: "2026-02-10")
        let report = try owner.post(
            "/v1/reports",
            [
                "client_id": .string(acme.id), "kind": "monthly", "period_start": "2026-01-01",
                "period_end": "2026-01-31",
            ]
        ).ok(201)
        let section = try #require(
            report["sections"]?.array?.first { $0["title"] == "Campaign Spring" })
        let figures = section["figures"]?.array ?? []
        #expect(figures.map { Int($0["value"]?.double ?? 0) } == [31, 12], "February is not in it")
        #expect(
            section.text("text").contains("Half")
                && section.text("text").contains("Google Ads has brought most"))
        let source = try owner.every(figures[0].text("query"))
        #expect(source.map { $0["value"] } == [31])
    }

    @Test func `a text that tells of the reader's campaign is passed over where none has a figure`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        let acme = try owner.makeClient(["name": "Acme"])
        func person(_ name: String, of client: JSON?) throws -> JSON {
            var body: JSONObject = [
                "name": .string(name), "email": .string("\(name.lowercased())@p.example"),
            ]
            if let client { body["client_id"] = .string(client.id) }
            return try owner.post("/v1/contacts", .object(body)).ok(201)
        }
        let (jane, joe) = (try person("Jane", of: acme), try person("Joe", of: nil))
        let (id, _) = try campaign(owner, ["client_id": .string(acme.id)])
        try bring(owner, id, "google_ads.conversions", 31)
        let template = try owner.post(
            "/v1/templates",
            [
                "name": "Word", "channel": "email", "subject": "Your campaign",
                "body": "{% for figure in campaign.figures %}{{ figure }} {% endfor %}",
            ]
        ).ok(201)
        let sequence = try owner.post(
            "/v1/sequences",
            [
                "name": "Word",
                "steps": [["channel": "email", "delay": "PT0S", "template_id": .string(template.id)]],
            ]
        ).ok(201)
        for person in [jane, joe] {
            try owner.post(
                "/v1/sequences/\(sequence.id)/enrollments", ["contact_id": .string(person.id)]
            ).ok(201)
        }
        try box.advance("P2D")
        let sent = try owner.every("/v1/messages?direction=outbound")
        #expect(sent.map { $0.text("contact_id") } == [jane.id])
        #expect(sent.first?.text("text").contains("31") == true)
    }
}
