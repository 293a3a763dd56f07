package import Database
package import Records
package import Telemetry

/// The state of one of a tenant's queues.
package struct QueueStatus: Sendable {
    package let name: String
    /// Jobs that wait for a worker, and those that are being worked on.
    package let depth: Int, running: Int
    /// The time since which the job that waits longest has waited.
    package let oldest: Instant?
    /// Whether the queue is paused by the tenant, and by the platform for all tenants.
    package let isPaused: Bool, isPausedForAll: Bool
    /// The number of the tenant's jobs that may run at once.
    package let limit: Int
}

/// The queues of a tenant, how they stand, and whether they are paused: `tx.jobQueues`.
package struct JobQueueStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var jobQueues: JobQueueStore<Self> { JobQueueStore(tx: self) }
}

extension JobQueueStore {
    package func status(_ name: String, _ runtime: Runtime) throws -> QueueStatus {
        QueueStatus(
            name: name, depth: Int(try tx.int(depthOfQueue, [tx.tenant.sqlValue, name.sqlValue]) ?? 0),
            running: try running(in: name), oldest: try oldestWaiting(in: name),
            isPaused: try tx.exists(tenantsPause, [tx.tenant.sqlValue, name.sqlValue]),
            isPausedForAll: try isPausedForAll(name), limit: runtime.cap(of: name))
    }

    func running(in queue: String) throws -> Int {
        Int(try tx.int(runningInQueue, [tx.tenant.sqlValue, queue.sqlValue]) ?? 0)
    }

    func isPausedForAll(_ queue: String) throws -> Bool { try tx.exists(pauseForAll, [queue.sqlValue]) }

    /// The first of each priority is the oldest of it; there are few priorities.
    private func oldestWaiting(in queue: String) throws -> Instant? {
        var oldest: Instant?
        var priority = Int64.min
        while let first = try tx.first(
            firstOfNextPriority, [tx.tenant.sqlValue, queue.sqlValue, priority.sqlValue],
            { (priority: $0.int64(0), since: $0.instant(1)) })
        {
            oldest = min(oldest ?? first.since, first.since)
            priority = first.priority
        }
        return oldest
    }

    /// Returns the reason why a job waits: a word of `WaitReason`, and a sentence. `nil` when it does not.
    package func reasonToWait(_ job: Job, _ runtime: Runtime) throws -> (reason: WaitReason, text: String)? {
        switch job.state {
        case .running, .completed, .dead, .cancelled: return nil
        case .scheduled, .retrying: return job.reasonToWait
        case .available: break
        }
        if job.isBlocked { return job.reasonToWait }
        if try isPausedForAll(job.queue) {
            return (.queuePaused, "the platform has paused the queue \(job.queue)")
        }
        if try tx.exists(tenantsPause, [tx.tenant.sqlValue, job.queue.sqlValue]) {
            return (.queuePaused, "the queue \(job.queue) is paused")
        }
        let (running, cap) = (try running(in: job.queue), runtime.cap(of: job.queue))
        if running >= cap { return (.tenantLimit, "one of the agency's \(running) running jobs to end") }
        let ahead = try tx.int(
            jobsAhead, [tx.tenant.sqlValue, job.queue.sqlValue, job.priority.sqlValue, job.id.sqlValue])
        if let ahead, ahead > 0 { return (.queueBusy, "\(ahead) other\(ahead == 1 ? "" : "s") before it") }
        return (.worker, "a free worker")
    }
}

/// A reason why a job waits.
package enum WaitReason: String, CaseIterable {
    case time, retry
    case rateLimit = "rate_limit"
    case keyBusy = "key_busy"
    case dependency
    case queuePaused = "queue_paused"
    case tenantLimit = "tenant_limit"
    case queueBusy = "queue_busy"
    case worker
}

extension Job {
    /// The reason why the job waits, as far as its own row tells.
    package var reasonToWait: (reason: WaitReason, text: String)? {
        switch state {
        case .running, .completed, .dead, .cancelled: nil
        case .scheduled where rateSlot != nil: (.rateLimit, "its rate limit, until \(runAt)")
        case .scheduled: waitingFor.map { (.dependency, $0) } ?? (.time, "its time, \(runAt)")
        case .retrying: (.retry, "its next attempt, \(runAt)")
        case .available where isBlocked: (.keyBusy, "another job of \(limitKey ?? kind) to end")
        case .available: (.worker, waitingFor ?? "a free worker")
        }
    }
}

