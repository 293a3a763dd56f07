package import Database
package import Nouns
package import Telemetry

/// The right to work on a job. Every claim of a job has its own epoch, and every write of a worker
/// holds only while the job's row still has that epoch.
package struct Lease: Hashable, Sendable, Comparable {
    package let tenant: TenantID, job: JobID, epoch: Int

    package init(tenant: TenantID, job: JobID, epoch: Int) {
        (self.tenant, self.job, self.epoch) = (tenant, job, epoch)
    }

    package static func < (a: Lease, b: Lease) -> Bool {
        (a.job, a.epoch, a.tenant.rawValue) < (b.job, b.epoch, b.tenant.rawValue)
    }
}

/// The facts that the kernel must know of a claimed job.
struct Claim: Sendable {
    let lease: Lease
    let kind: String
    let attempt: Int, attemptsMax: Int
    let timeout: Duration
    let retry: RetryPolicy
    var retriesTimeouts = true
    /// The handler with its payload read; `nil` when this process knows no such kind.
    let prepared: Result<JobKinds.Prepared?, any Error>
}

/// The end of an attempt.
enum Ending: Sendable {
    case completed
    /// The handler's own transaction has completed the job already, or the lease was lost.
    case settled
    case failed(JobFailure)
    /// It cannot work yet; the attempt does not count.
    case snoozed(JobSnooze)
    /// The process is about to end; the attempt does not count.
    case released
}

/// The outcome of an attempt for the job's row.
package enum Disposition: Hashable, Sendable {
    case completed
    case retry(after: Duration, JobFailure)
    case dead(JobFailure)
    case snoozed(JobSnooze)
    case released
    /// It sleeps until then, or until something wakes it.
    case parked(Parking)
}

/// The state in which a job that has done a part of its work waits for the next one.
package struct Parking: Hashable, Sendable {
    /// The time by the tenant's clock; `nil` is until something wakes it.
    package var until: Instant?
    package var waitingFor: String?
    /// The reason why its present part has failed, and the number of attempts made and allowed.
    package var failure: JobFailure?
    package var attempts: Attempts?

    package init(
        until: Instant? = nil, waitingFor: String? = nil, failure: JobFailure? = nil,
        attempts: Attempts? = nil
    ) {
        (self.until, self.waitingFor) = (until, waitingFor)
        (self.failure, self.attempts) = (failure, attempts)
    }

    package struct Attempts: Hashable, Sendable {
        package let made: Int, max: Int

        package init(made: Int, max: Int) { (self.made, self.max) = (made, max) }
    }
}
