import Telemetry
import Testing

@testable import Sync

struct `The patience with an entry` {
    private static let start = Instant(microseconds: 1_900_000_000_000_000)

    private func wait(
        after minutes: Int64 = 0, hasEnded: Bool = true, lag: Duration = .zero
    ) -> Duration {
        let asked = Self.start + .seconds(60 * minutes)
        return HistoryPatience(tried: Self.start, asked: asked, hasEnded: hasEnded).next(lag: lag) - asked
    }

    @Test func `looks for it when the service can know, and no call for it can be under way any more`() {
        #expect(wait() == .zero && wait(lag: .seconds(60)) == .seconds(60))
        #expect(wait(hasEnded: false) == .seconds(60))
        #expect(wait(hasEnded: false, lag: .seconds(90)) == .seconds(90))
    }

    @Test func `asks ever more seldom, and gives up in the end`() {
        #expect(wait(after: 4) == .seconds(60) && wait(after: 20) == .seconds(300))
        #expect(wait(after: 600) == .seconds(600))
        func isOver(after time: Duration) -> Bool {
            HistoryPatience(tried: Self.start, asked: Self.start + time, hasEnded: true).isOver
        }
        #expect(!isOver(after: .zero) && !isOver(after: .seconds(12 * 3600 - 1)))
        #expect(isOver(after: .seconds(12 * 3600)))
    }

    @Test func `leaves a service alone for longer, the more entries are in doubt`() {
        #expect([0, 1, 2, 3, 20].map(HistoryPatience.pause) == [2, 30, 60, 120, 600].map { .seconds($0) })
    }
}
