internal import Database
internal import Nouns
internal import Records
internal import Telemetry

/// The limits of jobs with one key in one tenant: how many run at once, and how often they start.
package struct JobLimits: Hashable, Sendable {
    package var concurrency: Int?
    package var rate: JobRate?

    package init(concurrency: Int? = nil, rate: JobRate? = nil) {
        precondition(concurrency ?? 1 > 0, "a limit lets at least one job run")
        (self.concurrency, self.rate) = (concurrency, rate)
    }

    var isNone: Bool { concurrency == nil && rate == nil }
}

/// A number of starts in any stretch of time of that length, by the tenant's clock. The times are given when
/// jobs become due, in their order; where workers are short, jobs may start later than their times and closer
/// together.
package struct JobRate: Hashable, Sendable {
    package let count: Int, period: Duration

    package init(_ count: Int, per period: Duration) {
        precondition(count > 0 && period > .zero, "a rate is so many in some time")
        (self.count, self.period) = (count, period)
    }
}

/// The standing of a job under the limits of its key: a number in the column `permit`. Those before `blocked` may be
/// claimed.
package enum JobPermit: Int, SQLConvertible {
    /// Any number of the key's jobs may run at once.
    case unlimited = 0
    /// It is one of those that may run at once.
    case held
    /// It waits for one of these to end.
    case blocked
    /// It has limits, and has yet to be let in.
    case absent
}

private struct LimitedJob: StoredRow {
    let queue: String, key: String
    let limit: Int?
    let rate: JobRate?
    let hasPermit: Bool
    let slot: Instant?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (queue, key) = (row.text("queue"), row.text("limit_key"))
        limit = row.optionalInt("limit_count")
        let count = row.optionalInt("rate_count"), period = row.int64("rate_period")
        rate = count.map { JobRate($0, per: .microseconds(period)) }
        hasPermit = row.int("permit") == JobPermit.held.rawValue
        slot = row.optionalInstant("rate_slot")
    }
}

/// Limits of jobs with one key: `tx.jobLimits`. The jobs that hold a permit are counted, in the transaction that
/// gives the permit: there is no counter that could be wrong, and none that many transactions would write to.
struct JobLimitStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var jobLimits: JobLimitStore<Self> { JobLimitStore(tx: self) }
}

extension JobLimitStore where Base == Transaction {
    /// Lets a job with limits that is due go to the ready ones, wait for a permit, or wait for a time that its
    /// rate gives it. A permit is held while the job waits for that time.
    func admit(_ id: JobID) throws {
        guard let job = try limited(id) else { return }
        if let limit = job.limit, !job.hasPermit, try holders(job.key) >= limit {
            try tx.run(setPermit, values(id, .available, .blocked, runAt: nil, slot: nil))
            return
        }
        let permit: JobPermit = job.limit == nil ? .unlimited : .held
        if let rate = job.rate, job.slot == nil {
            let slot = try reserve(rate, job.key)
            guard slot <= tx.now else {
                try tx.run(setPermit, values(id, .scheduled, permit, runAt: slot, slot: slot))
                return try tx.jobs.became(.scheduled, queue: job.queue, at: slot)
            }
        }
        try tx.run(setPermit, values(id, .available, permit, runAt: nil, slot: tx.now))
        try tx.jobs.became(.available, queue: job.queue, at: tx.now)
    }

    /// Permits of a key are free: they go to those that wait longest, the most urgent first.
    func admitNext(_ key: String) throws {
        while let next = try tx.first(
            nextBlocked, [tx.tenant.sqlValue, key.sqlValue], { (id: JobID($0, 0), limit: $0.int(1)) }),
            try holders(key) < next.limit
        {
            try admit(next.id)
        }
    }

    private func limited(_ id: JobID) throws -> LimitedJob? {
        try tx.first(limitedJob, [tx.tenant.sqlValue, id.sqlValue], LimitedJob.init)
    }

    private func holders(_ key: String) throws -> Int {
        Int(try tx.int(countHolders, [tx.tenant.sqlValue, key.sqlValue]) ?? 0)
    }

    /// The next time at which a job may start: the n-th start comes a period after the one `count` before it.
    private func reserve(_ rate: JobRate, _ key: String) throws -> Instant {
        let number = try (tx.int(lastSlot, [tx.tenant.sqlValue, key.sqlValue]) ?? 0) + 1
        let before = (number - Int64(rate.count)).sqlValue
        let earlier = try tx.int(slotOfNumber, [tx.tenant.sqlValue, key.sqlValue, before])
        let free = earlier.map { Instant(microseconds: $0) + rate.period } ?? tx.now
        let slot = max(tx.now, free)
        try tx.run(insertSlot, [tx.tenant.sqlValue, key.sqlValue, number.sqlValue, slot.sqlValue])
        try tx.run(forgetSlots, [tx.tenant.sqlValue, key.sqlValue, before])
        return slot
    }

    private func values(
        _ id: JobID, _ state: JobState, _ permit: JobPermit, runAt: Instant?, slot: Instant?
    ) -> [SQLValue] {
        [
            tx.tenant.sqlValue, id.sqlValue, state.sqlValue, permit.sqlValue, runAt.sqlValue, slot.sqlValue,
        ]
    }
}

private let limitedJob = Statement(
    """
    SELECT \(LimitedJob.columns) FROM jobs
    WHERE tenant_id = $1 AND id = $2 AND limit_key IS NOT NULL
        AND state IN \(literal: [JobState.scheduled, .available, .retrying])
    """)

private let setPermit = Statement(
    """
    UPDATE jobs SET state = $3, permit = $4, run_at = coalesce($5, run_at), rate_slot = $6
    WHERE tenant_id = $1 AND id = $2
    """)

private let countHolders = Statement(
    """
    SELECT count(*) FROM jobs
    WHERE tenant_id = $1 AND limit_key = $2 AND permit = \(literal: JobPermit.held)
    """)

private let nextBlocked = Statement(
    """
    SELECT id, limit_count FROM jobs
    WHERE tenant_id = $1 AND limit_key = $2 AND permit = \(literal: JobPermit.blocked)
    ORDER BY priority, id LIMIT 1
    """)

private let lastSlot = Statement("SELECT max(number) FROM job_rates WHERE tenant_id = $1 AND limit_key = $2")

private let slotOfNumber = Statement(
    "SELECT slot FROM job_rates WHERE tenant_id = $1 AND limit_key = $2 AND number = $3")

private let insertSlot = Statement(
    "INSERT INTO job_rates (tenant_id, limit_key, number, slot) VALUES ($1, $2, $3, $4)")

private let forgetSlots = Statement(
    "DELETE FROM job_rates WHERE tenant_id = $1 AND limit_key = $2 AND number <= $3")
