package import Database
internal import JSON
internal import Jobs
internal import Records
package import Telemetry

// Effects that a person's own click asks for, and news for an agency's own programs, are let out without a question
// about brakes and budgets. They are kept, counted and limited as everything else.

extension Queryable {
    /// Returns whether the agency has a tool on.
    package func isOn(tool: String) throws -> Bool {
        try !exists(
            "SELECT 1 FROM tool_settings WHERE tenant_id = \(tenant) AND tool = \(tool) AND enabled = 0")
    }

    /// Returns whether an attempt under a key was begun and is not settled.
    package func isUnderWay(key: String) throws -> Bool {
        try toolCalls(key: key).contains { $0.state == .held }
    }
}

extension Transaction {
    /// Lets out an effect about which no budget is asked. Throws `ToolRefusal` where the agency has switched the tool
    /// off or its limit is reached, and `ConnectorBusy` where the connector may not be asked.
    package func permitUnasked(
        _ tool: String, key: String, attempt: Int, for caller: ToolCaller, by connector: Connector,
        _ why: CallReason?, deadline: Duration
    ) throws -> Permit {
        guard try isOn(tool: tool) else { throw ToolRefusal.disabled(tool) }
        let request = ToolRequest(
            tool: tool, arguments: .null, caller: caller, key: key, attempt: attempt)
        return try permit(request, by: connector, why, ToolUsage(), deadline: deadline)
    }

    /// Books how such an effect has ended. Unless it has failed it costs what the agency says of the tool, or else the
    /// connector's price, and nothing where its plan includes it.
    package func settleUnasked(_ permit: Permit, _ end: ConnectorCallEnd) throws {
        let settings = try toolSettings(runtime.tools.definition(permit.request.tool))
        let usage = ToolUsage(cost: settings.price ?? permit.price, calls: 1)
        try settle(permit, end, end.hasLeft ? usage : ToolUsage())
    }

    /// Returns the number of the next attempt under a key. One that began longer ago than an attempt may take was cut
    /// off with its process, and stays in doubt.
    package func nextAttempt(key: String, limit: Duration) throws -> Int {
        try giveUpReaches(key: key, before: now - limit)
        return (try toolCalls(key: key).last?.attempt ?? 0) + 1
    }

    /// Settles the attempts under a key that were cut off with their process: they may have taken effect.
    package func giveUpReaches(key: String, before limit: Instant? = nil) throws {
        for call in try toolCalls(key: key) where call.state == .held {
            if let limit, call.startedAt > limit { continue }
            try settleConnectorCall(key: key, attempt: call.attempt, .unknown(.interrupted))
        }
    }
}
