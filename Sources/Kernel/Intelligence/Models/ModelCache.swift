internal import Cryptography
internal import JSON
internal import Synchronization
package import Telemetry

/// Answers that were given before to the very same request of the same tenant: for requests that name a
/// temperature of 0, whose answer is as good the second time. In memory, bounded in number and age.
package final class ModelCache: Sendable {
    private struct Entry {
        let answer: ModelAnswer
        let until: Instant
        var used: UInt64
    }

    private struct State {
        var entries: [[UInt8]: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let entriesMax: Int
    private let lifetime: Duration
    private let now: @Sendable () -> Instant
    private let state = Mutex(State())

    package init(
        entriesMax: Int = 1000, lifetime: Duration = .seconds(86_400), now: @escaping @Sendable () -> Instant
    ) {
        (self.entriesMax, self.lifetime, self.now) = (entriesMax, lifetime, now)
    }

    /// Returns the key of a request: all of it apart from its fence, which differs each time. `nil` unless it names a
    /// temperature of 0.
    static func key(_ owner: String, _ request: ChatRequest, _ routes: [ModelRoute]) -> [UInt8]? {
        guard request.temperature == 0 else { return nil }
        // The routes' order may differ from time to time.
        let routes = routes.sorted { ($0.baseURL, $0.model) < ($1.baseURL, $1.model) }
        let bodies = routes.map { route in
            request.body(route.model, route.abilities, Fence(nonce: 0), nil, streams: false)
        }
        let whole: JSON = [
            "owner": .string(owner), "routes": JSON(routes.map { "\($0.baseURL) \($0.model)" }),
            "bodies": .array(bodies.map(\.canonical)),
        ]
        return SHA256.hash(whole.serialized)
    }

    func find(_ key: [UInt8]) -> ModelAnswer? {
        let now = now()
        return state.withLock { state in
            guard let entry = state.entries[key], entry.until > now else { return nil }
            state.clock += 1
            state.entries[key]?.used = state.clock
            var answer = entry.answer
            (answer.isCached, answer.cost, answer.usage, answer.attempts) = (true, 0, ModelUsage(), [])
            return answer
        }
    }

    func keep(_ answer: ModelAnswer, _ key: [UInt8]) {
        let until = now() + lifetime
        state.withLock { state in
            if state.entries.count >= entriesMax,
                let oldest = state.entries.min(by: { $0.value.used < $1.value.used })
            {
                state.entries[oldest.key] = nil
            }
            state.clock += 1
            state.entries[key] = Entry(answer: answer, until: until, used: state.clock)
        }
    }
}
