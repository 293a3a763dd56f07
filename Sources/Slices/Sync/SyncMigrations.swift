internal import Database
internal import Jobs
internal import Records

/// Makes the tables of syncs: pairs of records with what they last agreed on, runs with what became of each record, and
/// fields that wait for a person.
let syncMigrations = [
    Migration(number: 865, name: "syncs with outside services") { dialect in
        RecordSync.resource.creation(dialect)
            + ["CREATE INDEX syncs_integration ON syncs (tenant_id, integration_id)"]
            + SyncRun.resource.creation(dialect)
            + ["CREATE INDEX sync_runs_sync ON sync_runs (tenant_id, sync_id, id)"]
            + SyncConflict.resource.creation(dialect)
            + [
                """
                CREATE UNIQUE INDEX sync_conflicts_open ON sync_conflicts (tenant_id, sync_id, subject_id, field)
                WHERE status = 'open'
                """,
                """
                CREATE TABLE sync_links (
                    tenant_id TEXT NOT NULL, sync_id TEXT NOT NULL, local_id TEXT NOT NULL, remote_id TEXT,
                    state TEXT NOT NULL, base TEXT, base_remote TEXT, seen TEXT, local_version INTEGER NOT NULL,
                    is_dirty INTEGER NOT NULL, sent TEXT, is_deleted INTEGER NOT NULL, seen_run TEXT,
                    PRIMARY KEY (tenant_id, sync_id, local_id)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE UNIQUE INDEX sync_links_remote ON sync_links (tenant_id, sync_id, remote_id)
                WHERE remote_id IS NOT NULL
                """,
                "CREATE INDEX sync_links_dirty ON sync_links (tenant_id, sync_id, local_id) WHERE is_dirty = 1",
                "CREATE INDEX sync_links_deleted ON sync_links (tenant_id, sync_id, local_id) WHERE is_deleted = 1",
                "CREATE INDEX sync_links_local ON sync_links (tenant_id, local_id)",
                """
                CREATE TABLE sync_run_records (
                    tenant_id TEXT NOT NULL, run_id TEXT NOT NULL, number INTEGER NOT NULL, side TEXT NOT NULL,
                    id TEXT NOT NULL, outcome TEXT NOT NULL, field TEXT, code TEXT, detail TEXT,
                    PRIMARY KEY (tenant_id, run_id, number)
                ) \(dialect.keyedTableOptions)
                """,
            ]
    },
    Migration(number: 866, name: "what syncs have left out because of bad data") { dialect in
        [
            """
            CREATE TABLE sync_held (
                tenant_id TEXT NOT NULL, sync_id TEXT NOT NULL, remote_id TEXT NOT NULL, local_id TEXT NOT NULL,
                updated_at TEXT, run_id TEXT, PRIMARY KEY (tenant_id, sync_id, remote_id)
            ) \(dialect.keyedTableOptions)
            """
        ]
    },
    Migration(number: 867, name: "what was said, in the histories that services keep") { dialect in
        RecordSync.resource.addition(in: 867) + SyncRun.resource.addition(in: 867) + [
            """
            CREATE TABLE sync_notes (
                tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, message_id TEXT NOT NULL, sync_id TEXT NOT NULL,
                local_id TEXT, remote_id TEXT, entry_id TEXT, state TEXT NOT NULL, code TEXT, asked_at INTEGER,
                tried_at INTEGER, created_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, integration_id, message_id)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX sync_notes_state ON sync_notes (tenant_id, integration_id, state, message_id)",
            "CREATE INDEX sync_notes_sync ON sync_notes (tenant_id, sync_id, message_id)",
        ]
    },
]

let syncSandboxTables: [SandboxTable] = [
    .copied(RecordSync.resource, changing: ["status": .text("idle"), "next_run_at": .null]),
    .copied("sync_links"), .copied("sync_held"), .copied(SyncConflict.resource),
    .left("sync_runs", because: "they tell of calls of outside services"),
    .left("sync_run_records", because: "they belong to runs, which are left behind"),
    .left("sync_notes", because: "they tell of what outside services have, and none is asked"),
]
