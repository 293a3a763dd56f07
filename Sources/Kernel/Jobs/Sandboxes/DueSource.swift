package import Database
internal import Nouns
internal import Records
package import Telemetry

/// Something in a tenant that becomes due by itself at a time that is stored: jobs that wait, schedules. A
/// sandbox's clock goes from one of these times to the next. Whoever stores such times registers a source, and
/// fires in it with the code that the live pump fires with.
package protocol DueSource: Sendable {
    /// When the first thing of the tenant's is due, whether that is past or to come. Looked up by an index.
    func nextDue(in tx: Transaction) throws -> Instant?
    /// Does the first of what is due at `tx.now`. What was done is not due any more.
    func fireFirst(in tx: Transaction) throws
}

/// Jobs that wait for their time, or for their next attempt.
struct JobTimers: DueSource {
    func nextDue(in tx: Transaction) throws -> Instant? {
        try tx.first(nextSandboxJob, [tx.tenant.sqlValue]) { $0.instant(0) }
    }

    /// Makes all of them available: the claim chooses among them.
    func fireFirst(in tx: Transaction) throws {
        let woken = try tx.all(wakeSandboxJobs, [tx.tenant.sqlValue, tx.now.sqlValue]) { row in
            (id: JobID(row, 0), isLimited: row.optionalText(1) != nil)
        }
        for job in woken.filter(\.isLimited).sorted(by: { $0.id < $1.id }) { try tx.jobLimits.admit(job.id) }
    }
}

private let nextSandboxJob = Statement(
    """
    SELECT run_at FROM jobs WHERE tenant_id = $1 AND realm = \(literal: Realm.sandbox) AND \(JobCondition.timed)
    ORDER BY run_at LIMIT 1
    """)

private let wakeSandboxJobs = Statement(
    """
    UPDATE jobs SET state = \(literal: JobState.available)
    WHERE tenant_id = $1 AND realm = \(literal: Realm.sandbox) AND \(JobCondition.timed) AND run_at <= $2
    RETURNING id, limit_key
    """)
