internal import Database
internal import Nouns
internal import Records
internal import Telemetry

/// The jobs that a claim took, and whether it left tenants alone that stand at their limit.
struct ClaimedJobs: Sendable {
    var jobs: [ClaimedJob] = []
    var areTenantsAtLimit = false
}

/// A claimed job as the database gives it.
struct ClaimedJob: Sendable {
    let lease: Lease
    let kind: String, payload: String
    let attempt: Int, attemptsMax: Int
}

/// A job as its claim returns it.
struct ClaimedRow: StoredRow {
    let id: JobID, kind: String, payload: String
    let epoch: Int, attempt: Int, attemptsMax: Int
    let priority: Int

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (id, kind, payload) = (row.id("id"), row.text("kind"), row.text("payload"))
        (epoch, attempt, attemptsMax) = (row.int("epoch"), row.int("attempt"), row.int("max_attempts"))
        priority = row.int("priority")
    }

    func job(of tenant: TenantID) -> ClaimedJob {
        ClaimedJob(
            lease: Lease(tenant: tenant, job: id, epoch: epoch), kind: kind, payload: payload,
            attempt: attempt, attemptsMax: attemptsMax)
    }

    /// The changes that a claim makes to a job; the parameters are the numbers of a statement's.
    static func claim(owner: String, leaseUntil: String, startedAt: String) -> String {
        """
        state = \(literal: JobState.running), attempt = attempt + 1, epoch = epoch + 1, owner = \(owner),
        lease_until = \(leaseUntil), started_at = \(startedAt), waiting_for = NULL, unique_key = CASE
            WHEN unique_until = \(literal: JobOptions.Uniqueness.untilStarted) THEN NULL ELSE unique_key END
        """
    }
}

/// The worker pool's work across tenants: claiming fairly, waking what is due, reaping what was lost.
struct ClaimStore {
    let tx: SystemTransaction
    let runtime: Runtime

    /// Jobs of one tenant in one turn, before the next tenant has its own.
    private static let quantum = 4
    /// The cost of one job in virtual time, at weight 1.
    private static let cost: Int64 = 1000
    private static let turnsMax = 16
    /// No more stand at their limit than there are slots.
    private static let atLimitMax = 1000

    /// Takes up to `limit` jobs of a queue. Start-time fair queueing: the tenants with the least virtual
    /// time go first, and each job that they are given adds to theirs. How many of a tenant's jobs run is
    /// counted, never kept; a tenant at its limit is no longer among the ready ones, until a claim finds that
    /// one of its jobs has ended.
    func claim(
        _ queue: String, limit: Int, cap: Int, owner: String, leaseUntil: Instant
    ) throws -> ClaimedJobs {
        if try tx.exists(pausedForAll, [queue.sqlValue]) { return ClaimedJobs() }
        var claimed: [ClaimedJob] = []
        var areTenantsAtLimit = try reopenTenants(queue, cap)
        while claimed.count < limit {
            var turns = try pickTenants(queue, cap, among: .ready, limit: Self.turnsMax)
            guard let last = turns.last else { break }
            // Tenants that were not picked stand at least where the last one does.
            let horizon = turns.count == Self.turnsMax ? last.virtualTime : .max
            var queueTime = turns[0].virtualTime
            // A tenant that has work alone need not take turns.
            let quantum = turns.count == 1 ? limit : Self.quantum
            while claimed.count < limit, let next = Turn.next(of: turns, horizon) {
                queueTime = max(queueTime, turns[next].virtualTime)
                let count = min(turns[next].room, quantum, limit - claimed.count)
                let jobs = try take(count, turns[next].tenant, queue, owner, leaseUntil)
                turns[next].charge(jobs.count, hasMore: jobs.count == count)
                claimed += jobs
            }
            for turn in turns where turn.wasServed || turn.room <= 0 {
                if turn.room <= 0 { areTenantsAtLimit = true }
                try tx.run(
                    chargeTenant,
                    [
                        turn.tenant.sqlValue, queue.sqlValue, turn.virtualTime.sqlValue,
                        (turn.room > 0).sqlValue,
                    ])
            }
            try tx.run(advanceQueueTime, [queue.sqlValue, queueTime.sqlValue])
        }
        return ClaimedJobs(jobs: claimed, areTenantsAtLimit: areTenantsAtLimit)
    }

