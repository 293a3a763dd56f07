internal import Database
internal import Nouns
internal import Telemetry

extension Kernel {
    struct Pool: Sendable {
        let queue: String
        /// The number of jobs that run at once.
        let slots: Int
    }

    struct Limits: Sendable {
        var lease: Duration = .seconds(30)
        /// The time between two rounds in which leases are prolonged and expired ones reaped.
        var maintenance: Duration = .seconds(5)
        /// Between cancelling an overdue handler and giving it up.
        var grace: Duration = .seconds(5)
        /// The pump looks at the timers at least this often.
        var pumpInterval: Duration = .seconds(30)
        /// The time between two removals of what is older than its retention.
        var sweep: Duration = .seconds(60)
        /// The time between two looks of free slots for jobs that nobody has told them of, where other processes
        /// share the work.
        var pollInterval: Duration?
        /// Before the database is asked again after it failed.
        var failurePause: Duration = .seconds(1)
    }

    enum Event: Sendable {
        case started
        /// Boot: rows that other owners left running are available again.
        case tookOver
        case takeOverFailed
        /// Jobs of a queue have become available.
        case woken(queue: String)
        /// A job or schedule has been stored that is due then.
        case timerSet(Instant)
        case tick
        /// Jobs of a queue that were taken; tenants at their limit were passed over, or not.
        case claimed(queue: String, [Claim], areTenantsAtLimit: Bool = false)
        /// A job that was claimed for this worker by the commit that stored it.
        case handed(queue: String, Claim)
        case claimFailed(queue: String)
        case pumped(next: Instant?)
        case pumpFailed
        case maintained(lost: [Lease])
        case maintenanceFailed
        /// The removal of old rows has ended, or could not be done this time.
        case swept
        case ended(Lease, Ending)
        case stored(Lease)
        case storeFailed(Lease)
        /// Someone cancelled the job, or its lease was found lost.
        case revoked(tenant: TenantID, job: JobID)
        /// Claim nothing more; what runs may finish.
        case drain
        /// The drain's time is over: cancel what still runs.
        case halt
    }

    enum Command: Sendable {
        case takeOver
        case claim(queue: String, limit: Int)
        case run(Claim)
        case store(Lease, Disposition)
        case cancel(Lease)
        case pump
        /// Prolong these leases, then make expired ones available.
        case maintain([Lease])
        /// Remove what is older than its retention.
        case sweep
        /// Send `.tick` at this time, or earlier.
        case wait(until: Instant)
        case drained
    }
}

extension Instant {
    static let distantFuture = Instant(microseconds: .max)
    /// When what has no time is due, in the rows: the end of the year 9999.
    static let farFuture = Instant(seconds: 253_402_300_799)
}
