internal import Agents
package import Database
internal import Integrations
internal import JSON
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// Money that came in: one row of `payments`.
package struct Payment: ManagedRecord {
    package enum Method: String, Choice {
        case bankTransfer = "bank_transfer"
        case stripe, other
    }
    package enum Status: String, Choice {
        case succeeded, refunded
        case partiallyRefunded = "partially_refunded"
        /// It came for an invoice that cannot take it; somebody has to refund it.
        case unapplied
    }

    package var head = Head<Payment>()
    package var invoiceID: InvoiceID?
    package var meantFor: InvoiceID?
    package var amount = Money.none
    package var method = Method.bankTransfer
    package var status = Status.succeeded
    package var reference: String?
    package var payer: String?
    package var receivedOn: CivilDate?
    package var refunded = Money.none
    /// Asked for, and not yet told to be done.
    package var refunding = Money.none
    package var integrationID: IntegrationID?
    package var checkoutSession: String?
    package var paymentIntent: String?
    /// The line of the bank statement that a payment comes from; `nil` for any other payment.
    package var importKey: String?

    package init() {}

    package static let idPrefix = "pay", noun = "payment"
    package static let resource = Resource<Payment>(
        "payments", named: "Payment", rule: .parent("invoice_id", of: "invoices"),
        personal: .kept(
            "invoices and payments", because: "Accounts have to be kept by law (GDPR art. 17(3)(b))."),
        console: ConsoleForm(
            title: "reference",
            columns: ["amount", "status", "received_on"],
            form: ["invoice_id", "amount", "method", "reference", "received_on"]),
        [
            .id(
                "invoice_id", \.invoiceID, .writeOnce, .filterable,
                .about("The invoice that is paid; required.")),
            .id(
                "meant_for", \.meantFor, .readOnly, .filterable,
                .about("For an unapplied payment: the invoice that it could not be applied to.")),
            .money("amount", \.amount, .required, .writeOnce, .about("How much was paid.")),
            .choice(
                "method", \.method, .standard("bank_transfer"), .writeOnce, .filterable,
                .about("The method of payment, such as bank_transfer.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about(
                    "Whether the payment counts for an invoice, is unapplied, or was refunded in part or whole."
                )),
            .text("reference", \.reference, max: 500, .filterable, .example("Transfer of 3 March")),
            .text("payer", \.payer, max: 300, .personal),
            .date("received_on", \.receivedOn, .filterable, .sortable, .about("The day; today by default.")),
            .money("refunded", \.refunded, .readOnly),
            .money("refunding", \.refunding, .readOnly, .about("Asked for, and not yet done.")),
            .id("integration_id", \.integrationID, .readOnly, .filterable),
            .text("checkout_session", \.checkoutSession, max: 255, .readOnly, .filterable),
            .text("payment_intent", \.paymentIntent, max: 255, .readOnly, .filterable),
            .text("import_key", \.importKey, max: 64, .secret),
        ])

    /// The amount that can still be refunded, in minor units.
    var refundable: Int64 { amount.amount - refunded.amount - refunding.amount }

    package mutating func prepare(replacing old: Payment?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil else { return }
        let tenant = try tx.agency.tenant()
        receivedOn = receivedOn ?? tx.billing.today(tenant)
        refunded = Money(amount: 0, currency: amount.currency)
        refunding = refunded
        guard let invoiceID else {
            if status == .unapplied { return }
            throw Problem(faults: [Fault("/invoice_id", "required", "invoice_id is required.")])
        }
        try amount.check(tenant.currency)
        let invoice = try Invoice.resource.get(invoiceID, in: tx)
        guard invoice.kind == .invoice, [.open, .overdue, .paid].contains(invoice.status) else {
            let what = invoice.kind == .invoice ? invoice.status.rawValue : "a credit note"
            throw Problem(
                .invalidTransition, "The invoice is \(what) and takes no payments.", extra: ["allowed": []])
        }
        guard amount.amount <= invoice.due.amount else {
            throw Problem(faults: [
                Fault(
                    "/amount", "overpaid",
                    "amount may be at most \(invoice.due.amount) \(invoice.due.currency), which is what is due."
                )
            ])
        }
    }

    package func saved(replacing old: Payment?, by actor: Actor, in tx: Transaction) throws {
        guard old?.keeps != keeps || old?.invoiceID != invoiceID else { return }
        guard let invoiceID, let invoice = try Invoice.resource.find(invoiceID, in: tx) else { return }
        var changed = invoice
        changed.paid.amount += keeps - (old?.invoiceID == invoiceID ? old?.keeps ?? 0 : 0)
        let action = old == nil ? "invoice.payment_received" : "invoice.payment_changed"
        try tx.billing.settle(invoice, &changed, by: .system, action: action)
        if changed.owed.amount == 0 { try tx.alerts.resolve(kind: "refund_owed", subject: changed.subject) }
    }

    /// The amount that is left of it after refunds, in minor units.
    private var keeps: Int64 { amount.amount - refunded.amount }

    /// Notes that so much of it, in all, has been given back.
    mutating func refunded(inAll total: Int64) {
        refunded.amount = min(amount.amount, max(refunded.amount, total))
        guard refunded.amount > 0 else { return }
        status = refunded == amount ? .refunded : status == .unapplied ? .unapplied : .partiallyRefunded
    }
}