    /// Tenants that were at their limit and are no longer are ready again; whether others still are at theirs. Only a
    /// claim can tell: the transaction in which a job ends may have begun before the claim that closed its tenant.
    private func reopenTenants(_ queue: String, _ cap: Int) throws -> Bool {
        let turns = try pickTenants(queue, cap, among: .atLimit, limit: Self.atLimitMax)
        for turn in turns where turn.room > 0 {
            try tx.run(reopenTenant, [turn.tenant.sqlValue, queue.sqlValue])
        }
        return turns.contains { $0.room <= 0 }
    }

    /// With a server, the tenants' rows are locked, and another process passes them over until this one has claimed.
    /// What runs is then counted by a statement of its own, which sees every claim that was committed before: counted
    /// with the lock, it would miss those of who held the lock until now.
    private func pickTenants(
        _ queue: String, _ cap: Int, among tenants: TenantsOfQueue, limit: Int
    ) throws -> [Turn] {
        let values = [queue.sqlValue, cap.sqlValue, limit.sqlValue]
        guard tx.dialect == .postgreSQL else { return try tx.all(tenants.leastServed, values, Turn.init) }
        var turns = try tx.all(tenants.lockedLeastServed, values, Turn.init)
        guard !turns.isEmpty else { return [] }
        let running = try tx.all(
            """
            SELECT tenant_id, count(*) FROM jobs
            WHERE tenant_id IN \(list: turns.map(\.tenant)) AND queue = \(queue) AND \(JobCondition.running)
            GROUP BY tenant_id
            """
        ) { (TenantID(rawValue: $0.text(0)), $0.int(1)) }
        let counts = Dictionary(uniqueKeysWithValues: running)
        for index in turns.indices { turns[index].subtract(running: counts[turns[index].tenant] ?? 0) }
        return turns
    }

    /// A tenant that has work, while a claim is made.
    fileprivate struct Turn: StoredRow {
        let tenant: TenantID
        let weight: Int64
        private(set) var virtualTime: Int64
        /// The number of its jobs that may still be started.
        private(set) var room: Int
        private(set) var wasServed = false
        private var isEmpty = false

        static let columns = Columns(of: Self.self)

        init(_ row: inout ColumnReader) {
            (tenant, weight) = (TenantID(rawValue: row.text("tenant_id")), row.int64("weight"))
            (virtualTime, room) = (row.int64("virtual_time"), row.int("room"))
        }

        mutating func subtract(running: Int) { room -= running }

        mutating func charge(_ jobs: Int, hasMore: Bool) {
            virtualTime += Int64(jobs) * ClaimStore.cost / weight
            room -= jobs
            (wasServed, isEmpty) = (true, !hasMore)
        }

        static func next(of turns: [Turn], _ horizon: Int64) -> Int? {
            turns.indices.filter {
                turns[$0].room > 0 && !turns[$0].isEmpty && turns[$0].virtualTime <= horizon
            }
            .min { turns[$0].virtualTime < turns[$1].virtualTime }
        }
    }

    private func take(
        _ count: Int, _ tenant: TenantID, _ queue: String, _ owner: String, _ leaseUntil: Instant
    ) throws -> [ClaimedJob] {
        let scoped = tx.scoped(to: tenant)
        scoped.jobs.forgetKeys()
        let jobs = try tx.all(
            tx.dialect == .postgreSQL ? claimUnlockedJobs : claimJobs,
            [
                tenant.sqlValue, queue.sqlValue, count.sqlValue, owner.sqlValue, leaseUntil.sqlValue,
                scoped.now.sqlValue,
            ]
        ) { row in
            let claimed = try ClaimedRow(row)
            return (priority: claimed.priority, job: claimed.job(of: tenant))
        }
        // The order of RETURNING is unspecified.
        return jobs.sorted { ($0.priority, $0.job.lease) < ($1.priority, $1.job.lease) }.map(\.job)
    }

    /// Makes what is due available; the time of the next one that is not, or now when there is more.
    func wakeDue(limit: Int) throws -> Instant? {
        let woken = try tx.all(wakeDueJobs, [tx.now.sqlValue, limit.sqlValue]) { row in
            (
                place: TenantQueue(tenant: TenantID(rawValue: row.text(0)), queue: row.text(1)),
                job: JobID(row, 2), isLimited: row.optionalText(3) != nil
            )
        }
        let places = Set(woken.lazy.filter { !$0.isLimited }.map(\.place))
        for place in places.sorted(by: { ($0.tenant.rawValue, $0.queue) < ($1.tenant.rawValue, $1.queue) }) {
            try tx.scoped(to: place.tenant).jobs.became(.available, queue: place.queue, at: tx.now)
        }
        for job in woken.filter(\.isLimited).sorted(by: { $0.job < $1.job }) {
            try tx.scoped(to: job.place.tenant).jobLimits.admit(job.job)
        }
        if woken.count == limit { return tx.now }
        return try tx.first(nextDueJob, []) { $0.optionalInstant(0) } ?? nil
    }

