import JSON
import Records
import Telemetry

@testable import Agents

extension Permit {
    /// The gate alone makes permits; connectors are tried without one of its.
    static var trial: Permit {
        Permit(
            request: ToolRequest(
                tool: "send_message", arguments: .null, caller: ToolCaller(actor: .system), key: "trial"),
            connector: Connector("int_trial", name: "trial", priority: 1), round: 1, estimate: ToolUsage(),
            beganAt: Instant(seconds: 0), steadyStart: Instant(seconds: 0))
    }
}
