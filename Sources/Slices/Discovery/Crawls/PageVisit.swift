internal import Crawling
internal import Database
internal import Extraction
internal import HTTPClient
internal import JSON
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// The asking for one page: through its redirects, each to where rules and addresses allow, to its outcome.
struct PageVisit {
    private static let bytesMax = 5 << 20
    private static let time = Duration.seconds(20)
    private static let redirectsMax = 5
    private static let attemptsMax = 3

    let crawl: ID<Crawl>
    /// Links of pages at this depth are not followed.
    private let depthMax: Int
    let job: JobContext
    let crawler: Crawler
    /// The addresses that the crawl has asked for.
    private(set) var asked: Set<String>
    /// The rules that the crawl goes by, by origin.
    private(set) var rules: [String: SiteAnswer]
    /// Reads facts off the pages; `nil` where nobody wants them.
    private var reader: SiteReader?

    init(
        _ crawl: Crawl, _ job: JobContext, _ crawler: Crawler, asked: Set<String>,
        rules: [String: SiteAnswer], reader: SiteReader?
    ) {
        (self.crawl, depthMax, self.job, self.crawler) = (crawl.id, crawl.depth, job, crawler)
        (self.asked, self.rules, self.reader) = (asked, rules, reader)
    }

    /// The end of a visit.
    enum End {
        case over
        /// The page is to be asked for again, not before then.
        case later(Duration)
    }

    /// Asks for a page, and fills in what came of it.
    mutating func visit(_ page: inout CrawlPage) async throws -> End {
        guard var address = PageAddress(page.url) else {
            page.end(.invalidURL)
            return .over
        }
        var left = Self.time, chain: Set<String> = []
        for hop in 0...Self.redirectsMax {
            if let refusal = try await refusal(of: address) {
                page.end(refusal)
                return .over
            }
            chain.insert(address.description)
            asked.insert(address.description)
            let response: HTTPClientResponse, took: Duration
            do {
                (response, took) = try await ask(address, &page, isFirst: hop == 0, within: left)
            } catch let reason as Refusal {
                page.end(reason.reason)
                return .over
            }
            left = max(.milliseconds(500), left - took)
            (page.status, page.finalURL) = (response.status, address.description)
            guard [301, 302, 303, 307, 308].contains(response.status),
                let location = response.header("Location")
            else { return try await finish(&page, response, address) }
            guard let target = PageAddress(location, from: address) else {
                page.end(.invalidURL)
                return .over
            }
            if chain.contains(target.description) { break }
            if target.port != nil {
                page.end(.refusedAddress)
                return .over
            }
            // The target is a page of the crawl, with an outcome of its own.
            if asked.contains(target.description) {
                (page.state, page.outcome) = (.done, .skipped)
                return .over
            }
            address = target
        }
        page.end(.tooManyRedirects)
        return .over
    }

    private struct Refusal: Error { let reason: CrawlPage.Reason }

    private func ask(
        _ address: PageAddress, _ page: inout CrawlPage, isFirst: Bool, within limit: Duration
    ) async throws -> (response: HTTPClientResponse, took: Duration) {
        let kept = try job.read { try $0.crawls.kept(address, withFacts: reader != nil) }
        var headers: [(name: String, value: String)] = []
        if page.kind == .page, let kept {
            if let etag = kept.etag { headers.append(("If-None-Match", etag)) }
            if let date = kept.lastModified { headers.append(("If-Modified-Since", date)) }
        }
        if isFirst {
            page.state = .asked
            page.attempts += 1
        }
        let (marked, job, crawl) = (page, job, crawl)
        do {
            return try await crawler.ask(
                address, headers: headers, bodyLimit: .fail(Self.bytesMax), within: limit
            ) {
                if isFirst { try await job.write { try $0.crawls.mark(marked, of: crawl) } }
            }
        } catch is Crawler.Closed {
            throw Refusal(reason: .rateLimited)
        } catch let error as HTTPClientError {
            throw Refusal(reason: CrawlPage.Reason(error))
        }
    }

    /// The reason not to ask for an address; asks for the site's rules first where nobody has.
    private mutating func refusal(of address: PageAddress) async throws -> CrawlPage.Reason? {
        let answer: SiteAnswer
        if let known = rules[address.origin] {
            answer = known
        } else {
            answer = await crawler.rules(of: address)
            try Task.checkCancellation()
            rules[address.origin] = answer
            let (origin, crawl) = (address.origin, crawl)
            try await job.write { try $0.crawls.save(answer, of: origin, for: crawl) }
        }
        if answer.isRefused { return .refusedAddress }
        switch answer.verdict {
        case .rules(let rules): return rules.allows(address.target) ? nil : .robotsDisallowed
        case .closed: return .robotsDisallowed
        case .unreachable: return .robotsUnreachable
        }
    }

    /// Returns whether a page is not to be mined: its own word counts before the site's file. `nil`: the page
    /// says nothing, and the file has to be asked for.
    private func isReserved(_ address: PageAddress, _ directives: IndexingDirectives) -> Bool? {
        if let own = directives.reservesMining { return own }
        if let known = rules[address.origin + MiningReservations.path] { return known.reserves(address) }
        return rules[address.origin]?.allowsReservations == true ? nil : false
    }

