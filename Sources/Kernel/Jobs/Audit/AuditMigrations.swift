internal import Database

/// Creates a row for each tenant whose audit has an entry. `keyed_from` is the first entry whose hash has a key: in
/// existing chains, the next one. `code` is empty until then.
func acrossTenantsAuditHeads(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE audit_heads (
            tenant_id TEXT NOT NULL,
            row INTEGER NOT NULL,
            hash TEXT NOT NULL,
            keyed_from INTEGER NOT NULL,
            code TEXT NOT NULL,
            PRIMARY KEY (tenant_id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        INSERT INTO audit_heads (tenant_id, row, hash, keyed_from, code)
        SELECT a.tenant_id, a.row, a.hash, a.row + 1, '' FROM audit a
        WHERE a.row = (SELECT max(b.row) FROM audit b WHERE b.tenant_id = a.tenant_id)
        """,
        "CREATE UNIQUE INDEX audit_id ON audit (tenant_id, id)",
    ]
}

/// Gives entries what an agent's action goes back to, and what came of it.
func auditOrigins(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE audit ADD COLUMN run_id TEXT",
        "ALTER TABLE audit ADD COLUMN decision_id TEXT",
        "ALTER TABLE audit ADD COLUMN outcome TEXT",
        "CREATE INDEX audit_run ON audit (tenant_id, run_id, row) WHERE run_id IS NOT NULL",
        "CREATE INDEX audit_outcome ON audit (tenant_id, outcome, row) WHERE outcome IS NOT NULL",
    ]
}

/// Of all that grows with an agency's work, the audit alone is kept for good. A server has it in parts by agency: each
/// statement looks at one, and upkeep goes part by part. In a file every index begins with the agency, which reads its
/// own pages alone in the same way.
func acrossTenantsAuditParts(_ dialect: Dialect) -> [String] {
    guard dialect == .postgreSQL else { return [] }
    let parts = 4
    let columns = """
        place, tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id, changes, created_at, \
        previous_hash, hash, run_id, decision_id, outcome
        """
    return [
        "ALTER TABLE audit RENAME TO audit_whole", "CREATE SEQUENCE audit_places",
        "SELECT setval('audit_places', (SELECT coalesce(max(place), 0) + 1 FROM audit_whole), false)",
        "CREATE TABLE audit (LIKE audit_whole) PARTITION BY HASH (tenant_id)",
        "ALTER TABLE audit ALTER COLUMN place SET DEFAULT nextval('audit_places')",
    ]
        + (0..<parts).map { number in
            """
            CREATE TABLE audit_part_\(number) PARTITION OF audit
            FOR VALUES WITH (MODULUS \(parts), REMAINDER \(number))
            """
        } + [
            "INSERT INTO audit (\(columns)) SELECT \(columns) FROM audit_whole", "DROP TABLE audit_whole",
            "ALTER TABLE audit ADD PRIMARY KEY (tenant_id, row)",
            "CREATE UNIQUE INDEX audit_id ON audit (tenant_id, id)",
            "CREATE INDEX audit_subject ON audit (tenant_id, subject_id, row)",
            "CREATE INDEX audit_action ON audit (tenant_id, action, row)",
            "CREATE INDEX audit_run ON audit (tenant_id, run_id, row) WHERE run_id IS NOT NULL",
            "CREATE INDEX audit_outcome ON audit (tenant_id, outcome, row) WHERE outcome IS NOT NULL",
        ]
}
