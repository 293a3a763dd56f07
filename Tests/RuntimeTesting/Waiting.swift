internal import Synchronization

/// Values that a test waits for.
final class Signal<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    var values: [Value] { state.withLock { $0.values } }

    func send(_ value: Value) {
        let ready = state.withLock { state in
            state.values.append(value)
            let count = state.values.count
            defer { state.waiters.removeAll { $0.count <= count } }
            return state.waiters.filter { $0.count <= count }.map(\.continuation)
        }
        for waiter in ready { waiter.resume() }
    }

    /// The values, once there are `count`.
    @discardableResult
    func values(_ count: Int) async -> [Value] {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.values.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
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
