import Foundation
import JSON
import StandIns
import Testing

/// Posts at the networks themselves, which are slow, lose answers, refuse and forget who we are.
@Suite(.ownThread) struct SocialNetworks {
    let server = BureauProcess.shared

    // MARK: What posts are made of

    private func agency() throws -> Caller { try server.quietAgency().owner }

    private func account(
        _ owner: Caller, _ network: String, _ url: String, _ credentials: JSON, _ settings: JSONObject
    ) throws -> JSON {
        var settings = settings
        settings["base_url"] = .string(url)
        let integration = try owner.post(
            "/v1/integrations",
            [
                "provider": .string(network), "capability": "social_publishing", "credentials": credentials,
                "settings": .object(settings),
            ]
        ).ok(201)
        return try owner.post(
            "/v1/social-accounts",
            [
                "network": .string(network), "name": "Acme", "integration_id": .string(integration.id),
            ]
        ).ok(201)
    }

    private func facebook(_ owner: Caller, _ web: GraphPublishingStandIn) throws -> JSON {
        try account(
            owner, "facebook", web.service.url, ["access_token": .string(web.token)],
            ["page_id": .string(web.page)])
    }

    private func instagram(_ owner: Caller, _ web: GraphPublishingStandIn) throws -> JSON {
        try account(
            owner, "instagram", web.service.url,
            ["access_token": .string(web.token), "app_secret": "bureau-meta-app-secret"],
            ["ig_user_id": .string(web.account)])
    }

    private func linkedIn(_ owner: Caller, _ web: LinkedInStandIn) throws -> JSON {
        try account(
            owner, "linkedin", web.service.url, ["access_token": .string(web.token)],
            ["author": .string(web.author)])
    }

    private func picture(_ owner: Caller, _ alt: String, _ width: Int = 640) throws -> JSON {
        let file = try owner.request(
            "POST", "/v1/files?name=garden.jpg", raw: SampleMedia.jpeg(width, 640),
            headers: ["Content-Type": "image/jpeg"]
        ).ok(201)
        return ["file_id": .string(file.id), "alt_text": .string(alt)]
    }

    private func publish(
        _ owner: Caller, _ account: JSON, _ text: String, _ more: JSONObject = [:]
    ) throws -> String {
        var body: JSONObject = ["account_id": .string(account.id), "text": .string(text)]
        for (name, value) in more.members { body[name] = value }
        let post = try owner.post("/v1/social-posts", .object(body)).ok(201)
        try owner.post("/v1/social-posts/\(post.id)/publish", [:]).ok(202)
        return post.id
    }

    private func state(_ owner: Caller, _ id: String) throws -> JSON {
        try owner.get("/v1/social-posts/\(id)").ok()
    }

    private func ended(_ owner: Caller, _ id: String, _ statuses: [String] = ["published"]) throws -> JSON {
        try eventually("\(id) is \(statuses)", within: .seconds(60)) {
            let post = try state(owner, id)
            guard statuses.contains(post.text("status")) else { return nil }
            return post
        }
    }

    // MARK: Facebook

