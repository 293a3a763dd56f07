import Foundation
import JSON
import StandIns
import Testing

/// Posts and threads on X: each stands once, whatever becomes of an answer.
@Suite(.ownThread) struct XPosts {
    let server = BureauProcess.shared

    private func connected() throws -> (agency: Agency, web: XStandIn, account: JSON) {
        let (agency, web) = (try server.quietAgency(), try XStandIn())
        return (agency, web, try agency.connectNetwork("x", web.service.url, web.credentials, web.settings))
    }

    @Test func `a thread on X is a chain of answers, and a broken one goes on behind its last part`() throws {
        let (agency, web, account) = try connected()
        web.refuse("three")
        let id = try agency.publish(
            account, "one", ["format": "thread", "thread": ["two", "three", "four"]])
        let broken = try agency.post(id, is: "failed")
        #expect(broken["reasons"]?[0].text("detail").contains("You may not say three.") == true)
        #expect(web.posts.map(\.text) == ["one", "two"])
        web.takeAll()
        try agency.owner.post("/v1/social-posts/\(id)/retry", [:]).ok(202)
        let whole = try agency.post(id, is: "published")
        let posts = web.posts
        #expect(posts.map(\.text) == ["one", "two", "three", "four"])
        #expect(posts.map(\.other) == [nil, posts[0].id, posts[1].id, posts[2].id])
        #expect(whole.text("remote_id") == posts[0].id)
        #expect(whole.text("url") == "https://x.com/i/web/status/\(posts[0].id)")
    }

    @Test func `of a broken thread that a person cancels, what stands is told, and can be taken back`() throws
    {
        let (agency, web, account) = try connected(), owner = agency.owner
        web.refuse("three")
        let id = try agency.publish(account, "one", ["format": "thread", "thread": ["two", "three"]])
        let broken = try agency.post(id, is: "failed"), first = web.posts[0].id
        let place = JSON.string("https://x.com/i/web/status/\(first)")
        #expect(broken.text("remote_id") == first && broken["url"] == place)
        let path = "/v1/social-posts/\(id)"
        let told = try owner.post("\(path)/cancel", [:]).ok()
        #expect(told["status"] == "published" && told["reasons"]?[0]["code"] == "rest_cancelled")
        #expect(told.text("remote_id") == first && told["url"] == place)
        #expect(told["published_at"] == told["scheduled_at"] && told["next_reading_at"] != .null)
        #expect(try owner.every("/v1/events?type=social_post.cancelled").isEmpty)
        #expect(try owner.every("/v1/events?type=social_post.published").count == 1)
        try owner.post("\(path)/cancel", [:]).problem(409, "invalid_transition")
        try owner.delete(path).problem(409, "conflict")
        #expect(web.posts.map(\.text) == ["one", "two"], "nothing more has left")
        let change = try owner.post("\(path)/remove").ok(202)
        try agency.change(change.id, is: "done")
        try agency.post(id, is: "removed")
        #expect(web.posts.isEmpty)
        // Of what was refused at its beginning nothing stands.
        let refused = try agency.publish(account, "three")
        try agency.post(refused, is: "failed")
        let gone = try owner.post("/v1/social-posts/\(refused)/cancel", [:]).ok()
        #expect(gone["status"] == "cancelled" && gone["url"] == .null && gone["reasons"] == [])
    }

