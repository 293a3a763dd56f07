internal import Database
internal import JSON
internal import Jobs
internal import People
internal import Records

extension OutboxStore where Base == Transaction {
    /// Keeps in the audit, under the agent's name, what came of a message that an agent wrote: once that it is held,
    /// and how its sending ended. A person's message is audited as what the person did. `before`: the message as it
    /// was; of one whose fate was unknown, the person who looked has told it.
    func auditSending(of message: Message, after before: Message? = nil) throws {
        guard let agent = message.agent, let outcome = message.outcomeOfSending, before?.status != .unknown,
            try outcome != .held || !isHoldAudited(of: message)
        else { return }
        try tx.auditLog.add(
            .agent(agent), "message.sent", message.subjectOfEvents,
            [
                "channel": .string(message.channel.rawValue), "contact_id": JSON(message.contactID),
                "conversation_id": JSON(message.conversationID), "client_id": JSON(message.clientID),
            ], run: message.runID, decision: message.decisionID, outcome: outcome.rawValue)
    }

    private func isHoldAudited(of message: Message) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM audit
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(message.id) AND action = 'message.sent'
                AND outcome = 'held'
            """)
    }
}

private enum OutcomeOfSending: String {
    case held, sent, captured, unknown, failed
}

extension Message {
    /// The outcome of sending it; `nil` while that is open, or where the message was cancelled.
    fileprivate var outcomeOfSending: OutcomeOfSending? {
        switch status {
        case .held: .held
        case .sent, .delivered: captured ? .captured : .sent
        // One that came back had left, unless the service refused it at once.
        case .bounced: sentAt == nil ? .failed : .sent
        case .unknown: .unknown
        case .failed: .failed
        case .queued, .sending, .cancelled, .received: nil
        }
    }
}
