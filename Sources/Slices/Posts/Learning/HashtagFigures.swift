internal import JSON

/// The results of posts with a hashtag beside the others of their accounts.
struct HashtagFigures: Hashable, Sendable {
    let hashtag: String
    let posts: Int
    let engagements: Double
    let reach: Double?
    /// By how much it multiplies what a post gets: drawn towards 1, the more the fewer posts have it.
    let lift: Double
    /// The measures that it is made of, the newest first.
    let records: [String]

    /// Posts that do as well as their account's mean, as many as each hashtag is thought to have besides.
    static let weight = 5.0
    static let postsMin = 2
    private static let recordsMax = 20

    static func all(_ posts: [LearnedPost], limit: Int) -> [HashtagFigures] {
        let means = Dictionary(grouping: posts, by: \.account).mapValues { own in
            own.reduce(0) { $0 + LearnedPost.scale(Double($1.engagements)) } / Double(own.count)
        }
        var tagged: [String: [LearnedPost]] = [:]
        for post in posts { for tag in post.hashtags { tagged[tag, default: []].append(post) } }
        return tagged.filter { $0.value.count >= postsMin }.map { tag, own in
            let sum = own.reduce(0) {
                $0 + LearnedPost.scale(Double($1.engagements)) - (means[$1.account] ?? 0)
            }
            let reached = own.compactMap(\.reach)
            return HashtagFigures(
                hashtag: tag, posts: own.count,
                engagements: own.reduce(0) { $0 + Double($1.engagements) } / Double(own.count),
                reach: reached.isEmpty ? nil : Double(reached.reduce(0, +)) / Double(reached.count),
                lift: (sum / (weight + Double(own.count))).exponential,
                records: own.prefix(recordsMax).map(\.measure))
        }.sorted { (-$0.lift, -$0.posts, $0.hashtag) < (-$1.lift, -$1.posts, $1.hashtag) }
            .prefix(limit).map(\.self)
    }

    var json: JSON {
        [
            "hashtag": .string(hashtag), "posts": JSON(posts),
            "engagements": .number(engagements.rounded4),
            "reach": reach.map { .number($0.rounded4) } ?? .null,
            "lift": .number(lift.rounded4), "records": JSON(records),
        ]
    }
}
