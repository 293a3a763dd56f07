internal import Database
internal import Synchronization
internal import Telemetry

/// What commits tell the worker pool. Cheap, and never waits: it is called on the writer's thread.
final class Signals: Sendable {
    private let receiver = Mutex<(@Sendable (Kernel.Event) -> Void)?>(nil)
    private let timerReceiver = Mutex<(@Sendable (Instant) -> Void)?>(nil)

    func connect(
        _ receive: (@Sendable (Kernel.Event) -> Void)?, timer: (@Sendable (Instant) -> Void)?
    ) {
        receiver.withLock { $0 = receive }
        timerReceiver.withLock { $0 = timer }
    }

    func wake(_ queue: String) { send(.woken(queue: queue)) }
    func revoked(_ tenant: TenantID, _ job: String) { send(.revoked(tenant: tenant, job: job)) }
    func timer(at instant: Instant) { timerReceiver.withLock { $0 }?(instant) }

    private func send(_ event: Kernel.Event) { receiver.withLock { $0 }?(event) }
}
