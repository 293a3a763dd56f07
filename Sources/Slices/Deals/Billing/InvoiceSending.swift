internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The steps of an invoice: each belongs to one transaction.
extension DealsServices {
    /// Makes a draft an invoice: its number, its link, its mail and what watches over its payment come with it.
    @discardableResult
    func send(_ draft: Invoice, by actor: Actor, in tx: Transaction) throws -> Invoice {
        guard draft.status == .draft else { throw draft.isSent }
        let tenant = try tx.agency.tenant(), today = tx.billing.today(tenant)
        var invoice = draft
        try tx.serviceCredits.apply(to: &invoice, on: today)
        if invoice.dueOn == nil {
            invoice.dueOn = today.adding(days: (tenant.billing ?? Billing()).paymentDays)
        }
        try issue(&invoice, replacing: draft, of: tenant, in: tx)
        // Its sums follow from its content once more, now with the credits.
        try invoice.prepare(replacing: draft, by: actor, in: tx)
        invoice.status = invoice.total.amount == 0 ? .paid : .open
        if invoice.status == .paid { invoice.paidAt = tx.now }
        try tx.update(draft, to: &invoice, by: actor, action: "invoice.sent")
        try tx.publish("invoice.sent", invoice.subject, invoice.payload)
        try tx.portal.noteActivity(
            ofClient: invoice.clientID, by: actor, "invoice.sent", invoice.subject,
            .quoted(invoice.number ?? ""))
        if invoice.status == .paid { try tx.publish("invoice.paid", invoice.subject, invoice.payload) }
        try tx.jobs.enqueue(InvoiceMailJob.self, .init(invoice: invoice.id, occasion: .sent))
        try tx.billing.watch(invoice, of: tenant)
        return invoice
    }

    /// Number, day, link and parties: what a sent document has and a draft has not.
    func issue(
        _ invoice: inout Invoice, replacing draft: Invoice?, of tenant: Tenant, in tx: Transaction
    ) throws {
        guard let client = try dependencies.client(tx, invoice.clientID) else {
            throw Problem(.conflict, "The invoice's client no longer exists.")
        }
        let billing = tenant.billing ?? Billing()
        let sequence = try tx.billing.nextInvoiceSequence()
        invoice.sequence = Int(sequence)
        let digits = String(sequence)
        let number = billing.prefix + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        (invoice.number, invoice.numberKey) = (number, number.referenceKey)
        (invoice.issuedOn, invoice.sentAt) = (tx.billing.today(tenant), tx.now)
        invoice.locale = try invoice.locale ?? language(of: client, in: tx) ?? tenant.locale
        invoice.publicURL = try platform.links.url(.page, tx.tenant, invoice.id)
        invoice.parties = [
            "agency": .string(tenant.name), "address": JSON(tenant.postalAddress),
            "tax_id": JSON(billing.taxID),
            "bank": JSON(billing.bankDetails), "color": JSON(tenant.brand?.color),
            "client": .string(client.name),
        ]
    }

    func language(of client: ClientFacts, in reader: some Queryable) throws -> String? {
        try client.contact.flatMap { try Contact.resource.find($0, in: reader) }?.locale
    }

    /// Takes back an invoice of which nothing has been paid or credited. Its number stays taken.
    func void(_ old: Invoice, by actor: Actor, in tx: Transaction) throws -> Invoice {
        guard old.kind == .invoice, old.isOpen, old.paid.amount == 0, old.credited.amount == 0 else {
            throw Problem(
                .invalidTransition,
                "Only an open invoice without payments or credits can be voided: credit it instead.",
                extra: ["allowed": old.status == .draft ? ["send"] : ["credit"]])
        }
        var invoice = old
        (invoice.status, invoice.voidedAt, invoice.due.amount) = (.void, tx.now, 0)
        try tx.serviceCredits.giveBack(of: old)
        try tx.update(old, to: &invoice, by: actor, action: "invoice.voided")
        try tx.publish("invoice.voided", invoice.subject, invoice.payload)
        try tx.portal.noteActivity(
            ofClient: invoice.clientID, by: actor, "invoice.voided", invoice.subject,
            .quoted(invoice.number ?? ""))
        try tx.billing.closeCheckouts(of: invoice)
        return invoice
    }
}

extension Invoice {
    /// The payload of its events.
    var payload: JSON {
        [
            "client_id": JSON(clientID), "number": JSON(number), "status": .string(status.rawValue),
            "total": total.json, "due": due.json, "subscription_id": JSON(subscriptionID),
            "credit_of": JSON(creditOf),
        ]
    }
}

extension BillingStore {
    /// The day in the agency's time zone.
    func today(_ tenant: Tenant) -> CivilDate { tenant.zone.local(of: tx.now).date }
}

extension Tenant {
    /// When a day begins, or an hour of it, in the agency's time zone.
    func instant(_ date: CivilDate, hour: Int = 0) -> Instant {
        zone.firstInstant(atOrAfter: LocalTime(date, hour: hour))
    }
}

extension BillingStore where Base == Transaction {
    /// The next number, taken in this transaction: it is given again when the transaction fails, so there is no gap.
    fileprivate func nextInvoiceSequence() throws -> Int64 {
        let next = try tx.first(
            """
            INSERT INTO invoice_sequences (tenant_id, series, last) VALUES (\(tx.tenant), 'invoices', 1)
            ON CONFLICT (tenant_id, series) DO UPDATE SET last = invoice_sequences.last + 1
            RETURNING last
            """
        ) { $0.int64(0) }
        guard let next else { preconditionFailure("a counter that was raised has a value") }
        return next
    }

    /// Stores what follows for an invoice from a payment, a refund or a credit note.
    func settle(_ old: Invoice, _ new: inout Invoice, by actor: Actor, action: String) throws {
        let tenant = try tx.agency.tenant()
        new.settle()
        new.status = new.standing(on: today(tenant))
        if new.status == .paid, old.status != .paid { new.paidAt = tx.now }
        if new.status != .paid { new.paidAt = nil }
        try tx.update(old, to: &new, by: actor, action: action)
        if new.status == .paid, old.status != .paid {
            try tx.publish("invoice.paid", new.subject, new.payload)
        }
        if new.due != old.due { try closeCheckouts(of: new) }
        if new.isOpen, !old.isOpen { try watch(new, of: tenant) }
    }
}

extension String {
    /// Letters and digits alone, in capitals: as references are compared.
    var referenceKey: String {
        String(uppercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) })
    }
}
