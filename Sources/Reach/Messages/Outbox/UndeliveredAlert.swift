internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import People
internal import Records

extension OutboxStore where Base == Transaction {
    private static var undelivered: String { "message_undelivered" }

    /// Raises an alert when a transactional message does not arrive, since a contact who waits for an answer, an
    /// invoice or a contract has to be reached; resolves the alert when one does arrive.
    func noteArrival(of message: Message) throws {
        guard message.purpose == .transactional, let contact = message.contactID else { return }
        let subject = Subject(type: Contact.noun, id: contact.text)
        switch message.status {
        case .delivered: try tx.alerts.resolve(kind: Self.undelivered, subject: subject)
        case .bounced, .failed:
            try tx.alerts.raise(
                kind: Self.undelivered, severity: .warning, subject: subject,
                title:
                    "\(message.subject ?? "A message") was not delivered to \(message.recipient ?? "its recipient").",
                action: "Correct the address or choose another channel, then send it again.")
        default: break
        }
    }
}
