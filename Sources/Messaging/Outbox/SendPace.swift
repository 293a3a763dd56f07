internal import Cryptography
internal import Database
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

extension Message {
    /// Whose turns it waits for: agents' mails to strangers come one by one.
    var paceScope: String? {
        purpose == .marketing ? agent.map(SendScope.agent) : nil
    }

    /// How long nothing follows it.
    fileprivate var gap: Duration {
        .seconds(45 + id.value.description.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 136 })
    }
}

extension Transaction {
    /// Agents do not write to strangers in bursts: between two of their mails passes a minute or three, as between
    /// a person's. The gap after a message is always the same.
    func keepPace(of message: Message) throws {
        guard let scope = message.paceScope else { return }
        try run(
            """
            INSERT INTO send_pace (tenant_id, scope, next_at) VALUES (\(tenant), \(scope), \(now + message.gap))
            ON CONFLICT (tenant_id, scope) DO UPDATE SET next_at = excluded.next_at
            """)
        try leaveTurn(of: message)
    }

    /// When a message may go. Each that waits has a time of its own, behind all that wait already, so that it is looked
    /// at once more and not whenever another has gone. One that has missed its turn, say in somebody's night, gets the
    /// next that is free.
    func turn(of message: Message, _ scope: String) throws -> Instant? {
        let (known, next) = (
            try first(turnOfMessage, [tenant.sqlValue, message.id.sqlValue]) { $0.instant(0) },
            try first(nextOfScope, [tenant.sqlValue, scope.sqlValue]) { $0.optionalInstant(0) }.flatMap { $0 }
        )
        if let known {
            if known > now { return known }
            // The one before it may have gone a little late.
            if known + .seconds(300) >= now, next.map({ $0 <= now + .seconds(30) }) ?? true { return nil }
        }
        let free = try first(freeOfScope, [tenant.sqlValue, scope.sqlValue]) { $0.optionalInstant(0) }
            .flatMap { $0 }
        let turn = max(now, next ?? now, free ?? now)
        guard turn > now else { return nil }
        try run(
            takeTurn,
            [
                tenant.sqlValue, message.id.sqlValue, scope.sqlValue, turn.sqlValue,
                (turn + message.gap).sqlValue,
            ])
        return turn
    }

    /// It has gone, or goes no more.
    func leaveTurn(of message: Message) throws {
        guard message.paceScope != nil else { return }
        try run("DELETE FROM send_turns WHERE tenant_id = \(tenant) AND message_id = \(message.id)")
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
