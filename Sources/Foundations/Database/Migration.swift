internal import Synchronization

/// A step of the schema. Never edited once released: its text is checksummed, and a database that has
/// applied another text under the same number is refused.
///
/// Modules whose tables began in one step declare it together: each gives the statements about its own tables, under
/// the same number and name, and says where they stand among the others'.
package struct Migration: Sendable {
    /// Ascending, without repetition; gaps are allowed, so slices can keep ranges of their own.
    package let number: Int
    /// The place of the statements among those that other modules give to the same step.
    package let place: Int
    package let name: String
    /// One SQL statement each, for the engine at hand.
    package let statements: @Sendable (Dialect) -> [String]
    /// Goes before the statements in a file that has rows, called again and again in commits of its own until it
    /// returns `nil`; else it returns the share that is done. Where a start is cut short, the next one goes on: each
    /// call finds out by itself what is left to do. The first call of a start is told so: since an earlier one,
    /// another program may have written.
    package let advance: (@Sendable (SystemTransaction, _ isFirst: Bool) throws -> Double?)?

    package init(
        number: Int, place: Int = 0, name: String, statements: @escaping @Sendable (Dialect) -> [String],
        advance: (@Sendable (SystemTransaction, _ isFirst: Bool) throws -> Double?)? = nil
    ) {
        (self.number, self.place, self.name, self.statements) = (number, place, name, statements)
        self.advance = advance
    }

    /// Over the statements' text, in hex.
    func checksum(_ dialect: Dialect) -> String {
        var fingerprint = Fingerprint()
        for statement in statements(dialect) { fingerprint.add(bytes: statement.utf8) }
        return String(fingerprint.value, radix: 16)
    }

    /// Returns the steps by their numbers, each with the statements of every module that has a place in it. Throws
    /// where two have one place, or one number has two names.
    static func ordered(_ migrations: [Migration]) throws(DatabaseError) -> [Migration] {
        var steps: [Migration] = []
        for part in migrations.sorted(by: { ($0.number, $0.place) < ($1.number, $1.place) }) {
            guard let step = steps.last, step.number == part.number else {
                steps.append(part)
                continue
            }
            guard step.name == part.name, step.place < part.place else {
                throw .invalid("two migrations have the number \(part.number): \(step.name), \(part.name)")
            }
            steps[steps.count - 1] = Migration(
                number: part.number, place: part.place, name: part.name,
                statements: { step.statements($0) + part.statements($0) },
                advance: step.advance ?? part.advance)
        }
        return steps
    }

    /// Those not yet applied, after the applied ones have been compared, now or at an earlier start.
    static func pending(
        _ migrations: [Migration], applied: [AppliedMigration], _ dialect: Dialect, _ mark: SchemaMark?
    ) throws(DatabaseError) -> [Migration] {
        if let mark, mark.isLeft(for: migrations, applied, dialect) { return [] }
        let byNumber = Dictionary(migrations.map { ($0.number, $0) }) { first, _ in first }
        for past in applied {
            guard let known = byNumber[past.number] else {
                throw .incompatible(
                    """
                    the database has migration \(past.number) (\(past.name)), which this version of Bureau \
                    does not know: start a newer version, or restore an older backup
                    """)
            }
            guard known.checksum(dialect) == past.checksum else {
                throw .incompatible(
                    """
                    migration \(past.number) (\(past.name)) was changed after this database had applied it: \
                    migrations are never edited, a change is a new one
                    """)
            }
        }
        let present = Set(applied.map(\.number))
        let pending = migrations.filter { !present.contains($0.number) }
        if pending.isEmpty { mark?.leave(for: migrations, applied, dialect) }
        return pending
    }
}

/// A migration that a database has applied.
package struct AppliedMigration: Hashable, Sendable {
    package let number: Int
    package let name: String
    package let checksum: String
}

extension Database {
    /// Brings the schema up to the newest of `migrations`, all in one transaction as far as none has to `advance`, and
    /// renews the planner's statistics. Refuses a database that is newer than these migrations, or whose applied ones
    /// differ from them. `report` hears of each percent of a step that takes long, by its name, on any thread.
    package func migrate(
        _ migrations: [Migration], report: @escaping @Sendable (String, Double) -> Void = { _, _ in }
    ) throws {
        try refuseOnWriter()
        let mark = SchemaMark(configuration)
        switch engine {
        case .sqlite(let engine):
            let found = try engine.writer.command { [readers = engine.readers] connection in
                try SQLiteMigrator.migrate(connection, migrations, mark, readers, report)
            }
            applied.withLock { $0 = found }
        case .postgreSQL(let engine): try engine.migrate(migrations, mark)
        }
    }

    /// Returns the migrations that have been applied so far, in order.
    package func appliedMigrations() throws -> [AppliedMigration] {
        switch engine {
        case .sqlite(let engine):
            try applied.withLock { $0 } ?? engine.read(nil) { try SQLiteMigrator.applied($0) }
        case .postgreSQL(let engine):
            try engine.readers.read(nil, configuration.readTimeLimit) { try PostgreSQLMigrator.applied($0) }
        }
    }

    /// Renews the planner's statistics. SQLite's writer does so itself in quiet moments after many changes, a server
    /// with its autovacuum; call it after a bulk import.
    package func analyze() throws {
        try refuseOnWriter()
        switch engine {
        case .sqlite(let engine):
            try engine.writer.command { connection in try SQLiteStatistics.renew(connection) }
        case .postgreSQL(let engine): try engine.analyze()
        }
    }
}
