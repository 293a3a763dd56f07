package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
package import Telemetry

// Effects that a person's own click asks for, and news for an agency's own programs, are let out without a question
// about brakes and budgets. They are kept, counted and limited as everything else.

extension GateStore {
    /// Returns whether the agency has a tool on.
    package func isOn(tool: String) throws -> Bool {
        try !tx.exists(
            "SELECT 1 FROM tool_settings WHERE tenant_id = \(tx.tenant) AND tool = \(tool) AND enabled = 0")
    }

    /// Returns whether the last attempt under a key has taken effect, or may have.
    package func isDone(key: some Key) throws -> Bool {
        try tx.tools.all(key: key.keyText).last.map { $0.state == .succeeded || $0.isAmbiguous } ?? false
    }

    /// Returns whether an attempt under a key was begun and is not settled.
    package func isUnderWay(key: some Key) throws -> Bool {
        try tx.tools.all(key: key.keyText).contains { $0.state == .held }
    }
}

package extension GateStore where Base == Transaction {
    /// Lets out an effect about which no budget is asked, unless it is one that budgets of money hold (`isBudgeted`).
    /// Throws `ToolRefusal` where the agency has switched the tool off or its limit is reached, and `ConnectorBusy`
    /// where the connector may not be asked.
    func permitUnasked(
        _ tool: String, key: String, attempt: Int, for caller: ToolCaller, by connector: Connector,
        _ why: CallReason?, deadline: Duration, isBudgeted: Bool = false
    ) throws -> Permit {
        guard try isOn(tool: tool) else { throw ToolRefusal.disabled(tool) }
        let request = ToolRequest(
            tool: tool, arguments: .null, caller: caller, key: key, attempt: attempt)
        var usage = ToolUsage()
        if isBudgeted {
            usage.cost = try tx.tools.settings(tx.runtime.tools.definition(tool)).price ?? connector.price
        }
        return try permit(request, by: connector, why, usage, deadline: deadline)
    }

    /// Books how such an effect has ended. Unless it has failed it costs what the agency says of the tool, or else the
    /// connector's price, and nothing where its plan includes it.
    func settleUnasked(_ permit: Permit, _ end: ConnectorCallEnd) throws {
        let settings = try tx.tools.settings(tx.runtime.tools.definition(permit.request.tool))
        let usage = ToolUsage(cost: settings.price ?? permit.price, calls: 1)
        try settle(permit, end, end.hasLeft ? usage : ToolUsage())
    }

    /// Returns the number of the next attempt under a key. One that began longer ago than an attempt may take was cut
    /// off with its process, and stays in doubt.
    func nextAttempt(key: String, limit: Duration) throws -> Int {
        try giveUpReaches(key: key, before: tx.now - limit)
        return (try tx.tools.all(key: key).last?.attempt ?? 0) + 1
    }

    /// Returns whether the last attempt under a key was cut off with its process: nobody knows what became of it, and
    /// it counts as one that has taken effect.
    func wasCutOff(key: String) throws -> Bool {
        try giveUpReaches(key: key)
        return try tx.tools.all(key: key).last?.isInDoubt ?? false
    }

    /// Settles the attempts under a key that were cut off with their process: they may have taken effect.
    func giveUpReaches(key: String, before limit: Instant? = nil) throws {
        for call in try tx.tools.all(key: key) where call.state == .held {
            if let limit, call.startedAt > limit { continue }
            try settleConnectorCall(key: key, attempt: call.attempt, .unknown(.interrupted))
        }
    }
}
