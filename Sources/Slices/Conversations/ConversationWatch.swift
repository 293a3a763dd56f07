internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Hears every turn of every conversation, in its transaction: that is where the agents' states follow what people do,
/// and where an answer is asked for.
package struct ConversationWatch: ConversationListener {
    package init() {}

    package func heard(
        _ turn: ConversationChange, in conversation: Conversation, _ tx: Transaction
    ) throws {
        switch turn {
        case .received(let message): try received(message, in: conversation, tx)
        case .said(let message):
            guard message.author["type"]?.text != "agent", message.author["type"]?.text != "system" else {
                return
            }
            try tx.handovers.turn(conversation, .answered, .answered)
        case .claimed: try tx.handovers.turn(conversation, .answered, .answered)
        case .released:
            let back = try tx.handovers.turn(conversation, .released, .released) ?? conversation
            try tx.handovers.askForAnswer(in: back)
        case .closed:
            try tx.handovers.turn(conversation, .released, .closed) { $0.handler = .agent }
        case .reopened: break
        }
    }

    private func received(_ message: Message, in conversation: Conversation, _ tx: Transaction) throws {
        guard !message.isAutomatic else { return }
        try tx.handovers.askForReasoning(about: conversation)
        if conversation.handler != .agent || conversation.channel == .email, conversation.category == nil {
            try tx.jobs.enqueue(
                FilingJob.self, .init(message: message.id),
                JobOptions(uniqueKey: message.id, subject: conversation.subjectOfEvents))
        }
        switch conversation.handler {
        case .agent: try tx.handovers.askForAnswer(in: conversation, to: message)
        case .waitingForHuman:
            var told = CustomerResponse(customer: conversation.contactID)
            (told.conversationID, told.text) = (conversation.id, message.text)
            try tx.agentMessages.send(
                told, to: CoordinationAgent.agentName, about: conversation.subjectOfEvents,
                priority: .systemMessages, by: .system)
        case .human:
            let lock = try conversation.contactID.flatMap { try tx.messageLocks.find(on: $0) }
            guard let lock, lock.holder == .human, lock.expiresAt > tx.now else {
                // The person who had it is gone: nobody waits for them.
                return try tx.handovers.askForAnswer(in: conversation, to: message)
            }
            guard let assignee = conversation.assigneeID else { return }
            try tx.notifications.notify(
                .users([assignee]), kind: .conversationAnswered,
                title: Saying("notification.conversation_answered"),
                body: .quoted(String(message.text.prefix(500))), subject: conversation.subjectOfEvents)
        }
    }
}

extension HandoverStore where Base == Transaction {
    /// Mails are answered elsewhere: by whoever sells, or by support.
    func askForAnswer(in conversation: Conversation, to message: Message? = nil) throws {
        guard conversation.channel != .email else { return }
        guard let message = try message ?? lastWords(in: conversation.id) else { return }
        try tx.jobs.enqueue(
            AnswerJob.self, .init(conversation: conversation.id, message: message.id),
            JobOptions(uniqueKey: message.id, subject: conversation.subjectOfEvents))
    }
}

extension HandoverStore {
    /// Returns the contact's last message, if nobody has answered it.
    func lastWords(in conversation: ID<Conversation>) throws -> Message? {
        let last = try Message.resource.first(
            where: "conversation_id = \(conversation) AND internal = 0", suffix: "ORDER BY id DESC LIMIT 1",
            in: tx)
        return last.flatMap { $0.direction == .inbound ? $0 : nil }
    }
}