    @Test func `X is told what a model has made and what somebody pays for, as the post or its piece says`()
        throws
    {
        let (agency, web, account) = try connected()
        let drafted = try agency.owner.approvedPiece("Roses", "Roses", ["made_with_ai": true])
        let posts: [(text: String, more: JSONObject)] = [
            ("by people", [:]), ("by a model", ["content_item_id": .string(drafted.id)]),
            ("looked at", ["content_item_id": .string(drafted.id), "made_with_ai": false]),
            ("paid for", ["made_with_ai": true, "paid_partnership": true]),
        ]
        for post in posts { try agency.post(agency.publish(account, post.text, post.more), is: "published") }
        let told = try web.service.requests.filter { $0.target == "/2/tweets" }.map { request in
            let body = try JSONParser.parse(request.body)
            return "\(body.text("text")): \(body["made_with_ai"] == true) \(body["paid_partnership"] == true)"
        }
        #expect(
            told == [
                "by people: false false", "by a model: true false", "looked at: false false",
                "paid for: true true",
            ])
    }

    @Test func `what X has, and has not answered for, is found there and not said again`() throws {
        let (agency, web, account) = try connected()
        web.service.next(.cutDone)
        let text = "Tea & cake <3 at https://example.com/menu, each day"
        let found = try agency.post(try agency.publish(account, text), is: "published", "unknown")
        #expect(found["status"] == "published" && found.text("remote_id") == web.posts[0].id)
        // In the middle of a thread, too.
        let parts: JSONObject = ["format": "thread", "thread": ["and then", "and last"]]
        web.service.next(.wait({}), .cutDone)
        try agency.post(try agency.publish(account, "at first", parts), is: "published")
        let posts = web.posts
        #expect(posts.map(\.text) == [text, "at first", "and then", "and last"])
        #expect(posts[3].other == posts[2].id)
        // X shows no posts of the account, so that nobody knows: a person looks.
        web.hidePosts()
        web.service.next(.cutDone)
        let lost = try agency.publish(account, "who knows")
        try agency.post(lost, is: "unknown")
        #expect(web.posts.count { $0.text == "who knows" } == 1)
        let alerts = try agency.owner.every("/v1/alerts")
        #expect(alerts.contains { $0["subject"]?["id"] == .string(lost) })
    }

    @Test func `pictures and films go to X in parts, with what they show, before the words`() throws {
        let (agency, web, account) = try connected()
        let pictures = [SampleMedia.jpeg(800, 600, size: 2_500_000), SampleMedia.jpeg(600, 600)]
        let media = try pictures.enumerated().map { number, bytes in
            try agency.medium(bytes, "p\(number).jpg", altText: "Picture \(number)")
        }
        let seen = try agency.publish(account, "look", ["media": .array(media)])
        try agency.post(seen, is: "published")
        let shown = try #require(web.posts.first?.media).map { web.uploads[$0] }
        #expect(shown.map { $0?.bytes } == pictures)
        #expect(shown.map { $0?.altText } == ["Picture 0", "Picture 1"])
        #expect(shown.map { $0?.category } == ["tweet_image", "tweet_image"])
        #expect(web.service.requests.count { $0.target.hasSuffix("/append") } == 4)
        // X works on a film before it may stand; a part that was lost on its way is sent again.
        web.workOnFilms(looks: 2)
        let bytes = SampleMedia.mp4(1280, 720, seconds: 10, size: 1_500_000)
        web.service.next(.cutAfter)
        let film = try agency.publish(
            account, "watch", ["media": [try agency.medium(bytes, "film.mp4", altText: "")]])
        try agency.post(film, is: "published")
        let last = try #require(web.posts.last)
        #expect(last.text == "watch" && last.media.count == 1)
        #expect(web.uploads[last.media[0]]?.bytes == bytes)
        #expect(web.uploads[last.media[0]]?.category == "tweet_video")
        #expect(web.service.requests.count { $0.target.contains("command=STATUS") } >= 2)
    }

    @Test func `X's refusals are told in its words, and its limits are waited for`() throws {
        let (agency, web, account) = try connected()
        let first = try agency.publish(account, "news")
        try agency.post(first, is: "published")
        let again = try agency.publish(account, "news", ["allow_repeat": true])
        let refused = try agency.post(again, is: "failed")
        #expect(refused["reasons"]?[0].text("code") == "duplicate")
        #expect(refused["reasons"]?[0].text("detail").contains("duplicate content") == true)
        web.service.next(.answer(XStandIn.refusal(400, "The token \(web.token) may not do this.")))
        let leaky = try agency.post(try agency.publish(account, "leaky"), is: "failed")
        #expect(leaky["reasons"]?[0].text("detail").contains("may not do this") == true)
        #expect(!leaky.serialized.contains(web.token) && !server.log.contains(web.token))
        let reset = Int64(Date.now.timeIntervalSince1970) + 900
        let limit = XStandIn.refusal(
            429, "Too many", headers: [("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "\(reset)")])
        web.service.next(.answer(limit))
        let asked = web.service.requests.count
        let waiting = try agency.post(try agency.publish(account, "later"), is: "held")
        #expect(waiting["reasons"]?[0].text("code") == "rate_limited")
        let until = try #require(waiting["reasons"]?[0]["until"]?.text.flatMap { StandInTime.second($0) })
        #expect(abs(until - reset) <= 5)
        usleep(1_500_000)
        #expect(web.service.requests.count == asked + 1, "nobody asks before then")
        #expect(web.posts.map(\.text) == ["news"])
    }

    @Test func `a thread on X is priced by its parts, and a link costs more`() throws {
        let (agency, web, account) = try connected()
        let path = "/v1/integrations/\(account.text("integration_id"))"
        try agency.owner.patch(path, ["price": cents(1500)]).ok()
        let parts: JSONObject = [
            "format": "thread", "thread": ["two, at https://example.com/menu", "three"],
            "media": [try agency.medium(SampleMedia.jpeg(600, 600), "p.jpg")],
        ]
        let id = try agency.publish(account, "one", parts)
        let post = try agency.post(id, is: "published")
        #expect(post["cost_estimate"] == cents(23), "1.5, 20 and 1.5")
        let planned = try agency.owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "At https://example.com/wine",
                "scheduled_at": "2099-01-01T10:00:00.000Z",
            ]
        ).ok(201)
        #expect(planned["status"] == "scheduled" && planned["cost_estimate"] == cents(20), "told before")
        let integration = try agency.owner.get(path).ok()
        #expect(try agency.use(of: integration)["month"]?["cost"] == cents(23))
        // The list of prices is the agency's own to change.
        var settings = web.settings
        settings["link_price"] = 30_000
        let other = try agency.connectNetwork("x", web.service.url, web.credentials, settings)
        try agency.owner.patch(
            "/v1/integrations/\(other.text("integration_id"))", ["price": cents(1500)]
        ).ok()
        let dearer = try agency.publish(other, "See https://example.com/wine")
        #expect(try agency.post(dearer, is: "published")["cost_estimate"] == cents(30))
    }

    @Test func `a budget of money holds a thread on X before its first part, and books each part once`()
        throws
    {
        let (agency, web, account) = try connected()
        // A post for one and a half cents.
        try agency.owner.patch(
            "/v1/integrations/\(account.text("integration_id"))", ["price": cents(1500)]
        ).ok()
        let budget = try agency.owner.post(
            "/v1/budgets", ["kind": "money", "limit": cents(4), "per": "month"]
        ).ok(201)
        let path = "/v1/budgets/\(budget.id)"
        try agency.post(try agency.publish(account, "one"), is: "published")
        let thread = try agency.publish(
            account, "two", ["format": "thread", "thread": ["three", "four"]])
        let held = try agency.post(thread, is: "held")
        #expect(held["cost_estimate"] == cents(5), "four and a half, and there are two and a half")
        #expect(held["reasons"]?[0]["code"] == "budget_exhausted")
        #expect(held["reasons"]?[0]["until"] == budget["resets_at"])
        #expect(web.posts.map(\.text) == ["one"], "no part of it")
        // A held post goes when there is more, and one that X has not answered for costs once.
        web.service.next(.wait({}), .cutDone)
        try agency.owner.patch(path, ["limit": cents(6)]).ok()
        try agency.post(thread, is: "published")
        #expect(web.posts.map(\.text) == ["one", "two", "three", "four"])
        #expect(try agency.owner.get(path).ok()["spent"] == cents(6), "to the last cent")
        let last = try agency.publish(account, "five")
        try agency.post(last, is: "held")
        #expect(web.posts.count == 4)
        #expect(try agency.owner.delete(path).status == 204)
        try agency.post(last, is: "published")
    }

    @Test func `a client's budget holds the client's posts in a sandbox, too, until the next day`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner, web = try XStandIn()
        try box.quieten()
        var settings = web.settings
        settings["base_url"] = .string(web.service.url)
        let integration = try owner.post(
            "/v1/integrations",
            [
                "provider": "x", "capability": "social_publishing", "credentials": web.credentials,
                "settings": .object(settings), "price": cents(1500),
            ]
        ).ok(201)
        let client = try owner.makeClient()
        func account(_ more: JSONObject) throws -> JSON {
            var body: JSONObject = [
                "network": "x", "name": "Acme", "integration_id": .string(integration.id),
            ]
            for (name, value) in more.members { body[name] = value }
            return try owner.post("/v1/social-accounts", .object(body)).ok(201)
        }
        let (own, theirs) = (try account([:]), try account(["client_id": .string(client.id)]))
        let budget = try owner.post(
            "/v1/budgets",
            ["kind": "money", "limit": cents(2), "per": "day", "client_id": .string(client.id)]
        ).ok(201)
        func publish(_ text: String, at account: JSON) throws -> String {
            let body: JSON = ["account_id": .string(account.id), "text": .string(text)]
            let id = try owner.post("/v1/social-posts", body).ok(201).id
            try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
            try box.advance("PT1M")
            return id
        }
        func status(_ id: String) throws -> String {
            try owner.get("/v1/social-posts/\(id)").ok().text("status")
        }
        #expect(try status(publish("one", at: theirs)) == "published")
        #expect(try owner.get("/v1/budgets/\(budget.id)").ok()["spent"] == cents(2), "one and a half")
        let held = try publish("two", at: theirs)
        #expect(try status(held) == "held")
        #expect(try status(publish("three", at: own)) == "published", "nobody else's")
        try box.advance("P1D")
        #expect(try status(held) == "published" && web.posts.isEmpty)
    }

    /// An account whose owner has said yes on a page.
    private func consented(
        _ agency: Agency
    ) throws -> (web: XStandIn, consent: OAuthStandIn, account: JSON) {
        let consent = try OAuthStandIn(), owner = OAuthStandIn.Settings().owner
        let web = try XStandIn { consent.admits(owner, $0, to: "tweet.write") }
        var settings = web.settings
        settings["authorize_url"] = .string(consent.authorizeURL)
        settings["token_url"] = .string(consent.tokenURL)
        let account = try agency.connectNetwork(
            "x", web.service.url, ["client_id": "app", "client_secret": "s3cr3t"], settings)
        let path = "/v1/integrations/\(account.text("integration_id"))"
        #expect(try agency.owner.get(path).ok()["status"] == "disabled")
        let page = try agency.owner.post("\(path)/connect").ok().text("authorize_url")
        let way = try #require(consent.wayBack(from: page))
        let back = try String(way[#require(way.firstRange(of: "/v1/oauth/callback?")).lowerBound...])
        #expect(try agency.server.anonymous.get(back).status == 200)
        return (web, consent, account)
    }

    @Test func `a token of X that has ended is renewed once, and an account that is shut out waits`() throws {
        let agency = try server.quietAgency()
        let (web, consent, account) = try consented(agency)
        try agency.post(try agency.publish(account, "first"), is: "published")
        #expect(consent.grants == ["authorization_code"])
        // Over before its time, while several posts leave: what renews it is good once.
        consent.endAccess()
        let posts = try (0..<4).map { try agency.publish(account, "post \($0)") }
        for post in posts { try agency.post(post, is: "published") }
        #expect(consent.grants == ["authorization_code", "refresh_token"])
        consent.endAccess()
        try agency.post(try agency.publish(account, "third"), is: "published")
        #expect(consent.grants.count == 3, "the one that came with the last token is used")
        consent.revoke()
        let held = try agency.post(try agency.publish(account, "fourth"), is: "held")
        #expect(held["reasons"]?[0].text("code") == "needs_reconnect")
        let shut = try agency.owner.get("/v1/social-accounts/\(account.id)").ok()
        #expect(shut["status"] == "needs_reconnect")
        #expect(web.posts.count == 6)
        #expect(!server.log.contains("access-1") && !server.log.contains("refresh-1"))
    }

    @Test func `killed before a renewed token is used, it is kept, and the post stands once`() throws {
        let server = try BureauProcess.start(), agency = try server.quietAgency()
        let (web, consent, account) = try consented(agency)
        let (arrived, isDead) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        consent.endAccess()
        web.service.next(
            .wait {
                arrived.signal()
                isDead.wait()
            },
            when: { request in
                let token = String((request.header("Authorization") ?? "").dropFirst("Bearer ".count))
                return request.method == "POST"
                    && consent.admits(OAuthStandIn.Settings().owner, token, to: "tweet.write")
            })
        let id = try agency.publish(account, "Roses")
        try #require(arrived.wait(timeout: .now() + 60) == .success)
        server.kill()
        isDead.signal()
        try server.start()
        let ended = try agency.post(id, is: "published", "held", "unknown", "failed", within: .seconds(120))
        #expect(ended["status"] == "published" && web.posts.map(\.text) == ["Roses"])
        #expect(consent.grants == ["authorization_code", "refresh_token"], "what renews a token is good once")
    }
}
