internal import Synchronization

/// An answer whose body is read as it comes.
package struct HTTPClientStream: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: HTTPClientBody
}

/// The parts of a body, for one reader. The server is made to wait for a reader that is slow; one that leaves
/// ends the transfer.
package final class HTTPClientBody: AsyncSequence, Sendable {
    /// Hands out the parts; the body lives as long as its reader.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let body: HTTPClientBody

        /// The bytes that have come, at least one; `nil` at the end.
        package func next() async throws -> [UInt8]? { try await body.next() }
    }

    private let transfer: Transfer
    private let loop: TransferLoop

    // Without it the client would end, and the transfer with it.
    private let client: HTTPClient

    init(_ transfer: Transfer, _ loop: TransferLoop, of client: HTTPClient) {
        (self.transfer, self.loop, self.client) = (transfer, loop, client)
    }

    deinit { loop.cancel(transfer) }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

    /// The whole of what is left.
    package func collect() async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await part in self { all += part }
        return all
    }

    private func next() async throws -> [UInt8]? {
        let (transfer, loop) = (transfer, loop)
        return try await withTaskCancellationHandler {
            let (bytes, wasFull) = try await transfer.pipe.next()
            if wasFull { loop.resume(transfer) }
            return bytes
        } onCancel: {
            loop.cancel(transfer)
        }
    }
}

/// Between the thread that receives and the task that reads.
final class BodyPipe: Sendable {
    private static let waitingMax = 256 * 1024

    private typealias Reader = CheckedContinuation<([UInt8]?, Bool), any Error>

    private struct State {
        var waiting: [UInt8] = []
        var end: Result<Void, any Error>?
        var reader: Reader?
        var isFull = false
    }

    private let state = Mutex(State())

    /// False when the reader has to take something first; then the bytes are not taken.
    func push(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let bytes = unsafe Array(bytes)
        let (isTaken, reader): (Bool, Reader?) = state.withLock { state in
            if let reader = state.reader.take() { return (true, reader) }
            state.isFull = state.waiting.count >= Self.waitingMax
            if !state.isFull { state.waiting += bytes }
            return (!state.isFull, nil)
        }
        reader?.resume(returning: (bytes, false))
        return isTaken
    }

    /// Ends the body; bytes that have come are still read.
    func finish(_ end: Result<Void, any Error>) {
        let reader = state.withLock { state in
            if state.end == nil { state.end = end }
            return state.reader.take()
        }
        reader?.resume(with: end.map { (nil, false) })
    }

    /// The bytes, and whether the sender waits for this.
    func next() async throws -> ([UInt8]?, Bool) {
        try await withCheckedThrowingContinuation { continuation in
            let answer: Result<([UInt8]?, Bool), any Error>? = state.withLock { state in
                if !state.waiting.isEmpty {
                    defer { (state.waiting, state.isFull) = ([], false) }
                    return .success((state.waiting, state.isFull))
                }
                if let end = state.end { return end.map { (nil, false) } }
                precondition(state.reader == nil, "a body has one reader")
                state.reader = continuation
                return nil
            }
            if let answer { continuation.resume(with: answer) }
        }
    }
}
