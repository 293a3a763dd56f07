internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// The sweep's notes on a connection, from round to round.
struct SweepNotes {
    var progress: UInt64 = 0
    /// Since when `progress` is what it is.
    var since: Int64
    /// Bytes that the socket had received by then.
    var arrived: UInt64 = 0
    /// Since when a head has been arriving.
    var headSince: Int64?
    /// The body's bytes at the beginning of the present interval.
    var bodyMark: Int64 = 0
    /// The body's bytes when its sender was first seen to have left.
    var bodyAtLeaving: Int64?

    init(openedAt: Int64) {
        since = openedAt
        headSince = openedAt
    }
}

/// Ends connections whose head or body drips: the library's timeout starts again with every byte. Also
/// beats the hearts of streams and notices readers who left a suspended one.
final class Sweep: Sendable {
    private let core: ServerCore
    private let interval: Int32  // milliseconds
    private let wake: Int32
    private let hasEnded = Atomic(false)

    /// While draining, so that idle connections do not keep the server up.
    private static let drainInterval: Int32 = 25

    init(_ core: ServerCore) {
        self.core = core
        let limits = core.configuration.limits
        let shortest = min(limits.readTimeout.nanoseconds, limits.bodyTimeout.nanoseconds, 4_000_000_000)
        interval = Int32(max(10, shortest / 4 / 1_000_000))
        wake = mhd_wake_descriptor()
    }

    deinit { close(wake) }

    func start() {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let code = unsafe pthread_create(&thread, nil, runSweep, context)
        precondition(code == 0, "no thread for the sweep")
        pthread_detach(thread)
    }

    func stop() {
        hasEnded.store(true, ordering: .releasing)
        nudge()
    }

    /// Makes the next round come at once.
    func nudge() {
        var one: UInt64 = 1
        _ = unsafe write(wake, &one, 8)
    }

    fileprivate func run() {
        while true {
            var slot = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
            var count: UInt64 = 0
            let pause =
                core.isDraining.load(ordering: .relaxed) ? min(interval, Self.drainInterval) : interval
            if unsafe poll(&slot, 1, pause) > 0 { _ = unsafe read(wake, &count, 8) }
            if hasEnded.load(ordering: .acquiring) { return }
            let now = monotonicNow()
            for connection in core.snapshot() { visit(connection, now) }
        }
    }

    private func visit(_ connection: Connection, _ now: Int64) {
        let limits = core.configuration.limits
        let progress = connection.progress.load(ordering: .relaxed)
        if progress != connection.notes.progress {
            connection.notes.progress = progress
            connection.notes.since = now
            connection.notes.headSince = nil
            connection.notes.bodyMark = 0
            connection.notes.bodyAtLeaving = nil
            connection.notes.arrived = connection.phase == .head ? connection.arrivedBytes : 0
            return
        }
        let elapsed = now - connection.notes.since
        switch connection.phase {
        case .head:
            let isQuiet = connection.arrivedBytes == connection.notes.arrived
            if isQuiet, core.isDraining.load(ordering: .relaxed), elapsed > 100_000_000 {
                return connection.closeIdle()
            }
            if !isQuiet, connection.notes.headSince == nil { connection.notes.headSince = now }
            if let begun = connection.notes.headSince, now - begun > limits.readTimeout.nanoseconds {
                connection.cutOff(progress)
            }
        case .body:
            if elapsed > limits.bodyTimeout.nanoseconds || isLeft(connection) { connection.cutOff(progress) }
        case .spooling:
            if isLeft(connection) { return connection.cutOff(progress) }
            guard elapsed > limits.bodyTimeout.nanoseconds else { return }
            let received = connection.received.load(ordering: .relaxed)
            let due = Int64(limits.bodyRateMin) * elapsed / 1_000_000_000
            if received - connection.notes.bodyMark < due { return connection.cutOff(progress) }
            connection.notes.bodyMark = received
            connection.notes.since = now
        case .busy: break
        case .streaming:
            guard let stream = connection.gate.withLock({ $0.stream }) else { return }
            if connection.readerHasLeft { stream.abort() } else { stream.beat(now: now) }
        }
    }

    /// Nobody will send the rest of the body. The library does not see the end of a connection that came
    /// together with bytes: it reads those and waits for more. Two rounds, since the last bytes may be
    /// between the socket and the handler during one.
    private func isLeft(_ connection: Connection) -> Bool {
        guard connection.senderHasLeft else {
            connection.notes.bodyAtLeaving = nil
            return false
        }
        let received = connection.received.load(ordering: .relaxed)
        defer { connection.notes.bodyAtLeaving = received }
        return connection.notes.bodyAtLeaving == received
    }
}

private func runSweep(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<Sweep>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

extension Connection {
    /// All bytes that the kernel has received on this connection, read by the library or not.
    fileprivate var arrivedBytes: UInt64 {
        gate.withLock { gate in
            guard gate.isOpen else { return 0 }
            // struct tcp_info of linux/tcp.h; glibc's own ends before tcpi_bytes_received, at offset 128.
            var info = InlineArray<32, UInt64>(repeating: 0)
            var length = socklen_t(256)
            guard unsafe getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0,
                length >= 136
            else {
                return 0
            }
            return info[16]
        }
    }

    /// POLLRDHUP, which the C library shows to GNU sources only.
    private static let peerHasClosed: Int16 = 0x2000

    /// A full close and a half close look alike; a reader of a stream does neither.
    fileprivate var readerHasLeft: Bool {
        gate.withLock { gate in
            guard gate.isOpen else { return false }
            var slot = pollfd(fd: socket, events: Self.peerHasClosed, revents: 0)
            return unsafe poll(&slot, 1, 0) > 0 && slot.revents != 0
        }
    }

    /// It has closed its side, and nothing that it sent is unread.
    fileprivate var senderHasLeft: Bool {
        gate.withLock { gate in
            guard gate.isOpen else { return false }
            var byte: UInt8 = 0
            return unsafe recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
        }
    }

    /// Ends a connection that is too slow, with 408; unless the request has got on meanwhile.
    fileprivate func cutOff(_ seen: UInt64) {
        // A peer that has sent nothing, like a browser that connects ahead, gets no answer.
        let response = arrivedBytes == 0 ? [] : core.render(core.configuration.fault(.timedOut, nil), nil)
        gate.withLock { gate in
            guard gate.isOpen, progress.load(ordering: .relaxed) == seen else { return }
            if !response.isEmpty { _ = sendRaw(response) }
            shutdown(socket, Int32(SHUT_RDWR))
        }
    }

    /// Only the receiving side: a request that has just arrived is still read, and answered.
    fileprivate func closeIdle() {
        gate.withLock { gate in
            guard gate.isOpen else { return }
            shutdown(socket, Int32(SHUT_RD))
        }
    }
}
