internal import Database
internal import Jobs

/// Makes the tables of enrichment: the agency's plan, the leads that wait and were asked about, how well sources do,
/// and what sites have said when they were last read.
let enrichmentMigration = Migration(number: 851, name: "plans, states and yields of enrichment") { dialect in
    [
        """
        CREATE TABLE enrichment_plans (
            tenant_id TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (tenant_id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE enrichment_states (
            tenant_id TEXT NOT NULL, lead_id TEXT NOT NULL, wanted_at INTEGER NOT NULL, enriched_at INTEGER,
            completed_at INTEGER, PRIMARY KEY (tenant_id, lead_id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE INDEX enrichment_states_waiting ON enrichment_states (tenant_id, wanted_at, lead_id)
        WHERE enriched_at IS NULL
        """,
        """
        CREATE INDEX enrichment_states_begun ON enrichment_states (tenant_id, enriched_at, lead_id)
        WHERE completed_at IS NULL AND enriched_at IS NOT NULL
        """,
        """
        CREATE TABLE source_yields (
            tenant_id TEXT NOT NULL, source TEXT NOT NULL, field TEXT NOT NULL, asked INTEGER NOT NULL,
            found INTEGER NOT NULL, PRIMARY KEY (tenant_id, source, field)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE site_readings (
            tenant_id TEXT NOT NULL, site TEXT NOT NULL, statements TEXT NOT NULL, read_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, site)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}

let heldEnrichmentMigration = Migration(number: 853, name: "enrichments that bad data holds back") {
    dialect in
    [
        """
        CREATE TABLE held_enrichments (
            tenant_id TEXT NOT NULL, lead_id TEXT NOT NULL, parameters TEXT NOT NULL, PRIMARY KEY (tenant_id, lead_id)
        ) \(dialect.keyedTableOptions)
        """
    ]
}

let enrichmentSandboxTables: [SandboxTable] = [
    .copied("enrichment_plans"), .copied("enrichment_states"), .copied("source_yields"),
    .copied("site_readings"), .copied("held_enrichments"),
    .left("research_claims", because: "they belong to runs, which are left behind"),
]
