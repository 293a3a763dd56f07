/// The marks of a SQLite file of ours, and the ways to open one.
enum SQLiteFile {
    /// "BURE", in the file's header.
    static let applicationID: Int64 = 0x4255_5245
    static let pageSize_bytes: Int64 = 4096

    /// The writer's connection to an existing file of ours, or to a new one.
    static func open(
        _ path: String, _ configuration: DatabaseConfiguration
    ) throws(DatabaseError) -> SQLiteConnection {
        do {
            let connection = try SQLiteConnection(
                path: path, .readWrite, cacheKilobytes: configuration.cacheKilobytes,
                gathersLog: true,
                clock: configuration.clock,
                observer: configuration.statementObserver,
                slowStatements: configuration.slowStatements)
            try prepare(connection, configuration)
            return connection
        } catch .unavailable(.corrupt(let text)) {
            throw .unavailable(
                .corrupt("\(path) is not a SQLite database, or its first pages are damaged: \(text)"))
        }
    }

    /// Checks an existing file, or marks a new one, and turns on the log.
    private static func prepare(
        _ connection: SQLiteConnection, _ configuration: DatabaseConfiguration
    ) throws(DatabaseError) {
        if try connection.integer("PRAGMA page_count") == 0 {
            try connection.execute("PRAGMA page_size = \(pageSize_bytes)")
            try connection.execute("PRAGMA application_id = \(applicationID)")
        }
        try check(connection)
        guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
            throw .unavailable(.inputOutput("the write-ahead log could not be turned on"))
        }
        // Deleted content is overwritten, in the pages that stay and in those that become free.
        try connection.execute("PRAGMA secure_delete = ON")
        try connection.execute("PRAGMA synchronous = FULL")
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        // A log that grew far beyond that, because of readers that did not let go, is shortened. Not to
        // nothing: a commit that makes the file grow again waits longer for the disk.
        try connection.execute(
            "PRAGMA journal_size_limit = \(4 * Int64(configuration.checkpointFrames) * (pageSize_bytes + 24))"
        )
    }

    /// Refuses a file that another program wrote.
    static func check(_ connection: SQLiteConnection) throws(DatabaseError) {
        let found = try connection.integer("PRAGMA application_id")
        guard found == applicationID else {
            throw .incompatible("the file was not written by Bureau (application id \(found))")
        }
        let size = try connection.integer("PRAGMA page_size")
        guard size == pageSize_bytes else {
            throw .incompatible("the file has pages of \(size) bytes; expected \(pageSize_bytes)")
        }
    }
}

extension SQLiteConnection {
    /// The first column of the first row of a fixed text; 0 and "" when there is none.
    func integer(_ text: String) throws(DatabaseError) -> Int64 {
        var result: Int64 = 0
        try rows(text) { result = $0.int64(0) }
        return result
    }

    func text(_ text: String) throws(DatabaseError) -> String {
        var result = ""
        try rows(text) { result = $0.text(0) }
        return result
    }

    /// Every row of an uncached statement.
    func rows(_ text: String, _ values: [SQLValue] = [], _ row: (Row) -> Void) throws(DatabaseError) {
        do {
            try run(prepared(text), values) { current in
                row(current)
                return true
            }
        } catch let error as DatabaseError {
            throw error
        } catch {
            throw .invalid("\(error)")
        }
    }
}
