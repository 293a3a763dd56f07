import JSON
import Nouns
import Records
import Social
import Telemetry
import TestRandomness
import Testing

@testable import Posts

/// Results learned from figures of posts agree with values that NumPy and SciPy have computed.
@Suite struct LearningTests {
    private static let rows: [[Double]] = [
        [1, 2], [2, 0], [3, 5], [4, 1], [5, 7], [6, 3], [7, 8], [8, 4],
    ]
    private static let values: [Double] = [1, 2.5, 2, 4.5, 4, 6.5, 6, 9]

    private func isNear(_ one: Double, _ other: Double, _ distance: Double = 1e-9) -> Bool {
        abs(one - other) <= distance
    }

    @Test func `weights and the errors of rows left out are those that NumPy computes`() {
        let fit = Ridge(Self.rows, Self.values, strength: 2)
        #expect(isNear(fit.value(of: [5, 2]), 5.1159128210079166))
        // Learned anew without each row, by numpy.linalg.solve.
        let left: [Double] = [
            -0.8533498012564098, -0.31736955412585965, -1.2305550546781365, 0.18912538330132556,
            -0.6377024618911955, 0.7904210815597414, -0.17307045059841908, 2.4622857142857146,
        ]
        #expect(zip(fit.residuals, left).allSatisfy { isNear($0, $1) })
        #expect(Ridge(Self.rows, Self.values).strength == 0.3, "the one whose errors are smallest")
    }

    @Test func `a feature that never changes weighs nothing, and none is a mean`() {
        let constant = Ridge(Self.rows.map { $0 + [7] }, Self.values, strength: 2)
        #expect(isNear(constant.value(of: [5, 2, 7]), 5.1159128210079166))
        #expect(isNear(constant.value(of: [5, 2, 99]), 5.1159128210079166))
        let none = Ridge(Array(repeating: [], count: 8), Self.values)
        #expect(isNear(none.value(of: []), 4.4375))
    }

    @Test func `the interval of a mean is Student's`() throws {
        // scipy.stats.t.ppf(0.975, n)
        for (freedom, quantile) in [(4, 2.7764451), (9, 2.2621572), (30, 2.0422725), (100, 1.9839715)] {
            #expect(isNear(Spread.quantile(freedom: freedom), quantile, 0.002))
        }
        #expect(Spread([1, 2, 3, 4]).interval == nil, "four numbers say nothing of their mean")
        let five = try #require(Spread([1, 2, 3, 4, 5]).interval)
        #expect(isNear(five.low, 3 - 1.9632, 0.003) && isNear(five.high, 3 + 1.9632, 0.003))
    }

    // MARK: Habits

    private func sample(
        _ account: String, _ format: PostFormat, _ engagements: Int, _ text: String = "News of the garden.",
        tags: [String] = [], seconds: Double? = nil
    ) -> LearnedHabits.Sample {
        LearnedHabits.Sample(
            account: account, engagements: engagements,
            traits: PostTraits(format, text, hashtags: tags, seconds: seconds))
    }

    private func lift(_ habits: LearnedHabits, _ trait: PostTrait, _ value: String) -> Double? {
        habits.habits.first { $0.trait == trait && $0.value == value }?.lift
    }

