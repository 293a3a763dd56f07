package import Database
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

// The rest of a limit near its end goes to those who wait for it, one after the other: each takes a turn, which
// counts as used. A turn that was not used is free again once its window is over.

/// Turns that effects have taken where the rest of a limit is spread: `tx.connectorTurns`.
package struct ConnectorTurnStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var connectorTurns: ConnectorTurnStore<Self> { ConnectorTurnStore(tx: self) }
}

extension ConnectorTurnStore {
    /// Returns the number of turns that others have taken between now and a time.
    func taken(of connector: String, until end: Instant, except key: String) throws -> Int {
        try tx.first(
            countTurns,
            [
                tx.tenant.sqlValue, connector.sqlValue, (tx.now - graceOfTurns).sqlValue, end.sqlValue,
                key.sqlValue,
            ]
        ) { $0.int(0) } ?? 0
    }

    func find(of key: String, with connector: String) throws -> Instant? {
        try tx.first(readTurn, [tx.tenant.sqlValue, connector.sqlValue, key.sqlValue]) { $0.instant(0) }
    }
}

package extension ConnectorTurnStore where Base == Transaction {
    /// Takes a turn for an effect where that is what it waits for; answers why it waits, as of now, or `nil` where it
    /// need not.
    func waitFor(
        _ connector: Connector, _ tool: String, key: some Key, _ zone: TimeZoneRules
    ) throws -> ConnectorRefusal? {
        let key = key.keyText
        // One waiter at a time: on a server, two that looked at once would take the same turn.
        try tx.run(
            takeTurn, [tx.tenant.sqlValue, connector.id.sqlValue, "".sqlValue, Instant(seconds: 0).sqlValue])
        guard let refusal = try tx.connectors.refusal(of: connector, tool, key: key, zone) else { return nil }
        if refusal.cause == .spread {
            try tx.run(
                takeTurn,
                [tx.tenant.sqlValue, connector.id.sqlValue, key.sqlValue, refusal.until.sqlValue])
        }
        return refusal
    }

    internal func leave(of key: String, with connector: String) throws {
        try tx.run(
            endTurn,
            [tx.tenant.sqlValue, connector.sqlValue, key.sqlValue, (tx.now - .seconds(3600)).sqlValue])
    }
}

// The moment that a connector's pacing keeps between its calls: a row of `connector_pace` for each limit.

extension ConnectorTurnStore {
    func pace(of connector: String, _ span: TimeSpan) throws -> Instant? {
        try tx.first(readPace, [tx.tenant.sqlValue, connector.sqlValue, span.rawValue.sqlValue]) {
            $0.instant(0)
        }
    }
}

extension ConnectorTurnStore where Base == Transaction {
    /// Notes for the connector's pacing that a call goes now.
    func keepPace(of connector: Connector, _ zone: TimeZoneRules) throws {
        let pacing = connector.pacing.algorithm
        guard pacing.hasMemory else { return }
        for span in TimeSpan.allCases {
            guard let limit = connector.limits[span] else { continue }
            let (start, end) = span.bounds(around: tx.now, zone)
            let kept = pacing.keep(
                try pace(of: connector.id, span), in: PacedWindow(limit: limit, from: start, to: end),
                at: tx.now
            )
            try tx.run(
                storePace,
                [tx.tenant.sqlValue, connector.id.sqlValue, span.rawValue.sqlValue, kept.sqlValue])
        }
    }
}

private let readPace = Statement(
    "SELECT at FROM connector_pace WHERE tenant_id = $1 AND connector = $2 AND span = $3")

private let storePace = Statement(
    """
    INSERT INTO connector_pace (tenant_id, connector, span, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, connector, span) DO UPDATE SET at = excluded.at
    """)

/// The longest delay of an effect after its turn.
private let graceOfTurns: Duration = .seconds(20)

private let countTurns = Statement(
    """
    SELECT count(*) FROM connector_turns
    WHERE tenant_id = $1 AND connector = $2 AND at >= $3 AND at < $4 AND key <> $5
    """)

private let readTurn = Statement(
    "SELECT at FROM connector_turns WHERE tenant_id = $1 AND connector = $2 AND key = $3")

private let takeTurn = Statement(
    """
    INSERT INTO connector_turns (tenant_id, connector, key, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, connector, key) DO UPDATE SET at = excluded.at
    """)

/// Old turns of others, which were not used, go along.
private let endTurn = Statement(
    "DELETE FROM connector_turns WHERE tenant_id = $1 AND connector = $2 AND (key = $3 OR at < $4)")
