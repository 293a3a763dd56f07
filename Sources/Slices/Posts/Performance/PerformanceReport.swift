internal import Agents
internal import JSON
internal import Records
internal import Social
internal import Telemetry

/// The results of pieces beside what was to be expected of them, and what those that did well have in common.
struct PerformanceReport: Sendable {
    enum Verdict: String, Choice {
        case better
        case asExpected = "as_expected"
        case worse
        /// Too few others are known.
        case unclear
    }

    struct Piece: Sendable {
        let post: LearnedPost
        let expected: Double?
        let verdict: Verdict
    }

    /// A trait of posts, or of pieces that were sent, that do better, or worse, than chance makes them.
    struct Suggestion: Sendable {
        let dimension: String, key: String
        let pieces: Int
        /// By how much it multiplies what they get, drawn towards 1.
        let lift: Double
        let records: [String]
        /// The kind of these records.
        var noun = PostMeasure.noun

        var isMore: Bool { lift > 1 }
        var isOfPosts: Bool { noun == PostMeasure.noun }
        /// The distance from making no difference.
        var strength: Double { abs(lift.logarithm) }
    }

    static let agent = "content_performance", version = "1"
    /// Fewer posts say nothing about one more, and fewer of a kind nothing about the kind.
    private static let historyMin = 10, groupMin = 5
    private static let weight = 5.0, suggestionsMax = 12, recordsMax = 20

    let posts: [LearnedPost]
    /// The measures that are judged now.
    let judged: Set<String>
    let pieces: [Piece]
    let suggestions: [Suggestion]
    /// The pieces that were sent; `nil`: nobody has looked at them.
    let sent: SentReport?

    init(_ posts: [LearnedPost], judging judged: Set<String>, sent: SentReport? = nil) {
        (self.posts, self.judged, self.sent) = (posts, judged, sent)
        let distances = Self.distances(posts)
        let reach = Self.quantile(distances.map(\.residual))
        pieces = zip(posts, distances).filter { judged.contains($0.0.measure) }.map { post, distance in
            guard posts.count >= Self.historyMin else {
                return Piece(post: post, expected: nil, verdict: .unclear)
            }
            let verdict: Verdict =
                distance.residual > reach ? .better : distance.residual < -reach ? .worse : .asExpected
            return Piece(
                post: post, expected: LearnedPost.unscaled(distance.expected), verdict: verdict)
        }
        suggestions =
            (posts.count < Self.historyMin ? [] : Self.suggestions(posts)) + (sent?.suggestions ?? [])
    }

    private typealias Distance = (expected: Double, residual: Double)

    /// Tells what the others foretell of each, and how far it lies from that: by what posts are like, where that
    /// foretells, or else by the mean of the account's others.
    private static func distances(_ posts: [LearnedPost]) -> [Distance] {
        let values = posts.map { LearnedPost.scale(Double($0.engagements)) }
        if ResultPrediction(of: .engagements, from: posts).isLearned {
            let columns = FeatureColumns(posts), fit = Ridge(posts.map(columns.row(of:)), values)
            return zip(values, fit.residuals).map { ($0 - $1, $1) }
        }
        var sums: [String: (sum: Double, count: Int)] = [:]
        for (post, value) in zip(posts, values) {
            sums[post.account, default: (0, 0)].sum += value
            sums[post.account, default: (0, 0)].count += 1
        }
        let all = values.reduce(0, +)
        return zip(posts, values).map { post, value in
            let own = sums[post.account] ?? (value, 1)
            // An account with a single post is judged by those of the others.
            let others =
                own.count > 1
                ? (own.sum - value) / Double(own.count - 1)
                : posts.count > 1 ? (all - value) / Double(posts.count - 1) : value
            return (others, value - others)
        }
    }

    /// The distance within which four of five lie.
    private static func quantile(_ residuals: [Double]) -> Double {
        let sorted = residuals.map(abs).sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, (sorted.count * 4 + 4) / 5 - 1)]
    }

    private static func suggestions(_ posts: [LearnedPost]) -> [Suggestion] {
        let means = Dictionary(grouping: posts, by: \.account).mapValues { own in
            own.reduce(0) { $0 + LearnedPost.scale(Double($1.engagements)) } / Double(own.count)
        }
        var groups: [Trait: [(deviation: Double, measure: String)]] = [:]
        for post in posts {
            let deviation = LearnedPost.scale(Double(post.engagements)) - (means[post.account] ?? 0)
            for trait in Trait.all(of: post) {
                groups[trait, default: []].append((deviation, post.measure))
            }
        }
        return groups.compactMap { trait, own -> Suggestion? in
            // A trait that all posts share tells nothing.
            guard own.count >= groupMin, own.count < posts.count else { return nil }
            let spread = Spread(own.map(\.deviation))
            guard let (low, high) = spread.interval, low > 0 || high < 0 else { return nil }
            let sum = own.reduce(0) { $0 + $1.deviation }
            return Suggestion(
                dimension: trait.dimension, key: trait.key, pieces: own.count,
                lift: (sum / (weight + Double(own.count))).exponential,
                records: own.prefix(recordsMax).map(\.measure))
        }.sorted {
            ($1.strength, $0.dimension, $0.key) < ($0.strength, $1.dimension, $1.key)
        }.prefix(suggestionsMax).map(\.self)
    }
}