    /// Asks a site for what it reserves, once in the crawl.
    private mutating func askReservations(of address: PageAddress) async throws {
        let key = address.origin + MiningReservations.path
        let (answer, crawl) = (await crawler.reservations(of: address), crawl)
        try Task.checkCancellation()
        rules[key] = answer
        try await job.write { try $0.crawls.save(answer, of: key, for: crawl) }
    }

    // MARK: Answers

    private mutating func finish(
        _ page: inout CrawlPage, _ response: HTTPClientResponse, _ address: PageAddress
    ) async throws -> End {
        page.bytes = response.body.count
        page.contentType = response.header("Content-Type").map { String($0.prefix(200)) }
        switch response.status {
        case _ where response.isCut: page.end(.truncated)
        case 200..<300: try await read(&page, response, address)
        case 304:
            guard let kept = try job.read({ try $0.crawls.kept(address, withFacts: reader != nil) }) else {
                page.end(.serverError)
                break
            }
            let directives = IndexingDirectives(headers: response.headers, page: nil, for: Crawler.name)
            if isReserved(address, directives) == nil { try await askReservations(of: address) }
            guard isReserved(address, directives) == false else {
                page.end(.noindex)
                break
            }
            page.renew(kept)
        case 429, 503: return delay(&page, response)
        case 401, 402, 403, 407, 451: page.end(.accessDenied)
        case 500...: page.end(.serverError)
        default: page.end(.notFound)
        }
        return .over
    }

    private func delay(_ page: inout CrawlPage, _ response: HTTPClientResponse) -> End {
        let asked = response.header("Retry-After").flatMap { RetryAfter.pause($0, at: .wallClock()) }
        guard let pause = asked, pause < Crawler.pauseMax, page.attempts < Self.attemptsMax else {
            page.end(response.status == 503 && asked == nil ? .serverError : .rateLimited)
            return .over
        }
        page.state = .waiting
        return .later(pause)
    }

    private mutating func read(
        _ page: inout CrawlPage, _ response: HTTPClientResponse, _ address: PageAddress
    ) async throws {
        if page.kind == .sitemap {
            let map = Sitemap(response.body, from: address, bytesMax: Self.bytesMax)
            page.links = (map.sitemaps + map.pages).prefix(1000).map(\.address.description)
            (page.state, page.outcome) = (.done, .skipped)
            return
        }
        guard PageContent.isPage(response) else { return page.end(.wrongType) }
        if take(response, at: address, for: &page) { return }
        // It is parsed again then: as many sites are asked at once as there are crawls, and no page is held as a tree
        // meanwhile.
        try await askReservations(of: address)
        _ = take(response, at: address, for: &page)
    }

    /// Fills in what a page says. False, and nothing is filled in, where its site has to be asked for what it reserves.
    /// This waits for nothing: however many crawls run, as many pages are held as trees as Swift has threads for tasks,
    /// one a core.
    private mutating func take(
        _ response: HTTPClientResponse, at address: PageAddress, for page: inout CrawlPage
    ) -> Bool {
        let content = PageContent(response, at: address)
        let isBarred = content.directives.forbidsIndex ? true : isReserved(address, content.directives)
        guard let isBarred else { return false }
        page.links = content.links
        guard !isBarred else {
            page.end(.noindex)
            return true
        }
        (page.state, page.outcome) = (.done, .stored)
        (page.charset, page.title, page.language) = (content.charset, content.title, content.language)
        // The text itself is needed for nothing else.
        if page.depth < depthMax { page.likeness = TextLikeness(content.text) }
        page.etag = response.header("ETag").flatMap { $0.utf8.count <= 200 ? $0 : nil }
        page.lastModified = response.header("Last-Modified").flatMap { $0.utf8.count <= 100 ? $0 : nil }
        page.contentHash = PageContent.hash(of: response.body)
        if let reading = reader?.read(content, at: address, headers: response.headers) {
            page.facts = JSON.array(reading.facts.map(\.json)).serialized
            page.links = SiteReader.ordered(page.links, by: reading)
        }
        return true
    }
}

extension CrawlPage {
    /// Nothing has changed since it was kept.
    fileprivate mutating func renew(_ kept: CrawlPage) {
        (state, outcome) = (.done, .unchanged)
        (contentType, charset, title, bytes) = (kept.contentType, kept.charset, kept.title, kept.bytes)
        (etag, lastModified, contentHash) = (kept.etag, kept.lastModified, kept.contentHash)
        (links, language) = (kept.links, kept.language)
    }
}

extension CrawlPage.Reason {
    init(_ error: HTTPClientError) {
        self =
            switch error {
            case .invalidURL, .invalidRequest: .invalidURL
            case .refusedAddress: .refusedAddress
            case .timeout: .timedOut
            case .tooLarge: .tooLarge
            case .tooManyRedirects: .tooManyRedirects
            case .dns, .connect, .tls, .disconnected, .protocol, .downgrade, .closed: .unreachable
            }
    }
}
