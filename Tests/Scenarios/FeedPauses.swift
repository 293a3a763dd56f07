import Foundation
import JSON
import StandIns
import Testing

/// Feeds are read as often as they change, and not more often than they want.
@Suite(.ownThread) struct FeedPauses {
    private func set(_ web: CrawledWeb, _ titles: [String], wish: String = "") {
        let items = titles.map { "<item><guid>\($0)</guid><title>\($0)</title></item>" }.joined()
        web.set("busy.example/feed.xml") { _ in
            StandInAnswer(
                200, "<rss version=\"2.0\"><channel>\(wish)\(items)</channel></rss>",
                headers: [("Content-Type", "application/rss+xml")])
        }
    }

    @Test func `a feed is read by itself, sooner after news and later without any`() throws {
        let web = try CrawledWeb(), start = try Date(iso: "2027-03-01T08:00:00.000Z")
        let clock = try MovedClock(at: start)
        let server = try BureauProcess.start(web.settings, variables: clock.variables)
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/market_research", ["state": "active", "autonomy": "autopilot"])
            .ok()
        set(web, ["one"])
        let rival = try agency.owner.post(
            "/v1/competitors", ["name": "Busy", "feeds": ["http://busy.example/feed.xml"]]
        ).ok(201)
        let first = try agency.owner.ended(
            "/v1/agents/market_research/runs", ["parameters": ["competitor_id": .string(rival.id)]])
        #expect(first.text("status") == "succeeded", "\(first)")
        func reads() -> Int { web.asked("busy.example").count { $0 == "/feed.xml" } }
        /// The minutes from the last look to the next.
        func pause(_ owner: Caller) throws -> Double {
            let watch = try #require(try owner.every("/v1/competitors/\(rival.id)/watches").first)
            let (read, due) = (try Date(iso: watch.text("read_at")), try Date(iso: watch.text("due_at")))
            return (due.timeIntervalSince(read) / 60 * 10).rounded() / 10
        }
        #expect(reads() == 1)
        #expect(try pause(agency.owner) == 30)
        /// Goes on by so many minutes from the start; what has become due is done then.
        func wait(until minutes: Double, reads count: Int) throws -> Caller {
            try clock.move(to: start.addingTimeInterval(minutes * 60))
            let owner = server.caller(try agency.signIn().text("access_token"))
            // A workflow that waits for a time is woken by work.
            _ = try owner.ended(
                "/v1/agents/market_research/runs", ["parameters": ["task": "findings"]])
            try eventuallyTrue("look \(count) at the feed") {
                let runs = try owner.every("/v1/agent-runs?agent=market_research&trigger=event")
                return reads() == count
                    && runs.allSatisfy { ["succeeded", "failed"].contains($0.text("status")) }
            }
            return owner
        }
        // Nothing new: half as long again.
        #expect(try pause(try wait(until: 40, reads: 2)) == 45)
        set(web, ["two", "one"])
        let owner = try wait(until: 100, reads: 3)
        #expect(try pause(owner) == 22.5)
        let titles = try owner.every("/v1/competitors/\(rival.id)/activity").map { $0.text("title") }
        #expect(Set(titles) == ["one", "two"])
        // The feed's wish goes before: a day between two looks.
        set(web, ["three", "two", "one"], wish: "<ttl>1440</ttl>")
        let later = try wait(until: 140, reads: 4)
        #expect(try pause(later) == 1440)
        let runs = try later.every("/v1/agent-runs?agent=market_research&trigger=event")
        #expect(runs.count == 3 && runs.allSatisfy { $0.text("status") == "succeeded" })
    }
}
