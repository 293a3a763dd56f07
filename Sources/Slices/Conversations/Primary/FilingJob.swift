internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records

/// Reads what a message is about that no agent answers: a mail, or what is said to a person.
struct FilingJob: JobKind {
    struct Payload: Codable, Sendable { let message: MessageID }

    static let kind = "conversation.file"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let message = try job.read({ try Message.resource.find(payload.message, in: $0) }),
            let conversation = message.conversationID
        else { return }
        let matter = MatterReading(message.text)
        try await job.complete { tx in
            guard let present = try Conversation.resource.find(conversation, in: tx) else { return }
            try tx.conversations.file(present, under: matter.category, matter.tags)
            try tx.decisions.conclude(
                for: PrimaryAgent.agentName, on: "filing/\(payload.message)",
                present.subjectOfEvents,
                Conclusion(
                    outcome: ["action": "file", "matter": matter.json], confidence: matter.confidence,
                    factors: [], model: ["name": "ticket_reader", "version": "1"],
                    inputs: ["message_id": JSON(payload.message)]))
        }
    }
}
