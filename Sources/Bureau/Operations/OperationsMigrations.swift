internal import Database

/// The processes of an installation on a server, which tell one another how they are: each has a row of its own.
let operationsMigrations: [Migration] = [
    Migration(number: 257, name: "how each process is") { dialect in
        [
            """
            CREATE TABLE nodes (
                tenant_id TEXT NOT NULL,
                id TEXT NOT NULL,
                report TEXT NOT NULL,
                seen_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, id)
            ) \(dialect.keyedTableOptions)
            """
        ]
    },
    Migration(number: 888, name: "the maintenance of the database") { dialect in
        [
            """
            CREATE TABLE maintenance_runs (
                tenant_id TEXT NOT NULL, name TEXT NOT NULL, last_at INTEGER NOT NULL, last_result TEXT NOT NULL,
                took INTEGER NOT NULL, PRIMARY KEY (tenant_id, name)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE maintenance_hours (
                tenant_id TEXT NOT NULL, hour INTEGER NOT NULL, writes REAL NOT NULL,
                PRIMARY KEY (tenant_id, hour)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE database_days (
                tenant_id TEXT NOT NULL, day TEXT NOT NULL, bytes INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, day)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    },
    Migration(number: 982, name: "tasks that failed, and what days have processed") { _ in
        ["ALTER TABLE maintenance_runs ADD COLUMN failed INTEGER NOT NULL DEFAULT 0"]
            + ["requests", "jobs", "used", "there"].map {
                "ALTER TABLE database_days ADD COLUMN \($0) INTEGER NOT NULL DEFAULT 0"
            }
    },
]
