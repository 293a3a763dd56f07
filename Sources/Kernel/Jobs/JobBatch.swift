package import Database
internal import JSON
package import Nouns
internal import Records
package import Telemetry

/// Jobs that were made together, and the one that follows when all of them have ended.
package struct JobBatch: Identified {
    package static let idPrefix = "batch", noun = "job_batch", table = "job_batches"

    package let id: ID<JobBatch>
    /// The counts of its jobs by state; `completed`, `dead` and `cancelled` are final once it has ended.
    package let total: Int, completed: Int, dead: Int, cancelled: Int
    /// The job that its end has made, if one was wanted.
    package let callbackJobID: JobID?
    package let createdAt: Instant, finishedAt: Instant?

    package var live: Int { total - completed - dead - cancelled }
}

extension JobBatch: StoredRow {
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, total) = (row.id("id"), row.int("total"))
        (completed, dead, cancelled) = (row.int("completed"), row.int("dead"), row.int("cancelled"))
        callbackJobID = row.optionalID("callback_job_id")
        (createdAt, finishedAt) = (row.instant("created_at"), row.optionalInstant("finished_at"))
    }
}

/// One of many jobs that are made at once.
package struct BulkJob<Payload: Sendable>: Sendable {
    package var payload: Payload
    package var uniqueKey: String?

    package init(_ payload: Payload, uniqueKey: String? = nil) {
        (self.payload, self.uniqueKey) = (payload, uniqueKey)
    }
}

extension JobStore where Base == Transaction {
    /// Stores many jobs with the same options, a few hundred to a statement; those whose key is taken by a live
    /// job are passed over. Gives the ids of those made, in order. Keep to some thousand in a transaction.
    @discardableResult
    package func enqueueAll<Kind: JobKind>(
        _ kind: Kind.Type, _ jobs: [BulkJob<Kind.Payload>], _ options: JobOptions = JobOptions()
    ) throws -> [JobID] {
        try enqueueAll(kind, jobs, options, batch: nil)
    }

    fileprivate func enqueueAll<Kind: JobKind>(
        _ kind: Kind.Type, _ jobs: [BulkJob<Kind.Payload>], _ options: JobOptions, batch: ID<JobBatch>?
    ) throws -> [JobID] {
        let payloads = try encodePayloads(jobs.map(\.payload))
        let limits = options.limits ?? Kind.limits
        var made: [JobID] = []
        made.reserveCapacity(jobs.count)
        if !limits.isNone {
            // Each is let in by itself.
            for (job, payload) in zip(jobs, payloads) {
                var one = options
                one.uniqueKey = job.uniqueKey
                let new = NewJob(
                    id: tx.makeID(), queue: Kind.queue, kind: Kind.kind, payload: payload,
                    attemptsMax: options.attemptsMax ?? Kind.attemptsMax, options: one, limits: limits,
                    batch: batch)
                if try insert(new) { made.append(new.id) }
            }
            return made
        }
        let runAt = max(options.runAt ?? tx.now, tx.now)
        let state: JobState = runAt <= tx.now ? .available : .scheduled
        let shared: [SQLValue] = [
            tx.tenant.sqlValue, Kind.queue.sqlValue, Kind.kind.sqlValue, options.priority.sqlValue,
            state.sqlValue, tx.runtime.clocks.realm(of: tx.tenant).sqlValue, runAt.sqlValue,
            (options.attemptsMax ?? Kind.attemptsMax).sqlValue, options.uniqueness.rawValue.sqlValue,
            (options.subject?.type).sqlValue, (options.subject?.id).sqlValue, options.waitingFor.sqlValue,
            tx.now.sqlValue, batch.sqlValue,
        ]
        var rest = jobs.indices[...]
        while !rest.isEmpty {
            // Few lengths, so that their statements stay prepared.
            let rows = BulkInsert.lengths.first { $0 <= rest.count } ?? 1
            var values = shared
            values.reserveCapacity(shared.count + 3 * rows)
            for index in rest.prefix(rows) {
                values.append(tx.makeID(Nouns.Job.self).sqlValue)
                values.append(payloads[index].sqlValue)
                values.append(jobs[index].uniqueKey.sqlValue)
            }
            made += try tx.all(BulkInsert.statement(rows), values) { JobID($0, 0) }
            rest = rest.dropFirst(rows)
        }
        forgetKeys()
        if !made.isEmpty { try became(state, queue: Kind.queue, at: runAt) }
        // The order of RETURNING is unspecified.
        return made.sorted()
    }
}

/// Batches of jobs, and what follows when all of one have ended: `tx.jobBatches`.
package struct JobBatchStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var jobBatches: JobBatchStore<Self> { JobBatchStore(tx: self) }
}

extension JobBatchStore where Base == Transaction {
    /// Stores many jobs as a batch, as `enqueueAll` does. When the last of them has ended, however it did, `callback`
    /// is made into a job. Gives the batch's id; one without jobs ends at once.
    @discardableResult
    package func enqueue<Kind: JobKind, Callback: JobKind>(
        _ kind: Kind.Type, _ jobs: [BulkJob<Kind.Payload>], _ options: JobOptions = JobOptions(),
        then callback: Callback.Type, _ payload: Callback.Payload
    ) throws -> ID<JobBatch> {
        try enqueue(
            kind, jobs, options,
            then: (Callback.kind, Callback.queue, try encodePayload(payload), Callback.attemptsMax))
    }

    /// A batch that nothing follows.
    @discardableResult
    package func enqueue<Kind: JobKind>(
        _ kind: Kind.Type, _ jobs: [BulkJob<Kind.Payload>], _ options: JobOptions = JobOptions()
    ) throws -> ID<JobBatch> {
        try enqueue(kind, jobs, options, then: nil)
    }

