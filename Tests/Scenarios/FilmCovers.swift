import JSON
import StandIns
import Testing

/// Pictures beside a film are its covers: they keep it from no network that shows a film alone.
@Suite(.ownThread) struct FilmCovers {
    let server = BureauProcess.shared
    private static let agents = [
        "youtube": "youtube_agent", "facebook": "facebook_agent", "linkedin": "linkedin_agent",
        "x": "twitter_agent",
    ]

    private func planned(_ owner: Caller, _ title: String, _ files: [[UInt8]]) throws -> [String: JSON] {
        let ids = try files.enumerated().map { try owner.upload($1, "\(title)-\($0).bin").id }
        let media = ids.map { id -> JSON in ["file_id": .string(id), "alt_text": "What it shows."] }
        let piece = try owner.approvedPiece(
            title, "We show how \(title) are cut.", ["format": "video", "media": .array(media)])
        return try Self.agents.mapValues { agent -> JSON in
            let result = try owner.runAgent(agent, ["content_item_id": .string(piece.id)])
            return try #require(result["pieces"]?[0])
        }
    }

    @Test func `a film with a cover stands as the film, and several films are said to be too many`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        for network in Self.agents.keys.sorted() { _ = try owner.socialAccount(network) }
        try owner.wakeSocialAgents("autopilot")
        let film = SampleMedia.mp4(1920, 1080, seconds: 30), cover = SampleMedia.jpeg(1280, 720)
        for (network, told) in try planned(owner, "roses", [cover, film]) {
            let post = try #require(told["posts"]?.array?.first, "\(network): \(told)")
            #expect(post["media"]?.array?.count == 1, "\(network)")
            let kept = try owner.get("/v1/social-posts/\(told["post_ids"]?[0].text ?? "")").ok()
            let file = try owner.get("/v1/files/\(kept["media"]?[0]["file_id"]?.text ?? "")").ok()
            #expect(file.text("name") == "roses-1.bin", "\(network) shows the film: \(file)")
        }
        let other = SampleMedia.mp4(1920, 1080, seconds: 40)
        for (network, told) in try planned(owner, "lilies", [film, other]) {
            #expect(told["posts"] == [], "\(network)")
            #expect(told["left_out"]?[0]["code"] == "too_many_media", "\(network): \(told)")
        }
    }
}
