internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Templates

extension OutboxStore where Base == Transaction {
    private static var undelivered: String { "message_undelivered" }

    /// Raises an alert when a transactional message does not arrive, since a contact who waits for an answer, an
    /// invoice or a contract has to be reached; resolves the alert when one does arrive.
    func noteArrival(of message: Message) throws {
        guard message.purpose == .transactional, let contact = message.contactID else { return }
        let subject = Subject(contact)
        switch message.status {
        case .delivered: try tx.alerts.resolve(kind: Self.undelivered, subject: subject)
        case .bounced, .failed:
            try tx.alerts.raise(
                kind: Self.undelivered, severity: .warning, subject: subject,
                title: Saying(
                    "alert.message_undelivered",
                    [
                        "has_subject": .flag(message.subject != nil), "subject": .text(message.subject ?? ""),
                        "has_recipient": .flag(message.recipient != nil),
                        "recipient": .text(message.recipient ?? ""),
                    ]),
                action: Saying("alert.message_undelivered_do"))
        default: break
        }
    }
}
