import Foundation
import JSON
import StandIns
import Testing

/// Agents of networks follow what the results of an account's own posts have shown, and say so with figures.
@Suite(.ownThread) struct LearnedHabits {
    /// An account with so many posts of the past, each as `kind` has it: what it shows, and how many have liked it.
    private func account(
        _ owner: Caller, _ network: String, _ count: Int, named name: String = "Acme",
        at moment: (Int) -> Date = { Date.now - Double(10 + $0) * 86_400 },
        _ kind: (Int) -> (post: JSONObject, likes: Int)
    ) throws -> JSON {
        let account = try owner.socialAccount(network, ["name": .string(name)])
        try tell(account, 0..<count, by: owner, at: moment, kind)
        return account
    }

    /// Has a person publish so many posts, and say how each has done.
    private func tell(
        _ account: JSON, _ numbers: Range<Int>, by owner: Caller,
        at moment: (Int) -> Date = { Date.now - Double(10 + $0) * 86_400 },
        _ kind: (Int) -> (post: JSONObject, likes: Int)
    ) throws {
        let posts = try numbers.map { number -> (number: Int, id: String, likes: Int) in
            let (more, likes) = kind(number)
            var post: JSONObject = [
                "account_id": .string(account.id), "text": .string("News of garden \(number)"),
            ]
            for (name, value) in more.members { post[name] = value }
            return (number, try owner.post("/v1/social-posts", .object(post)).ok(201).id, likes)
        }
        for post in posts { try owner.post("/v1/social-posts/\(post.id)/publish", [:]).ok(202) }
        for post in posts {
            try eventually("the post waits for a person") {
                try owner.get("/v1/social-posts/\(post.id)").ok()["status"] == "awaiting_person" ? true : nil
            }
            try owner.post(
                "/v1/social-posts/\(post.id)/done",
                [
                    "url": .string("https://example.com/p/\(post.number)"),
                    "published_at": .string(moment(post.number).iso),
                ]
            ).ok()
            try owner.post("/v1/social-posts/\(post.id)/metrics", ["likes": JSON(post.likes)]).ok(201)
        }
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

    @Test func `on Instagram the hashtags that did best come first, and one that did badly is left out`()
        throws
    {
        let owner = try BureauProcess.shared.quietAgency().owner
        try owner.wakeSocialAgents("autopilot")
        let picture = try media(owner, [("a.jpg", SampleMedia.jpeg(1000, 1000))])
        let kinds = [("#AcmeGarden #Spring", 60), ("#AcmeGarden #Tools", 20), ("#RoseCare", 5)]
        _ = try account(owner, "instagram", 36) { number in
            let (tags, likes) = kinds[number % 3]
            return (["text": .string("News \(number) \(tags)"), "media": .array(picture)], likes)
        }
        let piece = try owner.approvedPiece(
            "Open again", "The garden needs spring tools and rose care now.", ["media": .array(picture)])
        let (post, decision) = try planned(owner, "instagram_agent", piece)
        // Most posts have #AcmeGarden; those with #Spring have done better.
        #expect(post["hashtags"] == ["#Spring", "#AcmeGarden", "#Tools"])
        #expect(post.text("text").hasSuffix("#Spring #AcmeGarden #Tools"))
        let told = (decision["factors"]?.array ?? []).filter { $0["name"] == "hashtag.instagram" }
        #expect(told.map { $0["value"] } == ["spring", "acmegarden", "tools"])
        // 12·d / (4 + 12), and for both 24·d / (4 + 24)
        #expect(told.map { $0["contribution"] } == [0.8464, 0.5102, 0.0466])
        #expect(
            told.first?.text("evidence")
                == "Posts with the hashtag spring have brought 233 % of the account’s mean: 12 of 36 measured posts, drawn towards what is usual."
        )
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
        // Those that do better stand on Saturday evenings, the others on Tuesday mornings.
        let account = try account(owner, "tiktok", 32, at: PostBook.moment(of:)) { number in
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
        let times = try owner.get("/v1/social-accounts/\(account.id)/best-times").ok()
        #expect(times["source"] == "own_results" && times["sample"] == 32)
        #expect(times["slots"]?[0]["weekday"] == 6 && times["slots"]?[0]["hour"] == 20, "\(times)")
    }

    @Test func `on TikTok the pattern of another account's best films is taken up, where the own say little`()
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
        func film(_ place: Int, _ text: String) -> JSONObject {
            [
                "format": "video", "media": [films[place]], "options": ["privacy_level": "SELF_ONLY"],
                "text": .string(text),
            ]
        }
        // The account's own films are all alike, and have done alike.
        let own = try account(owner, "tiktok", 30, named: "Own") { (film(0, "We show rose \($0)."), 20) }
        _ = try account(owner, "tiktok", 32, named: "Other") { number in
            number % 2 == 1
                ? (film(1, "How do you cut rose \(number)?"), 60)
                : (film(0, "We cut rose \(number)."), 5)
        }
        let piece = try owner.approvedPiece(
            "Roses", "We cut them in March. Do you know why?", ["format": "video", "media": .array(films)])
        let (post, _) = try planned(owner, "tiktok_agent", piece)
        #expect(post["account_id"] == .string(own.id), "\(post)")
        #expect(post["media"] == [films[1]["file_id"] ?? .null])
        #expect(post.text("text").hasPrefix("Do you know why?"), "\(post)")
        let traits = post["habits"]?["traits"]?.array ?? []
        // exp(16·d / (4 + 16)) with d = (ln 61 − ln 6) / 2, of which the account has no post itself
        let short = traits.first { $0["trait"] == "film" }
        #expect(short == ["trait": "film", "value": "15", "lift": 2.5285, "posts": 0], "\(traits)")
    }

