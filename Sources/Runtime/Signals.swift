internal import Database
internal import Synchronization
internal import Telemetry

/// What commits tell the worker pool. Cheap, and never waits: it is called on the writer's thread.
final class Signals: Sendable {
    /// A closure that is itself the value of a `Mutex` is wrapped once more at each access, for good; as the
    /// member of a struct it is not.
    private struct Receivers {
        var events: (@Sendable (Kernel.Event) -> Void)?
        var timers: (@Sendable (Instant) -> Void)?
    }

    private let receivers = Mutex(Receivers())

    func connect(
        _ receive: (@Sendable (Kernel.Event) -> Void)?, timer: (@Sendable (Instant) -> Void)?
    ) {
        receivers.withLock { $0 = Receivers(events: receive, timers: timer) }
    }

    func wake(_ queue: String) { send(.woken(queue: queue)) }
    func revoked(_ tenant: TenantID, _ job: String) { send(.revoked(tenant: tenant, job: job)) }
    func timer(at instant: Instant) { receivers.withLock { $0 }.timers?(instant) }

    private func send(_ event: Kernel.Event) { receivers.withLock { $0 }.events?(event) }
}
