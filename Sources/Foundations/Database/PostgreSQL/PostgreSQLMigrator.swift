import Telemetry

/// Applies migrations on a connection of their own, as the role that owns the tables. Servers that start together
/// take turns.
enum PostgreSQLMigrator {
    private static let lock = 1_651_860_850

    static func migrate(
        _ connection: PostgreSQLConnection, _ roles: PostgreSQLRoles, _ migrations: [Migration],
        _ mark: SchemaMark?
    ) throws {
        let ordered = try Migration.ordered(migrations)
        try connection.command("SET lock_timeout = 0; SELECT pg_advisory_lock(\(lock))")
        try connection.command("SET ROLE \(roles.owner.asIdentifier); SET statement_timeout = 0")
        let pending = try Migration.pending(ordered, applied: applied(connection), .postgreSQL, mark)
        guard !pending.isEmpty else { return }
        try connection.command("BEGIN")
        do {
            try connection.command(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)
                """)
            try roles.open(connection)
            for migration in pending { try apply(migration, connection) }
            try roles.secure(connection)
            try connection.command("COMMIT")
        } catch {
            connection.rollBack()
            throw error
        }
        try connection.command("ANALYZE")
    }

    static func applied(_ connection: PostgreSQLConnection) throws -> [AppliedMigration] {
        var exists = false
        try connection.rows("SELECT to_regclass('public.schema_migrations') IS NOT NULL", []) { row in
            exists = row.bool(0)
            return false
        }
        guard exists else { return [] }
        var found: [AppliedMigration] = []
        try connection.rows("SELECT number, name, checksum FROM schema_migrations ORDER BY number", []) {
            row in
            found.append(AppliedMigration(number: row.int(0), name: row.text(1), checksum: row.text(2)))
            return true
        }
        return found
    }

    private static func apply(_ migration: Migration, _ connection: PostgreSQLConnection) throws {
        do {
            for statement in migration.statements(.postgreSQL) {
                try connection.command(Dialect.postgreSQL.translated(definition: statement))
            }
            _ = try connection.change(
                "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
                [
                    .integer(Int64(migration.number)), .text(migration.name),
                    .text(migration.checksum(.postgreSQL)), connection.currentTime(nil).sqlValue,
                ])
        } catch DatabaseError.invalid(let message) {
            throw DatabaseError.invalid("migration \(migration.number) (\(migration.name)): \(message)")
        }
    }
}
