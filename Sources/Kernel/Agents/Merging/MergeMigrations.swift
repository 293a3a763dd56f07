internal import Database

/// Makes the table of the rows that name another record since a merge.
let mergeMigrations: [Migration] = [
    Migration(number: 1630, name: "which rows named another record before a merge") { dialect in
        [
            """
            CREATE TABLE moved_references (
                tenant_id TEXT NOT NULL, merge_id TEXT NOT NULL, gone_id TEXT NOT NULL, place TEXT NOT NULL,
                row_key TEXT NOT NULL,
                PRIMARY KEY (tenant_id, merge_id, gone_id, place, row_key)
            ) \(dialect.keyedTableOptions)
            """
        ]
    }
]
