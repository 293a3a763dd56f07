import JSON
import StandIns
import Testing

/// A story of several pictures stands as that: each picture is a post of its own, one after the other.
@Suite(.ownThread) struct StoryFrames {
    let server = BureauProcess.shared

    private func box(_ autonomy: String) throws -> (box: SandboxCaller, owner: Caller) {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        try box.owner.wakeSocialAgents(autonomy)
        return (box, box.owner)
    }

    /// A story of three pictures, and one more that is no story at Instagram, which takes films of 3 seconds and more.
    private func story(_ owner: Caller, _ title: String) throws -> (piece: JSON, pictures: [JSON]) {
        let files: [(name: String, bytes: [UInt8])] = [
            ("a.jpg", SampleMedia.jpeg(1080, 1920)), ("b.jpg", SampleMedia.jpeg(1000, 1000)),
            ("short.mp4", SampleMedia.mp4(1080, 1920, seconds: 1)), ("c.jpg", SampleMedia.jpeg(1080, 1920)),
        ]
        let ids = try files.map { JSON.string(try owner.upload($0.bytes, $0.name).id) }
        let media = zip(files, ids).map { file, id -> JSON in
            ["file_id": id, "alt_text": .string("What \(file.name) shows")]
        }
        let piece = try owner.approvedPiece(
            title, "The garden of \(title) is open.", ["format": "story", "media": .array(media)])
        return (piece, [ids[0], ids[1], ids[3]])
    }

    private func shown(_ posts: [JSON]) -> [JSON] { posts.compactMap { $0["media"]?[0]["file_id"] } }

    @Test func `a story of several pictures is a story of each, in their order, minutes apart`() throws {
        let (box, owner) = try box("autopilot")
        let integration = try owner.connectInBox(
            "instagram", "http://127.0.0.1:9", ["access_token": "t"], ["ig_user_id": "1"])
        _ = try owner.socialAccount("instagram", ["integration_id": .string(integration.id)])
        let (piece, pictures) = try story(owner, "Roses")
        let result = try owner.runAgent("instagram_agent", ["content_item_id": .string(piece.id)])
        let planned = try #require(result["pieces"]?[0]["posts"]?[0])
        #expect(planned["media"] == .array([pictures[0]]))
        #expect(planned["following"] == .array([pictures[1], pictures[2]]))
        let posts = try owner.posts(of: piece)
        #expect(shown(posts) == pictures, "each once, and not the film that is too short")
        #expect(posts.allSatisfy { $0["format"] == "story" && $0["media"]?.array?.count == 1 })
        #expect(posts.allSatisfy { $0["status"] == "scheduled" })
        #expect(Set(posts.map { $0.text("scheduled_at").prefix(13) }).count == 1, "within an hour")
        #expect(Set(posts.map { $0.text("scheduled_at") }).count == 3, "not all at once: their order counts")
        #expect(posts[1].text("text") == "Roses (2/3)" && posts[2].text("text") == "Roses (3/3)")
        let decision = try #require(try owner.every("/v1/decisions?agent=instagram_agent").first)
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        try box.advance("P14D")
        #expect(try owner.posts(of: piece).allSatisfy { $0["captured"] == true })
    }

    @Test func `a story that gets its yes late keeps its pictures together, and in their order`() throws {
        let (box, owner) = try box("approve")
        _ = try owner.socialAccount("instagram")
        let (piece, pictures) = try story(owner, "Tulips")
        _ = try owner.runAgent("instagram_agent", ["content_item_id": .string(piece.id)])
        let asked = try owner.pendingApprovals()
        let seen = asked.first?["preview"]?["posts"]?.array ?? []
        let told = seen.compactMap { $0["media"]?[0].text }
        #expect(asked.count == 1 && seen.count == 3)
        #expect(told == ["a", "b", "c"].map { "What \($0).jpg shows" }, "people see what they show")
        let meant = try owner.posts(of: piece).map { $0.text("scheduled_at") }
        let last = try #require(meant.last)
        try box.advance(to: last)
        try box.advance("PT1M")
        try owner.approveAll()
        let posts = try owner.posts(of: piece)
        #expect(posts.allSatisfy { $0["status"] == "scheduled" }, "\(posts)")
        #expect(shown(posts) == pictures)
        #expect(posts[0].text("scheduled_at") > last, "at the next hour")
        #expect(Set(posts.map { $0.text("scheduled_at").prefix(13) }).count == 1, "one of them, for all")
        #expect(Set(posts.map { $0.text("scheduled_at") }).count == 3)
    }
}
