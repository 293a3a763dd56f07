internal import Agents
internal import Crawling
internal import HTTPClient
internal import Markup
internal import Synchronization

/// Reads one public address for another module, as sources read their pages.
struct PublicVisit {
    let crawler: Crawler

    func ask(_ question: PublicQuestion) async throws -> PublicAnswer {
        let status = Mutex<Int?>(nil)
        do {
            let answer = try await SitePages(crawler: crawler).ask(
                question.address, headers: Self.headers(question),
                answered: { answered in status.withLock { $0 = answered } })
            if answer.response.status == 304 { return .unchanged }
            return Self.content(answer.response, at: answer.address)
        } catch let failure as ToolFailure {
            return .none(reason: failure.code, status: status.withLock { $0 })
        }
    }

    private static func headers(_ question: PublicQuestion) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let etag = question.etag { headers.append(("If-None-Match", etag)) }
        if let date = question.lastModified { headers.append(("If-Modified-Since", date)) }
        return headers
    }

    /// A feed is told by its outermost element, whatever the header says.
    private static func content(_ response: HTTPClientResponse, at address: PageAddress) -> PublicAnswer {
        let etag = response.header("ETag").flatMap { $0.utf8.count <= 200 ? $0 : nil }
        let date = response.header("Last-Modified").flatMap { $0.utf8.count <= 100 ? $0 : nil }
        let charset = response.header("Content-Type").flatMap { PageContent.charset(of: $0) }
        if let feed = Feed(response.body, charset: charset, from: address) {
            let directives = IndexingDirectives(
                headers: response.headers, page: MarkupDocument(html: ""), for: Crawler.name)
            guard !directives.forbidsIndex, directives.reservesMining != true else {
                return .none(reason: CrawlPage.Reason.noindex.rawValue, status: response.status)
            }
            return .content(PublicContent(.feed(feed), at: address, etag: etag, lastModified: date))
        }
        guard PageContent.isPage(response) else {
            return .none(reason: CrawlPage.Reason.wrongType.rawValue, status: response.status)
        }
        let read = PageContent(response, at: address)
        guard !read.directives.forbidsIndex, read.directives.reservesMining != true else {
            return .none(reason: CrawlPage.Reason.noindex.rawValue, status: response.status)
        }
        let page = PublicPage(
            title: read.title, text: read.text, feeds: OfferedFeeds.addresses(in: read.page, at: address),
            document: read.page)
        return .content(PublicContent(.page(page), at: address, etag: etag, lastModified: date))
    }
}
