internal import Cryptography
internal import Database
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

/// The turns at hosts and servers among the processes that share a database: each place is asked by one of them at a
/// time, and rests then for all. A process that ends without leaving a place loses it after its lease.
struct CrawlTurns: Sendable {
    /// The time for which a turn is held at most after its request may have ended.
    static let grace = Duration.seconds(10)

    private let database: Database
    private let holder = RandomToken.make(characters: 16)

    /// `nil` where one process has the database: its own queues are enough.
    init?(_ database: Database) {
        guard database.isOnServer else { return nil }
        self.database = database
    }

    /// Takes the turn at all of the places. Returns how long to wait where one of them is taken or rests, and `nil`
    /// once they are taken.
    func take(_ places: [String], for lease: Duration) async throws -> Duration? {
        let holder = holder
        return try await database.write(.platform) { tx in
            try tx.crawlTurns.take(places, as: holder, for: lease)
        }
    }

    /// Gives the turns back; each place rests for its time. A failure leaves them to their leases.
    func leave(_ rests: [String: Duration]) async {
        let holder = holder
        _ = try? await database.write(.platform) { tx in try tx.crawlTurns.leave(rests, as: holder) }
    }
}

/// The turns at places that are crawled: `tx.crawlTurns`.
struct CrawlTurnStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    fileprivate var crawlTurns: CrawlTurnStore<Self> { CrawlTurnStore(tx: self) }
}

extension CrawlTurnStore where Base == Transaction {
    /// The time after which a place that is taken is looked at again: whoever has it may leave it early.
    private static var lookInterval: Duration { .milliseconds(200) }

    fileprivate func take(_ places: [String], as holder: String, for lease: Duration) throws -> Duration? {
        let now = Instant.wallClock()
        let waits = try tx.all(
            """
            SELECT held_until, free_at FROM crawl_turns
            WHERE tenant_id = \(tx.tenant) AND place IN \(list: places)
            """
        ) { row -> Duration in
            let (held, free) = (row.instant(0), row.instant(1))
            return max(held > now ? min(held - now, Self.lookInterval) : .zero, free - now)
        }
        if let wait = waits.max(), wait > .zero { return wait }
        for place in places.sorted() {
            try tx.run(
                """
                INSERT INTO crawl_turns (tenant_id, place, holder, held_until, free_at)
                VALUES (\(tx.tenant), \(place), \(holder), \(now + lease), \(now))
                ON CONFLICT (tenant_id, place) DO UPDATE
                SET holder = excluded.holder, held_until = excluded.held_until
                """)
        }
        return nil
    }

    fileprivate func leave(_ rests: [String: Duration], as holder: String) throws {
        let now = Instant.wallClock()
        for (place, rest) in rests.sorted(by: { $0.key < $1.key }) {
            try tx.run(
                """
                UPDATE crawl_turns SET held_until = \(now), free_at = \(now + rest)
                WHERE tenant_id = \(tx.tenant) AND place = \(place) AND holder = \(holder)
                """)
        }
        // Now and then; one that is missing is free.
        guard now.microseconds % 100 == 0 else { return }
        try tx.run(
            """
            DELETE FROM crawl_turns
            WHERE tenant_id = \(tx.tenant) AND held_until <= \(now) AND free_at <= \(now)
            """)
    }
}
