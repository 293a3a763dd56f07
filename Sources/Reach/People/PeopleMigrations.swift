package import Database
internal import Records

/// Makes the tables of people. Some began in steps that made tables of other modules, too.
package let peopleMigrations: [Migration] = [
    Migration(number: 300, place: 1, name: "leads, companies, contacts, imports") { dialect in
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
            CREATE TABLE companies (\(record),
                name TEXT NOT NULL, website TEXT, domain TEXT, industry TEXT, employee_count INTEGER,
                annual_revenue_amount INTEGER, annual_revenue_currency TEXT, location TEXT, country TEXT,
                tags TEXT NOT NULL, notes TEXT, custom TEXT NOT NULL, external_ids TEXT NOT NULL, client_id TEXT,
                company_key TEXT NOT NULL\(end)
            """,
            "CREATE INDEX companies_key ON companies (tenant_id, company_key)",
            """
            CREATE TABLE contacts (\(record),
                name TEXT NOT NULL, title TEXT, email TEXT, phone TEXT, country TEXT, linkedin_url TEXT,
                company_id TEXT, tags TEXT NOT NULL, notes TEXT, custom TEXT NOT NULL, external_ids TEXT NOT NULL,
                client_id TEXT\(end)
            """,
            "CREATE INDEX contacts_email ON contacts (tenant_id, email) WHERE email IS NOT NULL",
            "CREATE INDEX contacts_phone ON contacts (tenant_id, phone) WHERE phone IS NOT NULL",
            "CREATE INDEX contacts_company ON contacts (tenant_id, company_id) WHERE company_id IS NOT NULL",
            """
            CREATE TABLE external_ids (
                tenant_id TEXT NOT NULL, resource TEXT NOT NULL, system TEXT NOT NULL, external_id TEXT NOT NULL,
                record_id TEXT NOT NULL,
                PRIMARY KEY (tenant_id, resource, system, external_id)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE custom_fields (\(record),
                resource TEXT NOT NULL, key TEXT NOT NULL, type TEXT NOT NULL, label TEXT, choices TEXT NOT NULL\(end)
            """,
            "CREATE UNIQUE INDEX custom_fields_key ON custom_fields (tenant_id, resource, key)",
        ]
    },
    Migration(number: 300, place: 5, name: "leads, companies, contacts, imports") { dialect in
        dialect.searchTable("companies_search") + dialect.searchTable("contacts_search")
    },
    Migration(number: 302, place: 1, name: "the oldest of equals is found by its index") { dialect in
        // A file's indexes end with the row anyway. A server that knows no numbers of the table yet would look for
        // the first row by walking through all of them.
        guard dialect == .postgreSQL else { return [] }
        let indexes = [
            ("companies_key", "companies", "company_key"), ("contacts_email", "contacts", "email"),
            ("contacts_phone", "contacts", "phone"),
        ]
        return indexes.flatMap { name, table, column in
            [
                "DROP INDEX \(name)",
                "CREATE INDEX \(name) ON \(table) (tenant_id, \(column), row) WHERE \(column) IS NOT NULL",
            ]
        }
    },
    Migration(number: 400, name: "messages, and what may be sent") { dialect in
        let record = """
            \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
            """
        let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
        return [
            "ALTER TABLE contacts ADD COLUMN location TEXT",
            "ALTER TABLE contacts ADD COLUMN time_zone TEXT",
            "ALTER TABLE contacts ADD COLUMN locale TEXT",
            "ALTER TABLE contacts ADD COLUMN do_not_contact INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE contacts ADD COLUMN contact_after INTEGER",
            """
            CREATE TABLE suppressions (\(record),
                channel TEXT NOT NULL, address TEXT NOT NULL, reason TEXT NOT NULL, scope TEXT NOT NULL, note TEXT,
                message_id TEXT, client_id TEXT\(end)
            """,
            "CREATE UNIQUE INDEX suppressions_address ON suppressions (tenant_id, channel, address, scope)",
            """
            CREATE TABLE consents (\(record),
                contact_id TEXT NOT NULL, channel TEXT NOT NULL, purpose TEXT NOT NULL, status TEXT NOT NULL,
                lawful_basis TEXT NOT NULL, source TEXT NOT NULL, evidence TEXT, given_at INTEGER, client_id TEXT\(end)
            """,
            "CREATE INDEX consents_contact ON consents (tenant_id, contact_id, channel, purpose, given_at)",
        ]
    },
    Migration(number: 400, place: 2, name: "messages, and what may be sent") { dialect in
        dialect.searchTable("suppressions_search")
    },
    Migration(number: 409, name: "contacts and companies are compared with each other") { _ in
        ["contacts", "companies"].flatMap { table in
            [
                "ALTER TABLE \(table) ADD COLUMN matched_version INTEGER NOT NULL DEFAULT 0",
                "CREATE INDEX \(table)_unmatched ON \(table) (tenant_id, id) WHERE matched_version <> version",
            ]
        }
    },
    Migration(number: 433, name: "consents that are about no channel", statements: acrossTenantsConsents),
    Migration(number: 646, name: "what a client's people have said") { _ in
        ["CREATE INDEX contacts_client ON contacts (tenant_id, client_id, id) WHERE client_id IS NOT NULL"]
    },
    privacyMigration,
    Migration(number: 856, name: "whether mail to contacts arrives") { _ in
        Contact.resource.addition(in: 856)
    },
    Migration(number: 886, name: "companies by domain, for rules that want it once") { _ in
        ["CREATE INDEX companies_domain ON companies (tenant_id, domain) WHERE domain IS NOT NULL"]
    },
    Migration(number: 950, name: "what contacts have done") { dialect in
        ContactActivity.resource.creation(dialect)
            + [
                "CREATE UNIQUE INDEX contact_activities_fact ON contact_activities (tenant_id, fact)",
                """
                CREATE INDEX contact_activities_contact
                    ON contact_activities (tenant_id, contact_id, source, at, type)
                """,
                "CREATE INDEX contact_activities_at ON contact_activities (tenant_id, at, contact_id)",
            ]
    },
    Migration(number: 954, name: "contacts who are kept out for comparison") { _ in
        Contact.resource.addition(in: 954)
    },
    Migration(number: 962, name: "what contacts like to be sent") { dialect in
        [
            """
            CREATE TABLE preference_counts (
                tenant_id TEXT NOT NULL, contact_id TEXT NOT NULL, aspect TEXT NOT NULL, value TEXT NOT NULL,
                weight REAL NOT NULL, observations INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, contact_id, aspect, value)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE stated_preferences (
                tenant_id TEXT NOT NULL, contact_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
                stated_by TEXT NOT NULL, stated_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, contact_id, name)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
    Migration(number: 1065, name: "what contacts have done, by type") { _ in
        [
            "DROP INDEX contact_activities_contact",
            """
            CREATE INDEX contact_activities_contact
                ON contact_activities (tenant_id, contact_id, source, type, at)
            """,
        ]
    },
]

/// Makes the column `channel` optional. SQLite cannot drop NOT NULL, so that the table is created anew on both
/// engines.
private func acrossTenantsConsents(_ dialect: Dialect) -> [String] {
    [
        "DROP INDEX consents_contact",
        "ALTER TABLE consents ADD COLUMN channel_or_none TEXT",
        "UPDATE consents SET channel_or_none = channel",
        "ALTER TABLE consents DROP COLUMN channel",
        "ALTER TABLE consents RENAME COLUMN channel_or_none TO channel",
        "CREATE INDEX consents_contact ON consents (tenant_id, contact_id, channel, purpose, given_at)",
        "CREATE INDEX consents_withdrawn ON consents (tenant_id, purpose) WHERE status = 'withdrawn'",
    ]
}