/// Something that posts have in common.
private struct Trait: Hashable {
    let dimension: String, key: String

    static func all(of post: LearnedPost) -> [Trait] {
        var traits = [
            Trait(dimension: "network", key: post.network.rawValue),
            Trait(dimension: "format", key: post.format.rawValue),
            Trait(dimension: "weekday", key: "\(post.weekday)"),
            Trait(dimension: "hour", key: "\(post.hour)"),
            Trait(dimension: "link", key: post.hasLink ? "with" : "without"),
            Trait(dimension: "question", key: post.asks ? "with" : "without"),
            Trait(
                dimension: "length", key: post.length < 100 ? "short" : post.length < 500 ? "medium" : "long"),
        ]
        traits += post.hashtags.map { Trait(dimension: "theme", key: $0) }
        return traits
    }
}

// MARK: The decision

extension PerformanceReport {
    var outcome: JSON {
        var outcome: JSONObject = [
            "pieces": .array(
                pieces.map { piece in
                    [
                        "post_id": .string(piece.post.post), "measure_id": .string(piece.post.measure),
                        "engagements": JSON(piece.post.engagements),
                        "expected": piece.expected.map { .number($0.rounded4) } ?? .null,
                        "verdict": .string(piece.verdict.rawValue),
                    ]
                }),
            "suggestions": .array(
                suggestions.map { one in
                    [
                        "action": one.isMore ? "more" : "less", "dimension": .string(one.dimension),
                        "key": .string(one.key), (one.isOfPosts ? "posts" : "messages"): JSON(one.pieces),
                        "lift": .number(one.lift.rounded4),
                    ]
                }),
        ]
        if let sent { outcome["messages"] = sent.outcome }
        return .object(outcome)
    }

    var inputs: JSON {
        var inputs: JSONObject = ["posts": .array(posts.map(\.stored)), "judged": JSON(judged.sorted())]
        if let sent { inputs["sent"] = sent.inputs }
        return .object(inputs)
    }

    init?(inputs: JSON) {
        guard let posts = inputs["posts"]?.array?.compactMap(LearnedPost.init(stored:)) else { return nil }
        self.init(
            posts, judging: Set((inputs["judged"]?.array ?? []).compactMap(\.text)),
            sent: SentReport(inputs: inputs["sent"]))
    }

    var conclusion: Conclusion {
        let found = suggestions.map { one -> JSON in
            [
                "name": .string("\(one.dimension).\(one.key)"), "value": .number(one.lift.rounded4),
                "weight": JSON(one.pieces),
                "contribution": .number(one.lift.logarithm.rounded4),
                "evidence": .array(
                    one.records.map { ["type": .string(one.noun), "id": .string($0)] }),
            ]
        }
        let verdicts = pieces.map(\.verdict) + (sent?.judged.map(\.verdict) ?? [])
        let sure = verdicts.count { $0 != .unclear }
        return Conclusion(
            outcome: outcome,
            confidence: verdicts.isEmpty ? 0 : Double(sure) / Double(verdicts.count), factors: .array(found),
            model: ["name": "beside_expectation", "version": .string(Self.version)], inputs: inputs)
    }
}

extension LearnedPost {
    /// The post as a decision keeps it.
    fileprivate var stored: JSON {
        [
            .string(measure), .string(post), .string(account), .string(network.rawValue),
            .string(format.rawValue), JSON(weekday), JSON(hour), .integer(publishedAt.microseconds),
            JSON(length), JSON(media), .bool(hasFilm), .bool(hasLink), .bool(asks), JSON(hashtags),
            JSON(engagements), JSON(impressions), JSON(reach),
        ]
    }

    fileprivate init?(stored: JSON) {
        guard let cells = stored.array, cells.count == 17,
            let network = cells[3].text.flatMap(SocialNetwork.init(rawValue:)),
            let format = cells[4].text.flatMap(PostFormat.init(rawValue:))
        else { return nil }
        func number(_ index: Int) -> Int { Int(cells[index].int ?? 0) }
        self.init()
        (measure, post, account) = (cells[0].text ?? "", cells[1].text ?? "", cells[2].text ?? "")
        (self.network, self.format, weekday, hour) = (network, format, number(5), number(6))
        publishedAt = Instant(microseconds: cells[7].int ?? 0)
        (length, media) = (number(8), number(9))
        (hasFilm, hasLink, asks) = (cells[10] == true, cells[11] == true, cells[12] == true)
        hashtags = (cells[13].array ?? []).compactMap(\.text)
        engagements = number(14)
        impressions = cells[15].int.map { Int($0) }
        reach = cells[16].int.map { Int($0) }
    }
}