    /// Prolongs the leases; those that are lost already come back.
    func prolong(_ leases: [Lease], until: Instant) throws -> [Lease] {
        try leases.filter { lease in
            let values = [
                lease.tenant.sqlValue, lease.job.sqlValue, lease.epoch.sqlValue, until.sqlValue,
            ]
            return try tx.run(prolongLease, values) == 0
        }
    }

    /// Ends the attempts of workers that are gone: those whose lease has run out, or those of other owners, as far as
    /// these are not alive beside us, as they can be with a server. Needs no handler. Gives the number of jobs.
    func reap(_ selection: Selection, deathsMax: Int, limit: Int = 500) throws -> Int {
        let orphans = try orphans(selection, limit: limit)
        for orphan in orphans {
            let scoped = tx.scoped(to: orphan.lease.tenant)
            try scoped.run(
                countDeath, [scoped.tenant.sqlValue, orphan.lease.job.sqlValue])
            let isPoison = orphan.deaths >= deathsMax
            try scoped.jobs.settle(orphan.lease, isPoison ? .dead(.quarantined) : .released)
        }
        return orphans.count
    }

    func hasOrphans(_ selection: Selection) throws -> Bool { try !orphans(selection, limit: 1).isEmpty }

    private func orphans(_ selection: Selection, limit: Int) throws -> [(lease: Lease, deaths: Int)] {
        let (statement, value): (Statement, SQLValue) =
            switch selection {
            case .expired: (expiredLeases, tx.now.sqlValue)
            case .ownersOtherThan(let boot):
                (tx.dialect == .postgreSQL ? abandonedLeases : foreignLeases, boot.sqlValue)
            }
        return try tx.all(statement, [value, limit.sqlValue]) { row in
            (
                lease: Lease(tenant: TenantID(rawValue: row.text(0)), job: ID(row, 1), epoch: row.int(2)),
                deaths: row.int(3)
            )
        }
    }

    enum Selection: Sendable { case expired, ownersOtherThan(String) }
}

private struct TenantQueue: Hashable { let tenant: TenantID, queue: String }

extension ClaimStore {
    /// Stops or resumes the claiming of a tenant's jobs, in every queue; what runs goes on.
    func suspend(_ tenant: TenantID, _ isSuspended: Bool) throws {
        try tx.run(markTenant, [tenant.sqlValue, isSuspended.sqlValue])
        try tx.run(markQueues, [tenant.sqlValue, isSuspended.sqlValue])
        guard !isSuspended else { return }
        let scoped = tx.scoped(to: tenant)
        for queue in try tx.all(queuesOfTenant, [tenant.sqlValue], { $0.text(0) }) {
            try scoped.jobQueues.reopen(queue: queue)
        }
    }
}

private let pausedForAll = Statement(
    "SELECT 1 FROM tenant_queues WHERE tenant_id = '' AND queue = $1 AND paused = 1")

private let roomLeft = """
    coalesce(q.cap, $2) - (
        SELECT count(*) FROM jobs j
        WHERE j.tenant_id = q.tenant_id AND j.queue = q.queue AND \(JobCondition.running))
    """

/// The tenants with work in a queue: those that may be given a slot, and those that have all that they may have.
private struct TenantsOfQueue {
    let leastServed, lockedLeastServed: Statement

    static let ready = TenantsOfQueue("q.ready = 1")
    static let atLimit = TenantsOfQueue("q.at_limit = 1")

    private init(_ condition: String) {
        func acrossTenants(_ room: String, _ ending: String = "") -> Statement {
            Statement(
                """
                SELECT \(ClaimStore.Turn.columns.of("q", with: ["room": room]))
                FROM tenant_queues q WHERE q.queue = $1 AND \(condition)
                ORDER BY q.virtual_time, q.tenant_id LIMIT $3
                \(ending)
                """)
        }
        leastServed = acrossTenants(roomLeft)
        lockedLeastServed = acrossTenants("coalesce(q.cap, $2)", Dialect.postgreSQL.lockedForOthers)
    }
}

