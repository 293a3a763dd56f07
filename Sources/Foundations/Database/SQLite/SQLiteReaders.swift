internal import Glibc
import Synchronization

/// A read-only connection for each thread that reads. A thread's connections are closed when it ends.
///
/// A connection stays in its read transaction from one read to the next, as long as nothing was committed
/// meanwhile: to begin and end one costs a tenth of a short read. While the writer copies the log, none is kept.
///
/// Unchecked: `state` is behind a mutex, and a connection is used only by who set its `use` from idle to
/// busy.
final class SQLiteReaders: Sendable {
    private static let count = Atomic<Int>(0)

    private let number = SQLiteReaders.count.wrappingAdd(1, ordering: .relaxed).oldValue
    private let path: String
    private let configuration: DatabaseConfiguration
    private let state = Mutex<State>(State())
    private let commits = Atomic<Int>(0)
    private let isLettingGo = Atomic<Bool>(false)

    private struct State {
        var isClosed = false
        var connections: [ReaderConnection] = []
    }

    init(path: String, _ configuration: DatabaseConfiguration) {
        self.path = path
        self.configuration = configuration
    }

    /// The writer has committed: who reads from now on has to see it.
    func noteCommit() { commits.wrappingAdd(1, ordering: .releasing) }

    /// Meanwhile no thread keeps a read transaction: what idle ones have kept ends now, the others' with their reads.
    func lettingGo(_ body: () throws(DatabaseError) -> Void) throws(DatabaseError) {
        isLettingGo.store(true, ordering: .sequentiallyConsistent)
        defer { isLettingGo.store(false, ordering: .relaxed) }
        for connection in state.withLock({ $0.connections }) { connection.letGoWhenIdle() }
        try body()
    }

    /// The calling thread's connection. Reads may nest: the inner one shares it.
    func borrow() throws(DatabaseError) -> ReaderConnection {
        let connection = try ownConnection()
        guard connection.enter() else { throw .unavailable(.closed) }
        do { try connection.see(commits.load(ordering: .acquiring)) } catch {
            giveBack(connection)
            throw error
        }
        return connection
    }

    func giveBack(_ connection: ReaderConnection) {
        connection.leave()
        if isLettingGo.load(ordering: .sequentiallyConsistent) { connection.letGoWhenIdle() }
    }

    private func ownConnection() throws(DatabaseError) -> ReaderConnection {
        if let found = ThreadReaders.current?.connection(number) { return found }
        guard !state.withLock(\.isClosed) else { throw .unavailable(.closed) }
        let made = ReaderConnection(
            try SQLiteConnection(
                path: path, .readOnly, cacheKilobytes: configuration.cacheKilobytes,
                clock: configuration.clock,
                observer: configuration.statementObserver,
                slowStatements: configuration.slowStatements),
            number, configuration.memory)
        let isClosed = state.withLock { state in
            if !state.isClosed {
                state.connections.removeAll(where: \.isClosed)
                state.connections.append(made)
            }
            return state.isClosed
        }
        guard !isClosed else { throw .unavailable(.closed) }
        ThreadReaders.ofThisThread().append(made)
        return made
    }

    /// The number of threads that hold a connection.
    var openConnections: Int { state.withLock { $0.connections.count { !$0.isClosed } } }

    /// Closes every connection; one in use is interrupted and waited for.
    func close() {
        let connections = state.withLock { state in
            state.isClosed = true
            defer { state.connections = [] }
            return state.connections
        }
        for connection in connections {
            while !connection.closeWhenIdle() {
                connection.interrupt()
                usleep(200)
            }
        }
    }
}

/// A connection and whether it is in use.
///
/// Unchecked: the connection and the variables are touched by whoever set `use` from idle to busy, until they set
/// it back.
final class ReaderConnection: @unchecked Sendable {
    private static let begin = Statement("BEGIN")

    private enum Use {
        static let idle = 0, busy = 1, closed = 2
    }

