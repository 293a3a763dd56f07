package import Database
internal import JSON
package import Nouns
internal import Records
internal import Telemetry

/// Jobs: `tx.jobs`.
package struct JobStore<Base: Queryable> {
    package let tx: Base
}

extension Queryable {
    package var jobs: JobStore<Self> { JobStore(tx: self) }
}

private struct LeasedJob: StoredRow {
    let queue: String, kind: String, payload: String
    let limitKey: String?, batch: ID<JobBatch>?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (queue, kind, payload) = (row.text("queue"), row.text("kind"), row.text("payload"))
        (limitKey, batch) = (row.optionalText("limit_key"), row.optionalID("batch_id"))
    }
}

/// The queue, limit and batch of a job that ends or comes forward, of which others wait for it.
private struct FreedJob: StoredRow {
    let queue: String, limitKey: String?, batch: ID<JobBatch>?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (queue, limitKey, batch) = (
            row.text("queue"), row.optionalText("limit_key"), row.optionalID("batch_id")
        )
    }
}

/// The changes that people and workers make to one job. Every statement of a worker names the epoch of its lease: no
/// row changed means that the lease is lost.
extension JobStore where Base == Transaction {
    /// A live job ends as cancelled; a worker that runs it loses its lease.
    package func cancel(_ id: JobID) throws -> Job {
        let job = try existing(id)
        guard [.scheduled, .available, .running, .retrying].contains(job.state) else {
            throw RuntimeError.invalidTransition(of: "job", from: job.state.name, allowed: job.state.allowed)
        }
        try tx.run(
            cancelJob, [tx.tenant.sqlValue, id.sqlValue, JobState.cancelled.sqlValue, tx.now.sqlValue])
        forgetKeys()
        try tx.runtime.ended(job.kind, try payload(id), .cancelled, in: tx)
        try left(id, limitKey: job.limitKey, batch: job.batch)
        if job.state == .running {
            try tx.jobQueues.freed(queue: job.queue)
            let (runtime, tenant) = (tx.runtime, tx.tenant)
            tx.onCommit {
                runtime.signals.revoked(tenant, id)
                runtime.sandboxes.revoked(tenant, id)
            }
        }
        return try existing(id)
    }

    /// A dead or cancelled job is available again, with all its attempts.
    package func retry(_ id: JobID) throws -> Job {
        let job = try existing(id)
        guard job.state == .dead || job.state == .cancelled else {
            throw RuntimeError.invalidTransition(of: "job", from: job.state.name, allowed: job.state.allowed)
        }
        do {
            try tx.run(reviveJob, [tx.tenant.sqlValue, id.sqlValue, tx.now.sqlValue])
        } catch {
            guard case .constraint(.unique) = error else { throw error }
            throw RuntimeError.conflict("another job with the same key is waiting or running")
        }
        forgetKeys()
        try tx.runtime.ended(job.kind, try payload(id), .revived, in: tx)
        for part in tx.runtime.parts { try part.revived(job: id, in: tx) }
        if job.limitKey == nil {
            try tx.jobs.became(.available, queue: job.queue, at: tx.now)
        } else {
            try tx.jobLimits.admit(id)
        }
        return try existing(id)
    }

    /// Someone waits for it: it is moved to the queue of such work, whose slots no other work takes. Does
    /// nothing once it runs.
    package func expedite(_ id: JobID) throws {
        let changed = try tx.run(
            expediteJob, [tx.tenant.sqlValue, id.sqlValue, RuntimeConfiguration.interactiveQueue.sqlValue])
        guard changed == 1 else { return }
        try tx.jobs.became(.available, queue: RuntimeConfiguration.interactiveQueue, at: tx.now)
    }

    private func existing(_ id: JobID) throws -> Job {
        guard let job = try tx.jobs.find(id) else { throw RuntimeError.notFound }
        return job
    }

    private func payload(_ id: JobID) throws -> String {
        try tx.first(jobPayload, [tx.tenant.sqlValue, id.sqlValue]) { $0.text(0) } ?? ""
    }

    // MARK: Workers

    /// Throws `LeaseLost` unless the worker still holds the job.
    func check(_ lease: Lease, isAdvanced: Bool = false) throws {
        guard try tx.exists(holdsLease, key(lease)) else { throw LeaseLost() }
        if isAdvanced { try tx.run(forgetDeaths, key(lease)) }
    }

    func complete(_ lease: Lease) throws {
        guard let job = try tx.first(completeJob, key(lease) + [tx.now.sqlValue], FreedJob.init) else {
            throw LeaseLost()
        }
        forgetKeys()
        try tx.jobQueues.freed(queue: job.queue)
        try left(lease.job, limitKey: job.limitKey, batch: job.batch)
    }

