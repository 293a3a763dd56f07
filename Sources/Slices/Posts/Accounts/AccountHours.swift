internal import Database
package import Nouns
internal import Records
package import Social
internal import Telemetry

/// The hours of the week at which an account says something: those of its queue, or else its best times.
package struct SocialAccountHours: Sendable {
    package let account: SocialAccountID
    package let network: SocialNetwork
    package let zone: String?
    /// 1 is Monday.
    package let hours: [(weekday: Int, minuteOfDay: Int, score: Double)]
    package let isQueue: Bool
}

extension SocialAccountStore {
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
}
