internal import Crawling
internal import Database
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

struct CrawlPayload: Codable, Sendable {
    let crawlID: ID<Crawl>
}

/// Reads a site, page by page. What came of a page and what was found there commit together: after a crash the crawl
/// goes on behind it, and asks for nothing twice.
struct CrawlJob: JobKind {
    static var kind: String { "discovery.crawl" }
    static var queue: String { "crawls" }
    static var attemptsMax: Int { 20 }

    let crawler: Crawler

    func timeout(_ payload: CrawlPayload) -> Duration { .seconds(6 * 3600) }

    func run(_ payload: CrawlPayload, _ job: JobContext) async throws {
        let id = payload.crawlID
        let crawl = try job.read { try Crawl.resource.get(id, in: $0) }
        guard !crawl.status.isOver else { return }
        guard !job.isSandbox else {
            // In a sandbox nothing is fetched.
            try await job.complete { try $0.crawls.end(id, .failed, CrawlPage.Reason.sandbox.rawValue) }
            return
        }
        if crawl.status == .queued {
            try await job.write { tx in
                let old = try Crawl.resource.get(id, in: tx)
                var begun = old
                (begun.status, begun.startedAt) = (.running, tx.now)
                try tx.crawls.save(old, &begun)
            }
        }
        var run = try CrawlRun(crawl, job, crawler)
        let pages = try await run.finish()
        let isKept = pages.contains(where: \.isKept)
        let reason = pages.first { $0.reason != nil }?.reason
        try await job.complete { tx in
            try tx.crawls.end(id, isKept ? .completed : .failed, isKept ? nil : reason?.rawValue)
        }
    }

    func ended(_ payload: CrawlPayload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .retried, .snoozed, .revived: return
        case .cancelled: try tx.crawls.end(payload.crawlID, .cancelled)
        case .dead(let failure): try tx.crawls.end(payload.crawlID, .failed, String(failure.code.prefix(40)))
        }
    }
}

/// One attempt at a crawl.
private struct CrawlRun {
    private let crawl: Crawl
    private let job: JobContext
    private var frontier: CrawlFrontier
    private var visit: PageVisit

    init(_ crawl: Crawl, _ job: JobContext, _ crawler: Crawler) throws {
        (self.crawl, self.job) = (crawl, job)
        let (pages, likenesses, rules) = try job.read { reader in
            let crawls = reader.crawls, id = crawl.id
            return (try crawls.pages(of: id), try crawls.likenesses(of: id), try crawls.rules(of: id))
        }
        frontier = CrawlFrontier(pages, likenesses, pagesMax: crawl.pagesMax, depth: crawl.depth)
        visit = PageVisit(crawl.id, job, crawler, asked: frontier.asked, rules: rules)
    }

    /// Goes on to the end; returns the pages.
    mutating func finish() async throws -> [CrawlPage] {
        try await takeUp()
        while let (place, pause) = frontier.next(at: .steadyClock()) {
            try Task.checkCancellation()
            if pause > .zero {
                await systemWait(until: .steadyClock() + pause)
                continue
            }
            var page = frontier.pages[place]
            // It was the end of another page's redirects meanwhile.
            if page.attempts == 0, visit.asked.contains(page.url) {
                frontier.remove(page)
                let (gone, id) = (page, crawl.id)
                try await job.write { try $0.crawls.forget(gone, of: id) }
                continue
            }
            let end = try await visit.visit(&page)
            frontier.replace(page)
            if case .later(let pause) = end { frontier.postpone(page, until: .steadyClock() + pause) }
            let added = page.state == .done ? found(on: page) : []
            let (done, id) = (page, crawl.id)
            try await job.write { tx in
                try tx.crawls.save(done, of: id)
                try tx.crawls.add(added, to: id)
            }
        }
        return frontier.pages.filter { $0.kind == .page }
    }

    /// Begins, or goes on after an attempt that was broken off: a page that was being asked for then may have been
    /// read, and is not asked for again.
    private mutating func takeUp() async throws {
        let id = crawl.id
        if frontier.pages.isEmpty, let address = PageAddress(crawl.url) {
            let first = frontier.begin(at: address)
            try await job.write { try $0.crawls.add([first], to: id) }
        }
        // How long they asked to be left alone is not known any more.
        for page in frontier.pages where page.state == .waiting && page.attempts > 0 {
            frontier.postpone(page, until: .steadyClock() + Crawler.pauseMax)
        }
        for var page in frontier.pages where page.state == .asked {
            page.end(.truncated)
            frontier.replace(page)
            let broken = page
            try await job.write { try $0.crawls.save(broken, of: id) }
        }
    }

    /// Returns the pages that one leads to, and the site's list of pages after the first.
    private mutating func found(on page: CrawlPage) -> [CrawlPage] {
        let rules = visit.rules
        var added = frontier.follow(page) { address in
            guard case .rules(let known)? = rules[address.origin]?.verdict else { return true }
            return known.allows(address.target)
        }
        if page.depth == 0, page.kind == .page, let address = PageAddress(page.finalURL ?? page.url),
            case .rules(let known)? = rules[address.origin]?.verdict
        {
            let named = known.sitemaps.compactMap { PageAddress($0, from: address) }
                .filter { $0.host == address.host && $0.port == nil }
            let usual = address.with(path: "/sitemap.xml").map { [$0] } ?? []
            for map in named.isEmpty ? usual : named where known.allows(map.target) {
                if let page = frontier.addSitemap(map) { added.append(page) }
            }
        }
        return added
    }
}
