internal import Glibc
import Telemetry

/// The one connection that writes, and its thread. What waits is taken at once and committed together: the
/// closures one after the other, then the deferred full-text rows, and one commit; the flusher answers.
///
/// A savepoint for each closure would copy every page that it is the first to touch, which costs a tenth of the
/// writer's time. So there are none until a closure fails after it has changed something: its group is then
/// undone and run again with savepoints, as are the groups that follow for a while.
///
/// An early or lazy write that finds the writer at rest is run by its caller's thread: it does not wait for the disk,
/// and two changes of threads would take longer than it does.
///
/// Unchecked: `queue`, `commands` and the variables beside them are touched inside `monitor`; `connection` and those
/// after it by whoever has the turn.
final class SQLiteWriter: @unchecked Sendable {
    static let begin = Statement("BEGIN IMMEDIATE")
    static let commit = Statement("COMMIT")
    static let rollback = Statement("ROLLBACK")
    static let savepoint = Statement("SAVEPOINT closure")
    static let release = Statement("RELEASE closure")
    static let rollbackToSavepoint = Statement("ROLLBACK TO closure")

    /// Groups that run with savepoints after one in which a closure failed with changes behind it.
    private static let cautiousGroups = 64

    private let configuration: DatabaseConfiguration
    private let whenClosed: @Sendable () -> Void
    private let monitor = Monitor()
    private var queue = WriteQueue()
    private var commands: [@Sendable (SQLiteConnection) -> Void] = []
    private var isWaiting = false, wakesByItself = false
    private var isClosing = false
    /// Whether somebody has the turn: the writer's thread, or the caller of an early write.
    private var isBusy = false
    private var guest: pthread_t?
    /// The thread that reads on this connection where it rests, if any.
    private let host: pthread_t?
    private var lastTurn_nanoseconds: Int64 = 0

    private let connection: SQLiteConnection
    private let log: SQLiteLog
    private let flusher: SQLiteFlusher
    private var thread: OwnThread?
    private var cautiousGroupsLeft = 0

    /// `whenClosed` runs when the connection is closed, on whichever thread that happens.
    init(
        _ connection: SQLiteConnection, path: String, _ configuration: DatabaseConfiguration,
        _ readers: SQLiteReaders,
        whenClosed: @escaping @Sendable () -> Void
    ) throws(DatabaseError) {
        self.connection = connection
        let flusher = try SQLiteFlusher(path, configuration.observer)
        self.flusher = flusher
        log = SQLiteLog(connection, path: path, configuration, readers) { flusher.giveUp($0) }
        self.configuration = configuration
        self.whenClosed = whenClosed
        host = configuration.openerReadsOnWriter ? pthread_self() : nil
        // A commit is in the log; the flusher brings that to the disk.
        try connection.execute("PRAGMA synchronous = NORMAL")
        connection.hookLog { readers.noteCommit() }
        thread = try OwnThread { self.serve() }
    }

