import Foundation
import JSON
import StandIns
import Testing

/// Agents of networks follow what the results of an account's own posts have shown, and say so with figures.
@Suite(.ownThread) struct LearnedHabits {
    /// An account with so many posts of the past, each as `kind` has it: what it shows, and how many have liked it.
    private func account(
        _ owner: Caller, _ network: String, _ count: Int, _ kind: (Int) -> (post: JSONObject, likes: Int)
    ) throws -> JSON {
        let account = try owner.socialAccount(network)
        let posts = try (0..<count).map { number -> (id: String, likes: Int) in
            let (more, likes) = kind(number)
            var post: JSONObject = [
                "account_id": .string(account.id), "text": .string("News of garden \(number)"),
            ]
            for (name, value) in more.members { post[name] = value }
            return (try owner.post("/v1/social-posts", .object(post)).ok(201).id, likes)
        }
        for post in posts { try owner.post("/v1/social-posts/\(post.id)/publish", [:]).ok(202) }
        for (number, post) in posts.enumerated() {
            try eventually("the post waits for a person") {
                try owner.get("/v1/social-posts/\(post.id)").ok()["status"] == "awaiting_person" ? true : nil
            }
            let published = Date.now - Double(10 + number) * 86_400
            try owner.post(
                "/v1/social-posts/\(post.id)/done",
                ["url": .string("https://example.com/p/\(number)"), "published_at": .string(published.iso)]
            ).ok()
            try owner.post("/v1/social-posts/\(post.id)/metrics", ["likes": JSON(post.likes)]).ok(201)
        }
        return account
    }

    private func media(_ owner: Caller, _ files: [(String, [UInt8])]) throws -> [JSON] {
        try files.map {
            ["file_id": .string(try owner.upload($0.1, $0.0).id), "alt_text": "What it shows."]
        }
    }

    private func planned(_ owner: Caller, _ agent: String, _ piece: JSON) throws -> (post: JSON, JSON) {
        let result = try owner.runAgent(agent, ["content_item_id": .string(piece.id)])
        let told = try #require(result["pieces"]?[0], "\(result)")
        let decision = try owner.get("/v1/decisions/\(told.text("decision_id"))").ok()
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        return (try #require(told["posts"]?[0], "\(told)"), decision)
    }

    @Test func `an account whose single pictures do best gets one, and one with few posts the default`() throws {
        for count in [29, 32] {
            let owner = try BureauProcess.shared.quietAgency().owner
            try owner.wakeSocialAgents("autopilot")
            let picture = try media(owner, [("a.jpg", SampleMedia.jpeg(1000, 1000))])
            _ = try account(owner, "instagram", count) { number in
                number % 2 == 0
                    ? (["format": "carousel", "media": .array(picture + picture)], 5)
                    : (["format": "post", "media": .array(picture)], 60)
            }
            let piece = try owner.approvedPiece(
                "Two gardens", "Both of them are open.", ["media": .array(picture + picture)])
            let (post, decision) = try planned(owner, "instagram_agent", piece)
            let isLearned = count >= 30
            #expect(post["format"] == (isLearned ? "post" : "carousel"), "\(count)")
            #expect(post["media"]?.array?.count == (isLearned ? 1 : 2))
            #expect(post["habits"]?["source"] == (isLearned ? "own_results" : "default"))
            #expect(post["habits"]?["sample"] == JSON(count))
            let factors = decision["factors"]?.array ?? []
            guard isLearned else {
                let few = factors.first { $0["name"] == "habits.instagram" }
                #expect(
                    few?.text("evidence")
                        == "The account has 29 measured posts, and under 30 they say nothing of what does well there."
                )
                continue
            }
            let told = factors.first { $0["name"] == "format.instagram" }
            #expect(told?["value"] == "post" && told?["contribution"] == 0.9276)
            #expect(
                told?.text("evidence")
                    == "Posts of the format post have brought 253 % of the account’s mean: 16 of 32 measured posts, drawn towards what is usual."
            )
        }
    }

    @Test func `on TikTok the patterns of the films that did best choose the film, its hook and its hashtags`()
        throws
    {
        let owner = try BureauProcess.shared.quietAgency().owner
        try owner.wakeSocialAgents("autopilot")
        let films = try media(
            owner,
            [
                ("long.mp4", SampleMedia.mp4(1080, 1920, seconds: 50)),
                ("short.mp4", SampleMedia.mp4(1080, 1920, seconds: 12)),
            ])
        _ = try account(owner, "tiktok", 32) { number in
            let isShort = number % 2 == 1
            return (
                [
                    "format": "video", "media": [films[isShort ? 1 : 0]],
                    "options": ["privacy_level": "SELF_ONLY"],
                    "text": .string(
                        isShort ? "How do you cut rose \(number)?" : "We show rose \(number). #Garden"),
                ], isShort ? 60 : 5
            )
        }
        let piece = try owner.approvedPiece(
            "Roses", "We cut them in March. Do you know why?", ["format": "video", "media": .array(films)])
        let (post, decision) = try planned(owner, "tiktok_agent", piece)
        #expect(post["media"] == [films[1]["file_id"] ?? .null])
        #expect(post.text("text").hasPrefix("Do you know why?"), "\(post)")
        let traits = post["habits"]?["traits"]?.array ?? []
        func value(_ trait: String) -> JSON? { traits.first { $0["trait"] == .string(trait) }?["value"] }
        #expect(value("film") == "15" && value("hook") == "question" && value("hashtags") == "none")
        let names = Set((decision["factors"]?.array ?? []).map { $0.text("name") })
        #expect(names.isSuperset(of: ["film.tiktok", "hook.tiktok", "hashtags.tiktok", "hour.tiktok"]))
    }
}
