internal import Agents
internal import Crawling
internal import Database
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// The knowledge of where a link leads: a row for each address that was asked.
private struct LinkState: StoredRow {
    let address: String
    let status: Int?
    let isGone: Bool
    /// The number of times in a row that it has given no answer that helps; 0: it leads somewhere, or may.
    let failures: Int
    let askedAt: Instant

    /// The time for which a result holds.
    private static let age = Duration.seconds(7 * 86_400)
    /// When a server is asked again that gave no answer: it may have been down for a moment.
    private static let secondLook = Duration.seconds(86_400)
    private static let failuresMin = 2

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (address, status) = (row.text("address"), row.optionalInt("status"))
        (isGone, failures) = (row.bool("is_gone"), row.int("failures"))
        askedAt = row.instant("asked_at")
    }

    var isDead: Bool { isGone || failures >= Self.failuresMin }
    /// When it is to be asked again.
    var dueAt: Instant {
        askedAt + (!isGone && failures > 0 && failures < Self.failuresMin ? Self.secondLook : Self.age)
    }
}

/// Links in content items, and what each has led to: `tx.contentLinks`.
struct ContentLinkStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var contentLinks: ContentLinkStore<Self> { ContentLinkStore(tx: self) }
}

extension ContentLinkStore {
    /// The links of one piece that are asked at most.
    private static var linksMax: Int { 50 }

    private func addresses(in body: String) -> [String] {
        var seen: Set<String> = []
        let all = ScannedText(body).links.compactMap { LinkCheck.question($0.text)?.description }
        return Array(all.filter { seen.insert($0).inserted }.prefix(Self.linksMax))
    }

    private func states(of addresses: [String]) throws -> [LinkState] {
        guard !addresses.isEmpty else { return [] }
        return try tx.all(
            """
            SELECT \(LinkState.columns) FROM content_links
            WHERE tenant_id = \(tx.tenant) AND address IN \(list: addresses)
            """, LinkState.init)
    }

    /// Returns the links of a text that were asked and lead nowhere.
    func dead(in body: String) throws -> [QualityInput.DeadLink] {
        try states(of: addresses(in: body)).filter(\.isDead).sorted { $0.address < $1.address }.map {
            QualityInput.DeadLink(address: $0.address, status: $0.status, isGone: $0.isGone)
        }
    }

    /// Returns the links of an item that nobody has asked for long enough.
    func toAsk(of item: ContentItem, at now: Instant) throws -> [String] {
        let all = addresses(in: item.body)
        let fresh = Set(try states(of: all).filter { $0.dueAt > now }.map(\.address))
        return all.filter { !fresh.contains($0) }
    }
}

extension ContentLinkStore where Base == Transaction {
    /// For how long it is known what a link has led to that no piece is asked for any more.
    private static var keptFor: Duration { .seconds(90 * 86_400) }

    /// Has the links of an item asked that are due, now or when the first of them is. A sandbox asks nobody.
    func ask(of item: ContentItem) throws {
        guard !tx.sandboxClock.isSandbox else { return }
        let all = addresses(in: item.body), known = try states(of: all)
        guard !all.isEmpty else { return }
        let isDue = known.count < all.count || known.contains { $0.dueAt <= tx.now }
        let waiting = known.filter { $0.failures > 0 && !$0.isDead }.map(\.dueAt).min()
        guard isDue || waiting != nil else { return }
        try tx.jobs.enqueue(
            ContentLinkJob.self, .init(item: item.id),
            JobOptions(
                runAt: isDue ? nil : waiting, uniqueKey: isDue ? "\(item.id)" : "\(item.id)/again",
                subject: item.subject))
    }

    /// Keeps what an address has answered. What a site does not let programs see says nothing about it.
    func keep(_ answer: PublicAnswer, from address: String) throws {
        var status: Int?, isGone = false, fails = false
        if case .none(let reason, let answered) = answer {
            status = answered
            switch reason {
            case "not_found": isGone = answered == 404 || answered == 410
            case "refused_address", "too_many_redirects": isGone = true
            case "server_error", "unreachable", "timed_out", "robots_unreachable": fails = true
            default: break
            }
        }
        let told = isGone || fails ? status : nil
        try tx.run(
            """
            INSERT INTO content_links (tenant_id, address, status, is_gone, failures, asked_at)
            VALUES (\(tx.tenant), \(address), \(told), \(isGone), \(fails ? 1 : 0), \(tx.now))
            ON CONFLICT (tenant_id, address) DO UPDATE SET
                status = excluded.status, is_gone = excluded.is_gone, asked_at = excluded.asked_at,
                failures = CASE WHEN excluded.failures = 0 THEN 0 ELSE content_links.failures + 1 END
            """)
        try tx.run(
            "DELETE FROM content_links WHERE tenant_id = \(tx.tenant) AND asked_at < \(tx.now - Self.keptFor)"
        )
    }
}
