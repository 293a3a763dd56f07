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
            let facts = isKept ? try tx.crawls.tellFacts(of: crawl) : 0
            try tx.crawls.end(
                id, isKept ? .completed : .failed, isKept ? nil : reason?.rawValue, facts: facts)
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
