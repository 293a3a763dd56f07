internal import Database
internal import Jobs

let nurtureMigrations: [Migration] = [
    Migration(number: 956, name: "when leads are looked at, and who is compared with whom") { dialect in
        [
            """
            CREATE TABLE nurture_leads (
                tenant_id TEXT NOT NULL, lead_id TEXT NOT NULL, contact_id TEXT, due_at INTEGER,
                decided_at INTEGER, reactivated_at INTEGER,
                PRIMARY KEY (tenant_id, lead_id)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE INDEX nurture_leads_due ON nurture_leads (tenant_id, due_at, lead_id)
            WHERE due_at IS NOT NULL
            """,
            """
            CREATE INDEX nurture_leads_new ON nurture_leads (tenant_id, due_at, lead_id)
            WHERE decided_at IS NULL AND due_at IS NOT NULL
            """,
            "CREATE INDEX nurture_leads_contact ON nurture_leads (tenant_id, contact_id)",
            """
            CREATE TABLE nurture_people (
                tenant_id TEXT NOT NULL, contact_id TEXT NOT NULL, held_out INTEGER NOT NULL,
                drawn_at INTEGER NOT NULL, replied_at INTEGER, converted_at INTEGER, reactivated_at INTEGER,
                referred_at INTEGER,
                PRIMARY KEY (tenant_id, contact_id)
            ) \(dialect.keyedTableOptions)
            """,
            // Those that are there already are looked at like those that come.
            """
            INSERT INTO nurture_leads (tenant_id, lead_id, contact_id, due_at)
            SELECT tenant_id, id, contact_id, created_at FROM leads WHERE status NOT IN ('won', 'archived')
            """,
        ]
    }
]

let nurtureSandboxTables: [SandboxTable] = [
    .left("nurture_leads", because: "whoever is under way outside must not get everything twice"),
    .left("nurture_people", because: "they count what came of nurture outside"),
]
