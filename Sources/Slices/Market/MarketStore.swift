internal import Agents
package import Database
internal import JSON
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// Competitors' activity, findings about the market and what they rest on: `tx.market`.
package struct MarketStore<Base: Queryable> {
    let tx: Base

    /// Returns the addresses that are watched for an owner.
    func watches(of owner: String) throws -> [MarketWatchRow] {
        try tx.all(
            """
            SELECT \(MarketWatchRow.columns) FROM market_watches
            WHERE tenant_id = \(tx.tenant) AND owner = \(owner) ORDER BY url LIMIT 100
            """, MarketWatchRow.init)
    }

    /// Returns which of some marks are known.
    func known(_ identities: [String]) throws -> Set<String> {
        Set(
            try tx.all(
                """
                SELECT identity FROM market_activity
                WHERE tenant_id = \(tx.tenant) AND identity IN \(list: identities)
                """
            ) { $0.text(0) })
    }

    /// Returns what was found since a moment, newest first.
    func activity(since moment: Instant, limit: Int) throws -> [MarketActivity] {
        try MarketActivity.resource.all(
            where: "at >= \(moment)", suffix: "ORDER BY at DESC, id DESC LIMIT \(limit)", in: tx)
    }
}

extension Queryable {
    package var market: MarketStore<Self> { MarketStore(tx: self) }
}

extension MarketStore where Base == Transaction {
    func keep(_ row: MarketWatchRow) throws {
        try tx.run(
            """
            INSERT INTO market_watches (tenant_id, owner, url, is_offered, is_page, etag, last_modified,
                content_hash, offer_hash, outcome, reason, read_at, next_at, moved_to, moved_seen,
                pause, due_at)
            VALUES (\(tx.tenant), \(row.owner), \(row.url), \(row.isOffered ? 1 : 0), \(row.isPage ? 1 : 0),
                \(row.etag), \(row.lastModified), \(row.contentHash), \(row.offerHash), \(row.outcome),
                \(row.reason), \(row.readAt), \(row.nextAt), \(row.movedTo), \(row.movedSeen),
                \(row.pause.map { $0.components.seconds }), \(row.dueAt))
            ON CONFLICT (tenant_id, owner, url) DO UPDATE SET etag = excluded.etag,
                last_modified = excluded.last_modified, content_hash = excluded.content_hash,
                offer_hash = excluded.offer_hash, outcome = excluded.outcome,
                reason = excluded.reason, read_at = excluded.read_at, next_at = excluded.next_at,
                moved_to = excluded.moved_to, moved_seen = excluded.moved_seen,
                pause = excluded.pause, due_at = excluded.due_at
            """)
    }

    /// Keeps what a look has found that began at a moment. What a hub has told of meanwhile may have come to the feed
    /// after it was read: the feed is due once more, whatever it says of its pauses.
    func keep(_ row: MarketWatchRow, instead old: MarketWatchRow, readSince begin: Instant) throws {
        let due =
            try tx.first(
                """
                SELECT due_at FROM market_watches
                WHERE tenant_id = \(tx.tenant) AND owner = \(row.owner) AND url = \(row.url)
                """
            ) { $0.optionalInstant(0) } ?? nil
        var row = row
        if row.dueAt != nil, let due, due != old.dueAt, (begin...max(begin, tx.now)).contains(due) {
            (row.dueAt, row.nextAt) = (due, nil)
        }
        try keep(row)
    }

    /// Forgets the addresses of a competitor that are watched no more: those that were given, and no longer are, and
    /// those that its page had offered.
    func keepWatches(of competitor: ID<Competitor>, at addresses: [PageAddress]) throws {
        try tx.run(
            """
            DELETE FROM market_watches WHERE tenant_id = \(tx.tenant) AND owner = \(competitor.text)
                AND url NOT IN \(list: addresses.map(\.description) + [""])
            """)
        try forgetHubs()
    }

    /// Forgets what is known of a competitor that is gone.
    func forget(_ competitor: ID<Competitor>) throws {
        try tx.run(
            "DELETE FROM market_watches WHERE tenant_id = \(tx.tenant) AND owner = \(competitor.text)")
        try forgetHubs()
        try tx.run(
            "DELETE FROM market_activity WHERE tenant_id = \(tx.tenant) AND competitor_id = \(competitor)")
        try forgetStatements(of: competitor)
    }

    /// Forgets what was found longer ago than it is of use.
    func forgetActivity(before moment: Instant) throws {
        try tx.run("DELETE FROM market_activity WHERE tenant_id = \(tx.tenant) AND at < \(moment)")
        try forgetStatements(endedBefore: moment)
    }
}
