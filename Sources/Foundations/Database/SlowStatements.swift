internal import Synchronization

/// A statement that took long at times.
package struct SlowStatement: Sendable, Hashable {
    /// The text with its parameters' places; it holds no values.
    package let text: String
    /// The number of times that it took long since the start of the process, the time in 95 of 100 of these cases, and
    /// the longest.
    package let calls: Int
    package let p95: Duration, longest: Duration
}

/// The statements that took long in this process, the most costly of them. What is quick is not measured at all.
package final class SlowStatements: Sendable {
    private struct Times {
        var calls = 0, longest: Int64 = 0, sum: Int64 = 0
        /// The last ones, in turn.
        var last: [Int64] = []
    }

    private static let textsMax = 200, timesKept = 64
    private let times = Mutex<[String: Times]>([:])
    /// The time from which a statement is kept.
    let limit_nanoseconds: Int64

    package init(longerThan limit: Duration = .milliseconds(20)) { limit_nanoseconds = limit.nanoseconds }

    func note(_ text: String, nanoseconds: Int64) {
        guard nanoseconds >= limit_nanoseconds else { return }
        times.withLock { times in
            if times[text] == nil, times.count >= Self.textsMax,
                let least = times.min(by: { $0.value.sum < $1.value.sum })
            {
                times[least.key] = nil
            }
            var known = times[text] ?? Times()
            if known.last.count < Self.timesKept {
                known.last.append(nanoseconds)
            } else {
                known.last[known.calls % Self.timesKept] = nanoseconds
            }
            (known.calls, known.sum) = (known.calls + 1, known.sum + nanoseconds)
            known.longest = max(known.longest, nanoseconds)
            times[text] = known
        }
    }

    /// Returns the statements that cost most in all, the most costly first.
    package func worst(limit: Int = 20) -> [SlowStatement] {
        times.withLock { $0 }.sorted { ($1.value.sum, $0.key) < ($0.value.sum, $1.key) }.prefix(limit).map {
            text, times in
            let sorted = times.last.sorted()
            let place = min(sorted.count - 1, sorted.count * 95 / 100)
            return SlowStatement(
                text: text, calls: times.calls, p95: .nanoseconds(sorted[place]),
                longest: .nanoseconds(times.longest))
        }
    }
}
