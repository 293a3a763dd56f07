internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// The hours of accounts' queues at which nothing leaves yet: `tx.postSlots`.
struct PostSlotStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var postSlots: PostSlotStore<Self> { PostSlotStore(tx: self) }
}

extension PostSlotStore {
    /// The next hour of the account's queue at which nothing leaves yet.
    func free(of account: SocialAccount) throws -> Instant? {
        let zone = try account.zone(in: tx)
        let taken = Set(
            try tx.all(
                """
                SELECT scheduled_at FROM social_posts
                WHERE tenant_id = \(tx.tenant) AND account_id = \(account.id) AND scheduled_at > \(tx.now)
                    AND status NOT IN ('draft', 'failed', 'cancelled')
                """
            ) { $0.instant(0) })
        var day = zone.local(of: tx.now).date
        for _ in 0..<Self.daysMax {
            let hours = account.queue.list.filter { $0.weekday == day.weekday }.compactMap(\.secondsOfDay)
            for hour in hours.sorted() {
                let moment = zone.firstInstant(atOrAfter: LocalTime(date: day, secondsOfDay: hour))
                if moment > tx.now, !taken.contains(moment) { return moment }
            }
            day = CivilDate(daysSinceEpoch: day.daysSinceEpoch + 1)
        }
        return nil
    }

    /// The number of days ahead in which a free hour is looked for.
    private static var daysMax: Int { 3660 }
}

extension PostSlotStore where Base == Transaction {
    /// Takes the next free hour of the account's queue; nobody else takes one of it meanwhile.
    func take(of account: SocialAccount) throws -> Instant {
        guard !account.queue.list.isEmpty else {
            throw Problem(faults: [
                Fault("/queue", "required", "The account has no queue: give it hours, or say scheduled_at.")
            ])
        }
        try tx.run(
            "UPDATE social_accounts SET version = version WHERE tenant_id = \(tx.tenant) AND id = \(account.id)"
        )
        guard let slot = try free(of: account) else {
            throw Problem(.conflict, "Every hour of the queue is taken for years: add some.")
        }
        return slot
    }
}
