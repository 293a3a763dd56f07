internal import Database
internal import Glibc
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// When readers of an account follow links: how often people have, by the hour of the week. Links that were given out
/// on its network count, of its client.
struct ReaderHours: Hashable, Sendable {
    /// The fewest clicks from which anything is read.
    static let sumMin = 30
    /// As many clicks as these are thought to have come at the usual hours.
    private static let weight = 50.0
    /// Clicks follow on posts, wherever these were: an hour is raised or lowered by no more than this.
    private static let liftMax = 2.0

    /// Of the 168 hours of the week, from Monday at midnight on.
    private(set) var clicks = [Int](repeating: 0, count: 168)

    var sum: Int { clicks.reduce(0, +) }
    var isEnough: Bool { sum >= Self.sumMin }

    init() {}

    /// `counts`: how often in each quarter of an hour since 1970. Whoever reads has the hours of `zone`, with its
    /// changes between summer and winter.
    init(_ counts: [(quarter: Int64, people: Int)], in zone: TimeZoneRules) {
        for (quarter, people) in counts where people > 0 {
            let local = zone.local(of: Instant(seconds: quarter * 900))
            clicks[(local.date.weekday - 1) * 24 + local.secondsOfDay / 3600] += people
        }
    }

    /// Returns the logarithms of how hours do, each raised by how much more often readers were there than usual:
    /// `(clicks / share + weight) / (sum + weight)`, where `share` is what the usual hours make expect.
    func weighing(_ prior: [Double]) -> [Double] {
        guard isEnough else { return prior }
        let whole = prior.reduce(0) { $0 + exp($1) }, sum = Double(sum)
        return zip(prior, clicks).map { value, count in
            let share = exp(value) / whole
            let lift = (Double(count) / share + Self.weight) / (sum + Self.weight)
            return value + log(min(max(lift, 1 / Self.liftMax), Self.liftMax))
        }
    }
}

extension SocialAccountStore {
    /// The time for which clicks say when readers are there: habits change.
    private static var readersAge: Duration { .seconds(180 * 86_400) }

    func readerHours(of account: SocialAccount) throws -> ReaderHours {
        let since = (tx.now - Self.readersAge).seconds / 900
        let counts = try tx.all(
            """
            SELECT c.quarter, sum(c.people) FROM tracked_links AS l
            JOIN link_clicks AS c ON c.tenant_id = l.tenant_id AND c.link_id = l.id AND c.quarter >= \(since)
            LEFT JOIN campaigns AS g ON g.tenant_id = l.tenant_id AND g.id = l.campaign_id
            WHERE l.tenant_id = \(tx.tenant) AND l.source = \(account.network.rawValue)
                AND coalesce(g.client_id, '') = coalesce(\(account.clientID), '')
            GROUP BY c.quarter
            """
        ) { (quarter: $0.int64(0), people: $0.int(1)) }
        return ReaderHours(counts, in: try account.zone(in: tx))
    }
}
