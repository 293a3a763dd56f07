internal import Glibc
internal import JSON
internal import Records
internal import Social

/// The results of a post as the agency's own history foretells them, how sure that is, and how well it would have been
/// foretold before.
struct ResultPrediction: Sendable {
    /// The fewest posts from which anything is foretold.
    static let sampleMin = 50
    static let level = 0.8
    private static let folds = 4

    struct Backtest: Sendable {
        /// The mean distance of what was foretold, and of the mean of all before, from what came.
        let error: Double, naiveError: Double
        /// The share of posts within their interval.
        let coverage: Double
        let count: Int
    }

    let metric: ResultMetric
    let sample: Int
    private let fit: Ridge?
    private let middle: Double
    /// The distance within which the given share of posts lies from what is foretold of them.
    private let reach: Double
    let backtest: Backtest?
    private let columns: FeatureColumns

    /// Whether what posts are like foretells more than the mean of all; else the mean is said.
    var isLearned: Bool { backtest.map { $0.error < $0.naiveError } ?? false }
    var isEnough: Bool { sample >= Self.sampleMin }

    /// Learns from posts, whatever their order.
    init(of metric: ResultMetric, from posts: [LearnedPost]) {
        let known = posts.compactMap { post in post.value(of: metric).map { (post: post, value: $0) } }
            .sorted { ($0.post.publishedAt, $0.post.measure) < ($1.post.publishedAt, $1.post.measure) }
        (self.metric, sample) = (metric, known.count)
        guard known.count >= Self.sampleMin else {
            (fit, backtest, middle, reach) = (nil, nil, 0, 0)
            columns = FeatureColumns([])
            return
        }
        let columns = FeatureColumns(known.map(\.post))
        let rows = known.map { columns.row(of: $0.post) }, values = known.map { LearnedPost.scale($0.value) }
        let backtest = Self.backtest(rows, values)
        (self.columns, self.backtest) = (columns, backtest)
        middle = values.reduce(0, +) / Double(values.count)
        let isLearned = backtest.error < backtest.naiveError
        let fit = isLearned ? Ridge(rows, values) : nil
        self.fit = fit
        let middle = middle
        reach = Self.quantile(of: fit?.residuals ?? values.map { $0 - middle })
    }

    /// The distance within which the share of all lies that `level` says, and one more (conformal prediction).
    private static func quantile(of residuals: [Double]) -> Double {
        let sorted = residuals.map(abs).sorted()
        let place = Int((Double(sorted.count + 1) * level).rounded(.up)) - 1
        return sorted.isEmpty ? 0 : sorted[min(max(place, 0), sorted.count - 1)]
    }

    /// Foretells each later part of the history from what came before it.
    private static func backtest(_ rows: [[Double]], _ values: [Double]) -> Backtest {
        let start = rows.count / 2
        var (error, naive, hits, count) = (0.0, 0.0, 0, 0)
        // The strength with which weights are held is chosen by the first half alone.
        let strength = Ridge(Array(rows[..<start]), Array(values[..<start])).strength
        for fold in 0..<folds {
            let begin = start + (rows.count - start) * fold / folds
            let end = start + (rows.count - start) * (fold + 1) / folds
            guard begin < end else { continue }
            let fit = Ridge(Array(rows[..<begin]), Array(values[..<begin]), strength: strength)
            let reach = quantile(of: fit.residuals)
            let mean = values[..<begin].reduce(0, +) / Double(begin)
            for index in begin..<end {
                let (told, came) = (fit.value(of: rows[index]), values[index])
                error += abs(LearnedPost.unscaled(told) - LearnedPost.unscaled(came))
                naive += abs(LearnedPost.unscaled(mean) - LearnedPost.unscaled(came))
                if abs(told - came) <= reach { hits += 1 }
                count += 1
            }
        }
        let all = Double(max(count, 1))
        return Backtest(
            error: error / all, naiveError: naive / all, coverage: Double(hits) / all, count: count)
    }

