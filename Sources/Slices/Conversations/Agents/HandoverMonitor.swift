package import Agents
internal import Database
package import JSON
internal import Jobs
internal import Messages
internal import Nouns
package import Records
internal import Telemetry
internal import Wording

/// An agency's settings for customers who wait for a person.
package struct HandoverSettings: AgentSettings {
    package var pace = 1.0
    package var learns = true

    package init() {}

    package static let schema = Schema<HandoverSettings>(
        "HandoverSettings",
        [
            .number(
                "pace", \.pace, in: 0.25...4,
                .about("By which the times of 15, 30, 45 and 60 minutes are multiplied.")),
            .boolean(
                "learns", \.learns,
                .about("Whether the analytics of conversations may propose another pace.")),
        ])
}

/// Sees to it that who asks for a person gets an answer in time. Its checks are jobs that are stored with the request;
/// a run takes what it is told, and stores the checks anew of whom it is told: somebody may have cancelled them. A run
/// that is told nothing looks after all who wait.
package struct HandoverMonitor: AgentDefinition {
    static let agentName = "handover_monitor"
    package let name = HandoverMonitor.agentName
    package let title = "Handover monitor"
    package let purpose = "Sees to it that who asks for a person gets an answer in time."
    package var cannot: [String] { Wording.english.limits(of: name) }
    package let messages: [any AgentMessage.Type] = [
        HandoverRequestMessage.self, CustomerResponse.self, StateSync.self,
    ]
    package let initiative = Initiative.answers
    package let tools = [SendMessage.tool]
    package let permissions: Set<Permission> = [
        "contacts:read", "conversations:read", "conversations:write", SendMessage.permission,
    ]
    package typealias Settings = HandoverSettings

    let services: ConversationServices

    package init(_ services: ConversationServices) { self.services = services }

    private static let waitingMax = 200

    package func run(_ run: AgentRun) async throws -> JSON {
        let told = try await run.receive { message, tx in
            run.log(message.type, message.body)
            guard let id = message.subject.flatMap({ ID<Conversation>($0.id) }),
                let conversation = try Conversation.resource.find(id, in: tx)
            else { return }
            try tx.handovers.scheduleAgain(conversation)
        }
        return try await run.finish { tx in
            guard told == 0 else { return ["told": JSON(told)] }
            let waiting = try Conversation.resource.all(
                where: "handler = 'waiting_for_human' AND status IN ('open', 'pending', 'snoozed')",
                suffix: "ORDER BY last_message_at LIMIT \(Self.waitingMax)", in: tx)
            for conversation in waiting { try tx.handovers.scheduleAgain(conversation) }
            return ["waiting": JSON(waiting.count)]
        }
    }
}

extension HandoverStore where Base == Transaction {
    fileprivate func scheduleAgain(_ conversation: Conversation) throws {
        guard conversation.handler == .waitingForHuman, let handover = conversation.lastHandover,
            !handover.isOver
        else { return }
        try schedule(handover, of: conversation)
    }

    /// Brings the booking link forward: its check, which comes later, finds it done.
    func bookAtOnce(_ handover: HandoverState, of conversation: Conversation) throws {
        try tx.jobs.enqueue(
            HandoverCheckJob.self,
            .init(conversation: conversation.id, action: .bookingMessage, of: handover),
            JobOptions(
                runAt: handover.requestedAt + HandoverPlan.bookingAtOnceAfter,
                uniqueKey: "\(conversation.id)/\(handover.requestedAt)/at_once",
                subject: conversation.subjectOfEvents))
    }

    /// Stores the checks that are still to be made; each is there once, however often.
    func schedule(_ handover: HandoverState, of conversation: Conversation) throws {
        for check in handover.checks where check.doneAt == nil {
            try tx.jobs.enqueue(
                HandoverCheckJob.self,
                .init(conversation: conversation.id, action: check.action, of: handover),
                JobOptions(
                    runAt: check.dueAt,
                    uniqueKey: "\(conversation.id)/\(handover.requestedAt)/\(check.action.rawValue)",
                    subject: conversation.subjectOfEvents))
        }
    }
}