private let reopenTenant = Statement(
    "UPDATE tenant_queues SET ready = 1, at_limit = 0 WHERE tenant_id = $1 AND queue = $2")

private let claimJobs = Statement(
    """
    UPDATE jobs SET \(ClaimedRow.claim(owner: "$4", leaseUntil: "$5", startedAt: "$6"))
    WHERE tenant_id = $1 AND id IN (
        SELECT id FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.ready)
        ORDER BY priority, id LIMIT $3)
    RETURNING \(ClaimedRow.columns)
    """)

// The jobs are picked once and for all: with IN (SELECT … LIMIT) the planner may run the inner query again, and claim
// more than the limit.
private let claimUnlockedJobs = Statement(
    """
    WITH pick AS MATERIALIZED (
        SELECT id FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.ready)
        ORDER BY priority, id LIMIT $3
        \(Dialect.postgreSQL.lockedForOthers))
    UPDATE jobs SET \(ClaimedRow.claim(owner: "$4", leaseUntil: "$5", startedAt: "$6"))
    FROM pick WHERE jobs.tenant_id = $1 AND jobs.id = pick.id
    RETURNING \(ClaimedRow.columns.of("jobs"))
    """)

private let hasWork =
    "EXISTS (SELECT 1 FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.ready))"

private let chargeTenant = Statement(
    """
    UPDATE tenant_queues SET virtual_time = $3,
        ready = CASE WHEN $4 = 1 AND \(hasWork) THEN 1 ELSE 0 END,
        at_limit = CASE WHEN $4 = 0 AND \(hasWork) THEN 1 ELSE 0 END
    WHERE tenant_id = $1 AND queue = $2
    """)

private let advanceQueueTime = Statement(
    """
    INSERT INTO tenant_queues (tenant_id, queue, virtual_time, ready) VALUES ('', $1, $2, 0)
    ON CONFLICT (tenant_id, queue) DO UPDATE SET virtual_time = excluded.virtual_time
    WHERE excluded.virtual_time > tenant_queues.virtual_time
    """)

private let wakeDueJobs = Statement(
    """
    UPDATE jobs SET state = \(literal: JobState.available) WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM jobs WHERE realm = \(literal: Realm.live) AND \(JobCondition.timed) AND run_at <= $1
        ORDER BY run_at, tenant_id, id LIMIT $2)
    RETURNING tenant_id, queue, id, limit_key
    """)

private let nextDueJob = Statement(
    "SELECT run_at FROM jobs WHERE realm = \(literal: Realm.live) AND \(JobCondition.timed) ORDER BY run_at LIMIT 1"
)

private let prolongLease = Statement(
    "UPDATE jobs SET lease_until = $4 WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND \(JobCondition.running)"
)

private let expiredLeases = Statement(
    """
    SELECT tenant_id, id, epoch, deaths FROM jobs WHERE \(JobCondition.running) AND lease_until < $1
    ORDER BY lease_until, tenant_id, id LIMIT $2
    """)

private let foreignLeases = Statement(
    """
    SELECT tenant_id, id, epoch, deaths FROM jobs WHERE \(JobCondition.running) AND owner <> $1
    ORDER BY lease_until, tenant_id, id LIMIT $2
    """)

private let abandonedLeases = Statement(
    """
    SELECT tenant_id, id, epoch, deaths FROM jobs
    WHERE \(JobCondition.running) AND \(Dialect.postgreSQL.isAbsent("owner", self: "$1"))
    ORDER BY lease_until, tenant_id, id LIMIT $2
    """)

private let countDeath = Statement(
    "UPDATE jobs SET deaths = deaths + 1 WHERE tenant_id = $1 AND id = $2 AND \(JobCondition.running)")

private let markTenant = Statement(
    """
    INSERT INTO runtime_tenants (tenant_id, suspended) VALUES ($1, $2)
    ON CONFLICT (tenant_id) DO UPDATE SET suspended = excluded.suspended
    """)

private let markQueues = Statement(
    "UPDATE tenant_queues SET suspended = $2, ready = 0, at_limit = 0 WHERE tenant_id = $1")

private let queuesOfTenant = Statement("SELECT queue FROM tenant_queues WHERE tenant_id = $1")
