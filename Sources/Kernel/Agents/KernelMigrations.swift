internal import Database

/// The later changes to the tables of agents, schedules and the orchestrator: numbers 106 to 112.
let kernelMigrations: [Migration] = [
    Migration(number: 106, name: "alerts", statements: alertTables),
    Migration(number: 107, place: 1, name: "limits, batches and pauses of jobs") { _ in
        [
            "CREATE INDEX agent_runs_finished ON agent_runs (finished_at) WHERE finished_at IS NOT NULL",
            "CREATE INDEX schedule_fires_time ON schedule_fires (fired_at)",
        ]
    },
    Migration(number: 108, name: "presets and maintenance of schedules", statements: acrossTenantsPresets),
    Migration(number: 109, name: "the orchestrator's watch", statements: watchTables),
    Migration(number: 110, name: "acknowledged alerts") { _ in
        ["acknowledged_at INTEGER", "acknowledged_by TEXT", "note TEXT"].map {
            "ALTER TABLE alerts ADD COLUMN \($0)"
        }
    },
    Migration(number: 159, name: "alerts in the language of who reads them") { _ in
        ["ALTER TABLE alerts ADD COLUMN said TEXT"]
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
