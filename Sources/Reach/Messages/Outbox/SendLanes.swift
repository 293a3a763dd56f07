internal import Nouns
internal import Synchronization

/// Lets few messages at once through an integration: what a crash leaves in doubt is never more than these. How many
/// is learned. One that has not answered yet gets a few, twice as many with each that works, up to what the service
/// takes, and half as many with each that fails, so that a service that is down is asked a few times only.
final class SendLanes: Sendable {
    private struct Lane {
        static let unprovenMax = 5
        var taken = 0
        var most = Lane.unprovenMax
        var lanes = Lane.unprovenMax
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []

        var hasRoom: Bool { taken < min(most, lanes) }
    }

    private struct State {
        var lanes: [IntegrationID: Lane] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    /// A lane while it is taken.
    final class Place: Sendable {
        private let lanes: SendLanes
        private let integration: IntegrationID
        private let isTaken = Atomic(true)

        fileprivate init(_ lanes: SendLanes, _ integration: IntegrationID) {
            (self.lanes, self.integration) = (lanes, integration)
        }

        /// Tells whether the service has worked.
        func note(_ hasWorked: Bool) { lanes.note(hasWorked, of: integration) }

        /// Lets the next one in; once is enough.
        func leave() {
            if isTaken.exchange(false, ordering: .relaxed) { lanes.leave(integration) }
        }
    }

    /// Runs `body` in a lane, which it may leave before its end; waits for one. Throws `CancellationError` where
    /// the task is cancelled before.
    func withLane<T>(
        of integration: IntegrationID, of count: Int, _ body: (Place) async throws -> T
    ) async throws -> T {
        try await enter(integration, count)
        let place = Place(self, integration)
        defer { place.leave() }
        return try await body(place)
    }

    private func enter(_ integration: IntegrationID, _ count: Int) async throws {
        let id = state.withLock { state -> UInt64 in
            state.next += 1
            return state.next
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    var lane = state.lanes[integration] ?? Lane()
                    defer { state.lanes[integration] = lane }
                    lane.lanes = count
                    if lane.hasRoom {
                        lane.taken += 1
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

    /// Returns whether a message need not wait for a lane.
    func hasRoom(of integration: IntegrationID, of count: Int) -> Bool {
        state.withLock { state in
            var lane = state.lanes[integration] ?? Lane()
            lane.lanes = count
            return lane.hasRoom
        }
    }

    private func note(_ hasWorked: Bool, of integration: IntegrationID) {
        state.withLock { state in
            guard var lane = state.lanes[integration] else { return }
            lane.most = hasWorked ? min(lane.most * 2, lane.lanes) : max(1, lane.most / 2)
            state.lanes[integration] = lane
        }
    }

    /// The number of messages that may be on their way at once, as it has been learned; `nil`: nothing has gone there.
    func width(of integration: IntegrationID) -> Int? {
        state.withLock { state in state.lanes[integration].map { min($0.most, $0.lanes) } }
    }

    private func leave(_ integration: IntegrationID) {
        let next = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
            guard var lane = state.lanes[integration] else { return [] }
            defer { state.lanes[integration] = lane }
            lane.taken -= 1
            var next: [CheckedContinuation<Bool, Never>] = []
            while lane.hasRoom, !lane.waiting.isEmpty {
                lane.taken += 1
                next.append(lane.waiting.removeFirst().continuation)
            }
            return next
        }
        for continuation in next { continuation.resume(returning: true) }
    }
}
