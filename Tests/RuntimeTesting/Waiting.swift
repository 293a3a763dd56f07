internal import Synchronization

/// Those who wait for what a test does, none for longer than two minutes: a test that waits in vain goes on and fails
/// by what it expects, instead of keeping all others waiting.
final class Waiters: Sendable {
    private struct State {
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var count = 0
    }
    private static let patience = Duration.seconds(120)
    private let state = Mutex(State())

    /// Returns once `isReady` holds, which is asked now and at each `wake`; false when the time is over.
    @discardableResult
    func wait(until isReady: @Sendable () -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + Self.patience
        while !isReady(), ContinuousClock.now < deadline { await waitForWake(isReady, until: deadline) }
        return isReady()
    }

    func wake() {
        let woken = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for waiter in woken { waiter.resume() }
    }

    private func waitForWake(_ isReady: @Sendable () -> Bool, until deadline: ContinuousClock.Instant) async {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        let limit = Task {
            try await Task.sleep(until: deadline)
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiting[number] = continuation }
            // It may have become true, or too late, before this was among those that are woken.
            if isReady() || ContinuousClock.now >= deadline {
                state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
            }
        }
        limit.cancel()
    }
}

/// Values that a test waits for.
final class Signal<Value: Sendable>: Sendable {
    private let kept = Mutex<[Value]>([])
    private let waiters = Waiters()

    var values: [Value] { kept.withLock { $0 } }

    func send(_ value: Value) {
        kept.withLock { $0.append(value) }
        waiters.wake()
    }

    /// The values, once there are `count`.
    @discardableResult
    func values(_ count: Int) async -> [Value] {
        await waiters.wait { kept.withLock { $0.count } >= count }
        return values
    }
}

/// A door that stands closed until a test opens it.
final class Gate: Sendable {
    private let signal = Signal<Bool>()
    func open() { signal.send(true) }
    func pass() async { await signal.values(1) }
    var isOpen: Bool { !signal.values.isEmpty }
}

/// Something that becomes true once.
final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}
