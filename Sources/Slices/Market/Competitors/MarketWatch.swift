internal import Agents
internal import Crawling
internal import Cryptography
internal import Database
internal import Extraction
internal import JSON
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// Looks at what competitors and feeds of the market make public, and keeps what is new. Each address is stored when it
/// has been read: after a crash nothing is told twice.
struct MarketWatch {
    /// Entries of a feed that are kept when it is read for the first time: what was written before is no news.
    private static let firstEntries = 20
    /// Feeds of a competitor's page that are watched without having been given.
    private static let offeredMax = 3
    /// Pages of prices that are watched without having been given.
    private static let pricePagesMax = 2
    private static let textMax = 4000

    let run: AgentRun
    let pages: PublicPages
    let hubs: FeedHubs

    /// A competitor, or the market in all, with the addresses that are watched for it.
    struct Owner: Sendable {
        let competitor: Competitor?
        let addresses: [PageAddress]

        init(_ competitor: Competitor) { (self.competitor, addresses) = (competitor, competitor.watched) }
        init(feeds: [PageAddress]) { (competitor, addresses) = (nil, feeds) }

        var key: String { competitor?.id.keyText ?? "" }
    }

    /// The result of a look.
    struct Sight: Sendable {
        var read = 0, skipped = 0
        var found: [MarketActivity] = []
    }

    /// Looks at all addresses of an owner, or at the feeds alone that are due.
    func look(at owner: Owner, onlyDue: Bool = false) async throws -> Sight {
        var sight = Sight(), kept: [String: MarketWatchRow] = [:]
        for row in try run.read({ try $0.market.watches(of: owner.key) }) { kept[row.url] = row }
        var rows = owner.addresses.map {
            kept[$0.description] ?? MarketWatchRow(owner.key, $0.description, isOffered: false)
        }
        let given = Set(rows.map(\.url))
        rows += kept.values.filter { $0.isOffered && !given.contains($0.url) }.sorted { $0.url < $1.url }
        try await leaveAlone(kept.values.filter { row in !rows.contains { $0.url == row.url } })
        let now = run.now
        if onlyDue { rows = rows.filter { row in row.dueAt.map { $0 <= now } ?? false } }
        var next = 0
        while next < rows.count {
            try Task.checkCancellation()
            let offered = try await look(at: rows[next], owner, &sight)
            for (addresses, isPage, most) in [
                (offered.feeds, false, Self.offeredMax), (offered.pages, true, Self.pricePagesMax),
            ] {
                for address in addresses where !rows.contains(where: { $0.url == address.description }) {
                    guard rows.count(where: { $0.isOffered && $0.isPage == isPage }) < most else { break }
                    rows.append(
                        MarketWatchRow(owner.key, address.description, isOffered: true, isPage: isPage))
                }
            }
            next += 1
        }
        return sight
    }

    /// Feeds that are watched no more are not due any more.
    private func leaveAlone(_ rows: [MarketWatchRow]) async throws {
        let due = rows.filter { $0.dueAt != nil }
        guard !due.isEmpty else { return }
        try await run.write { tx in
            for var row in due {
                row.dueAt = nil
                try tx.market.keep(row)
            }
            try tx.market.forgetHubs()
        }
    }

    /// Looks at one address; returns the feeds and the pages of prices that it offers.
    private func look(
        at old: MarketWatchRow, _ owner: Owner, _ sight: inout Sight
    ) async throws -> (feeds: [PageAddress], pages: [PageAddress]) {
        guard let address = old.current, !old.isGone else {
            sight.skipped += 1
            return ([], [])
        }
        // The feed does not want to be asked so soon.
        if let next = old.nextAt, next > run.now { return ([], []) }
        let begin = run.now
        // Pages that were read before anybody looked for prices are read anew.
        let isKnown = owner.competitor == nil || old.offerHash != nil
        let answer = try await pages.ask(
            isKnown
                ? PublicQuestion(address, etag: old.etag, lastModified: old.lastModified)
                : PublicQuestion(address))
        var visit = Visit(row: old)
        (visit.row.readAt, visit.row.reason) = (run.now, nil)
        switch answer {
        case .none(let reason, let status):
            note(reason, status, of: old, in: &visit.row)
            sight.skipped += 1
        case .unchanged:
            visit.row.outcome = "unchanged"
            // An unchanged page without a time of its own waits as long as it did.
            if let next = old.nextAt, let read = old.readAt { visit.row.nextAt = run.now + (next - read) }
            sight.read += 1
        case .content(let content):
            sight.read += 1
            try await read(content, of: old, owner, &visit)
        }
        visit.row.plan(after: old, at: run.now)
        sight.found += try await keep(visit, instead: old, readSince: begin, of: owner)
        switch answer {
        case .content(let content):
            guard case .feed(let feed) = content.kind else { break }
            try await hubs.ask(about: feed, at: content.address, watchedAs: old.url, run)
        case .unchanged: try await hubs.renew(watchedAs: old.url, run)
        case .none: break
        }
        return visit.offered
    }

