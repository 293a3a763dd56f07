internal import Agents
internal import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Social
package import Telemetry

/// A subject that people speak of on a network, as an account was told it: one row of `network_trends`. It is over
/// after some hours without being told again.
package struct NetworkTrend: ManagedRecord {
    package var head = Head<NetworkTrend>()
    package var accountID = SocialAccountID.unset
    package var network = SocialNetwork.x
    package var place = 1
    package var name = ""
    /// The name in small letters, by which it is the same.
    package var key = ""
    package var count: Int?
    package var rank = 1
    package var seenAt = Instant(seconds: 0)
    package var expiresAt = Instant(seconds: 0)
    package var draftID: ContentItemID?
    package var draftedAt: Instant?

    package init() {}

    /// The time for which a trend is one after it was last told.
    static let lasting: Duration = .seconds(6 * 3600)
    /// The pause between two questions to a network, and the time for which it is let alone where it refuses.
    static let pause: Duration = .seconds(2 * 3600), rest: Duration = .seconds(6 * 3600)
    /// The time for which it is known that something was one.
    static let kept: Duration = .seconds(30 * 86_400)

    package static let idPrefix = "trend", noun = "network_trend"
    package static let resource = Resource<NetworkTrend>(
        "network_trends", named: "NetworkTrend",
        console: ConsoleForm(
            columns: ["name", "posts", "seen_at", "draft_id"], filters: ["account_id", "place"]),
        [
            .id("account_id", \.accountID, .readOnly, .filterable, .about("The account that was told it.")),
            .choice("network", \.network, .readOnly, .about("The network on which people speak of it.")),
            .integer(
                "place", \.place, in: 1...2_000_000_000, .readOnly, .filterable,
                .about("Where they do, by its WOEID; 1 is the world.")),
            .text("name", \.name, max: 200, .readOnly, .searchable, .about("The subject of the trend.")),
            .text("name_key", \.key, max: 400, .secret),
            .integer(
                "posts", \.count, in: 0...1_000_000_000_000, .readOnly,
                .about("How many posts are of it; null: the network does not say.")),
            .integer(
                "rank", \.rank, in: 1...1000, .readOnly, .about("Its place among the trends; 1 is the first.")
            ),
            .instant(
                "seen_at", \.seenAt, .readOnly, .filterable, .sortable, .about("When it was last told.")),
            .instant(
                "expires_at", \.expiresAt, .readOnly,
                .about("When it is over, unless it is told again before.")),
            .id("draft_id", \.draftID, .readOnly, .about("The piece that was drafted about it.")),
            .instant("drafted_at", \.draftedAt, .readOnly, .about("When that was.")),
        ])
}

/// Subjects that people speak of on networks: `tx.networkTrends`.
struct NetworkTrendStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var networkTrends: NetworkTrendStore<Self> { NetworkTrendStore(tx: self) }
}

extension NetworkTrendStore {
    /// Returns what people speak of now and nothing was drafted about, the strongest first. What was drafted about
    /// under the same name within a month is no news.
    func open(limit: Int) throws -> [NetworkTrend] {
        try NetworkTrend.resource.all(
            where: """
                expires_at > \(tx.now) AND drafted_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM network_trends AS other
                    WHERE other.tenant_id = network_trends.tenant_id AND other.name_key = network_trends.name_key
                        AND other.drafted_at IS NOT NULL AND other.drafted_at > \(tx.now - NetworkTrend.kept))
                """, suffix: "ORDER BY rank, id LIMIT \(limit)", in: tx)
    }

    func drafted(since moment: Instant) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT count(*) FROM network_trends
                WHERE tenant_id = \(tx.tenant) AND drafted_at IS NOT NULL AND drafted_at >= \(moment)
                """) ?? 0)
    }
}

extension NetworkTrendStore where Base == Transaction {
    /// Keeps what a network has told of a place, and when.
    func keep(_ told: [ToldTrend], of account: SocialAccount, at place: Int) throws {
        let known = Dictionary(
            try NetworkTrend.resource.all(
                where:
                    "account_id = \(account.id) AND place = \(place) AND name_key IN \(list: told.map(\.key))",
                in: tx
            ).map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
        for (index, trend) in told.enumerated() {
            let old = known[trend.key]
            var new = old ?? NetworkTrend.new(id: tx.nextID(), now: tx.now)
            (new.accountID, new.network, new.place) = (account.id, account.network, place)
            (new.name, new.key, new.count, new.rank) = (trend.name, trend.key, trend.count, index + 1)
            (new.seenAt, new.expiresAt) = (tx.now, tx.now + NetworkTrend.lasting)
            if let old {
                new.version = old.version + 1
                new.updatedAt = tx.now
                try NetworkTrend.resource.update(old, to: new, in: tx)
            } else {
                try NetworkTrend.resource.insert(&new, in: tx)
            }
        }
        try tx.run(
            """
            DELETE FROM network_trends WHERE tenant_id = \(tx.tenant) AND account_id = \(account.id)
                AND seen_at < \(tx.now - NetworkTrend.kept)
            """)
        guard !told.isEmpty else { return }
        try tx.publish(
            "network_trends.read", account.subject, ["place": JSON(place), "trends": JSON(told.count)])
    }

    func drafted(_ item: ContentItemID, about trend: ID<NetworkTrend>) throws {
        try tx.run(
            """
            UPDATE network_trends SET draft_id = \(item), drafted_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(trend)
            """)
    }

    /// Has the trends of an account's place read, now or at a later moment.
    func wake(of account: SocialAccountID, at moment: Instant? = nil) throws {
        if moment == nil, let job = try tx.jobs.live(ReadTrendsJob.self, uniqueKey: account) {
            try tx.jobs.hasten(job)
        }
        try tx.jobs.enqueue(
            ReadTrendsJob.self, .init(account: account),
            JobOptions(
                runAt: moment, uniqueKey: account, uniqueness: .untilStarted, subject: Subject(account),
                limitKey: account))
    }
}

extension ToldTrend {
    fileprivate var key: String { name.lowercased() }
}