    let connection: SQLiteConnection
    let pool: Int
    private let use = Atomic<Int>(Use.idle)
    private(set) var depth = 0
    /// The number of commits that its read transaction saw at least.
    private var commitsSeen = 0
    private let memory: DatabaseMemory
    private var reads = 0
    /// Reads after which the use of the cache is told.
    private static let readsPerMeasurement = 256

    init(_ connection: SQLiteConnection, _ pool: Int, _ memory: DatabaseMemory) {
        (self.connection, self.pool, self.memory) = (connection, pool, memory)
    }

    var isClosed: Bool { use.load(ordering: .acquiring) == Use.closed }

    /// On the owning thread. False when the database was closed meanwhile.
    func enter() -> Bool {
        while depth == 0 {
            let (isMine, found) = use.compareExchange(
                expected: Use.idle, desired: Use.busy, ordering: .acquiringAndReleasing)
            if isMine { break }
            guard found == Use.busy else { return false }
            usleep(10)  // The writer is ending the transaction.
        }
        depth += 1
        return true
    }

    /// Takes a new read transaction where there is none, or where one that is kept misses a commit.
    func see(_ commits: Int) throws(DatabaseError) {
        guard depth == 1, connection.isAutocommit || commitsSeen != commits else { return }
        try endTransaction()
        try connection.control(Self.begin)
        commitsSeen = commits
    }

    private func endTransaction() throws(DatabaseError) {
        if !connection.isAutocommit { try connection.control(SQLiteWriter.rollback) }
    }

    /// From any thread.
    func letGoWhenIdle() {
        let (isMine, _) = use.compareExchange(
            expected: Use.idle, desired: Use.busy, ordering: .sequentiallyConsistent)
        guard isMine else { return }
        try? endTransaction()  // It would fail at the next read, and be told there.
        use.store(Use.idle, ordering: .releasing)
    }

    func leave() {
        depth -= 1
        guard depth == 0 else { return }
        connection.endScope()
        reads += 1
        if reads == Self.readsPerMeasurement {
            connection.settleCache(memory)
            reads = 0
        }
        // Before `isLettingGo` is read: else the writer could find it in use while its thread finds nothing asked for.
        use.store(Use.idle, ordering: .sequentiallyConsistent)
    }

    /// From any thread.
    func interrupt() { connection.isInterrupted.store(true, ordering: .relaxed) }

    /// True when it is closed now, by this call or an earlier one.
    func closeWhenIdle() -> Bool {
        let (isMine, found) = use.compareExchange(
            expected: Use.idle, desired: Use.closed, ordering: .acquiringAndReleasing)
        if isMine { connection.close() }
        return isMine || found == Use.closed
    }
}

/// The connections of one thread, one for each database that it has read.
private final class ThreadReaders {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, releaseThreadReaders)
        precondition(code == 0, "no thread-local storage left")
        return key
    }()

    private var connections: [ReaderConnection] = []

    static var current: ThreadReaders? {
        guard let value = unsafe pthread_getspecific(key) else { return nil }
        return unsafe Unmanaged<ThreadReaders>.fromOpaque(value).takeUnretainedValue()
    }

    static func ofThisThread() -> ThreadReaders {
        if let current { return current }
        let made = ThreadReaders()
        unsafe _ = pthread_setspecific(key, Unmanaged.passRetained(made).toOpaque())
        return made
    }

    func connection(_ pool: Int) -> ReaderConnection? {
        for connection in connections where connection.pool == pool { return connection }
        return nil
    }

    func append(_ connection: ReaderConnection) {
        connections.removeAll(where: \.isClosed)
        connections.append(connection)
    }

    func closeAll() {
        for connection in connections { _ = connection.closeWhenIdle() }
    }
}

private func releaseThreadReaders(_ value: UnsafeMutableRawPointer?) {
    guard let value = unsafe value else { return }
    unsafe Unmanaged<ThreadReaders>.fromOpaque(value).takeRetainedValue().closeAll()
}
