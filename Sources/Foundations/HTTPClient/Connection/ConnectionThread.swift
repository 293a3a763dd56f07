internal import Synchronization
internal import Telemetry

/// A thread with one connection, which does what it is given one after the other, and ends when nothing has come
/// for a while or the server has left. Threads, since what a server is told depends on what it has just said: a
/// conversation reads from top to bottom, and a mail costs one change of threads, not one for each line.
final class ConnectionThread: Sendable {
    typealias Work = @Sendable (ServerConnection) -> Void

    private struct Inbox {
        var work: [Work] = []
        var hasStarted = false, hasEnded = false
    }

    private let connection: ServerConnection
    private let idleMax: Duration
    private let isDeaf: Bool
    private let inbox = Mutex(Inbox())
    private let leave: Work
    private let ended: @Sendable (ConnectionThread) -> Void

    /// `leave` says goodbye over a connection that is still there; `ended` comes last. `isDeaf`: servers of the
    /// protocol speak unasked.
    init(
        _ connection: ServerConnection, idleMax: Duration, isDeaf: Bool = false, leave: @escaping Work,
        ended: @escaping @Sendable (ConnectionThread) -> Void
    ) {
        (self.connection, self.idleMax, self.isDeaf) = (connection, idleMax, isDeaf)
        (self.leave, self.ended) = (leave, ended)
    }

    /// The first starts the thread. False when it has ended, or is about to; then the work is not done.
    func post(_ work: @escaping Work) -> Bool {
        let (isTaken, isFirst) = inbox.withLock { inbox in
            if inbox.hasEnded { return (false, false) }
            inbox.work.append(work)
            defer { inbox.hasStarted = true }
            return (true, !inbox.hasStarted)
        }
        if isFirst {
            OwnThread { [self] in run() }.start()
        } else if isTaken {
            connection.interrupt()
        }
        return isTaken
    }

    /// Work that waits for the server looks whether it is still wanted.
    func interrupt() { connection.interrupt() }

    /// After what it has been given.
    func end() {
        inbox.withLock { $0.hasEnded = true }
        connection.interrupt()
    }

    private func run() {
        var idleSince: Instant?
        while true {
            let (work, hasEnded) = inbox.withLock { inbox in
                (inbox.work.isEmpty ? nil : inbox.work.removeFirst(), inbox.hasEnded)
            }
            if let work {
                work(connection)
                idleSince = nil
                continue
            }
            if hasEnded { break }
            let until = (idleSince ?? .steadyClock()) + idleMax
            if idleSince == nil { idleSince = .steadyClock() }
            if connection.waitForNews(until: until, isDeaf: isDeaf) || Instant.steadyClock() >= until {
                // Nobody may give it anything from here on, and what was given meanwhile is done.
                inbox.withLock { inbox in
                    if inbox.work.isEmpty { inbox.hasEnded = true }
                }
            }
        }
        if connection.isOpen { leave(connection) }
        connection.close()
        ended(self)
    }
}
