import Nouns
import Records
import Social
import Tenancy
import Testing

@testable import Posts

/// Posts that follow what has done well at their account, network by network, in the piece's own words.
@Suite struct FollowedHabitsTests {
    /// Returns the lessons of 32 posts: those of the second kind have brought twelve times as much.
    private func habits(
        _ poor: (format: PostFormat, text: String), _ good: (format: PostFormat, text: String),
        count: Int = 32
    ) -> LearnedHabits {
        LearnedHabits(
            (0..<count).map { number in
                let kind = number % 2 == 0 ? poor : good
                return LearnedHabits.Sample(
                    account: "a", engagements: number % 2 == 0 ? 5 : 60,
                    traits: PostTraits(
                        kind.format, kind.text, hashtags: PostWords.hashtags(in: kind.text), seconds: nil))
            })
    }

    private func piece(_ title: String, _ body: String) throws -> SocialPiece {
        var piece = SocialPiece(try #require(ContentItemID("content_01j00000000000000000000000")))
        (piece.title, piece.body) = (title, body)
        return piece
    }

    private func post(
        _ piece: SocialPiece, _ network: SocialNetwork, _ habits: LearnedHabits
    ) -> PreparedPost {
        piece.prepared(for: network, NetworkSpecial(), usual: [:], following: habits)
    }

    private static let long = (1...20).map { "Sentence number \($0) says how roses are cut in March." }
        .joined(separator: " ")

    @Test func `on X one post with the link stands instead of a thread, where the piece stands elsewhere`()
        throws
    {
        let learned = habits((.thread, "News of the garden."), (.post, "News of the garden."))
        var piece = try piece("Roses", Self.long)
        #expect(post(piece, .x, learned).format == .thread, "what stands nowhere else is told whole")
        piece.link = "https://example.com/roses"
        #expect(post(piece, .x, LearnedHabits([])).format == .thread)
        let single = post(piece, .x, learned)
        #expect(single.format == .post && single.thread.isEmpty && single.text.contains("example.com/roses"))
        let few = habits((.thread, "News."), (.post, "News."), count: 28)
        #expect(post(piece, .x, few).format == .thread, "of 28 posts nothing is read")
    }

    @Test func `on Facebook a film stands instead of a reel`() throws {
        var piece = try piece("Roses", "We cut roses.")
        var film = MediaProbe()
        (film.type, film.width, film.height, film.seconds, film.size) = ("video/mp4", 720, 1280, 20, 900_000)
        let file = try #require(ID<StoredFile>("file_01j00000000000000000000000"))
        piece.media = [SocialPiece.Medium(file, altText: "Roses.", film)]
        #expect(post(piece, .facebook, LearnedHabits([])).format == .reel)
        #expect(post(piece, .facebook, habits((.reel, "News."), (.video, "News."))).format == .video)
        #expect(post(piece, .facebook, habits((.video, "News."), (.reel, "News."))).format == .reel)
    }

    @Test func `on LinkedIn a question of the piece comes first, in its own words`() throws {
        let piece = try piece("Roses", "Roses are cut in March. Do you know why? The frost is over then.")
        let plain = post(piece, .linkedin, LearnedHabits([])).text
        #expect(plain.hasPrefix("Roses"))
        let learned = habits((.post, "We cut roses."), (.post, "How do you cut roses?"))
        let asking = post(piece, .linkedin, learned).text
        #expect(asking.hasPrefix("Do you know why?"))
        #expect(asking.contains("Roses are cut in March. The frost is over then."))
        #expect(asking.ranges(of: "Do you know why?").count == 1)
    }

    @Test func `a piece that stands elsewhere is told in its first sentences where short posts do best`()
        throws
    {
        let learned = habits((.post, Self.long), (.post, "News of the garden."))
        var piece = try piece("Roses", Self.long)
        #expect(post(piece, .linkedin, learned).text.contains("Sentence number 20"))
        piece.link = "https://example.com/roses"
        let short = post(piece, .linkedin, learned)
        #expect(short.text.count <= PostTraits.lengths.short && short.text.contains("Sentence number 1 "))
    }

    @Test func `the reach of a hashtag counts as much as what it has brought, and decides between equals`()
        throws
    {
        func learned(_ kinds: [(tag: String, engagements: Int, reach: Int?)]) -> LearnedHabits {
            LearnedHabits(
                (0..<32).map { number in
                    let kind = kinds[number % 2]
                    return LearnedHabits.Sample(
                        account: "a", engagements: kind.engagements, reach: kind.reach,
                        traits: PostTraits(.post, "News.", hashtags: [kind.tag], seconds: nil))
                })
        }
        func lift(_ tag: String, _ habits: LearnedHabits) -> Double? { habits.habit(ofHashtag: tag)?.lift }
        let piece = try piece("News", "Rose care at the Acme garden.")
        func chosen(_ habits: LearnedHabits) -> [String] {
            HashtagChoice.fitting(piece, ["#RoseCare": 50, "#AcmeGarden": 50], besides: [], habits)
        }
        #expect(chosen(LearnedHabits([])) == ["#AcmeGarden", "#RoseCare"], "nothing speaks for one of them")
        // exp(16·d / (4 + 16)) with d = (ln 61 − ln 6) / 2, and half of it where both reach as many.
        #expect(lift("#AcmeGarden", learned([("rosecare", 5, nil), ("acmegarden", 60, nil)])) == 2.5285)
        let same = learned([("rosecare", 5, 900), ("acmegarden", 60, 900)])
        #expect(lift("#AcmeGarden", same) == 1.5901 && chosen(same) == ["#AcmeGarden"])
        let even = learned([("rosecare", 5, 60), ("acmegarden", 60, 5)])
        #expect(lift("#AcmeGarden", even) == 1 && lift("#RoseCare", even) == 1)
        #expect(chosen(even) == ["#RoseCare", "#AcmeGarden"], "the one that reaches more")
        #expect(LearnedHabits(json: even.json) == even && even.habit(ofHashtag: "#RoseCare")?.reach == 60)
    }

    @Test func `hashtags below the text are as few as do best`() throws {
        let learned = habits((.post, "News. #Roses #Garden #March #Cut"), (.post, "News of the garden."))
        let piece = try piece(
            "Roses", "Garden roses are cut in March. Garden roses like March. Roses and garden.")
        let tagged = post(piece, .linkedin, LearnedHabits([])).text
        #expect(tagged.contains("#"))
        #expect(!post(piece, .linkedin, learned).text.contains("#"))
    }
}
