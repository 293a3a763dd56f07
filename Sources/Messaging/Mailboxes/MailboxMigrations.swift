internal import Database

let mailboxMigrations: [Migration] = [
    Migration(number: 430, name: "how far mailboxes have been read") { dialect in
        [
            """
            CREATE TABLE mailbox_positions (
                tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, place TEXT NOT NULL, validity INTEGER NOT NULL,
                uid INTEGER NOT NULL, since INTEGER, resync_before INTEGER, polled_at INTEGER NOT NULL,
                failures INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, integration_id)
            ) \(dialect.keyedTableOptions)
            """
        ]
    }
]