    var isCurrentThread: Bool {
        if thread?.isCurrent == true || flusher.isCurrentThread { return true }
        return monitor.withLock { guest.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    // MARK: Any thread

    var waitingWrites: Int { monitor.withLock { queue.count } }

    func submit(_ write: PendingWrite) {
        if !write.priority.waitsForDisk, takeTurn() {
            commit([write], alone: true)
            giveTurnBack()
            return
        }
        let refusal: DatabaseError.Unavailability? = monitor.withLock {
            if isClosing { return .closed }
            guard queue.append(write, write.priority, limit: configuration.queueLimit) else {
                return .queueFull
            }
            if isWaiting { monitor.wake() }
            return nil
        }
        guard let refusal else { return }
        write.failure = DatabaseError.unavailable(refusal)
        write.answer()
    }

    /// Where nobody is before the caller.
    private func takeTurn() -> Bool {
        monitor.withLock {
            guard !isBusy, queue.isEmpty, commands.isEmpty, !isClosing else { return false }
            (isBusy, guest) = (true, pthread_self())
            return true
        }
    }

    /// Takes the turn, where need be after the one that goes on, as long as nobody else waits for that.
    private func awaitTurn() -> Bool {
        // A caller that has just been answered may run before the writer has come to rest.
        var waits = 0
        while waits < 2000, monitor.withLock({ isBusy && queue.isEmpty && commands.isEmpty }) {
            usleep(100)
            waits += 1
        }
        return takeTurn()
    }

    private func giveTurnBack() {
        let isCheckpointDue = log.isCheckpointDue(isBusy: false)
        monitor.withLock {
            (isBusy, guest) = (false, nil)
            lastTurn_nanoseconds = monotonicNanoseconds()
            if isCheckpointDue { commands.append { [log] _ in log.checkpointWhenLarge() } }
            let isWanted = !queue.isEmpty || !commands.isEmpty || isClosing || !wakesByItself
            if isWaiting, isWanted { monitor.wake() }
        }
    }

    /// Runs a read on the writer's connection where the calling thread may and nobody is before it; else returns `nil`.
    func lend<T>(_ limit: Duration, _ body: (SQLiteConnection) throws -> T) rethrows -> T? {
        guard let host, pthread_equal(host, pthread_self()) != 0, !isCurrentThread, awaitTurn() else {
            return nil
        }
        connection.limitTime(to: limit)
        defer {
            connection.limitTime(to: nil)
            connection.endScope()
            giveTurnBack()
        }
        return try body(connection)
    }

    /// Runs a closure between two commits, outside any transaction, and waits for it.
    func command<T: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> T) throws -> T {
        let box = WaitingResult<T>()
        let isRefused = monitor.withLock {
            if isClosing { return true }
            commands.append { connection in box.put(Result { try body(connection) }) }
            if isWaiting { monitor.wake() }
            return false
        }
        if isRefused { throw DatabaseError.unavailable(.closed) }
        return try box.wait()
    }

    /// Has the log emptied at the next quiet moment, so that nothing stays there of what was deleted.
    func emptyLogSoon() throws {
        try command { [log] connection in (connection.isLogToBeEmptied, log.mayHoldNews) = (true, true) }
    }

    /// Refuses what comes from now on, writes what waits, empties the log and closes the connection.
    func close() {
        let isFirst = monitor.withLock {
            let isFirst = !isClosing
            isClosing = true
            monitor.wake()
            return isFirst
        }
        guard isFirst else { return }
        // The flusher, which the writer's thread waits for at its end, cannot wait for that end.
        if flusher.isCurrentThread { thread?.leave() } else { thread?.join() }
        thread = nil
    }

    // MARK: The writer's thread

    private enum Turn {
        case group([PendingWrite])
        case command((SQLiteConnection) -> Void)
        case idle, end
    }

    private func serve() {
        while true {
            switch nextTurn() {
            case .group(let group):
                commit(group, alone: false)
                log.checkpointWhenLarge(isBusy: monitor.withLock { queue.hasRequests })
            case .command(let body): body(connection)
            case .idle: log.useQuietTime()
            case .end:
                flusher.close()
                log.close()
                try? connection.checkpoint(.truncate)  // The log is read at the next start if this fails.
                connection.close()
                whenClosed()
                return
            }
        }
    }

    private func nextTurn() -> Turn {
        monitor.withLock {
            isBusy = false
            lastTurn_nanoseconds = monotonicNanoseconds()
            while true {
                if !isBusy, let turn = dueTurn() {
                    isBusy = true
                    return turn
                }
                wakesByItself = !isBusy && log.mayHoldNews
                isWaiting = true
                monitor.wait(atMost: wakesByItself ? configuration.idleTime : nil)
                isWaiting = false
            }
        }
    }

    private func dueTurn() -> Turn? {
        if !commands.isEmpty { return .command(commands.removeFirst()) }
        if !queue.isEmpty { return .group(queue.take(configuration.groupLimit)) }
        if isClosing { return .end }
        let rest = Duration.nanoseconds(monotonicNanoseconds() - lastTurn_nanoseconds)
        return log.mayHoldNews && rest >= configuration.idleTime ? .idle : nil
    }

    /// `alone`: for a caller whom nobody waits for.
    private func commit(_ group: [PendingWrite], alone: Bool) {
        let (start, commitsBefore) = (monotonicNanoseconds(), connection.commits)
        log.mayHoldNews = true
        var done = 0
        do throws(GroupFailure) {
            if let failure = flusher.failure { throw .lost(failure) }
            try run(group, &done, since: start)
        } catch {
            undo()
            if done == 0 { done = group.count }
            switch error {
            case .isolate(let cause) where done == 1: group[0].fail(cause)
            case .isolate: group[..<done].forEach(commitAlone)
            case .lost(let cause): fail(group[..<done], cause)
            }
        }
        connection.endScope()
        connection.growCache(upTo: configuration.writerCacheKilobytes)
        let isAlone = monitor.withLock {
            if done < group.count { queue.putBack(group[done...]) }
            return alone || done == 1 && queue.isEmpty
        }
        flusher.finish(
            SQLiteFlusher.Commit(
                writes: Array(group[..<done]), isWritten: connection.commits != commitsBefore,
                start_nanoseconds: start, logFrames: connection.logFrames),
            alone: isAlone)
    }

    /// Why a group did not get to its commit.
    private enum GroupFailure: Error {
        /// The transaction is lost.
        case lost(any Error)
        /// One closure's fault that shows only at the end: each is run again in a transaction of its own.
        case isolate(any Error)

        var cause: any Error {
            switch self {
            case .lost(let error), .isolate(let error): error
            }
        }
    }

    /// Runs the closures of a group and commits; `done` is how many there was time for.
    private func run(_ group: [PendingWrite], _ done: inout Int, since start: Int64) throws(GroupFailure) {
        var usesSavepoints = group.count > 1 && cautiousGroupsLeft > 0
        cautiousGroupsLeft = max(0, cautiousGroupsLeft - 1)
        try control(Self.begin)
        while done < group.count {
            if done > 0, hasUsedItsTime(since: start, next: group[done]) { break }
            done += 1
            if try perform(group[done - 1], inSavepoint: usesSavepoints) { continue }
            try control(Self.rollback)
            connection.notes.forget()
            try control(Self.begin)
            guard done > 1 else { continue }
            // The closures that ran before the failed one were undone with it.
            for write in group[..<done] { write.reset() }
            (done, usesSavepoints, cautiousGroupsLeft) = (0, true, Self.cautiousGroups)
        }
        try finish(group[..<done])
    }

    /// Runs a closure. False when it failed and left changes behind that its group shares.
    private func perform(_ write: PendingWrite, inSavepoint: Bool) throws(GroupFailure) -> Bool {
        let start = monotonicNanoseconds()
        defer { report(write, .nanoseconds(monotonicNanoseconds() - start)) }
        if configuration.repeatsClosures { try rehearse(write) }
        if inSavepoint { try control(Self.savepoint) }
        let changesBefore = connection.totalChanges
        do {
            try write.perform(Session(connection))
            if connection.hasUnresolvedForeignKeys { throw DatabaseError.constraint(.foreignKey) }
        } catch {
            write.fail(error)
        }
        // A full disk, among others, makes SQLite roll back everything by itself.
        guard !connection.isAutocommit else { throw .lost(lossReason(write.failure)) }
        if write.failure != nil {
            guard inSavepoint else { return connection.totalChanges == changesBefore }
            try control(Self.rollbackToSavepoint)
            connection.notes.forget()
        }
        if inSavepoint { try control(Self.release) }
        return true
    }

    /// For tests: the closure runs once for nothing.
    private func rehearse(_ write: PendingWrite) throws(GroupFailure) {
        try control(Self.savepoint)
        do { try write.perform(Session(connection)) } catch { write.fail(error) }
        guard !connection.isAutocommit else { throw .lost(lossReason(write.failure)) }
        try control(Self.rollbackToSavepoint)
        try control(Self.release)
        connection.notes.forget()
        write.reset()
    }

    /// The deferred work of every closure, and the commit.
    private func finish(_ group: ArraySlice<PendingWrite>) throws(GroupFailure) {
        do {
            for write in group where write.failure == nil {
                var index = 0
                while index < write.work.afterSavepoints.count {
                    try write.work.afterSavepoints[index]()
                    index += 1
                }
            }
            try group.lazy.filter { $0.failure == nil }.storeSums()
        } catch {
            if case DatabaseError.unavailable = error { throw .lost(lossReason(error)) }
            throw .isolate(error)
        }
        do { try connection.control(Self.commit) } catch {
            if case .constraint = error { throw .isolate(error) }
            throw .lost(error)
        }
    }

    /// One closure in a transaction of its own.
    private func commitAlone(_ write: PendingWrite) {
        guard write.failure == nil else { return }
        write.reset()
        do throws(GroupFailure) {
            try control(Self.begin)
            _ = try perform(write, inSavepoint: false)
            if write.failure == nil { try finish([write]) } else { undo() }
        } catch {
            undo()
            write.fail(error.cause)
        }
    }

    private func control(_ statement: Statement) throws(GroupFailure) {
        do { try connection.control(statement) } catch { throw .lost(error) }
    }

    private func undo() {
        if !connection.isAutocommit { try? connection.control(Self.rollback) }
        connection.notes.forget()
    }

    private func fail(_ group: ArraySlice<PendingWrite>, _ cause: any Error) {
        if let error = cause as? DatabaseError { configuration.observer.commitFailed(error) }
        // A closure that failed alone already keeps its reason.
        for write in group where write.failure == nil { write.fail(cause) }
    }

    private func lossReason(_ error: (any Error)?) -> DatabaseError {
        error as? DatabaseError ?? .unavailable(.inputOutput("the transaction was rolled back"))
    }

    /// A group must not keep those waiting who could be answered; a batch gives way to any request.
    private func hasUsedItsTime(since start: Int64, next: PendingWrite) -> Bool {
        let time = Duration.nanoseconds(monotonicNanoseconds() - start)
        guard !next.priority.isRequest else { return time > configuration.groupTimeLimit }
        return time > configuration.batchGroupTimeLimit || monitor.withLock { queue.hasRequests }
    }

    private func report(_ write: PendingWrite, _ time: Duration) {
        configuration.observer.closureRan(write.priority, time)
        if write.priority.isRequest, time > configuration.slowClosureTime {
            configuration.observer.closureWasSlow(write.caller, time)
        }
    }
}
