internal import CPostgreSQL
import Synchronization

/// Makes connections, and remembers for a while that the server cannot be reached: while it is away, callers are
/// refused at once instead of each waiting for it.
final class PostgreSQLPool: Sendable {
    private static let firstPause = Duration.milliseconds(50)
    private static let pauseMax = Duration.seconds(2)

    let configuration: DatabaseConfiguration
    let catalog: PostgreSQLCatalog
    let roles: PostgreSQLRoles
    private let state = Mutex<State>(State())

    private struct State {
        var refusal: DatabaseError?
        var failures = 0
        var retryAt: Int64 = 0
        /// The server's numbers of this process's connections, whose notifications are news to others only.
        var own: Set<Int32> = []
    }

    init(_ configuration: DatabaseConfiguration, _ roles: PostgreSQLRoles, _ catalog: PostgreSQLCatalog) {
        (self.configuration, self.roles, self.catalog) = (configuration, roles, catalog)
    }

    func connect() throws(DatabaseError) -> PostgreSQLConnection {
        let refusal = state.withLock { monotonicNanoseconds() < $0.retryAt ? $0.refusal : nil }
        if let refusal { throw refusal }
        do {
            let connection = try PostgreSQLConnection(configuration, catalog)
            state.withLock {
                ($0.failures, $0.refusal, $0.retryAt) = (0, nil, 0)
                $0.own.insert(connection.processID)
            }
            return connection
        } catch {
            state.withLock {
                let pause = min(Self.firstPause * (1 << min($0.failures, 10)), Self.pauseMax)
                ($0.failures, $0.refusal) = ($0.failures + 1, error)
                $0.retryAt = monotonicNanoseconds() + pause.nanoseconds
            }
            throw error
        }
    }

    /// A connection will not be used again.
    func forget(_ connection: PostgreSQLConnection) {
        state.withLock { _ = $0.own.remove(connection.processID) }
    }

    func isOwn(_ processID: Int32) -> Bool { state.withLock { $0.own.contains(processID) } }
}

/// The text as a literal of SQL.
func literal(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}
