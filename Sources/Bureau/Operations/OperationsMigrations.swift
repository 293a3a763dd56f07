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
    }
]
