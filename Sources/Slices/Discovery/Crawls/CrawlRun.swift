internal import Crawling
internal import Database
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// One attempt at a crawl.
struct CrawlRun {
    private let crawl: Crawl
    private let job: JobContext
    private var frontier: CrawlFrontier
    private var visit: PageVisit

    init(_ crawl: Crawl, _ job: JobContext, _ crawler: Crawler) throws {
        (self.crawl, self.job) = (crawl, job)
        let (pages, rules, lead) = try job.read { reader in
            let crawls = reader.crawls, id = crawl.id
            let lead = try crawl.leadID.flatMap { try Lead.resource.find($0, in: reader) }
            return (try crawls.pages(of: id), try crawls.rules(of: id), lead)
        }
        frontier = CrawlFrontier(pages, pagesMax: crawl.pagesMax, depth: crawl.depth)
        let year = TimeZoneRules.utc.local(of: job.now).date.year
        let reader = lead.flatMap { lead in
            PageAddress(crawl.url).map { SiteReader($0, company: lead.company, yearMax: year) }
        }
        visit = PageVisit(
            crawl, job, crawler, asked: frontier.asked, rules: rules, reader: reader)
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
        // Their wish to be left alone for a time is not known any more.
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
