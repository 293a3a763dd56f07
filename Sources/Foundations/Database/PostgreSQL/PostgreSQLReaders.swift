internal import Glibc
import Telemetry

/// Connections for reading. A read takes one for as long as it lasts; who comes when all are taken waits.
///
/// Unchecked: the variables are touched inside `monitor`, and a connection by the thread that has borrowed it.
final class PostgreSQLReaders: @unchecked Sendable {
    private struct Loan {
        let connection: PostgreSQLConnection
        let tenant: TenantID?
        var depth = 1
    }

    private let pool: PostgreSQLPool
    private let monitor = Monitor()
    private var idle: [PostgreSQLConnection] = []
    private var count = 0
    private var isClosed = false
    /// By the borrowing thread: a read inside a read of the same tenant shares its connection and its moment.
    private var loans: [[Loan]] = []
    private var threads: [pthread_t] = []

    init(_ pool: PostgreSQLPool) { self.pool = pool }

    /// Reads for a tenant, or across all. Where the server has not answered anything, `body` is run once more on a new
    /// connection: those that were kept may have died with a server that is back.
    func read<T>(
        _ tenant: TenantID?, _ limit: Duration, _ body: (PostgreSQLConnection) throws -> T
    ) throws -> T {
        if let connection = shared(tenant) {
            defer { leave() }
            return try body(connection)
        }
        var isFirst = true
        while true {
            let connection = try borrow(tenant)
            defer { leave() }
            connection.begin(
                pool.roles.beginRead(tenant, limit, memory: pool.configuration.memory.kilobytes),
                as: tenant == nil ? .acrossTenants : .tenant,
                deadline: limit)
            let result = Result { try body(connection) }
            // A closure that goes on after a part of it was lost has read nothing whole.
            guard let loss = connection.loss else { return try result.get() }
            guard isFirst, !connection.hasAnswered else { throw loss }
            isFirst = false
            discardIdle()
        }
    }

    /// The number of open connections.
    var openConnections: Int { monitor.withLock { count } }

    private func index(of thread: pthread_t) -> Int? { threads.firstIndex { pthread_equal($0, thread) != 0 } }

    private func shared(_ tenant: TenantID?) -> PostgreSQLConnection? {
        monitor.withLock {
            guard let index = index(of: pthread_self()), let last = loans[index].last, last.tenant == tenant
            else {
                return nil
            }
            loans[index][loans[index].count - 1].depth += 1
            return last.connection
        }
    }

    private func borrow(_ tenant: TenantID?) throws(DatabaseError) -> PostgreSQLConnection {
        var found = try idleConnection()
        if found == nil { found = try connect() }
        guard let connection = found else { throw .unavailable(.closed) }
        monitor.withLock {
            let loan = Loan(connection: connection, tenant: tenant)
            if let index = index(of: pthread_self()) {
                loans[index].append(loan)
            } else {
                threads.append(pthread_self())
                loans.append([loan])
            }
        }
        return connection
    }

    /// `nil` when there is room for another one.
    private func idleConnection() throws(DatabaseError) -> PostgreSQLConnection? {
        let end = monotonicNanoseconds() + pool.configuration.readTimeLimit.nanoseconds
        let found: Result<PostgreSQLConnection?, DatabaseError> = monitor.withLock {
            while true {
                if isClosed { return .failure(.unavailable(.closed)) }
                while let connection = idle.popLast() {
                    if connection.isConnected { return .success(connection) }
                    discard(connection)
                }
                if count < pool.configuration.readerConnections {
                    count += 1
                    return .success(nil)
                }
                let left = end - monotonicNanoseconds()
                guard left > 0 else { return .failure(.unavailable(.queueFull)) }
                monitor.wait(atMost: .nanoseconds(left))
            }
        }
        return try found.get()
    }

    private func connect() throws(DatabaseError) -> PostgreSQLConnection {
        do { return try pool.connect() } catch {
            monitor.withLock {
                count -= 1
                monitor.wake()
            }
            throw error
        }
    }

    private func discard(_ connection: PostgreSQLConnection) {
        pool.forget(connection)
        count -= 1
    }

    /// They were lost with the one that was.
    private func discardIdle() {
        monitor.withLock {
            for connection in idle { discard(connection) }
            idle = []
            monitor.wakeAll()
        }
    }

    private func leave() {
        let finished: PostgreSQLConnection? = monitor.withLock {
            guard let index = index(of: pthread_self()), var loan = loans[index].popLast() else { return nil }
            loan.depth -= 1
            guard loan.depth == 0 else {
                loans[index].append(loan)
                return nil
            }
            if loans[index].isEmpty {
                loans.remove(at: index)
                threads.remove(at: index)
            }
            return loan.connection
        }
        guard let finished else { return }
        finished.endScope()
        if finished.hasBegun, finished.isConnected { finished.rollBack() }
        monitor.withLock {
            if finished.isConnected, finished.isIdle, !isClosed {
                idle.append(finished)
            } else {
                discard(finished)
            }
            monitor.wake()
        }
    }

    /// Closes every connection; one in use is interrupted and waited for.
    func close() {
        monitor.withLock {
            isClosed = true
            for connection in idle { discard(connection) }
            idle = []
            monitor.wake()
        }
        while monitor.withLock({ count > 0 }) {
            monitor.withLock { for loan in loans.joined() { loan.connection.interrupt() } }
            CallingThread.pause(milliseconds: 2)
        }
    }
}
