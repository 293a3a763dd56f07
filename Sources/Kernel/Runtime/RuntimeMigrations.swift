package import Database

/// The tables of jobs and agents. Numbers 100 to 199 are the runtime's; some of these change tables of workflows, and
/// run together with `workflowMigrations`.
package let runtimeMigrations: [Migration] =
    [
        Migration(number: 100, name: "jobs", statements: jobTables),
        Migration(number: 101, name: "events and audit", statements: recordTables),
        Migration(number: 102, name: "agents", statements: agentTables),
        Migration(number: 103, name: "schedules", statements: scheduleTables),
        Migration(number: 104, name: "versions of runs", statements: acrossTenantsRunVersions),
        Migration(
            number: 105, name: "events and audit as they come", statements: acrossTenantsRecordsByPlace),
        Migration(number: 119, name: "who may see the time of a queue", statements: queueTimePolicy),
    ] + kernelMigrations + toolMigrations + gateMigrations + agentMigrations + sandboxMigrations
    + modelMigrations
    + [
        Migration(number: 156, name: "what is old", statements: acrossTenantsAges),
        Migration(number: 157, name: "running jobs have one index") { _ in
            // They are few: those whose lease has run out are found among them by `jobs_running`.
            ["DROP INDEX jobs_lease"]
        },
        Migration(number: 158, name: "where the audit ends", statements: acrossTenantsAuditHeads),
        budgetMigration,
        Migration(number: 810, name: "what entries of the audit go back to", statements: auditOrigins),
    ]

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

private func agentTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE agent_states (
            tenant_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('active', 'standby', 'disabled', 'handover')),
            autonomy TEXT NOT NULL CHECK (autonomy IN ('observe', 'approve', 'autopilot')),
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, agent)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE agent_metrics (
            tenant_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            runs INTEGER NOT NULL,
            succeeded INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            failed_in_a_row INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            items INTEGER NOT NULL,
            last_run_at INTEGER,
            last_error TEXT,
            PRIMARY KEY (tenant_id, agent)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE agent_configurations (
            tenant_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            version INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
            settings TEXT NOT NULL,
            created_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, agent, version)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE UNIQUE INDEX agent_configurations_current ON agent_configurations (tenant_id, agent, state)
            WHERE state <> 'retired'
        """,
        """
        CREATE TABLE agent_runs (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            agent TEXT NOT NULL,
            status TEXT NOT NULL
                CHECK (status IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
            trigger TEXT NOT NULL,
            cause TEXT,
            parameters TEXT NOT NULL,
            result TEXT,
            error TEXT,
            job_id TEXT NOT NULL,
            configuration_version INTEGER,
            attempt INTEGER NOT NULL,
            items INTEGER NOT NULL,
            cost INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            started_by_type TEXT NOT NULL,
            started_by_id TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX agent_runs_agent ON agent_runs (tenant_id, agent, id)",
        """
        CREATE INDEX agent_runs_live ON agent_runs (tenant_id, agent, status)
            WHERE status IN ('queued', 'running', 'waiting')
        """,
        """
        CREATE TABLE run_steps (
            tenant_id TEXT NOT NULL,
            run_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            name TEXT NOT NULL,
            note TEXT,
            error TEXT,
            started_at INTEGER NOT NULL,
            finished_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, run_id, attempt, number)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE decisions (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            agent TEXT NOT NULL,
            run_id TEXT NOT NULL,
            subject_type TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            outcome TEXT NOT NULL,
            confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
            factors TEXT NOT NULL,
            model TEXT NOT NULL,
            inputs TEXT NOT NULL,
            inputs_hash TEXT NOT NULL,
            configuration_version INTEGER NOT NULL,
            override TEXT,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            \(dialect.key("tenant_id, id"))
        ) \(dialect.tableOptions)
        """,
        "CREATE UNIQUE INDEX decisions_once ON decisions (tenant_id, run_id, subject_type, subject_id)",
        "CREATE INDEX decisions_agent ON decisions (tenant_id, agent, id)",
        "CREATE INDEX decisions_subject ON decisions (tenant_id, subject_id, id)",
    ]
}

private func scheduleTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE schedules (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            realm INTEGER NOT NULL,
            agent TEXT NOT NULL,
            name TEXT NOT NULL,
            cron TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
            missed TEXT NOT NULL CHECK (missed IN ('run_once', 'skip')),
            catch_up INTEGER NOT NULL,
            jitter INTEGER NOT NULL,
            after_agent TEXT,
            blackouts TEXT NOT NULL,
            parameters TEXT NOT NULL,
            next_at INTEGER,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX schedules_due ON schedules (realm, next_at) WHERE enabled = 1 AND next_at IS NOT NULL",
        "CREATE INDEX schedules_agent ON schedules (tenant_id, agent, next_at)",
        """
        CREATE TABLE schedule_fires (
            tenant_id TEXT NOT NULL,
            schedule_id TEXT NOT NULL,
            slot INTEGER NOT NULL,
            run_id TEXT,
            skipped TEXT,
            missed INTEGER NOT NULL,
            fired_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, schedule_id, slot),
            CHECK ((run_id IS NULL) <> (skipped IS NULL))
        ) \(dialect.keyedTableOptions)
        """,
    ]
}

private func acrossTenantsRunVersions(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE agent_runs ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE agent_runs ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0",
        "UPDATE agent_runs SET updated_at = coalesce(finished_at, started_at, created_at)",
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

/// The row of `tenant_queues` that belongs to no tenant is read by all, where row level security would hide it.
private func queueTimePolicy(_ dialect: Dialect) -> [String] {
    dialect == .sqlite
        ? [] : ["CREATE POLICY time_of_queue ON tenant_queues FOR SELECT USING (tenant_id = '')"]
}

/// Returns the indexes for rows that are removed, or booked, by their age alone.
private func acrossTenantsAges(_ dialect: Dialect) -> [String] {
    [
        "CREATE INDEX budget_holds_held ON budget_holds (held_at)",
        "CREATE INDEX tool_calls_finished ON tool_calls (finished_at) WHERE finished_at IS NOT NULL",
        "CREATE INDEX refusals_updated ON refusals (updated_at)",
        "CREATE INDEX workflow_runs_finished ON workflow_runs (finished_at) WHERE finished_at IS NOT NULL",
    ]
}
