import Crawling
import HTTPClient
import Markup
import Telemetry
import Testing

@testable import Discovery

/// A crawl asks for each address once, the nearest first, and ends whatever a site leads it into.
@Suite struct CrawlFrontierTests {
    private let start = Instant(seconds: 1_767_225_600)

    private func frontier(pagesMax: Int = 200, depth: Int = 3) throws -> CrawlFrontier {
        var frontier = CrawlFrontier([], pagesMax: pagesMax, depth: depth)
        _ = frontier.begin(at: try #require(PageAddress("https://x.example/")))
        return frontier
    }

    /// Visits pages until none is left, or a thousand; each leads where `links` says. Returns what was asked for.
    private func crawl(
        _ frontier: inout CrawlFrontier, links: (CrawlPage) -> [String],
        text: (CrawlPage) -> String? = { _ in nil }
    ) -> [String] {
        var asked: [String] = []
        while asked.count < 1000, let place = frontier.next(at: start)?.place {
            var page = frontier.pages[place]
            (page.state, page.links) = (.done, links(page))
            page.likeness = text(page).map { TextLikeness($0) }
            asked.append(String(page.url.dropFirst("https://x.example".count)))
            frontier.replace(page)
            _ = frontier.follow(page) { !$0.path.hasPrefix("/barred") }
        }
        return asked
    }

    private static let names = "abcdefghijklmnopqrstuvwxyz".map { "\($0)" }

    @Test func `so many pages are asked for and no more, and those that are barred do not count`() throws {
        var frontier = try frontier(pagesMax: 8)
        let asked = crawl(&frontier) { page in
            Self.names.prefix(10).flatMap { ["\(page.url)\($0)/", "https://x.example/barred/\($0)"] }
        }
        #expect(asked == ["/"] + Self.names.prefix(7).map { "/\($0)/" })
        let barred = frontier.pages.filter { $0.reason == .robotsDisallowed }
        #expect(!barred.isEmpty && barred.allSatisfy { $0.attempts == 0 } && frontier.pages.count <= 16)
    }

    @Test(arguments: [0, 1, 3])
    func `no page is further from home than was said`(_ depth: Int) throws {
        var frontier = try frontier(depth: depth)
        let asked = crawl(&frontier) { page in ["\(page.url)\(Self.names[page.depth])/"] }
        #expect(asked == (0...depth).map { "/" + Self.names.prefix($0).map { $0 + "/" }.joined() })
    }

    @Test func `each address is asked for once, and the nearest come first`() throws {
        var frontier = try frontier()
        let asked = crawl(&frontier) { page in
            ["https://x.example/", "https://x.example/b#top", "https://x.example/a", page.url + "/c"]
        }
        #expect(Set(asked).count == asked.count)
        let depths = frontier.pages.map(\.depth)
        #expect(depths == depths.sorted() && asked.prefix(3) == ["/", "/b", "/a"], "\(asked)")
    }

    @Test func `a calendar that counts on, and a path that repeats itself, end`() throws {
        var months = try frontier()
        let asked = crawl(&months) { page in
            let number = Int(page.url.filter(\.isNumber)) ?? 0
            return (1...9).map { "https://x.example/cal?month=\(number * 9 + $0)" }
        }
        #expect(asked.count == 1 + 24, "\(asked)")
        var loop = try frontier()
        #expect(crawl(&loop) { [$0.url + "more/"] } == ["/", "/more/", "/more/more/"])
    }

    @Test func `a page that says what another one has said leads nowhere`() throws {
        var frontier = try frontier()
        let words = (0..<200).map { "word\($0 * 7919 % 101) about \($0 % 13)" }.joined(separator: " ")
        let asked = crawl(&frontier) { page in
            page.depth == 0 ? ["https://x.example/a", "https://x.example/b"] : [page.url + "/deeper"]
        } text: {
            $0.depth == 0 ? "home" : words
        }
        #expect(asked == ["/", "/a", "/b", "/a/deeper"])
    }

    @Test func `whoever wants to be asked later is, and others come first`() throws {
        var frontier = try frontier()
        var home = frontier.pages[0]
        (home.state, home.links) = (.done, ["https://x.example/a", "https://x.example/b"])
        frontier.replace(home)
        let added = frontier.follow(home) { _ in true }
        frontier.postpone(added[0], until: start + .seconds(5))
        let first = try #require(frontier.next(at: start))
        #expect(frontier.pages[first.place].url == "https://x.example/b" && first.pause == .zero)
        var other = frontier.pages[first.place]
        other.state = .done
        frontier.replace(other)
        let last = try #require(frontier.next(at: start))
        #expect(frontier.pages[last.place].url == "https://x.example/a" && last.pause == .seconds(5))
    }

    @Test func `what was too large or came too late is told as such`() {
        #expect(CrawlPage.Reason(.timeout(.seconds(20))) == .timedOut)
        #expect(CrawlPage.Reason(.tooLarge(limit: 5 << 20)) == .tooLarge)
        #expect(!CrawlPage.Reason.timedOut.isSkip && !CrawlPage.Reason.tooLarge.isSkip)
    }
}
