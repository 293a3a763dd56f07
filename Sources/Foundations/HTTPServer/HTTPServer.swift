internal import CMicroHTTPD
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

    package var openConnections: Int { core.connections.withLock { $0.open.count + $0.arriving.count } }

    /// Requests whose head has arrived and whose answer is not yet sent; open streams count.
    package var requestsInFlight: Int { core.snapshot().reduce(0) { $0 + ($1.phase == .head ? 0 : 1) } }

    /// Stops listening, lets begun requests finish, ends streams, closes idle connections, and stops. Answers say
    /// `Connection: close`; a client that sends one more request on a kept-alive connection is still answered. At the
    /// deadline, requests whose handlers have not finished are answered with 503; the result is then false.
    @discardableResult package func drain(deadline: Duration) async -> Bool {
        core.isDraining.store(true, ordering: .sequentiallyConsistent)
        stopAccepting()
        state.withLock { $0.sweep }?.nudge()
        let began = monotonicNow()
        var emptyRounds = 0, isDrained = false
        while !isDrained, monotonicNow() < began + deadline.nanoseconds {
            takeWaiting(closing: monotonicNow() > began + Self.handshakeTime.nanoseconds)
            // Here and not once: a stream may have begun before it could see the flag.
            for connection in core.snapshot() { connection.gate.withLock { $0.stream }?.finish() }
            // One of the library's threads may have accepted one, and on a busy machine not told of it yet.
            emptyRounds = openConnections == 0 ? emptyRounds + 1 : 0
            isDrained = emptyRounds > 10 && !isListening
            // A cancelled drain does not wait.
            do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
        }
        stop()
        return isDrained
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
        stopAccepting()
        takeWaiting(closing: true)
        for connection in core.snapshot() { connection.abandon() }
        // The answers are on their way in some microseconds; a socket that does not take them is closed.
        let end = monotonicNow() + 250_000_000
        while requestsInFlight > 0, monotonicNow() < end { usleep(1000) }
        daemon.stop()
    }

    /// Closing the listening socket would reset what its queue holds, and what has half a handshake: no more
    /// begin, and those have so long to come.
    private static let handshakeTime: Duration = .milliseconds(20)

    private var isListening: Bool { state.withLock { $0.listener >= 0 } }

    private func stopAccepting() {
        state.withLock { state in
            guard state.listener >= 0, let daemon = state.daemon else { return }
            mhd_ignore_newcomers(state.listener)
            daemon.quiesce()
        }
    }

    private func takeWaiting(closing: Bool) {
        state.withLock { state in
            guard state.listener >= 0, let daemon = state.daemon else { return }
            while daemon.takeWaiting(from: state.listener) {}
            guard closing else { return }
            close(state.listener)
            state.listener = -1
        }
    }
}

/// The state that the library's threads share.
final class ServerCore: Sendable {
    let configuration: HTTPServerConfiguration
    let accept: @Sendable (RequestHead) -> Acceptance
    let connections = Mutex(Connections())
    let isDraining = Atomic(false)
    let isStopping = Atomic(false)

    init(
        _ configuration: HTTPServerConfiguration, _ accept: @escaping @Sendable (RequestHead) -> Acceptance
    ) {
        (self.configuration, self.accept) = (configuration, accept)
    }

    func snapshot() -> [Connection] { connections.withLock { Array($0.open.values) } }

    struct Connections {
        var open: [ObjectIdentifier: Connection] = [:]
        /// The sockets that were handed to the library, and that its threads have not taken yet.
        var arriving: Set<Int32> = []
    }
}
