import Telemetry
import Testing

@testable import Tenancy

struct `A limit of requests` {
    private let allowance = Allowance(perMinute: 60, burst: 10)
    private let noon = Instant(seconds: 2_000_000_000)

    @Test func `lets a burst in, and then as many as it says`() {
        let limiter = Limiter()
        func isAllowed(_ seconds: Int) -> Bool {
            limiter.take(allowance, now: noon + .seconds(seconds)).isAllowed
        }
        #expect((0..<12).count { _ in isAllowed(0) } == 10)
        #expect(limiter.take(allowance, now: noon).retryAfter == 1)
        #expect((0..<4).count { _ in isAllowed(3) } == 3)
        // Of requests that come together one may have begun before another.
        #expect(!isAllowed(2) && !isAllowed(-40))
    }

    @Test func `does not wait for a clock that was set back to show again what it did`() {
        let limiter = Limiter(), back = noon - .seconds(3600)
        for _ in 0..<10 { _ = limiter.take(allowance, now: noon) }
        #expect((0..<12).count { _ in limiter.take(allowance, now: back).isAllowed } == 10)
        #expect(limiter.take(allowance, now: back + .seconds(1)).isAllowed)
    }
}
