package import Database
package import Nouns
internal import Synchronization
internal import Telemetry

/// The signals of commits to the worker pool. Cheap, and never waiting: they are sent on the writer's thread.
package final class Signals: Sendable {
    /// A closure that is itself the value of a `Mutex` is wrapped once more at each access, for good; as the
    /// member of a struct it is not.
    private struct Receivers {
        var events: (@Sendable (Kernel.Event) -> Void)?
        var timers: (@Sendable (Instant) -> Void)?
        var jobs: (@Sendable (_ queue: String, ClaimedJob) -> Void)?
    }

    private let receivers = Mutex(Receivers())
    private let hands = Mutex<[String: Int]>([:])

    func connect(
        _ receive: @escaping @Sendable (Kernel.Event) -> Void,
        timer: @escaping @Sendable (Instant) -> Void,
        job: @escaping @Sendable (_ queue: String, ClaimedJob) -> Void
    ) {
        receivers.withLock { $0 = Receivers(events: receive, timers: timer, jobs: job) }
    }

    func disconnect() {
        hands.withLock { $0.removeAll() }
        receivers.withLock { $0 = Receivers() }
    }

    // MARK: Handing over

    /// Keeps the number of jobs of each queue that the workers of this process would take at once.
    func offer(_ offer: [String: Int]) { hands.withLock { $0 = offer } }

    /// Returns whether one of them takes the next one. A hint: the offer is renewed whenever the workers have
    /// looked, and those that are handed more than they have slots for take no other before they have fewer.
    func takeHand(of queue: String) -> Bool {
        hands.withLock { hands in
            guard let count = hands[queue], count > 0 else { return false }
            hands[queue] = count - 1
            return true
        }
    }

    func hand(_ job: ClaimedJob, of queue: String) { receivers.withLock { $0 }.jobs?(queue, job) }

    // MARK: Waking

    private enum Channel {
        static let wake = "jobs.wake", revoked = "jobs.revoked", timer = "jobs.timer"
    }

    private let database: Database

    /// Hears what the commits of other processes tell, too.
    init(_ database: Database) {
        self.database = database
        database.listen(Channel.wake) { [weak self] queue in self?.send(.woken(queue: queue)) }
        database.listen(Channel.revoked) { [weak self] text in
            let parts = text.split(separator: " ")
            guard parts.count == 2, let job = JobID(String(parts[1])) else { return }
            self?.send(.revoked(tenant: TenantID(rawValue: String(parts[0])), job: job))
        }
        database.listen(Channel.timer) { [weak self] text in
            if let microseconds = Int64(text) { self?.set(Instant(microseconds: microseconds)) }
        }
    }

    func wake(_ queue: String) {
        send(.woken(queue: queue))
        database.tellOthers(Channel.wake, queue)
    }

    package func revoked(_ tenant: TenantID, _ job: JobID) {
        send(.revoked(tenant: tenant, job: job))
        database.tellOthers(Channel.revoked, "\(tenant) \(job)")
    }

    func timer(at instant: Instant) {
        set(instant)
        database.tellOthers(Channel.timer, String(instant.microseconds))
    }

    private func set(_ instant: Instant) { receivers.withLock { $0 }.timers?(instant) }

    private func send(_ event: Kernel.Event) { receivers.withLock { $0 }.events?(event) }
}
