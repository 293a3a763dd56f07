import Synchronization
import Telemetry

/// Applies migrations on the writer's connection, between two commits.
enum SQLiteMigrator {
    /// Pages in the log above which it is copied between two parts of a long step.
    private static let logFramesMax = 4000
    /// The folder in which SQLite sorts is one for all of the process's connections.
    private static let sortingFolder = Mutex(())

    /// Returns all that have been applied.
    static func migrate(
        _ connection: SQLiteConnection, _ migrations: [Migration], _ mark: SchemaMark?,
        _ readers: SQLiteReaders, _ report: (String, Double) -> Void
    ) throws -> [AppliedMigration] {
        let ordered = try Migration.ordered(migrations)
        let past = try applied(connection)
        let pending = try Migration.pending(ordered, applied: past, connection.dialect, mark)
        guard !pending.isEmpty else { return past }
        // A table is rebuilt under another name and dropped: with the keys on, that would delete what
        // refers to it.
        try connection.execute("PRAGMA foreign_keys = OFF")
        defer { try? connection.execute("PRAGMA foreign_keys = ON") }
        // A new file has no rows to advance with.
        let isNew = past.isEmpty
        let isLong = !isNew && pending.contains { $0.advance != nil }
        if isLong { try sort(inFolder: true, connection) }
        defer { if isLong { try? sort(inFolder: false, connection) } }
        var rest = pending[...]
        while let first = rest.first {
            if !isNew { try advance(first, connection, readers, report) }
            let next = isNew ? nil : rest.dropFirst().firstIndex { $0.advance != nil }
            let step = rest[..<(next ?? rest.endIndex)]
            try inTransaction(connection) { try apply(step, connection) }
            rest = rest[step.endIndex...]
        }
        return try applied(connection)
    }

    /// The indexes of large tables are sorted, which in memory would take all of them at once. Elsewhere than in the
    /// file's folder there may be no room for that, or no leave to write.
    private static func sort(inFolder: Bool, _ connection: SQLiteConnection) throws(DatabaseError) {
        let path = try connection.text("SELECT file FROM pragma_database_list WHERE name = 'main'")
        let folder = inFolder ? path[..<(path.lastIndex(of: "/") ?? path.startIndex)] : ""
        try connection.execute("PRAGMA temp_store = \(inFolder ? "FILE" : "MEMORY")")
        try sortingFolder.withLock { _ throws(DatabaseError) in
            try connection.execute("PRAGMA temp_store_directory = \(String(folder).asLiteral)")
        }
    }

    private static func apply(_ step: ArraySlice<Migration>, _ connection: SQLiteConnection) throws {
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
                applied_at INTEGER NOT NULL) STRICT
            """)
        for migration in step { try apply(migration, connection) }
        try checkForeignKeys(connection)
        try SQLiteStatistics.write(connection)
    }

    /// Does what goes before a migration's statements.
    private static func advance(
        _ migration: Migration, _ connection: SQLiteConnection, _ readers: SQLiteReaders,
        _ report: (String, Double) -> Void
    ) throws {
        guard let advance = migration.advance else { return }
        defer { connection.endScope() }
        var told = -1, isFirst = true
        func part() throws -> Double? {
            defer { isFirst = false }
            connection.endScope()
            let (session, now) = (Session(connection), connection.currentTime(nil))
            return try inTransaction(connection) {
                try advance(SystemTransaction(session: session, pending: PendingWork(), now: now), isFirst)
            }
        }
        while let share = try part() {
            let percent = Int(share * 100)
            if percent != told { report(migration.name, share) }
            told = percent
            guard connection.logFrames > logFramesMax else { continue }
            // Where a reader is in the log, it grows until the next time.
            try? readers.lettingGo { () throws(DatabaseError) in try connection.checkpoint(.passive) }
        }
    }

    private static func inTransaction<T>(_ connection: SQLiteConnection, _ body: () throws -> T) throws -> T {
        try connection.execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try connection.execute("COMMIT")
            return result
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
