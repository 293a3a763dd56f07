internal import Database
internal import Telemetry

/// The step of a sandbox's driver between two jobs, in one transaction: it fires what is due, claims the next job in a
/// fixed order, and moves the clock to the next time at which something is due when there is none. So a crash finds the
/// sandbox before or after such a step, at a time that it really had.
struct SandboxStep {
    enum Result: Sendable {
        /// To be run now; the seed is that of the sandbox.
        case job(ClaimedJob, seed: Int64)
        /// Nothing is due at the sandbox's time, which may not be moved further.
        case quiet
        /// There is more to do than one transaction should.
        case unfinished
    }

    private static let roundsMax = 64

    let runtime: Runtime
    /// The time to which the clock may go; `nil`: not at all.
    let until: Instant?

    func run(in start: Transaction) throws -> Result {
        var tx = start
        let state = try tx.first(sandboxState, [tx.tenant.sqlValue]) {
            (isSuspended: $0.bool(0), $0.int64(1))
        }
        guard let (isSuspended, seed) = state, !isSuspended else { return .quiet }
        for _ in 0..<Self.roundsMax {
            var next: Instant?, hasFired = false
            for source in runtime.dueSources {
                guard let due = try source.nextDue(in: tx) else { continue }
                if due <= tx.now {
                    try source.fireFirst(in: tx)
                    hasFired = true
                    break
                }
                next = min(next ?? due, due)
            }
            if hasFired { continue }
            if let job = try claim(in: tx) { return .job(job, seed: seed) }
            guard let until, tx.now < until, try !tx.exists(runningJob, [tx.tenant.sqlValue]) else {
                return .quiet
            }
            let now = min(next ?? until, until)
            try tx.sandboxClock.setVirtualTime(now)
            tx = tx.at(now)
        }
        return .unfinished
    }

    /// The lease is in real time: it is about the life of this process.
    private func claim(in tx: Transaction) throws -> ClaimedJob? {
        let configuration = runtime.configuration
        tx.jobs.forgetKeys()
        return try tx.first(
            claimSandboxJob,
            [
                tx.tenant.sqlValue, configuration.boot.sqlValue,
                (runtime.clocks.now(nil) + configuration.lease).sqlValue, tx.now.sqlValue,
            ]
        ) { try ClaimedRow($0).job(of: tx.tenant) }
    }
}

private let sandboxState = Statement(
    "SELECT suspended, seed FROM runtime_tenants WHERE tenant_id = $1 AND realm = \(literal: Realm.sandbox)")

private let runningJob = Statement("SELECT 1 FROM jobs WHERE tenant_id = $1 AND \(JobCondition.running)")

// One at a time: while one runs, even of another process, none is claimed.
private let claimSandboxJob = Statement(
    """
    UPDATE jobs SET \(ClaimedRow.claim(owner: "$2", leaseUntil: "$3", startedAt: "$4"))
    WHERE tenant_id = $1 AND id = (
        SELECT id FROM jobs j
        WHERE tenant_id = $1 AND realm = \(literal: Realm.sandbox) AND \(JobCondition.ready) AND NOT EXISTS (
            SELECT 1 FROM tenant_queues q WHERE q.tenant_id = $1 AND q.queue = j.queue AND q.paused = 1)
        ORDER BY priority, run_at, id LIMIT 1)
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE tenant_id = $1 AND \(JobCondition.running))
    RETURNING \(ClaimedRow.columns)
    """)
