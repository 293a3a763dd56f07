/// A step of the schema. Never edited once released: its text is checksummed, and a database that has
/// applied another text under the same number is refused.
package struct Migration: Sendable {
    /// Ascending, without repetition; gaps are allowed, so slices can keep ranges of their own.
    package let number: Int
    package let name: String
    /// One SQL statement each, for the engine at hand.
    package let statements: @Sendable (Dialect) -> [String]

    package init(number: Int, name: String, statements: @escaping @Sendable (Dialect) -> [String]) {
        (self.number, self.name, self.statements) = (number, name, statements)
    }

    /// Over the statements' text, in hex.
    func checksum(_ dialect: Dialect) -> String {
        var fingerprint = Fingerprint()
        for statement in statements(dialect) { fingerprint.add(bytes: statement.utf8) }
        return String(fingerprint.value, radix: 16)
    }
}

/// A migration that a database has applied.
package struct AppliedMigration: Hashable, Sendable {
    package let number: Int
    package let name: String
    package let checksum: String
}

extension Database {
    /// Brings the schema up to the newest of `migrations`, all in one transaction, and renews the planner's
    /// statistics. Refuses a database that is newer than these migrations, or whose applied ones differ
    /// from them.
    package func migrate(_ migrations: [Migration]) throws {
        try refuseOnWriter()
        try writer.command { connection in try SQLiteMigrator.migrate(connection, migrations) }
    }

    /// What has been applied so far, in order.
    package func appliedMigrations() throws -> [AppliedMigration] {
        try withConnection(nil) { connection in try SQLiteMigrator.applied(connection) }
    }

    /// Renews the planner's statistics. The writer does so itself in quiet moments after many changes; call
    /// it after a bulk import.
    package func analyze() throws {
        try refuseOnWriter()
        try writer.command { connection in try SQLiteStatistics.renew(connection) }
    }
}
