internal import Database
internal import Records

/// Makes the tables of lead sources and searches: sources with the versions of their definitions, searches, and what
/// became of each entry that a source has named.
let sourceMigration = Migration(number: 860, name: "lead sources and searches") { dialect in
    LeadSource.resource.creation(dialect) + LeadSearch.resource.creation(dialect) + [
        "CREATE UNIQUE INDEX lead_sources_name ON lead_sources (tenant_id, name)",
        """
        CREATE TABLE lead_source_versions (
            tenant_id TEXT NOT NULL, source_id TEXT NOT NULL, number INTEGER NOT NULL, definition TEXT NOT NULL,
            actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, source_id, number)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE source_finds (
            tenant_id TEXT NOT NULL, source TEXT NOT NULL, record_key TEXT NOT NULL, register_number TEXT,
            lead_id TEXT, run_id TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT, url TEXT, words TEXT,
            author TEXT, found_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, source, record_key)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX source_finds_lead ON source_finds (tenant_id, lead_id) WHERE lead_id IS NOT NULL",
        """
        CREATE INDEX source_finds_number ON source_finds (tenant_id, register_number)
        WHERE register_number IS NOT NULL
        """,
        "CREATE INDEX source_finds_age ON source_finds (tenant_id, found_at)",
    ]
}

let sourceIndexMigration = Migration(number: 861, name: "leads are found by their source") { _ in
    ["CREATE INDEX leads_source ON leads (tenant_id, source, created_at) WHERE source IS NOT NULL"]
}
