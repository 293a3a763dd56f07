/// One file: a connection for each thread that reads, and one that writes.
struct SQLiteEngine: Sendable {
    let writer: SQLiteWriter
    let readers: SQLiteReaders
    private let configuration: DatabaseConfiguration

    init(_ folder: DataFolder, _ configuration: DatabaseConfiguration) throws {
        try folder.createDatabaseFile()
        self.configuration = configuration
        let connection = try SQLiteFile.open(folder.databasePath, configuration)
        readers = SQLiteReaders(path: folder.databasePath, configuration)
        writer = try SQLiteWriter(connection, path: folder.databasePath, configuration, readers) {
            folder.release()
        }
    }

    func read<T>(_ deadline: Duration?, _ body: (SQLiteConnection) throws -> T) throws -> T {
        let limit = deadline ?? configuration.readTimeLimit
        if let result = try writer.lend(limit, body) { return result }
        let reader = try readers.borrow()
        defer { readers.giveBack(reader) }
        let connection = reader.connection
        // An inner read counts towards the limit of the outer one.
        if reader.depth == 1 { connection.limitTime(to: limit) }
        return try body(connection)
    }

    func close() {
        readers.close()
        writer.close()
    }
}
