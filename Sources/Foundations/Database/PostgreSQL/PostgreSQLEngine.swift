/// A server: connections for reading, threads with connections for writing, and one that hears what other processes
/// have done.
struct PostgreSQLEngine: Sendable {
    let pool: PostgreSQLPool
    let readers: PostgreSQLReaders
    let writers: PostgreSQLWriters
    let listener: PostgreSQLListener
    let lane: ReadLane
    let serverVersion: String

    /// Connects. Throws `.unavailable(.unreachable)`, or `.incompatible` for a role or a database that will not do.
    init(_ configuration: DatabaseConfiguration, _ notifications: Notifications) throws {
        let catalog = PostgreSQLCatalog()
        let first = try PostgreSQLConnection(configuration, catalog)
        let roles = try PostgreSQLRoles(first)
        try catalog.load(first)
        serverVersion = try first.serverVersion()
        pool = PostgreSQLPool(configuration, roles, catalog)
        readers = PostgreSQLReaders(pool)
        writers = try PostgreSQLWriters(pool)
        listener = try PostgreSQLListener(pool, notifications)
        lane = try ReadLane(threads: configuration.readerConnections, limit: configuration.queueLimit)
    }

    func migrate(_ migrations: [Migration], _ mark: SchemaMark?) throws {
        let connection = try pool.connect()
        defer { pool.forget(connection) }
        try PostgreSQLMigrator.migrate(connection, pool.roles, migrations, mark)
        try pool.catalog.load(connection)
    }

    func analyze() throws {
        let connection = try pool.connect()
        defer { pool.forget(connection) }
        try connection.command("SET ROLE \(pool.roles.owner.asIdentifier); ANALYZE")
    }

    /// Bytes of the database on the server; 0 while that cannot be told.
    var size: Int64 {
        let found = try? readers.read(nil, .seconds(5)) { connection in
            var size: Int64 = 0
            try connection.rows("SELECT pg_database_size(current_database())", []) { row in
                size = row.int64(0)
                return false
            }
            return size
        }
        return found ?? 0
    }

    func close() {
        readers.close()
        lane.close()
        writers.close()
        listener.close()
    }
}

extension PostgreSQLConnection {
    /// Refuses a database whose texts are not in UTF-8.
    func serverVersion() throws -> String {
        var (version, encoding) = ("", "")
        try rows("SELECT current_setting('server_version'), current_setting('server_encoding')", []) { row in
            (version, encoding) = (row.text(0), row.text(1))
            return false
        }
        guard encoding == "UTF8" else {
            throw DatabaseError.incompatible(
                "the server's database is in \(encoding); Bureau's must be in UTF8")
        }
        return version.split(separator: " ").first.map(String.init) ?? version
    }
}