    func report(_ lease: Lease, progress: Double) throws {
        try fenced(reportProgress, lease, [progress.sqlValue])
    }

    /// Ends an attempt that did not complete the job itself.
    package func settle(_ lease: Lease, _ disposition: Disposition) throws {
        switch disposition {
        case .completed: try complete(lease)
        case .released: try wait(lease, .available, until: tx.now, .retried(nil), attempts: -1)
        case .snoozed(let snooze):
            try wait(lease, .scheduled, until: tx.now + snooze.delay, .snoozed(snooze.reason), attempts: -1)
        case .retry(let delay, let failure):
            try wait(lease, .retrying, until: tx.now + delay, .retried(failure), attempts: 0)
        case .parked(let parking): try park(lease, parking)
        case .dead(let failure):
            let job = try row(lease)
            try fenced(killJob, lease, [tx.now.sqlValue, failure.json.serialized.sqlValue])
            forgetKeys()
            try tx.jobQueues.freed(queue: job.queue)
            try left(lease.job, limitKey: job.limitKey, batch: job.batch)
            try book(failure, of: job)
            try tx.runtime.ended(job.kind, job.payload, .dead(failure), in: tx)
            let dead = DeadJob(id: lease.job, kind: job.kind, payload: job.payload, failure: failure)
            for part in tx.runtime.parts { try part.died(dead, in: tx) }
        }
    }

    private func wait(
        _ lease: Lease, _ state: JobState, until: Instant, _ end: AttemptEnd, attempts: Int
    ) throws {
        let job = try row(lease)
        var error: String?, reason: String?
        if case .retried(let failure?) = end { error = failure.json.serialized }
        if case .retried(let failure?) = end { try book(failure, of: job) }
        if case .snoozed(let words) = end { reason = words }
        try fenced(
            deferJob, lease,
            [state.sqlValue, until.sqlValue, attempts.sqlValue, error.sqlValue, reason.sqlValue])
        try tx.runtime.ended(job.kind, job.payload, end, in: tx)
        try tx.jobs.became(state, queue: job.queue, at: until)
        guard state != .available else { return }
        try tx.jobQueues.freed(queue: job.queue)
        try left(lease.job, limitKey: job.limitKey, batch: nil)
    }

    private func book(_ failure: JobFailure, of job: LeasedJob) throws {
        if let booked = failure.booked(ofJob: job.kind, job.payload) { try tx.failures.book(booked) }
    }

    private func park(_ lease: Lease, _ parking: Parking) throws {
        let job = try row(lease)
        if let failure = parking.failure { try book(failure, of: job) }
        let until = parking.until ?? .farFuture
        let state: JobState = until <= tx.now ? .available : parking.failure == nil ? .scheduled : .retrying
        try fenced(
            parkJob, lease,
            [
                state.sqlValue, until.sqlValue, (parking.attempts?.made ?? 0).sqlValue,
                (parking.attempts?.max).sqlValue, (parking.failure?.json.serialized).sqlValue,
                parking.waitingFor.sqlValue,
            ])
        try tx.jobs.became(state, queue: job.queue, at: until)
        guard state != .available else { return }
        try tx.jobQueues.freed(queue: job.queue)
        try left(lease.job, limitKey: job.limitKey, batch: nil)
    }

    /// Makes a waiting job available at once: what it waits for may have come.
    package func hasten(_ id: JobID) throws {
        let values = [tx.tenant.sqlValue, id.sqlValue, tx.now.sqlValue]
        guard let job = try tx.first(hastenJob, values, FreedJob.init) else { return }
        if job.limitKey != nil { return try tx.jobLimits.admit(id) }
        try tx.jobs.became(.available, queue: job.queue, at: tx.now)
    }

    /// A running job's worker loses its lease; the job is available again.
    package func interrupt(_ id: JobID) throws {
        let queue = try tx.first(interruptJob, [tx.tenant.sqlValue, id.sqlValue]) { $0.text(0) }
        guard let queue else { return }
        let (runtime, tenant) = (tx.runtime, tx.tenant)
        tx.onCommit { runtime.signals.revoked(tenant, id) }
        try tx.jobs.became(.available, queue: queue, at: tx.now)
    }

    /// Stores what people see of the attempts of the part that the job is at.
    package func tell(attempts: Parking.Attempts, of id: JobID) throws {
        try tx.run(
            tellAttempts, [tx.tenant.sqlValue, id.sqlValue, attempts.made.sqlValue, attempts.max.sqlValue])
    }

