internal import Database

/// The later changes to the kernel's tables: numbers 106 to 112.
let kernelMigrations: [Migration] = [
    Migration(number: 106, name: "alerts", statements: alertTables),
    Migration(number: 107, name: "limits, batches and pauses of jobs", statements: acrossTenantsJobLimits),
    Migration(number: 108, name: "presets and maintenance of schedules", statements: acrossTenantsPresets),
    Migration(number: 109, name: "the orchestrator's watch", statements: watchTables),
    Migration(number: 110, name: "acknowledged alerts") { _ in
        ["acknowledged_at INTEGER", "acknowledged_by TEXT", "note TEXT"].map {
            "ALTER TABLE alerts ADD COLUMN \($0)"
        }
    },
]

/// An alert is open until `resolved_at` is set; of one kind and subject there is at most one that is open.
private func alertTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE alerts (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
            kind TEXT NOT NULL,
            agent TEXT,
            title TEXT NOT NULL,
            recommended_action TEXT NOT NULL,
            subject_type TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            resolved_at INTEGER,
            resolved_by TEXT,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE UNIQUE INDEX alerts_open ON alerts (tenant_id, kind, subject_type, subject_id)
            WHERE resolved_at IS NULL
        """,
        "CREATE INDEX alerts_agent ON alerts (tenant_id, agent, id) WHERE agent IS NOT NULL",
        "CREATE INDEX alerts_subject ON alerts (tenant_id, subject_id, id)",
        "CREATE INDEX alerts_resolved ON alerts (resolved_at) WHERE resolved_at IS NOT NULL",
    ]
}

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
        "CREATE INDEX agent_runs_finished ON agent_runs (finished_at) WHERE finished_at IS NOT NULL",
        "CREATE INDEX schedule_fires_time ON schedule_fires (fired_at)",
        "CREATE INDEX job_batches_finished ON job_batches (finished_at) WHERE finished_at IS NOT NULL",
    ]
}

/// `schedule_presets` has the presets that a tenant was ever given, so that one that it has deleted does not come
/// back; with an empty tenant, under the agent `*`, the fingerprint of the presets that all tenants have.
private func acrossTenantsPresets(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE schedules ADD COLUMN maintenance INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE schedule_presets (
            tenant_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (tenant_id, agent, name)
        ) \(dialect.keyedTableOptions)
        """,
        """
        INSERT INTO schedule_presets (tenant_id, agent, name)
        SELECT DISTINCT tenant_id, agent, name FROM schedules
        """,
    ]
}

/// `orchestrator` has what the watch over a tenant remembers from one look to the next. Of a schedule there is at
/// most one proposal that is open.
private func watchTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE orchestrator (
            tenant_id TEXT NOT NULL,
            event_row INTEGER NOT NULL,
            samples TEXT NOT NULL,
            looked_at INTEGER NOT NULL,
            proposed_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE schedule_proposals (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            schedule_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            kind TEXT NOT NULL,
            changes TEXT NOT NULL,
            reason TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('open', 'accepted', 'declined', 'withdrawn')),
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            decided_by TEXT,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE UNIQUE INDEX schedule_proposals_open ON schedule_proposals (tenant_id, schedule_id) WHERE status = 'open'",
        "CREATE INDEX schedule_proposals_schedule ON schedule_proposals (tenant_id, schedule_id, created_at)",
    ]
}
