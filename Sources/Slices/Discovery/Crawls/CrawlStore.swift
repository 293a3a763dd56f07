internal import Crawling
internal import Database
internal import Extraction
internal import JSON
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// Crawls and their pages: `tx.crawls`.
struct CrawlStore<Base: Queryable> {
    let tx: Base

    /// Returns all that a crawl has found so far, in order.
    func pages(of crawl: ID<Crawl>) throws -> [CrawlPage] {
        try tx.all(
            """
            SELECT \(CrawlPage.columns) FROM crawl_pages
            WHERE tenant_id = \(tx.tenant) AND crawl_id = \(crawl) ORDER BY number
            """, CrawlPage.init)
    }

    /// Returns what the agency last kept of an address and can ask about; `withFacts`: only where its facts were read.
    func kept(_ address: PageAddress, withFacts: Bool) throws -> CrawlPage? {
        let pages = try tx.all(
            """
            SELECT \(CrawlPage.columns) FROM crawl_pages
            WHERE tenant_id = \(tx.tenant) AND final_key = \(address.key)
                AND (\(withFacts ? 0 : 1) = 1 OR facts IS NOT NULL)
            ORDER BY fetched_at DESC LIMIT 1
            """, CrawlPage.init)
        return pages.first { $0.finalURL == address.description && ($0.etag ?? $0.lastModified) != nil }
    }

    /// Returns what the pages of a crawl say of their company.
    func facts(of crawl: ID<Crawl>) throws -> [FoundFact] {
        try tx.all(
            """
            SELECT facts FROM crawl_pages
            WHERE tenant_id = \(tx.tenant) AND crawl_id = \(crawl) AND facts IS NOT NULL ORDER BY number
            """
        ) { JSON(stored: $0.text(0)).array ?? [] }.joined().compactMap { FoundFact(stored: $0) }
    }

    func rules(of crawl: ID<Crawl>) throws -> [String: SiteAnswer] {
        var answers: [String: SiteAnswer] = [:]
        try tx.each(
            """
            SELECT origin, status, is_refused, body FROM crawl_hosts
            WHERE tenant_id = \(tx.tenant) AND crawl_id = \(crawl)
            """
        ) { row in
            answers[row.text(0)] = SiteAnswer(
                status: row.optionalInt(1), isRefused: row.int(2) == 1, body: row.blob(3))
        }
        return answers
    }
}

extension Queryable {
    var crawls: CrawlStore<Self> { CrawlStore(tx: self) }
}

extension CrawlStore where Base == Transaction {
    func start(_ body: CrawlBody, by actor: Actor) throws -> Crawl {
        var crawl = Crawl.new(id: tx.nextID(), now: tx.now)
        (crawl.url, crawl.pagesMax, crawl.depth) = (body.url, body.pagesMax, body.depth)
        crawl.leadID = body.leadID
        try Crawl.resource.insert(&crawl, in: tx)
        try tx.auditLog.add(actor, "crawl.created", crawl.subject, ["url": .string(crawl.url)])
        try tx.jobs.enqueue(
            CrawlJob.self, CrawlPayload(crawlID: crawl.id),
            JobOptions(uniqueKey: crawl.id, subject: crawl.subject))
        return crawl
    }

