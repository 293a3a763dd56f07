internal import Database

/// The migrations for agents' data beyond the tables of migration 102. Numbers 138 to 144, and 981.
let principalMigrations: [Migration] = [
    Migration(number: 138, name: "agents as principals", statements: principalColumns),
    Migration(number: 139, name: "overrides and refusals", statements: overrideTables),
    Migration(number: 140, name: "memory and messages of agents", statements: memoryTables),
    Migration(number: 141, name: "experiments of agents", statements: experimentTables),
    Migration(number: 142, name: "rates of agents") { _ in
        ["ALTER TABLE agent_states ADD COLUMN runs_per_hour INTEGER"]
    },
    Migration(number: 981, name: "compact decisions of long ago") { _ in
        [
            "ALTER TABLE decisions ADD COLUMN papers BLOB",
            "CREATE INDEX decisions_unpacked ON decisions (created_at) WHERE \(unpackedDecision)",
        ]
    },
]

/// `deadline` in microseconds, and `permissions` as a list: null where the definition's stand.
/// `agent_runs.to_clean` is the attempt that took something which has not been given back yet.
private func principalColumns(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE agent_states ADD COLUMN deadline INTEGER",
        "ALTER TABLE agent_states ADD COLUMN permissions TEXT",
        "ALTER TABLE agent_configurations ADD COLUMN created_by_type TEXT NOT NULL DEFAULT 'user'",
        "ALTER TABLE agent_runs ADD COLUMN to_clean INTEGER",
    ]
}

/// An override holds while `ended_at` is null. `refusals.fingerprint` names what was refused and the day, so that
/// the same thing refused again on that day is counted.
private func overrideTables(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE decisions ADD COLUMN ended_override TEXT",
        """
        CREATE TABLE decision_overrides (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            agent TEXT NOT NULL,
            subject_type TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            decision_id TEXT NOT NULL,
            outcome TEXT NOT NULL,
            reason TEXT NOT NULL,
            actor_type TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            facts_hash TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            ended_at INTEGER,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE UNIQUE INDEX decision_overrides_current
            ON decision_overrides (tenant_id, agent, subject_id, subject_type) WHERE ended_at IS NULL
        """,
        "CREATE INDEX decision_overrides_agent ON decision_overrides (tenant_id, agent, id)",
        """
        CREATE TABLE refusals (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            kind TEXT NOT NULL,
            agent TEXT,
            subject_type TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            code TEXT NOT NULL,
            detail TEXT NOT NULL,
            run_id TEXT,
            fingerprint TEXT NOT NULL,
            count INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE UNIQUE INDEX refusals_once ON refusals (tenant_id, fingerprint)",
        "CREATE INDEX refusals_agent ON refusals (tenant_id, agent, id) WHERE agent IS NOT NULL",
        "CREATE INDEX refusals_subject ON refusals (tenant_id, subject_id, id)",
    ]
}

/// Memories about nobody have an empty subject. `realm` as in `jobs`: entries that expire by a sandbox's clock are left
/// alone by the live one.
private func memoryTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE agent_memory (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            realm INTEGER NOT NULL,
            agent TEXT NOT NULL,
            subject_type TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            version INTEGER NOT NULL,
            run_id TEXT,
            expires_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE UNIQUE INDEX agent_memory_key
            ON agent_memory (tenant_id, agent, subject_id, subject_type, key)
        """,
        "CREATE INDEX agent_memory_agent ON agent_memory (tenant_id, agent, id)",
        "CREATE INDEX agent_memory_subject ON agent_memory (tenant_id, subject_id, id)",
        """
        CREATE INDEX agent_memory_expiry ON agent_memory (realm, expires_at) WHERE expires_at IS NOT NULL
        """,
        """
        CREATE TABLE agent_messages (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            realm INTEGER NOT NULL,
            type TEXT NOT NULL,
            sender_type TEXT NOT NULL,
            sender_id TEXT NOT NULL,
            recipient TEXT NOT NULL,
            priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 4),
            body TEXT NOT NULL,
            subject_type TEXT,
            subject_id TEXT,
            run_id TEXT,
            unique_key TEXT,
            status TEXT NOT NULL CHECK (status IN ('waiting', 'handled', 'undeliverable')),
            attempts INTEGER NOT NULL,
            retry_at INTEGER NOT NULL,
            error TEXT,
            handled_by TEXT,
            handled_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE UNIQUE INDEX agent_messages_once ON agent_messages (tenant_id, run_id, unique_key)
            WHERE run_id IS NOT NULL
        """,
        """
        CREATE INDEX agent_messages_waiting ON agent_messages (tenant_id, recipient, priority, id)
            WHERE status = 'waiting'
        """,
        """
        CREATE INDEX agent_messages_untaken ON agent_messages (tenant_id, created_at) WHERE status = 'waiting'
        """,
        "CREATE INDEX agent_messages_recipient ON agent_messages (tenant_id, recipient, id)",
        """
        CREATE INDEX agent_messages_subject ON agent_messages (tenant_id, subject_id, id)
            WHERE subject_id IS NOT NULL
        """,
        """
        CREATE INDEX agent_messages_handled ON agent_messages (realm, handled_at) WHERE handled_at IS NOT NULL
        """,
    ]
}

/// A subject has the variant that its hash gives it; `event_row` is where the tenant's events stood then.
private func experimentTables(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE decisions ADD COLUMN variant TEXT",
        """
        CREATE TABLE agent_experiments (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            agent TEXT NOT NULL,
            name TEXT NOT NULL,
            goal TEXT NOT NULL,
            variants TEXT NOT NULL,
            subjects_min INTEGER NOT NULL,
            observe_for INTEGER NOT NULL,
            apply TEXT NOT NULL CHECK (apply IN ('automatic', 'propose')),
            status TEXT NOT NULL CHECK (status IN ('running', 'concluded', 'applied', 'stopped')),
            result TEXT,
            created_by_type TEXT NOT NULL,
            created_by TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE UNIQUE INDEX agent_experiments_running ON agent_experiments (tenant_id, agent)
            WHERE status = 'running'
        """,
        """
        CREATE TABLE agent_experiment_subjects (
            tenant_id TEXT NOT NULL,
            experiment_id TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            variant TEXT NOT NULL,
            event_row INTEGER NOT NULL,
            assigned_at INTEGER NOT NULL,
            converted_at INTEGER,
            PRIMARY KEY (tenant_id, experiment_id, subject_id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE INDEX agent_experiment_subjects_variant
            ON agent_experiment_subjects (tenant_id, experiment_id, variant)
        """,
    ]
}
