internal import Agents
internal import Database
internal import Tenancy

extension Module {
    /// Agents and what is at their hands: schedules, tools, models, approvals, budgets, the orchestrator.
    static let agents = Module(
        "agents", migrations: agentMigrations, sandboxTables: { agentSandboxTables },
        permissions: agentPermissions,
        seeding: Seeding { try $0.schedules.install(timeZone: try $0.agency.tenant().timeZone) },
        agents: { _ in [OrchestratorAgent()] },
        jobs: { registration, parts in
            registration.addAgents(
                AgentRegistry(try parts.composition.modules.flatMap { try $0.makeAgents(parts) }))
            registration.outbound = WebOutbound(client: parts.services.outbound)
        })
}

private let agentPermissions: [DeclaredPermission] = [
    .init("agent_memory:delete", for: .manager, "Delete what agents remember."),
    .init("agent_memory:read", for: .viewer, "Read what agents remember."),
    .init(
        "agents:configure", for: .manager,
        "Change the state, autonomy, permissions and settings of agents, and experiment with them."),
    .init("agents:read", for: .viewer, "Read agents, their settings, runs, messages and experiments."),
    .init("agents:run", for: .member, "Start, cancel and retry runs of agents, and send messages to agents."),
    .init("alerts:read", for: .viewer, "Read alerts."),
    .init("alerts:write", for: .manager, "Acknowledge and resolve alerts."),
    .init("approvals:decide", for: .manager, "Approve and reject what agents and workflows want to do."),
    .init("approvals:read", for: .viewer, "Read approvals and the approval policy."),
    .init("budgets:read", for: .viewer, "Read budgets, and what was spent of each."),
    .init("budgets:write", for: .manager, "Create, update and delete budgets."),
    .init("decisions:override", for: .member, "Override the decisions of agents."),
    .init("decisions:read", for: .viewer, "Read the decisions and refusals of agents, and replay decisions."),
    .init("schedules:read", for: .viewer, "Read schedules, their fires and the changes proposed for them."),
    .init(
        "schedules:write", for: .manager,
        "Create, update and delete schedules, and accept or decline proposed changes."),
    // The approval policy is one of the settings; the others are the agency's, and belong to modules above.
    .init("settings:read", for: .viewer, "Read the agency's settings, wordings and steps of its setup."),
    .init(
        "settings:write", for: .owner,
        "Change the agency's settings, wordings and approval policy, and dismiss steps of its setup."),
    .init(
        "tools:configure", for: .manager,
        "Change the limits, costs and providers of tools, and switch tools off."),
    .init("tools:read", for: .viewer, "Read tools, their use and their calls."),
]
