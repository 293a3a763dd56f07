package import Database
internal import Jobs
internal import People
internal import Tenancy

// How much an agency writes of its own accord, and how often somebody answers: kept with every change, for
// dashboards.

extension Transaction {
    /// It has left, for the first time.
    func countSent(_ message: Message, _ known: Tenant? = nil) throws {
        try note(.sent, of: message, known)
        if message.isOutreach { try count("messages.sent", 1) }
    }

    /// Somebody has answered it: to be told once for a message.
    package func countReply(to message: Message) throws {
        try note(.replied, of: message)
        if message.isOutreach { try count("messages.replied", 1) }
    }
}

extension Queryable {
    package func outreachCounts() throws -> (sent: Int, replied: Int) {
        guard limit != nil else { return (try counter("messages.sent"), try counter("messages.replied")) }
        return try first(
            """
            SELECT count(sent_at), count(replied_at) FROM messages
            WHERE tenant_id = \(tenant) AND direction = 'outbound' AND purpose = 'marketing'\(limit(on: "messages"))
            """
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    }
}

extension Message {
    /// Whether it is outbound marketing, which nobody has asked for.
    fileprivate var isOutreach: Bool { direction == .outbound && purpose == .marketing }
}
