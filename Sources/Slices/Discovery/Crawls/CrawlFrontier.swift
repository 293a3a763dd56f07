internal import Crawling
internal import Markup
internal import Telemetry

/// Keeps the addresses that a crawl has found, and says which is next: each address once, the nearest first, nothing
/// without end.
struct CrawlFrontier {
    private static let sitemapsMax = 5

    private(set) var pages: [CrawlPage]
    private let pagesMax: Int, depthMax: Int
    private var keys: Set<String> = []
    private var traps = AddressTraps()
    private var likenesses: [TextLikeness] = []
    private var notBefore: [Int: Instant] = [:]
    private var counts: (page: Int, sitemap: Int) = (0, 0)

    init(_ pages: [CrawlPage], pagesMax: Int, depth: Int) {
        self.pages = pages.map(\.bare)
        likenesses = pages.compactMap(\.likeness)
        (self.pagesMax, depthMax) = (pagesMax, depth)
        for page in pages {
            count(page)
            guard let address = PageAddress(page.url) else { continue }
            keys.insert(address.key)
            if let end = page.finalURL.flatMap({ PageAddress($0) }) { keys.insert(end.key) }
            if page.kind == .page { _ = traps.isExhausted(address) }
        }
    }

    /// The addresses that were asked for.
    var asked: Set<String> {
        Set(pages.filter { $0.attempts > 0 }.flatMap { [$0.url] + ($0.finalURL.map { [$0] } ?? []) })
    }

    private var nextNumber: Int { (pages.last?.number ?? 0) + 1 }

    private mutating func count(_ page: CrawlPage) {
        if page.kind == .page { counts.page += 1 } else { counts.sitemap += 1 }
    }

    /// The next to ask for, and how long until then; `nil` when there is none.
    func next(at now: Instant) -> (place: Int, pause: Duration)? {
        let waiting = pages.indices.filter { pages[$0].state == .waiting }
        let order = waiting.map { (notBefore[pages[$0].number] ?? now, pages[$0].number, $0) }
        guard let first = order.min(by: { max($0.0, now) == max($1.0, now) ? $0.1 < $1.1 : $0.0 < $1.0 })
        else { return nil }
        return (first.2, max(.zero, first.0 - now))
    }

    mutating func postpone(_ page: CrawlPage, until moment: Instant) { notBefore[page.number] = moment }

    mutating func replace(_ page: CrawlPage) {
        guard let place = pages.firstIndex(where: { $0.number == page.number }) else { return }
        pages[place] = page.bare
        for text in [page.url, page.finalURL].compactMap({ $0 }) {
            if let address = PageAddress(text) { keys.insert(address.key) }
        }
    }

    mutating func remove(_ page: CrawlPage) {
        pages.removeAll { $0.number == page.number }
        if page.kind == .page { counts.page -= 1 } else { counts.sitemap -= 1 }
    }

    mutating func begin(at address: PageAddress) -> CrawlPage {
        add(CrawlPage(1, .page, address.description, depth: 0), address)
    }

    private mutating func add(_ page: CrawlPage, _ address: PageAddress) -> CrawlPage {
        keys.insert(address.key)
        pages.append(page)
        count(page)
        return page
    }

    /// Adds what a page that has come leads to; returns it, to be stored.
    mutating func follow(_ page: CrawlPage, allows: (PageAddress) -> Bool) -> [CrawlPage] {
        guard page.kind == .sitemap || page.depth < depthMax, !isTwin(page) else { return [] }
        var added: [CrawlPage] = []
        for text in page.links {
            guard let address = PageAddress(text), counts.page < pagesMax * 2 else { continue }
            if page.kind == .sitemap, address.path.hasSuffix(".xml") || address.path.hasSuffix(".xml.gz") {
                if let map = addSitemap(address) { added.append(map) }
                continue
            }
            let target = address.withoutVisitor
            guard !keys.contains(target.key), !AddressTraps.isMaze(target) else { continue }
            // A page that is not to be asked for does not count, but is told.
            let isAllowed = allows(target)
            if isAllowed {
                guard pages.count(where: { $0.kind == .page && $0.reason != .robotsDisallowed }) < pagesMax,
                    !traps.isExhausted(target)
                else { continue }
            }
            let depth = page.kind == .sitemap ? min(1, depthMax) : page.depth + 1
            var found = CrawlPage(nextNumber, .page, target.description, depth: depth)
            if !isAllowed { found.end(.robotsDisallowed) }
            added.append(add(found, target))
        }
        return added
    }

    mutating func addSitemap(_ address: PageAddress) -> CrawlPage? {
        guard counts.sitemap < Self.sitemapsMax, !keys.contains(address.key), depthMax > 0, pagesMax > 1
        else {
            return nil
        }
        return add(CrawlPage(nextNumber, .sitemap, address.description, depth: 0), address)
    }

    /// Returns whether a page says what another one has said: it leads where that one does.
    private mutating func isTwin(_ page: CrawlPage) -> Bool {
        guard page.kind == .page, let likeness = page.likeness else { return false }
        if likenesses.contains(where: { likeness.isTwin(of: $0) }) { return true }
        likenesses.append(likeness)
        return false
    }
}
