/// A request whose body, if its policy asked for one, has arrived.
package struct Request: Sendable {
    package let head: RequestHead
    package let body: RequestBody

    package init(head: RequestHead, body: RequestBody) {
        self.head = head
        self.body = body
    }
}

/// A request's body, as its policy had it kept.
package enum RequestBody: Sendable {
    case empty
    case bytes([UInt8])
    case spooled(SpooledBody)
}

/// The verdict on a request's head, before any byte of its body is read.
package enum Acceptance: Sendable {
    /// Answered without the body: a small one is dropped and the connection lives, a large one ends it.
    case reject(Response)
    case proceed(BodyPolicy, @Sendable (Request) -> Reply)
}

/// The way to deal with a request's body. Above `limit` bytes the answer is 413.
package enum BodyPolicy: Sendable {
    /// A body is dropped.
    case none
    case buffered(limit: Int)
    case spooled(limit: Int64)
}

/// The time and thread at which an accepted request is answered.
package enum Reply: Sendable {
    /// Made on the connection's thread: for work that neither waits nor takes long.
    case now(Response)
    /// The connection is suspended, then the closure is called on its thread: it hands the exchange on
    /// and returns.
    case later(@Sendable (Exchange) -> Void)
}