    private typealias Callback = (kind: String, queue: String, payload: String, attemptsMax: Int)

    private func enqueue<Kind: JobKind>(
        _ kind: Kind.Type, _ jobs: [BulkJob<Kind.Payload>], _ options: JobOptions, then callback: Callback?
    ) throws -> ID<JobBatch> {
        let id = tx.makeID(JobBatch.self)
        try tx.run(
            insertBatch,
            [
                tx.tenant.sqlValue, id.sqlValue, (callback?.kind).sqlValue, (callback?.queue).sqlValue,
                (callback?.payload).sqlValue, (callback?.attemptsMax).sqlValue, tx.now.sqlValue,
            ])
        let made = try tx.jobs.enqueueAll(kind, jobs, options, batch: id)
        try tx.run(countBatch, [tx.tenant.sqlValue, id.sqlValue, made.count.sqlValue])
        if made.isEmpty { try end(ifLast: id) }
        return id
    }

    /// Ends a batch when none of its jobs is live any more, and makes the job that follows.
    func end(ifLast id: ID<JobBatch>) throws {
        guard try !tx.exists(liveOfBatch, [tx.tenant.sqlValue, id.sqlValue]) else { return }
        let counts = try counts(id)
        let callback = try tx.first(
            finishBatch,
            [
                tx.tenant.sqlValue, id.sqlValue, tx.now.sqlValue, counts.completed.sqlValue,
                counts.dead.sqlValue,
                counts.cancelled.sqlValue,
            ]
        ) { row in
            row.optionalText(0).map { ($0, row.text(1), row.text(2), row.int(3)) } as Callback?
        }
        // It has ended before: one of its jobs was made once more.
        guard let callback else { return }
        if let callback {
            let job = NewJob(
                id: tx.makeID(), queue: callback.queue, kind: callback.kind, payload: callback.payload,
                attemptsMax: callback.attemptsMax,
                options: JobOptions(subject: Subject(id)))
            _ = try tx.jobs.insert(job)
            try tx.run(
                "UPDATE job_batches SET callback_job_id = \(job.id) WHERE tenant_id = \(tx.tenant) AND id = \(id)"
            )
        }
        try tx.publish(
            "job_batch.finished", Subject(id),
            [
                "completed": JSON(counts.completed), "dead": JSON(counts.dead),
                "cancelled": JSON(counts.cancelled),
            ])
    }
}

extension JobBatchStore {
    package func find(_ id: ID<JobBatch>) throws -> JobBatch? {
        let batch = try tx.first(
            """
            SELECT \(JobBatch.columns) FROM job_batches
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """, JobBatch.init)
        guard let batch, batch.finishedAt == nil else { return batch }
        let counts = try counts(id)
        return JobBatch(
            id: id, total: batch.total, completed: counts.completed, dead: counts.dead,
            cancelled: counts.cancelled, callbackJobID: nil, createdAt: batch.createdAt, finishedAt: nil)
    }

    fileprivate func counts(_ id: ID<JobBatch>) throws -> (completed: Int, dead: Int, cancelled: Int) {
        let counts = Dictionary(
            try tx.all(countsOfBatch, [tx.tenant.sqlValue, id.sqlValue]) { ($0.int(0), $0.int(1)) }
        ) { $1 }
        func count(_ state: JobState) -> Int { counts[state.rawValue] ?? 0 }
        return (count(.completed), count(.dead), count(.cancelled))
    }
}

/// `INSERT` of many jobs that differ in id, payload and key.
private enum BulkInsert {
    static let lengths = [500, 50, 5, 1]
    private static let statements = Dictionary(uniqueKeysWithValues: lengths.map { ($0, make($0)) })

    static func statement(_ rows: Int) -> Statement { statements[rows]! }

    private static func make(_ rows: Int) -> Statement {
        let values = (0..<rows).map { "($\(15 + 3 * $0), $\(16 + 3 * $0), $\(17 + 3 * $0))" }
        return Statement(
            """
            INSERT INTO jobs (tenant_id, id, queue, kind, priority, state, realm, run_at, attempt, max_attempts,
                deaths, epoch, unique_key, unique_until, payload, subject_type, subject_id, waiting_for,
                created_at, batch_id)
            SELECT $1, v.column1, $2, $3, $4, $5, $6, $7, 0, $8, 0, 0, v.column3, $9, v.column2, $10, $11, $12,
                $13, $14
            FROM (VALUES \(values.joined(separator: ", "))) AS v WHERE TRUE
            ON CONFLICT DO NOTHING RETURNING id
            """)
    }
}

private let insertBatch = Statement(
    """
    INSERT INTO job_batches (tenant_id, id, total, completed, dead, cancelled, callback_kind, callback_queue,
        callback_payload, callback_attempts, created_at)
    VALUES ($1, $2, 0, 0, 0, 0, $3, $4, $5, $6, $7)
    """)

private let countBatch = Statement("UPDATE job_batches SET total = $3 WHERE tenant_id = $1 AND id = $2")

private let liveOfBatch = Statement(
    "SELECT 1 FROM jobs WHERE tenant_id = $1 AND batch_id = $2 AND \(JobCondition.live) LIMIT 1")

private let countsOfBatch = Statement(
    "SELECT state, count(*) FROM jobs WHERE tenant_id = $1 AND batch_id = $2 GROUP BY state")

private let finishBatch = Statement(
    """
    UPDATE job_batches SET finished_at = $3, completed = $4, dead = $5, cancelled = $6
    WHERE tenant_id = $1 AND id = $2 AND finished_at IS NULL
    RETURNING callback_kind, callback_queue, callback_payload, callback_attempts
    """)
