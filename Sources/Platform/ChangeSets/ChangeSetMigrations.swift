package import Database
internal import Jobs
internal import Records

/// Makes the tables of change sets.
package let changeSetMigrations = [
    Migration(number: 258, name: "change sets and what they change") { dialect in
        ChangeSet.resource.creation(dialect) + [
            "CREATE INDEX change_sets_run ON change_sets (tenant_id, run_id) WHERE run_id IS NOT NULL",
            """
            CREATE TABLE record_changes (
                tenant_id TEXT NOT NULL, change_set_id TEXT NOT NULL, number INTEGER NOT NULL,
                subject_type TEXT NOT NULL, subject_id TEXT NOT NULL, field TEXT NOT NULL,
                before_value TEXT, after_value TEXT, state TEXT NOT NULL, reason TEXT,
                PRIMARY KEY (tenant_id, change_set_id, number)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX record_changes_subject ON record_changes (tenant_id, subject_id)",
        ]
    },
    Migration(number: 885, name: "uses of records that bad data stops") { dialect in
        [
            """
            CREATE TABLE record_holds (
                tenant_id TEXT NOT NULL, subject_id TEXT NOT NULL, usage TEXT NOT NULL, cause TEXT NOT NULL,
                subject_type TEXT NOT NULL, field TEXT NOT NULL, detail TEXT NOT NULL, since INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, subject_id, usage, cause)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX record_holds_cause ON record_holds (tenant_id, cause)",
        ]
    },
]

let changeSetSandboxTables: [SandboxTable] = [
    .left("change_sets", because: "they tell what was done outside, and are undone there"),
    .left("record_changes", because: "they belong to change sets, which are left behind"),
    .copied("record_holds"),
]
