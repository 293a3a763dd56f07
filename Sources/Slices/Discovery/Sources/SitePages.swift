internal import Agents
internal import Crawling
internal import HTTPClient
internal import Jobs
internal import Markup
internal import Telemetry

/// The pages of directories, sites and feeds as sources read them: each by the crawler's queue, where the site's rules
/// allow it, within the bounds of every page. Failures are `ToolFailure`, with the words of crawls.
struct SitePages: Sendable {
    private static let bytesMax = 5 << 20
    private static let time = Duration.seconds(20)
    private static let redirectsMax = 5
    private static let attemptsMax = 3

    let crawler: Crawler

    /// An answer, and where it came from.
    struct Answer {
        let response: HTTPClientResponse
        let address: PageAddress
        /// It has moved there for good; `nil` where it has not moved, or not for good.
        var movedTo: PageAddress?
    }

    /// Asks for an address, and follows where it leads. `headers` go to the address itself, which may answer then that
    /// nothing has changed (304); `asked` hears of each request, and `answered` of the status of each answer.
    func ask(
        _ start: PageAddress, headers: [(name: String, value: String)] = [],
        asked: @Sendable () -> Void = {}, answered: @Sendable (Int) -> Void = { _ in }
    ) async throws -> Answer {
        var address = start, left = Self.time, seen: Set<String> = [], attempts = 0
        var moved: PageAddress?, isForGood = true
        while seen.count <= Self.redirectsMax {
            try await checkRules(of: address)
            let response: HTTPClientResponse, took: Duration
            do {
                asked()
                (response, took) = try await crawler.ask(
                    address, headers: seen.isEmpty ? headers : [], bodyLimit: .fail(Self.bytesMax),
                    within: left)
            } catch is Crawler.Closed {
                throw Self.failure(.rateLimited, isRetryable: true)
            } catch let error as HTTPClientError {
                throw Self.failure(CrawlPage.Reason(error), isRetryable: true)
            }
            left = max(.milliseconds(500), left - took)
            answered(response.status)
            switch response.status {
            case _ where response.isCut: throw Self.failure(.truncated, isRetryable: true)
            case 200..<300: return Answer(response: response, address: address, movedTo: moved)
            case 304 where seen.isEmpty && !headers.isEmpty:
                return Answer(response: response, address: address)
            case 301, 302, 303, 307, 308:
                guard let location = response.header("Location"),
                    let next = PageAddress(location, from: address)
                else { throw Self.failure(.invalidURL) }
                if next.port != nil { throw Self.failure(.refusedAddress) }
                guard seen.insert(next.description).inserted else { throw Self.failure(.tooManyRedirects) }
                isForGood = isForGood && [301, 308].contains(response.status)
                if isForGood { moved = next }
                address = next
            case 429, 503:
                attempts += 1
                let pause = response.header("Retry-After").flatMap { RetryAfter.pause($0, at: .wallClock()) }
                guard let pause, pause < Crawler.pauseMax, attempts < Self.attemptsMax else {
                    throw Self.failure(.rateLimited, isRetryable: true, after: pause)
                }
                await systemWait(until: .steadyClock() + pause)
                try Task.checkCancellation()
            case 401, 402, 403, 407, 451: throw Self.failure(.accessDenied)
            case 500...: throw Self.failure(.serverError, isRetryable: true)
            default: throw Self.failure(.notFound)
            }
        }
        throw Self.failure(.tooManyRedirects)
    }

    /// Returns a page as a document; throws for what is no page, or does not want to be read.
    func page(
        _ start: PageAddress, asked: @Sendable () -> Void = {}
    ) async throws -> (document: MarkupDocument, address: PageAddress) {
        let answer = try await ask(start, asked: asked)
        guard PageContent.isPage(answer.response) else { throw Self.failure(.wrongType) }
        let type = answer.response.header("Content-Type") ?? ""
        let text = DecodedText(answer.response.body, header: PageContent.charset(of: type)).text
        let document = MarkupDocument(html: text)
        let directives = IndexingDirectives(
            headers: answer.response.headers, page: document, for: Crawler.name)
        guard try await isOpen(answer.address, directives) else { throw Self.failure(.noindex) }
        return (document, answer.address)
    }

    /// Returns whether what an address answers may be kept and mined: its own word counts before the file of
    /// its site.
    func isOpen(_ address: PageAddress, _ directives: IndexingDirectives) async throws -> Bool {
        guard !directives.forbidsIndex else { return false }
        if let own = directives.reservesMining { return !own }
        guard await crawler.rules(of: address).allowsReservations else { return true }
        let answer = await crawler.reservations(of: address)
        try Task.checkCancellation()
        return !answer.reserves(address)
    }

    private func checkRules(of address: PageAddress) async throws {
        let answer = await crawler.rules(of: address)
        try Task.checkCancellation()
        if answer.isRefused { throw Self.failure(.refusedAddress) }
        switch answer.verdict {
        case .rules(let rules) where rules.allows(address.target): break
        case .rules, .closed: throw Self.failure(.robotsDisallowed)
        case .unreachable: throw Self.failure(.robotsUnreachable, isRetryable: true)
        }
    }

    private static func failure(
        _ reason: CrawlPage.Reason, isRetryable: Bool = false, after pause: Duration? = nil
    ) -> ToolFailure {
        ToolFailure(reason.rawValue, reason.words, isRetryable: isRetryable, retryAfter: pause)
    }
}

extension CrawlPage.Reason {
    /// The reason in words, for people.
    var words: String {
        switch self {
        case .robotsDisallowed: "the site's robots.txt does not allow it"
        case .robotsUnreachable: "the site's robots.txt cannot be read, so nothing may be asked for"
        case .refusedAddress: "the address is where this installation does not call"
        case .tooLarge: "the page is larger than a page may be"
        case .timedOut: "the site did not answer in time"
        case .truncated: "the page broke off"
        case .wrongType: "the answer is not a web page"
        case .tooManyRedirects: "the address leads from one place to another without end"
        case .accessDenied: "the site does not let anybody read it without signing in"
        case .notFound: "the page is not there"
        case .noindex: "the page does not want to be read by programs"
        case .rateLimited: "the site asks to be left alone for a while"
        case .serverError: "the site answers with an error"
        case .unreachable: "the site cannot be reached"
        case .invalidURL: "the address leads to one that cannot be asked"
        case .sandbox: "nothing is fetched in a sandbox"
        }
    }
}