    /// A look at an address: its row afterwards, and all else that came of it.
    private struct Visit: Sendable {
        var row: MarketWatchRow
        var news: [MarketActivity] = []
        var offered: (feeds: [PageAddress], pages: [PageAddress]) = ([], [])
        /// The offer that a page tells of, where that is new.
        var offer: OfferReading?
    }

    /// Notes why an address had nothing to read.
    private func note(
        _ reason: String, _ status: Int?, of old: MarketWatchRow, in row: inout MarketWatchRow
    ) {
        if status == 410 {
            (row.outcome, row.reason) = ("skipped", MarketWatchRow.gone)
            return
        }
        // Where it is said to have moved to, it may not be.
        if old.movedSeen > 1 { (row.movedTo, row.movedSeen) = (nil, 0) }
        let isSkip = [
            "robots_disallowed", "robots_unreachable", "refused_address", "wrong_type", "noindex",
            "invalid_url",
        ]
        .contains(reason)
        (row.outcome, row.reason) = (isSkip ? "skipped" : "failed", reason)
    }

    private func read(
        _ content: PublicContent, of old: MarketWatchRow, _ owner: Owner, _ visit: inout Visit
    ) async throws {
        (visit.row.etag, visit.row.lastModified) = (content.etag, content.lastModified)
        visit.row.note(move: content.movedTo?.description)
        visit.row.nextAt = nil
        let hash: String
        switch content.kind {
        case .feed(let feed):
            visit.news = entries(of: feed, owner, visit.row)
            hash = Self.mark(feed.entries.map(\.identity))
            visit.row.offerHash = ""
            visit.row.nextAt = feed.nextAt(after: run.now, freshFor: content.freshFor)
        case .page(let page):
            hash = Self.mark([page.text])
            if let before = visit.row.contentHash, before != hash {
                visit.news = [change(of: page, at: content.address, owner, visit.row, hash)]
            }
            if let competitor = owner.competitor {
                try await read(page, at: content.address, of: old, competitor, &visit)
            }
        }
        visit.row.outcome = visit.row.contentHash == hash ? "unchanged" : "stored"
        visit.row.contentHash = hash
    }

    /// Reads what a competitor's page offers its readers, and what it says of the competitor's offer.
    private func read(
        _ page: PublicPage, at address: PageAddress, of old: MarketWatchRow, _ competitor: Competitor,
        _ visit: inout Visit
    ) async throws {
        let said = OfferReading(page.document, at: address)
        // Links of a page of prices are not followed for further prices.
        visit.offered.pages = old.isPage ? [] : said.priceLinks
        visit.offered.feeds = old.isPage ? [] : page.feeds.filter { $0.port == nil }
        if visit.offered.feeds.isEmpty, !old.isPage, old.readAt == nil, competitor.feeds == [] {
            visit.offered.feeds = try await usualFeeds(of: address)
        }
        visit.row.offerHash = Self.mark(said.parts)
        visit.offer = visit.row.offerHash == old.offerHash ? nil : said
    }

    /// Stores what came of a look; returns what is new.
    private func keep(
        _ visit: Visit, instead old: MarketWatchRow, readSince begin: Instant, of owner: Owner
    ) async throws -> [MarketActivity] {
        try await run.write { tx in
            try tx.market.keep(visit.row, instead: old, readSince: begin)
            guard let said = visit.offer, let competitor = owner.competitor else {
                return try tx.market.add(visit.news)
            }
            let isFirst = old.offerHash == nil
            let changes = try tx.market.renew(competitor, visit.row, said, isFirst: isFirst)
            return try tx.market.add(visit.news + changes)
        }
    }

