internal import CPostgreSQL
import Synchronization

/// Makes connections, and remembers for a while that the server cannot be reached: while it is away, callers are
/// refused at once instead of each waiting for it.
final class PostgreSQLPool: Sendable {
    /// The longest attempt before the server is left alone for a while.
    private static let patience = Duration.seconds(1)
    private static let pauseMax = Duration.seconds(2)

    let configuration: DatabaseConfiguration
    let catalog: PostgreSQLCatalog
    let roles: PostgreSQLRoles
    private let state = Mutex<State>(State())

    private struct State {
        var refusal: DatabaseError?
        var retryAt: Int64 = 0
        /// When a connection was made last: what was refused before that says nothing any more.
        var connectedAt: Int64 = 0
        /// The server's numbers of this process's connections, whose notifications are news to others only.
        var own: Set<Int32> = []
    }

    init(_ configuration: DatabaseConfiguration, _ roles: PostgreSQLRoles, _ catalog: PostgreSQLCatalog) {
        (self.configuration, self.roles, self.catalog) = (configuration, roles, catalog)
    }

    /// `insisting`: whoever asks has nothing else to do, and finds out for all when the server is back.
    func connect(insisting: Bool = false) throws(DatabaseError) -> PostgreSQLConnection {
        let refusal = state.withLock { monotonicNanoseconds() < $0.retryAt ? $0.refusal : nil }
        if let refusal, !insisting { throw refusal }
        let began = monotonicNanoseconds()
        do {
            let connection = try PostgreSQLConnection(configuration, catalog)
            state.withLock {
                ($0.refusal, $0.retryAt, $0.connectedAt) = (nil, 0, monotonicNanoseconds())
                $0.own.insert(connection.processID)
            }
            return connection
        } catch {
            state.withLock {
                guard began > $0.connectedAt else { return }
                let now = monotonicNanoseconds()
                $0.refusal = error
                $0.retryAt = now + Self.pause(after: .nanoseconds(now - began)).nanoseconds
            }
            throw error
        }
    }

    /// Returns the pause before the next attempt: none after one that failed at once, which is cheap to repeat, and as
    /// long as the last one took where the server let it wait.
    static func pause(after attempt: Duration) -> Duration {
        attempt < patience ? .zero : min(attempt, pauseMax)
    }

    /// A connection will not be used again.
    func forget(_ connection: PostgreSQLConnection) {
        state.withLock { _ = $0.own.remove(connection.processID) }
    }

    func isOwn(_ processID: Int32) -> Bool { state.withLock { $0.own.contains(processID) } }
}
