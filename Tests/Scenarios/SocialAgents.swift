import JSON
import StandIns
import Testing

/// The coordinator plans approved content over all networks, and nothing leaves that nobody has agreed to.
@Suite(.ownThread) struct SocialAgents {
    let server = BureauProcess.shared

    /// A sandbox on a Tuesday at ten, in which only the agents of networks are awake.
    private func box(_ autonomy: String = "approve") throws -> (box: SandboxCaller, owner: Caller) {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        try box.owner.wakeSocialAgents(autonomy)
        return (box, box.owner)
    }

    private func piece(
        _ owner: Caller, _ title: String = "Roses in spring", _ more: JSONObject = [:]
    ) throws
        -> JSON
    {
        try owner.approvedPiece(title, "\(title): roses need water, and we bring it.", more)
    }

    @Test func `a piece is told on each network at its hour, not all at once, once people agree`() throws {
        let (box, owner) = try box()
        for network in ["x", "facebook", "linkedin", "tiktok"] { _ = try owner.socialAccount(network) }
        let piece = try piece(owner)
        let result = try owner.runAgent()
        let posts = try owner.posts(of: piece)
        // LinkedIn fits words best and gets its best hour; the others keep three hours away from it.
        #expect(
            posts.map { $0.text("scheduled_at").prefix(13) } == [
                "2027-01-06T09", "2027-01-06T13", "2027-01-07T09",
            ])
        #expect(posts.allSatisfy { $0["status"] == "needs_approval" })
        let approvals = try owner.pendingApprovals()
        #expect(approvals.count == 1 && approvals[0]["preview"]?["posts"]?.array?.count == 3)
        #expect(approvals[0]["agent"] == "social_media_coordinator")
        let planned = try #require(result["pieces"]?[0])
        #expect(planned["left_out"]?.array?.map { $0.text("code") } == ["media_required"], "\(planned)")
        let decision = try owner.get("/v1/decisions/\(planned.text("decision_id"))").ok()
        #expect(decision["subject"]?["id"] == .string(piece.id))
        #expect(
            decision["factors"]?.array?.map { $0.text("name") } == [
                "hour.linkedin", "habits.linkedin", "hour.facebook", "habits.facebook", "hour.x", "habits.x",
                "fits",
            ])
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        try box.advance("P2D")
        #expect(try owner.posts(of: piece).allSatisfy { $0["status"] == "needs_approval" }, "nobody agreed")
        // A late yes keeps them apart, too.
        try owner.approveAll()
        #expect(
            try owner.posts(of: piece).map { $0.text("scheduled_at").prefix(13) } == [
                "2027-01-07T12", "2027-01-08T10", "2027-01-12T09",
            ])
    }

    @Test func `a piece is planned however many others are approved before it`() throws {
        let (_, owner) = try box()
        let acme = try owner.makeClient().id
        for number in 0..<500 {
            _ = try piece(
                owner, "Number \(number)",
                ["client_id": .string(acme), "planned_at": "2027-01-05T12:00:00.000Z"])
        }
        let last = try piece(owner, "Roses", ["planned_at": "2027-01-08T12:00:00.000Z"])
        _ = try owner.socialAccount("linkedin")
        _ = try owner.runAgent()
        #expect(try owner.posts(of: last).count == 1)
    }

    @Test func `what people agree to leaves at its hour, and in the next one where that has passed`() throws {
        let (box, owner) = try box()
        _ = try owner.socialAccount("linkedin")
        let early = try piece(owner)
        _ = try owner.runAgent()
        try owner.approveAll()
        #expect(try owner.posts(of: early)[0]["status"] == "scheduled")
        try box.advance(to: "2027-01-06T09:00:01.000Z")
        #expect(try owner.posts(of: early)[0]["status"] == "awaiting_person", "no account is connected")
        let (late, second) = (try piece(owner, "Tulips in autumn"), try piece(owner, "Lilies in summer"))
        _ = try owner.runAgent()
        let meant = try owner.posts(of: late)[0].text("scheduled_at")
        try box.advance("P2D")
        try owner.setAgent(Caller.coordinator, ["posts_per_day": 1])
        try owner.approveAll()
        let post = try owner.posts(of: late)[0]
        #expect(post["status"] == "scheduled" && post.text("scheduled_at") > meant)
        #expect(post.text("scheduled_at") > (try box.now()), "not in the past")
        let hours = try [late, second].map { try owner.posts(of: $0)[0].text("scheduled_at") }
        #expect(Set(hours) == ["2027-01-12T09:00:00.000Z", "2027-01-13T09:00:00.000Z"], "one a day")
    }

    @Test func `what people do not want is cancelled, and not proposed again`() throws {
        let (box, owner) = try box()
        _ = try owner.socialAccount("x")
        let piece = try piece(owner)
        _ = try owner.runAgent()
        let approval = try #require(try owner.pendingApprovals().first)
        let edited = try owner.post("/v1/approvals/\(approval.id)/approve", ["changes": ["text": "Other"]])
        #expect(edited.status == 422, "posts leave as they are shown")
        try owner.post("/v1/approvals/\(approval.id)/reject", ["reason": "Not now."]).ok()
        let post = try owner.posts(of: piece)[0]
        #expect(post["status"] == "cancelled" && post["reasons"]?[0]["detail"] == "Not now.")
        #expect(try owner.runAgent()["reason"] == "nothing_approved")
        // An approval that nobody decides lapses: silence is no yes.
        let other = try self.piece(owner, "Tulips in autumn")
        _ = try owner.runAgent()
        try box.advance("P30D")
        #expect(try owner.posts(of: other)[0]["status"] == "cancelled")
    }

    @Test func `words that were changed after people were asked do not leave with that yes`() throws {
        let (_, owner) = try box()
        _ = try owner.socialAccount("x")
        let piece = try piece(owner)
        _ = try owner.runAgent()
        let post = try owner.posts(of: piece)[0]
        try owner.patch("/v1/social-posts/\(post.id)", ["text": "Buy now."]).ok()
        try owner.approveAll()
        let changed = try owner.posts(of: piece)[0]
        #expect(changed["status"] == "draft" && changed["reasons"]?[0]["code"] == "changed")
    }

    @Test func `without accounts, or without anything approved, nothing is planned`() throws {
        let (_, owner) = try box()
        #expect(try owner.runAgent()["reason"] == "no_accounts")
        let off = try owner.socialAccount("linkedin", ["enabled": false])
        _ = try piece(owner)
        #expect(try owner.runAgent()["reason"] == "no_accounts", "an account that is off is none")
        try owner.patch("/v1/social-accounts/\(off.id)", ["enabled": true]).ok()
        try owner.patch("/v1/agents/linkedin_agent", ["state": "disabled"]).ok()
        #expect(try owner.runAgent()["reason"] == "no_accounts", "nor is one whose agent is off")
        try owner.patch("/v1/agents/linkedin_agent", ["state": "active"]).ok()
        #expect(try owner.runAgent()["pieces"]?.array?.count == 1)
        let draft = try owner.post(
            "/v1/content-items", ["title": "Draft", "body": "Unfinished.", "format": "social"]
        ).ok(201)
        #expect(try owner.runAgent()["reason"] == "nothing_approved")
        let failed = try owner.ended(
            "/v1/agents/\(Caller.coordinator)/runs",
            ["parameters": ["content_item_id": .string(draft.id)]])
        #expect(failed["status"] == "failed" && failed["error"]?["code"] == "not_approved")
        let faults = try owner.post(
            "/v1/agents/\(Caller.coordinator)/runs",
            ["parameters": ["networks": ["myspace"], "client_id": 3, "wish": true]]
        ).faults()
        #expect(
            faults == [
                "/parameters/networks": "invalid_choice", "/parameters/client_id": "unknown_reference",
                "/parameters/wish": "unknown_field",
            ])
    }

    @Test func `two runs at once plan a piece once`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try owner.wakeSocialAgents()
        for network in ["x", "linkedin"] { _ = try owner.socialAccount(network) }
        let pieces = try (0..<4).map { try piece(owner, "Flower number \($0)") }
        let names = [Caller.coordinator, "twitter_agent", "linkedin_agent", Caller.coordinator]
        let runs = try names.map { try owner.post("/v1/agents/\($0)/runs", ["parameters": [:]]).ok(202).id }
        try eventuallyTrue("all runs have ended") {
            try runs.allSatisfy {
                try owner.get("/v1/agent-runs/\($0)").ok()["status"] == "succeeded"
            }
        }
        for piece in pieces {
            let posts = try owner.posts(of: piece)
            #expect(posts.count == 2 && Set(posts.map { $0.text("account_id") }).count == 2)
        }
    }

    @Test func `an account says nothing twice, two of one network do not say the same`() throws {
        let (_, owner) = try box()
        let account = try owner.socialAccount("x")
        let first = try piece(owner)
        let words = try owner.post("/v1/content-items/\(first.id)/adapt", ["networks": ["x"]]).ok()
        try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": words["variants"]?[0]["text"] ?? "",
                "scheduled_at": "2027-01-20T10:00:00.000Z",
            ]
        ).ok(201)
        let asked: JSON = ["content_item_id": .string(first.id)]
        let said = try owner.runAgent(Caller.coordinator, asked)
        #expect(said["pieces"]?[0]["left_out"]?[0]["code"] == "duplicate_text")
        _ = try owner.socialAccount("x")
        let two = try owner.runAgent(Caller.coordinator, asked)["pieces"]?[0]
        #expect(two?["posts"]?.array?.count == 1, "the other account may say it")
        let second = try piece(owner, "Tulips in autumn")
        let only = try owner.runAgent(
            Caller.coordinator, ["content_item_id": .string(second.id)])["pieces"]?[0]
        #expect(only?["posts"]?.array?.count == 1)
        #expect(only?["left_out"]?[0]["code"] == "same_network")
    }

    @Test func `the queue, the calendar's day and the most of a day are kept`() throws {
        let (_, owner) = try box()
        let queue: JSON = [["weekday": 5, "at": "08:15"], ["weekday": 5, "at": "08:45"]]
        _ = try owner.socialAccount("linkedin", ["queue": queue, "time_zone": "Europe/Berlin"])
        let pieces = try (0..<3).map { try piece(owner, "Flower number \($0)") }
        let planned = try piece(
            owner, "In February", ["planned_at": "2027-02-03T00:00:00.000Z", "status": "scheduled"])
        _ = try owner.runAgent()
        let hours = try pieces.map { try owner.posts(of: $0)[0].text("scheduled_at") }
        #expect(
            hours == ["2027-01-08T07:15:00.000Z", "2027-01-08T07:45:00.000Z", "2027-01-15T07:15:00.000Z"])
        #expect(try owner.posts(of: planned).isEmpty, "its day is too far away")
        try owner.setAgent(Caller.coordinator, ["days_ahead": 60])
        _ = try owner.runAgent()
        #expect(try owner.posts(of: planned)[0].text("scheduled_at") == "2027-02-05T07:15:00.000Z")
        // In September nothing is said twice at one hour, either.
        let autumn = try ["Asters", "Dahlias"].map { name in
            let late = try piece(owner, name, ["planned_at": "2027-09-01T00:00:00.000Z"])
            _ = try owner.runAgent(Caller.coordinator, ["content_item_id": .string(late.id)])
            return try owner.posts(of: late)[0].text("scheduled_at")
        }
        #expect(autumn == ["2027-09-03T06:15:00.000Z", "2027-09-03T06:45:00.000Z"])
    }

    @Test func `in autopilot posts are planned at once, and an agent that observes plans none`() throws {
        let (_, owner) = try box("observe")
        _ = try owner.socialAccount("x")
        let piece = try piece(owner)
        let watched = try owner.runAgent()
        #expect(watched["pieces"]?[0]["posts"]?.array?.count == 1, "it decides")
        #expect(try owner.posts(of: piece).isEmpty && owner.pendingApprovals().isEmpty)
        try owner.wakeSocialAgents("autopilot")
        _ = try owner.runAgent()
        #expect(try owner.posts(of: piece).map { $0["status"] } == ["scheduled"])
        #expect(try owner.pendingApprovals().isEmpty)
    }

    @Test func `a yes does not pass a brake`() throws {
        let (box, owner) = try box()
        _ = try owner.socialAccount("linkedin")
        let piece = try piece(owner)
        _ = try owner.runAgent()
        let brake = try owner.post("/v1/brakes", ["scope": "tenant", "reason": "wrong price"]).ok(201)
        try owner.approveAll()
        try box.advance(to: "2027-01-06T09:10:00.000Z")
        let held = try owner.posts(of: piece)[0]
        #expect(held["status"] == "held" && held["reasons"]?[0]["code"] == "brake")
        try owner.post("/v1/brakes/\(brake.id)/release", [:]).ok()
        try box.advance("PT5M")
        #expect(try owner.posts(of: piece)[0]["status"] == "awaiting_person")
    }

    private func approved(_ owner: Caller, _ title: String, _ body: String) throws -> JSON {
        let item = try owner.post(
            "/v1/content-items",
            ["title": .string(title), "body": .string(body), "format": "social"]
        ).ok(201)
        try owner.post("/v1/content-items/\(item.id)/submit").ok()
        return try owner.post("/v1/content-items/\(item.id)/review", ["passed": true]).ok()
    }

    @Test func `it runs each morning, and when a piece is approved`() throws {
        let (box, owner) = try box()
        _ = try owner.socialAccount("x")
        let waiting = try piece(owner)
        try box.advance("P1D")
        #expect(try owner.posts(of: waiting).count == 1, "in the morning")
        let item = try approved(owner, "Tulips", "Tulips are in flower.")
        try box.advance("PT0S")
        #expect(try owner.posts(of: item).count == 1)
        let runs = try owner.every("/v1/agent-runs?agent=\(Caller.coordinator)")
        #expect(Set(runs.map { $0.text("trigger") }) == ["schedule", "event"])
        // The network's own agent leaves it to the coordinator, as long as that works.
        let others = "/v1/agent-runs?agent=twitter_agent&trigger=event"
        #expect(try owner.every(others).isEmpty)
        try owner.patch("/v1/agents/\(Caller.coordinator)", ["state": "disabled"]).ok()
        let lone = try approved(owner, "Lilies", "Lilies are in flower.")
        try box.advance("PT0S")
        #expect(try owner.posts(of: lone).count == 1 && owner.every(others).count == 1)
    }

    @Test func `a rehearsal in a sandbox captures what would have been published`() throws {
        let (box, owner) = try box("autopilot"), web = try XStandIn()
        let integration = try owner.connectInBox("x", web.service.url, web.credentials, web.settings)
        _ = try owner.socialAccount("x", ["integration_id": .string(integration.id)])
        let piece = try piece(owner)
        _ = try owner.runAgent()
        try box.advance("P7D")
        let post = try #require(try owner.posts(of: piece).first)
        #expect(post["status"] == "published" && post["captured"] == true)
        #expect(web.posts.isEmpty)
    }
}
