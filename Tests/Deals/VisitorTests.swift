import HTTPServer
import Testing

@testable import Deals

@Suite struct VisitorTests {
    private func looks(_ headers: [(String, String)], method: String = "GET") throws -> Bool {
        try #require(RequestHead(method: method, target: "/p/x", headers: headers)).looksLikeBrowser
    }

    private let html = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")

    @Test func `a browser is one, whatever it is called`() throws {
        #expect(try looks([html]))
        #expect(try looks([html, ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0")]))
    }

    @Test(arguments: [
        "Googlebot/2.1", "facebookexternalhit/1.1", "Slackbot-LinkExpanding 1.0", "WhatsApp/2.23",
        "Mozilla/5.0 (compatible; bingpreview/1.0b)", "Proofpoint URL scanner",
    ])
    func `who looks at links before people do is none`(agent: String) throws {
        #expect(try !looks([html, ("User-Agent", agent)]))
    }

    @Test func `what asks for no page, or fetches it ahead, is none`() throws {
        #expect(try !looks([("Accept", "*/*")]))
        #expect(try !looks([]))
        #expect(try !looks([html, ("Sec-Purpose", "prefetch;prerender")]))
        #expect(try !looks([html, ("Purpose", "prefetch")]))
        #expect(try !looks([html], method: "POST"))
    }
}

@Suite struct DealStageTests {
    @Test func `open stages move freely, won stays, lost may be opened again`() {
        for stage in Deal.Stage.open { #expect(stage.allowed.count == Deal.Stage.allCases.count - 1) }
        #expect(Deal.Stage.won.allowed.isEmpty)
        #expect(Deal.Stage.lost.allowed == Deal.Stage.open)
        #expect(throws: (any Error).self) { try Deal.Stage.lost.requireTransition(to: .won) }
    }

    @Test func `later stages are likelier`() {
        let likely = Deal.Stage.open.map(\.probability)
        #expect(likely == likely.sorted() && Set(likely).count == likely.count)
    }
}
