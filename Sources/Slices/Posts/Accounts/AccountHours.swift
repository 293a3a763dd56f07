internal import Database
package import Nouns
internal import Records
package import Social
package import Telemetry

/// The hours of the week at which an account says something: those of its queue, or else its best times.
package struct SocialAccountHours: Sendable {
    package let account: SocialAccountID
    package let network: SocialNetwork
    package let zone: String?
    /// 1 is Monday.
    package let hours: [(weekday: Int, minuteOfDay: Int, score: Double)]
    package let isQueue: Bool
}

extension PostStore {
    /// Returns the hours of a client's accounts, or of the agency's own.
    package func hours(of client: ClientID?) throws -> [SocialAccountHours] {
        try SocialAccount.resource.all(
            where: "coalesce(client_id, '') = coalesce(\(client), '') AND enabled = 1",
            suffix: "ORDER BY id LIMIT 100", in: tx
        ).map { account in
            let queue = account.queue.list.compactMap { slot in
                slot.secondsOfDay.map { (weekday: slot.weekday, minuteOfDay: $0 / 60, score: 1.0) }
            }
            let times = queue.isEmpty ? try bestTimes(of: account) : BestTimes(of: account.network)
            let best = times.slots.map {
                (weekday: $0.weekday, minuteOfDay: $0.hour * 60 + times.minute, score: $0.score)
            }
            return SocialAccountHours(
                account: account.id, network: account.network, zone: account.timeZone,
                hours: queue.isEmpty ? best : queue, isQueue: !queue.isEmpty)
        }
    }

    /// Returns when posts of a client, or of the agency itself, leave between two moments.
    package func times(
        of client: ClientID?, from begin: Instant, before end: Instant
    ) throws -> [Instant] {
        try tx.all(
            """
            SELECT scheduled_at FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND scheduled_at IS NOT NULL AND scheduled_at >= \(begin)
                AND scheduled_at < \(end) AND coalesce(client_id, '') = coalesce(\(client), '')
                AND status NOT IN ('draft', 'cancelled', 'failed')
            ORDER BY scheduled_at LIMIT 2000
            """
        ) { $0.instant(0) }
    }
}
