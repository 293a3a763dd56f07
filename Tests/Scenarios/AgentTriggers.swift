import JSON
import StandIns
import Testing

/// Agents of campaigns, content and networks work by schedule, event and call alike, and say why.
@Suite(.ownThread) struct AgentTriggers {
    let server = BureauProcess.shared

    /// Expects that each agent has done its own work by each way in which it is woken, and has decided with reasons.
    private func expectWork(
        of agents: [String], in owner: Caller, isOwn: (_ run: JSON, _ agent: String) throws -> Bool
    ) throws {
        for name in agents {
            let runs = try owner.every("/v1/agent-runs?agent=\(name)")
            #expect(runs.allSatisfy { $0["status"] == "succeeded" }, "\(name)")
            let busy = try runs.filter { try ($0["items_processed"]?.int ?? 0) > 0 && isOwn($0, name) }
            let triggers = Set(busy.map { $0.text("trigger") })
            #expect(triggers == ["schedule", "event", "manual"], "\(name): \(runs.map { $0["result"] })")
            let reasoned = try owner.every("/v1/decisions?agent=\(name)").filter {
                try owner.get("/v1/decisions/\($0.id)").ok()["factors"]?.array?.isEmpty == false
            }
            #expect(!reasoned.isEmpty, "\(name)")
        }
    }

    /// A piece that people look at and approve, of which agents hear.
    private func approve(
        _ owner: Caller, _ title: String, _ body: String, _ more: JSONObject
    ) throws -> JSON {
        var given: JSONObject = ["title": .string(title), "body": .string(body)]
        for (name, value) in more.members { given[name] = value }
        let item = try owner.post("/v1/content-items", .object(given)).ok(201)
        try owner.post("/v1/content-items/\(item.id)/submit").ok()
        return try owner.post("/v1/content-items/\(item.id)/review", ["passed": true]).ok()
    }

    // MARK: Networks

    /// The networks in the order of their agents, each with the format in which it shows a short, upright film.
    private static let networks: [(name: String, settings: JSONObject, format: String)] = [
        ("instagram", ["ig_user_id": "1"], "reel"),
        ("linkedin", ["author": "urn:li:organization:1"], "video"), ("x", [:], "post"),
        ("tiktok", [:], "video"), ("facebook", ["page_id": "1"], "reel"), ("youtube", [:], "short"),
    ]

    /// Returns whether a run has planned posts of its agent's own network alone, as that shows a film.
    private func isAtHome(_ run: JSON, of agent: String) -> Bool {
        let posts = (run["result"]?["pieces"]?.array ?? []).flatMap { $0["posts"]?.array ?? [] }
        guard let place = Caller.networkAgents.firstIndex(of: agent), !posts.isEmpty else { return false }
        let own = Self.networks[place]
        return posts.allSatisfy { post in
            // A film on YouTube has a title, and who may see one on TikTok is left to people.
            let (hasTitle, isLeft) = (post["options"]?["title"] != nil, post["lacking"] == ["required"])
            guard hasTitle == (own.name == "youtube"), isLeft == (own.name == "tiktok") else { return false }
            return post.text("network") == own.name && post.text("format") == own.format
        }
    }

