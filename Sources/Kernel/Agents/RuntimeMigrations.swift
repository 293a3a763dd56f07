package import Database
internal import Jobs

/// The tables of agents, and of what is at their hands.
package let agentMigrations: [Migration] =
    [
        Migration(number: 102, name: "agents", statements: agentTables),
        Migration(number: 103, name: "schedules", statements: scheduleTables),
        Migration(number: 104, name: "versions of runs", statements: acrossTenantsRunVersions),
        Migration(number: 156, name: "what is old", statements: acrossTenantsAges),
        budgetMigration, sandboxScheduleMigration, agencyScheduleMigration,
    ] + kernelMigrations + principalMigrations + toolMigrations + gateMigrations + modelMigrations
    + mergeMigrations

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

/// Returns the indexes for rows that are removed, or booked, by their age alone.
private func acrossTenantsAges(_ dialect: Dialect) -> [String] {
    [
        "CREATE INDEX budget_holds_held ON budget_holds (held_at)",
        "CREATE INDEX tool_calls_finished ON tool_calls (finished_at) WHERE finished_at IS NOT NULL",
        "CREATE INDEX refusals_updated ON refusals (updated_at)",
    ]
}
