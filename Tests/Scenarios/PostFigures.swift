import Dispatch
import Foundation
import JSON
import StandIns
import Testing

/// Results of posts, as networks and people tell them: each at its age, once, and never more than is known.
@Suite(.ownThread) struct PostFigures {
    private static let (hour, day) = (MeasuringAgency.hour, MeasuringAgency.day)

    private func reads(_ requests: [ReceivedRequest]) -> [String] {
        requests.map(\.target).filter { $0.contains("/tweets?ids=") }
    }

    @Test func `figures of X are read as a post grows older, those that are due together with one question`()
        throws
    {
        let story = try MeasuringAgency(), agency = story.agency, web = try XStandIn()
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        #expect(account["readings"] == ["PT1H", "PT6H", "P1D", "P3D", "P7D", "P28D"])
        let ids = try ["one #Roses?", "two"].map { try agency.publish(account, $0) }
        for id in ids { try agency.post(id, is: "published") }
        let remote = try ids.map { try story.post($0).text("remote_id") }
        for id in remote {
            web.figures.set(
                id,
                [
                    "retweet_count": 2, "quote_count": 1, "reply_count": 4, "like_count": 9,
                    "bookmark_count": 5, "impression_count": 300, "url_link_clicks": 7,
                ])
        }
        #expect(try story.post(ids[0])["results"] == .null, "nobody has asked yet")
        try story.pass(Self.hour + 120)
        let read = try story.read(ids[0], 1)
        try story.read(ids[1], 1)
        let results = try #require(read["results"])
        let told = ["impressions": 300, "likes": 9, "comments": 4, "shares": 3, "saves": 5, "clicks": 7]
        for (name, value) in told { #expect(results[name] == JSON(value), "\(name)") }
        #expect(results["engagements"] == 21 && results["source"] == "network")
        #expect(results["reach"] == .null && results["watch_seconds"] == .null, "X does not tell it")
        #expect(read["reading_fault"] == .null)
        let asked = reads(web.service.requests)
        #expect(asked.count <= 2, "one question, or two where one was due a little sooner")
        // The next in six hours, with what has fallen.
        web.figures.set(remote[0], ["like_count": 8, "impression_count": 400])
        try story.pass(5 * Self.hour)
        try story.read(ids[0], 2)
        let second = try #require(try story.measures(ids[0]).last)
        #expect(second["fallen"] == ["likes"])
        #expect(second["comments"] == .null, "what is told no more is not known")
        #expect(second["counts"] == false, "the day is not over")
        try story.pass(Self.day)
        try story.read(ids[0], 3)
        let measures = try story.measures(ids[0])
        #expect(measures.map { $0["counts"] } == [false, false, true])
        #expect(measures[0]["hashtags"] == ["roses"] && measures[0]["network"] == "x")
        // Two ages were missed: they are not made up for.
        try story.pass(20 * Self.day)
        try story.read(ids[0], 4)
        #expect(try story.measures(ids[0]).map { $0["counts"] } == [false, false, false, true])
        try story.pass(20 * Self.day)
        let last = try story.read(ids[0], 5)
        #expect(last["next_reading_at"] == .null)
        let before = reads(web.service.requests).count
        try story.pass(40 * Self.day)
        _ = try story.post(ids[0])
        #expect(reads(web.service.requests).count == before, "it is not asked for any more")
    }

    @Test func `what is gone stays as it was, limits are waited for, and a lost answer is asked for again`()
        throws
    {
        let story = try MeasuringAgency(), agency = story.agency, web = try XStandIn()
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        let id = try agency.publish(account, "news")
        let remote = try agency.post(id, is: "published").text("remote_id")
        web.figures.set(remote, ["like_count": 3])
        // It has said nothing of it, failed, and cut the line; then it answers.
        web.service.next(.cutAfter, .answer(XStandIn.refusal(503, "Over capacity")))
        try story.pass(Self.hour + 120)
        try eventuallyTrue("the failure shows") { try story.post(id)["reading_fault"] != .null }
        #expect(try story.measures(id).isEmpty)
        #expect(try story.post(id)["next_reading_at"] != .null, "it stays due")
        #expect(reads(web.service.requests).count == 1, "nobody asks again before its pause")
        try story.pass(Self.hour)
        try eventuallyTrue("X is over capacity") { try story.post(id)["reading_fault"] == "unavailable" }
        try story.pass(Self.hour)
        let read = try story.read(id, 1)
        #expect(read["results"]?["likes"] == 3 && read["reading_fault"] == .null)
        // A limit is waited for as long as X says.
        let reset = Int64(try Date(iso: read["results"]?.text("as_of") ?? "").timeIntervalSince1970)
        let limit = XStandIn.refusal(
            429, "Too many",
            headers: [("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "\(reset + 30 * 3600)")])
        web.service.next(.answer(limit))
        try story.pass(6 * Self.hour)
        try eventuallyTrue("the limit shows") { try story.post(id)["reading_fault"] == "rate_limited" }
        try story.pass(30 * Self.hour)
        try story.read(id, 2)
        web.figures.remove(remote)
        try story.pass(3 * Self.day)
        let gone = try eventually("it is gone") {
            let post = try story.post(id)
            return post["reading_fault"] == "gone" ? post : nil
        }
        #expect(gone["results"]?["likes"] == 3 && gone["next_reading_at"] == .null)
        #expect(gone["status"] == "published")
        #expect(try story.measures(id).count == 2)
        #expect(!agency.server.log.contains(web.token))
    }

    /// Two posts on X of an hour ago, whose figures are being read: their server waits for X until it is let go.
    private func reading(
        _ story: MeasuringAgency, _ web: XStandIn, _ isLetGo: DispatchSemaphore
    ) throws -> [String] {
        let account = try story.agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        let ids = try ["one", "two"].map { try story.agency.publish(account, $0) }
        for id in ids {
            web.figures.set(try story.agency.post(id, is: "published").text("remote_id"), ["like_count": 3])
        }
        let isAsked = DispatchSemaphore(value: 0)
        let wait = ServiceStandIn.Turn.wait {
            isAsked.signal()
            isLetGo.wait()
        }
        web.service.next(wait) { $0.target.contains("/tweets?ids=") }
        try story.pass(Self.hour + 120)
        try #require(isAsked.wait(timeout: .now() + 60) == .success)
        return ids
    }

    @Test func `killed while figures are read, a server counts each once`() throws {
        let story = try MeasuringAgency(), web = try XStandIn(), isLetGo = DispatchSemaphore(value: 0)
        let ids = try reading(story, web, isLetGo)
        story.agency.server.kill()
        isLetGo.signal()
        try story.agency.server.start()
        for id in ids { try story.read(id, 1) }
        try story.agency.server.killAndRestart()
        try story.pass(60)
        for id in ids {
            #expect(try story.measures(id).map { $0["likes"] } == [3])
            #expect(try story.post(id)["results"]?["likes"] == 3)
        }
    }

    @Test(.ofServers) func `two servers that read figures at the same time count each once`() throws {
        let story = try MeasuringAgency(), web = try XStandIn(), isLetGo = DispatchSemaphore(value: 0)
        let ids = try reading(story, web, isLetGo)
        let other = try story.secondServer()
        try eventuallyTrue("the other one works, too") {
            try other.anonymous.get("/readyz").status == 200
        }
        isLetGo.signal()
        for id in ids { try story.read(id, 1) }
        for id in ids { #expect(try story.measures(id).count == 1) }
    }

    @Test func `whoever may not read figures is told so once, and is asked again at the next age`() throws {
        let story = try MeasuringAgency(), agency = story.agency, web = try TikTokStandIn()
        let account = try agency.connectNetwork("tiktok", web.service.url, web.credentials)
        web.upload(to: web.service.url)
        let film = try agency.medium(SampleMedia.mp4(720, 1280, seconds: 9), "film.mp4", altText: "")
        let id = try agency.publish(
            account, "look",
            [
                "format": "video", "media": [film],
                "options": ["privacy_level": "PUBLIC_TO_EVERYONE"],
            ])
        let remote = try agency.post(id, is: "published").text("remote_id")
        #expect(remote == "\(TikTokStandIn.firstPost)", "in all its digits")
        web.figures.set(
            remote, ["view_count": 900, "like_count": 40, "comment_count": 0, "share_count": 6])
        web.figures.forbid()
        try story.pass(Self.hour + 120)
        let refused = try eventually("the refusal shows") {
            let post = try story.post(id)
            return post["reading_fault"] == .null ? nil : post
        }
        #expect(refused["reading_fault"] == "permission_missing")
        #expect(refused["next_reading_at"] != .null)
        let alerts = try story.hand.every("/v1/alerts").filter { $0["kind"] == "social_figures" }
        #expect(alerts.count == 1 && alerts[0]["subject"]?["id"] == .string(account.id))
        web.figures.forbid(false)
        try story.pass(6 * Self.hour)
        let read = try story.read(id, 1)
        #expect(read["results"]?["impressions"] == 900 && read["results"]?["comments"] == 0)
        #expect(read["results"]?["saves"] == .null, "TikTok does not tell it")
        let open = try story.hand.every("/v1/alerts").filter {
            $0["kind"] == "social_figures" && $0["resolved_at"] == .null
        }
        #expect(open.isEmpty)
    }

    @Test func `each network tells its own figures, and what it has dropped leaves the others`() throws {
        let story = try MeasuringAgency(), agency = story.agency
        let (pages, gram, linkedIn) = (
            try GraphPublishingStandIn(), try GraphPublishingStandIn(), try LinkedInStandIn()
        )
        let token: JSON = ["access_token": .string(pages.token)]
        let page = try agency.connectNetwork(
            "facebook", pages.service.url, token, ["page_id": .string(pages.page)])
        let visual = try agency.connectNetwork(
            "instagram", gram.service.url, token, ["ig_user_id": .string(gram.account)])
        let company = try agency.connectNetwork(
            "linkedin", linkedIn.service.url, ["access_token": .string(linkedIn.token)],
            ["author": .string(linkedIn.author)])
        let picture = try agency.medium(SampleMedia.jpeg(800, 800), "p.jpg")
        let ids = [
            try agency.publish(page, "At the page"),
            try agency.publish(visual, "A picture", ["media": [picture]]),
            try agency.publish(company, "At LinkedIn"),
        ]
        let remote = try ids.map { try agency.post($0, is: "published").text("remote_id") }
        pages.figures.set(
            remote[0],
            [
                "post_media_view": 500, "post_total_media_view_unique": 420,
                "post_reactions_by_type_total": 21, "comments_count": 4, "shares_count": 2,
            ])
        pages.figures.drop("post_clicks")
        gram.figures.set(
            remote[1], ["views": 120, "reach": 100, "likes": 11, "comments": 1, "shares": 0, "saved": 3])
        linkedIn.figures.set(
            remote[2],
            [
                "impressionCount": 80, "uniqueImpressionsCount": 60, "clickCount": 5, "likeCount": 2,
                "commentCount": 1, "shareCount": 0,
            ])
        try story.pass(Self.hour + 120)
        let results = try ids.map { try #require(try story.read($0, 1)["results"]) }
        func figures(_ one: JSON) -> [JSON?] {
            ["impressions", "reach", "likes", "comments", "shares", "saves", "clicks"].map { one[$0] }
        }
        #expect(figures(results[0]) == [500, 420, 21, 4, 2, .null, .null])
        #expect(figures(results[1]) == [120, 100, 11, 1, 0, 3, .null])
        #expect(figures(results[2]) == [80, 60, 2, 1, 0, .null, 5])
        let asked = try #require(
            linkedIn.service.requests.map(\.target).first { $0.contains("ShareStatistics") })
        #expect(asked.contains("&shares=List(urn%3Ali%3Ashare%3A"), "brackets of the list, and no others")
        // A page that has the post no more.
        pages.figures.remove(remote[0])
        try story.pass(6 * Self.hour)
        try eventuallyTrue("it is gone") { try story.post(ids[0])["reading_fault"] == "gone" }
    }

    @Test func `films of YouTube are counted at once, and how long they were watched days later`() throws {
        let story = try MeasuringAgency(), agency = story.agency, web = try YouTubeStandIn()
        let account = try agency.connectNetwork(
            "youtube", web.service.url, web.credentials, web.settings)
        web.upload(to: web.service.url)
        let film = try agency.medium(SampleMedia.mp4(1280, 720, seconds: 30), "film.mp4", altText: "")
        let id = try agency.publish(account, "How roses grow", ["format": "video", "media": [film]])
        let remote = try agency.post(id, is: "published").text("remote_id")
        web.figures.set(remote, ["viewCount": 12, "likeCount": 3, "minutes": 90, "shares": 2])
        try story.pass(Self.hour + 120)
        let first = try #require(try story.read(id, 1)["results"])
        #expect(first["impressions"] == 12 && first["likes"] == 3)
        #expect(first["comments"] == .null, "the owner hides them")
        #expect(first["watch_seconds"] == .null && first["shares"] == .null, "days later")
        #expect(!web.service.requests.contains { $0.target.hasPrefix("/v2/reports") })
        try story.pass(4 * Self.day)
        let later = try #require(try story.read(id, 2)["results"])
        #expect(later["watch_seconds"] == 5400 && later["shares"] == 2)
        // A consent without analytics still has the rest.
        web.figures.forbid()
        try story.pass(4 * Self.day)
        let last = try #require(try story.read(id, 3)["results"])
        #expect(last["impressions"] == 12 && last["watch_seconds"] == .null)
    }

    @Test func `what films on YouTube have earned is read for channels that wish it`() throws {
        let story = try MeasuringAgency(), agency = story.agency, web = try YouTubeStandIn()
        func stands(_ title: String, _ earnings: Bool?) throws -> String {
            var settings = web.settings
            settings["earnings"] = earnings.map(JSON.bool)
            let account = try agency.connectNetwork("youtube", web.service.url, web.credentials, settings)
            let film = try agency.medium(SampleMedia.mp4(1280, 720, seconds: 30), "film.mp4", altText: "")
            return try agency.publish(account, title, ["format": "video", "media": [film]])
        }
        web.upload(to: web.service.url)
        let wished = try stands("How roses grow", true), other = try stands("How tulips grow", nil)
        let remote = try [wished, other].map { try agency.post($0, is: "published").text("remote_id") }
        for id in remote { web.figures.set(id, ["viewCount": 900, "minutes": 90, "cents": 1234]) }
        try story.pass(4 * Self.day)
        let first = try #require(try story.read(wished, 1)["results"])
        #expect(first["earnings_us_cents"] == 1234 && first["watch_seconds"] == 5400)
        #expect(try story.read(other, 1)["results"]?["earnings_us_cents"] == .null)
        #expect(try story.measures(wished).map { $0["earnings_us_cents"] } == [1234])
        // YouTube takes back what it has estimated too high, and more.
        web.figures.set(remote[0], ["viewCount": 900, "minutes": 90, "cents": -20])
        try story.pass(4 * Self.day)
        #expect(try story.read(wished, 2)["results"]?["earnings_us_cents"] == 0)
        // A channel that leaves the partner programme still has the rest.
        web.figures.set(remote[0], ["viewCount": 950, "minutes": 91])
        try story.pass(25 * Self.day)
        let last = try #require(try story.read(wished, 3)["results"])
        #expect(last["impressions"] == 950 && last["watch_seconds"] == 5460)
        #expect(last["earnings_us_cents"] == .null)
    }

    @Test
    func `a price is booked for each post that is read, and an account that reads nothing pays nothing`()
        throws
    {
        let story = try MeasuringAgency(), agency = story.agency, web = try XStandIn()
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        try agency.owner.patch(
            "/v1/social-accounts/\(account.id)", ["readings": ["PT6H", "PT1H", "soon"]]
        ).problem(422, "validation_failed")
        try agency.owner.patch("/v1/social-accounts/\(account.id)", ["readings": []]).ok()
        let silent = try agency.publish(account, "silent")
        #expect(try agency.post(silent, is: "published")["next_reading_at"] == .null)
        try agency.owner.patch("/v1/social-accounts/\(account.id)", ["readings": ["PT2H"]]).ok()
        let id = try agency.publish(account, "once")
        let post = try agency.post(id, is: "published")
        web.figures.set(post.text("remote_id"), ["like_count": 1])
        try story.pass(2 * Self.hour + 120)
        let read = try story.read(id, 1)
        #expect(read["next_reading_at"] == .null)
        let calls = try story.hand.every("/v1/tool-calls?tool=read_social_figures")
        #expect(calls.count == 1)
        // X wants half a cent for a post: 0.5 minor units.
        #expect(calls.first?["state"] == "succeeded")
        #expect(calls.first?["cost_micros"] == 500_000)
        #expect(reads(web.service.requests).count == 1)
    }

    // MARK: By hand

    @Test func `a person says how a post has done, and nothing that cannot be`() throws {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let account = try owner.post("/v1/social-accounts", ["network": "linkedin", "name": "Me"]).ok(201)
        let id = try agency.publish(account, "By hand")
        try agency.post(id, is: "awaiting_person")
        let path = "/v1/social-posts/\(id)"
        try owner.post("\(path)/metrics", ["likes": 1]).problem(409, "invalid_transition")
        try owner.post(
            "\(path)/done", ["url": "https://example.com/1", "published_at": "2099-01-01T00:00:00.000Z"]
        ).problem(422, "out_of_range")
        try owner.post(
            "\(path)/done", ["url": "https://example.com/1", "published_at": "2026-01-05T09:00:00.000Z"]
        ).ok()
        #expect(try owner.get(path).ok()["next_reading_at"] == .null, "nobody can be asked")
        try owner.post("\(path)/metrics", [:]).problem(422, "required")
        try owner.post("\(path)/metrics", ["likes": -1, "reach": "many"]).problem(422)
        try owner.post("\(path)/metrics", ["likes": 1, "as_of": "2099-01-01T00:00:00.000Z"])
            .problem(422, "out_of_range")
        try owner.post("\(path)/metrics", ["likes": 1, "as_of": "2026-01-04T09:00:00.000Z"])
            .problem(422, "out_of_range")
        let first = try owner.post(
            "\(path)/metrics", ["likes": 5, "reach": 90, "as_of": "2026-01-20T09:00:00.000Z"]
        ).ok(201)
        #expect(first["counts"] == true && first["source"] == "person" && first["saves"] == .null)
        // Figures of an earlier moment do not replace newer ones.
        let earlier = try owner.post(
            "\(path)/metrics", ["likes": 2, "as_of": "2026-01-10T09:00:00.000Z"]
        ).ok(201)
        #expect(earlier["counts"] == false)
        #expect(try owner.get(path).ok()["results"]?["likes"] == 5)
        #expect(try owner.get("/v1/post-measures/\(first.id)").ok()["counts"] == true)
        let last = try owner.post("\(path)/metrics", ["likes": 4]).ok(201)
        #expect(last["fallen"] == ["likes"])
        #expect(try owner.get("/v1/post-measures/\(first.id)").ok()["counts"] == false)
        #expect(try owner.every("/v1/post-measures?post_id=\(id)&counts=true").map(\.id) == [last.id])
        try BureauProcess.shared.quietAgency().owner.post("\(path)/metrics", ["likes": 1]).problem(404)
    }

    @Test func `a sandbox has no figures, since nothing has left it`() throws {
        let agency = try BureauProcess.shared.quietAgency(), web = try XStandIn()
        let box = try agency.sandbox(), owner = box.owner
        try box.quieten()
        var settings = web.settings
        settings["base_url"] = .string(web.service.url)
        let integration = try owner.post(
            "/v1/integrations",
            [
                "provider": "x", "capability": "social_publishing", "credentials": web.credentials,
                "settings": .object(settings),
            ]
        ).ok(201)
        let account = try owner.post(
            "/v1/social-accounts",
            ["network": "x", "name": "Acme", "integration_id": .string(integration.id)]
        ).ok(201)
        let id = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "captured",
                "scheduled_at": "2027-01-05T12:00:00.000Z",
            ]
        ).ok(201).id
        try box.advance("P2D")
        let post = try owner.get("/v1/social-posts/\(id)").ok()
        #expect(post["captured"] == true && post["next_reading_at"] == .null && post["results"] == .null)
        try box.advance("P30D")
        #expect(try owner.every("/v1/post-measures").isEmpty)
        #expect(reads(web.service.requests).isEmpty)
    }
}
