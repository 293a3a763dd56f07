internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Templates
internal import Tenancy
internal import Wording

/// A request for a credit note: over these items, or over all that is left.
struct CreditBody: Declared {
    var items = Parts<LineItem>()
    var reason: String?

    static let schema = Schema<CreditBody>(
        "CreditBody",
        [
            .parts(
                "items", \.items, max: 200, .about("The items that are credited; empty: all that is left.")),
            .text("reason", \.reason, max: 1000, .about("The reason, as the credit note shows it.")),
        ])
}

extension DealsServices {
    /// Makes a credit note for an invoice, whole or in part, with a number of its own.
    func credit(_ old: Invoice, _ body: CreditBody, by actor: Actor, in tx: Transaction) throws -> Invoice {
        guard old.kind == .invoice, old.status != .draft, old.status != .void else {
            throw Problem(
                .invalidTransition, "Only an invoice that was sent and is not void can be credited.",
                extra: ["allowed": old.status == .draft ? ["send"] : []])
        }
        let tenant = try tx.agency.tenant()
        var note = Invoice.new(id: tx.nextID(), now: tx.now)
        (note.kind, note.clientID, note.creditOf, note.notes) = (
            .creditNote, old.clientID, old.id, body.reason
        )
        (note.tax, note.currency, note.locale) = (old.tax, old.currency, old.locale)
        try note.take(body, from: tx.billing.creditable(old), of: old, tx.wordings.find(note.locale))
        (note.status, note.dueOn) = (.paid, nil)
        try issue(&note, replacing: nil, of: tenant, in: tx)
        try tx.create(&note, by: actor)
        try tx.publish(
            "invoice.credited", old.subject, note.payload.merging(["credit_note": JSON(note.id)]))
        var invoice = old
        invoice.credited.amount += note.total.amount
        try tx.billing.settle(old, &invoice, by: actor, action: "invoice.credited")
        if invoice.owed.amount > 0 {
            try tx.alerts.raise(
                kind: "refund_owed", severity: .warning, subject: invoice.subject,
                title: Saying("alert.refund_owed", ["number": .text(invoice.number ?? "")]),
                action: Saying("alert.refund_owed_do"))
        }
        try tx.jobs.enqueue(InvoiceMailJob.self, .init(invoice: note.id, occasion: .credited))
        return note
    }
}

extension Invoice {
    /// Fills a credit note, so that all notes of an invoice together never come to more than it does.
    fileprivate mutating func take(
        _ body: CreditBody, from left: InvoiceSums, of invoice: Invoice, _ words: Wording
    ) throws {
        guard left.total > 0 else { throw Problem(.conflict, "The invoice has been credited in full.") }
        let currency = invoice.total.currency
        var sums = left
        if body.items.list.isEmpty {
            items = invoice.items
            if left.total < invoice.total.amount {
                let rest = Money(amount: left.subtotal, currency: currency)
                let text = words("invoice.rest_of", ["number": .text(invoice.number ?? "")])
                items = Parts([LineItem(text, unitPrice: rest)])
            }
            if items == invoice.items { credits = invoice.credits }
        } else {
            items = body.items
            if let index = items.list.firstIndex(where: { $0.unitPrice.currency != currency }) {
                throw Problem(faults: [
                    Fault(
                        "/items/\(index)/unit_price/currency", "invalid_currency",
                        "unit_price must be in \(currency), the invoice's currency.")
                ])
            }
            guard let wanted = InvoiceSums(items: items.list.map(\.amount), rate: tax?.rate ?? 0),
                wanted.subtotal <= left.subtotal
            else {
                throw Problem(faults: [
                    Fault(
                        "/items", "overcredited",
                        "items may come to at most \(left.subtotal) before tax, which is what can still be credited."
                    )
                ])
            }
            guard wanted.subtotal > 0 else {
                throw Problem(faults: [Fault("/items", "out_of_range", "items must come to more than 0.")])
            }
            sums = wanted.subtotal == left.subtotal ? left : wanted.taxed(atMost: left.tax)
        }
        subtotal = Money(amount: sums.subtotal, currency: currency)
        taxAmount = Money(amount: sums.tax, currency: currency)
        total = Money(amount: sums.total, currency: currency)
        for path in [\Invoice.paid, \.credited, \.due, \.owed] {
            self[keyPath: path] = Money(amount: 0, currency: currency)
        }
    }
}

extension InvoiceSums {
    fileprivate init(subtotal: Int64, tax: Int64) {
        (self.subtotal, self.tax, total) = (subtotal, tax, subtotal + tax)
    }

    /// Parts are rounded each by itself; together they must not come to more than the whole.
    fileprivate func taxed(atMost limit: Int64) -> InvoiceSums {
        InvoiceSums(subtotal: subtotal, tax: min(tax, limit))
    }
}

extension BillingStore where Base == Transaction {
    /// Returns the sums of an invoice that have not been credited.
    fileprivate func creditable(_ invoice: Invoice) throws -> InvoiceSums {
        let (subtotal, tax) =
            try tx.first(
                """
                SELECT CAST(coalesce(sum(subtotal_amount), 0) AS BIGINT),
                    CAST(coalesce(sum(tax_amount_amount), 0) AS BIGINT)
                FROM invoices
                WHERE tenant_id = \(tx.tenant) AND credit_of = \(invoice.id)
                """
            ) { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
        return InvoiceSums(subtotal: invoice.subtotal.amount - subtotal, tax: invoice.taxAmount.amount - tax)
    }
}
