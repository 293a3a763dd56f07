internal import Database
internal import Platform
internal import Runtime

extension Module {
    /// Agents and what is at their hands: schedules, tools, models, approvals, budgets, the orchestrator.
    static let agents = Module(
        "agents", migrations: runtimeMigrations, sandboxTables: { agentSandboxTables },
        furnishing: Furnishing { try $0.installSchedules(timeZone: try $0.ownTenant().timeZone) },
        agents: { _ in [OrchestratorAgent()] },
        jobs: { registration, parts in
            registration.addAgents(
                AgentRegistry(try parts.composition.modules.flatMap { try $0.makeAgents(parts) }))
            registration.outbound = WebOutbound(client: parts.services.outbound)
        })
}
