import Synchronization

/// Tells processes which of them live: each holds a lock in its name, on a connection that ends with it.
final class PostgreSQLPresence: Sendable {
    private static let space = 1_651_860_849

    private let pool: PostgreSQLPool
    private let state = Mutex<(name: String?, connection: PostgreSQLConnection?)>((nil, nil))

    init(_ pool: PostgreSQLPool) { self.pool = pool }

    /// In force when it returns, if the server can be reached; else as soon as it can.
    func announce(_ name: String) {
        end()
        state.withLock { $0.name = name }
        renew()
    }

    /// Takes the lock again after the connection was lost.
    func renew() {
        state.withLock { state in
            guard let name = state.name, state.connection?.notifications(atMost: 0) == nil else { return }
            if let old = state.connection { pool.forget(old) }
            state.connection = nil
            guard let connection = try? pool.connect() else { return }
            guard
                (try? connection.command("SELECT pg_advisory_lock_shared(\(Self.lock(of: name.asLiteral)))"))
                    != nil
            else { return pool.forget(connection) }
            state.connection = connection
        }
    }

    func end() {
        state.withLock { state in
            if let connection = state.connection {
                try? connection.command("SELECT pg_advisory_unlock_all()")
                pool.forget(connection)
            }
            state = (nil, nil)
        }
    }

    /// The arguments of the lock; `name` is an expression of SQL.
    private static func lock(of name: String) -> String { "\(space), hashtext(\(name))" }

    /// Returns whether nobody of that name is there.
    static func isAbsent(_ name: String) -> String {
        """
        NOT EXISTS (SELECT 1 FROM pg_locks presence WHERE presence.locktype = 'advisory' AND presence.objsubid = 2
            AND presence.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            AND presence.classid = \(space) AND presence.objid::bigint = (hashtext(\(name))::bigint & 4294967295))
        """
    }
}