package extension JobQueueStore where Base == Transaction {
    /// Stops or resumes the claiming of this tenant's jobs in a queue; what runs goes on.
    func pause(_ name: String, _ isPaused: Bool, by actor: Actor) throws {
        guard tx.runtime.configuration.slots[name] != nil else { throw RuntimeError.notFound }
        if !tx.sandboxClock.isSandbox {
            try tx.jobs.activate(queue: name)
            try tx.run(setPause, [tx.tenant.sqlValue, name.sqlValue, isPaused.sqlValue])
            if !isPaused { try reopen(queue: name) }
        } else {
            // No pool works for a sandbox: the row says nothing else of it.
            try tx.run(setPauseOfSandbox, [tx.tenant.sqlValue, name.sqlValue, isPaused.sqlValue])
            if !isPaused { try tx.jobs.became(.available, queue: name, at: tx.now) }
        }
        let verb = isPaused ? "paused" : "resumed"
        try tx.auditLog.add(actor, "queue.\(verb)", Subject(type: "queue", id: name))
        try tx.publish("queue.\(verb)", Subject(type: "queue", id: name))
    }

    /// One of the tenant's jobs no longer runs: where it stood at its limit, a claim may find it below that. A claim
    /// that is made meanwhile is made again by the pool itself.
    internal func freed(queue: String) throws {
        guard try tx.exists(standsAtLimit, [tx.tenant.sqlValue, queue.sqlValue]) else { return }
        let runtime = tx.runtime
        tx.onCommit(needsDisk: false) { runtime.signals.wake(queue) }
    }

    /// A queue that was closed to claims is open to them again.
    internal func reopen(queue: String) throws {
        guard try tx.run(reopenQueue, [tx.tenant.sqlValue, queue.sqlValue]) > 0 else { return }
        let runtime = tx.runtime
        tx.onCommit(needsDisk: false) { runtime.signals.wake(queue) }
    }
}

extension Runtime {
    /// The queues of this installation, by name.
    package var queues: [String] { configuration.slots.keys.sorted() }

    /// Stops or resumes the claiming of a queue's jobs for every tenant.
    package func pauseQueue(_ name: String, _ isPaused: Bool) async throws {
        guard configuration.slots[name] != nil else { throw RuntimeError.notFound }
        let signals = signals
        try await database.acrossTenantsWrite { tx in
            try tx.run(setPauseForAll, [name.sqlValue, isPaused.sqlValue])
            if !isPaused { tx.onCommit { signals.wake(name) } }
        }
    }

    /// Returns how many jobs of a queue wait and run across tenants, and whether it is paused for all.
    package func acrossTenantsQueue(_ name: String) throws -> (depth: Int, running: Int, isPaused: Bool) {
        try database.acrossTenantsRead { reader in
            (
                Int(try reader.int(acrossTenantsDepth, [name.sqlValue]) ?? 0),
                Int(try reader.int(acrossTenantsRunning, [name.sqlValue]) ?? 0),
                try reader.exists(pauseForAll, [name.sqlValue])
            )
        }
    }
}

private let depthOfQueue = Statement(
    "SELECT count(*) FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.ready)")

private let runningInQueue = Statement(
    "SELECT count(*) FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.running)")

private let acrossTenantsDepth = Statement(
    "SELECT count(*) FROM jobs WHERE queue = $1 AND \(JobCondition.ready)")

private let acrossTenantsRunning = Statement(
    "SELECT count(*) FROM jobs WHERE queue = $1 AND \(JobCondition.running)")

private let firstOfNextPriority = Statement(
    """
    SELECT priority, run_at FROM jobs
    WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.ready) AND priority > $3
    ORDER BY priority, id LIMIT 1
    """)

private let jobsAhead = Statement(
    """
    SELECT count(*) FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.ready)
        AND (priority, id) < ($3, $4)
    """)

private let tenantsPause = Statement(
    "SELECT 1 FROM tenant_queues WHERE tenant_id = $1 AND queue = $2 AND paused = 1")

private let pauseForAll = Statement(
    "SELECT 1 FROM tenant_queues WHERE tenant_id = '' AND queue = $1 AND paused = 1")

private let setPause = Statement(
    """
    UPDATE tenant_queues SET paused = $3, ready = CASE WHEN $3 = 1 THEN 0 ELSE ready END,
        at_limit = CASE WHEN $3 = 1 THEN 0 ELSE at_limit END
    WHERE tenant_id = $1 AND queue = $2
    """)

private let setPauseOfSandbox = Statement(
    """
    INSERT INTO tenant_queues (tenant_id, queue, virtual_time, suspended, ready, paused) VALUES ($1, $2, 0, 1, 0, $3)
    ON CONFLICT (tenant_id, queue) DO UPDATE SET paused = excluded.paused
    """)

private let setPauseForAll = Statement(
    """
    INSERT INTO tenant_queues (tenant_id, queue, virtual_time, ready, paused) VALUES ('', $1, 0, 0, $2)
    ON CONFLICT (tenant_id, queue) DO UPDATE SET paused = excluded.paused
    """)

private let standsAtLimit = Statement(
    "SELECT 1 FROM tenant_queues WHERE tenant_id = $1 AND queue = $2 AND at_limit = 1")

private let reopenQueue = Statement(
    """
    UPDATE tenant_queues SET ready = 1
    WHERE tenant_id = $1 AND queue = $2 AND ready = 0 AND suspended = 0 AND paused = 0
        AND EXISTS (SELECT 1 FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.ready))
    """)
