import Foundation
import JSON
import StandIns
import Testing

/// Posts of Facebook and Instagram as advertisements: made once and at rest, run once somebody says yes, and never for
/// more than their campaign has.
@Suite(.ownThread) struct PromotedPosts {
    let server = BureauProcess.shared

    /// An agency with a post that stands, and a campaign of Meta Ads whose ad sets have the budgets.
    final class Story {
        let agency: Agency, page: GraphPublishingStandIn, web: MetaAdsStandIn
        let post: JSON, ad: JSON, campaign: JSON
        var owner: Caller { agency.owner }
        var shelf: MetaPromotionShelf { web.promotions }

        init(_ server: BureauProcess, on network: String = "facebook", budget: Int64 = 100_000) throws {
            agency = try server.quietAgency()
            (page, web) = (try GraphPublishingStandIn(), try MetaAdsStandIn())
            let settings: JSONObject =
                network == "facebook"
                ? ["page_id": .string(page.page)] : ["ig_user_id": .string(page.account)]
            let account = try agency.connectNetwork(
                network, page.service.url, ["access_token": .string(page.token)], settings)
            var more: JSONObject = [:]
            if network == "instagram" {
                more["media"] = [try agency.medium(SampleMedia.jpeg(1080, 1080), "a.jpg")]
            }
            post = try agency.post(try agency.publish(account, "Our new shop", more), is: "published")
            web.days["20251101"] = ["clicks": 5, "cost": 12.34]
            web.budgets["11"] = ["daily": 5000]
            web.budgets["22"] = [:]
            var ads = web.settings
            (ads["base_url"], ads["ad_budget_cap"]) = (.string(web.service.url), 30_000)
            let integration = try agency.owner.post(
                "/v1/integrations",
                [
                    "provider": "meta_ads", "capability": "advertising", "credentials": web.credentials,
                    "settings": .object(ads),
                ]
            ).ok(201)
            try agency.owner.post(
                "/v1/integrations/\(integration.id)/sync?wait=PT60S",
                ["from": "2025-11-01", "to": "2025-11-01"]
            ).ok()
            let known = try agency.owner.every("/v1/ad-campaigns")
            ad = try #require(known.first { $0["remote_id"] == "22" })
            campaign = try agency.owner.post(
                "/v1/campaigns",
                ["name": "Spring", "objective": "awareness", "budget": cents(budget, "EUR")]
            ).ok(201)
            try agency.owner.post("/v1/campaigns/\(campaign.id)/activate").ok()
            try agency.owner.patch(
                "/v1/ad-campaigns/\(ad.id)", ["campaign_id": .string(campaign.id)]
            ).ok()
        }

        static func moment(_ days: Double) -> JSON {
            let date = Date(timeIntervalSinceNow: days * 86_400)
            return .string(ISO8601DateFormatter().string(from: date))
        }

        func body(_ more: JSONObject = [:]) -> JSON {
            var body: JSONObject = [
                "ad_campaign_id": .string(ad.id), "lifetime_budget": cents(20_000, "EUR"),
                "end_at": Self.moment(10), "countries": ["DE"],
            ]
            for (name, value) in more.members { body[name] = value.isNull ? nil : value }
            return .object(body)
        }

        func promote(_ more: JSONObject = [:]) throws -> JSON {
            try owner.post("/v1/social-posts/\(post.id)/promote", body(more)).ok(202)
        }

        @discardableResult
        func promotion(
            _ id: String, is states: String..., sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> JSON {
            try eventually("\(states) of a promotion", sourceLocation: sourceLocation) {
                let now = try owner.get("/v1/post-promotions/\(id)").ok()
                return states.contains(now.text("status")) ? now : nil
            }
        }
    }