    // MARK: Network by network

    /// An account's posts, of which one half did poorly and the other well, and what its network's agent makes of a
    /// piece once it has seen that.
    private struct Lesson {
        let network: String, agent: String
        let poor: JSONObject, good: JSONObject
        /// The words of a piece about roses.
        let body: String
        var film: (width: Int, height: Int, seconds: Int)?
        /// The trait that is followed, and its value that does best.
        let trait: String, best: String
    }

    /// Expects that the agent makes a post as the results of 32 posts have it, and of 29 as it makes everybody's.
    private func expect(_ lesson: Lesson, _ follows: (JSON) -> Bool) throws {
        let owner = try BureauProcess.shared.quietAgency().owner
        try owner.wakeSocialAgents("autopilot")
        var films: JSON?
        if let film = lesson.film {
            let bytes = SampleMedia.mp4(film.width, film.height, seconds: film.seconds)
            films = .array(try media(owner, [("a.mp4", bytes)]))
        }
        /// Every other post did well. One is told apart from the others by its number.
        func kind(_ number: Int) -> (post: JSONObject, likes: Int) {
            var post = number % 2 == 0 ? lesson.poor : lesson.good
            let words = post["text"]?.text ?? "News of the garden."
            post["text"] = .string("\(words) \(number)")
            if let films { post["media"] = films }
            return (post, number % 2 == 0 ? 5 : 60)
        }
        func plan(_ title: String, _ body: String) throws -> (post: JSON, JSON) {
            var more: JSONObject = [:]
            if let films { more = ["format": "video", "media": films] }
            return try planned(owner, lesson.agent, owner.approvedPiece(title, body, more))
        }
        let account = try account(owner, lesson.network, 29, kind)
        let other = lesson.body.replacing("Roses", with: "Tulips").replacing("roses", with: "tulips")
        let (before, _) = try plan("Tulips", other)
        #expect(!follows(before) && before["habits"]?["source"] == "default", "\(before)")
        try tell(account, 29..<32, by: owner, kind)
        let (after, decision) = try plan("Roses", lesson.body)
        #expect(follows(after) && after["habits"]?["source"] == "own_results", "\(after)")
        #expect(after["habits"]?["sample"] == 32)
        let factors = decision["factors"]?.array ?? []
        let told = factors.first { $0["name"] == .string("\(lesson.trait).\(lesson.network)") }
        #expect(told?["value"] == .string(lesson.best) && told?["contribution"] == 0.9276, "\(factors)")
    }

    @Test func `LinkedIn's agent asks first, once posts that ask have done better at its account`() throws {
        let lesson = Lesson(
            network: "linkedin", agent: "linkedin_agent", poor: ["text": "We cut roses."],
            good: ["text": "How do you cut roses?"],
            body: "Roses are cut in March. Do you know why? The frost is over then.", trait: "hook",
            best: "question")
        try expect(lesson) { $0.text("text").hasPrefix("Do you know why?") }
    }

    @Test func `X's agent begins a thread with its question, once posts that ask have done better there`()
        throws
    {
        let needs = (1...6).map { "Sentence number \($0) tells what they need in week \($0) of the spring." }
        let lesson = Lesson(
            network: "x", agent: "twitter_agent", poor: ["text": "We cut roses."],
            good: ["text": "How do you cut roses?"],
            body: "Roses are cut in March. Do you know why? " + needs.joined(separator: " "), trait: "hook",
            best: "question")
        try expect(lesson) { post in
            #expect(post["format"] == "thread" && (post["thread"]?.array?.count ?? 0) >= 1, "\(post)")
            return post.text("text").hasPrefix("Do you know why?")
        }
    }

    @Test func `Facebook's agent makes a film of a reel, once films have done better at its account`() throws
    {
        let lesson = Lesson(
            network: "facebook", agent: "facebook_agent", poor: ["format": "reel"],
            good: ["format": "video"], body: "We cut roses in March.", film: (1080, 1920, 20),
            trait: "format", best: "video")
        try expect(lesson) { $0["format"] == "video" }
    }

    @Test func `YouTube's agent leaves hashtags out, once films without have done better at its channel`()
        throws
    {
        let lesson = Lesson(
            network: "youtube", agent: "youtube_agent",
            poor: ["format": "video", "text": "News. #Roses #Garden #March #Cut"],
            good: ["format": "video", "text": "News of the garden."],
            body: "Garden roses are cut in March. Garden roses like March. Roses and garden.",
            film: (1920, 1080, 300), trait: "hashtags", best: "none")
        try expect(lesson) { !$0.text("text").contains("#") }
    }
}