    /// Looks for the feed of a front page that offers none, where many sites have it.
    private func usualFeeds(of page: PageAddress) async throws -> [PageAddress] {
        guard page.path == "/" else { return [] }
        for address in ["/feed", "/rss.xml", "/atom.xml"].compactMap({ page.with(path: $0) }) {
            if case .content(let found) = try await pages.ask(PublicQuestion(address)),
                case .feed = found.kind
            {
                return [address]
            }
        }
        return []
    }

    private func entries(of feed: Feed, _ owner: Owner, _ row: MarketWatchRow) -> [MarketActivity] {
        let dated = feed.entries.enumerated().sorted { one, other in
            let (a, b) = (
                one.element.published ?? one.element.updated, other.element.published ?? other.element.updated
            )
            return a != b ? (a ?? run.now) > (b ?? run.now) : one.offset < other.offset
        }.map(\.element)
        return dated.prefix(row.contentHash == nil ? Self.firstEntries : Feed.entriesMax).map { entry in
            var activity = MarketActivity()
            activity.type = .post
            // Nobody has published what is yet to come.
            activity.at = min(entry.published ?? entry.updated ?? run.now, run.now)
            let title = entry.title.isEmpty ? entry.text : entry.title
            activity.title = Self.bounded(title.isEmpty ? entry.identity : title, 500)
            activity.url = entry.link?.description
            activity.text = entry.text.isEmpty ? nil : Self.bounded(entry.text, Self.textMax)
            activity.identity = Self.mark([owner.key, row.url, entry.identity])
            return told(activity, owner, row)
        }
    }

    private func change(
        of page: PublicPage, at address: PageAddress, _ owner: Owner, _ row: MarketWatchRow, _ hash: String
    ) -> MarketActivity {
        var activity = MarketActivity()
        activity.type = .pageChange
        activity.at = run.now
        activity.title = Self.bounded(page.title ?? address.description, 500)
        activity.url = address.description
        activity.text = Self.bounded(page.text, Self.textMax)
        // A page that is again what it was before has changed, too.
        activity.identity = Self.mark([owner.key, row.url, hash, run.now.description])
        return told(activity, owner, row)
    }

    private func told(_ activity: MarketActivity, _ owner: Owner, _ row: MarketWatchRow) -> MarketActivity {
        var activity = activity
        (activity.competitorID, activity.clientID) = (owner.competitor?.id, owner.competitor?.clientID)
        activity.sourceURL = row.url
        return activity
    }

    static func mark(_ parts: [String]) -> String {
        Hex.encode(SHA256.hash(Array(JSON(parts).serialized.utf8)))
    }

    private static func bounded(_ text: String, _ max: Int) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(max))
    }
}

extension MarketStore where Base == Transaction {
    /// Stores what is not known yet; returns it, and tells each competitor's once.
    fileprivate func add(_ found: [MarketActivity]) throws -> [MarketActivity] {
        guard !found.isEmpty else { return [] }
        let known = try known(found.map(\.identity))
        var seen: Set<String> = [], added: [MarketActivity] = []
        for activity in found where !known.contains(activity.identity) {
            guard seen.insert(activity.identity).inserted else { continue }
            var activity = activity
            activity.beginLife(id: tx.nextID(), now: tx.now)
            try MarketActivity.resource.insert(&activity, in: tx)
            added.append(activity)
            guard let competitor = activity.competitorID else { continue }
            try tx.publish(
                "competitor.activity", Subject(competitor),
                [
                    "type": .string(activity.type.rawValue), "title": .string(activity.title),
                    "url": JSON(activity.url),
                ])
        }
        return added
    }
}

extension OfferReading {
    /// All that it says, by which a later reading is compared.
    fileprivate var parts: [String] {
        prices.flatMap { [$0.key, String($0.amount.amount), $0.isFrom ? "from" : ""] }
            + statements.flatMap { [$0.kind.rawValue, $0.text] }
    }
}
