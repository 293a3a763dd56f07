/// Copies the log into the file while the writer goes on, so that little is left for the writer to copy before the log
/// can begin anew.
///
/// Before SQLite 3.51.3 a file may be corrupted when a commit makes the log begin anew while another connection copies
/// it. Here that cannot happen: `keeper` reads from within the log for as long, and a log with a reader in it goes on.
///
/// Unchecked: what changes is touched inside `monitor`, the connections by the copier's own thread.
final class SQLiteCopier: @unchecked Sendable {
    private enum State { case idle, copying, copied, closing }

    private let path: String
    private let configuration: DatabaseConfiguration
    private let monitor = Monitor()
    private var state = State.idle
    /// The log began anew just when its copy was done.
    private var isOutOfDate = false
    private var thread: OwnThread?
    private var keeper: SQLiteConnection?, copier: SQLiteConnection?

    init(path: String, _ configuration: DatabaseConfiguration) {
        (self.path, self.configuration) = (path, configuration)
    }

    var isAtWork: Bool { monitor.withLock { state == .copying } }

    /// Has the log copied that is there now. True when that is done, once: what came since is the caller's to copy.
    /// Where no thread can be had, all is.
    func hasCopied() -> Bool {
        monitor.withLock {
            switch state {
            case .idle:
                if thread == nil { thread = try? OwnThread { self.serve() } }
                guard thread != nil else { return true }
                state = .copying
                monitor.wake()
                return false
            case .copying: return false
            case .copied:
                state = .idle
                return true
            case .closing: return true
            }
        }
    }

    /// The log has begun anew: what was copied of it is nothing to go on from.
    func forget() {
        monitor.withLock {
            if state == .copied { state = .idle }
            isOutOfDate = state == .copying
        }
    }

    func close() {
        monitor.withLock {
            // A copy that has begun runs to its end.
            while state == .copying { monitor.wait() }
            state = .closing
            monitor.wakeAll()
        }
        thread?.join()
        thread = nil
    }

    private func serve() {
        while waitForWork() {
            do { try copy() } catch { (keeper, copier) = (nil, nil) }  // Left to the writer.
            monitor.withLock {
                state = isOutOfDate ? .idle : .copied
                isOutOfDate = false
                monitor.wakeAll()
            }
        }
        keeper?.close()
        copier?.close()
    }

    private func waitForWork() -> Bool {
        monitor.withLock {
            while state != .copying {
                if state == .closing { return false }
                monitor.wait()
            }
            return true
        }
    }

    private func copy() throws {
        let keeper = try self.keeper ?? connect(.readOnly), copier = try self.copier ?? connect(.readWrite)
        (self.keeper, self.copier) = (keeper, copier)
        try keeper.execute("BEGIN")
        defer { try? keeper.execute("COMMIT") }
        try keeper.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
        try copier.checkpoint(.passive)
    }

    private func connect(_ access: SQLiteConnection.Access) throws(DatabaseError) -> SQLiteConnection {
        let connection = try SQLiteConnection(
            path: path, access, cacheKilobytes: 64, clock: configuration.clock)
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        return connection
    }
}
