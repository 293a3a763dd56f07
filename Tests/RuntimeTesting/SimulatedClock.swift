internal import Synchronization
internal import Telemetry
internal import Waiting

/// Time that moves only when a test moves it.
final class SimulatedClock: Sendable {
    private struct Sleeper { let until: Instant, continuation: CheckedContinuation<Void, Never> }
    private struct State {
        var now: Instant
        var sleepers: [Int: Sleeper] = [:]
        var count = 0
    }
    private let state: Mutex<State>

    init(_ start: Instant) { state = Mutex(State(now: start)) }

    var now: Instant { state.withLock { $0.now } }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.sorted { $0.until < $1.until }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// When the first of those that wait is woken.
    var nextWaking: Instant? { state.withLock { $0.sleepers.values.map(\.until).min() } }

    /// Returns once as many wait; false when they do not in time.
    func sleepers(_ count: Int) async -> Bool {
        await yields(until: { state.withLock { $0.sleepers.count } >= count })
    }

    @Sendable func wait(until instant: Instant) async {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    guard instant > state.now, !Task.isCancelled else { return true }
                    state.sleepers[number] = Sleeper(until: instant, continuation: continuation)
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume()
        }
    }
}
