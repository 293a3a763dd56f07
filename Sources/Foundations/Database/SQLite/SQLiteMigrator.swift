import Telemetry

/// Applies migrations on the writer's connection, between two commits.
enum SQLiteMigrator {
    /// Returns all that have been applied.
    static func migrate(
        _ connection: SQLiteConnection, _ migrations: [Migration], _ mark: SchemaMark?
    ) throws -> [AppliedMigration] {
        let ordered = try Migration.ordered(migrations)
        let past = try applied(connection)
        let pending = try Migration.pending(ordered, applied: past, connection.dialect, mark)
        guard !pending.isEmpty else { return past }
        // A table is rebuilt under another name and dropped: with the keys on, that would delete what
        // refers to it.
        try connection.execute("PRAGMA foreign_keys = OFF")
        defer { try? connection.execute("PRAGMA foreign_keys = ON") }
        try connection.execute("BEGIN IMMEDIATE")
        do {
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
                    applied_at INTEGER NOT NULL) STRICT
                """)
            for migration in pending { try apply(migration, connection) }
            try checkForeignKeys(connection)
            try SQLiteStatistics.write(connection)
            try connection.execute("COMMIT")
            return try applied(connection)
        } catch {
            if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    static func applied(_ connection: SQLiteConnection) throws(DatabaseError) -> [AppliedMigration] {
        guard
            try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'")
                > 0
        else { return [] }
        var found: [AppliedMigration] = []
        try connection.rows("SELECT number, name, checksum FROM schema_migrations ORDER BY number") { row in
            found.append(AppliedMigration(number: row.int(0), name: row.text(1), checksum: row.text(2)))
        }
        return found
    }

    private static func apply(_ migration: Migration, _ connection: SQLiteConnection) throws(DatabaseError) {
        do {
            for statement in migration.statements(connection.dialect) { try connection.execute(statement) }
            try connection.rows(
                "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
                [
                    .integer(Int64(migration.number)), .text(migration.name),
                    .text(migration.checksum(connection.dialect)), connection.currentTime(nil).sqlValue,
                ]
            ) { _ in }
        } catch .invalid(let message) {
            throw .invalid("migration \(migration.number) (\(migration.name)): \(message)")
        }
    }

    private static func checkForeignKeys(_ connection: SQLiteConnection) throws(DatabaseError) {
        var orphans: [String] = []
        try connection.rows("PRAGMA foreign_key_check") { row in
            orphans.append("\(row.text(0)) → \(row.text(2))")
        }
        guard orphans.isEmpty else {
            throw .incompatible(
                "after the migrations, rows refer to others that do not exist: \(Set(orphans).sorted())")
        }
    }
}
