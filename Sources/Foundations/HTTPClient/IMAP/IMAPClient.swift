internal import Synchronization
internal import Telemetry

/// Opens folders of mailboxes (RFC 3501), each over a connection of its own, which lasts until the folder is
/// closed or was left alone for a while.
package final class IMAPClient: Sendable {
    private let configuration: HTTPClientConfiguration
    private let resolver: NameResolver
    private let connectionsMax: Int
    private let idleMax: Duration
    private let count = Mutex(0)

    package init(
        _ configuration: HTTPClientConfiguration, connectionsMax: Int = 64, idleMax: Duration = .seconds(60)
    ) {
        (self.configuration, self.connectionsMax, self.idleMax) = (configuration, connectionsMax, idleMax)
        resolver = NameResolver(lookUp: configuration.lookUp)
    }

    /// Signs in and opens a folder: to read alone (EXAMINE), or also to mark and move. `deadline` is for this and
    /// for each later call.
    @concurrent package func open(
        _ folder: String = "INBOX", on server: MailServer, as credentials: MailCredentials,
        readOnly: Bool = false,
        deadline: Duration = .seconds(30)
    ) async throws(IMAPError) -> IMAPMailbox {
        guard !server.isSMTP else {
            throw .fault(.invalid("the server's address must begin with imap:// or imaps://"))
        }
        let name: String
        do throws(MailFault) {
            try credentials.check()
            name = try imapQuoted(imapFolder(folder))
        } catch {
            throw .fault(error)
        }
        let hasRoom = count.withLock { count in
            guard count < connectionsMax else { return false }
            count += 1
            return true
        }
        guard hasRoom else { throw .fault(.busy) }
        let thread = ConnectionThread(
            ServerConnection(configuration, resolver), idleMax: idleMax, isDeaf: true,
            leave: { connection in
                connection.deadline = .steadyClock() + .seconds(2)
                connection.isCancelled = { false }
                _ = try? IMAPSession().run("LOGOUT", connection)
            }
        ) { [self] _ in count.withLock { $0 -= 1 } }
        let line = IMAPLine(thread, deadline: deadline)
        do throws(IMAPError) {
            let state = try await line.run { session, connection throws(IMAPError) in
                try session.open(connection, server, credentials)
                return try session.select(name, readOnly: readOnly, connection)
            }
            return IMAPMailbox(line, state)
        } catch {
            thread.end()
            throw error
        }
    }
}

/// Between a task and the thread that speaks for it.
final class IMAPLine: Sendable {
    typealias Work<Value> = @Sendable (IMAPSession, ServerConnection) throws(IMAPError) -> Value

    private let thread: ConnectionThread
    private let session = IMAPSession()
    private let deadline: Duration

    init(_ thread: ConnectionThread, deadline: Duration) { (self.thread, self.deadline) = (thread, deadline) }

    deinit { thread.end() }

    func end() { thread.end() }

    /// A task that is cancelled ends the connection: it is in the middle of something.
    func run<Value: Sendable>(_ work: @escaping Work<Value>) async throws(IMAPError) -> Value {
        let isCancelled = Cancellation()
        let until = Instant.steadyClock() + deadline
        let result: Result<Value, IMAPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken = thread.post { [session] connection in
                    (connection.deadline, connection.isCancelled) = (until, { isCancelled.value })
                    do throws(IMAPError) {
                        continuation.resume(returning: .success(try work(session, connection)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
                if !isTaken { continuation.resume(returning: .failure(.fault(.disconnected))) }
            }
        } onCancel: {
            isCancelled.set()
            thread.interrupt()
        }
        return try result.get()
    }

    private final class Cancellation: Sendable {
        private let flag = Atomic(false)
        var value: Bool { flag.load(ordering: .relaxed) }
        func set() { flag.store(true, ordering: .relaxed) }
    }
}
