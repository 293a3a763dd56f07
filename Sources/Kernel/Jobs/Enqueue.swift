package import Database
package import Nouns
internal import Records
package import Telemetry

package struct EnqueuedJob: Hashable, Sendable {
    package let id: JobID
    /// Whether it was made now; otherwise a live job with the same unique key was found.
    package let isNew: Bool
}

package extension JobStore where Base == Transaction {
    /// Stores a job in this transaction: it exists if and only if the data that caused it does. Workers are
    /// woken when the commit is durable.
    @discardableResult
    func enqueue<Kind: JobKind>(
        _ kind: Kind.Type, _ payload: Kind.Payload, _ options: JobOptions = JobOptions()
    ) throws -> EnqueuedJob {
        let job = NewJob(
            id: tx.makeID(), queue: Kind.queue, kind: Kind.kind,
            payload: try encodePayload(payload),
            attemptsMax: options.attemptsMax ?? Kind.attemptsMax, options: options,
            limits: options.limits ?? Kind.limits)
        if try insert(job) { return EnqueuedJob(id: job.id, isNew: true) }
        let existing = try tx.first(
            liveJobByKey, [tx.tenant.sqlValue, Kind.kind.sqlValue, options.uniqueKey.sqlValue]
        ) { JobID($0, 0) }
        guard let existing else {
            throw RuntimeError.conflict("the job's key belongs to a job that has ended")
        }
        return EnqueuedJob(id: existing, isNew: false)
    }

    /// The live job of that kind with that key.
    func live<Kind: JobKind>(_ kind: Kind.Type, uniqueKey: some Key) throws -> JobID? {
        try live(kind: Kind.kind, uniqueKey: uniqueKey)
    }

    /// Returns the live job with that key, of a kind that is known by its name.
    func live(kind: String, uniqueKey: some Key) throws -> JobID? {
        try tx.first(liveJobByKey, [tx.tenant.sqlValue, kind.sqlValue, uniqueKey.keyText.sqlValue]) { JobID($0, 0) }
    }

    /// Returns whether a job of that kind with that key is live. In a file it is asked once for all that is committed
    /// together; on a server another process may claim the job meanwhile.
    func isLive<Kind: JobKind>(_ kind: Kind.Type, uniqueKey: some Key) throws -> Bool {
        guard tx.dialect == .sqlite else { return try live(kind, uniqueKey: uniqueKey) != nil }
        let key = JobKeys.Key(kind: Kind.kind, key: uniqueKey.keyText)
        var known = tx.noted(JobKeys.self) ?? JobKeys()
        if let isLive = known.areLive[key] { return isLive }
        let isLive = try live(kind, uniqueKey: uniqueKey) != nil
        known.areLive[key] = isLive
        tx.note(known)
        return isLive
    }

    /// A job's key is taken or given back: what was asked of keys holds no longer.
    internal func forgetKeys() {
        if tx.noted(JobKeys.self) != nil { tx.note(JobKeys()) }
    }

    private func know(key: String?, of kind: String) {
        guard let key, var known = tx.noted(JobKeys.self) else { return }
        known.areLive[JobKeys.Key(kind: kind, key: key)] = true
        tx.note(known)
    }

    internal func insert(_ job: NewJob) throws -> Bool {
        let realm = tx.runtime.clocks.realm(of: tx.tenant)
        let runAt = max(job.options.runAt ?? tx.now, tx.now)
        let isDue = runAt <= tx.now
        // A job with limits is not ready before it is let in.
        var state: JobState = isDue && job.limits.isNone ? .available : .scheduled
        let handed = state == .available ? try handOver(job) : nil
        if handed != nil { state = .running }
        let changed = try tx.run(
            insertJob,
            [
                tx.tenant.sqlValue, job.id.sqlValue, job.queue.sqlValue, job.kind.sqlValue,
                job.options.priority.sqlValue,
                state.sqlValue, realm.sqlValue, runAt.sqlValue, job.attemptsMax.sqlValue,
                job.options.uniqueKey.sqlValue, job.options.uniqueness.rawValue.sqlValue,
                job.payload.sqlValue,
                (job.options.subject?.type).sqlValue, (job.options.subject?.id).sqlValue,
                job.options.waitingFor.sqlValue, tx.now.sqlValue, job.batch.sqlValue, job.limitKey.sqlValue,
                job.limits.concurrency.sqlValue, (job.limits.isNone ? JobPermit.unlimited : .absent).sqlValue,
                (job.limits.rate?.count).sqlValue, (job.limits.rate?.period.microseconds).sqlValue,
                (handed?.attempt ?? 0).sqlValue, (handed?.lease.epoch ?? 0).sqlValue,
                handed.map { _ in tx.runtime.configuration.boot }.sqlValue,
                handed.map { _ in tx.now + tx.runtime.configuration.lease }.sqlValue,
                handed.map { _ in tx.now }.sqlValue,
            ])
        guard changed == 1 else { return false }
        know(key: job.options.uniqueKey, of: job.kind)
        if let handed {
            let runtime = tx.runtime
            tx.onCommit(needsDisk: !runtime.kinds.earlyQueues.contains(job.queue)) {
                runtime.signals.hand(handed, of: job.queue)
            }
        } else if isDue, !job.limits.isNone {
            try tx.jobLimits.admit(job.id)
        } else {
            try became(state, queue: job.queue, at: runAt)
        }
        return true
    }

    /// Claims a new job for the workers of this process, where they have a free slot that nobody waits for: it need not
    /// be claimed in a transaction of its own.
    private func handOver(_ job: NewJob) throws -> ClaimedJob? {
        guard !tx.sandboxClock.isSandbox, job.batch == nil, try isSurelyNew(job),
            tx.runtime.signals.takeHand(of: job.queue)
        else { return nil }
        let mayRun = try tx.exists(
            mayRunAtOnce, [tx.tenant.sqlValue, job.queue.sqlValue, tx.runtime.cap(of: job.queue).sqlValue])
        guard mayRun else { return nil }
        return ClaimedJob(
            lease: Lease(tenant: tx.tenant, job: job.id, epoch: 1), kind: job.kind, payload: job.payload,
            attempt: 1,
            attemptsMax: job.attemptsMax)
    }

    private func isSurelyNew(_ job: NewJob) throws -> Bool {
        guard let key = job.options.uniqueKey else { return true }
        guard job.options.uniqueness == .untilFinished else { return false }
        return try live(kind: job.kind, uniqueKey: key) == nil
    }

    /// Lets the workers know, after the commit, of a job that is available or waits for its time.
    func became(_ state: JobState, queue: String, at runAt: Instant) throws {
        let runtime = tx.runtime
        if state == .available, !tx.sandboxClock.isSandbox {
            try activate(queue: queue)
            tx.onCommit(needsDisk: false) { runtime.signals.wake(queue) }
        } else {
            becomesDue(at: runAt)
        }
    }

    /// Lets the pump know, after the commit, of something that is stored and becomes due by itself: in a
    /// sandbox, where time stands still, only of what is due already.
    func becomesDue(at instant: Instant) {
        let (runtime, tenant) = (tx.runtime, tx.tenant)
        if !tx.sandboxClock.isSandbox {
            tx.onCommit(needsDisk: false) { runtime.signals.timer(at: instant) }
        } else if instant <= tx.now {
            tx.onCommit { runtime.sandboxes.wake(tenant) }
        }
    }

    /// Puts the tenant among those with work. One that was idle starts at the queue's own virtual time: it
    /// neither pays for its past nor has saved anything up.
    internal func activate(queue: String) throws {
        try tx.run(activateQueue, [tx.tenant.sqlValue, queue.sqlValue])
    }
}

