import JSON
import StandIns
import Testing

/// Each channel of a campaign tells its cost and results, with the records of each figure, and where systems differ.
@Suite(.ownThread) struct CampaignChannels {
    let server = BureauProcess.shared
    private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    private func campaign(_ owner: Caller, _ more: JSONObject = [:]) throws -> (id: String, path: String) {
        var body: JSONObject = ["name": "Spring", "objective": "traffic"]
        for (name, value) in more.members { body[name] = value }
        let made = try owner.post("/v1/campaigns", .object(body)).ok(201)
        return (made.id, "/v1/campaigns/\(made.id)")
    }

    private func channel(_ owner: Caller, _ path: String, _ name: String) throws -> JSON {
        let channels = try owner.get("\(path)/results").ok()["channels"]?.array ?? []
        return try #require(channels.first { $0["channel"] == .string(name) })
    }

    private func values(_ channel: JSON) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: (channel["figures"]?.array ?? []).map {
                ($0.text("name"), Int($0["value"]?.double ?? -1))
            })
    }

    private func spend(
        _ owner: Caller, _ path: String, _ channel: String, _ day: String, _ amount: Int64
    ) throws {
        try owner.post(
            "\(path)/spend",
            ["channel": .string(channel), "date": .string(day), "amount": cents(amount, "EUR")]
        ).ok()
    }

    /// The ad campaigns of a stand-in, read for two days.
    private func ads(_ owner: Caller) throws -> (web: GoogleAdsStandIn, sync: String, ad: JSON) {
        let web = try GoogleAdsStandIn()
        for day in 1...2 {
            web.days["2025110\(day)"] = ["clicks": 5, "cost": 12_340_000, "impressions": 100]
        }
        web.budgets["111"] = ["micros": 15_000_000]
        let integration = try owner.post(
            "/v1/integrations",
            [
                "provider": "google_ads", "capability": "advertising", "credentials": web.credentials,
                "settings": .object(
                    JSONObject(web.settings.members + [("base_url", .string(web.service.url))])),
            ]
        ).ok(201)
        let sync = "/v1/integrations/\(integration.id)/sync?wait=PT60S"
        try owner.post(sync, ["from": "2025-11-01", "to": "2025-11-02"]).ok()
        let ad = try owner.every("/v1/ad-campaigns").first { $0["remote_id"] == "111" }
        return (web, sync, try #require(ad))
    }

    @Test func `posts that stand, and links that people follow, are told by channel with their records`()
        throws
    {
        let owner = try server.quietAgency().owner, (id, path) = try campaign(owner)
        try owner.post("\(path)/activate").ok()
        let account = try owner.post("/v1/social-accounts", ["network": "linkedin", "name": "Acme"]).ok(201)
        func post(_ text: String) throws -> JSON {
            try owner.post(
                "/v1/social-posts",
                ["account_id": .string(account.id), "text": .string(text), "campaign_id": .string(id)]
            ).ok(201)
        }
        let (out, draft) = (try post("One"), try post("Two"))
        try owner.post("/v1/social-posts/\(out.id)/publish").ok(202)
        try eventuallyTrue("a person's turn") {
            try owner.get("/v1/social-posts/\(out.id)").ok().text("status") == "awaiting_person"
        }
        #expect(values(try channel(owner, path, "linkedin"))["posts.published"] == 0, "it does not stand yet")
        try owner.post("/v1/social-posts/\(out.id)/done", ["url": "https://www.linkedin.com/p/1"]).ok()
        try owner.post("/v1/social-posts/\(out.id)/metrics", ["impressions": 120, "likes": 5]).ok(201)
        let known = values(try channel(owner, path, "linkedin"))
        #expect(known["posts.impressions"] == 120 && known["posts.likes"] == 5, "\(known)")
        let link = try owner.post(
            "/v1/tracked-links",
            [
                "url": "https://acme.example/spring", "campaign_id": .string(id),
                "utm": ["source": "linkedin"],
            ]
        ).ok(201)
        let url = link.text("short_url")
        let place = String(url[try #require(url.firstRange(of: "/t/")).lowerBound...])
        _ = try server.anonymous.get(place, ["User-Agent": Self.firefox, "Accept-Language": "en"])
        _ = try server.anonymous.get(place, ["User-Agent": "Barracuda Sentinel (EE)"])
        try eventuallyTrue("both clicks") {
            let found = values(try channel(owner, path, "linkedin"))
            return found["links.clicks_people"] == 1 && found["links.clicks_programs"] == 1
        }
        let told = try channel(owner, path, "linkedin")
        #expect(values(told)["posts.published"] == 1)
        let published = try #require(told["figures"]?.array?.first { $0["name"] == "posts.published" })
        #expect(published["trace"] == [["type": "social_post", "id": .string(out.id)]])
        #expect(try owner.get("/v1/social-posts/\(draft.id)").ok()["status"] == "draft")
        #expect(told["spent"] == .null && told["cost_per_result"] == .null, "nothing was spent")
        try owner.post(
            "\(path)/spend", ["channel": "linkedin", "date": "2026-01-02", "amount": cents(1250)]
        ).ok()
        #expect(try channel(owner, path, "linkedin")["cost_per_result"] == cents(1250), "one person came")
    }

    @Test func `clicks of each link count, however many a campaign has`() throws {
        let owner = try server.quietAgency().owner, (id, path) = try campaign(owner)
        var last = ""
        for number in 0..<201 {
            last = try owner.post(
                "/v1/tracked-links",
                [
                    "url": .string("https://acme.example/\(number)"), "campaign_id": .string(id),
                    "utm": ["source": "letter"],
                ]
            ).ok(201).text("short_url")
        }
        let place = String(last[try #require(last.firstRange(of: "/t/")).lowerBound...])
        _ = try server.anonymous.get(place, ["User-Agent": Self.firefox, "Accept-Language": "en"])
        try eventuallyTrue("the click") {
            try values(channel(owner, path, "letter"))["links.clicks_people"] == 1
        }
    }

    @Test func `each KPI stands beside its target, from metrics or from what its channel tells`() throws {
        let owner = try server.quietAgency().owner
        let (id, path) = try campaign(
            owner,
            [
                "kpis": [
                    ["metric": "crm.leads", "target": 40], ["metric": "crm.cost_per_lead", "target": 50],
                    ["metric": "linkedin.impressions", "target": 200], ["metric": "linkedin.likes"],
                    ["metric": "meta_ads.conversions", "target": 5],
                ]
            ])
        try owner.post("\(path)/activate").ok()
        for (metric, day, value) in [("leads", 2, 10), ("leads", 3, 31), ("cost_per_lead", 3, 60)] {
            try owner.post(
                "/v1/metrics",
                [
                    "campaign_id": .string(id), "source": "crm", "metric": .string(metric),
                    "date": .string("2026-01-0\(day)"), "value": JSON(value),
                ]
            ).ok(201)
        }
        let account = try owner.post("/v1/social-accounts", ["network": "linkedin", "name": "Acme"]).ok(201)
        let post = try owner.post(
            "/v1/social-posts",
            ["account_id": .string(account.id), "text": "One", "campaign_id": .string(id)]
        ).ok(201)
        let postPath = "/v1/social-posts/\(post.id)"
        try owner.post("\(postPath)/publish").ok(202)
        try eventuallyTrue("a person's turn") {
            try owner.get(postPath).ok().text("status") == "awaiting_person"
        }
        try owner.post("\(postPath)/done", ["url": "https://www.linkedin.com/p/1"]).ok()
        try owner.post("\(postPath)/metrics", ["impressions": 120, "likes": 5]).ok(201)

        let kpis = try owner.get("\(path)/results").ok()["kpis"]?.array ?? []
        #expect(kpis.map { $0["value"] ?? .null } == [41, 60, 120, 5, .null])
        #expect(kpis.map { $0["reached"] ?? .null } == [true, false, false, .null, .null], "60 is too dear")
        #expect(kpis.map { $0["share"] ?? .null } == [1.025, 1.2, 0.6, .null, .null])
        #expect(kpis.map { $0["trace"]?.array?.count } == [2, 1, 1, 1, 0])
        #expect(kpis[2]["trace"]?[0]["id"] == .string(post.id))
    }

    @Test func `mails are counted, and lift is only told where people were held out`() throws {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let operations = (0..<60).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        let (id, path) = try campaign(owner, ["objective": "retention"])
        try owner.post("\(path)/activate").ok()
        let all = try owner.mailCampaign(["campaign_id": .string(id)])
        try owner.mailCampaign(all, "schedule").ok()
        try box.advance("P3D")
        let email = try channel(owner, path, "email")
        #expect(values(email)["mails.sent"] == 60 && values(email)["mails.delivered"] == 60)
        #expect(values(email)["mails.replied"] == 0 && values(email)["mails.clicks_programs"] == 0)
        #expect(try owner.get("\(path)/results").ok()["lift"] == [])
        let second = try owner.mailTemplate("Second")
        let some = try owner.mailCampaign([
            "campaign_id": .string(id), "holdout": 0.5, "template_id": .string(second.id),
        ])
        try owner.mailCampaign(some, "schedule").ok()
        try box.advance("P3D")
        let written = Set(
            try owner.every("/v1/messages?direction=outbound&status=sent").filter {
                $0["subject"] == "Second"
            }.map { $0.text("contact_id") })
        #expect(!written.isEmpty && written.count < 60)
        for contact in written {
            try owner.post("/v1/contacts/\(contact)/activities", ["type": "demo_request"]).ok(201)
        }
        let lift = try #require(try owner.get("\(path)/results").ok()["lift"]?.array?.first)
        #expect(lift["email_campaign_id"] == .string(some.id) && lift["goal"] == "enquiry")
        #expect(lift["treated"] == JSON(written.count) && lift["held_out"] == JSON(60 - written.count))
        #expect(lift["rate_treated"] == 1 && lift["rate_held_out"] == 0 && lift["difference"] == 1)
        #expect(lift["sure"] == false, "fewer than fifty are in a group")
        #expect((lift["low"]?.double ?? -1) > 0 && (lift["high"]?.double ?? 2) <= 1)
    }

    @Test func `what a service tells is spent on the campaign, stops it, and a person's word goes before it`()
        throws
    {
        let owner = try server.quietAgency().owner, (web, sync, ad) = try ads(owner)
        let (id, path) = try campaign(
            owner,
            [
                "start_on": "2025-11-01", "end_on": "2025-11-30", "budget": cents(10_000, "EUR"),
                "channels": [["channel": "google_ads"]],
            ])
        try owner.post("\(path)/activate").ok()
        try owner.patch("/v1/ad-campaigns/\(ad.id)", ["campaign_id": "cmp_00000000000000000000000000"])
            .problem(422, "unknown_reference")
        try owner.patch("/v1/ad-campaigns/\(ad.id)", ["campaign_id": .string(id)]).ok()
        let days = try owner.every("\(path)/spend")
        #expect(days.count == 2 && days.allSatisfy { $0["by_hand"] == false })
        #expect(try owner.get("\(path)/pacing").ok()["spent"] == cents(2468, "EUR"))
        var google = try channel(owner, path, "google_ads")
        #expect(values(google)["ads.clicks"] == 10 && values(google)["ads.spent"] == 2468)
        #expect(google["cost_per_result"] == cents(247, "EUR"), "246.8 is rounded to the cent")
        // By hand, the first day was dearer: both figures are told.
        try spend(owner, path, "google_ads", "2025-11-01", 2000)
        #expect(try owner.get("\(path)/pacing").ok()["spent"] == cents(3234, "EUR"))
        try owner.post(sync, ["from": "2025-11-01", "to": "2025-11-02"]).ok()
        #expect(try owner.get("\(path)/pacing").ok()["spent"] == cents(3234, "EUR"), "it stays by hand")
        let told = try owner.get("\(path)/results").ok()["differences"]?.array ?? []
        #expect(told.count == 1 && told[0]["metric"] == "google_ads.spent" && told[0]["date"] == "2025-11-01")
        let figures = Dictionary(
            uniqueKeysWithValues: (told[0]["figures"]?.array ?? []).map {
                ($0.text("source"), Int($0["value"]?.double ?? 0))
            })
        #expect(figures == ["campaign_spend": 2000, "ad_campaigns": 1234] && told[0]["settled"] == .null)
        let settle: JSON = ["metric": "google_ads.spent", "date": "2025-11-01", "source": "ad_campaigns"]
        try owner.post("\(path)/differences/settle", settle.merging(["source": "nobody"]))
            .problem(422, "invalid_choice")
        try owner.post("\(path)/differences/settle", settle.merging(["date": "2025-11-02"])).problem(404)
        let settled = try owner.post("\(path)/differences/settle", settle).ok()
        #expect(settled["settled"]?["source"] == "ad_campaigns")
        #expect(try owner.get("\(path)/pacing").ok()["spent"] == cents(2468, "EUR"))
        #expect(try owner.get("\(path)/results").ok()["differences"] == [])
        // The service tells that all is spent: the campaign stops, once.
        web.days["20251102"]?["cost"] = 90_000_000
        try owner.post(sync, ["from": "2025-11-01", "to": "2025-11-02"]).ok()
        let stopped = try owner.get(path).ok()
        #expect(stopped["status"] == "paused" && stopped["paused_because"] == "budget_exhausted")
        #expect(try owner.every("/v1/events?type=campaign.budget_exhausted").count == 1)
        try owner.patch("/v1/ad-campaigns/\(ad.id)", ["campaign_id": .null]).ok()
        #expect(try owner.get("\(path)/pacing").ok()["spent"] == cents(0, "EUR"))
        google = try channel(owner, path, "google_ads")
        #expect(values(google).isEmpty)
    }

    @Test func `what ads and links bring counts for budgets and the next plan, where no metric tells it`()
        throws
    {
        let owner = try server.quietAgency().owner, ad = try ads(owner).ad
        let channels: [JSON] = ["google_ads", "letter"].map {
            ["channel": .string($0), "budget": cents(50_000, "EUR")]
        }
        let (id, path) = try campaign(
            owner,
            [
                "start_on": "2025-11-01", "budget": cents(100_000, "EUR"), "channels": .array(channels),
            ])
        try owner.post("\(path)/activate").ok()
        try owner.patch("/v1/ad-campaigns/\(ad.id)", ["campaign_id": .string(id)]).ok()
        try spend(owner, path, "letter", "2025-11-02", 1234)
        let link = try owner.post(
            "/v1/tracked-links",
            ["url": "https://acme.example/spring", "campaign_id": .string(id), "utm": ["source": "letter"]]
        ).ok(201)
        let url = link.text("short_url")
        let place = String(url[try #require(url.firstRange(of: "/t/")).lowerBound...])
        _ = try server.anonymous.get(place, ["User-Agent": Self.firefox, "Accept-Language": "en"])
        try eventuallyTrue("the click") {
            try values(channel(owner, path, "letter"))["links.clicks_people"] == 1
        }
        for agent in ["budget_allocation", "campaign_planning"] {
            try owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        try owner.patch("/v1/agents/budget_allocation/config", ["shift_per_day": 0.9]).ok()
        try owner.post("/v1/agents/budget_allocation/config/publish").ok()
        let shift = try owner.ended(
            "/v1/agents/budget_allocation/runs", ["parameters": ["campaign_id": .string(id)]])
        #expect(shift["result"]?["campaigns"]?[0]["state"] == "moved", "\(shift["result"] ?? .null)")
        // Ten clicks for 24.68, and one for 12.34: five sixths of what is left above the minimum of both.
        let now = try owner.get(path).ok()["channels"]?.array?.compactMap { $0.cents("budget") }
        #expect(now == [79_506, 20_494])
        let run = try owner.ended(
            "/v1/agents/campaign_planning/runs",
            ["parameters": ["objective": "traffic", "budget": cents(100_000, "EUR"), "days": 30]])
        let planned = try owner.get("/v1/campaigns/\(run["result"]?.text("campaign_id") ?? "")").ok()
        let budgets = planned["channels"]?.array?.map { "\($0.text("channel")) \($0.cents("budget") ?? 0)" }
        #expect(
            budgets == ["google_ads 71667", "letter 18333", "meta_ads 5000", "email 5000"],
            "\(budgets ?? [])")
        let kpis = planned["kpis"]?.array ?? []
        #expect(kpis.map { $0.text("metric") }.prefix(2) == ["google_ads.clicks", "letter.clicks"])
        #expect(kpis.map { $0["target"] ?? .null } == [290, 15, .null, .null])
    }

    @Test func `a settled difference is open again when a system tells another figure`() throws {
        let owner = try server.quietAgency().owner, (id, path) = try campaign(owner)
        func tell(_ source: String, _ value: Int) throws {
            let answer = try owner.post(
                "/v1/metrics",
                [
                    "campaign_id": .string(id), "source": .string(source), "metric": "leads",
                    "date": "2026-01-02", "value": JSON(value),
                ])
            #expect(answer.status == 201 || answer.status == 200)
        }
        func differences() throws -> [JSON] {
            try owner.get("\(path)/results").ok()["differences"]?.array ?? []
        }
        try tell("crm", 40)
        try tell("google_analytics", 41)
        #expect(try differences().isEmpty, "by less than one in twenty they are the same")
        try tell("google_analytics", 60)
        #expect(try differences().map { $0["metric"] } == ["leads"])
        let settle: JSON = [
            "metric": "leads", "date": "2026-01-02", "source": "crm", "reason": "Tested twice.",
        ]
        try owner.post("\(path)/differences/settle", settle).ok()
        #expect(try differences().first?["settled"]?["reason"] == "Tested twice.")
        try tell("google_analytics", 61)
        #expect(try differences().first?["settled"] == .null)
    }
}
