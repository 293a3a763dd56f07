internal import Database
internal import Jobs
internal import Records

/// Makes the tables of segments: who is in them, and when time alone changes that.
let contentMigrations = [
    Migration(number: 1000, name: "segments of leads, contacts and clients") { dialect in
        Segment.resource.creation(dialect)
            + [
                "CREATE INDEX segments_of ON segments (tenant_id, of, id)",
                """
                CREATE TABLE segment_members (
                    tenant_id TEXT NOT NULL, segment_id TEXT NOT NULL, record_id TEXT NOT NULL,
                    added_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, segment_id, record_id)
                ) \(dialect.keyedTableOptions)
                """,
                "CREATE INDEX segment_members_record ON segment_members (tenant_id, record_id)",
                """
                CREATE TABLE segment_changes (
                    tenant_id TEXT NOT NULL, segment_id TEXT NOT NULL, record_id TEXT NOT NULL,
                    due_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, segment_id, record_id)
                ) \(dialect.keyedTableOptions)
                """,
                "CREATE INDEX segment_changes_due ON segment_changes (tenant_id, due_at)",
            ]
    }
]

let contentSandboxTables: [SandboxTable] = [
    .copied(Segment.resource), .copied("segment_members"),
    .left("segment_changes", because: "the jobs that see to them are left behind"),
]
