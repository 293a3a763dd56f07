internal import Database

/// What came to the kernel's tables later: numbers 106 to 112.
let kernelMigrations: [Migration] = [
    Migration(number: 106, name: "alerts", statements: alertTables)
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
