internal import Agents
internal import Database
internal import Jobs
internal import Records

/// Makes the tables of the market: competitors, the addresses that are watched, and what was found there.
let marketMigrations = [
    Migration(number: 876, name: "competitors and what they do") { dialect in
        Competitor.resource.creation(dialect)
            + ["CREATE INDEX competitors_client ON competitors (tenant_id, client_id, id)"]
            + MarketActivity.resource.creation(dialect)
            + [
                "CREATE UNIQUE INDEX market_activity_mark ON market_activity (tenant_id, identity)",
                "CREATE INDEX market_activity_of ON market_activity (tenant_id, competitor_id, at, id)",
                "CREATE INDEX market_activity_at ON market_activity (tenant_id, at, id)",
                """
                CREATE TABLE market_watches (
                    tenant_id TEXT NOT NULL, owner TEXT NOT NULL, url TEXT NOT NULL, is_offered INTEGER NOT NULL,
                    etag TEXT, last_modified TEXT, content_hash TEXT, outcome TEXT, reason TEXT, read_at INTEGER,
                    PRIMARY KEY (tenant_id, owner, url)
                ) \(dialect.keyedTableOptions)
                """,
            ]
    },
    Migration(number: 877, name: "findings about the market, and reports of months") { dialect in
        MarketFinding.resource.creation(dialect)
            + [
                "CREATE INDEX market_findings_status ON market_findings (tenant_id, status, subject)",
                "CREATE INDEX market_findings_kind ON market_findings (tenant_id, kind, id)",
                "CREATE INDEX market_findings_confirmed ON market_findings (tenant_id, confirmed_at, id)",
            ] + MarketReport.resource.creation(dialect)
            + ["CREATE UNIQUE INDEX market_reports_month ON market_reports (tenant_id, month)"]
    },
    Migration(number: 970, name: "what competitors say of their offers") { dialect in
        CompetitorStatement.resource.creation(dialect)
            + [
                """
                CREATE INDEX competitor_statements_of
                    ON competitor_statements (tenant_id, competitor_id, ended_at, found_at, id)
                """,
                "CREATE INDEX competitor_statements_ended ON competitor_statements (tenant_id, ended_at)",
            ] + Competitor.resource.addition(in: 970)
            + [
                "ALTER TABLE market_watches ADD COLUMN is_page INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE market_watches ADD COLUMN offer_hash TEXT",
            ]
    },
    Migration(number: 1500, name: "when feeds want to be asked, and where they have moved") { _ in
        [
            "ALTER TABLE market_watches ADD COLUMN next_at INTEGER",
            "ALTER TABLE market_watches ADD COLUMN moved_to TEXT",
            "ALTER TABLE market_watches ADD COLUMN moved_seen INTEGER NOT NULL DEFAULT 0",
        ]
    },
    Migration(number: 971, name: "feeds are looked at as often as they change") { _ in
        [
            "ALTER TABLE market_watches ADD COLUMN pause INTEGER",
            "ALTER TABLE market_watches ADD COLUMN due_at INTEGER",
        ]
    },
    Migration(number: 1521, name: "hubs that tell when feeds change") { dialect in
        [
            """
            CREATE TABLE market_hubs (
                tenant_id TEXT NOT NULL, url TEXT NOT NULL, id TEXT NOT NULL, hub TEXT NOT NULL,
                topic TEXT NOT NULL, sealed_secret TEXT NOT NULL, state TEXT NOT NULL, asked_at INTEGER NOT NULL,
                ends_at INTEGER,
                PRIMARY KEY (tenant_id, url)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE UNIQUE INDEX market_hubs_id ON market_hubs (tenant_id, id)",
        ]
    },
]

let marketSandboxTables: [SandboxTable] = [
    .copied(Competitor.resource), .copied(MarketActivity.resource), .copied("market_watches"),
    .copied(CompetitorStatement.resource),
    .copied(MarketFinding.resource), .copied(MarketReport.resource),
    .left("market_hubs", because: "nothing is fetched in a sandbox"),
]
