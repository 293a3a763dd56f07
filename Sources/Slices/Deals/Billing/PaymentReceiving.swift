internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates

/// Why money that came in was not taken for what it was meant.
enum Unapplied {
    static let alert = "payment_unapplied"
}

extension BillingStore where Base == Transaction {
    /// Takes down what a service has taken in, once: for the invoice where that is what is due, otherwise as money that
    /// somebody has to give back. Answers what became of it, for people.
    func receive(
        _ received: ReceivedPayment, through integration: Integration
    ) throws -> (isOurs: Bool, note: String) {
        if let known = try payment(of: received) {
            try complete(known, with: received)
            return (true, "the payment is already recorded as \(known.id)")
        }
        guard let id = received.invoice.flatMap({ InvoiceID($0) }) else {
            return (false, "the payment names no invoice")
        }
        guard let invoice = try Invoice.resource.find(id, in: tx) else {
            return (false, "the invoice \(id) does not exist")
        }
        try close(session: received.session, as: "paid")
        var payment = Payment.new(id: tx.nextID(), now: tx.now)
        (payment.amount, payment.method, payment.payer) = (received.amount, .stripe, received.payer)
        (payment.integrationID, payment.checkoutSession) = (integration.id, received.session)
        (payment.paymentIntent, payment.reference) = (received.intent, received.intent ?? received.session)
        guard let obstacle = try obstacle(to: received, for: invoice) else {
            payment.invoiceID = id
            try tx.create(&payment, by: .system)
            return (true, "the payment pays \(invoice.number ?? "\(id)")")
        }
        (payment.meantFor, payment.status) = (id, .unapplied)
        try tx.create(&payment, by: .system)
        try tx.alerts.raise(
            kind: Unapplied.alert, severity: .critical, subject: payment.subject,
            title: Saying(
                "alert.payment_unapplied",
                ["number": .text(invoice.number ?? "\(id)"), "obstacle": .text(obstacle)]),
            action: Saying("alert.payment_unapplied_do"))
        return (true, obstacle)
    }

    private func payment(of received: ReceivedPayment) throws -> Payment? {
        if let session = received.session,
            let known = try Payment.resource.first(where: "checkout_session = \(session)", in: tx)
        {
            return known
        }
        return try received.intent.flatMap { try payment(intent: $0) }
    }

    func payment(intent: String) throws -> Payment? {
        try Payment.resource.first(where: "payment_intent = \(intent)", in: tx)
    }

    /// Adds the identifiers that the first report of a payment may not have known.
    private func complete(_ known: Payment, with received: ReceivedPayment) throws {
        var payment = known
        payment.checkoutSession = known.checkoutSession ?? received.session
        payment.paymentIntent = known.paymentIntent ?? received.intent
        try tx.update(known, to: &payment, by: .system)
    }

    /// Why an invoice cannot take a payment; `nil`: it can.
    private func obstacle(to received: ReceivedPayment, for invoice: Invoice) throws -> String? {
        guard invoice.kind == .invoice else { return "it is a credit note." }
        guard received.amount.currency == invoice.total.currency else {
            return "it came in \(received.amount.currency)."
        }
        switch invoice.status {
        case .paid: return "the invoice was paid already."
        case .void: return "the invoice is void."
        case .draft: return "the invoice has not been sent."
        case .open, .overdue: break
        }
        if received.amount == invoice.due { return nil }
        if received.amount.amount > invoice.due.amount { return "it is more than was due." }
        // A page that we had opened ourselves over less than is due by now.
        let isOurs = try received.session.map { session in
            try tx.exists(
                """
                SELECT 1 FROM checkouts WHERE tenant_id = \(tx.tenant) AND session = \(session)
                    AND invoice_id = \(invoice.id) AND amount = \(received.amount.amount)
                """)
        }
        return isOurs ?? false ? nil : "it is not what was due."
    }

    /// Notes what a service says of refunds, whoever made them.
    func refunded(intent: String, total: Money) throws -> (isOurs: Bool, note: String) {
        guard let old = try payment(intent: intent) else { return (false, "the payment does not exist") }
        guard total.currency == old.amount.currency else {
            return (true, "the payment is in another currency")
        }
        try noteRefund(of: old, inAll: total.amount)
        return (true, "so much has been refunded of \(old.id)")
    }

    func noteRefund(of old: Payment, inAll total: Int64) throws {
        var payment = old
        payment.refunded(inAll: total)
        try tx.update(old, to: &payment, by: .system, action: "payment.refunded")
        guard payment.refunded != old.refunded else { return }
        try tx.publish(
            "payment.refunded", payment.subject,
            ["invoice_id": JSON(payment.invoiceID), "refunded": payment.refunded.json])
        if payment.status == .refunded {
            try tx.alerts.resolve(kind: Unapplied.alert, subject: payment.subject)
        }
    }
}
