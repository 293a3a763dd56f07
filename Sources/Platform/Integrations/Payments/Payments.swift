package import Agents
package import Records
package import Telemetry

/// A service through which clients pay invoices. One instance serves every agency.
package protocol Payments: IntegrationProvider {
    /// Opens a page on which an invoice is paid. Asked again under the same key, the answer is the page that is there.
    func open(
        _ checkout: CheckoutRequest, key: String, _ access: IntegrationAccess, _ permit: Permit
    )
        async throws(PaymentFailure) -> OpenedCheckout
    /// Closes such a page; where it was paid already, says so.
    func close(
        checkout session: String, _ access: IntegrationAccess, _ permit: Permit
    )
        async throws(PaymentFailure) -> CheckoutState
    /// Returns the state of such a page.
    func state(
        ofCheckout session: String, _ access: IntegrationAccess, _ permit: Permit
    )
        async throws(PaymentFailure) -> CheckoutState
    /// Gives money back, once for each key.
    func refund(
        _ refund: RefundRequest, key: String, _ access: IntegrationAccess, _ permit: Permit
    )
        async throws(PaymentFailure) -> RefundReceipt
    /// Returns the event that a receipt of its webhook endpoint tells; `nil`: nothing that concerns invoices.
    func read(_ receipt: HookReceipt, _ access: IntegrationAccess) -> PaymentEvent?
}

package struct CheckoutRequest: Hashable, Sendable {
    /// The invoice by which the checkout is found again.
    package var invoice: String
    package var amount: Money
    package var title: String
    package var email: String?
    package var successURL: String, cancelURL: String
    package var expiresAt: Instant

    package init(
        invoice: String, amount: Money, title: String, email: String?, successURL: String, cancelURL: String,
        expiresAt: Instant
    ) {
        (self.invoice, self.amount, self.title, self.email) = (invoice, amount, title, email)
        (self.successURL, self.cancelURL, self.expiresAt) = (successURL, cancelURL, expiresAt)
    }
}

package struct OpenedCheckout: Hashable, Sendable {
    package var session: String, url: String

    package init(session: String, url: String) { (self.session, self.url) = (session, url) }
}

package enum CheckoutState: Hashable, Sendable {
    case open, closed
    case paid(ReceivedPayment)
}

/// Money that a service has taken in.
package struct ReceivedPayment: Hashable, Sendable {
    /// The identifiers of the page and of the payment at the service.
    package var session: String?, intent: String?
    /// The invoice that we had named, if we had.
    package var invoice: String?
    package var amount: Money
    package var payer: String?

    package init(session: String?, intent: String?, invoice: String?, amount: Money, payer: String?) {
        (self.session, self.intent, self.invoice) = (session, intent, invoice)
        (self.amount, self.payer) = (amount, payer)
    }
}

package struct RefundRequest: Hashable, Sendable {
    package var intent: String
    package var amount: Money

    package init(intent: String, amount: Money) { (self.intent, self.amount) = (intent, amount) }
}

package struct RefundReceipt: Hashable, Sendable {
    package var id: String
    /// The refunds of the whole payment, with those that were made elsewhere; `nil` where it is not reported.
    package var refunded: Int64?

    package init(id: String, refunded: Int64?) { (self.id, self.refunded) = (id, refunded) }
}

/// An event that a payment service reports.
package enum PaymentEvent: Hashable, Sendable {
    case paid(ReceivedPayment)
    /// A page through which nothing will be paid any more.
    case closed(session: String)
    /// Of a payment, so much in all has been given back.
    case refunded(intent: String, total: Money)
    case disputed(intent: String, amount: Money, reason: String)
    /// It is told, and changes nothing here; the text is for people.
    case noted(String)
}

/// The reason why a service has not done what it was asked for.
package enum PaymentFailure: Error, Hashable, Sendable {
    /// It will not do it, however often it is asked.
    case refused(code: String, detail: String)
    /// Our credentials are of no use.
    case account(code: String, detail: String)
    /// It may do it later; asked again with the same key it does it once.
    case later(code: String, detail: String, after: Duration?)

    package var code: String {
        switch self {
        case .refused(let code, _), .account(let code, _), .later(let code, _, _): code
        }
    }
    package var detail: String {
        switch self {
        case .refused(_, let detail), .account(_, let detail), .later(_, let detail, _): detail
        }
    }

    /// Returns the failure without the secrets that the service may have repeated.
    package func redacted(by access: IntegrationAccess) -> PaymentFailure {
        switch self {
        case .refused(let code, let detail): .refused(code: code, detail: access.redacted(detail))
        case .account(let code, let detail): .account(code: code, detail: access.redacted(detail))
        case .later(let code, let detail, let after):
            .later(code: code, detail: access.redacted(detail), after: after)
        }
    }
}
