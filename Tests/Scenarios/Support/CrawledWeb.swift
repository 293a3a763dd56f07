import JSON
import StandIns
import Synchronization
import Testing

/// Hosts by name behind one stand-in, whose pages a test sets by host and path.
final class CrawledWeb: Sendable {
    typealias Answer = @Sendable (ReceivedRequest) -> StandInAnswer

    private final class Pages: Sendable { let answers = Mutex<[String: Answer]>([:]) }

    private let pages: Pages
    private let web: StandIn

    init() throws {
        let pages = Pages()
        self.pages = pages
        web = try StandIn { request in
            let host = request.header("Host") ?? ""
            let path = String(request.target.prefix { $0 != "?" })
            let answer = pages.answers.withLock { $0[host + path] }
            return answer?(request) ?? StandInAnswer(404, "")
        }
    }

    /// The setting that resolves every host of `.example` to this server, and no other name of the machine. Who is
    /// asked by TLS, as services that answer everybody are, refuses at once: no test waits for the world's name
    /// servers.
    var settings: [String: String] {
        [
            "outbound.connect_to": "*.example:80=127.0.0.1:\(web.port),*:443=127.0.0.1:9",
            "outbound.allow_private": "false", "crawler.delay_ms": "0",
        ]
    }

    func set(_ address: String, _ answer: @escaping Answer) {
        pages.answers.withLock { $0[address] = answer }
    }

    func has(_ address: String) -> Bool { pages.answers.withLock { $0[address] != nil } }

    func page(
        _ address: String, _ title: String = "Page", links: [String] = [], head: String = "",
        headers: [(String, String)] = []
    ) {
        let anchors = links.map { "<a href=\"\($0)\">\($0)</a>" }.joined(separator: " ")
        let html =
            "<html><head><title>\(title)</title>\(head)</head><body><h1>\(title)</h1>\(anchors)</body></html>"
        set(address) { _ in
            StandInAnswer(200, html, headers: [("Content-Type", "text/html; charset=utf-8")] + headers)
        }
    }

    /// The targets that a host was asked for, in order.
    func asked(_ host: String) -> [String] {
        web.requests.filter { $0.header("Host") == host }.map(\.target)
    }

    func requests(_ host: String) -> [ReceivedRequest] { web.requests.filter { $0.header("Host") == host } }
}

extension Caller {
    /// Crawls to the end; returns the crawl, and its pages by path.
    func crawled(
        _ url: String, _ more: JSON = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (crawl: JSON, pages: [String: JSON]) {
        let body: JSON = ["url": .string(url)]
        let crawl = try ended("/v1/crawls", body.merging(more), sourceLocation: sourceLocation)
        return (crawl, try pages(of: crawl))
    }

    func pages(of crawl: JSON) throws -> [String: JSON] {
        let pages = try every("/v1/crawls/\(crawl.id)/pages").map { page in
            let url = page.text("url").split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)[
                2]
            return (String(url[(url.firstIndex(of: "/") ?? url.endIndex)...]), page)
        }
        return Dictionary(uniqueKeysWithValues: pages)
    }
}
