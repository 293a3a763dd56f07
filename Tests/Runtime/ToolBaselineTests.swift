import Templates
import Testing

@testable import Agents

struct `A tool's baseline` {
    struct Worsening: Sendable {
        let before: ToolUse, today: ToolUse
        /// Returns what is told; `nil`: nothing.
        let told: String?

        /// Of each: the calls, those that failed, and the milliseconds of one.
        init(_ before: (Int, Int, Int), _ today: (Int, Int, Int), told: String?) {
            (self.before, self.today, self.told) = (Self.use(before), Self.use(today), told)
        }

        private static func use(_ use: (calls: Int, failures: Int, time: Int)) -> ToolUse {
            ToolUse(calls: use.calls, failures: use.failures, duration: .milliseconds(use.calls * use.time))
        }
    }

    @Test(arguments: [
        // Three times as often, but only by four points.
        Worsening((100, 2, 100), (100, 6, 100), told: nil),
        // By fifteen points, but only half as often again.
        Worsening((100, 30, 100), (100, 45, 100), told: nil),
        Worsening((100, 10, 100), (100, 20, 100), told: "20 % of its calls fail, up from 10 %"),
        Worsening((100, 10, 100), (100, 19, 100), told: nil),
        // Ten points, which as fractions are more than ten.
        Worsening((100, 5, 100), (100, 15, 100), told: "15 % of its calls fail, up from 5 %"),
        Worsening((1000, 1, 100), (100, 20, 100), told: "20 % of its calls fail, up from < 1 %"),
        // Twice as long, but only by 80 ms.
        Worsening((100, 0, 60), (100, 0, 140), told: nil),
        // By 150 ms, but not twice as long.
        Worsening((100, 0, 400), (100, 0, 550), told: nil),
        Worsening((100, 0, 100), (100, 0, 200), told: "a call takes 200 ms, up from 100"),
        Worsening((100, 0, 100), (100, 0, 199), told: nil),
        // Of few calls nothing is told.
        Worsening((50, 0, 100), (20, 10, 100), told: "50 % of its calls fail, up from 0 %"),
        Worsening((49, 0, 100), (20, 10, 100), told: nil),
        Worsening((50, 0, 100), (19, 10, 100), told: nil),
        Worsening(
            (100, 10, 100), (100, 30, 300),
            told: "30 % of its calls fail, up from 10 %; a call takes 300 ms, up from 100"),
    ])
    func `is told worse from twice as much on, and by enough`(_ worsening: Worsening) {
        let drift = ToolBaseline(today: worsening.today, before: worsening.before).drift
        #expect(drift.map(\.english).joined(separator: "; ") == worsening.told ?? "")
    }
}
