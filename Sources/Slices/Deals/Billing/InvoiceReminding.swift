internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

extension DealsServices {
    /// Has a client reminded at a person's wish. It counts as the next of the reminders that leave by themselves, so
    /// that the client does not get both.
    func remind(_ old: Invoice, by actor: Actor, in tx: Transaction) throws -> Invoice {
        try tx.billing.requireRemindable(old)
        var invoice = old
        (invoice.reminders, invoice.remindedAt) = (old.reminders + 1, tx.now)
        try tx.update(old, to: &invoice, by: actor, action: "invoice.reminded")
        try tx.publish("invoice.reminded", invoice.subject, invoice.payload)
        try tx.jobs.enqueue(
            InvoiceMailJob.self,
            .init(invoice: invoice.id, occasion: .reminder, number: invoice.reminders, isAsked: true))
        return invoice
    }
}

extension BillingStore where Base == Transaction {
    /// Throws where a reminder would be wrong: nothing is overdue, or the client has one already.
    fileprivate func requireRemindable(_ invoice: Invoice) throws {
        guard invoice.kind == .invoice, invoice.status == .overdue else {
            throw Problem(
                .invalidTransition,
                "The \(invoice.kind == .invoice ? "invoice" : "credit note") is \(invoice.status.rawValue): "
                    + "a reminder can be sent once an invoice is overdue.",
                extra: ["allowed": invoice.status == .draft ? ["send"] : []])
        }
        let zone = try tx.agency.tenant().zone
        if let last = invoice.remindedAt, zone.local(of: last).date == zone.local(of: tx.now).date {
            throw Problem(
                .alreadyReminded, "The client was reminded of this invoice today already.",
                extra: ["reminded_at": .string(last.description)])
        }
        let waiting = try Message.resource.first(
            where: "status IN ('queued', 'held') AND topic = \(PendingReminders.topic(of: invoice.id))",
            suffix: "ORDER BY id LIMIT 1", in: tx)
        if let waiting {
            throw Problem(
                .alreadyReminded, "A reminder of this invoice has not left yet.",
                extra: ["message_id": JSON(waiting.id)])
        }
    }
}
