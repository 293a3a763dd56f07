package import Database
internal import Jobs
internal import People
internal import Tenancy

/// Counts of what an agency writes of its own accord and of the answers to it, kept with every change for
/// dashboards: `tx.outreachCounts`.
package struct OutreachCountStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var outreachCounts: OutreachCountStore<Self> { OutreachCountStore(tx: self) }
}

extension OutreachCountStore where Base == Transaction {
    /// It has left, for the first time.
    func noteSent(_ message: Message, _ known: Tenant? = nil) throws {
        try tx.messages.note(.sent, of: message, known)
        if let contact = message.contactID {
            try tx.preferences.noteSent(
                to: contact, on: message.channel, text: message.text, content: message.content)
        }
        if message.isOutreach { try tx.counters.count("messages.sent", 1) }
    }

    /// Somebody has answered it: to be told once for a message.
    func noteReply(to message: Message) throws {
        try tx.messages.note(.replied, of: message)
        if message.isOutreach { try tx.counters.count("messages.replied", 1) }
    }
}

extension OutreachCountStore {
    /// Returns both numbers of all time, or of what a limited caller may see.
    package func all() throws -> (sent: Int, replied: Int) {
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
