/// The findings of `verify` about a database file.
package struct VerificationReport: Sendable {
    /// The faults in the file's structure and broken references; empty when it is sound.
    package var faults: [String] = []
    package var migrations: [AppliedMigration] = []
    package var tables: [Table] = []

    package var isSound: Bool { faults.isEmpty }

    /// The contents of one table.
    package struct Table: Hashable, Sendable {
        package var name: String
        package var rows: Int
        /// Over every row's values, whatever their order; `nil` when it was not asked for.
        package var hash: UInt64?
    }
}

extension Database {
    /// Copies the database, as it is at this moment, to a file that does not exist yet, while writes go on.
    /// The copy stands alone, is checked by `verify`'s first two tests and appears under its name only when
    /// it is durable. `report` hears which share of the pages is copied, on the calling thread. A server has its own
    /// tools for that.
    package func backup(to path: String, report: (Double) -> Void = { _ in }) throws {
        try refuseOnWriter()
        guard case .sqlite = engine else { throw Self.serversOwn }
        try SQLiteBackup.copy(from: folder.databasePath, to: path, report: report)
    }

    /// Checks a backup, or the file of a stopped server: its structure, its references, and what it holds.
    package static func verify(file path: String, hashes: Bool = false) throws -> VerificationReport {
        try SQLiteBackup.verify(path, hashes: hashes)
    }

    /// Puts a backup in place as the database of a folder that has none, after verifying it.
    package static func restore(from path: String, into folder: String) throws {
        let folder = try DataFolder(folder)
        defer { folder.release() }
        try SQLiteBackup.restore(from: path, into: folder)
    }

    /// Reads the whole file and names the faults in it; empty when it is sound. Takes seconds for each
    /// gigabyte.
    package func integrityCheck() throws -> [String] {
        guard case .sqlite(let engine) = engine else { throw Self.serversOwn }
        return try engine.read(.seconds(86_400)) { connection in try SQLiteBackup.faults(connection) }
    }

    private static var serversOwn: DatabaseError {
        .incompatible(
            """
            the database is on a PostgreSQL server: back it up with pg_dump, restore it with pg_restore and check \
            it with pg_amcheck (docs/postgresql.md)
            """)
    }

    /// Whether the database is a server's rather than a file's.
    package var isOnServer: Bool {
        if case .postgreSQL = engine { true } else { false }
    }

    /// The engine that carries the database out, with its version: `SQLite 3.40.1`, `PostgreSQL 15.14`.
    package var engineVersion: String {
        switch engine {
        case .sqlite: Self.libraryVersion
        case .postgreSQL(let engine): "PostgreSQL \(engine.serverVersion)"
        }
    }

    /// The server's role, as it was found when it was connected to; `nil` for a file.
    package var roleDescription: String? {
        switch engine {
        case .sqlite: nil
        case .postgreSQL(let engine): "role \(engine.pool.roles.login), bound by row level security"
        }
    }

    /// Connects, and says what it met: the server's version and the role, which is as it must be. Throws like `open`.
    package static func examineServer(_ configuration: DatabaseConfiguration) throws -> String {
        let connection = try PostgreSQLConnection(configuration, PostgreSQLCatalog())
        let roles = try PostgreSQLRoles(connection)
        return
            """
            PostgreSQL \(try connection.serverVersion()), role \(roles.login), bound by row level security, \
            \(connection.isEncrypted ? "over TLS" : "not encrypted on the way")
            """
    }

    /// The embedded library's version, say `SQLite 3.40.1`.
    package static var libraryVersion: String { "SQLite \(SQLiteLibrary.version)" }

    /// The number of writes that wait for the writer, or for the server.
    package var waitingWrites: Int {
        switch engine {
        case .sqlite(let engine): engine.writer.waitingWrites
        case .postgreSQL(let engine): engine.writers.waitingWrites
        }
    }

    /// Bytes of the file, and of the log beside it; or of the server's database.
    package var size: (file: Int64, log: Int64) {
        switch engine {
        case .sqlite: (fileSize(folder.databasePath), fileSize(folder.databasePath + "-wal"))
        case .postgreSQL(let engine): (engine.size, 0)
        }
    }

    /// Says in the lock file what this process does, say `listening on 127.0.0.1:8080`, for the message
    /// that a second process shows.
    package func describeOwner(_ details: String) { folder.describe(details) }
}
