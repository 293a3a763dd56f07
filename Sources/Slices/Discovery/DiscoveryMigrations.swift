package import Database
import Records

package let discoveryMigrations: [Migration] = [
    Migration(number: 300, name: "leads, companies, contacts, imports") { dialect in
        let record = """
            \(dialect.identity()),
                tenant_id TEXT NOT NULL,
                id TEXT NOT NULL,
                version INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            """
        let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
        return [
            """
            CREATE TABLE leads (\(record),
                company TEXT NOT NULL CHECK (company <> ''), website TEXT, industry TEXT, employee_count INTEGER,
                annual_revenue_amount INTEGER, annual_revenue_currency TEXT, location TEXT, country TEXT,
                contact_name TEXT, contact_title TEXT, email TEXT, phone TEXT, linkedin_url TEXT, source TEXT,
                status TEXT NOT NULL, score INTEGER CHECK (score BETWEEN 0 AND 100), priority TEXT,
                conversion_probability REAL CHECK (conversion_probability BETWEEN 0 AND 1), next_action TEXT,
                best_contact_at INTEGER, budget_amount INTEGER, budget_currency TEXT, timeline_days INTEGER,
                authority INTEGER, pain_points TEXT NOT NULL, tags TEXT NOT NULL, notes TEXT, custom TEXT NOT NULL,
                external_ids TEXT NOT NULL, owner_id TEXT, client_id TEXT, contact_id TEXT, company_id TEXT,
                merged_into TEXT, qualified_at INTEGER, scored_inputs TEXT, qualified_inputs TEXT, identity_key TEXT\(end)
            """,
            "CREATE INDEX leads_status ON leads (tenant_id, status, id)",
            "CREATE INDEX leads_email ON leads (tenant_id, email) WHERE email IS NOT NULL",
            "CREATE INDEX leads_score ON leads (tenant_id, score, id) WHERE score IS NOT NULL",
            "CREATE INDEX leads_owner ON leads (tenant_id, owner_id, id) WHERE owner_id IS NOT NULL",
            "CREATE INDEX leads_client ON leads (tenant_id, client_id, id) WHERE client_id IS NOT NULL",
            "CREATE INDEX leads_contact ON leads (tenant_id, contact_id) WHERE contact_id IS NOT NULL",
            "CREATE INDEX leads_company ON leads (tenant_id, company_id) WHERE company_id IS NOT NULL",
            "CREATE INDEX leads_identity ON leads (tenant_id, identity_key) WHERE identity_key IS NOT NULL",
        ]
    },
    Migration(number: 300, place: 2, name: "leads, companies, contacts, imports") { dialect in
        let record = """
            \(dialect.identity()),
                tenant_id TEXT NOT NULL,
                id TEXT NOT NULL,
                version INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            """
        let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
        return [
            """
            CREATE TABLE lead_merges (\(record),
                keep TEXT NOT NULL, merged TEXT NOT NULL, kept_before TEXT NOT NULL, merged_before TEXT NOT NULL,
                undone_at INTEGER\(end)
            """,
            """
            CREATE TABLE lead_imports (
                tenant_id TEXT NOT NULL, lead_id TEXT NOT NULL, import_id TEXT NOT NULL, data_row INTEGER NOT NULL,
                action TEXT NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, lead_id, import_id, data_row)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
    Migration(number: 300, place: 4, name: "leads, companies, contacts, imports") { dialect in
        [
            """
            CREATE TABLE agent_cursors (
                tenant_id TEXT NOT NULL, cursor TEXT NOT NULL, position TEXT NOT NULL,
                PRIMARY KEY (tenant_id, cursor)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE scoring_models (
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, training_size INTEGER NOT NULL,
                auc REAL, outcomes INTEGER NOT NULL, document TEXT NOT NULL, created_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, id)
            ) \(dialect.keyedTableOptions)
            """,
        ] + dialect.searchTable("leads_search")
    },
    Migration(number: 301, name: "how far agents have looked at leads") { _ in
        [
            "ALTER TABLE leads ADD COLUMN scored_version INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE leads ADD COLUMN qualified_version INTEGER NOT NULL DEFAULT 0",
            "CREATE INDEX leads_unscored ON leads (tenant_id, id) WHERE scored_version <> version",
            "CREATE INDEX leads_unqualified ON leads (tenant_id, id) WHERE qualified_version <> version",
        ]
    },
    Migration(number: 302, name: "the oldest of equals is found by its index") { dialect in
        // A file's indexes end with the row anyway. A server that knows no numbers of the table yet would look for
        // the first row by walking through all of them.
        guard dialect == .postgreSQL else { return [] }
        let indexes = [
            ("leads_email", "leads", "email"), ("leads_identity", "leads", "identity_key"),
        ]
        return indexes.flatMap { name, table, column in
            [
                "DROP INDEX \(name)",
                "CREATE INDEX \(name) ON \(table) (tenant_id, \(column), row) WHERE \(column) IS NOT NULL",
            ]
        }
    },
    Migration(number: 612, name: "leads are found by their company's name") { _ in
        ["CREATE INDEX leads_company_name ON leads (tenant_id, company)"]
    },
    Migration(number: 306, name: "leads are compared with each other") { _ in
        [
            "ALTER TABLE leads ADD COLUMN matched_version INTEGER NOT NULL DEFAULT 0",
            "CREATE INDEX leads_unmatched ON leads (tenant_id, id) WHERE matched_version <> version",
        ]
    },
    Migration(number: 307, name: "when leads were won and lost") { _ in
        [
            "ALTER TABLE leads ADD COLUMN closed_at INTEGER",
            "UPDATE leads SET closed_at = updated_at WHERE status IN ('won', 'lost')",
        ]
    },
    crawlMigration,
    Migration(number: 345, name: "leads have a score of their quality") { _ in
        Lead.resource.addition(in: 345)
    },
    Migration(number: 857, name: "whether mail to leads arrives") { _ in
        Lead.resource.addition(in: 857)
    },
    Migration(number: 975, name: "nothing is next with leads that are won or lost") { _ in
        ["UPDATE leads SET next_action = NULL WHERE status IN ('won', 'lost') AND next_action IS NOT NULL"]
    },
    Migration(number: 1047, name: "leads by those that took them in") { _ in
        ["CREATE INDEX leads_merged ON leads (tenant_id, merged_into) WHERE merged_into IS NOT NULL"]
    },
    lifecycleMigration,
    enrichmentMigration,
    heldEnrichmentMigration,
    crawlFactsMigration,
    crawlRetentionMigration,
    researchClaimMigration,
    sourceMigration,
    sourceIndexMigration,
    leadFormMigration,
    lifecycleDayMigration,
    Migration(number: 1300, place: 2, name: "indexes that no statement reads are gone") { _ in
        // Each new lead was entered in both, and taken out of both. Each of the two conditions implies this one's.
        [
            "DROP INDEX leads_unscored", "DROP INDEX leads_unqualified",
            """
            CREATE INDEX leads_unreviewed ON leads (tenant_id, id)
            WHERE scored_version <> version OR qualified_version <> version
            """,
        ]
    },
    crawlLanguageMigration,
    crawlTurnsMigration,
    crawlLikenessMigration,
    Migration(number: 1591, name: "leads hold the beginning of their answers") {
        Lead.resource.storingAnswers($0, in: 1591)
    },
    Migration(number: 1631, name: "merges of contacts and of companies") { dialect in
        RecordMerge.resource.creation(dialect)
    },
]
