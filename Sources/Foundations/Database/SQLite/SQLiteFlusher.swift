internal import Glibc

/// Brings commits to the disk and answers them, in their order. While it waits for the disk the writer runs the next
/// group; what was committed meanwhile goes to the disk together.
///
/// Who reads may see a commit before it is on the disk, as long as that takes. Nobody is answered, and nothing is told,
/// before; and what others write because of it is behind it in the log.
///
/// Unchecked: what changes is touched inside `monitor`, `log` by whoever is at work.
final class SQLiteFlusher: @unchecked Sendable {
    /// A group of writes whose commit succeeded.
    struct Commit {
        let writes: [PendingWrite]
        /// Whether there is anything of it in the log.
        let isWritten: Bool
        let start_nanoseconds: Int64
        let logFrames: Int
    }

    private let path: String
    private let observer: DatabaseObserver
    private let monitor = Monitor()
    private var commits: [Commit] = []
    private var isAtWork = false, isClosing = false
    private var broken: DatabaseError?
    private var log: Int32 = -1
    private var thread: OwnThread?

    /// `path` is the database's.
    init(_ path: String, _ observer: DatabaseObserver) throws(DatabaseError) {
        (self.path, self.observer) = (path + "-wal", observer)
        thread = try OwnThread { self.serve() }
    }

    var isCurrentThread: Bool { thread?.isCurrent == true }

    /// Why nothing can be committed any more. The kernel says once that a page did not get to the disk, and then takes
    /// it for clean: what comes after it would be lost with it.
    var failure: DatabaseError? { monitor.withLock { broken } }

    /// Has everything refused from now on.
    func giveUp(_ error: DatabaseError) {
        monitor.withLock { broken = error }
        observer.commitFailed(error)
    }

    /// Takes a commit over. Where nobody else waits for the caller or for the disk, this is done by the caller: a
    /// change of threads would only take time.
    func finish(_ commit: Commit, alone: Bool) {
        let isOwn = monitor.withLock {
            guard alone, !isAtWork, commits.isEmpty else {
                commits.append(commit)
                monitor.wakeAll()
                return false
            }
            isAtWork = true
            return true
        }
        guard isOwn else { return }
        complete([commit])
        rest()
    }

    /// Finishes what it has.
    func close() {
        monitor.withLock {
            isClosing = true
            monitor.wakeAll()
        }
        thread?.join()
        thread = nil
        if log >= 0 { Glibc.close(log) }
    }

    private func serve() {
        while let due = nextCommits() {
            complete(due)
            rest()
        }
    }

    private func nextCommits() -> [Commit]? {
        monitor.withLock {
            while isAtWork || commits.isEmpty {
                if isClosing, !isAtWork { return nil }
                monitor.wait()
            }
            isAtWork = true
            defer { commits = [] }
            return commits
        }
    }

    private func rest() {
        monitor.withLock {
            isAtWork = false
            if isClosing || !commits.isEmpty { monitor.wakeAll() }
        }
    }

    private func complete(_ commits: [Commit]) {
        if commits.contains(where: { $0.isWritten && $0.writes.contains(where: \.waitsForDisk) }) {
            do { try flush() } catch { giveUp(error) }
        }
        let failure = failure
        for commit in commits {
            if let failure {
                for write in commit.writes where write.waitsForDisk { write.fail(failure) }
            }
            let writes = commit.writes.filter { $0.failure == nil }
            if !writes.isEmpty {
                let time = monotonicNanoseconds() - commit.start_nanoseconds
                observer.committed(writes.count, .nanoseconds(time), commit.logFrames)
            }
            for write in writes { write.work.onCommit.forEach { $0.work() } }
            for write in commit.writes { write.answer() }
        }
    }

    private func flush() throws(DatabaseError) {
        if let broken = failure { throw broken }
        if log < 0 { log = openFile(path, O_RDONLY) }
        let start = monotonicNanoseconds()
        guard log >= 0, fdatasync(log) == 0 else {
            throw .unavailable(.inputOutput("the log did not get to the disk: \(systemErrorText())"))
        }
        observer.flushed(.nanoseconds(monotonicNanoseconds() - start))
    }
}
