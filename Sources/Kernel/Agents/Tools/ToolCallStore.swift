internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// One attempt of a call, as it is kept.
package struct StoredToolCall: StoredRow {
    package enum State: String, CaseIterable {
        case held, succeeded, captured, observed, failed, abandoned, unknown

        /// Its effect is there, and its result stands for every later attempt under its key.
        var isDone: Bool { self == .succeeded || self == .captured || self == .observed }
    }

    let attempt: Int, round: Int
    let state: State
    let tool: String, provider: String
    let result: JSON
    let error: JSON?
    let startedAt: Instant

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (attempt, round) = (row.int("attempt"), row.int("round"))
        state = State(rawValue: row.text("state")) ?? .failed
        (tool, provider) = (row.text("tool"), row.text("provider"))
        result = row.optionalText("result").map { JSON(stored: $0) } ?? .null
        error = row.optionalText("error").map { JSON(stored: $0) }
        startedAt = row.instant("started_at")
    }

    func isHeld(_ attempt: Int) -> Bool { state == .held && self.attempt == attempt }

    /// Whether it may have taken effect.
    var isAmbiguous: Bool { isInDoubt || error?["ambiguous"]?.flag == true }
    /// Whether nobody knows what became of it.
    var isInDoubt: Bool { [.held, .abandoned, .unknown].contains(state) }
}

/// Calls of tools, by the keys of their effects: `tx.toolCalls`.
struct ToolCallStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var toolCalls: ToolCallStore<Self> { ToolCallStore(tx: self) }
}

extension ToolCallStore {
    /// The attempts under a key, in their order.
    func all(key: String) throws -> [StoredToolCall] {
        try tx.all(toolCallsByKey, [tx.tenant.sqlValue, key.sqlValue], StoredToolCall.init)
    }

    /// Returns whether a run's last calls of a tool with the same arguments, at least `limit` of them, have
    /// all come to the same.
    func repeats(
        of tool: String, _ argumentsHash: String, inRun run: RunID, except key: String, limit: Int
    ) throws -> Bool {
        let results = try tx.all(
            repeatedCalls,
            [
                tx.tenant.sqlValue, run.sqlValue, tool.sqlValue, argumentsHash.sqlValue, key.sqlValue,
                limit.sqlValue,
            ]
        ) { $0.text(0) }
        return results.count >= limit && Set(results).count == 1
    }

    func cachedResult(of tool: String, _ argumentsHash: String) throws -> JSON? {
        try tx.first(
            readToolCache, [tx.tenant.sqlValue, tool.sqlValue, argumentsHash.sqlValue, tx.now.sqlValue]
        ) { JSON(stored: $0.text(0)) }
    }
}

extension ToolCallStore where Base == Transaction {
    /// Answers the round of the attempt: 1, or one more than that of the same attempt before, which has failed.
    @discardableResult
    func insert(
        _ request: ToolRequest, _ argumentsHash: String, provider: String, state: StoredToolCall.State,
        cost: Int64 = 0, result: JSON? = nil, error: JSON? = nil, why: CallReason? = nil
    ) throws -> Int {
        let (caller, text) = (request.caller, result?.serialized)
        let round = try tx.first(
            insertCall,
            [
                tx.tenant.sqlValue, tx.makeID("call_").sqlValue, request.key.sqlValue,
                request.attempt.sqlValue,
                request.tool.sqlValue, provider.sqlValue, caller.agent.sqlValue, caller.runID.sqlValue,
                caller.actor.kind.rawValue.sqlValue, caller.actor.id.sqlValue, argumentsHash.sqlValue,
                state.rawValue.sqlValue, text.sqlValue, text.map(resultHash).sqlValue,
                (error?.serialized).sqlValue, cost.sqlValue, tx.now.sqlValue,
                (state == .held ? nil : tx.now).sqlValue, caller.clientID.sqlValue,
                caller.campaignID.sqlValue,
                (caller.subject?.type).sqlValue, (caller.subject?.id).sqlValue, caller.decisionID.sqlValue,
                (why?.code.rawValue).sqlValue, (why?.detail).sqlValue,
            ]
        ) { $0.int(0) }
        // Each that does takes twenty along.
        if request.key.utf8.reduce(0, { $0 &+ Int($1) }) & 7 == 0 { try prune() }
        return round ?? 1
    }

    func takeOver(_ call: StoredToolCall, key: String) throws -> Int {
        try tx.run(
            takeOverCall, [tx.tenant.sqlValue, key.sqlValue, call.attempt.sqlValue, call.round.sqlValue])
        return call.round + 1
    }

