internal import Glibc
internal import Synchronization

/// An HTTP/1.1 server: a few event loops on which short answers are made, and suspended connections for
/// the others.
package final class HTTPServer: Sendable {
    private struct State {
        var daemon: Daemon?
        var listener: Int32 = -1
        var port = 0
        var sweep: Sweep?
        var hasStopped = false
    }

    private let core: ServerCore
    private let state = Mutex(State())

    /// `accept` is called on a connection's thread with each request's head.
    package init(
        _ configuration: HTTPServerConfiguration, accept: @escaping @Sendable (RequestHead) -> Acceptance
    ) {
        core = ServerCore(configuration, accept)
    }

    deinit { stop() }

    /// Listens and serves; returns when connections are accepted. Once.
    package func start() throws(HTTPServerError) {
        let configuration = core.configuration
        let listener = try openListener(configuration.host, configuration.port)
        guard let daemon = Daemon(core, listener: listener) else {
            close(listener)
            throw .daemonRefused
        }
        let sweep = Sweep(core)
        state.withLock {
            $0.daemon = daemon
            $0.listener = listener
            $0.port = boundPort(listener)
            $0.sweep = sweep
        }
        sweep.start()
    }

    /// The port that is listened on, once started.
    package var port: Int { state.withLock { $0.port } }

    package var openConnections: Int { core.connections.withLock { $0.count } }

    /// Requests whose head has arrived and whose answer is not yet sent; open streams count.
    package var requestsInFlight: Int { core.snapshot().reduce(0) { $0 + ($1.phase == .head ? 0 : 1) } }

    /// Stops listening, lets begun requests finish, ends streams, closes connections that are idle, and
    /// stops. Answers say `Connection: close`; who asks once more on a kept-alive connection is still
    /// answered. At the deadline, handlers that have not answered are answered for with 503.
    package func drain(deadline: Duration) async {
        core.isDraining.store(true, ordering: .sequentiallyConsistent)
        quiesce()
        state.withLock { $0.sweep }?.nudge()
        let end = monotonicNow() + deadline.nanoseconds
        while monotonicNow() < end {
            // Here and not once: a stream may have begun before it could see the flag.
            for connection in core.snapshot() { connection.gate.withLock { $0.stream }?.finish() }
            if openConnections == 0 { break }
            // A cancelled drain does not wait.
            do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
        }
        stop()
    }

    /// Stops at once: unanswered requests get 503 where their socket takes it, streams break off.
    package func stop() {
        let (daemon, sweep) = state.withLock { state in
            defer { state.hasStopped = true }
            return state.hasStopped ? (nil, nil) : (state.daemon, state.sweep)
        }
        guard let daemon else { return }
        core.isDraining.store(true, ordering: .sequentiallyConsistent)
        core.isStopping.store(true, ordering: .sequentiallyConsistent)
        sweep?.stop()
        quiesce()
        for connection in core.snapshot() { connection.abandon() }
        // The answers are on their way in some microseconds; a socket that does not take them is closed.
        let end = monotonicNow() + 250_000_000
        while requestsInFlight > 0, monotonicNow() < end { usleep(1000) }
        daemon.stop()
    }

    /// Closes the listening socket. Connections that wait in its queue are taken first: closing would
    /// reset them, and their requests with them.
    private func quiesce() {
        let (daemon, listener) = state.withLock { state in
            defer { state.listener = -1 }
            return (state.daemon, state.listener)
        }
        guard listener >= 0, let daemon else { return }
        daemon.quiesce()
        while daemon.takeWaiting(from: listener) {}
        close(listener)
    }
}

/// What the library's threads share.
final class ServerCore: Sendable {
    let configuration: HTTPServerConfiguration
    let accept: @Sendable (RequestHead) -> Acceptance
    let connections = Mutex<[ObjectIdentifier: Connection]>([:])
    let isDraining = Atomic(false)
    let isStopping = Atomic(false)

    init(
        _ configuration: HTTPServerConfiguration, _ accept: @escaping @Sendable (RequestHead) -> Acceptance
    ) {
        (self.configuration, self.accept) = (configuration, accept)
    }

    func snapshot() -> [Connection] { connections.withLock { Array($0.values) } }
}
