/// Threads that wait for the server in the place of those that must not.
///
/// Unchecked: the variables are touched inside `monitor`, the threads by who opens and closes.
final class ReadLane: @unchecked Sendable {
    private let monitor = Monitor()
    private let limit: Int
    private var work = FIFO<@Sendable () -> Void>()
    private var isClosing = false
    private var threads: [OwnThread] = []

    init(threads count: Int, limit: Int) throws(DatabaseError) {
        self.limit = limit
        for _ in 0..<count { threads.append(try OwnThread { self.serve() }) }
    }

    /// False when too many wait, or the lane is closed.
    func submit(_ body: @escaping @Sendable () -> Void) -> Bool {
        monitor.withLock {
            guard !isClosing, work.count < limit else { return false }
            work.append(body)
            monitor.wake()
            return true
        }
    }

    private func serve() {
        while let body = next() { body() }
    }

    private func next() -> (@Sendable () -> Void)? {
        monitor.withLock {
            while true {
                if let body = work.take(1).first { return body }
                if isClosing { return nil }
                monitor.wait()
            }
        }
    }

    /// Runs what waits, which is refused by a database that is closed, and ends the threads.
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
}
