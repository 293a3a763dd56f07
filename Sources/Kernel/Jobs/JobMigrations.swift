package import Database

/// The tables of jobs, events and the audit. Numbers 100 to 199 are the runtime's; in some of its steps agents and
/// workflows have a place, too.
package let jobMigrations: [Migration] =
    [
        Migration(number: 100, name: "jobs", statements: jobTables),
        Migration(number: 101, name: "events and audit", statements: recordTables),
        Migration(
            number: 105, name: "events and audit as they come", statements: acrossTenantsRecordsByPlace),
        Migration(number: 119, name: "who may see the time of a queue", statements: queueTimePolicy),
        Migration(number: 157, name: "running jobs have one index") { _ in
            // They are few: those whose lease has run out are found among them by `jobs_running`.
            ["DROP INDEX jobs_lease"]
        },
        Migration(number: 158, name: "where the audit ends", statements: acrossTenantsAuditHeads),
        Migration(number: 810, name: "what entries of the audit go back to", statements: auditOrigins),
        Migration(number: 980, name: "the audit in parts", statements: acrossTenantsAuditParts),
        Migration(number: 1300, name: "indexes that no statement reads are gone") { dialect in
            // In a file ids rise with rows: `EventLog.row(of:)`.
            dialect == .sqlite ? ["DROP INDEX events_id"] : []
        },
        Migration(number: 1590, name: "tenants at their limit", statements: acrossTenantsLimits),
    ] + jobLimitMigrations + [sandboxMigration, agencyJobMigration] + placeMigrations

