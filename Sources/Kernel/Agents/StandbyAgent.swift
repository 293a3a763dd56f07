package import JSON
internal import Jobs
package import Records

/// The reason for which every agent that is not built stands by.
package let notBuilt = "The agent is planned for a later release."

/// An agent of the agency's plan whose work is not built yet: it is known by its name, can be set and scheduled,
/// stands by, and says why.
package struct StandbyAgent<Settings: AgentSettings>: AgentDefinition {
    package let name: String, title: String, purpose: String
    package let schedules: [DefaultSchedule]
    package let dailyHour: Int
    package let messages: [any AgentMessage.Type]
    package let sendingPriority: SendingPriority
    package let permissions: Set<Permission>
    package let tools: [String]
    package let initiative: Initiative
    package let buildState: BuildState

    package init(
        _ name: String, _ title: String, _ purpose: String, settings: Settings.Type = NoSettings.self,
        schedules: [DefaultSchedule] = [], dailyHour: Int = 9, messages: [any AgentMessage.Type] = [],
        sendingPriority: SendingPriority = .systemMessages, permissions: Set<Permission> = [],
        tools: [String] = [], initiative: Initiative = .inner
    ) {
        (self.messages, self.sendingPriority) = (messages, sendingPriority)
        (self.name, self.title, self.purpose) = (name, title, purpose)
        (self.schedules, self.dailyHour) = (schedules, dailyHour)
        (self.permissions, self.tools, self.initiative) = (permissions, tools, initiative)
        buildState = .standby(reason: notBuilt)
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        throw JobFailure.terminal("agent_not_active", "the agent stands by")
    }
}
