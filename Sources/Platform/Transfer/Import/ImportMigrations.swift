internal import Database

/// Makes the tables of imports, in the step that made those of leads, too.
let importMigration = Migration(number: 300, place: 3, name: "leads, companies, contacts, imports") {
    dialect in
    let record = """
        \(dialect.identity()),
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        """
    let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
    return [
        """
        CREATE TABLE imports (\(record),
            status TEXT NOT NULL, file_name TEXT, media_type TEXT NOT NULL, size INTEGER NOT NULL,
            dedupe TEXT NOT NULL, country TEXT, progress REAL NOT NULL, processed INTEGER NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, skipped INTEGER NOT NULL, failed INTEGER NOT NULL,
            mapping TEXT NOT NULL, error TEXT, client_id TEXT, finished_at INTEGER, explicit_mapping TEXT NOT NULL,
            checkpoint TEXT, spool TEXT NOT NULL, actor_type TEXT NOT NULL, actor_id TEXT NOT NULL\(end)
        """,
        """
        CREATE TABLE import_errors (
            tenant_id TEXT NOT NULL, import_id TEXT NOT NULL, data_row INTEGER NOT NULL, number INTEGER NOT NULL,
            field TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL, cells TEXT NOT NULL,
            PRIMARY KEY (tenant_id, import_id, data_row, number)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}

let importKindMigration = Migration(number: 610, name: "imports say what they bring in") { _ in
    [
        "ALTER TABLE imports ADD COLUMN resource TEXT NOT NULL DEFAULT 'leads'",
        "ALTER TABLE imports ADD COLUMN job_kind TEXT NOT NULL DEFAULT 'discovery.import'",
    ]
}

let importWarningMigration = Migration(number: 308, name: "imports warn of rows that came in") { _ in
    [
        "ALTER TABLE imports ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE import_errors ADD COLUMN is_warning INTEGER NOT NULL DEFAULT 0",
    ]
}