    func save(_ old: Crawl, _ new: inout Crawl) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try Crawl.resource.update(old, to: new, in: tx)
    }

    /// Begins a crawl that an agent's run does itself, or finds the one that an attempt of the run before began.
    func begin(_ url: String, of lead: LeadID, pagesMax: Int, depth: Int, run: AgentRunID) throws -> Crawl {
        let begun = try Crawl.resource.first(
            where: "run_id = \(run) AND lead_id = \(lead) AND url = \(url)", in: tx)
        if let begun { return begun }
        var crawl = Crawl.new(id: tx.nextID(), now: tx.now)
        (crawl.url, crawl.pagesMax, crawl.depth) = (url, pagesMax, depth)
        (crawl.leadID, crawl.runID, crawl.status, crawl.startedAt) = (lead, run, .running, tx.now)
        try Crawl.resource.insert(&crawl, in: tx)
        return crawl
    }

    /// Ends a crawl, and tells so.
    func end(_ id: ID<Crawl>, _ status: Crawl.Status, _ reason: String? = nil, facts: Int = 0) throws {
        let old = try Crawl.resource.get(id, in: tx)
        guard !old.status.isOver else { return }
        var crawl = old
        (crawl.status, crawl.reason, crawl.finishedAt) = (status, reason, tx.now)
        let count = try tx.int(
            """
            SELECT count(*) FROM crawl_pages WHERE tenant_id = \(tx.tenant) AND crawl_id = \(id)
                AND kind = 'page' AND outcome IN ('stored', 'unchanged')
            """)
        (crawl.pages, crawl.facts) = (Int(count ?? 0), facts)
        try save(old, &crawl)
        try dropWorkings(of: id)
        guard status != .cancelled else { return }
        try tx.publish(
            status == .completed ? "crawl.completed" : "crawl.failed", crawl.subject,
            ["url": .string(crawl.url), "pages": JSON(crawl.pages), "reason": JSON(reason)])
    }

    func add(_ pages: some Sequence<CrawlPage>, to crawl: ID<Crawl>) throws {
        for page in pages {
            try tx.run(
                """
                INSERT INTO crawl_pages (tenant_id, crawl_id, number, kind, state, url, depth, attempts, bytes,
                    outcome, reason, links)
                VALUES (\(tx.tenant), \(crawl), \(page.number), \(page.kind.rawValue), \(page.state.rawValue),
                    \(page.url), \(page.depth), \(page.attempts), 0, \(page.outcome?.rawValue),
                    \(page.reason?.rawValue), '[]')
                """)
        }
    }

    /// Marks that a page is about to be asked for.
    func mark(_ page: CrawlPage, of crawl: ID<Crawl>) throws {
        try tx.run(
            """
            UPDATE crawl_pages SET state = \(page.state.rawValue), attempts = \(page.attempts),
                fetched_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND crawl_id = \(crawl) AND number = \(page.number)
            """)
    }

    func save(_ page: CrawlPage, of crawl: ID<Crawl>) throws {
        let key = page.isKept ? page.finalURL.flatMap { PageAddress($0) }?.key : nil
        let links = JSON(page.links).serialized
        try tx.run(
            """
            UPDATE crawl_pages SET state = \(page.state.rawValue), attempts = \(page.attempts),
                final_url = \(page.finalURL), final_key = \(key), status = \(page.status),
                outcome = \(page.outcome?.rawValue), reason = \(page.reason?.rawValue),
                content_type = \(page.contentType), charset = \(page.charset), title = \(page.title),
                language = \(page.language), bytes = \(page.bytes), etag = \(page.etag),
                last_modified = \(page.lastModified),
                content_hash = \(page.contentHash), links = \(links),
                likeness = \(page.likeness.map { Int64(bitPattern: $0.bits) }),
                words = \(page.likeness?.words), facts = \(try facts(of: page, key: key))
            WHERE tenant_id = \(tx.tenant) AND crawl_id = \(crawl) AND number = \(page.number)
            """)
    }

    /// A page that has not changed says what it said.
    private func facts(of page: CrawlPage, key: String?) throws -> String? {
        guard page.outcome == .unchanged, let key else { return page.facts }
        return try tx.first(
            """
            SELECT facts FROM crawl_pages WHERE tenant_id = \(tx.tenant) AND final_key = \(key)
                AND facts IS NOT NULL ORDER BY fetched_at DESC LIMIT 1
            """
        ) { $0.text(0) }
    }

    func forget(_ page: CrawlPage, of crawl: ID<Crawl>) throws {
        try tx.run(
            """
            DELETE FROM crawl_pages
            WHERE tenant_id = \(tx.tenant) AND crawl_id = \(crawl) AND number = \(page.number)
            """)
    }

    func save(_ answer: SiteAnswer, of origin: String, for crawl: ID<Crawl>) throws {
        try tx.run(
            """
            INSERT INTO crawl_hosts (tenant_id, crawl_id, origin, status, is_refused, body)
            VALUES (\(tx.tenant), \(crawl), \(origin), \(answer.status), \(answer.isRefused ? 1 : 0),
                \(answer.body))
            ON CONFLICT DO NOTHING
            """)
    }

    /// Drops what only a crawl under way needs: the rules of its sites.
    private func dropWorkings(of id: ID<Crawl>) throws {
        try tx.run("DELETE FROM crawl_hosts WHERE tenant_id = \(tx.tenant) AND crawl_id = \(id)")
    }

    /// Forgets what the sites of some leads have said, and returns the addresses of these sites.
    func forgetFacts(ofLeads leads: [String]) throws -> [String] {
        let urls = try tx.all(
            "SELECT DISTINCT url FROM crawls WHERE tenant_id = \(tx.tenant) AND lead_id IN \(list: leads)"
        ) { $0.text(0) }
        guard !urls.isEmpty else { return [] }
        try tx.run(
            """
            UPDATE crawl_pages SET facts = NULL WHERE tenant_id = \(tx.tenant) AND facts IS NOT NULL
                AND crawl_id IN (SELECT id FROM crawls
                    WHERE crawls.tenant_id = \(tx.tenant) AND crawls.url IN \(list: urls))
            """)
        return urls
    }

    /// Forgets what pages have said that were read before a time; what a page was called and what became of it stays.
    func expireFacts(before limit: Instant) throws {
        try tx.run(
            """
            UPDATE crawl_pages SET facts = NULL
            WHERE tenant_id = \(tx.tenant) AND facts IS NOT NULL AND fetched_at < \(limit)
            """)
    }
}
