internal import Jobs
internal import Synchronization
internal import Telemetry

/// The number of calls of one account that a service takes at once, and the pause between their beginnings.
package struct ServicePace: Hashable, Sendable {
    /// `nil`: as many as there are.
    package var concurrent: Int?
    package var interval: Duration

    package init(concurrent: Int? = nil, interval: Duration = .zero) {
        (self.concurrent, self.interval) = (concurrent, interval)
    }
}

/// Keeps the calls of this process to the pace of each service: who comes too soon waits.
final class ServiceLanes: Sendable {
    private struct Lane {
        var taken = 0
        var next = Instant(seconds: 0)
    }

    private static let look: Duration = .milliseconds(15)
    private let lanes = Mutex<[String: Lane]>([:])

    /// Runs `body` once there is room. Throws `CancellationError` where the task is cancelled before.
    func pass<T>(_ id: String, _ pace: ServicePace, _ body: () async throws -> T) async throws -> T {
        guard pace != ServicePace() else { return try await body() }
        while let wait = enter(id, pace) {
            await systemWait(until: .steadyClock() + wait)
            try Task.checkCancellation()
        }
        defer { leave(id) }
        return try await body()
    }

    private func leave(_ id: String) {
        lanes.withLock { lanes in
            guard var lane = lanes[id] else { return }
            lane.taken -= 1
            lanes[id] = lane.taken == 0 && lane.next <= .steadyClock() ? nil : lane
        }
    }

    /// Takes a place; answers how long to wait for one where there is none.
    private func enter(_ id: String, _ pace: ServicePace) -> Duration? {
        lanes.withLock { lanes in
            var lane = lanes[id] ?? Lane()
            let now = Instant.steadyClock()
            if let most = pace.concurrent, lane.taken >= most { return Self.look }
            if lane.next > now { return lane.next - now }
            lane.taken += 1
            lane.next = now + pace.interval
            lanes[id] = lane
            return nil
        }
    }
}
