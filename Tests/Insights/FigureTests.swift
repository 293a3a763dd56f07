import JSON
import Testing

@testable import Insights

struct `Figures of the dashboards` {
    @Test(
        arguments: [
            (1, 3, 33.33), (2, 3, 66.67), (1, 8, 12.5), (1, 800, 0.13), (1, 100_000, 0), (7, 7, 100),
            (3, 2, 150),
        ])
    func `give percent to two places`(part: Int, whole: Int, expected: Double) {
        #expect(JSON.percent(part, of: whole).double == expected)
    }

    @Test(arguments: [0, 5])
    func `are 0 percent of nothing, never a fault`(part: Int) {
        #expect(JSON.percent(part, of: 0) == 0)
    }

    @Test func `give amounts in whole units of their currency`() {
        #expect(JSON.plain(123_456, 100).double == 1234.56)
        #expect(JSON.plain(-50, 100).double == -0.5)
        // The yen has no minor unit, the dinar a thousand.
        #expect(JSON.plain(1200, 1).double == 1200)
        #expect(JSON.plain(1200, 1000).double == 1.2)
    }

    @Test func `count a deal as open until it is won or lost`() {
        #expect(DealStage.allCases.filter { !$0.isOpen } == [.won, .lost])
    }
}
