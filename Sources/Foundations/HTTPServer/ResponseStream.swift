internal import CMicroHTTPD
internal import Glibc
internal import Synchronization
internal import Wire

/// A response's body that is written bit by bit, no faster than its reader takes it.
///
/// A stream that is created must go into a response: what nobody reads fills up and waits.
package final class ResponseStream: Sendable {
    /// Sent when nothing else was for `interval`, so that a reader who vanished is noticed.
    package struct Heartbeat: Sendable {
        package var bytes: [UInt8]
        package var interval: Duration

        package init(bytes: [UInt8] = ServerSentEvent.comment, interval: Duration = .seconds(15)) {
            (self.bytes, self.interval) = (bytes, interval)
        }
    }

    /// The reader has gone, or the server ends: nothing more can be written.
    package struct Closed: Error {}

    private struct Waiter {
        var id: UInt64
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var chunks: [[UInt8]] = []
        var first = 0  // chunks before it are spent
        var offset = 0  // into chunks[first]
        var waiting = 0  // bytes
        var isFinished = false
        var isAborted = false
        var isClosed = false
        var waiters: [Waiter] = []
        var nextWaiter: UInt64 = 0
        var lastWrite: Int64 = 0
        var connection: ConnectionHandle?
        var isSuspended = false
        var gzip: GzipEncoder?
        var onClose: (@Sendable () -> Void)?
    }

    private let heartbeat: Heartbeat?
    private let waitingMax: Int
    private let state: Mutex<State>

    /// `onClose` is called once, from any thread: after the last byte, when the reader has gone, or when
    /// the stream was never sent at all.
    package init(
        heartbeat: Heartbeat? = nil, waitingMax: Int = 256 * 1024, onClose: (@Sendable () -> Void)? = nil
    ) {
        self.heartbeat = heartbeat
        self.waitingMax = waitingMax
        state = Mutex(State())
        state.withLock {
            $0.onClose = onClose
            $0.lastWrite = monotonicNow()
        }
    }

    /// The stream has ended, by `finish()` and the last byte or by the reader's leaving.
    package var isClosed: Bool { state.withLock { $0.isClosed || $0.isAborted } }

    /// Returns when fewer than `waitingMax` bytes wait. Throws `Closed` when nobody reads any more or
    /// `finish()` was called, `CancellationError` when the task was cancelled.
    package func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        let mustWait = try state.withLock { state throws(Closed) in
            guard !state.isClosed, !state.isAborted, !state.isFinished else { throw Closed() }
            Self.enqueue(bytes, &state)
            return state.waiting > waitingMax
        }
        if mustWait { try await waitForRoom() }
    }

    /// No more will be written; what waits is still sent. May be called again.
    package func finish() {
        let waiters = state.withLock { state in
            state.isFinished = true
            Self.wake(&state)
            return Self.takeWaiters(&state)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: Closed()) }
    }

    private func waitForRoom() async throws {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let verdict: Result<Void, any Error>? = state.withLock { state in
                    if state.isClosed || state.isAborted || state.isFinished { return .failure(Closed()) }
                    // Cancelled before it waited: the handler below found nobody to tell.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.waiting <= waitingMax { return .success(()) }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let verdict { continuation.resume(with: verdict) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    // MARK: The connection's side

    /// Before the response is queued, on the connection's thread.
    func attach(to connection: ConnectionHandle) { state.withLock { $0.connection = connection } }

    func compress() { state.withLock { $0.gzip = GzipEncoder(level: 4) } }

    /// Fills the socket's buffer; called on the connection's thread only. 0 suspends the connection
    /// until there is more, -1 ends the body, -2 breaks the connection off.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        // The buffer is the caller's own and outlives the call.
        nonisolated(unsafe) let buffer = unsafe buffer
        let (count, waiters) = state.withLock { state -> (Int, [Waiter]) in
            if state.isAborted { return (-2, []) }
            var count = 0
            if let gzip = state.gzip {
                count = unsafe Self.deflate(&state, gzip, into: buffer)
            } else {
                count = unsafe Self.copy(&state, into: buffer)
            }
            if count == 0 {
                if state.isFinished { return (-1, []) }
                if let connection = state.connection {
                    state.isSuspended = true
                    connection.suspend()
                }
            }
            // Half empty: the producer works in bursts instead of chunk by chunk.
            return (count, state.waiting <= waitingMax / 2 ? Self.takeWaiters(&state) : [])
        }
        for waiter in waiters { waiter.continuation.resume() }
        return count
    }

    /// The response is gone: sent, broken off or never queued.
    func close() {
        let (waiters, onClose) = state.withLock { state in
            let onClose = state.onClose
            state.onClose = nil
            state.isClosed = true
            state.connection = nil
            state.isSuspended = false
            state.chunks = []
            (state.first, state.offset, state.waiting) = (0, 0, 0)
            state.gzip = nil
            return (Self.takeWaiters(&state), onClose)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: Closed()) }
        onClose?()
    }

    /// The producer has failed, the reader is known to have gone, or the server cannot wait: the connection is
    /// broken off, so that nobody takes what was sent for the whole.
    package func abort() {
        let waiters = state.withLock { state in
            state.isAborted = true
            Self.wake(&state)
            return Self.takeWaiters(&state)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: Closed()) }
    }

    func beat(now: Int64) {
        guard let heartbeat else { return }
        state.withLock { state in
            guard !state.isClosed, !state.isFinished, state.waiting == 0,
                now - state.lastWrite >= heartbeat.interval.nanoseconds
            else { return }
            Self.enqueue(heartbeat.bytes, &state)
        }
    }

    private static func enqueue(_ bytes: [UInt8], _ state: inout State) {
        guard !bytes.isEmpty else { return }
        state.lastWrite = monotonicNow()
        if state.isSuspended, state.gzip == nil, let connection = state.connection {
            switch connection.send(chunk: bytes) {
            case .whole: return
            case .none: break
            // Its rest would come as a chunk of its own.
            case .part: state.isAborted = true
            }
        }
        state.chunks.append(bytes)
        state.waiting += bytes.count
        wake(&state)
    }

    /// Under the lock, so that the connection cannot end in between.
    private static func wake(_ state: inout State) {
        guard state.isSuspended, let connection = state.connection else { return }
        state.isSuspended = false
        connection.resume()
    }

    private static func takeWaiters(_ state: inout State) -> [Waiter] {
        let waiters = state.waiters
        if !waiters.isEmpty { state.waiters = [] }
        return waiters
    }

    private static func copy(_ state: inout State, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        while count < buffer.count, state.first < state.chunks.count {
            let length = min(buffer.count - count, state.chunks[state.first].count - state.offset)
            unsafe state.chunks[state.first].withUnsafeBytes { chunk in
                unsafe buffer.baseAddress!.advanced(by: count).copyMemory(
                    from: chunk.baseAddress!.advanced(by: state.offset), byteCount: length)
            }
            count += length
            spend(length, &state)
        }
        return count
    }

    private static func deflate(
        _ state: inout State, _ gzip: GzipEncoder, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var count = 0
        while count < buffer.count {
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            if state.first < state.chunks.count {
                let offset = state.offset
                let (read, written) = unsafe state.chunks[state.first].withUnsafeBytes { chunk in
                    unsafe gzip.encode(
                        UnsafeRawBufferPointer(rebasing: chunk[offset...]), into: room, last: false)
                }
                spend(read, &state)
                count += written
            } else {
                guard state.isFinished, !gzip.isDone else { break }
                count += unsafe gzip.encode(
                    UnsafeRawBufferPointer(start: nil, count: 0), into: room, last: true
                ).written
            }
        }
        return count
    }

    private static func spend(_ count: Int, _ state: inout State) {
        state.waiting -= count
        state.offset += count
        guard state.offset == state.chunks[state.first].count else { return }
        state.chunks[state.first] = []
        state.first += 1
        state.offset = 0
        if state.first == state.chunks.count || state.first > 256 {
            state.chunks.removeFirst(state.first)
            state.first = 0
        }
    }
}

/// The library asks for more of a stream. Its context is the retained stream.
func readStream(
    _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int
) -> Int {
    guard let context = unsafe context, let buffer = unsafe buffer else { return -2 }
    let stream = unsafe Unmanaged<ResponseStream>.fromOpaque(context).takeUnretainedValue()
    return unsafe stream.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
}

func releaseStream(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    unsafe Unmanaged<ResponseStream>.fromOpaque(context).takeRetainedValue().close()
}
