package import Agents
package import Jobs

/// The agents that talk with people, and hand over to people.
package func conversationAgents(_ services: ConversationServices) -> [any AgentDefinition] {
    [
        CoordinationAgent(), PrimaryAgent(services), HandoverMonitor(services), BookingBridge(services),
        ConversationAnalytics(services), StateManager(),
    ] + reasoningAgents(services)
}

package func conversationJobs(_ registration: inout JobRegistration, _ services: ConversationServices) {
    registration.add(AnswerJob(services: services))
    registration.add(FilingJob())
    registration.add(ReasoningJob(services: services))
    registration.add(HandoverCheckJob(services: services))
    registration.add(RejectedAnswerJob(services: services))
}
