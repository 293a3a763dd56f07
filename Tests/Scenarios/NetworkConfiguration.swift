import JSON
import StandIns
import Testing

/// Changes that networks make by themselves are told to an installation, and wait for no new version of it.
@Suite(.ownThread) struct NetworkConfiguration {
    private static let changes = [
        "x.text_max=40", "x.hashtags_max=1", "x.mentions_max=1", "x.price=3000", "x.posts_per_day=2",
        "linkedin.api_version=202701",
    ]

    @Test func `rules of networks are configuration, which all that reads them follows`() throws {
        let server = try BureauProcess.start(["social.networks": Self.changes.joined(separator: ", ")])
        let agency = try server.quietAgency(), owner = agency.owner, web = try XStandIn()
        let told = try owner.every("/v1/social-networks")
        let x = try #require(told.first { $0["network"] == "x" })
        #expect(x["text_max"] == 40 && x["text_advised"] == 40 && x["hashtags_max"] == 1)
        #expect(x["price"] == 3000 && x["posts_per_day"] == 2 && x["mentions_max"] == 1)
        let facebook = told.first { $0["network"] == "facebook" }
        #expect(facebook?["text_max"] == 63_206 && facebook?["api_version"] == "v26.0", "as it was")
        // The checks follow it.
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        let path = "/v1/integrations/\(account.text("integration_id"))"
        #expect(try owner.get(path).ok()["price"] == cents(3000))
        let faults =
            try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "scheduled_at": "2099-01-01T10:00:00.000Z",
                    "text": "#Roses and #tulips, for @ann and for @bob",
                ]
            ).problem(422)["errors"]?.array ?? []
        #expect(
            faults.map { $0.text("code") } == ["text_too_long", "too_many_hashtags", "too_many_mentions"])
        #expect(faults.first?["length"] == 41 && faults.first?["max"] == 40)
        // The writing follows it.
        let piece = try owner.approvedPiece(
            "Roses", "Roses bloom in June. Water them in the evening. Cut them back in March. Feed them once."
        )
        let variants =
            try owner.post(
                "/v1/content-items/\(piece.id)/adapt", ["networks": ["x"]]
            ).ok()["variants"]?.array ?? []
        let parts = variants.flatMap { [$0.text("text")] + ($0["thread"]?.array?.compactMap(\.text) ?? []) }
        #expect(!parts.isEmpty && parts.allSatisfy { $0.count <= 40 }, "\(parts)")
        // The publishing follows it.
        let first = try agency.publish(account, "one"), second = try agency.publish(account, "two")
        let published = try agency.post(first, is: "published")
        #expect(published["cost_estimate"] == cents(3))
        try agency.post(second, is: "published")
        let held = try agency.post(try agency.publish(account, "three"), is: "held")
        #expect(held["reasons"]?[0]["code"] == "rate_limited" && held["reasons"]?[0]["until"] != .null)
        #expect(web.posts.map(\.text).sorted() == ["one", "two"])
        let linked = try LinkedInStandIn()
        let author = try agency.connectNetwork(
            "linkedin", linked.service.url, ["access_token": .string(linked.token)],
            ["author": .string(linked.author)])
        try agency.post(try agency.publish(author, "news"), is: "failed")
        let versions = linked.service.requests.compactMap { $0.header("LinkedIn-Version") }
        #expect(!versions.isEmpty && versions.allSatisfy { $0 == "202701" }, "which it does not know yet")
    }

    private static let mediaChanges = [
        "x.video_seconds_max=5", "linkedin.video_bytes_max=10000", "linkedin.image_bytes_max=300",
        "facebook.image_side_max=400", "youtube.title_max=10",
    ]

    @Test func `a limit of media that has changed refuses what passed, and what is made follows it`() throws {
        let usual = try BureauProcess.shared.quietAgency()
        let changed = Self.mediaChanges.joined(separator: ", ")
        let strict = try BureauProcess.start(["social.networks": changed]).quietAgency()
        func plan(_ agency: Agency, _ network: String, _ file: [UInt8], _ name: String) throws -> Answer {
            try agency.owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(try agency.owner.socialAccount(network).id), "text": "Look",
                    "media": [try agency.medium(file, name)], "scheduled_at": "2099-01-01T10:00:00.000Z",
                ])
        }
        let film = SampleMedia.mp4(1280, 720, seconds: 12, size: 40_000, hasSound: true)
        let picture = SampleMedia.jpeg(800, 800)
        let refused = [
            ("x", film, "film.mp4", "media_length"), ("linkedin", film, "film.mp4", "media_too_large"),
            ("linkedin", picture, "roses.jpg", "media_too_large"),
        ]
        for (network, file, name, code) in refused {
            try plan(usual, network, file, name).ok(201)
            let faults = try plan(strict, network, file, name).faults()
            #expect(faults == ["/media/0/file_id": code], "\(network)")
        }
        let post = try plan(strict, "facebook", picture, "roses.jpg").ok(201)
        let check = try strict.owner.post("/v1/social-posts/\(post.id)/check", [:]).ok()
        #expect(check["preview"]?["media"]?[0]["width"] == 400)
        let web = try YouTubeStandIn()
        let channel = try strict.connectNetwork("youtube", web.service.url, web.credentials, web.settings)
        let medium = try strict.medium(film, "film.mp4", altText: "")
        let id = try strict.publish(channel, "How roses bloom", ["format": "video", "media": [medium]])
        try strict.post(id, is: "published")
        let title = try #require(web.films.first?.about["snippet"]?["title"]?.text)
        #expect(!title.isEmpty && title.count <= 10, "\(title)")
        let path = "/v1/social-posts/\(id)/change"
        #expect(try strict.owner.post(path, ["title": "Roses bloom"]).faults() == ["/title": "too_long"])
        try strict.owner.post(path, ["title": "Roses"]).ok(202)
    }
}
