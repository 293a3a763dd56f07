internal import Database
package import Records

extension GateStore {
    /// Returns whether the gate would let an agent, which stands as given, use a tool without asking anybody,
    /// as far as that is known ahead. It grants nothing and keeps nothing: it is for what is only worth
    /// beginning where an effect follows, which is asked about when it comes.
    package func goesByItself(
        _ agent: any AgentDefinition, _ status: AgentStatus, with tool: String, _ permission: Permission
    ) throws -> Bool {
        guard status.state == .active, status.autonomy == .autopilot, agent.tools.contains(tool),
            status.permissions.contains(permission)
        else { return false }
        return try isOn(tool: tool)
    }
}
