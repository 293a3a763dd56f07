import Foundation
import JSON
import StandIns
import Testing

/// Posts that stand: films get other words and thumbnails, and posts are taken back; each change leaves once, and what
/// the network has of it after a lost answer is asked for.
@Suite(.ownThread) struct StandingPosts {
    let server = BureauProcess.shared

    private struct Channel {
        let agency: Agency, web: YouTubeStandIn, account: JSON, post: String

        func change(_ body: JSON) throws -> JSON {
            try agency.owner.post("/v1/social-posts/\(post)/change", body).ok(202)
        }
    }

    private func channel() throws -> Channel {
        let (agency, web) = (try server.quietAgency(), try YouTubeStandIn())
        let account = try agency.connectNetwork("youtube", web.service.url, web.credentials, web.settings)
        let film = SampleMedia.mp4(1920, 1080, seconds: 12, size: 300_000)
        let medium = try agency.medium(film, "film.mp4", altText: "")
        let id = try agency.publish(
            account, "How roses bloom\n\nAll of it.",
            ["format": "video", "media": [medium], "options": ["tags": "roses, garden"]])
        try agency.post(id, is: "published")
        return Channel(agency: agency, web: web, account: account, post: id)
    }

    private func snippet(_ web: YouTubeStandIn) -> JSON { web.films.first?.about["snippet"] ?? .null }

    @Test func `a film that stands gets another title, words, tags and thumbnail, and keeps the rest`() throws
    {
        let channel = try channel(), (agency, web) = (channel.agency, channel.web)
        let png = SampleMedia.png(saying: 1280, 720)
        let picture = try agency.owner.upload(png, "thumb.png").id
        let change = try channel.change([
            "title": "Roses <in> an hour", "tags": ["roses"], "thumbnail_id": .string(picture),
        ])
        let done = try agency.change(change.id, is: "done")
        #expect(snippet(web)["title"] == "Roses ‹in› an hour" && snippet(web)["tags"] == ["roses"])
        #expect(snippet(web)["description"] == "How roses bloom\n\nAll of it.", "what is not named stays")
        #expect(snippet(web)["categoryId"] == "22", "what is not sent would be lost")
        #expect(web.films.first?.thumbnail == png)
        #expect(done["before"]?["title"] == "How roses bloom")
        #expect(done["before"]?["tags"] == ["roses", "garden"] && done["applied_at"] != .null)
        let post = try agency.owner.get("/v1/social-posts/\(channel.post)").ok()
        #expect(post["options"]?["title"] == "Roses <in> an hour" && post["status"] == "published")
        let second = try channel.change(["text": "Only a part of it.", "tags": []])
        try agency.change(second.id, is: "done")
        #expect(snippet(web)["description"] == "Only a part of it." && snippet(web)["tags"] == [])
        #expect(snippet(web)["title"] == "Roses ‹in› an hour")
        let told = try agency.owner.every("/v1/events?type=post_change.done")
        #expect(told.count == 2 && told.allSatisfy { $0["data"]?["post_id"] == .string(channel.post) })
        // Words of other networks stay as they were said.
        let x = try XStandIn()
        let account = try agency.connectNetwork("x", x.service.url, x.credentials, x.settings)
        let said = try agency.publish(account, "news")
        try agency.post(said, is: "published")
        try agency.owner.post("/v1/social-posts/\(said)/change", ["text": "other"]).problem(409, "conflict")
    }

