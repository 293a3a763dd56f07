internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records

/// Has the reasoning agents look at a conversation in which somebody has said something. Nobody waits for it: it has
/// none of the slots that answers have, goes after other work, and what was said meanwhile is one look.
struct ReasoningJob: JobKind {
    struct Payload: Codable, Sendable { let conversation: ID<Conversation> }

    static let kind = "conversation.reason"
    /// After what has no priority of its own.
    static let priority = 80

    let services: ConversationServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let services = services
        let looked = try job.read { reader -> (Conversation, Message, [ReasoningConclusion])? in
            guard let conversation = try Conversation.resource.find(payload.conversation, in: reader),
                let last = try Message.resource.first(
                    where:
                        "conversation_id = \(conversation.id) AND direction = 'inbound' AND is_automatic = 0",
                    suffix: "ORDER BY id DESC LIMIT 1", in: reader)
            else { return nil }
            let found = try reasoningAgents(services).compactMap { agent -> ReasoningConclusion? in
                guard try reader.agents.status(agent).state == .active,
                    let conclusion = try agent.conclusion(about: conversation, in: reader)
                else { return nil }
                let version = try reader.agentConfigurations.published(agent).version
                return ReasoningConclusion(agent: agent.name, conclusion: conclusion, version: version)
            }
            return (conversation, last, found)
        }
        guard let (conversation, last, found) = looked else { return }
        try await job.complete { tx in
            for one in found {
                try tx.decisions.conclude(
                    for: one.agent, on: "\(one.agent)/\(last.id)", conversation.subjectOfEvents,
                    one.conclusion, under: one.version)
            }
        }
    }
}

/// An agent's conclusion, with the configuration that it was drawn under.
private struct ReasoningConclusion: Sendable {
    let agent: String
    let conclusion: Conclusion
    let version: Int
}

extension HandoverStore where Base == Transaction {
    /// Has a conversation looked at once more, beside whoever answers it.
    func askForReasoning(about conversation: Conversation) throws {
        guard conversation.channel != .email else { return }
        try tx.jobs.enqueue(
            ReasoningJob.self, .init(conversation: conversation.id),
            JobOptions(
                uniqueKey: conversation.id, uniqueness: .untilStarted, priority: ReasoningJob.priority,
                subject: conversation.subjectOfEvents))
    }
}