    /// Other attempts under the key that were never settled may have gone out.
    func abandon(key: String, except attempt: Int) throws {
        try tx.run(abandonCalls, [tx.tenant.sqlValue, key.sqlValue, attempt.sqlValue, tx.now.sqlValue])
    }

    func cache(_ result: String, of tool: String, _ argumentsHash: String, for time: Duration) throws {
        try tx.run(
            storeToolCache,
            [
                tx.tenant.sqlValue, tool.sqlValue, argumentsHash.sqlValue, result.sqlValue,
                (tx.now + time).sqlValue,
            ])
        try tx.run(pruneToolCache, [tx.tenant.sqlValue, tx.now.sqlValue])
    }

    /// One new row in eight takes up to twenty old ones along, so that none is kept much longer than it is of use, and
    /// pruning never takes long.
    private func prune() throws {
        try tx.run(pruneCalls, [tx.tenant.sqlValue, (tx.now - toolCallRetention).sqlValue])
    }
}

/// The log of calls, and what repeated keys are answered from, goes back this far.
private let toolCallRetention: Duration = .seconds(30 * 86_400)

/// Tells results apart; FNV-1a, which is the same in every process.
func resultHash(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
}

private let toolCallsByKey = Statement(
    """
    SELECT \(StoredToolCall.columns) FROM tool_calls WHERE tenant_id = $1 AND key = $2 ORDER BY attempt
    """)

/// Reads the results of a run's other calls with the same arguments. A call that failed has none: it has come to the
/// same as others that failed.
private let repeatedCalls = Statement(
    """
    SELECT coalesce(result_hash, '') FROM tool_calls
    WHERE tenant_id = $1 AND run_id = $2 AND tool = $3 AND arguments_hash = $4 AND attempt = 1 AND key <> $5
        AND state <> 'held' AND run_id IS NOT NULL ORDER BY id DESC LIMIT $6
    """)

private let insertCall = Statement(
    """
    INSERT INTO tool_calls (tenant_id, id, key, attempt, round, tool, provider, agent, run_id, actor_type, actor_id,
        arguments_hash, state, result, result_hash, error, cost, tokens, duration, started_at, finished_at, client_id,
        campaign_id, subject_type, subject_id, decision_id, why_code, why_detail)
    VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, $17, $18, $19, $20, $21,
        $22, $23, $24, $25)
    ON CONFLICT (tenant_id, key, attempt) DO UPDATE SET round = tool_calls.round + 1, provider = excluded.provider,
        arguments_hash = excluded.arguments_hash, state = excluded.state, result = excluded.result,
        result_hash = excluded.result_hash, error = excluded.error, cost = excluded.cost,
        started_at = excluded.started_at, finished_at = excluded.finished_at, why_code = excluded.why_code,
        why_detail = excluded.why_detail
    RETURNING round
    """)

private let takeOverCall = Statement(
    """
    UPDATE tool_calls SET round = round + 1
    WHERE tenant_id = $1 AND key = $2 AND attempt = $3 AND round = $4 AND state = 'held'
    """)

private let abandonCalls = Statement(
    """
    UPDATE tool_calls SET state = 'abandoned', finished_at = $4
    WHERE tenant_id = $1 AND key = $2 AND attempt <> $3 AND state = 'held'
    """)

private let readToolCache = Statement(
    """
    SELECT result FROM tool_cache
    WHERE tenant_id = $1 AND tool = $2 AND arguments_hash = $3 AND expires_at > $4
    """)

private let storeToolCache = Statement(
    """
    INSERT INTO tool_cache (tenant_id, tool, arguments_hash, result, expires_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (tenant_id, tool, arguments_hash) DO UPDATE SET result = excluded.result,
        expires_at = excluded.expires_at
    """)

private let pruneToolCache = Statement(
    """
    DELETE FROM tool_cache WHERE tenant_id = $1 AND (tool, arguments_hash) IN (
        SELECT tool, arguments_hash FROM tool_cache WHERE tenant_id = $1 AND expires_at <= $2
        ORDER BY expires_at LIMIT 2)
    """)

private let pruneCalls = Statement(
    """
    DELETE FROM tool_calls WHERE tenant_id = $1 AND id IN (
        SELECT id FROM tool_calls WHERE tenant_id = $1 AND started_at < $2 ORDER BY started_at LIMIT 20)
    """)
