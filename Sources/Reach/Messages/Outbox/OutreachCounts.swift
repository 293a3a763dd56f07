package import Database
internal import Jobs
internal import People
internal import Tenancy

// How much an agency writes of its own accord, and how often somebody answers: kept with every change, for
// dashboards.

package extension OutboxStore where Base == Transaction {
    /// It has left, for the first time.
    internal func countSent(_ message: Message, _ known: Tenant? = nil) throws {
        try tx.messages.note(.sent, of: message, known)
        if let contact = message.contactID {
            try tx.preferences.noteSent(
                to: contact, on: message.channel, text: message.text, content: message.content)
        }
        if message.isOutreach { try tx.counters.count("messages.sent", 1) }
    }

    /// Somebody has answered it: to be told once for a message.
    func countReply(to message: Message) throws {
        try tx.messages.note(.replied, of: message)
        if message.isOutreach { try tx.counters.count("messages.replied", 1) }
    }
}

extension OutboxStore {
    package func outreachCounts() throws -> (sent: Int, replied: Int) {
        guard tx.limit != nil else {
            return (try tx.counters.find("messages.sent"), try tx.counters.find("messages.replied"))
        }
        return try tx.first(
            """
            SELECT count(sent_at), count(replied_at) FROM messages
            WHERE tenant_id = \(tx.tenant) AND direction = 'outbound' AND purpose = 'marketing'\(tx.limit(on: "messages"))
            """
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    }
}

extension Message {
    /// The type of content that it brings, if it is one that people may want or not.
    var content: Preference.Content? { topic.flatMap { Preference.Content(rawValue: $0) } }

    /// Whether it is outbound marketing, which nobody has asked for.
    fileprivate var isOutreach: Bool { direction == .outbound && purpose == .marketing }
}
