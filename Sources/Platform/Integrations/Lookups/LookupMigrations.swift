internal import Database
internal import Jobs

/// Makes the tables of what services have answered, how fast, with whose keys, and about whom.
let lookupMigration = Migration(number: 855, name: "answers of services, and what came of them") { dialect in
    [
        """
        CREATE TABLE kept_answers (
            tenant_id TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, service TEXT NOT NULL,
            answer TEXT NOT NULL, asked_at INTEGER NOT NULL, used_at INTEGER NOT NULL, lifetime INTEGER NOT NULL,
            is_firm INTEGER NOT NULL, PRIMARY KEY (tenant_id, kind, key, service)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX kept_answers_used ON kept_answers (tenant_id, used_at)",
        """
        CREATE TABLE service_tempo (
            tenant_id TEXT NOT NULL, connector TEXT NOT NULL, hour INTEGER NOT NULL, calls REAL NOT NULL,
            failures REAL NOT NULL, milliseconds REAL NOT NULL, PRIMARY KEY (tenant_id, connector, hour)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE shared_uses (
            tenant_id TEXT NOT NULL, service TEXT NOT NULL, span TEXT NOT NULL, start INTEGER NOT NULL,
            calls INTEGER NOT NULL, PRIMARY KEY (tenant_id, service, span)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE reached_subjects (
            tenant_id TEXT NOT NULL, connector TEXT NOT NULL, subject_id TEXT NOT NULL,
            subject_type TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tenant_id, connector, subject_id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX reached_subjects_of ON reached_subjects (tenant_id, subject_id)",
    ]
}

let lookupSandboxTables: [SandboxTable] = [
    .copied("kept_answers"),
    .left("service_tempo", because: "nothing leaves a sandbox"),
    .left("shared_uses", because: "they are the installation's"),
    .copied("described_fields"),
    .left("reached_subjects", because: "they belong to integrations, which are left behind"),
]
