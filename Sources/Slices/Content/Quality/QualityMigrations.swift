internal import Database
internal import Jobs
internal import Records

/// Makes the tables of brands, and of what content is judged by.
let qualityMigrations = [
    Migration(number: 1180, name: "brands, and how they want to be written about") { dialect in
        Brand.resource.creation(dialect)
            + ["CREATE INDEX brands_client ON brands (tenant_id, client_id, id)"]
    },
    Migration(number: 1181, name: "the quality of content, and the words that were said before") { dialect in
        ContentItem.resource.addition(in: 1181) + [
            """
            CREATE INDEX content_items_accepted ON content_items (tenant_id, id)
                WHERE status IN ('approved', 'published')
            """,
            """
            CREATE TABLE content_bands (
                tenant_id TEXT NOT NULL, band INTEGER NOT NULL, content_item_id TEXT NOT NULL,
                PRIMARY KEY (tenant_id, band, content_item_id)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX content_bands_item ON content_bands (tenant_id, content_item_id)",
            """
            CREATE TABLE content_unchecked (
                tenant_id TEXT NOT NULL, content_item_id TEXT NOT NULL,
                PRIMARY KEY (tenant_id, content_item_id)
            ) \(dialect.keyedTableOptions)
            """,
            // Older content is noted, and looked at, by the agent's next run.
            """
            INSERT INTO content_unchecked (tenant_id, content_item_id) SELECT tenant_id, id FROM content_items
            """,
            """
            CREATE TABLE content_overrides (
                tenant_id TEXT NOT NULL, content_item_id TEXT NOT NULL, mark TEXT NOT NULL, code TEXT NOT NULL,
                reason TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, content_item_id, mark)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX content_overrides_code ON content_overrides (tenant_id, code, content_item_id)",
        ]
    },
    Migration(number: 1220, name: "what the links of content lead to") { dialect in
        [
            """
            CREATE TABLE content_links (
                tenant_id TEXT NOT NULL, address TEXT NOT NULL, status INTEGER, is_gone INTEGER NOT NULL,
                failures INTEGER NOT NULL, asked_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, address)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX content_links_asked ON content_links (tenant_id, asked_at)",
        ]
    },
]

let qualitySandboxTables: [SandboxTable] = [
    .copied(Brand.resource), .copied("content_bands"), .copied("content_unchecked"),
    .copied("content_overrides"), .copied("content_links"),
]