    @Test func `all that a network would not take of a change is named at once`() throws {
        let channel = try channel(), owner = channel.agency.owner
        let path = "/v1/social-posts/\(channel.post)/change"
        try owner.post(path, [:]).problem(422, "required")
        let text = try owner.upload(Array("no picture".utf8), "notes.txt").id
        let answer = try owner.post(
            path,
            [
                "title": .string(String(repeating: "r", count: 101)),
                "text": .string(String(repeating: "ä", count: 2501)),
                "tags": .array((0..<60).map { .string("a tag \($0)0") }), "thumbnail_id": .string(text),
            ])
        let faults = try answer.problem(422)["errors"]?.array ?? []
        #expect(
            Set(faults.map { $0.text("pointer") }) == ["/title", "/text", "/tags", "/thumbnail_id"])
        #expect(channel.web.updates == 0)
        let draft = try owner.post(
            "/v1/social-posts", ["account_id": .string(channel.account.id), "text": "a draft"]
        ).ok(201).id
        try owner.post("/v1/social-posts/\(draft)/change", ["title": "x"]).problem(409, "invalid_transition")
        try owner.post("/v1/social-posts/\(draft)/remove").problem(409, "invalid_transition")
    }

    @Test func `a change whose answer is lost is asked for, and made again only where it was not taken`()
        throws
    {
        let channel = try channel(), (agency, web) = (channel.agency, channel.web)
        let isUpdate: @Sendable (ReceivedRequest) -> Bool = {
            $0.method == "PUT" && $0.target.contains("/videos?")
        }
        // YouTube has done it, and not said so.
        web.service.next(.cutDone, when: isUpdate)
        try agency.change(try channel.change(["title": "one"]).id, is: "done")
        #expect(snippet(web)["title"] == "one" && web.updates == 1, "asked, and not sent again")
        // It has not, and says so when it is asked.
        web.service.next(.cutAfter, when: isUpdate)
        try agency.change(try channel.change(["title": "two"]).id, is: "done")
        #expect(snippet(web)["title"] == "two" && web.updates == 2)
        // It does not tell: nobody sends it once more by itself.
        let isRead: @Sendable (ReceivedRequest) -> Bool = {
            $0.method == "GET" && $0.target.contains("/videos?")
        }
        web.service.next(.cutAfter, when: isUpdate)
        web.service.next(.wait({}), when: isRead)
        for _ in 0..<40 {
            web.service.next(
                .answer(YouTubeStandIn.refusal(503, "backendError", "Backend Error")), when: isRead)
        }
        let lost = try agency.change(try channel.change(["title": "three"]).id, is: "unknown")
        #expect(snippet(web)["title"] == "two" && lost["reasons"]?[0]["code"] == "unknown")
        let alerts = try agency.owner.every("/v1/alerts").map { $0.text("kind") }
        #expect(alerts.contains("post_change_unknown"))
        try agency.owner.post("/v1/post-changes/\(lost.id)/cancel").problem(409, "invalid_transition")
    }

    @Test func `a change waits for quota and brakes, and what YouTube refuses is told`() throws {
        let channel = try channel(), (agency, web) = (channel.agency, channel.web)
        web.service.next(
            .answer(YouTubeStandIn.refusal(403, "quotaExceeded", "No quota left")),
            when: { $0.method == "PUT" })
        let waiting = try channel.change(["title": "one"])
        let held = try agency.change(waiting.id, is: "held")
        #expect(held["reasons"]?[0].text("code") == "rate_limited" && held["reasons"]?[0]["until"] != .null)
        // While it waits no other is begun; it can be cancelled.
        try agency.owner.post("/v1/social-posts/\(channel.post)/change", ["title": "two"])
            .problem(409, "conflict")
        let cancelled = try agency.owner.post("/v1/post-changes/\(waiting.id)/cancel").ok()
        #expect(cancelled["status"] == "cancelled" && snippet(web)["title"] == "How roses bloom")
        let second = try self.channel()
        try second.agency.owner.post("/v1/brakes", ["scope": "tenant", "reason": "stop"]).ok(201)
        let braked = try second.change(["title": "one"])
        let stopped = try second.agency.change(braked.id, is: "held")
        #expect(stopped["reasons"]?[0]["code"] == "brake" && second.web.updates == 0)
        let third = try self.channel()
        third.web.service.next(
            .answer(YouTubeStandIn.refusal(403, "forbidden", "The thumbnail can't be set.")),
            when: { $0.target.contains("thumbnails") })
        let picture = try third.agency.owner.upload(SampleMedia.png(saying: 1280, 720), "thumb.png").id
        let refused = try third.change(["thumbnail_id": .string(picture)])
        let failed = try third.agency.change(refused.id, is: "failed")
        #expect(failed["reasons"]?[0].text("detail").contains("can't be set") == true)
        try third.agency.owner.post("/v1/post-changes/\(refused.id)/retry").ok(202)
        try third.agency.change(refused.id, is: "done")
        #expect(third.web.films.first?.thumbnail.isEmpty == false)
    }

    @Test func `a thread on X is taken back from its last part on, and a lost answer takes nothing twice`()
        throws
    {
        let (agency, web) = (try server.quietAgency(), try XStandIn())
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        let id = try agency.publish(account, "one", ["format": "thread", "thread": ["two", "three"]])
        try agency.post(id, is: "published")
        let stood = web.posts.map(\.id)
        // X has taken the first away, and not said so; the second it has never got.
        web.service.next(.cutDone, when: { $0.method == "DELETE" })
        web.service.next(.cutAfter, when: { $0.method == "DELETE" })
        let change = try agency.owner.post("/v1/social-posts/\(id)/remove").ok(202)
        #expect(change["kind"] == "removal")
        try agency.change(change.id, is: "done", within: .seconds(90))
        let post = try agency.owner.get("/v1/social-posts/\(id)").ok()
        #expect(post["status"] == "removed" && post["next_reading_at"] == .null)
        #expect(web.posts.isEmpty && web.removed == stood.reversed())
        let told = try agency.owner.every("/v1/events?type=social_post.removed")
        #expect(told.count == 1)
        try agency.owner.post("/v1/social-posts/\(id)/remove").problem(409, "invalid_transition")
        // Those words may be said again at once.
        let again = try agency.publish(account, "one", ["format": "thread", "thread": ["two", "three"]])
        try agency.post(again, is: "published")
    }

    @Test
    func `posts on LinkedIn, Facebook and YouTube are taken back, and what is gone already is no failure`()
        throws
    {
        let channel = try channel(), agency = channel.agency
        let linkedIn = try LinkedInStandIn(), facebook = try GraphPublishingStandIn()
        let accounts = [
            try agency.connectNetwork(
                "linkedin", linkedIn.service.url, ["access_token": .string(linkedIn.token)],
                ["author": .string(linkedIn.author)]),
            try agency.connectNetwork(
                "facebook", facebook.service.url, ["access_token": .string(facebook.token)],
                ["page_id": .string(facebook.page)]),
        ]
        for account in accounts {
            for isGone in [false, true] {
                let id = try agency.publish(account, "news, \(isGone)")
                let remote = try agency.post(id, is: "published").text("remote_id")
                if isGone { linkedIn.posts.take(remote); facebook.posts.take(remote) }
                let change = try agency.owner.post("/v1/social-posts/\(id)/remove").ok(202)
                try agency.change(change.id, is: "done")
                try agency.post(id, is: "removed")
            }
        }
        #expect(linkedIn.posts.isEmpty && facebook.posts.isEmpty)
        let change = try agency.owner.post("/v1/social-posts/\(channel.post)/remove").ok(202)
        try agency.change(change.id, is: "done")
        #expect(channel.web.films.isEmpty)
    }

    @Test func `what a person has published is taken back by a person`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        let account = try owner.post("/v1/social-accounts", ["network": "x", "name": "Acme"]).ok(201)
        let id = try owner.post(
            "/v1/social-posts", ["account_id": .string(account.id), "text": "news"]
        ).ok(201).id
        try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
        try box.advance("PT1H")
        try owner.post("/v1/social-posts/\(id)/done", ["url": "https://x.com/acme/status/1"]).ok()
        try owner.post("/v1/social-posts/\(id)/remove").problem(409, "conflict")
    }

    @Test func `a sandbox takes nothing back outside`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner, web = try XStandIn()
        let integration = try owner.connectInBox("x", web.service.url, web.credentials, web.settings)
        let account = try owner.post(
            "/v1/social-accounts",
            ["network": "x", "name": "Acme", "integration_id": .string(integration.id)]
        ).ok(201)
        let id = try owner.post(
            "/v1/social-posts", ["account_id": .string(account.id), "text": "news"]
        ).ok(201).id
        try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
        try box.advance("PT1M")
        #expect(try owner.get("/v1/social-posts/\(id)").ok()["captured"] == true)
        let change = try owner.post("/v1/social-posts/\(id)/remove").ok(202)
        try box.advance("PT1M")
        let done = try owner.get("/v1/post-changes/\(change.id)").ok()
        #expect(done["status"] == "done" && done["captured"] == true)
        #expect(try owner.get("/v1/social-posts/\(id)").ok()["status"] == "removed")
        #expect(web.service.requests.isEmpty)
    }

    @Test func `the calendar shows a post that was taken back as what it is`() throws {
        let (agency, web) = (try server.quietAgency(), try XStandIn())
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        let id = try agency.publish(account, "news")
        try agency.post(id, is: "published")
        let change = try agency.owner.post("/v1/social-posts/\(id)/remove").ok(202)
        try agency.change(change.id, is: "done")
        let (from, to) = (Date.now.addingTimeInterval(-86_400), Date.now.addingTimeInterval(86_400))
        let entries =
            try agency.owner.get(
                "/v1/content-calendar?from=\(from.iso.prefix(10))&to=\(to.iso.prefix(10))"
            ).ok()["entries"]?.array ?? []
        let shown = try #require(entries.first { $0["id"] == .string(id) })
        #expect(shown["status"] == "removed" && shown["moves"] != true)
    }
}

extension Agency {
    /// Waits until a change of a post is in one of these states.
    @discardableResult
    func change(
        _ id: String, is states: String..., within limit: Duration = .seconds(60),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try eventually("\(states) of a change", within: limit, sourceLocation: sourceLocation) {
            let change = try owner.get("/v1/post-changes/\(id)").ok()
            return states.contains(change.text("status")) ? change : nil
        }
    }
}