/// `runtime_tenants` has a row for each tenant whose work differs from the rule: a sandbox (realm 1, its
/// time in `virtual_now`) or a suspended one.
///
/// `jobs.state`: 0 scheduled, 1 available, 2 running, 3 retrying, 4 completed, 5 dead, 6 cancelled.
/// `tenant_queues` has a row for each tenant that ever had work in a queue, and one with an empty tenant
/// that holds the queue's own virtual time.
private func jobTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE runtime_tenants (
            tenant_id TEXT NOT NULL,
            realm INTEGER NOT NULL DEFAULT 0 CHECK (realm IN (0, 1)),
            virtual_now INTEGER,
            suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
            PRIMARY KEY (tenant_id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE jobs (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            queue TEXT NOT NULL,
            kind TEXT NOT NULL,
            priority INTEGER NOT NULL,
            state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
            realm INTEGER NOT NULL,
            run_at INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            max_attempts INTEGER NOT NULL,
            deaths INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            owner TEXT,
            lease_until INTEGER,
            unique_key TEXT,
            unique_until INTEGER NOT NULL,
            payload TEXT NOT NULL,
            subject_type TEXT,
            subject_id TEXT,
            error TEXT,
            waiting_for TEXT,
            progress REAL,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            PRIMARY KEY (tenant_id, id),
            CHECK ((state = 2) = (owner IS NOT NULL)),
            CHECK ((state >= 4) = (finished_at IS NOT NULL))
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX jobs_ready ON jobs (tenant_id, queue, priority, id) WHERE state = 1",
        "CREATE INDEX jobs_due ON jobs (realm, run_at) WHERE state IN (0, 3)",
        "CREATE INDEX jobs_lease ON jobs (lease_until) WHERE state = 2",
        "CREATE INDEX jobs_running ON jobs (tenant_id, queue) WHERE state = 2",
        """
        CREATE UNIQUE INDEX jobs_unique ON jobs (tenant_id, kind, unique_key)
            WHERE unique_key IS NOT NULL AND state < 4
        """,
        "CREATE INDEX jobs_dead ON jobs (tenant_id, id) WHERE state = 5",
        "CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL",
        "CREATE INDEX jobs_subject ON jobs (tenant_id, subject_id, id) WHERE subject_id IS NOT NULL",
        """
        CREATE TABLE tenant_queues (
            tenant_id TEXT NOT NULL,
            queue TEXT NOT NULL,
            weight INTEGER NOT NULL DEFAULT 1 CHECK (weight > 0),
            cap INTEGER,
            virtual_time INTEGER NOT NULL,
            ready INTEGER NOT NULL CHECK (ready IN (0, 1)),
            suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
            PRIMARY KEY (tenant_id, queue),
            CHECK (ready = 0 OR suspended = 0)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX tenant_queues_pick ON tenant_queues (queue, virtual_time) WHERE ready = 1",
        """
        CREATE TABLE counters (
            tenant_id TEXT NOT NULL,
            name TEXT NOT NULL,
            value INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, name)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}

/// `row` counts a tenant's events, and its audit entries, from 1 in the order of their commits.
private func recordTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE events (
            tenant_id TEXT NOT NULL,
            row INTEGER NOT NULL,
            id TEXT NOT NULL,
            type TEXT NOT NULL,
            subject_type TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            data TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, row)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE UNIQUE INDEX events_id ON events (tenant_id, id)",
        "CREATE INDEX events_subject ON events (tenant_id, subject_id, row)",
        """
        CREATE TABLE audit (
            tenant_id TEXT NOT NULL,
            row INTEGER NOT NULL,
            id TEXT NOT NULL,
            actor_type TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            action TEXT NOT NULL,
            subject_type TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            changes TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (tenant_id, row)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX audit_subject ON audit (tenant_id, subject_id, row)",
        "CREATE INDEX audit_action ON audit (tenant_id, action, row)",
    ]
}

/// Tables kept in the order of tenant and row have one tenant's new rows put in between another's, which splits
/// their pages; these are kept in the order in which rows come.
private func acrossTenantsRecordsByPlace(_ dialect: Dialect) -> [String] {
    func rebuilt(_ table: String, _ columns: String, _ names: String) -> [String] {
        [
            """
            CREATE TABLE \(table)_by_place (
                \(dialect.identity("place")),
                tenant_id TEXT NOT NULL,
                row INTEGER NOT NULL,
                \(columns),
                \(dialect.key("tenant_id, row"))
            ) \(dialect.tableOptions)
            """,
            """
            INSERT INTO \(table)_by_place (tenant_id, row, \(names))
            SELECT tenant_id, row, \(names) FROM \(table) ORDER BY id
            """,
            "DROP TABLE \(table)",
            "ALTER TABLE \(table)_by_place RENAME TO \(table)",
        ]
    }
    let events = rebuilt(
        "events",
        """
        id TEXT NOT NULL, type TEXT NOT NULL, subject_type TEXT NOT NULL, subject_id TEXT NOT NULL,
            data TEXT NOT NULL, created_at INTEGER NOT NULL
        """, "id, type, subject_type, subject_id, data, created_at")
    let audit = rebuilt(
        "audit",
        """
        id TEXT NOT NULL, actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, action TEXT NOT NULL,
            subject_type TEXT NOT NULL, subject_id TEXT NOT NULL, changes TEXT NOT NULL,
            created_at INTEGER NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
        """,
        """
        id, actor_type, actor_id, action, subject_type, subject_id, changes, created_at, previous_hash, hash
        """)
    return events + [
        "CREATE UNIQUE INDEX events_id ON events (tenant_id, id)",
        "CREATE INDEX events_subject ON events (tenant_id, subject_id, row)",
    ] + audit + [
        "CREATE INDEX audit_subject ON audit (tenant_id, subject_id, row)",
        "CREATE INDEX audit_action ON audit (tenant_id, action, row)",
    ]
}

/// `tenant_queues.at_limit`: the tenant has work, and as many of its jobs run as may. Those that were at their limit
/// when this was added are looked at by the next claim.
private func acrossTenantsLimits(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE tenant_queues ADD COLUMN at_limit INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX tenant_queues_limited ON tenant_queues (queue, virtual_time) WHERE at_limit = 1",
        """
        UPDATE tenant_queues SET at_limit = 1
        WHERE ready = 0 AND suspended = 0 AND paused = 0 AND EXISTS (
            SELECT 1 FROM jobs j
            WHERE j.tenant_id = tenant_queues.tenant_id AND j.queue = tenant_queues.queue AND j.state = 1
                AND j.permit < 2)
        """,
    ]
}

/// The row of `tenant_queues` that belongs to no tenant is read by all, where row level security would hide it.
private func queueTimePolicy(_ dialect: Dialect) -> [String] {
    dialect == .sqlite
        ? [] : ["CREATE POLICY time_of_queue ON tenant_queues FOR SELECT USING (tenant_id = '')"]
}

/// The later changes to the tables of jobs, before and after what agents have in the same step.
let jobLimitMigrations: [Migration] = [
    Migration(number: 107, name: "limits, batches and pauses of jobs", statements: acrossTenantsJobLimits),
    Migration(number: 107, place: 2, name: "limits, batches and pauses of jobs") { _ in
        ["CREATE INDEX job_batches_finished ON job_batches (finished_at) WHERE finished_at IS NOT NULL"]
    },
]

/// `jobs.permit`: 0 none is needed, 1 it is held, 2 it is wanted, 3 the job has a limit but is not due or has ended.
/// A job that wants a permit is not among the ready ones, so that no claim looks at it. `rate_slot` is the time
/// that the job's rate has given it. `job_rates` has the last times given for a key, counted from 1.
private func acrossTenantsJobLimits(_ dialect: Dialect) -> [String] {
    let columns = [
        "batch_id TEXT", "limit_key TEXT", "limit_count INTEGER", "permit INTEGER NOT NULL DEFAULT 0",
        "rate_count INTEGER", "rate_period INTEGER", "rate_slot INTEGER",
    ]
    return columns.map { "ALTER TABLE jobs ADD COLUMN \($0)" } + [
        "DROP INDEX jobs_ready",
        "CREATE INDEX jobs_ready ON jobs (tenant_id, queue, priority, id) WHERE state = 1 AND permit < 2",
        "CREATE INDEX jobs_holders ON jobs (tenant_id, limit_key) WHERE permit = 1",
        "CREATE INDEX jobs_blocked ON jobs (tenant_id, limit_key, priority, id) WHERE permit = 2",
        "CREATE INDEX jobs_batch ON jobs (tenant_id, batch_id, state) WHERE batch_id IS NOT NULL",
        "ALTER TABLE tenant_queues ADD COLUMN paused INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE job_rates (
            tenant_id TEXT NOT NULL,
            limit_key TEXT NOT NULL,
            number INTEGER NOT NULL,
            slot INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, limit_key, number)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX job_rates_slot ON job_rates (slot)",
        """
        CREATE TABLE job_batches (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            total INTEGER NOT NULL,
            completed INTEGER NOT NULL,
            dead INTEGER NOT NULL,
            cancelled INTEGER NOT NULL,
            callback_kind TEXT,
            callback_queue TEXT,
            callback_payload TEXT,
            callback_attempts INTEGER,
            callback_job_id TEXT,
            created_at INTEGER NOT NULL,
            finished_at INTEGER,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}
