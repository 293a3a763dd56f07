import JSON
import Testing

/// A long piece of content becomes a post for each network, which the network takes.
@Suite(.ownThread) struct AdaptedContent {
    let server = BureauProcess.shared

    private func item(_ owner: Caller, _ body: String) throws -> JSON {
        try owner.post(
            "/v1/content-items",
            [
                "title": "March, roses", "type": "educational", "subject": "Spring pruning",
                "body": .string(body),
            ]
        ).ok(201)
    }

    private func variants(_ owner: Caller, _ item: JSON, _ networks: JSON) throws -> [JSON] {
        try owner.post("/v1/content-items/\(item.id)/adapt", ["networks": networks]).ok()["variants"]?.array
            ?? []
    }

    @Test func `one long piece becomes posts that fit each network, in whole words and with its own facts`()
        throws
    {
        let owner = try server.quietAgency().owner
        let piece = try item(
            owner,
            String(repeating: "Pruning in March keeps **12 kinds** of roses healthy. ", count: 30)
                + "Read more at https://acme.example/roses.")
        let made = try variants(owner, piece, ["x", "linkedin", "facebook"])
        #expect(made.map { $0.text("network") } == ["x", "linkedin", "facebook"])
        for variant in made {
            let account = try owner.post(
                "/v1/social-accounts", ["network": variant["network"] ?? .null, "name": "Acme"]
            ).ok(201)
            let post = try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": variant["text"] ?? .null,
                    "format": variant["format"] ?? .null, "thread": variant["thread"] ?? .null,
                ]
            ).ok(201)
            #expect(try owner.post("/v1/social-posts/\(post.id)/check", [:]).ok()["fits"] == true)
            let parts = [variant.text("text")] + (variant["thread"]?.array ?? []).compactMap(\.text)
            #expect(parts.joined().contains("https://acme.example/roses."))
            let figures = parts.joined(separator: " ").split { !$0.isNumber }.compactMap { Int($0) }
            #expect(figures.allSatisfy { $0 == 12 || $0 <= parts.count && parts.count > 1 })
            #expect(parts[0].hasPrefix("Spring pruning\n\nPruning in March keeps 12 kinds of roses healthy."))
        }
        #expect(made[0]["format"] == "thread" && made[1]["format"] == "post")
        #expect(made.allSatisfy { $0["warnings"] == [] })
        #expect(try owner.every("/v1/social-posts").count == 3, "adapting itself stores nothing")
    }

    @Test func `a piece goes to the networks that take its kind, and each says what it lacks there`() throws {
        let owner = try server.quietAgency().owner
        let piece = try item(
            owner, "Dear {{ lead.contact_name }}, hello. We cut roses: https://acme.example/roses")
        #expect(try variants(owner, piece, []).map { $0.text("network") } == ["linkedin", "facebook", "x"])
        let instagram = try #require(try variants(owner, piece, ["instagram", "instagram"]).first)
        #expect(instagram.text("text") == "Spring pruning\n\nWe cut roses: https://acme.example/roses")
        let codes = (instagram["warnings"]?.array ?? []).map { $0.text("code") }
        #expect(Set(codes) == ["left_out", "link_not_clickable", "media_required"])
        // A film and a story go elsewhere, each in the format that it has there.
        for (format, places) in [
            (
                "video",
                [
                    "youtube video", "tiktok video", "instagram reel", "facebook video", "linkedin video",
                    "x post",
                ]
            ), ("story", ["instagram story", "facebook post"]),
        ] {
            let other = try owner.post(
                "/v1/content-items",
                ["title": "Roses", "format": .string(format), "body": "How to cut roses."]
            ).ok(201)
            let made = try variants(owner, other, [])
            #expect(made.map { "\($0.text("network")) \($0.text("format"))" } == places)
            let lacks = (made[0]["warnings"]?.array ?? []).map { $0.text("code") }
            #expect(lacks.contains("media_required"), "\(format): \(lacks)")
        }
    }

    @Test func `a network that there is not is named at its place, and another agency's piece is absent`()
        throws
    {
        let (owner, other) = (try server.quietAgency().owner, try server.quietAgency().owner)
        let piece = try item(owner, "We cut roses.")
        let path = "/v1/content-items/\(piece.id)/adapt"
        let problem = try owner.post(path, ["networks": ["x", "myspace"]]).problem(422, "invalid_choice")
        #expect(problem["errors"]?.array?.first?["pointer"] == "/networks/1")
        try other.post(path, ["networks": ["x"]]).problem(404)
    }
}
