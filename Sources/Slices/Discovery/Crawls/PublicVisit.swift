internal import Agents
internal import Crawling
internal import HTTPClient
internal import Markup
internal import Records
internal import Synchronization

/// Reads one public address for another module, as sources read their pages.
struct PublicVisit {
    let crawler: Crawler

    func ask(_ question: PublicQuestion) async throws -> PublicAnswer {
        let status = Mutex<Int?>(nil)
        do {
            let site = SitePages(crawler: crawler)
            let answer = try await site.ask(
                question.address, headers: Self.headers(question),
                answered: { answered in status.withLock { $0 = answered } })
            if answer.response.status == 304 { return .unchanged }
            return try await Self.content(of: answer, site)
        } catch let failure as ToolFailure {
            return .none(reason: failure.code, status: status.withLock { $0 })
        }
    }

    /// Leaves a hub the wish to be told of a feed's changes, as one of the requests that its host gets.
    func subscribe(_ wish: FeedSubscription) async {
        let form = wish.fields.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
        // A hub that is out of reach is asked again another day.
        _ = try? await crawler.ask(
            wish.hub, headers: [("Content-Type", "application/x-www-form-urlencoded")],
            form: Array(form.utf8), bodyLimit: .truncate(1000), within: .seconds(20))
    }

    private static func headers(_ question: PublicQuestion) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let etag = question.etag { headers.append(("If-None-Match", etag)) }
        if let date = question.lastModified { headers.append(("If-Modified-Since", date)) }
        return headers
    }

    /// A feed is told by its outermost element, whatever the header says.
    private static func content(of answer: SitePages.Answer, _ site: SitePages) async throws -> PublicAnswer {
        let (response, address) = (answer.response, answer.address)
        let charset = response.header("Content-Type").flatMap { PageContent.charset(of: $0) }
        let kind: PublicContent.Kind, directives: IndexingDirectives
        if let feed = Feed(response.body, charset: charset, from: address) {
            directives = IndexingDirectives(headers: response.headers, page: nil, for: Crawler.name)
            kind = .feed(feed)
        } else {
            guard PageContent.isPage(response) else {
                return .none(reason: CrawlPage.Reason.wrongType.rawValue, status: response.status)
            }
            let read = PageContent(response, at: address)
            directives = read.directives
            kind = .page(
                PublicPage(
                    title: read.title, text: read.text,
                    feeds: OfferedFeeds.addresses(in: read.page, at: address), document: read.page))
        }
        guard try await site.isOpen(address, directives) else {
            return .none(reason: CrawlPage.Reason.noindex.rawValue, status: response.status)
        }
        var content = PublicContent(
            kind, at: address, etag: response.header("ETag").flatMap { $0.utf8.count <= 200 ? $0 : nil },
            lastModified: response.header("Last-Modified").flatMap { $0.utf8.count <= 100 ? $0 : nil })
        content.movedTo = answer.movedTo
        content.freshFor = response.header("Cache-Control").flatMap(Self.age)
        return .content(content)
    }

    /// The time of `max-age`; at most a day.
    static func age(_ control: String) -> Duration? {
        let parts = control.lowercased().split { $0 == "," || $0 == " " }
        guard !parts.contains("no-cache"), !parts.contains("no-store") else { return nil }
        return parts.lazy.compactMap { part -> Duration? in
            guard part.hasPrefix("max-age="), let seconds = Int64(part.dropFirst(8)) else { return nil }
            return .seconds(min(max(seconds, 0), 86_400))
        }.first
    }
}
