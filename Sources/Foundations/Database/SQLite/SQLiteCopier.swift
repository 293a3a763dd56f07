internal import Glibc

/// Copies the log into the file while the writer goes on, so that little is left for the writer to copy before the log
/// can begin anew.
///
/// Before SQLite 3.51.3 a file may be corrupted when a commit makes the log begin anew while another connection copies
/// it. Here that cannot happen: `keeper` reads from within the log for as long, and a log with a reader in it goes on.
///
/// SQLite would bring all that it has copied to the disk at once, and commits would wait behind it. So this brings both
/// files there itself: the log before anything of it is copied, and the file, in parts, before the log may begin anew.
///
/// Unchecked: what changes is touched inside `monitor`, the connections and files by the copier's own thread.
final class SQLiteCopier: @unchecked Sendable {
    private enum State { case idle, copying, copied, lost, closing }

    /// Times that the log is copied before the rest is left to the writer, as long as so many pages come meanwhile.
    private static let roundsMax = 4, restMin_pages = 256

    private let path: String
    private let configuration: DatabaseConfiguration
    private let whenLost: @Sendable (DatabaseError) -> Void
    private let monitor = Monitor()
    private var state = State.idle
    /// The log began anew just when its copy was done.
    private var isOutOfDate = false
    private var thread: OwnThread?
    private var keeper: SQLiteConnection?, copier: SQLiteConnection?
    private var log: Int32 = -1, file: Int32 = -1
    private var isLost = false

    /// `whenLost` is told that pages did not get to the disk. The log is kept from then on, for the next start to copy;
    /// nothing may be committed.
    init(
        path: String, _ configuration: DatabaseConfiguration,
        whenLost: @escaping @Sendable (DatabaseError) -> Void
    ) {
        (self.path, self.configuration, self.whenLost) = (path, configuration, whenLost)
    }

    /// Not before: a process that closes a file gives up its locks on it, those of SQLite's connections, too.
    deinit { for descriptor in [log, file] where descriptor >= 0 { Glibc.close(descriptor) } }

    /// Whether nobody else may copy the log.
    var isAtWork: Bool { monitor.withLock { state == .copying || state == .lost } }

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
            case .copying, .lost: return false
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
            do { try copy() } catch { if !isLost { (keeper, copier) = (nil, nil) } }  // Left to the writer.
            monitor.withLock {
                state = isLost ? .lost : isOutOfDate ? .idle : .copied
                isOutOfDate = false
                monitor.wakeAll()
            }
        }
        copier?.close()
        // Where pages are lost, it keeps the log from beginning anew.
        if !isLost { keeper?.close() }
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
        if log < 0 { log = openFile(path + "-wal", O_WRONLY) }
        if file < 0 { file = openFile(path, O_WRONLY) }
        var copied_pages = 0
        for _ in 0..<Self.roundsMax {
            try copyOnce(keeper, copier)
            let news_pages = copier.logFrames - copied_pages
            if news_pages < Self.restMin_pages { return }
            copied_pages = copier.logFrames
        }
    }

    private func copyOnce(_ keeper: SQLiteConnection, _ copier: SQLiteConnection) throws {
        try keeper.execute("BEGIN")
        defer { if !isLost { try? keeper.execute("COMMIT") } }
        try keeper.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
        // The keeper's place is as far as is copied; what comes after it may not be on the disk.
        guard fdatasync(log) == 0 else { throw loss(of: "log") }
        try copier.checkpoint(.passive)
        guard synchronizeInParts(file) else { throw loss(of: "file") }
    }

    private func loss(of file: String) -> DatabaseError {
        isLost = true
        let loss = DatabaseError.unavailable(
            .inputOutput("the \(file) did not get to the disk: \(systemErrorText())"))
        whenLost(loss)
        return loss
    }

    private func connect(_ access: SQLiteConnection.Access) throws(DatabaseError) -> SQLiteConnection {
        let connection = try SQLiteConnection(
            path: path, access, cacheKilobytes: 64, clock: configuration.clock)
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        if access == .readWrite { try connection.execute("PRAGMA synchronous = OFF") }
        return connection
    }
}
