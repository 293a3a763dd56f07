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
    },
    Migration(number: 431, name: "sending domains") { dialect in
        [
            """
            CREATE TABLE sending_domains (\(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                domain TEXT NOT NULL, status TEXT NOT NULL, warm_up INTEGER NOT NULL, warm_up_started_on TEXT,
                dkim_selector TEXT NOT NULL, spf_mechanisms TEXT NOT NULL, records TEXT, checks TEXT,
                checked_at INTEGER, health TEXT NOT NULL, health_reason TEXT, warm_up_day INTEGER, sealed_key TEXT,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE UNIQUE INDEX sending_domains_domain ON sending_domains (tenant_id, domain)",
            """
            CREATE TABLE domain_counts (
                tenant_id TEXT NOT NULL, domain TEXT NOT NULL, day INTEGER NOT NULL, sent INTEGER NOT NULL,
                bounced INTEGER NOT NULL, complained INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, domain, day)
            ) \(dialect.keyedTableOptions)
            """,
        ] + dialect.searchTable("sending_domains_search")
    },
    Migration(number: 432, name: "turns of mails that wait") { dialect in
        [
            """
            CREATE TABLE send_turns (
                tenant_id TEXT NOT NULL, message_id TEXT NOT NULL, scope TEXT NOT NULL, at INTEGER NOT NULL,
                free_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, message_id)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX send_turns_free ON send_turns (tenant_id, scope, free_at)",
        ]
    },
]

let commentMigration = Migration(number: 1232, name: "how far networks have been asked for comments") {
    dialect in
    [
        """
        CREATE TABLE comment_places (
            tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, place TEXT, polled_at INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, integration_id)
        ) \(dialect.keyedTableOptions)
        """
    ]
}
