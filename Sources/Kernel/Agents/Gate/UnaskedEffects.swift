package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

// Effects that a person's own click asks for, and news for an agency's own programs, are let out without a question
// about brakes and budgets. They are kept, counted and limited as everything else.

extension GateStore {
    /// Returns whether the agency has a tool on.
    package func isOn(tool: String) throws -> Bool {
        try !tx.exists(
            "SELECT 1 FROM tool_settings WHERE tenant_id = \(tx.tenant) AND tool = \(tool) AND enabled = 0")
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
}