    @Test(arguments: ["facebook", "instagram"])
    func `a post is made an advertisement at rest, runs once started, and its results stand beside its own`(
        _ network: String
    ) throws {
        let story = try Story(server, on: network)
        let made = try story.promote()
        #expect(made["status"] == "preparing" && made["total"] == cents(20_000, "EUR"))
        #expect(made["campaign_id"] == .string(story.campaign.id))
        let ready = try story.promotion(made.id, is: "ready")
        #expect(story.shelf.nodes.map(\.kind) == ["adset", "creative", "ad"])
        let (adSet, creative) = (story.shelf.nodes[0].fields, story.shelf.nodes[1].fields)
        #expect(adSet["lifetime_budget"] == "20000" && adSet["campaign_id"] == "22")
        let remote = story.post.text("remote_id")
        if network == "facebook" {
            #expect(creative["object_story_id"] == remote)
        } else {
            #expect(creative["source_instagram_media_id"] == remote)
            #expect(creative["instagram_user_id"] == story.page.account)
        }
        #expect(story.shelf.nodes.allSatisfy { $0.kind == "creative" || $0.fields["status"] == "PAUSED" })
        #expect(ready["ad_remote_id"] == .string(story.shelf.nodes[2].id))
        // Nobody but a person or an approval lets it run.
        try story.agency.rest()
        #expect(story.shelf.all("ad")[0].fields["status"] == "PAUSED")
        try story.owner.post("/v1/post-promotions/\(made.id)/start").ok(202)
        try story.promotion(made.id, is: "running")
        #expect(
            story.shelf.nodes.filter { $0.kind != "creative" }.allSatisfy { $0.fields["status"] == "ACTIVE" })
        try story.owner.post("/v1/post-promotions/\(made.id)/start").problem(409, "invalid_transition")
        story.shelf.set(
            story.shelf.nodes[2].id,
            [
                "spend": "12.34", "impressions": "900", "reach": "700", "clicks": "31",
                "account_currency": "EUR",
            ])
        try story.owner.post("/v1/social-posts/\(story.post.id)/metrics", ["likes": 7, "impressions": 150])
            .ok(201)
        try story.owner.post("/v1/post-promotions/\(made.id)/refresh").ok(202)
        try eventuallyTrue("the figures of the advertisement") {
            try story.owner.get("/v1/post-promotions/\(made.id)").ok()["spend"] == cents(1234, "EUR")
        }
        let results = try story.owner.get("/v1/post-promotions/\(made.id)/results").ok()
        #expect(results["paid"]?["spend"] == cents(1234, "EUR") && results["paid"]?["reach"] == 700)
        #expect(results["paid"]?["impressions"] == 900 && results["paid"]?["clicks"] == 31)
        #expect(results["organic"]?["likes"] == 7 && results["organic"]?["impressions"] == 150)
        try story.owner.post("/v1/post-promotions/\(made.id)/stop").ok(202)
        try story.promotion(made.id, is: "stopped")
        #expect(
            story.shelf.nodes.filter { $0.kind != "creative" }.allSatisfy { $0.fields["status"] == "PAUSED" })
        let audit = try story.owner.every("/v1/audit?action=post_promotion.started")
        #expect(audit.count == 1)
    }

    @Test func `after a lost answer what stands at Meta is found by its name, and nothing is made twice`()
        throws
    {
        let story = try Story(server)
        for edge in ["adsets", "adcreatives", "ads"] {
            // The trial of an ad set is answered; what makes it is done, and its answer lost.
            story.web.service.next(
                .cutDone,
                when: { request in
                    request.method == "POST" && request.target.prefix { $0 != "?" }.hasSuffix("/\(edge)")
                        && !String(decoding: request.body, as: UTF8.self).contains("execution_options")
                })
        }
        let made = try story.promote()
        // A lost answer is waited out, unless somebody asks for another look.
        try eventuallyTrue("all of it to be made") {
            let now = try story.owner.get("/v1/post-promotions/\(made.id)").ok()
            guard now["status"] != "ready" else { return true }
            _ = try story.owner.post("/v1/post-promotions/\(made.id)/refresh")
            return false
        }
        #expect(story.shelf.nodes.map(\.kind) == ["adset", "creative", "ad"])
        let names = Set(story.shelf.nodes.compactMap { $0.fields["name"] })
        #expect(names.count == 1, "all are found by one name")
        // The order to run is an absolute: what stands is read, whatever became of the answer.
        story.web.service.next(
            .cutDone,
            when: { String(decoding: $0.body, as: UTF8.self).contains("status=ACTIVE") })
        try story.owner.post("/v1/post-promotions/\(made.id)/start").ok(202)
        try story.promotion(made.id, is: "running")
        #expect(story.shelf.nodes.count == 3)
    }

    @Test func `a server that is killed while it makes an advertisement makes each part of it once`() throws {
        let own = try BureauProcess.start(), story = try Story(own)
        let made = try story.promote()
        for count in [1, 2] {
            try eventuallyTrue("\(count) parts", every: .milliseconds(2)) {
                _ = try? story.owner.post("/v1/post-promotions/\(made.id)/refresh")
                return story.shelf.nodes.count >= count
            }
            try own.killAndRestart()
        }
        try eventuallyTrue("all of it to be made") {
            let now = try story.owner.get("/v1/post-promotions/\(made.id)").ok()
            guard now["status"] != "ready" else { return true }
            _ = try story.owner.post("/v1/post-promotions/\(made.id)/refresh")
            return false
        }
        #expect(story.shelf.nodes.map(\.kind) == ["adset", "creative", "ad"])
        #expect(story.shelf.nodes.allSatisfy { $0.kind == "creative" || $0.fields["status"] == "PAUSED" })
    }

    @Test func `nothing is promoted for more than caps, campaign and other promotions leave`() throws {
        let story = try Story(server, budget: 30_000)
        let path = "/v1/social-posts/\(story.post.id)/promote"
        let asked = story.web.service.requests.count
        try story.owner.post(path, story.body(["lifetime_budget": cents(30_001, "EUR")])).problem(
            422, "invalid_range")
        let most = try story.owner.post(
            path, story.body(["lifetime_budget": nil, "daily_budget": cents(30_001, "EUR")])
        ).problem(422)
        #expect(most["errors"]?.array?.map { $0.text("code") } == ["over_cap", "invalid_range"])
        // Ten days of 31 euros are more than the campaign has.
        try story.owner.post(
            path, story.body(["lifetime_budget": nil, "daily_budget": cents(3100, "EUR")])
        ).problem(422, "invalid_range")
        try story.owner.post(path, story.body(["lifetime_budget": cents(500, "USD")])).problem(
            422, "conflict")
        try story.owner.post(path, story.body(["daily_budget": cents(500, "EUR")])).problem(422, "required")
        let faults = try story.owner.post(path, story.body(["end_at": nil, "countries": ["de"]])).faults()
        #expect(faults == ["/end_at": "required", "/countries/0": "invalid_country"])
        try story.owner.post(path, story.body(["end_at": Story.moment(-1)])).problem(422, "out_of_range")
        let own = try #require(try story.owner.every("/v1/ad-campaigns").first { $0["remote_id"] == "11" })
        try story.owner.post(path, story.body(["ad_campaign_id": .string(own.id)])).problem(409, "conflict")
        #expect(story.web.service.requests.count == asked, "what cannot be is not asked for")
        #expect(try story.owner.every("/v1/post-promotions").isEmpty)
        let first = try story.promote()
        try story.promotion(first.id, is: "ready")
        try story.owner.post(path, story.body()).problem(409, "conflict")
        // Money that is promised to one promotion is no other's.
        let account = story.post.text("account_id")
        let other = try story.agency.post(
            try story.agency.publish(["id": .string(account)], "Another one"), is: "published")
        try story.owner.post("/v1/social-posts/\(other.id)/promote", story.body()).problem(422, "invalid_range")
        // Since it was prepared, the campaign has spent otherwise.
        try story.owner.post(
            "/v1/campaigns/\(story.campaign.id)/spend",
            ["channel": "print", "date": "2026-01-02", "amount": cents(15_000, "EUR")]
        ).ok()
        try story.owner.post("/v1/post-promotions/\(first.id)/start").problem(422, "invalid_range")
        #expect(story.shelf.all("ad")[0].fields["status"] == "PAUSED")
    }

    @Test func `an advertisement rests when its campaign does, and what Meta refuses is told in its words`()
        throws
    {
        let story = try Story(server)
        let made = try story.promote()
        try story.promotion(made.id, is: "ready")
        try story.owner.post("/v1/post-promotions/\(made.id)/start").ok(202)
        try story.promotion(made.id, is: "running")
        try story.owner.post("/v1/campaigns/\(story.campaign.id)/pause").ok()
        let stopped = try story.promotion(made.id, is: "stopped")
        #expect(stopped["end_at"] != .null && story.shelf.all("ad")[0].fields["status"] == "PAUSED")
        try story.owner.post("/v1/post-promotions/\(made.id)/start").problem(409, "conflict")
        try story.owner.post("/v1/campaigns/\(story.campaign.id)/resume").ok()
        // Its review says no.
        story.shelf.review("PENDING_REVIEW")
        try story.owner.post("/v1/post-promotions/\(made.id)/start").ok(202)
        try story.promotion(made.id, is: "in_review")
        story.shelf.review("DISAPPROVED")
        try story.owner.post("/v1/post-promotions/\(made.id)/refresh").ok(202)
        let refused = try story.promotion(made.id, is: "failed")
        #expect(refused["reasons"]?[0]["detail"] == "The picture has too much text.")
        #expect(story.shelf.all("ad")[0].fields["status"] == "PAUSED", "nor does it run later")
        // A creative that is refused, and an ad set that is not what was ordered.
        story.shelf.refuse("The post cannot be promoted: it has no right to its music.")
        let second = try story.promote()
        let failed = try story.promotion(second.id, is: "failed")
        #expect(failed["reasons"]?[0].text("detail").contains("no right to its music") == true)
        story.shelf.refuse(nil)
        story.shelf.forget()
        let third = try story.promote(["lifetime_budget": nil, "daily_budget": cents(1000, "EUR")])
        let other = try story.promotion(third.id, is: "failed")
        #expect(other["reasons"]?[0]["code"] == "not_written")
        #expect(story.shelf.all("ad").count == 1, "nothing runs on a budget that nobody has ordered")
    }

    @Test func `an agent asks before it lets an advertisement run, and it runs once people say yes`() throws {
        let story = try Story(server)
        let made = try story.promote()
        try story.promotion(made.id, is: "ready")
        try story.owner.patch("/v1/agents/campaign_manager", ["state": "active", "autonomy": "autopilot"])
            .ok()
        let parameters: JSON = ["campaign_id": .string(story.campaign.id)]
        for _ in 0..<2 { _ = try story.owner.runAgent("campaign_manager", parameters) }
        let waiting = try story.owner.pendingApprovals().filter { $0["tool"] == "start_post_promotion" }
        #expect(waiting.count == 1, "it is asked once")
        #expect(story.shelf.all("ad")[0].fields["status"] == "PAUSED")
        try story.owner.post("/v1/approvals/\(try #require(waiting.first).id)/approve").ok()
        try story.promotion(made.id, is: "running")
        #expect(story.shelf.all("ad")[0].fields["status"] == "ACTIVE")
    }

    @Test func `what does not stand, or stands elsewhere, is not promoted`() throws {
        let story = try Story(server)
        let draft = try story.owner.post(
            "/v1/social-posts", ["account_id": story.post["account_id"] ?? .null, "text": "Not yet"]
        ).ok(201)
        try story.owner.post("/v1/social-posts/\(draft.id)/promote", story.body()).problem(409, "conflict")
        let account = try story.owner.post(
            "/v1/social-accounts", ["network": "linkedin", "name": "By hand"]
        ).ok(201)
        let other = try story.owner.post(
            "/v1/social-posts", ["account_id": .string(account.id), "text": "Elsewhere"]
        ).ok(201)
        try story.owner.post("/v1/social-posts/\(other.id)/promote", story.body()).problem(409, "conflict")
        let viewer = try story.agency.key(["campaigns:read"])
        #expect(
            try viewer.post("/v1/social-posts/\(story.post.id)/promote", story.body()).status == 403)
        #expect(story.shelf.nodes.isEmpty)
    }
}
