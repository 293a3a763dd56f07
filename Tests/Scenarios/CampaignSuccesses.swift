import JSON
import Testing

/// Word to clients of their campaigns, whoever tells the figures, and however many campaigns there are.
@Suite(.ownThread) struct CampaignSuccesses {
    private func managed(_ tells: JSON) throws -> SandboxCaller {
        let agent = "/v1/agents/campaign_manager"
        let box = try BureauProcess.shared.quietAgency().sandbox(startAt: "2027-01-04T00:00:00.000Z")
        try box.readyToSend()
        try box.owner.patch(agent, ["state": "active", "autonomy": "autopilot"]).ok()
        try box.owner.patch("\(agent)/config", ["tells_clients": tells]).ok()
        try box.owner.post("\(agent)/config/publish").ok()
        return box
    }

    private func client(_ owner: Caller) throws -> JSON {
        try owner.makeClient(["name": "Acme", "contact_email": "jane@acme.example"])
    }

    private func campaign(_ owner: Caller, _ more: JSONObject) throws -> String {
        var body: JSONObject = ["name": "Spring", "objective": "sales", "start_on": "2027-01-01"]
        for (name, value) in more.members { body[name] = value }
        let made = try owner.post("/v1/campaigns", .object(body)).ok(201)
        try owner.post("/v1/campaigns/\(made.id)/activate").ok()
        return made.id
    }

    private func mails(_ owner: Caller, _ topic: String) throws -> [JSON] {
        try owner.every("/v1/messages?direction=outbound&topic=\(topic)")
    }

    @Test func `a client hears of a target that posts reach, and of a channel that they show to bring more`()
        throws
    {
        let box = try managed(["success", "opportunity"]), owner = box.owner, acme = try client(owner)
        let id = try campaign(
            owner,
            [
                "client_id": .string(acme.id), "objective": "awareness",
                "budget": cents(100_000),
                "kpis": [["metric": "linkedin.impressions", "target": 50_000]],
                "channels": [
                    ["channel": "linkedin", "budget": cents(10_000)],
                    ["channel": "google_ads", "budget": cents(90_000)],
                ],
            ])
        let account = try owner.socialAccount("linkedin")
        let post = try owner.post(
            "/v1/social-posts",
            ["account_id": .string(account.id), "text": "Tulips", "campaign_id": .string(id)]
        ).ok(201)
        let path = "/v1/social-posts/\(post.id)"
        try owner.post("\(path)/publish", [:]).ok(202)
        try box.advance("PT0S")
        try owner.post("\(path)/done", ["url": "https://www.linkedin.com/p/1"]).ok()
        try owner.post("\(path)/metrics", ["impressions": 49_000]).ok(201)
        try box.advance("P1D")
        let early = try mails(owner, "campaign_success") + mails(owner, "campaign_opportunity")
        #expect(early.isEmpty, "below the target, and below 50 thousand")
        try owner.post("\(path)/metrics", ["impressions": 60_000]).ok(201)
        try box.advance("P2D")
        let all = try mails(owner, "campaign_success"), told = try #require(all.first)
        #expect(all.count == 1 && told["subject"] == "Spring has reached a target: Impressions")
        let sentence = "Impressions: 60,000, and 50,000 was the aim (source: Linkedin)"
        #expect(told.text("text").contains(sentence), "\(told.text("text"))")
        #expect(told["sources"]?.array?.contains(["type": "social_post", "id": .string(post.id)]) == true)
        let hint = try mails(owner, "campaign_opportunity")
        #expect(hint.count == 1)
        #expect(hint.first?.text("text").contains("Linkedin brings more results than its share") == true)
    }

    @Test func `a report tells what posts of a campaign have brought in its period, with their records`()
        throws
    {
        let owner = try BureauProcess.shared.quietAgency().owner, acme = try owner.makeClient()
        let id = try campaign(owner, ["client_id": .string(acme.id), "start_on": .null])
        let account = try owner.socialAccount("linkedin")
        var posts: [String] = []
        for (day, impressions) in [("2026-01-10", 120), ("2026-01-31", 30), ("2026-02-10", 77)] {
            let post = try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": .string("On \(day)"),
                    "campaign_id": .string(id),
                ]
            ).ok(201)
            let path = "/v1/social-posts/\(post.id)"
            try owner.post("\(path)/publish", [:]).ok(202)
            try eventuallyTrue("a person's turn") {
                try owner.get(path).ok().text("status") == "awaiting_person"
            }
            let at = JSON.string("\(day)T12:00:00.000Z")
            try owner.post("\(path)/done", ["url": "https://www.linkedin.com/p/1", "published_at": at]).ok()
            try owner.post("\(path)/metrics", ["impressions": JSON(impressions)]).ok(201)
            posts.append(post.id)
        }
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
        #expect(figures.map { $0.text("label") } == ["Posts", "Impressions"], "\(figures)")
        #expect(figures.map { Int($0["value"]?.double ?? 0) } == [2, 150], "February is not in it")
        let records = try owner.every(figures.first?.text("query") ?? "")
        #expect(Set(records.map(\.id)) == Set(posts.prefix(2)))
    }

    @Test func `a figure is heard by its own campaign, however many others wait for such figures`() throws {
        let owner = try BureauProcess.shared.quietAgency().owner
        let trigger: JSON = ["metric": "crm.leads", "op": "gte", "value": 5, "action": "pause"]
        for number in 0..<201 {
            try owner.post(
                "/v1/campaigns",
                ["name": .string("Plan \(number)"), "objective": "leads", "triggers": [trigger]]
            ).ok(201)
        }
        let id = try campaign(owner, ["triggers": [trigger]])
        try owner.post(
            "/v1/metrics",
            [
                "campaign_id": .string(id), "source": "crm", "metric": "leads", "date": "2026-01-03",
                "value": 6,
            ]
        ).ok(201)
        #expect(try owner.get("/v1/campaigns/\(id)").ok()["paused_because"] == "trigger")
    }

    @Test func `each campaign is looked at, and each client told, however many an agency has`() throws {
        let box = try managed(["success"]), owner = box.owner, acme = try client(owner)
        var all: Set<String> = [], told = 0
        for number in 0..<202 {
            var more: JSONObject = ["name": .string("Number \(number)")]
            let isOfClient = number % 4 == 0
            if isOfClient {
                more["client_id"] = .string(acme.id)
                more["kpis"] = [["metric": "crm.leads", "target": 5]]
            }
            let id = try campaign(owner, more)
            all.insert(id)
            guard isOfClient else { continue }
            told += 1
            try owner.post(
                "/v1/metrics",
                [
                    "campaign_id": .string(id), "source": "crm", "metric": "leads", "date": "2027-01-03",
                    "value": 9,
                ]
            ).ok(201)
        }
        try box.advance("P1D")
        let decided = try owner.every("/v1/decisions?agent=campaign_manager")
        let looked = Set(decided.compactMap { $0["subject"]?["id"]?.text })
        #expect(all.isSubset(of: looked), "\(all.subtracting(looked).count) of them are not looked at")
        #expect(try mails(owner, "campaign_success").count == told, "\(told) are of the client")
    }
}
