package import Database

package let transferMigrations: [Migration] = [
    importMigration, importKindMigration, importWarningMigration,
    Migration(number: 246, name: "records that seem to be the same") { dialect in
        [
            """
            CREATE TABLE duplicate_keys (
                tenant_id TEXT NOT NULL, key INTEGER NOT NULL, record_id TEXT NOT NULL,
                PRIMARY KEY (tenant_id, key, record_id)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE duplicate_pairs (
                tenant_id TEXT NOT NULL, resource TEXT NOT NULL, first_id TEXT NOT NULL, second_id TEXT NOT NULL,
                confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
                is_shown INTEGER NOT NULL CHECK (is_shown IN (0, 1)), place TEXT NOT NULL,
                likening TEXT NOT NULL, rarity REAL NOT NULL,
                PRIMARY KEY (tenant_id, resource, first_id, second_id)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX duplicate_pairs_second ON duplicate_pairs (tenant_id, resource, second_id)",
            "CREATE INDEX duplicate_pairs_place ON duplicate_pairs (tenant_id, resource, is_shown, place)",
            """
            CREATE TABLE duplicate_models (
                tenant_id TEXT NOT NULL, resource TEXT NOT NULL, model TEXT NOT NULL, observed TEXT NOT NULL,
                PRIMARY KEY (tenant_id, resource)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
    importChangeMigration,
]