    private func row(_ lease: Lease) throws -> LeasedJob {
        guard let row = try tx.first(leasedJob, key(lease), LeasedJob.init) else { throw LeaseLost() }
        return row
    }

    /// A job has ended, or waits for a later time: its permit goes to the next of its key, and its batch, if it
    /// was the last of it, has ended.
    private func left(_ id: JobID, limitKey: String?, batch: ID<JobBatch>?) throws {
        if let limitKey {
            try tx.run(dropPermit, [tx.tenant.sqlValue, id.sqlValue])
            try tx.jobLimits.admitNext(limitKey)
        }
        if let batch { try tx.jobBatches.end(ifLast: batch) }
    }

    private func fenced(_ statement: Statement, _ lease: Lease, _ values: [SQLValue]) throws {
        guard try tx.run(statement, key(lease) + values) == 1 else { throw LeaseLost() }
    }

    private func key(_ lease: Lease) -> [SQLValue] {
        [tx.tenant.sqlValue, lease.job.sqlValue, lease.epoch.sqlValue]
    }
}

extension JobStore {
    package func find(_ id: JobID) throws -> Job? {
        try tx.first(
            "SELECT \(Job.columns) FROM jobs WHERE tenant_id = \(tx.tenant) AND id = \(id)", Job.init)
    }
}

private let holdsLease = Statement(
    "SELECT 1 FROM jobs WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND \(JobCondition.running)")

private let forgetDeaths = Statement(
    "UPDATE jobs SET deaths = 0 WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND deaths > 0")

private let leasedJob = Statement(
    """
    SELECT \(LeasedJob.columns) FROM jobs
    WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND \(JobCondition.running)
    """)

private let dropPermit = Statement(
    "UPDATE jobs SET permit = \(literal: JobPermit.absent), rate_slot = NULL WHERE tenant_id = $1 AND id = $2"
)

private let expediteJob = Statement(
    "UPDATE jobs SET queue = $3 WHERE tenant_id = $1 AND id = $2 AND \(JobCondition.ready)")

private let jobPayload = Statement("SELECT payload FROM jobs WHERE tenant_id = $1 AND id = $2")

private let completeJob = Statement(
    """
    UPDATE jobs SET state = \(literal: JobState.completed), owner = NULL, lease_until = NULL, finished_at = $4,
        waiting_for = NULL, error = NULL
    WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND \(JobCondition.running)
    RETURNING \(FreedJob.columns)
    """)

private let killJob = Statement(
    """
    UPDATE jobs SET state = \(literal: JobState.dead), owner = NULL, lease_until = NULL, finished_at = $4, error = $5
    WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND \(JobCondition.running)
    """)

private let deferJob = Statement(
    """
    UPDATE jobs SET state = $4, run_at = $5, attempt = attempt + $6, error = coalesce($7, error), waiting_for = $8,
        owner = NULL, lease_until = NULL
    WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND \(JobCondition.running)
    """)

private let parkJob = Statement(
    """
    UPDATE jobs SET state = $4, run_at = $5, attempt = $6, max_attempts = coalesce($7, max_attempts), error = $8,
        waiting_for = $9, deaths = 0, owner = NULL, lease_until = NULL
    WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND \(JobCondition.running)
    """)

private let hastenJob = Statement(
    """
    UPDATE jobs SET state = \(literal: JobState.available), run_at = $3, waiting_for = NULL
    WHERE tenant_id = $1 AND id = $2 AND \(JobCondition.timed)
    RETURNING \(FreedJob.columns)
    """)

private let interruptJob = Statement(
    """
    UPDATE jobs SET state = \(literal: JobState.available), epoch = epoch + 1, owner = NULL, lease_until = NULL
    WHERE tenant_id = $1 AND id = $2 AND \(JobCondition.running)
    RETURNING queue
    """)

private let tellAttempts = Statement(
    "UPDATE jobs SET attempt = $3, max_attempts = $4 WHERE tenant_id = $1 AND id = $2")

private let reportProgress = Statement(
    "UPDATE jobs SET progress = $4 WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND \(JobCondition.running)"
)

private let cancelJob = Statement(
    """
    UPDATE jobs SET state = $3, owner = NULL, lease_until = NULL, finished_at = $4
    WHERE tenant_id = $1 AND id = $2 AND \(JobCondition.live)
    """)

private let reviveJob = Statement(
    """
    UPDATE jobs SET state = \(literal: JobState.available), attempt = 0, deaths = 0, epoch = epoch + 1,
        run_at = $3, finished_at = NULL
    WHERE tenant_id = $1 AND id = $2 AND state IN \(literal: [JobState.dead, .cancelled])
    """)