    @Test func `a text begins with a question, a figure or a statement, in whatever language`() {
        #expect(PostHook("Wie gießt man Rosen? So.") == .question && PostHook("Really？\nYes.") == .question)
        #expect(PostHook("7 ways to cut roses.") == .figure && PostHook("Roses! 7 of them") == .statement)
        #expect(PostHook("Roses are cut in March. Why?") == .statement && PostHook(" …!") == nil)
        let traits = PostTraits(.video, "Short.", hashtags: ["a", "b"], seconds: 15)
        #expect(traits.values == [
            .format: "video", .length: "short", .hook: "statement", .hashtags: "few", .film: "15",
        ])
    }

    @Test func `what did better is drawn towards what the network's other accounts have seen`() throws {
        let own = (0..<32).map { sample("a", $0 % 2 == 0 ? .carousel : .post, $0 % 2 == 0 ? 5 : 60) }
        #expect(LearnedHabits(Array(own.prefix(29))).habits.isEmpty)
        let alone = LearnedHabits(own)
        // exp(16·d / (4 + 16)) with d = (ln 61 − ln 6) / 2
        #expect(lift(alone, .format, "post") == 2.5285 && lift(alone, .format, "carousel") == 0.3955)
        #expect(lift(alone, .hook, "statement") == 1)
        let others = (0..<40).map { sample("b", $0 % 2 == 0 ? .carousel : .story, $0 % 2 == 0 ? 60 : 5) }
        let beside = LearnedHabits(own, others: others)
        // exp((4·20·d / (4 + 20) − 16·d) / (4 + 16))
        #expect(lift(beside, .format, "carousel") == 0.4798)
        #expect((lift(beside, .format, "story") ?? 1) < 1, "of which it has none: as the others have seen it")
        #expect(LearnedHabits(json: beside.json) == beside)
        var seen = own
        seen[1] = sample("a", .post, 1_000_000)
        #expect((lift(LearnedHabits(seen), .format, "post") ?? 9) < 3.2, "one that all have seen says little")
    }

    // MARK: Best times

    private func post(_ weekday: Int, _ hour: Int, _ engagements: Int, _ number: Int = 0) -> LearnedPost {
        var post = LearnedPost()
        (post.weekday, post.hour, post.engagements) = (weekday, hour, engagements)
        (post.measure, post.post, post.account) = ("m\(number)", "p\(number)", "a")
        post.publishedAt = Instant(seconds: Int64(number) * 86_400)
        return post
    }

    @Test func `hours are drawn to the usual ones, the more the fewer posts they have`() throws {
        let posts = (0..<16).flatMap { [post(2, 9, 10, $0 * 2), post(6, 20, 40, $0 * 2 + 1)] }
        #expect(BestTimes(of: .x, from: Array(posts.prefix(29))).isLearned == false)
        #expect(BestTimes(of: .x, from: Array(posts.prefix(29))).slots == BestTimes(of: .x).slots)
        let learned = BestTimes(of: .x, from: posts)
        #expect(learned.isLearned && learned.sample == 32)
        // (4·(ln 0.6 − c) + 16·d) / 20 beside (4·(0 − c)) / 4, with c = ln 0.6 / 2 and d = (ln 41 − ln 11) / 2.
        let slots = learned.slots
        #expect(slots[0] == BestTimes.Slot(weekday: 6, hour: 20, score: 1, posts: 16))
        #expect(slots[1] == BestTimes.Slot(weekday: 3, hour: 9, score: 0.8027, posts: 0))
        #expect(slots.contains(BestTimes.Slot(weekday: 3, hour: 13, score: 0.6422, posts: 0)))
        #expect(!slots.contains { $0.weekday == 2 && $0.hour == 9 }, "it has shown that it does badly")
        let one = LearnedTimes(posts + [post(1, 3, 5000, 99)], usual: BestTimes(of: .x).slots)
        #expect(one.slots.first?.weekday == 6, "a single post says little, however it did")
    }

    // MARK: Hashtags

    @Test func `hashtags are read as people write them, and lifts are drawn to 1`() throws {
        let words = "#Roses and #roses, a&#39;b, no#tag, #2027 #spring_2027 ＃花 #café!"
        #expect(PostWords.hashtags(in: words) == ["roses", "spring_2027", "花", "café"])
        var posts = (0..<28).flatMap { [post(2, 9, 10, $0 * 2), post(6, 20, 40, $0 * 2 + 1)] }
        for index in 0..<20 { posts[index * 2 + 1].hashtags = ["roses"] }
        posts[0].hashtags = ["once"]
        let found = HashtagFigures.all(posts, limit: 10)
        #expect(found.map(\.hashtag) == ["roses"], "one post says nothing")
        // exp(20·d / 25)
        let roses = try #require(found.first)
        #expect(isNear(roses.lift, 1.6926083095, 1e-6) && roses.posts == 20 && roses.engagements == 40)
        #expect(roses.reach == nil, "nobody has told it")
    }

    // MARK: Prediction

    /// Posts whose results are known to follow from what they are like:
    /// `ln(1 + y) = 3 + 0.8·carousel + 0.5·evening + 0.3·noise`.
    private func generated(_ count: Int, seed: UInt64, effect: Double = 1) -> [LearnedPost] {
        var random = SeededGenerator(seed)
        func noise() -> Double {
            (0..<12).reduce(-6.0) { sum, _ in sum + Double(random.next() >> 11) / Double(1 << 53) }
        }
        return (0..<count).map { number in
            var post = post(number % 7 + 1, [9, 18][number / 7 % 2], 0, number)
            post.network = .instagram
            post.format = random.next() % 2 == 0 ? .carousel : .post
            let value =
                3 + effect * ((post.format == .carousel ? 0.8 : 0) + (post.hour == 18 ? 0.5 : 0)) + 0.3
                * noise()
            post.engagements = Int(LearnedPost.unscaled(value).rounded())
            return post
        }
    }

    @Test func `what is foretold is what is true, within an interval that holds what it says`() throws {
        let model = ResultPrediction(of: .engagements, from: generated(400, seed: 7))
        #expect(model.isEnough && model.isLearned)
        let backtest = try #require(model.backtest)
        #expect(backtest.error < 0.75 * backtest.naiveError)
        #expect((0.7...0.9).contains(backtest.coverage))
        var carousel = post(3, 18, 0)
        (carousel.network, carousel.format) = (.instagram, .carousel)
        // exp(3 + 0.8 + 0.5) − 1
        let told = model.expected(of: carousel)
        #expect(isNear(told.value, 72.7, 8))
        // 1.2816 deviations of 0.3 to either side.
        #expect(isNear(LearnedPost.scale(told.high) - LearnedPost.scale(told.value), 0.384, 0.06))
        let fresh = generated(400, seed: 8)
        let hits = fresh.count { post in
            let told = model.expected(of: post)
            return (told.low...told.high).contains(Double(post.engagements))
        }
        #expect((280...360).contains(hits), "four of five, of posts that it has never seen")
        let effects = model.effects(on: carousel)
        #expect(effects.first?.name == "format")
        // Half of them are carousels: exp(0.4).
        #expect(isNear(effects.first?.factor ?? 0, 1.49, 0.1))
    }

    @Test func `where what posts are like says nothing, the mean is said`() throws {
        let model = ResultPrediction(of: .engagements, from: generated(120, seed: 3, effect: 0))
        let told = [post(1, 9, 0), post(6, 18, 0)].map { model.expected(of: $0).value }
        if model.isLearned {
            #expect(isNear(told[0], told[1], 3))
        } else {
            #expect(told[0] == told[1])
            #expect(model.json(for: post(1, 9, 0))["model"]?["name"] == "mean")
        }
        #expect(isNear(told[0], 19.1, 3))
    }

    @Test func `under fifty posts nothing is foretold, and the order of posts says nothing`() {
        let posts = generated(60, seed: 5)
        let few = ResultPrediction(of: .engagements, from: Array(posts.prefix(49))).json(for: posts[50])
        #expect(few["enough"] == false && few["reason"] == "not_enough_history" && few["value"] == .null)
        #expect(few["sample"] == 49)
        let one = ResultPrediction(of: .engagements, from: posts).json(for: posts[0])
        #expect(one == ResultPrediction(of: .engagements, from: posts.reversed()).json(for: posts[0]))
        #expect(one["enough"] == true)
        #expect(ResultPrediction(of: .reach, from: posts).sample == 0, "nobody has told it")
    }

    // MARK: The report

    @Test func `a report says what does better, rests on records and replays`() throws {
        let posts = generated(120, seed: 11)
        var surprise = post(3, 9, 2000, 500)
        (surprise.network, surprise.format) = (.instagram, .post)
        let report = PerformanceReport(posts + [surprise], judging: ["m500", "m0"])
        #expect(report.pieces.count == 2)
        #expect(report.pieces.first { $0.post.measure == "m500" }?.verdict == .better)
        let carousel = try #require(report.suggestions.first { $0.key == "carousel" })
        #expect(carousel.isMore && carousel.dimension == "format" && !carousel.records.isEmpty)
        #expect(report.suggestions.contains { $0.key == "post" && !$0.isMore })
        #expect(!report.suggestions.contains { $0.dimension == "network" }, "all of them stand there")
        let again = try #require(PerformanceReport(inputs: report.inputs))
        #expect(again.outcome == report.outcome)
        let few = PerformanceReport(Array(posts.prefix(5)), judging: ["m0"])
        #expect(few.pieces.first?.verdict == .unclear && few.suggestions.isEmpty)
    }

    @Test func `pieces that were sent are judged beside the others, few readers say nothing, and it replays`()
        throws
    {
        func piece(_ last: String, _ type: String?, _ sent: Int, _ answered: Int) throws -> SentPiece {
            let id = try #require(ContentItemID("content_0000000000000000000000000\(last)"))
            return SentPiece(id, type: type, sent: sent, answered: answered)
        }
        let (good, usual) = (try piece("1", "case_study", 60, 20), try piece("2", "educational", 60, 0))
        let few = try piece("3", nil, 19, 19)
        let report = SentReport([good, usual, few])
        #expect(report.judged.map(\.verdict) == [.asExpected, .worse, .unclear])
        // 19 of 79, 39 of 79
        #expect(isNear(report.judged[0].expected ?? 0, 0.2405, 1e-4))
        #expect(isNear(report.judged[1].expected ?? 0, 0.4937, 1e-4) && report.judged[2].expected == nil)
        // A third beside a quarter may be chance.
        #expect(report.suggestions.map(\.key) == ["educational"])
        #expect(SentReport([good]).judged[0].verdict == .unclear, "there are no others")
        #expect(SentReport([usual, try piece("4", "educational", 60, 0)]).suggestions.isEmpty)
        let whole = PerformanceReport([], judging: [], sent: report)
        let again = try #require(PerformanceReport(inputs: whole.inputs))
        #expect(again.outcome == whole.outcome && whole.outcome["messages"]?.array?.count == 3)
        #expect(PerformanceReport([], judging: []).outcome["messages"] == nil, "as it was decided before")
    }

    @Test func `groups are compared with how sure their means are`() throws {
        var posts = (0..<6).map { post(2, 9, 10 + $0, $0) } + (6..<9).map { post(2, 9, 100, $0) }
        for index in 6..<9 { posts[index].network = .linkedin }
        posts[0].impressions = 200
        let found = ResultComparison(posts, by: .network, metric: .engagements)
        #expect(found.groups.map(\.key) == ["linkedin", "x"])
        #expect(found.groups[0].spread.interval == nil, "three posts")
        #expect(found.groups[1].spread.mean == 12.5)
        let rate = ResultComparison(posts, by: .network, metric: .engagementRate)
        let x = try #require(rate.groups.first { $0.key == "x" })
        #expect(x.spread.count == 1 && x.unknown == 5 && isNear(x.spread.mean, 0.05))
    }

    @Test func `what fell is told, and what nobody knows is not nothing`() {
        var (old, new) = (PostFigures(), PostFigures())
        (old.likes, old.impressions, old.clicks) = (10, 100, 3)
        (new.likes, new.impressions) = (8, 120)
        #expect(new.fallen(since: old) == ["likes"])
        #expect(new.engagements == 8)
        #expect(PostFigures().engagements == nil && PostFigures().isEmpty)
    }
}
