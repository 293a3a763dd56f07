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