/// The keys of jobs of which this transaction knows whether a live job has them.
private struct JobKeys {
    struct Key: Hashable { let kind: String, key: String }

    var areLive: [Key: Bool] = [:]
}

struct NewJob {
    let id: JobID, queue: String, kind: String, payload: String
    let attemptsMax: Int
    let options: JobOptions
    var limits = JobLimits()
    var batch: ID<JobBatch>?

    var limitKey: String? {
        limits.isNone ? nil : options.limitKey.map { "\(kind)/\($0)" } ?? kind
    }
}

private let insertJob = Statement(
    """
    INSERT INTO jobs (tenant_id, id, queue, kind, priority, state, realm, run_at, attempt, max_attempts, deaths,
        epoch, unique_key, unique_until, payload, subject_type, subject_id, waiting_for, created_at, batch_id,
        limit_key, limit_count, permit, rate_count, rate_period, owner, lease_until, started_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $23, $9, 0, $24, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $25, $26, $27)
    ON CONFLICT DO NOTHING
    """)

private let mayRunAtOnce = Statement(
    """
    SELECT 1 WHERE NOT EXISTS (
        SELECT 1 FROM tenant_queues
        WHERE tenant_id IN ($1, '') AND queue = $2 AND (ready = 1 OR at_limit = 1 OR paused = 1 OR suspended = 1))
    AND NOT EXISTS (SELECT 1 FROM runtime_tenants WHERE tenant_id = $1 AND suspended = 1)
    AND coalesce((SELECT cap FROM tenant_queues WHERE tenant_id = $1 AND queue = $2), $3)
        > (SELECT count(*) FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.running))
    """)

private let liveJobByKey = Statement(
    """
    SELECT id FROM jobs WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3
        AND unique_key IS NOT NULL AND \(JobCondition.live)
    """)

private let activateQueue = Statement(
    """
    INSERT INTO tenant_queues (tenant_id, queue, virtual_time, suspended, ready)
    SELECT $1, $2, coalesce((SELECT virtual_time FROM tenant_queues WHERE tenant_id = '' AND queue = $2), 0),
        s.suspended, 1 - s.suspended
    FROM (SELECT coalesce((SELECT suspended FROM runtime_tenants WHERE tenant_id = $1), 0) AS suspended) s
    WHERE TRUE
    ON CONFLICT (tenant_id, queue) DO UPDATE SET ready = 1,
        virtual_time = CASE WHEN excluded.virtual_time > tenant_queues.virtual_time
            THEN excluded.virtual_time ELSE tenant_queues.virtual_time END
    WHERE tenant_queues.ready = 0 AND tenant_queues.at_limit = 0 AND tenant_queues.suspended = 0
        AND tenant_queues.paused = 0
    """)
