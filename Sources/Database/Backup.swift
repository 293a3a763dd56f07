/// What `verify` found in a database file.
package struct VerificationReport: Sendable {
    /// The faults in the file's structure and broken references; empty when it is sound.
    package var faults: [String] = []
    package var migrations: [AppliedMigration] = []
    package var tables: [Table] = []

    package var isSound: Bool { faults.isEmpty }

    /// What one table holds.
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
    /// it is durable.
    package func backup(to path: String) throws {
        try refuseOnWriter()
        try SQLiteBackup.copy(from: folder.databasePath, to: path)
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
        try withConnection(.seconds(86_400)) { connection in try SQLiteBackup.faults(connection) }
    }

    /// The library's version, say `3.40.1`.
    package static var engineVersion: String { "SQLite \(SQLiteLibrary.version)" }

    /// Bytes of the file, and of the log beside it.
    package var size: (file: Int64, log: Int64) {
        (fileSize(folder.databasePath), fileSize(folder.databasePath + "-wal"))
    }

    /// Says in the lock file what this process does, say `listening on 127.0.0.1:8080`, for the message
    /// that a second process shows.
    package func describeOwner(_ details: String) { folder.describe(details) }
}
