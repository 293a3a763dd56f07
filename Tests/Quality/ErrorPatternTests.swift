import JSON
import Records
import Telemetry
import Testing

@testable import Quality

struct `Error patterns` {
    private static let today = CivilDate(year: 2027, month: 1, day: 15)

    /// A pattern with so many errors on the days before, the last of them today.
    private func pattern(_ counts: [Int]) -> ErrorPattern {
        var pattern = ErrorPattern()
        pattern.firstAt = Instant("2027-01-01T00:00:00Z")!
        pattern.lastAt = Instant("2027-01-15T12:00:00Z")!
        for (offset, count) in counts.reversed().enumerated() where count > 0 {
            pattern.add(count, on: Self.today.adding(days: -offset))
        }
        pattern.judge(on: Self.today)
        return pattern
    }

    @Test func `rise, fall and stay by the week before`() {
        #expect(pattern([2, 2, 2, 2, 2, 2, 2, 20]).trend == .rising)
        #expect(pattern([20, 20, 20, 20, 20, 20, 20, 2]).trend == .falling)
        #expect(pattern([5, 5, 5, 5, 5, 5, 5, 5]).trend == .steady)
        // Half as many more is the bound, and half as many less.
        #expect([15, 16].map { pattern([10, 10, 10, 10, 10, 10, 10, $0]).trend } == [.steady, .rising])
        #expect([5, 4].map { pattern([10, 10, 10, 10, 10, 10, 10, $0]).trend } == [.steady, .falling])
        #expect([2, 3].map { pattern([0, 0, 0, 1, 0, 0, 0, $0]).trend } == [.steady, .rising])
    }

    @Test func `are expected again as they have come, recent days counting more`() {
        #expect(pattern([5, 5, 5, 5, 5, 5, 5, 5]).expectedTomorrow == 5)
        // Today counts whole, yesterday half as much, and the day a week ago an eighth.
        let eights = (0..<8).map { day in pattern((0..<8).map { $0 == day ? 8 : 0 }).expectedTomorrow }
        #expect(eights == [0.4, 0.4, 0.5, 0.6, 0.7, 1, 1.5, 2.9])
    }

    @Test func `forget days that are long ago`() {
        var old = pattern([3])
        old.judge(on: Self.today.adding(days: 30))
        #expect(old.days.members.isEmpty && old.expectedTomorrow == 0)
    }

    @Test(arguments: [
        ("http_500", ErrorPattern.Category.provider), ("postmark_503", .provider),
        ("mailgun_401", .authentication),
        ("http_429", .rateLimit), ("timeout", .timeout), ("connect", .network), ("unavailable", .provider),
        ("internal_error", .inside), ("database_unavailable", .database), ("rows_refused", .validation),
        ("http_404", .validation), ("unauthenticated", .authentication),
        ("invalid_signature", .authentication), ("http_403", .authentication), ("rate_limited", .rateLimit),
        ("http_408", .timeout), ("http_504", .timeout), ("agent_timeout", .timeout), ("tls", .network),
        ("dns", .network), ("disconnected", .network), ("not_stored", .database),
        ("invalid_answer", .provider), ("quarantined", .inside), ("invalid_email", .validation),
    ])
    func `are of a kind that their code tells`(code: String, category: ErrorPattern.Category) {
        #expect(ErrorPattern.Category(code: code) == category)
    }
}
