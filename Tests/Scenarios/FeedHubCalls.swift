import Cryptography
import Foundation
import JSON
import StandIns
import Testing

/// Hubs of feeds (WebSub) that call several times in one instant, or while their feed is being read: what they tell of
/// is read, and told once.
@Suite(.ownThread) struct FeedHubCalls {
    private static let topic = "http://told.example/feed.xml", home = "https://bureau.example"

    /// A hub that was asked to call.
    private struct Hub: Sendable {
        let caller: Caller
        let path: String, secret: String

        /// Tells that the feed has changed; answers with the status.
        func tell() throws -> Int {
            let body = Array("<rss><channel></channel></rss>".utf8)
            let code = Hex.encode(HMAC.sha256(key: Array(secret.utf8), body))
            return try caller.request(
                "POST", path, raw: body,
                headers: ["Content-Type": "application/rss+xml", "X-Hub-Signature": "sha256=\(code)"]
            ).status
        }
    }

    /// A feed that wants hours of peace, and has a hub.
    private static func feed(_ titles: [String]) -> StandInAnswer {
        let items = titles.map { "<item><guid>\($0)</guid><title>\($0)</title></item>" }.joined()
        return StandInAnswer(
            200,
            "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><ttl>600</ttl>"
                + "<atom:link rel='hub' href='http://hub.example/'/>\(items)</channel></rss>")
    }

    @Test func `two calls at once are one look, and a call while the feed is read is one more`() throws {
        let web = try CrawledWeb()
        let server = try BureauProcess.start(web.settings.merging(["public_url": Self.home]) { $1 })
        let owner = try server.quietAgency().owner
        try owner.patch("/v1/agents/market_research", ["state": "active", "autonomy": "autopilot"]).ok()
        web.set("told.example/feed.xml") { _ in Self.feed(["One"]) }
        web.set("hub.example/") { _ in StandInAnswer(202, "") }
        let rival = try owner.post(
            "/v1/competitors", ["name": "Rival", "feeds": [.string(Self.topic)]]
        ).ok(201)
        _ = try owner.runAgent("market_research", ["competitor_id": .string(rival.id)])
        let hub = try confirmedHub(web, server.anonymous)
        func reads() -> Int { web.asked("told.example").count { $0 == "/feed.xml" } }
        func titles() throws -> [String] {
            try owner.every("/v1/competitors/\(rival.id)/activity").map { $0.text("title") }.sorted()
        }
        func look() throws { _ = try owner.runAgent("market_research", ["task": "feeds"]) }
        #expect(try reads() == 1 && titles() == ["One"])

        web.set("told.example/feed.xml") { _ in Self.feed(["One", "Two"]) }
        #expect(try together(2) { _ in try hub.tell() } == [204, 204])
        let planned = try owner.every("/v1/jobs?kind=market.feeds").filter { $0["finished_at"] == .null }
        #expect(planned.count == 1)
        try look()
        try look()
        #expect(try reads() == 2 && titles() == ["One", "Two"])

        // The entry that was read was written before the hub called.
        web.set("told.example/feed.xml") { _ in
            _ = try? hub.tell()
            return Self.feed(["One", "Two"])
        }
        #expect(try hub.tell() == 204)
        try look()
        #expect(reads() == 3)
        web.set("told.example/feed.xml") { _ in Self.feed(["One", "Two", "Three"]) }
        try look()
        #expect(try reads() == 4 && titles() == ["One", "Three", "Two"])
        try look()
        #expect(reads() == 4, "and rests again")
        #expect(try owner.every("/v1/events?type=competitor.activity").count == 3)
    }

    /// The hub as it was asked, once it has heard that it is wanted.
    private func confirmedHub(_ web: CrawledWeb, _ caller: Caller) throws -> Hub {
        let asked = try #require(web.requests("hub.example").first)
        let form = Dictionary(
            uniqueKeysWithValues: asked.text.split(separator: "&").map { field in
                let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts.last?.removingPercentEncoding ?? "")
            })
        let callback = try #require(form["hub.callback"])
        let hub = Hub(
            caller: caller, path: String(callback.dropFirst(Self.home.count)),
            secret: form["hub.secret"] ?? "")
        let query = "hub.mode=subscribe&hub.topic=\(Self.topic)&hub.challenge=c1&hub.lease_seconds=864000"
        #expect(try caller.get("\(hub.path)?\(query)").status == 200)
        return hub
    }
}
