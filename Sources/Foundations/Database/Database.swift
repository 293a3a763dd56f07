import Synchronization

/// The database of one installation: a file in its data folder, or a PostgreSQL server. Reads run on the calling
/// thread; writes on the engine's own, committed before their callers are answered.
package final class Database: Sendable {
    enum Engine: Sendable {
        case sqlite(SQLiteEngine)
        case postgreSQL(PostgreSQLEngine)
    }

    package let configuration: DatabaseConfiguration
    let folder: DataFolder
    let engine: Engine
    let notifications: Notifications
    /// The migrations of the file, which nobody else can change, once `migrate` has brought it up to date.
    let applied = Mutex<[AppliedMigration]?>(nil)
    private let owner = Mutex<(any AnyObject & Sendable)?>(nil)

    private init(
        _ configuration: DatabaseConfiguration, _ folder: DataFolder, _ engine: Engine,
        _ notifications: Notifications
    ) {
        (self.configuration, self.folder, self.engine) = (configuration, folder, engine)
        self.notifications = notifications
    }

    deinit { close() }

    /// Opens the folder's database, or creates it, and locks the folder against other processes. A file of
    /// another program, or with another page size, is refused.
    ///
    /// With a server, connects to it. The folder is locked all the same: it holds keys, uploads and the socket of
    /// one process.
    package static func open(_ configuration: DatabaseConfiguration) throws -> Database {
        let folder = try DataFolder(configuration.folder)
        let notifications = Notifications()
        do {
            let engine: Engine =
                configuration.server == nil
                ? .sqlite(try SQLiteEngine(folder, configuration))
                : .postgreSQL(try PostgreSQLEngine(configuration, notifications))
            return Database(configuration, folder, engine, notifications)
        } catch {
            folder.release()
            throw error
        }
    }

    /// Writes what waits, empties the log, closes every connection and lets go of the folder. Reads that
    /// run are interrupted and waited for, so never call this inside one. Later calls do nothing.
    package func close() {
        switch engine {
        case .sqlite(let engine): engine.close()
        case .postgreSQL(let engine):
            engine.close()
            folder.release()
        }
        own(nil)
    }

    package var dialect: Dialect {
        switch engine {
        case .sqlite: .sqlite
        case .postgreSQL: .postgreSQL
        }
    }

    /// The object that works on this database, such as the runtime.
    package var worker: (any AnyObject & Sendable)? { owner.withLock { $0 } }
    /// Lets transactions find what works on this database: `pending.owner` of each that begins from now on.
    package func own(_ owner: (any AnyObject & Sendable)?) { self.owner.withLock { $0 = owner } }

    // MARK: Reading

    /// Reads on this thread, every statement at the same moment of the database, with all that was committed
    /// before. Keep it short: the log cannot start anew while it lasts; a long export reads in pages instead.
    /// Statements that take longer than `deadline` in all fail as `.tooSlow`. Where a server goes away before its first
    /// answer, `body` is run once more: what it does before its first statement must bear that.
    package func read<T>(
        _ tenant: TenantID, deadline: Duration? = nil, _ body: (Reader) throws -> T
    ) throws -> T {
        switch engine {
        case .sqlite(let engine):
            try engine.read(deadline) { try body(Reader(session: Session($0), tenant: tenant)) }
        case .postgreSQL(let engine):
            try engine.readers.read(tenant, deadline ?? configuration.readTimeLimit) {
                try body(Reader(session: Session($0), tenant: tenant))
            }
        }
    }

    /// Reads across tenants. For the platform and the runtime only.
    package func acrossTenantsRead<T>(
        deadline: Duration? = nil, _ body: (SystemReader) throws -> T
    ) throws -> T {
        switch engine {
        case .sqlite(let engine): try engine.read(deadline) { try body(SystemReader(session: Session($0))) }
        case .postgreSQL(let engine):
            try engine.readers.read(nil, deadline ?? configuration.readTimeLimit) {
                try body(SystemReader(session: Session($0)))
            }
        }
    }

    /// Runs `body`, which reads, on a thread that may wait for a server: those of an event loop must not. False when
    /// too many wait already, and it is not run.
    package func whereReadsMayWait(_ body: @escaping @Sendable () -> Void) -> Bool {
        guard case .postgreSQL(let engine) = engine else {
            body()
            return true
        }
        return engine.lane.submit(body)
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
        let perform: @Sendable (Session, PendingWork) throws -> T = { session, work in
            try body(
                Transaction(session: session, pending: work, tenant: tenant, now: session.currentTime(tenant))
            )
        }
        submit(PendingClosure(tenant, priority, caller, perform, completion))
    }

    private func submit(_ write: PendingWrite) {
        (write.work.notifications, write.work.owner) = (notifications, owner.withLock { $0 })
        switch engine {
        case .sqlite(let engine): engine.writer.submit(write)
        case .postgreSQL(let engine): engine.writers.submit(write)
        }
    }

    /// Queues a write across tenants. For the platform and the runtime only.
    package func acrossTenantsSubmit<T: Sendable>(
        _ priority: WritePriority = .request, _ isolation: WriteIsolation = .serializable,
        from caller: StaticString = #function,
        _ body: @escaping @Sendable (SystemTransaction) throws -> T,
        completion: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        let perform: @Sendable (Session, PendingWork) throws -> T = { session, work in
            try body(SystemTransaction(session: session, pending: work, now: session.currentTime(nil)))
        }
        submit(PendingClosure(nil, priority, caller, perform, completion, isolation))
    }

    /// Writes, and returns when it is durable. See `submit`. `queued` is called as soon as nothing that is submitted
    /// afterwards with the same priority can be written before it; with a server, that is never.
    @discardableResult
    package func write<T: Sendable>(
        _ tenant: TenantID, _ priority: WritePriority = .request, from caller: StaticString = #function,
        queued: (() -> Void)? = nil, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await unsafe withUnsafeThrowingContinuation { continuation in
            submit(tenant, priority, from: caller, body) { unsafe continuation.resume(with: $0) }
            if !isOnServer { queued?() }
        }
    }

    /// Writes across tenants, and returns when it is durable. For the platform and the runtime only.
    @discardableResult
    package func acrossTenantsWrite<T: Sendable>(
        _ priority: WritePriority = .request, _ isolation: WriteIsolation = .serializable,
        from caller: StaticString = #function,
        _ body: @escaping @Sendable (SystemTransaction) throws -> T
    ) async throws -> T {
        try await unsafe withUnsafeThrowingContinuation { continuation in
            acrossTenantsSubmit(priority, isolation, from: caller, body) {
                unsafe continuation.resume(with: $0)
            }
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

    /// The number of connections that are open for reading. For tests.
    var openReaders: Int {
        switch engine {
        case .sqlite(let engine): engine.readers.openConnections
        case .postgreSQL(let engine): engine.readers.openConnections
        }
    }

    func refuseOnWriter() throws(DatabaseError) {
        let isWriter =
            switch engine {
            case .sqlite(let engine): engine.writer.isCurrentThread
            case .postgreSQL(let engine): engine.writers.isCurrentThread
            }
        if isWriter { throw .invalid("the writer's thread cannot wait for itself") }
    }
}
