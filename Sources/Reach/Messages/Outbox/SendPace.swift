internal import Cryptography
package import Database
internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Telemetry

extension Message {
    /// The type of what causes the messages that bring one content to many.
    package static let contentCause = "distribution"

    /// The queue in which the message waits: mails from agents to strangers leave one by one. Content is for readers,
    /// who know that it goes to many.
    var paceScope: String? {
        guard purpose == .marketing, cause["type"]?.text != Self.contentCause else { return nil }
        return agent.map(SendScope.agent)
    }

    /// The time for which no other message of the queue may follow.
    fileprivate var gap: Duration {
        .seconds(45 + id.value.description.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 136 })
    }
}

/// Turns of mails that leave one by one: `tx.sendPace`.
package struct SendPaceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var sendPace: SendPaceStore<Self> { SendPaceStore(tx: self) }
}

extension SendPaceStore where Base == Transaction {
    /// Takes a turn for the message. Agents do not write to strangers in bursts: as with a person, one to three
    /// minutes pass between two of their mails. The gap after a given message is always the same.
    func keep(of message: Message) throws {
        guard let scope = message.paceScope else { return }
        try tx.run(
            """
            INSERT INTO send_pace (tenant_id, scope, next_at) VALUES (\(tx.tenant), \(scope), \(tx.now + message.gap))
            ON CONFLICT (tenant_id, scope) DO UPDATE SET next_at = excluded.next_at
            """)
        try leaveTurn(of: message)
    }

    /// Returns when a message may leave. Each waiting message has a turn of its own, behind all others, so that it is
    /// looked at once more and not each time another one has left. A message that misses its turn, for instance
    /// because it is night at the recipient's, gets the next free one.
    func turn(of message: Message, _ scope: String) throws -> Instant? {
        let (known, next) = (
            try tx.first(turnOfMessage, [tx.tenant.sqlValue, message.id.sqlValue]) { $0.instant(0) },
            try tx.first(nextOfScope, [tx.tenant.sqlValue, scope.sqlValue]) { $0.optionalInstant(0) }.flatMap
            { $0 }
        )
        if let known {
            if known > tx.now { return known }
            // The previous message may have left a little late.
            if known + .seconds(300) >= tx.now, next.map({ $0 <= tx.now + .seconds(30) }) ?? true {
                return nil
            }
        }
        let free = try tx.first(freeOfScope, [tx.tenant.sqlValue, scope.sqlValue]) { $0.optionalInstant(0) }
            .flatMap { $0 }
        let turn = max(tx.now, next ?? tx.now, free ?? tx.now)
        guard turn > tx.now else { return nil }
        try tx.run(
            takeTurn,
            [
                tx.tenant.sqlValue, message.id.sqlValue, scope.sqlValue, turn.sqlValue,
                (turn + message.gap).sqlValue,
            ])
        return turn
    }

    /// Frees the turn of a message that has left, or that will not leave any more.
    func leaveTurn(of message: Message) throws {
        guard message.paceScope != nil else { return }
        try tx.run("DELETE FROM send_turns WHERE tenant_id = \(tx.tenant) AND message_id = \(message.id)")
    }
}

private let turnOfMessage = Statement("SELECT at FROM send_turns WHERE tenant_id = $1 AND message_id = $2")

private let nextOfScope = Statement("SELECT next_at FROM send_pace WHERE tenant_id = $1 AND scope = $2")

private let freeOfScope = Statement("SELECT max(free_at) FROM send_turns WHERE tenant_id = $1 AND scope = $2")

private let takeTurn = Statement(
    """
    INSERT INTO send_turns (tenant_id, message_id, scope, at, free_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (tenant_id, message_id) DO UPDATE SET at = excluded.at, free_at = excluded.free_at
    """)
