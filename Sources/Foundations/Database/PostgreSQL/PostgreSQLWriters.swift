import Telemetry

/// Threads with a connection each, on which write closures run: one transaction for each, several at once.
/// One that meets another is run again, so a closure may run more than once, and nobody learns of a change before it
/// has been committed.
///
/// Unchecked: `lanes`, `waiting` and `isClosing` are touched inside `monitor`, `threads` by who opens and closes.
final class PostgreSQLWriters: @unchecked Sendable {
    /// Attempts of one closure.
    private static let attemptsMax = 8
    /// As many meet others' transactions; the next one runs alone, and meets none.
    private static let sharedAttemptsMax = 3

    private let pool: PostgreSQLPool
    private let monitor = Monitor()
    private var lanes = WriteLanes()
    private var isClosing = false
    private var threads: [OwnThread] = []

    init(_ pool: PostgreSQLPool) throws(DatabaseError) {
        self.pool = pool
        for number in 0..<pool.configuration.writerConnections {
            threads.append(try OwnThread { self.serve(number) })
        }
    }

    var isCurrentThread: Bool { threads.contains(where: \.isCurrent) }

    // MARK: Any thread

    var waitingWrites: Int { monitor.withLock { lanes.count } }

    func submit(_ write: PendingWrite) {
        let refusal: DatabaseError.Unavailability? = monitor.withLock {
            if isClosing { return .closed }
            guard lanes.append(write, limit: pool.configuration.queueLimit) else { return .queueFull }
            monitor.wake()
            return nil
        }
        guard let refusal else { return }
        write.failure = DatabaseError.unavailable(refusal)
        write.answer()
    }

    /// Refuses what comes from now on, writes what waits, and closes the connections.
    func close() {
        let isFirst = monitor.withLock {
            defer { isClosing = true }
            return !isClosing
        }
        guard isFirst else { return }
        monitor.wakeAll()
        for thread in threads { thread.join() }
        threads = []
    }

    // MARK: The writers' threads

    private func serve(_ number: Int) {
        var connection: PostgreSQLConnection?
        while let (write, lane) = next() {
            run(write, &connection, number)
            if write.failure == nil { write.work.onCommit.forEach { $0.work() } }
            // After the hooks, which tell of a tenant's commits in their order.
            monitor.withLock {
                lanes.giveBack(lane)
                monitor.wake()
            }
            write.answer()
        }
        if let connection { pool.forget(connection) }
    }

    private func next() -> (PendingWrite, WriteLanes.Lane)? {
        monitor.withLock {
            while true {
                if let next = lanes.take() { return next }
                if isClosing, lanes.isEmpty {
                    monitor.wakeAll()
                    return nil
                }
                monitor.wait()
            }
        }
    }

    private enum Outcome { case done, again, lost }

    private func run(_ write: PendingWrite, _ connection: inout PostgreSQLConnection?, _ number: Int) {
        let start = monotonicNanoseconds()
        defer { report(write, .nanoseconds(monotonicNanoseconds() - start)) }
        for attempt in 1...Self.attemptsMax {
            write.reset()
            do {
                let current = try connection.flatMap { $0.isConnected ? $0 : nil } ?? connect(&connection)
                if pool.configuration.repeatsClosures, attempt == 1 { rehearse(write, current) }
                switch attemptOnce(write, current, attempt) {
                case .done: return
                case .lost: break
                case .again: rest(attempt, number)
                }
            } catch {
                return write.fail(error)
            }
        }
        write.fail(write.failure ?? DatabaseError.unavailable(.locked))
    }

    private func connect(
        _ connection: inout PostgreSQLConnection?
    ) throws(DatabaseError) -> PostgreSQLConnection {
        if let old = connection { pool.forget(old) }
        connection = nil
        let made = try pool.connect()
        connection = made
        return made
    }

    private func attemptOnce(
        _ write: PendingWrite, _ connection: PostgreSQLConnection, _ attempt: Int
    ) -> Outcome {
        begin(write, connection, isAlone: write.isolation == .alone || attempt > Self.sharedAttemptsMax)
        var isCommitting = false
        do {
            try performAll(write, connection)
            // A closure that goes on after a failed part of it cannot go on after this.
            if connection.hasFailed || connection.mayRunAgain || !connection.isConnected,
                let failure = connection.failure
            {
                throw failure
            }
            try commit(write, connection, &isCommitting)
        } catch {
            // A write that was lost before its commit was sent is surely undone; after that, nobody knows.
            let isInDoubt = isCommitting && !connection.isConnected
            write.fail(isInDoubt ? DatabaseError.unavailable(.inDoubt) : error)
        }
        connection.endScope()
        if write.failure == nil { return .done }
        let mayRunAgain = connection.mayRunAgain || (attempt == 1 && connection.metUniqueViolation)
        if connection.isConnected {
            if connection.hasBegun { connection.rollBack(PostgreSQLRoles.rollBack) }
            return mayRunAgain ? .again : .done
        }
        return isCommitting ? .done : .lost
    }

    private func begin(_ write: PendingWrite, _ connection: PostgreSQLConnection, isAlone: Bool = false) {
        connection.begin(
            pool.roles.beginWrite(
                write.tenant, write.isolation, isAlone: isAlone, waitsForDisk: write.priority.waitsForDisk),
            as: write.tenant == nil ? .acrossTenants : .tenant)
    }

    /// The closure and what it has deferred.
    private func performAll(_ write: PendingWrite, _ connection: PostgreSQLConnection) throws {
        try write.perform(Session(connection))
        var index = 0
        while index < write.work.afterSavepoints.count {
            try write.work.afterSavepoints[index]()
            index += 1
        }
        try CollectionOfOne(write).storeSums()
        try write.work.searchChanges.store(Session(connection))
    }

    private func commit(
        _ write: PendingWrite, _ connection: PostgreSQLConnection, _ isCommitting: inout Bool
    ) throws {
        guard connection.hasBegun || !write.work.notices.isEmpty else { return }
        let start = monotonicNanoseconds()
        var said: Set<String> = []
        for notice in write.work.notices where said.insert(notice).inserted {
            try connection.command(
                "SELECT pg_notify(\(PostgreSQLListener.channel.asLiteral), \(notice.asLiteral))")
        }
        do {
            if write.needsDisk { try connection.command("SET LOCAL synchronous_commit = on") }
            isCommitting = true
            try connection.command(PostgreSQLRoles.commit)
        } catch {
            pool.configuration.observer.commitFailed(error)
            throw error
        }
        pool.configuration.observer.committed(1, .nanoseconds(monotonicNanoseconds() - start), 0)
    }

    /// For tests: the closure runs once for nothing.
    private func rehearse(_ write: PendingWrite, _ connection: PostgreSQLConnection) {
        begin(write, connection, isAlone: write.isolation == .alone)
        try? performAll(write, connection)
        connection.endScope()
        if connection.hasBegun { connection.rollBack(PostgreSQLRoles.rollBack) }
        write.reset()
    }

    /// Longer each time, and not the same for all who have met.
    private func rest(_ attempt: Int, _ number: Int) {
        let span = Int64(1) << min(attempt, 6)
        let spread = (monotonicNanoseconds() / 1000 &+ Int64(number)) % span
        CallingThread.pause(milliseconds: UInt32(span / 2 + spread))
    }

    private func report(_ write: PendingWrite, _ time: Duration) {
        pool.configuration.observer.closureRan(write.priority, time)
        if write.priority.isRequest, time > pool.configuration.slowClosureTime {
            pool.configuration.observer.closureWasSlow(write.caller, time)
        }
    }
}
