import Records
import Telemetry
import Testing

@testable import Agents
@testable import RuntimeTesting

struct `The pacing of a limit` {
    private let start = Instant("2027-01-05T10:00:00Z")!

    private func window(_ limit: Int, seconds: Int64 = 60) -> PacedWindow {
        PacedWindow(limit: limit, from: start, to: start + .seconds(seconds))
    }

    /// After how many seconds of the window the next call may go; 0 for at once.
    private func wait(
        _ pacing: Pacing, used: Int, ahead: Int = 0, of limit: Int, at seconds: Int64 = 0
    ) -> Int64 {
        let now = start + .seconds(seconds)
        let next = pacing.algorithm.next(
            used: used, ahead: ahead, kept: nil, in: window(limit), at: now)
        return max(0, (next - now).components.seconds)
    }

    @Test func `as spread begins at four fifths, each call at its share of the window`() {
        #expect(wait(.spread, used: 7, of: 10) == 0)
        #expect(wait(.spread, used: 8, of: 10) == 48)
        #expect(wait(.spread, used: 8, ahead: 1, of: 10) == 54)
        #expect(wait(.spread, used: 8, of: 10, at: 48) == 0)
        #expect(wait(.spread, used: 3, of: 4) == 0, "there is nothing to spread")
        #expect(wait(.spread, used: 4, of: 5) == 48)
    }

    @Test func `as a burst lets every call go at once`() {
        for used in 0...9 { #expect(wait(.burst, used: used, of: 10) == 0) }
    }

    @Test func `as a bucket lets a tenth go at once, and then one at each share of the window`() {
        let (bucket, window) = (Pacing.bucket.algorithm, window(30))
        var (kept, now, gone): (Instant?, Instant, [Int64]) = (nil, start, [])
        for used in 0..<6 {
            now = max(now, bucket.next(used: used, ahead: 0, kept: kept, in: window, at: now))
            kept = bucket.keep(kept, in: window, at: now)
            gone.append((now - start).components.seconds)
        }
        #expect(gone == [0, 0, 0, 2, 4, 6])
        // Calls that wait already go first.
        #expect(bucket.next(used: 6, ahead: 2, kept: kept, in: window, at: now) == start + .seconds(12))
        // However long nothing goes, no more than the tenth is saved up.
        let later = start + .seconds(50)
        let waits = (0..<5).map { _ in
            let next = bucket.next(used: 6, ahead: 0, kept: kept, in: window, at: later)
            kept = bucket.keep(kept, in: window, at: later)
            return next <= later
        }
        #expect(waits == [true, true, true, false, false])
    }

    @Test func `is the connector's own, and a limit holds with each`() async throws {
        for pacing in Pacing.allCases {
            let test = try TestRuntime.withTools()
            let ten = Connector.one.with(limits: ToolLimits(minute: 10), pacing: pacing)
            var gone: [Int64] = []
            while gone.count < 20, test.clock.now < start + .seconds(60) {
                if (try? await test.reach(ten, "k\(gone.count)")) != nil {
                    gone.append((test.clock.now - start).components.seconds)
                } else {
                    test.clock.advance(by: .seconds(1))
                }
            }
            let expected: [Int64] =
                switch pacing {
                case .spread: [0, 0, 0, 0, 0, 0, 0, 0, 48, 54]
                case .burst: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
                case .bucket: [0, 6, 12, 18, 24, 30, 36, 42, 48, 54]
                }
            #expect(gone == expected, "\(pacing)")
        }
    }

    @Test func `as a bucket gives those who wait a turn each`() async throws {
        let test = try TestRuntime.withTools()
        let ten = Connector.one.with(limits: ToolLimits(minute: 10), pacing: .bucket)
        try await test.reach(ten, "k1")
        var until: [Instant?] = []
        for number in 2...4 {
            until.append(
                try await test.write {
                    try $0.connectorTurns.waitFor(ten, "messenger", key: "k\(number)", .utc)?.until
                }
            )
        }
        let turns: [Instant?] = [start + .seconds(6), start + .seconds(12), start + .seconds(18)]
        #expect(until == turns)
        test.clock.advance(by: .seconds(6))
        await #expect(throws: ConnectorBusy.self) { try await test.permit(ten, "k3") }
        try await test.reach(ten, "k2")
    }
}
