package import Database
internal import JSON
package import Nouns
internal import Records
internal import Social
package import Telemetry

/// A post whose figures count, as far as something is learned from it.
struct LearnedPost: Hashable, Sendable {
    var measure = "", post = "", account = ""
    var network = SocialNetwork.x
    var format = PostFormat.post
    /// 1 is Monday; by the account's clock.
    var weekday = 1, hour = 0
    var publishedAt = Instant(seconds: 0)
    var length = 0, media = 0
    var hasFilm = false, hasLink = false, asks = false
    var hashtags: [String] = []
    var engagements = 0
    var impressions: Int?, reach: Int?

    /// Returns a figure as it is compared: as a logarithm, since figures of posts are spread over powers of ten.
    static func scale(_ value: Double) -> Double { (1 + max(0, value)).logarithm }
    static func unscaled(_ value: Double) -> Double { max(0, value.exponential - 1) }

    func value(of metric: ResultMetric) -> Double? {
        switch metric {
        case .engagements: Double(engagements)
        case .impressions: impressions.map { Double($0) }
        case .reach: reach.map { Double($0) }
        case .engagementRate:
            impressions.flatMap { $0 > 0 ? Double(engagements) / Double($0) : nil }
        }
    }
}

/// The figures that posts are compared by.
enum ResultMetric: String, Choice {
    case engagements, impressions, reach
    case engagementRate = "engagement_rate"
}

/// The lessons of posts whose figures count: `tx.postLearning`.
package struct PostLearningStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var postLearning: PostLearningStore<Self> { PostLearningStore(tx: self) }
}

extension PostLearningStore {
    /// The most posts from which anything is learned: the newest.
    static var learnedMax: Int { 5000 }

    /// Returns posts whose figures count, the newest first: of an account, of a network, or of a time.
    func learned(
        account: SocialAccountID? = nil, network: SocialNetwork? = nil, client: ClientID? = nil,
        from begin: Instant? = nil, before end: Instant? = nil, limit: Int = learnedMax
    ) throws -> [LearnedPost] {
        var sql: SQL = """
            SELECT \(LearnedPost.columns) FROM post_measures WHERE tenant_id = \(tx.tenant) AND counts = 1
            """
        if let account { sql += " AND account_id = \(account)" }
        if let network { sql += " AND network = \(network.rawValue)" }
        if let client { sql += " AND client_id = \(client)" }
        if let begin { sql += " AND published_at >= \(begin)" }
        if let end { sql += " AND published_at < \(end)" }
        sql += " ORDER BY published_at DESC, id DESC LIMIT \(limit)"
        return try tx.all(sql, LearnedPost.init)
    }
}

extension PostLearningStore {
    /// Returns how posts of pieces of content have done that were published since a moment, beside the mean of their
    /// accounts.
    package func pieces(since begin: Instant) throws -> [(item: ContentItemID, deviation: Double)] {
        let rows = try tx.all(
            """
            SELECT account_id, content_item_id, engagements FROM post_measures
            WHERE tenant_id = \(tx.tenant) AND counts = 1 AND published_at >= \(begin)
            ORDER BY published_at DESC, id DESC LIMIT \(Self.learnedMax)
            """
        ) { row in
            (
                account: SocialAccountID(row, 0), item: row.id(1, of: Nouns.ContentItem.self),
                value: LearnedPost.scale(Double(row.int(2)))
            )
        }
        let means = Dictionary(grouping: rows, by: \.account).mapValues { own in
            own.reduce(0) { $0 + $1.value } / Double(own.count)
        }
        return rows.compactMap { row in
            row.item.map { (item: $0, deviation: row.value - (means[row.account] ?? 0)) }
        }
    }
}

extension LearnedPost: StoredRow {
    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (measure, post, account) = (row.text("id"), row.text("post_id"), row.text("account_id"))
        network = SocialNetwork(rawValue: row.text("network")) ?? .x
        format = PostFormat(rawValue: row.text("format")) ?? .post
        (weekday, hour) = (row.int("weekday"), row.int("hour"))
        publishedAt = row.instant("published_at")
        (length, media) = (row.int("length"), row.int("media"))
        (hasFilm, hasLink, asks) = (row.bool("has_film"), row.bool("has_link"), row.bool("asks"))
        let tags = row.text("hashtags")
        // Most posts have none.
        hashtags = tags.count > 2 ? JSON(stored: tags).array?.compactMap(\.text) ?? [] : []
        engagements = row.int("engagements")
        (impressions, reach) = (row.optionalInt("impressions"), row.optionalInt("reach"))
    }
}
