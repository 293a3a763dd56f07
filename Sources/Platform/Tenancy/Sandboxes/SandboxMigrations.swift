internal import Database

/// Numbers 230 to 234 are the sandboxes'.
let sandboxMigrations: [Migration] = [
    Migration(number: 230, name: "sandboxes of agencies") { dialect in
        [
            """
            CREATE TABLE sandboxes (
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, sandbox_tenant TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
                origin TEXT NOT NULL CHECK (origin IN ('live', 'empty')),
                status TEXT NOT NULL CHECK (status IN ('creating', 'ready', 'removing')),
                seed INTEGER NOT NULL, start_at INTEGER NOT NULL, token_digest TEXT UNIQUE,
                token_expires_at INTEGER NOT NULL, user_id TEXT, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, id)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX sandboxes_unfinished ON sandboxes (status) WHERE status <> 'ready'",
            "ALTER TABLE tenants ADD COLUMN sandbox_of TEXT",
        ]
    }
]
