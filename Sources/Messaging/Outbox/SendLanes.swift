internal import Synchronization

/// Lets few messages at once through an integration: what a crash leaves in doubt is never more than these.
final class SendLanes: Sendable {
    private struct Lane {
        var free: Int
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private struct State {
        var lanes: [String: Lane] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    /// A lane while it is taken.
    final class Place: Sendable {
        private let lanes: SendLanes
        private let integration: String
        private let isTaken = Atomic(true)

        fileprivate init(_ lanes: SendLanes, _ integration: String) {
            (self.lanes, self.integration) = (lanes, integration)
        }

        /// Lets the next one in; once is enough.
        func leave() {
            if isTaken.exchange(false, ordering: .relaxed) { lanes.leave(integration) }
        }
    }

    /// Runs `body` in a lane, which it may leave before its end; waits for one. Throws `CancellationError` where
    /// the task is cancelled before.
    func withLane<T>(
        of integration: String, of count: Int, _ body: (Place) async throws -> T
    ) async throws -> T {
        try await enter(integration, count)
        let place = Place(self, integration)
        defer { place.leave() }
        return try await body(place)
    }

    private func enter(_ integration: String, _ count: Int) async throws {
        let id = state.withLock { state -> UInt64 in
            state.next += 1
            return state.next
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    var lane = state.lanes[integration] ?? Lane(free: count)
                    defer { state.lanes[integration] = lane }
                    guard lane.free == 0 else {
                        lane.free -= 1
                        return true
                    }
                    lane.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let place = state.lanes[integration]?.waiting.firstIndex(where: { $0.id == id }) else {
                    return nil
                }
                return state.lanes[integration]?.waiting.remove(at: place).continuation
            }
            waiting?.resume(returning: false)
        }
        if !isIn { throw CancellationError() }
    }

    private func leave(_ integration: String) {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard var lane = state.lanes[integration] else { return nil }
            defer { state.lanes[integration] = lane }
            guard !lane.waiting.isEmpty else {
                lane.free += 1
                return nil
            }
            return lane.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
