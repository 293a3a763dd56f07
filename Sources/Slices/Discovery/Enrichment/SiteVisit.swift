internal import Agents
internal import Database
internal import Facts
internal import Jobs
internal import Markup
internal import Nouns
internal import Records

/// The reading of a lead's site within an agent's run, as a crawl of its own. After a crash it goes on behind what was
/// read.
struct SiteVisit {
    enum Outcome: Sendable {
        case read([CompanyStatement], pages: Int)
        /// With the reason of the first page.
        case failed(String, pages: Int)
    }

    /// The pages that tell most are a link away from the first one.
    private static let pagesMax = 12, depth = 1

    let run: AgentRun
    let crawler: Crawler

    init(_ run: AgentRun, _ crawler: Crawler) { (self.run, self.crawler) = (run, crawler) }

    /// `isSocial`: whether it is asked, too, what the company does in the networks that its site links to.
    func visit(_ url: String, of lead: Lead, isSocial: Bool) async throws -> Outcome {
        guard let address = PageAddress(url), address.port == nil else {
            return .failed(CrawlPage.Reason.invalidURL.rawValue, pages: 0)
        }
        let (id, agentRun) = (lead.id, run.id)
        let crawl = try await run.write { tx in
            try tx.crawls.begin(
                address.description, of: id, pagesMax: Self.pagesMax, depth: Self.depth, run: agentRun)
        }
        var crawling = try CrawlRun(crawl, run.job, crawler)
        let pages = try await crawling.finish()
        let asked = pages.count { $0.attempts > 0 }
        guard pages.contains(where: \.isKept) else {
            let reason = (pages.first { $0.reason != nil }?.reason ?? .unreachable).rawValue
            try await run.write { try $0.crawls.end(crawl.id, .failed, reason) }
            return .failed(reason, pages: asked)
        }
        let said = SiteStatements.statements(try run.read { try $0.crawls.facts(of: crawl.id) })
        let social = SocialActivity(crawler: crawler, now: run.now)
        let statements = try await isSocial ? said + social.statements(by: said) : said
        try await run.write { tx in
            try tx.siteReadings.keep(statements, of: crawl.url)
            try tx.crawls.end(crawl.id, .completed, facts: statements.count)
        }
        return .read(statements, pages: asked)
    }
}
