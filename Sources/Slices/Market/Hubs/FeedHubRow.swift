internal import Database
internal import Markup
internal import Records
internal import Telemetry

/// A hub that was asked to tell when a feed changes: one row of `market_hubs`.
struct FeedHubRow: StoredRow, Sendable {
    enum State: String, Choice { case asked, confirmed, denied }

    /// A lease that ends within that time is asked for anew.
    private static let margin: Duration = .seconds(86_400)
    /// A hub that has not answered is asked again after that time, and for a short lease no sooner than an hour later.
    private static let patience: Duration = .seconds(86_400), least: Duration = .seconds(3600)

    /// The last part of the address that the hub calls, sealed.
    let id: String
    /// The feed as it is watched.
    let url: String
    let hub: String
    let topic: String
    let sealedSecret: String
    var state = State.asked
    var askedAt: Instant
    var endsAt: Instant?

    static let columns = Columns(of: Self.self)

    init(
        _ id: String, _ url: String, _ hub: PageAddress, _ topic: PageAddress, sealedSecret: String,
        askedAt: Instant
    ) {
        (self.id, self.url, self.hub, self.topic) = (id, url, hub.description, topic.description)
        (self.sealedSecret, self.askedAt) = (sealedSecret, askedAt)
    }

    init(_ row: inout ColumnReader) {
        (id, url, hub, topic) = (row.text("id"), row.text("url"), row.text("hub"), row.text("topic"))
        sealedSecret = row.text("sealed_secret")
        state = State(rawValue: row.text("state")) ?? .denied
        askedAt = row.optionalInstant("asked_at") ?? Instant(microseconds: 0)
        endsAt = row.optionalInstant("ends_at")
    }

    func isOf(_ hub: PageAddress, _ topic: PageAddress) -> Bool {
        self.hub == hub.description && self.topic == topic.description
    }

    /// Returns whether the hub is to be asked anew.
    func isDue(at now: Instant) -> Bool {
        switch state {
        case .asked: now >= askedAt + Self.patience
        case .confirmed: (endsAt ?? now) < now + Self.margin && now >= askedAt + Self.least
        case .denied: false
        }
    }
}

extension MarketStore {
    /// Returns the hub that was asked about a feed.
    func hub(ofFeed url: String) throws -> FeedHubRow? {
        try tx.first(
            """
            SELECT \(FeedHubRow.columns) FROM market_hubs
            WHERE tenant_id = \(tx.tenant) AND url = \(url)
            """, FeedHubRow.init)
    }

    /// Returns the hub that has an address to call, as long as its feed is watched.
    func hub(_ id: String) throws -> FeedHubRow? {
        try tx.first(
            """
            SELECT \(FeedHubRow.columns) FROM market_hubs
            WHERE tenant_id = \(tx.tenant) AND id = \(id) AND EXISTS (
                SELECT 1 FROM market_watches WHERE market_watches.tenant_id = market_hubs.tenant_id
                    AND market_watches.url = market_hubs.url AND market_watches.due_at IS NOT NULL)
            """, FeedHubRow.init)
    }
}

extension MarketStore where Base == Transaction {
    /// Keeps a hub in place of the one that was asked about its feed before.
    func keep(_ row: FeedHubRow) throws {
        try tx.run(
            """
            INSERT INTO market_hubs (tenant_id, url, id, hub, topic, sealed_secret, state, asked_at, ends_at)
            VALUES (\(tx.tenant), \(row.url), \(row.id), \(row.hub), \(row.topic), \(row.sealedSecret),
                \(row.state.rawValue), \(row.askedAt), \(row.endsAt))
            ON CONFLICT (tenant_id, url) DO UPDATE SET id = excluded.id, hub = excluded.hub,
                topic = excluded.topic, sealed_secret = excluded.sealed_secret, state = excluded.state,
                asked_at = excluded.asked_at, ends_at = excluded.ends_at
            """)
    }

    /// Forgets the hubs of feeds that are watched no more.
    func forgetHubs() throws {
        try tx.run(
            """
            DELETE FROM market_hubs WHERE tenant_id = \(tx.tenant) AND NOT EXISTS (
                SELECT 1 FROM market_watches WHERE market_watches.tenant_id = market_hubs.tenant_id
                    AND market_watches.url = market_hubs.url AND market_watches.due_at IS NOT NULL)
            """)
    }

    /// Has a feed looked at soon, whatever it has said of its pauses: it has told itself that it has changed.
    func wake(_ url: String) throws {
        try tx.run(
            """
            UPDATE market_watches SET due_at = \(tx.now), next_at = NULL
            WHERE tenant_id = \(tx.tenant) AND url = \(url) AND due_at IS NOT NULL
            """)
        try planFeeds()
    }
}