    /// Tells what is to be expected of a post, and between what.
    func expected(of post: LearnedPost) -> (value: Double, low: Double, high: Double) {
        let told = fit?.value(of: columns.row(of: post)) ?? middle
        return (
            LearnedPost.unscaled(told), LearnedPost.unscaled(told - reach), LearnedPost.unscaled(told + reach)
        )
    }

    /// Tells by how much what the post is like multiplies what the mean of all gets, the strongest first.
    func effects(on post: LearnedPost) -> [(name: String, factor: Double)] {
        guard let fit else { return [] }
        var sums: [String: Double] = [:]
        for (name, part) in zip(columns.names, fit.parts(of: columns.row(of: post))) {
            sums[name, default: 0] += part
        }
        return sums.map { (name: $0.key, factor: exp($0.value)) }.sorted {
            (-abs(log($0.factor)), $0.name) < (-abs(log($1.factor)), $1.name)
        }
    }

    func json(for post: LearnedPost) -> JSON {
        var object: JSONObject = [
            "enough": .bool(isEnough), "reason": isEnough ? .null : "not_enough_history",
            "sample": JSON(sample), "metric": .string(metric.rawValue), "level": .number(Self.level),
        ]
        guard isEnough, let backtest else {
            for name in ["value", "low", "high", "backtest", "model"] { object[name] = .null }
            object["factors"] = []
            return .object(object)
        }
        let (value, low, high) = expected(of: post)
        object["value"] = .number(value.rounded4)
        object["low"] = .number(low.rounded4)
        object["high"] = .number(high.rounded4)
        object["model"] = ["name": isLearned ? "ridge_regression" : "mean"]
        object["backtest"] = [
            "posts": JSON(backtest.count), "mae": .number(backtest.error.rounded4),
            "naive_mae": .number(backtest.naiveError.rounded4),
            "coverage": .number(backtest.coverage.rounded4),
        ]
        object["factors"] = .array(
            effects(on: post).filter { abs($0.factor - 1) >= 0.005 }.prefix(8).map {
                ["name": .string($0.name), "factor": .number($0.factor.rounded4)]
            })
        return .object(object)
    }
}

/// The features of posts as columns: those of their history, so that what never came weighs nothing.
struct FeatureColumns: Sendable {
    /// The thing that each column belongs to, as answers name it.
    let names: [String]
    private let networks: [SocialNetwork], formats: [PostFormat], accounts: [String]

    /// Accounts with fewer posts are known by their network alone.
    private static let accountMin = 10, accountsMax = 20

    init(_ posts: [LearnedPost]) {
        networks = Array(
            SocialNetwork.allCases.filter { network in posts.contains { $0.network == network } })
        formats = Array(PostFormat.allCases.filter { format in posts.contains { $0.format == format } })
        let counts = Dictionary(grouping: posts, by: \.account).mapValues(\.count)
        accounts = counts.filter { $0.value >= Self.accountMin }.sorted {
            (-$0.value, $0.key) < (-$1.value, $1.key)
        }.prefix(Self.accountsMax).map(\.key)
        names =
            networks.map { _ in "network" } + formats.map { _ in "format" } + accounts.map { _ in "account" }
            + (1...7).map { _ in "weekday" } + Array(repeating: "hour", count: 4)
            + ["length", "hashtags", "link", "media", "film", "question"]
    }

    func row(of post: LearnedPost) -> [Double] {
        func flag(_ isSet: Bool) -> Double { isSet ? 1 : 0 }
        // Hours are a circle: 23 is beside 0.
        let angle = Double(post.hour) / 24 * 2 * .pi
        return networks.map { flag($0 == post.network) } + formats.map { flag($0 == post.format) }
            + accounts.map { flag($0 == post.account) } + (1...7).map { flag($0 == post.weekday) }
            + [sin(angle), cos(angle), sin(2 * angle), cos(2 * angle)]
            + [
                log(1 + Double(post.length)), Double(min(post.hashtags.count, 15)), flag(post.hasLink),
                Double(min(post.media, 10)), flag(post.hasFilm), flag(post.asks),
            ]
    }
}
