package import Agents
internal import Database
package import JSON
internal import Jobs
package import Records

/// Keeps the log of what the agents of conversations tell each other, and counts where two wanted to speak. That only
/// one can is decided where a message is stored.
package struct CoordinationAgent: AgentDefinition {
    static let agentName = "coordination_agent"
    package let name = CoordinationAgent.agentName
    package let title = "Coordination"
    package let purpose = "Makes sure that only one agent talks to a customer at a time."
    package let cannot = [
        "It talks to nobody outside the agency: it makes sure that only one agent does so at a time."
    ]
    package let messages: [any AgentMessage.Type] = [
        HandoverRequestMessage.self, CalendlySent.self, CustomerResponse.self, AgentConflict.self,
        StateSync.self,
    ]
    package let permissions: Set<Permission> = ["contacts:read", "conversations:read"]

    package init() {}

    package func run(_ run: AgentRun) async throws -> JSON {
        let handled = try await run.receive { message, tx in
            try tx.counters.count("coordination.\(message.type)", 1)
            run.log(message.type, ["from": .string(message.sender.id), "about": JSON(message.subject?.id)])
        }
        return try await run.finish { _ in ["handled": JSON(handled)] }
    }
}
