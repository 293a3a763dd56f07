internal import Database
internal import Records

/// The tables of what is done for clients.
let workMigrations: [Migration] = [
    Migration(number: 660, name: "projects and tasks") { dialect in
        [
            """
            CREATE TABLE projects (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                client_id TEXT NOT NULL, name TEXT NOT NULL, description TEXT, status TEXT NOT NULL, starts_on TEXT,
                due_on TEXT, milestones TEXT NOT NULL, requirements TEXT NOT NULL, team TEXT NOT NULL,
                tasks INTEGER NOT NULL, tasks_done INTEGER NOT NULL, tasks_blocked INTEGER NOT NULL,
                progress INTEGER NOT NULL,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX projects_client ON projects (tenant_id, client_id, id)",
            "CREATE INDEX projects_status ON projects (tenant_id, status, id)",
            "CREATE INDEX projects_due ON projects (tenant_id, due_on, id)",
            "CREATE INDEX projects_name ON projects (tenant_id, name, id)",
        ] + dialect.searchTable("projects_search") + [
            """
            CREATE TABLE tasks (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                project_id TEXT NOT NULL, client_id TEXT NOT NULL, title TEXT NOT NULL, description TEXT,
                priority TEXT NOT NULL, estimate TEXT, due_on TEXT, assignee_id TEXT, status TEXT NOT NULL,
                shared INTEGER NOT NULL, tags TEXT NOT NULL, completed_at INTEGER,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX tasks_project ON tasks (tenant_id, project_id, id)",
            "CREATE INDEX tasks_client ON tasks (tenant_id, client_id, shared, id)",
            "CREATE INDEX tasks_assignee ON tasks (tenant_id, assignee_id, status, id)",
            "CREATE INDEX tasks_status ON tasks (tenant_id, status, id)",
            "CREATE INDEX tasks_priority ON tasks (tenant_id, priority, id)",
            "CREATE INDEX tasks_shared ON tasks (tenant_id, shared, id)",
            "CREATE INDEX tasks_due ON tasks (tenant_id, due_on, id)",
            "CREATE INDEX tasks_overdue ON tasks (tenant_id, client_id, status, due_on)",
            "CREATE INDEX tasks_completed ON tasks (tenant_id, completed_at, id)",
            "CREATE INDEX tasks_client_completed ON tasks (tenant_id, client_id, completed_at)",
        ] + dialect.searchTable("tasks_search")
    },
    Migration(number: 661, name: "deliverables") { dialect in
        [
            """
            CREATE TABLE deliverables (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                project_id TEXT NOT NULL, client_id TEXT NOT NULL, name TEXT NOT NULL, description TEXT,
                status TEXT NOT NULL, text TEXT, files TEXT NOT NULL, requirements TEXT NOT NULL,
                revision INTEGER NOT NULL, versions TEXT NOT NULL, quality TEXT, reviewed_by TEXT,
                reviewed_at INTEGER, review_notes TEXT, change_request TEXT, decided_at INTEGER, evidence TEXT,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX deliverables_project ON deliverables (tenant_id, project_id, id)",
            "CREATE INDEX deliverables_client ON deliverables (tenant_id, client_id, status, id)",
            "CREATE INDEX deliverables_status ON deliverables (tenant_id, status, id)",
            "CREATE INDEX deliverables_decided ON deliverables (tenant_id, decided_at, id)",
            "CREATE INDEX deliverables_client_decided ON deliverables (tenant_id, client_id, decided_at)",
        ] + dialect.searchTable("deliverables_search")
    },
    Migration(number: 662, name: "figures of clients") { dialect in
        [
            """
            CREATE TABLE metrics (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                client_id TEXT NOT NULL, source TEXT NOT NULL, metric TEXT NOT NULL, date TEXT NOT NULL,
                value REAL NOT NULL, unit TEXT,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE UNIQUE INDEX metrics_day ON metrics (tenant_id, client_id, source, metric, date)",
            "CREATE INDEX metrics_client ON metrics (tenant_id, client_id, date, id)",
            "CREATE INDEX metrics_source ON metrics (tenant_id, source, date, id)",
            "CREATE INDEX metrics_metric ON metrics (tenant_id, metric, date, id)",
            "CREATE INDEX metrics_date ON metrics (tenant_id, date, id)",
            """
            CREATE TABLE metric_names (
                tenant_id TEXT NOT NULL, client_id TEXT NOT NULL, source TEXT NOT NULL, metric TEXT NOT NULL,
                unit TEXT,
                PRIMARY KEY (tenant_id, client_id, source, metric)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
    Migration(number: 663, name: "documents of clients") { dialect in
        [
            """
            CREATE TABLE documents (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                client_id TEXT NOT NULL, project_id TEXT, file_id TEXT NOT NULL, name TEXT NOT NULL,
                kind TEXT NOT NULL, visibility TEXT NOT NULL,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX documents_client ON documents (tenant_id, client_id, visibility, id)",
            "CREATE INDEX documents_project ON documents (tenant_id, project_id, id)",
            "CREATE INDEX documents_kind ON documents (tenant_id, kind, id)",
            "CREATE INDEX documents_visibility ON documents (tenant_id, visibility, id)",
        ] + dialect.searchTable("documents_search")
    },
]

/// Metrics may be the agency's own: they have no client then.
let ownMetricsMigration = Migration(number: 669, name: "metrics of the agency itself") { dialect in
    let free =
        dialect == .sqlite
        ? [
            "DROP INDEX metrics_day", "DROP INDEX metrics_client",
            "ALTER TABLE metrics ADD COLUMN of_client TEXT",
            "UPDATE metrics SET of_client = client_id",
            "ALTER TABLE metrics DROP COLUMN client_id",
            "ALTER TABLE metrics RENAME COLUMN of_client TO client_id",
            "CREATE UNIQUE INDEX metrics_day ON metrics (tenant_id, client_id, source, metric, date)",
            "CREATE INDEX metrics_client ON metrics (tenant_id, client_id, date, id)",
        ] : ["ALTER TABLE metrics ALTER COLUMN client_id DROP NOT NULL"]
    return free + [
        """
        CREATE UNIQUE INDEX metrics_own_day ON metrics (tenant_id, source, metric, date) WHERE client_id IS NULL
        """
    ]
}

/// Metrics may be a campaign's own: they stand beside those of all that is done for its client.
let campaignMetricsMigration = Migration(number: 1151, name: "metrics of campaigns") { _ in
    MetricValue.resource.addition(in: 1151) + [
        "DROP INDEX metrics_day", "DROP INDEX metrics_own_day",
        """
        CREATE UNIQUE INDEX metrics_day
            ON metrics (tenant_id, client_id, source, metric, date, coalesce(campaign_id, ''))
        """,
        """
        CREATE UNIQUE INDEX metrics_own_day ON metrics (tenant_id, source, metric, date, coalesce(campaign_id, ''))
            WHERE client_id IS NULL
        """,
        "CREATE INDEX metrics_campaign ON metrics (tenant_id, campaign_id, date, id) WHERE campaign_id IS NOT NULL",
    ]
}

/// Clients may have the last word about what speaks for them.
let contentApprovalMigration = Migration(number: 1131, name: "clients that approve their content") { _ in
    Client.resource.addition(in: 1131)
}

let reportMigrations: [Migration] = [
    Migration(number: 664, name: "reports") { dialect in
        [
            """
            CREATE TABLE reports (
                \(dialect.identity()),
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                client_id TEXT NOT NULL, kind TEXT NOT NULL, period_start TEXT, period_end TEXT,
                status TEXT NOT NULL, title TEXT NOT NULL, locale TEXT NOT NULL, summary TEXT,
                sections TEXT NOT NULL, sent_at INTEGER, file_id TEXT, message_id TEXT,
                \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX reports_client ON reports (tenant_id, client_id, kind, period_start)",
            "CREATE INDEX reports_status ON reports (tenant_id, status, id)",
            "CREATE INDEX reports_kind ON reports (tenant_id, kind, id)",
            "CREATE INDEX reports_period ON reports (tenant_id, period_start, id)",
        ]
    }
]

/// Reports that were there before are those of clients.
let reportAudienceMigration = Migration(number: 1052, name: "whom reports are for") { _ in
    Report.resource.addition(in: 1052) + [
        "CREATE INDEX reports_audience ON reports (tenant_id, audience, id)"
    ]
}
