internal import Synchronization

/// A request whose answer comes later, from any thread. An exchange that is let go without an answer
/// answers 500 by itself, so a connection never hangs.
package final class Exchange: Sendable {
    package let head: RequestHead
    private let connection: Connection
    private let serial: UInt64
    private let isAnswered = Atomic(false)

    init(head: RequestHead, connection: Connection, serial: UInt64) {
        (self.head, self.connection, self.serial) = (head, connection, serial)
    }

    deinit {
        guard !isAnswered.load(ordering: .relaxed) else { return }
        let core = connection.core, head = head
        connection.answer(serial) { core.configuration.fault(.unanswered, head) }
    }

    /// Answers. Only the first call counts; the answer is dropped when the server has answered for the
    /// handler, as it does at a drain's deadline.
    package func respond(_ response: Response) {
        guard !isAnswered.exchange(true, ordering: .relaxed) else {
            return response.abandon()
        }
        connection.answer(serial) { response }
    }

    /// Answers with what the closure makes, on the connection's thread: callers have other things to do.
    package func respond(making response: @escaping @Sendable () -> Response) {
        guard !isAnswered.exchange(true, ordering: .relaxed) else { return response().abandon() }
        connection.answer(serial, response)
    }
}
