package import Database
package import Nouns
internal import Synchronization
package import Telemetry

/// A handler's access to the database and its job while it holds it. Every write checks, in its own transaction, that
/// the job is still this attempt's; afterwards nothing of a worker that was given up can reach the database.
package final class JobContext: Sendable {
    package let tenant: TenantID
    package let jobID: JobID
    /// The number of the attempt, from 1, and the number of attempts allowed.
    package let attempt: Int, attemptsMax: Int
    package let runtime: Runtime
    let lease: Lease
    private let failpoint: Failpoint?
    private let completed = Mutex(false)
    private let isPart: Bool

    init(_ claim: Claim, _ runtime: Runtime, failpoint: Failpoint? = nil) {
        (tenant, jobID, lease) = (claim.lease.tenant, claim.lease.job, claim.lease)
        (attempt, attemptsMax) = (claim.attempt, claim.attemptsMax)
        (self.runtime, self.failpoint, isPart) = (runtime, failpoint, false)
    }

    private init(partOf job: JobContext) {
        (tenant, jobID, lease) = (job.tenant, job.jobID, job.lease)
        (attempt, attemptsMax) = (job.attempt, job.attemptsMax)
        (runtime, failpoint, isPart) = (job.runtime, job.failpoint, true)
    }

    /// Makes a context for one of several things that the job is to do: completing that one leaves the job to the
    /// others.
    package func part() -> JobContext { JobContext(partOf: self) }

    /// The tenant's time.
    package var now: Instant { runtime.clocks.now(tenant) }

    /// The job was cancelled, its lease was lost or its time is over; what it writes would be refused.
    package var isCancelled: Bool { Task.isCancelled }

    package var isCompleted: Bool { completed.withLock { $0 } }

    package func read<T>(_ body: (Reader) throws -> T) throws -> T { try runtime.database.read(tenant, body) }

    /// Throws `LeaseLost`, and changes nothing, when the job is no longer this attempt's. `advancing`: the next attempt
    /// goes on behind this write, so that processes that died before it do not count against the job any more.
    @discardableResult package func write<T: Sendable>(
        _ priority: WritePriority = .batch, advancing: Bool = false,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let lease = lease
        return try await commit(priority) { tx in
            try tx.jobs.check(lease, isAdvanced: advancing)
            return try body(tx)
        }
    }

    private func commit<T: Sendable>(
        _ priority: WritePriority, queued: (() -> Void)? = nil,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await failpoint?(.beforeCommit)
        let result = try await runtime.database.write(
            tenant, isSandbox ? .lazy : priority, queued: queued, body)
        try await failpoint?(.afterCommit)
        return result
    }

    /// Submits a write without waiting: what is submitted in turn is written in turn, and together where it can be.
    package func submit<T: Sendable>(
        _ priority: WritePriority = .batch, advancing: Bool = false,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) -> SubmittedWrite<T> {
        let lease = lease
        let (results, continuation) = AsyncThrowingStream<T, any Error>.makeStream()
        runtime.database.submit(tenant, isSandbox ? .lazy : priority) { tx in
            try tx.jobs.check(lease, isAdvanced: advancing)
            return try body(tx)
        } completion: { result in
            if case .success(let value) = result { continuation.yield(value) }
            if case .failure(let error) = result { continuation.finish(throwing: error) }
        }
        return SubmittedWrite(results: results)
    }

    /// Writes and completes the job in one transaction: what the body does happens exactly once. The job is
    /// over; the handler should return. For `queued` see `Database.write`.
    @discardableResult package func complete<T: Sendable>(
        _ priority: WritePriority = .batch, queued: (() -> Void)? = nil,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let (lease, isPart) = (lease, isPart)
        let result = try await commit(priority, queued: queued) { tx in
            if isPart { try tx.jobs.check(lease) } else { try tx.jobs.complete(lease) }
            return try body(tx)
        }
        completed.withLock { $0 = true }
        return result
    }

    /// Ends the attempt in the transaction of the body, as the body says: on the disk if it tells anybody. The handler
    /// should return.
    package func conclude(_ body: @escaping @Sendable (Transaction) throws -> Disposition) async throws {
        let lease = lease
        try await commit(.early) { tx in
            try tx.jobs.check(lease)
            let disposition = try body(tx)
            try tx.jobs.settle(lease, disposition)
        }
        completed.withLock { $0 = true }
    }

    /// Makes sure that the job is still this attempt's, for work that writes nothing for long.
    package func heartbeat() async throws {
        try Task.checkCancellation()
        try await write { _ in }
    }

    /// Reports the progress, from 0 to 1; it is shown with the job.
    package func report(progress: Double) async throws {
        let lease = lease
        try await runtime.database.write(tenant, .batch) { tx in try tx.jobs.report(lease, progress: progress)
        }
    }
}

/// Where a simulation lets a worker die, its commit fail, or another worker overtake it.
typealias Failpoint = @Sendable (CommitPoint) async throws -> Void

enum CommitPoint: Sendable { case beforeCommit, afterCommit }

/// A write on its way.
package struct SubmittedWrite<T: Sendable>: Sendable {
    fileprivate let results: AsyncThrowingStream<T, any Error>

    /// Waits until it is durable. To be asked once.
    package func value() async throws -> T {
        for try await value in results { return value }
        throw CancellationError()
    }
}
