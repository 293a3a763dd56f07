/// The database of one data folder. Reads run on the calling thread; writes on the one writer's, committed
/// in groups.
package final class Database: Sendable {
    package let configuration: DatabaseConfiguration
    let folder: DataFolder
    let writer: SQLiteWriter
    let readers: SQLiteReaders
    let notifications = Notifications()

    private init(
        _ configuration: DatabaseConfiguration, _ folder: DataFolder, _ writer: SQLiteWriter,
        _ readers: SQLiteReaders
    ) {
        (self.configuration, self.folder, self.writer, self.readers) = (
            configuration, folder, writer, readers
        )
    }

    deinit { close() }

    /// Opens the folder's database, or creates it, and locks the folder against other processes. A file of
    /// another program, or with another page size, is refused.
    package static func open(_ configuration: DatabaseConfiguration) throws -> Database {
        let folder = try DataFolder(configuration.folder)
        try folder.createDatabaseFile()
        let connection = try SQLiteFile.open(folder.databasePath, configuration)
        let readers = SQLiteReaders(path: folder.databasePath, configuration)
        let writer = try SQLiteWriter(connection, configuration, readers) { folder.release() }
        return Database(configuration, folder, writer, readers)
    }

    /// Writes what waits, empties the log, closes every connection and lets go of the folder. Reads that
    /// run are interrupted and waited for, so never call this inside one. Later calls do nothing.
    package func close() {
        readers.close()
        writer.close()
    }

    package var dialect: Dialect { .sqlite }

    // MARK: Reading

    /// Reads on this thread, every statement at the same moment of the database, with all that was committed
    /// before. Keep it short: the log cannot start anew while it lasts; a long export reads in pages instead.
    /// Statements that take longer than `deadline` in all fail as `.tooSlow`.
    package func read<T>(
        _ tenant: TenantID, deadline: Duration? = nil, _ body: (Reader) throws -> T
    ) throws -> T {
        try withConnection(deadline) { connection in
            try body(Reader(session: Session(connection), tenant: tenant))
        }
    }

    /// Reads across tenants. For the platform and the runtime only.
    package func acrossTenantsRead<T>(
        deadline: Duration? = nil, _ body: (SystemReader) throws -> T
    ) throws -> T {
        try withConnection(deadline) { connection in try body(SystemReader(session: Session(connection))) }
    }

    func withConnection<T>(_ deadline: Duration?, _ body: (SQLiteConnection) throws -> T) throws -> T {
        let reader = try readers.borrow()
        defer { reader.leave() }
        let connection = reader.connection
        // An inner read counts towards the limit of the outer one.
        if reader.depth == 1 { connection.limitTime(to: deadline ?? configuration.readTimeLimit) }
        return try body(connection)
    }

    // MARK: Writing

    /// Queues a write; `completion` runs on the writer's thread when it is durable or has failed, and must
    /// be quick. A closure that throws is undone alone. A closure may be run again when a neighbour's
    /// deferred work fails, so it must change nothing but the database; effects belong in `onCommit`.
    package func submit<T: Sendable>(
        _ tenant: TenantID, _ priority: WritePriority = .request, from caller: StaticString = #function,
        _ body: @escaping @Sendable (Transaction) throws -> T,
        completion: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        let perform: @Sendable (SQLiteConnection, PendingWork) throws -> T = {
            [notifications] connection, work in
            work.notifications = notifications
            return try body(
                Transaction(
                    session: Session(connection), pending: work, tenant: tenant,
                    now: connection.currentTime(tenant)))
        }
        writer.submit(PendingClosure(priority, caller, perform, completion))
    }

    /// Queues a write across tenants. For the platform and the runtime only.
    package func acrossTenantsSubmit<T: Sendable>(
        _ priority: WritePriority = .request, from caller: StaticString = #function,
        _ body: @escaping @Sendable (SystemTransaction) throws -> T,
        completion: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        let perform: @Sendable (SQLiteConnection, PendingWork) throws -> T = {
            [notifications] connection, work in
            work.notifications = notifications
            return try body(
                SystemTransaction(
                    session: Session(connection), pending: work, now: connection.currentTime(nil)))
        }
        writer.submit(PendingClosure(priority, caller, perform, completion))
    }

    /// Writes, and returns when it is durable. See `submit`.
    @discardableResult
    package func write<T: Sendable>(
        _ tenant: TenantID, _ priority: WritePriority = .request, from caller: StaticString = #function,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await unsafe withUnsafeThrowingContinuation { continuation in
            submit(tenant, priority, from: caller, body) { unsafe continuation.resume(with: $0) }
        }
    }

    /// Writes across tenants, and returns when it is durable. For the platform and the runtime only.
    @discardableResult
    package func acrossTenantsWrite<T: Sendable>(
        _ priority: WritePriority = .request, from caller: StaticString = #function,
        _ body: @escaping @Sendable (SystemTransaction) throws -> T
    ) async throws -> T {
        try await unsafe withUnsafeThrowingContinuation { continuation in
            acrossTenantsSubmit(priority, from: caller, body) { unsafe continuation.resume(with: $0) }
        }
    }

    /// Writes, and blocks the calling thread until it is durable. For the command line, the start and threads of
    /// one's own.
    @discardableResult
    package func writeAndWait<T: Sendable>(
        _ tenant: TenantID, _ priority: WritePriority = .request, from caller: StaticString = #function,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) throws -> T {
        try refuseOnWriter()
        let box = WaitingResult<T>()
        submit(tenant, priority, from: caller, body) { box.put($0) }
        return try box.wait()
    }

    /// Writes across tenants, and blocks the calling thread until it is durable.
    @discardableResult
    package func acrossTenantsWriteAndWait<T: Sendable>(
        from caller: StaticString = #function, _ body: @escaping @Sendable (SystemTransaction) throws -> T
    ) throws -> T {
        try refuseOnWriter()
        let box = WaitingResult<T>()
        acrossTenantsSubmit(.request, from: caller, body) { box.put($0) }
        return try box.wait()
    }

    func refuseOnWriter() throws(DatabaseError) {
        if writer.isCurrentThread { throw .invalid("the writer's thread cannot wait for itself") }
    }
}
