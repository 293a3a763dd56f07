package import Nouns
internal import Synchronization
package import Telemetry

/// Mints identifiers, each greater than the one before: within a millisecond, and while the clock
/// stands behind the last one, by adding one. One generator serves one clock.
package final class UniqueIDGenerator: Sendable {
    private struct State {
        var last = UniqueID(high: 0, low: 0)
        var words: [UInt64] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func next(at now: Instant) -> UniqueID {
        let milliseconds = UInt64(min(max(now.microseconds / 1000, 0), 1 << 48 - 1))
        return state.withLock { state in
            if milliseconds > state.last.high >> 16 {
                if state.words.count < 2 { state.words = Self.randomWords() }
                state.last = UniqueID(
                    high: milliseconds << 16 | state.words.removeLast() >> 48, low: state.words.removeLast())
            } else {
                let (low, isFull) = state.last.low.addingReportingOverflow(1)
                state.last = UniqueID(high: isFull ? state.last.high &+ 1 : state.last.high, low: low)
            }
            return state.last
        }
    }

    private static func randomWords() -> [UInt64] {
        let bytes = SystemRandom.bytes(2048)
        return stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
