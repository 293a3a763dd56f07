package import Database
internal import JSON
package import Jobs
package import Messages
internal import Nouns
internal import People
internal import Records

/// Takes back reminders that have not left when there is nothing to be reminded of any more: they have answered, or
/// paid, or want to be left alone. In the transaction of what makes it so.
package struct PendingReminders: EventConsumer {
    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package func begin(_ runtime: Runtime) {}

    /// Returns the topic of the reminders of an invoice.
    static func topic(of invoice: InvoiceID) -> String { "invoice_reminder:\(invoice)" }

    private static let ends: Set<String> = [
        "message.replied", "contact.unsubscribed", "contact.updated", "suppression.created",
        "invoice.paid", "invoice.voided", "invoice.credited", "proposal.accepted", "proposal.declined",
        "proposal.expired", "proposal.withdrawn", "deal.won", "deal.lost",
    ]

    package func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard Self.ends.contains(event.type) else { return }
        let waiting = try Message.resource.all(
            where: "status IN ('queued', 'held') AND (\(try condition(event, tx)))",
            suffix: "ORDER BY id LIMIT 50", in: tx)
        for message in waiting {
            try outbox.cancel(
                message,
                because: Reason(
                    "no_reminder_needed", "The reminder is no longer needed after \(event.type)."), in: tx)
        }
    }

    private func condition(_ event: Event, _ tx: Transaction) throws -> SQL {
        if event.subject.type == Invoice.noun, let id = event.subject.id(of: Invoice.self) {
            return "topic = \(Self.topic(of: id))"
        }
        return "topic LIKE \(FollowUps.topic + "%") AND contact_id IN \(list: try contacts(event, tx))"
    }

    /// Whom an event sets free.
    private func contacts(_ event: Event, _ tx: Transaction) throws -> [ContactID] {
        let id = event.subject.id
        let contact: ContactID?
        switch event.subject.type {
        case Message.noun: contact = try ID(id).flatMap { try Message.resource.find($0, in: tx) }?.contactID
        case Proposal.noun: contact = try ID(id).flatMap { try Proposal.resource.find($0, in: tx) }?.contactID
        case Deal.noun: contact = try ID(id).flatMap { try Deal.resource.find($0, in: tx) }?.contactID
        case "suppression":
            guard let address = try ID(id).flatMap({ try Suppression.resource.find($0, in: tx) })?.address
            else {
                return []
            }
            return try Contact.resource.all(where: "email = \(address)", suffix: "LIMIT 50", in: tx).map(
                \.id)
        default:
            guard let known = try ID(id).flatMap({ try Contact.resource.find($0, in: tx) }),
                try tx.consents.isLeftAlone(known, on: .email)
            else { return [] }
            contact = known.id
        }
        return contact.map { [$0] } ?? []
    }
}