    @Test func `an album stands at Facebook with its words, pictures and first comment`() throws {
        let (owner, web) = (try agency(), try GraphPublishingStandIn())
        let media: JSON = [try picture(owner, "Roses in June."), try picture(owner, "The old gate.", 800)]
        let id = try publish(
            owner, try facebook(owner, web), "Our garden", ["media": media, "first_comment": "More inside"])
        let post = try ended(owner, id)
        let stands = try #require(web.posts.all.first)
        #expect(stands["text"] == "Our garden" && stands["photos"]?.array?.count == 2)
        #expect(web.altTexts == ["Roses in June.", "The old gate."] && web.comments == ["More inside"])
        #expect(
            post["remote_id"] == stands["id"]
                && post.text("url") == "https://www.facebook.com/\(stands.text("id"))")
    }

    @Test func `a link stands below the words once, as the network shows it`() throws {
        let (owner, web) = (try agency(), try GraphPublishingStandIn()), page = try facebook(owner, web)
        _ = try ended(owner, try publish(owner, page, "Read on", ["link": "https://acme.example/a"]))
        #expect(web.posts.all.first?["text"] == "Read on")
        #expect(web.posts.all.first?["link"] == "https://acme.example/a")
        // Marks, trackers, fragment and last slash are whoever's who wrote them.
        let marked = "https://acme.example/b/?utm_source=fb&utm_campaign=May&fbclid=x#offer"
        _ = try ended(owner, try publish(owner, page, "More", ["link": .string(marked)]))
        #expect(web.posts.all.contains { $0.text("link") == marked })
    }

    @Test func `an answer that is lost is looked for, and nothing is said twice`() throws {
        let owner = try agency()
        let (graph, linked) = (try GraphPublishingStandIn(), try LinkedInStandIn())
        let (page, author) = (try facebook(owner, graph), try linkedIn(owner, linked))
        graph.service.next(.cutDone)
        linked.service.next(.cutDone)
        let ids = try [
            publish(owner, page, "Only once (at Facebook)"),
            publish(owner, author, "Only once (at #LinkedIn)"),
        ]
        let posts = try ids.map { try ended(owner, $0, ["published", "unknown"]) }
        #expect(posts.map { $0.text("status") } == ["published", "published"])
        #expect(graph.posts.all.count == 1 && linked.posts.all.count == 1)
        #expect(posts[0]["remote_id"] == graph.posts.all[0]["id"])
        #expect(posts[1]["remote_id"] == linked.posts.all[0]["id"])
    }

    @Test func `what nobody knows is told to a person, and not said again`() throws {
        let (owner, web) = (try agency(), try GraphPublishingStandIn())
        let page = try facebook(owner, web)
        web.service.next(.cutAfter)
        let id = try publish(owner, page, "Who knows")
        let post = try ended(owner, id, ["unknown", "published"])
        #expect(post["status"] == "unknown" && web.posts.isEmpty)
        let said = web.service.requests.filter { $0.method == "POST" }
        #expect(said.count == 1)
        let alerts = try owner.every("/v1/alerts").filter { $0["subject"]?["id"]?.text == id }
        #expect(alerts.count == 1 && alerts[0].text("recommended_action").contains("Look"))
        try owner.post("/v1/social-posts/\(id)/retry", [:]).problem(409, "invalid_transition")
        try owner.post("/v1/social-posts/\(id)/resolve", ["outcome": "not_published"]).ok()
        try owner.post("/v1/social-posts/\(id)/retry", [:]).ok(202)
        #expect(try ended(owner, id)["status"] == "published" && web.posts.texts == ["Who knows"])
    }

    @Test(arguments: ["linkedin", "x"])
    func `what the list of a network lacks may come late: it is unknown, and not said again`(
        network: String
    ) throws {
        let (agency, networks) = (try server.quietAgency(), try QuarterNetworks())
        let way = try #require(networks.ways.first { $0.name == network })
        let account = try agency.connectNetwork(network, way.web.url, way.credentials, way.settings)
        way.web.next(.cutAfter) { $0.method == "POST" }
        let id = try agency.publish(account, "Who knows")
        let post = try agency.post(id, is: "unknown", "published")
        #expect(post["status"] == "unknown" && networks.said(at: network).isEmpty)
        #expect(way.web.requests.count { $0.method == "POST" } == 1)
        let alerts = try agency.owner.every("/v1/alerts").filter { $0["subject"]?["id"]?.text == id }
        #expect(alerts.count == 1)
        try agency.owner.post("/v1/social-posts/\(id)/resolve", ["outcome": "not_published"]).ok()
        try agency.owner.post("/v1/social-posts/\(id)/retry", [:]).ok(202)
        try agency.post(id, is: "published")
        #expect(networks.said(at: network) == ["Who knows"])
    }

    @Test func `a refusal is told in the network's words, and a limit is waited for`() throws {
        let (owner, web) = (try agency(), try GraphPublishingStandIn())
        let page = try facebook(owner, web)
        let words = "This content isn't allowed to be shared: \(web.token)"
        web.service.next(.answer(GraphPublishingStandIn.refusal(400, 368_000, 1_346_003, words)))
        let refused = try ended(owner, try publish(owner, page, "No"), ["failed"])
        let reason = try #require(refused["reasons"]?.array?.first)
        #expect(
            reason.text("detail").contains("allowed to be shared")
                && !reason.text("detail").contains(web.token))
        web.service.next(.answer(GraphPublishingStandIn.refusal(400, 32, nil, "Page request limit reached")))
        let waits = try ended(owner, try publish(owner, page, "Later"), ["held"])
        #expect(waits["reasons"]?.array?.first?["until"]?.text != nil)
        #expect(web.posts.isEmpty)
    }

    @Test func `an account that the network has forgotten asks to be connected again`() throws {
        let (owner, web) = (try agency(), try GraphPublishingStandIn())
        let page = try facebook(owner, web)
        let refusal = GraphPublishingStandIn.refusal(
            400, 190, 463, "Session has expired")
        web.service.next(.answer(refusal), .answer(refusal))
        let id = try publish(owner, page, "Late")
        #expect(try ended(owner, id, ["held"])["reasons"]?.array?.first?["code"] == "needs_reconnect")
        #expect(try owner.get("/v1/social-accounts/\(page.id)").ok()["status"] == "needs_reconnect")
        let alert = try owner.every("/v1/alerts").first { $0["subject"]?["id"]?.text == page.id }
        #expect(alert?.text("title").contains("Facebook") == true)
    }

    // MARK: Instagram

    @Test func `a carousel is published once its container is finished, with what it shows`() throws {
        let (owner, web) = (try agency(), try GraphPublishingStandIn())
        let media: JSON = [try picture(owner, "Roses."), try picture(owner, "A gate.", 700)]
        let id = try publish(
            owner, try instagram(owner, web), "A garden #roses",
            ["format": "carousel", "media": media, "first_comment": "More on our page"])
        let post = try ended(owner, id)
        #expect(post.text("url").hasPrefix("https://www.instagram.com/p/1790"))
        #expect(web.posts.texts == ["A garden #roses"] && web.comments == ["More on our page"])
        let children = web.containers.filter { $0["is_carousel_item"] == "true" }
        #expect(children.compactMap { $0["alt_text"] } == ["Roses.", "A gate."])
        let shown = try #require(children.first?["image_url"])
        let path = "/f/" + (shown.split(separator: "/").last ?? "")
        #expect(try server.anonymous.get(path).body == SampleMedia.jpeg(640, 640), "the network can fetch it")
        let proven = web.service.requests.filter { $0.method == "POST" }.allSatisfy {
            $0.form?["appsecret_proof"]?.count == 64
        }
        #expect(proven)
    }

    @Test func `a container whose answer was lost is asked whether it stands`() throws {
        let owner = try agency()
        for turn in [ServiceStandIn.Turn.cutDone, .cutAfter] {
            let web = try GraphPublishingStandIn(), account = try instagram(owner, web)
            let media: JSON = [try picture(owner, "Roses.")]
            web.service.next(turn) { $0.method == "POST" && $0.target.contains("media_publish") }
            let id = try publish(owner, account, "Once, \(turn)", ["media": media])
            let post = try ended(owner, id, ["published", "unknown"])
            #expect(post["status"] == "published" && web.posts.all.count == 1, "\(turn)")
        }
    }

    @Test func `a day whose posts are used up is waited for`() throws {
        let (story, web) = (try MeasuringAgency(), try GraphPublishingStandIn())
        let owner = story.agency.owner, account = try instagram(owner, web)
        web.use(50)
        let id = try publish(owner, account, "One more", ["media": [try picture(owner, "Roses.")]])
        func until() throws -> Date {
            let reason = try #require(try ended(story.hand, id, ["held"])["reasons"]?[0])
            #expect(reason.text("code") == "rate_limited")
            return try Date(iso: reason.text("until"))
        }
        let first = try until()
        #expect(abs(first.timeIntervalSince(story.time) - MeasuringAgency.hour) < 300)
        try story.pass(1.5 * MeasuringAgency.hour)
        try eventuallyTrue("the quota was asked for again") { try until() > first }
        #expect(web.posts.isEmpty && web.containers.isEmpty, "what would be over by then is not made")
        web.use(49)
        try story.pass(1.5 * MeasuringAgency.hour)
        _ = try ended(story.hand, id)
        #expect(web.posts.texts == ["One more"])
    }

    // MARK: LinkedIn

    @Test func `words are escaped at LinkedIn, a hashtag stays one, and a picture is ready before its post`()
        throws
    {
        let (owner, web) = (try agency(), try LinkedInStandIn())
        let id = try publish(
            owner, try linkedIn(owner, web), "50% (really) a_b *c* @ f | g #Growth, no. #1",
            ["media": [try picture(owner, "A chart.")]])
        let post = try ended(owner, id)
        let body = try #require(web.posts.all.first?["body"])
        #expect(
            body["commentary"] == "50% \\(really\\) a\\_b \\*c\\* \\@ f \\| g {hashtag|\\#|Growth}, no. \\#1")
        #expect(body["content"]?["media"] == ["id": "urn:li:image:1", "altText": "A chart."])
        #expect(web.uploads["1"]?["bytes"] == Double(SampleMedia.jpeg(640, 640).count))
        #expect(post["remote_id"] == web.posts.all[0]["id"])
    }

    @Test func `a picture goes to no address that is not LinkedIn's, and the token stands nowhere`() throws {
        let (owner, web, other) = (try agency(), try LinkedInStandIn(), try LinkedInStandIn())
        let account = try linkedIn(owner, web)
        web.leadUploads(to: other.service.url)
        let id = try publish(owner, account, "picture", ["media": [try picture(owner, "x")]])
        let post = try ended(owner, id, ["failed"])
        #expect(post["reasons"]?.array?.first?["code"] == "foreign_address")
        #expect(other.service.requests.isEmpty && web.posts.isEmpty)
        for list in ["integrations", "social-accounts", "social-posts", "events", "audit", "alerts", "jobs"] {
            #expect(try !owner.get("/v1/\(list)?limit=200").ok().serialized.contains(web.token), "\(list)")
        }
    }
}
