package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
package import Telemetry

/// The calls of connectors that were let out, by their keys, and what became of each: `tx.connectorCalls`.
package struct ConnectorCallStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var connectorCalls: ConnectorCallStore<Self> { ConnectorCallStore(tx: self) }
}

extension ConnectorCallStore {
    /// Returns whether the last attempt under a key has taken effect, or may have.
    package func isDone(key: some Key) throws -> Bool {
        try tx.toolCalls.all(key: key.keyText).last.map { $0.state == .succeeded || $0.isAmbiguous } ?? false
    }

    /// Returns whether an attempt under a key was begun and is not settled.
    package func isUnderWay(key: some Key) throws -> Bool {
        try tx.toolCalls.all(key: key.keyText).contains { $0.state == .held }
    }

    fileprivate func held(key: String, attempt: Int) throws -> OpenConnectorCall? {
        try tx.first(
            readHeldReach, [tx.tenant.sqlValue, key.sqlValue, attempt.sqlValue], OpenConnectorCall.init)
    }
}

package extension ConnectorCallStore where Base == Transaction {
    /// Books, as the gate's `settle` does, how an attempt that was cut off with its process has ended. Answers whether
    /// it was under way.
    @discardableResult
    func settle(
        key: some Key, attempt: Int, _ end: ConnectorCallEnd, _ usage: ToolUsage? = nil,
        took: Duration = .zero,
        _ reach: ConnectorCall = ConnectorCall()
    ) throws -> Bool {
        let key = key.keyText
        guard let call = try held(key: key, attempt: attempt) else { return false }
        return try book(
            call, key: key, attempt: attempt, end, usage, took: took, reach, hasBudget: true, tx.zone(),
            TimeSpan.ofOutcomes)
    }

    /// Books the end of a call, in figures and budgets, unless that was done before.
    internal func book(
        _ call: OpenConnectorCall, key: String, attempt: Int, _ end: ConnectorCallEnd, _ usage: ToolUsage?,
        took: Duration,
        _ reach: ConnectorCall, hasBudget: Bool, _ zone: TimeZoneRules, _ spans: [TimeSpan]
    ) throws -> Bool {
        let usage = usage ?? (end.hasLeft ? call.usage : ToolUsage())
        let took = tx.sandboxClock.isSandbox ? .zero : took
        let settled = try tx.run(
            settleReachStatement,
            [
                tx.tenant.sqlValue, key.sqlValue, attempt.sqlValue, end.state.rawValue.sqlValue,
                (end.failure?.json.serialized).sqlValue, usage.cost.sqlValue, reach.bytes.sqlValue,
                took.microseconds.sqlValue, tx.now.sqlValue, usage.tokens.sqlValue,
            ])
        guard settled == 1 else { return false }
        if let failure = end.failure, !tx.sandboxClock.isSandbox {
            try tx.failures.book(.init(.service, call.connector, code: failure.code, failure.detail))
        }
        if hasBudget { try tx.budgets.settle(key: key, attempt: attempt, usage) }
        try tx.effectUse.count(
            usage, bytes: reach.bytes, took: took, end.failure, of: call.tool, by: call.connector,
            for: call.caller, beganAt: call.startedAt, zone)
        try tx.toolUse.countOutcome(
            of: call.tool, beganAt: call.startedAt, failed: end.failure != nil, cost: usage.cost, took: took,
            zone, in: spans)
        try tx.serviceQuotas.note(reach, of: call.connector, toCallOf: call.startedAt)
        return true
    }

    /// Keeps and counts a call that was made without asking the gate, because nothing leaves by it: a person's test.
    func keep(
        _ request: ToolRequest, to connector: some Key, _ end: ConnectorCallEnd, took: Duration = .zero
    ) throws {
        let connector = connector.keyText
        try tx.toolCalls.insert(request, "", provider: connector, state: .held)
        try settle(key: request.key, attempt: request.attempt, end, took: took)
    }

    /// Settles a call in doubt, of which somebody knows now what became of it.
    func resolve(key: some Key, _ end: ConnectorCallEnd) throws {
        try tx.run(
            """
            UPDATE tool_calls SET state = \(end.state.rawValue),
                error = CASE WHEN \(end.hasLeft ? 1 : 0) = 1 THEN NULL ELSE error END
            WHERE tenant_id = \(tx.tenant) AND key = \(key.keyText) AND state = 'unknown'
            """)
    }

    /// Returns the number of the next attempt under a key. One that began longer ago than an attempt may take was cut
    /// off with its process, and stays in doubt.
    func nextAttempt(key: String, limit: Duration) throws -> Int {
        try giveUp(key: key, before: tx.now - limit)
        return (try tx.toolCalls.all(key: key).last?.attempt ?? 0) + 1
    }

    /// Returns whether the last attempt under a key was cut off with its process: nobody knows what became of it, and
    /// it counts as one that has taken effect.
    func wasCutOff(key: String) throws -> Bool {
        try giveUp(key: key)
        return try tx.toolCalls.all(key: key).last?.isInDoubt ?? false
    }

    /// Settles the attempts under a key that were cut off with their process: they may have taken effect.
    func giveUp(key: String, before limit: Instant? = nil) throws {
        for call in try tx.toolCalls.all(key: key) where call.state == .held {
            if let limit, call.startedAt > limit { continue }
            try settle(key: key, attempt: call.attempt, .unknown(.interrupted))
        }
    }
}

/// A call that is under way, as it is needed to settle it.
struct OpenConnectorCall: StoredRow {
    let tool: String, connector: String
    let caller: ToolCaller
    let usage: ToolUsage
    let startedAt: Instant

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (tool, connector) = (row.text("tool"), row.text("provider"))
        var caller = ToolCaller(
            actor: .system, agent: row.optionalText("agent"), clientID: row.optionalID("client_id"))
        caller.campaignID = row.optionalText("campaign_id")
        self.caller = caller
        usage = ToolUsage(cost: row.int64("cost"), sends: 1, calls: 1)
        startedAt = row.instant("started_at")
    }

    init(of permit: Permit) {
        (tool, connector) = (permit.request.tool, permit.connector.id)
        (caller, usage, startedAt) = (permit.request.caller, permit.estimate, permit.beganAt)
    }
}

private let readHeldReach = Statement(
    """
    SELECT \(OpenConnectorCall.columns) FROM tool_calls
    WHERE tenant_id = $1 AND key = $2 AND attempt = $3 AND state = 'held'
    """)

private let settleReachStatement = Statement(
    """
    UPDATE tool_calls SET state = $4, error = $5, cost = $6, bytes = $7, duration = $8, finished_at = $9,
        tokens = $10
    WHERE tenant_id = $1 AND key = $2 AND attempt = $3 AND state = 'held'
    """)