    @Test func `each network's agent plans by schedule, event and call, and a sandbox captures its posts`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try owner.wakeSocialAgents("autopilot")
        try owner.patch("/v1/agents/\(Caller.coordinator)", ["state": "disabled"]).ok()
        let accounts = try Self.networks.map { name, settings, _ in
            let integration = try owner.connectInBox(
                name, "http://127.0.0.1:9", ["access_token": "t"], settings)
            return try owner.socialAccount(name, ["integration_id": .string(integration.id)]).id
        }
        let file = try owner.upload(SampleMedia.mp4(1080, 1920, seconds: 20), "garden.mp4").id
        let film: JSONObject = [
            "format": "video", "media": [["file_id": .string(file), "alt_text": "A garden."]],
        ]
        let heard = try approve(owner, "Roses", "Roses are cut in March.", film)
        try box.advance("PT0S")
        // A person chooses who may see a film on TikTok.
        try owner.approveAll()
        for post in try owner.posts(of: heard) where post["status"] == "draft" {
            let path = "/v1/social-posts/\(post.id)"
            try owner.patch(path, ["options": ["privacy_level": "SELF_ONLY"]]).ok()
            try owner.post("\(path)/schedule", ["at": "2027-01-06T18:00:00.000Z"]).ok()
        }
        let found = try owner.approvedPiece("Tulips", "Tulips are planted in autumn.", film)
        try box.advance("P7D")
        let asked = try owner.approvedPiece("Lilies", "Lilies like the sun.", film)
        for name in Caller.networkAgents {
            _ = try owner.runAgent(name, ["content_item_id": .string(asked.id)])
        }
        try expectWork(of: Caller.networkAgents, in: owner) { isAtHome($0, of: $1) }
        for name in Caller.networkAgents {
            let subjects = try owner.every("/v1/decisions?agent=\(name)").map { $0["subject"]?["id"]?.text }
            #expect(Set(subjects).isSuperset(of: [heard.id, found.id, asked.id]), "\(name)")
        }
        try box.advance("P14D")
        let captured = try owner.every("/v1/social-posts").filter { $0["captured"] == true }
        let formats = Dictionary(grouping: captured) { $0.text("account_id") }.mapValues { posts in
            Set(posts.map { $0.text("format") })
        }
        let wanted = zip(accounts, Self.networks).map { ($0, Set([$1.format])) }
        #expect(formats == Dictionary(uniqueKeysWithValues: wanted))
        #expect(captured.allSatisfy { $0["status"] == "published" && $0["remote_id"] == .null })
    }

    // MARK: Campaigns and content

    private static let agents = [
        "campaign_planning", "campaign_manager", "budget_allocation", "content_strategy",
        "multi_format_generator", "content_performance", "content_quality", Caller.coordinator,
    ]

    /// Returns whether a run has done what its agent is there for, as its result and the records tell.
    private func isDone(
        _ run: JSON, by agent: String, for campaign: String, in owner: Caller
    ) throws -> Bool {
        let result = run["result"] ?? .null, isCalled = run["trigger"] == "manual"
        let own = result["campaigns"]?.array?.first { $0["campaign_id"] == .string(campaign) } ?? .null
        func items() throws -> [JSON] {
            try (result["items"]?.array ?? []).map { id in
                try owner.get("/v1/content-items/\(id.text ?? "")").ok()
            }
        }
        // Where money would move, people are asked first.
        func isAsked(_ shift: JSON?) -> Bool {
            let amounts = shift?["channels"]?.array?.compactMap { $0.cents("amount") } ?? []
            let state = shift?.text("state")
            return (state == "asked" || state == "asked_already") && amounts.reduce(0, +) == 100_000
        }
        switch agent {
        case "campaign_planning":
            return try (result["campaigns"]?.array ?? [result]).allSatisfy { proposed in
                let made = try owner.get("/v1/campaigns/\(proposed.text("campaign_id"))").ok()
                let budgets = made["channels"]?.array?.compactMap { $0.cents("budget") } ?? []
                guard budgets.reduce(0, +) == made.cents("budget"), made["status"] == "planning" else {
                    return false
                }
                return made["kpis"]?.array?.count == budgets.count
                    && made["milestones"]?.array?.isEmpty == false
            }
        case "campaign_manager":
            // A fifth is spent in a third of its days, and then more than four fifths.
            let pace: JSON = isCalled ? "spends_too_slowly" : "spends_too_fast"
            return own["findings"]?.array?.contains(pace) == true && isAsked(own["shift"])
        case "budget_allocation": return own["action"] == "move" && isAsked(own)
        case "content_strategy":
            return try items().allSatisfy {
                $0["status"] == "idea" && $0.text("planned_at") > run.text("created_at")
            }
        case "multi_format_generator":
            let source: JSON = isCalled ? "article" : "content_item"
            return try items().allSatisfy { item in
                item["status"] == "draft" && !item.text("body").isEmpty
                    && item["sources"]?.array?.contains { $0["type"] == source } == true
            }
        case "content_performance":
            let advice = result["suggestions"]?.array ?? []
            let theme = advice.first { $0["dimension"] == "theme" && $0["key"] == "roses" }
            return result["pieces"]?.array?.isEmpty == false && theme?["action"] == "more"
        case "content_quality":
            // The piece that is asked about says a word that the brand does not say.
            return !isCalled || (result["items"]?[0]["score"]?.int ?? 100) < 100
        default:
            let posts = (result["pieces"]?.array ?? []).flatMap { $0["posts"]?.array ?? [] }
            return !posts.isEmpty && posts.allSatisfy { $0["network"] == "linkedin" }
        }
    }

    private func campaign(
        _ owner: Caller, _ objective: String, _ start: String, _ end: String
    ) throws -> String {
        let made = try owner.post(
            "/v1/campaigns",
            [
                "name": .string("For \(objective)"), "objective": .string(objective),
                "budget": cents(100_000), "start_on": .string(start), "end_on": .string(end),
                "channels": [
                    ["channel": "google_ads", "budget": cents(50_000)],
                    ["channel": "meta_ads", "budget": cents(50_000)],
                ],
            ]
        ).ok(201)
        try owner.post("/v1/campaigns/\(made.id)/activate").ok()
        return made.id
    }

    private func spend(_ owner: Caller, _ id: String, _ channel: String, _ amount: Int64) throws {
        let body: JSON = ["channel": .string(channel), "date": "2027-01-05", "amount": cents(amount)]
        try owner.post("/v1/campaigns/\(id)/spend", body).ok()
    }

    /// Posts that have stood for days: those about roses have done better.
    private func measure(_ box: SandboxCaller, _ account: JSON, _ numbers: Range<Int>) throws {
        let owner = box.owner
        let posts = try numbers.map { number -> (number: Int, path: String) in
            let text = "News of garden \(number)\(number % 2 == 0 ? " #Roses" : "")"
            let body: JSON = ["account_id": .string(account.id), "text": .string(text)]
            let id = try owner.post("/v1/social-posts", body).ok(201).id
            try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
            return (number, "/v1/social-posts/\(id)")
        }
        try box.advance("PT0S")
        for (number, path) in posts {
            let moment = "2027-01-1\(number % 6)T1\(number % 10):00:00.000Z"
            let done: JSON = ["url": "https://example.com/p", "published_at": .string(moment)]
            try owner.post("\(path)/done", done).ok()
            try owner.post("\(path)/metrics", ["likes": number % 2 == 0 ? 60 : 5]).ok(201)
        }
    }

    /// Sets everything up that the agents hear nothing of, as they sleep.
    private func fill(_ box: SandboxCaller) throws -> (campaign: String, over: String, account: JSON) {
        let owner = box.owner
        let campaign = try campaign(owner, "sales", "2027-01-01", "2027-02-28")
        for (channel, brought) in [("google_ads", 30), ("meta_ads", 10)] {
            try spend(owner, campaign, channel, 10_000)
            let metric: JSON = [
                "campaign_id": .string(campaign), "source": .string(channel), "metric": "conversions",
                "date": "2027-01-05", "value": JSON(brought),
            ]
            try owner.post("/v1/metrics", metric).ok(201)
        }
        // One ends soon, so that the schedule follows it; another is completed as the agents are awake.
        _ = try self.campaign(owner, "leads", "2027-01-01", "2027-02-05")
        let over = try self.campaign(owner, "traffic", "2026-12-20", "2027-01-25")
        let account = try owner.socialAccount("linkedin")
        try measure(box, account, 0..<12)
        try owner.post("/v1/brands", ["name": "Acme", "banned": ["cheap"]]).ok(201)
        let article: JSON = [
            "title": "Our garden care", "status": "published",
            "body": "Garden care takes 24 hours to set up and covers 3 visits a month.",
        ]
        try owner.post("/v1/articles", article).ok(201)
        return (campaign, over, account)
    }

    @Test func `each agent of campaigns and content finds its work by schedule, event and call`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-20T10:00:00.000Z"), owner = box.owner
        try box.quieten()
        let (campaign, over, account) = try fill(box)
        // The coordinator plans by what a network's agent knows, while that one is awake.
        for name in Self.agents + ["linkedin_agent"] {
            try owner.patch("/v1/agents/\(name)", ["state": "active"]).ok()
        }
        let piece = try owner.approvedPiece("Roses", "A cheap start: roses are cut in March.")
        let calls: [(agent: String, parameters: JSON)] = [
            ("campaign_planning", ["objective": "sales", "budget": cents(50_000), "days": 20]),
            ("campaign_manager", [:]), ("budget_allocation", [:]), ("content_strategy", ["days": 7]),
            (
                "multi_format_generator",
                ["brief": "Announce our garden care for spring", "formats": ["social"], "networks": ["x"]]
            ),
            ("content_performance", [:]), ("content_quality", ["content_item_id": .string(piece.id)]),
            (Caller.coordinator, ["content_item_id": .string(piece.id)]),
        ]
        for call in calls { _ = try owner.runAgent(call.agent, call.parameters) }
        // Things happen: what a day cost stands in the place of what it had cost, and makes 82 % of the budget.
        try spend(owner, campaign, "google_ads", 72_000)
        try owner.post("/v1/campaigns/\(over)/complete").ok()
        _ = try owner.socialAccount("x")
        let heard = try approve(
            owner, "Roses in winter",
            """
            Pruning roses in late winter keeps them healthy. Cut above an outward bud, remove dead wood, and clear \
            fallen leaves so that black spot does not come back.
            """,
            ["format": "blog"])
        let told = try approve(owner, "Tulips", "Tulips are in flower.", ["format": "social"])
        try measure(box, account, 12..<13)
        try box.advance("PT1H")
        // Nobody hears of these but the schedules.
        try owner.patch("/v1/agents/content_quality", ["state": "disabled"]).ok()
        let found = [
            try owner.approvedPiece(
                "Tulips in autumn", "Tulips want sun and soil that drains well. Plant the bulbs in autumn.",
                ["format": "blog"]), try owner.approvedPiece("Lilies", "Lilies like the sun."),
        ]
        try owner.patch("/v1/agents/content_quality", ["state": "active"]).ok()
        try box.advance(to: "2027-02-02T00:00:00.000Z")
        try expectWork(of: Self.agents, in: owner) { try isDone($0, by: $1, for: campaign, in: owner) }
        for item in [piece, heard, told] + found {
            let judged = try owner.every("/v1/decisions?agent=content_quality&subject_id=\(item.id)")
            #expect(!judged.isEmpty, "\(item.text("title")) is checked")
        }
        // Money stays where it was, and nothing is told on a network, before people say yes.
        let channels = try owner.get("/v1/campaigns/\(campaign)").ok()["channels"]?.array ?? []
        #expect(channels.map { $0.cents("budget") } == [50_000, 50_000])
        let planned = try owner.every("/v1/social-posts").filter { $0["content_item_id"] != .null }
        #expect(!planned.isEmpty && planned.allSatisfy { $0["published_at"] == .null })
    }
}
