import Telemetry
import Testing

@testable import Market

struct `The pause between two looks at a feed` {
    @Test func `follows how often it changes, from a quarter of an hour to a day`() {
        #expect(FeedPause.next(after: nil, "stored") == .seconds(1800))
        #expect(FeedPause.next(after: .seconds(1800), "stored") == .seconds(900))
        #expect(FeedPause.next(after: .seconds(900), "stored") == .seconds(900))
        #expect(FeedPause.next(after: .seconds(1800), "unchanged") == .seconds(2700))
        #expect(FeedPause.next(after: .seconds(1800), "failed") == .seconds(3600))
        #expect(FeedPause.next(after: .seconds(80_000), "unchanged") == .seconds(86_400))
    }

    @Test func `is no shorter than the feed wants, and pages and feeds that are gone have none`() {
        let now = Instant(seconds: 1_800_000_000)
        var old = MarketWatchRow("", "https://site.example/feed", isOffered: false)
        (old.offerHash, old.outcome) = ("", "stored")
        var row = old
        row.plan(after: old, at: now)
        #expect(row.pause == .seconds(1800) && row.dueAt == now + .seconds(1800))
        row.nextAt = now + .seconds(7200)
        row.plan(after: old, at: now)
        #expect(row.dueAt == now + .seconds(7200))
        row.reason = MarketWatchRow.gone
        row.plan(after: old, at: now)
        #expect(row.pause == nil && row.dueAt == nil)
        var page = MarketWatchRow("", "https://site.example/", isOffered: false)
        (page.offerHash, page.outcome) = ("hash", "stored")
        page.plan(after: page, at: now)
        #expect(page.dueAt == nil)
    }
}
