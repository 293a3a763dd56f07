import Database
import Nouns
import RuntimeTesting
import Telemetry
import Testing

@testable import Tenancy

struct `The use of sessions` {
    private let start = Instant(seconds: 2_000_000_000)
    private let agency = TenantID(rawValue: "tenant_1"), other = TenantID(rawValue: "tenant_2")

    private func taken(_ use: SessionUse, at now: Instant) -> [TenantID: [Instant]] {
        use.take(now: now).mapValues { $0.map(\.at) }
    }

    @Test func `is written once in some minutes, however many requests there are`() {
        let use = SessionUse()
        for second in 0..<299 { use.note(.numbered(1), of: agency, at: start + .seconds(second)) }
        #expect(taken(use, at: start + .seconds(299)) == [agency: [start]])
        use.note(.numbered(1), of: agency, at: start + .seconds(299))
        #expect(taken(use, at: start + .seconds(299)) == [:])
        let later = start + SessionUse.interval
        use.note(.numbered(1), of: agency, at: later)
        #expect(taken(use, at: later) == [agency: [later]])
    }

    @Test func `is each session's own, in each agency`() {
        let use = SessionUse()
        use.note(.numbered(1), of: agency, at: start)
        use.note(.numbered(2), of: agency, at: start)
        use.note(.numbered(1), of: other, at: start)
        #expect(taken(use, at: start) == [agency: [start, start], other: [start]])
    }
}
