internal import Agents
internal import Database
package import Integrations
internal import JSON
package import Jobs
internal import Messages
internal import Records
internal import Templates

/// Takes down what payment services tell. What they tell twice, or in another order, counts once.
package struct PaymentHooks: HookHandler {
    private let services: DealsServices

    package init(_ services: DealsServices) { self.services = services }

    package var providers: Set<String> {
        Set(services.outbox.integrations.providers.all.filter { $0 is any Payments }.map(\.name))
    }

    package func process(_ receipt: HookReceipt, of integration: Integration, _ job: JobContext) async throws
    {
        let connectable = services.outbox.integrations.providers
        guard let service = connectable[receipt.provider] as? any Payments else { return }
        let access = try services.platform.access(to: integration, of: job.tenant, service)
        let event = service.read(receipt, access)
        try await job.complete { tx in
            let (isOurs, note) = try tx.billing.take(event, through: integration)
            try tx.hookReceipts.settle(receipt.id, isOurs ? .processed : .ignored, note: note)
        }
    }
}

extension BillingStore where Base == Transaction {
    fileprivate func take(_ event: PaymentEvent?, through integration: Integration) throws -> (Bool, String) {
        switch event {
        case nil: return (false, "the event does not concern this agency")
        case .noted(let text): return (false, text)
        case .paid(let received): return try receive(received, through: integration)
        case .closed(let session):
            try close(session: session, as: "closed")
            return (true, "the page is closed")
        case .refunded(let intent, let total): return try refunded(intent: intent, total: total)
        case .disputed(let intent, let amount, let reason):
            guard let payment = try payment(intent: intent) else {
                return (false, "the payment does not exist")
            }
            try tx.alerts.raise(
                kind: "payment_disputed", severity: .critical, subject: payment.subject,
                title: Saying("alert.payment_disputed", ["amount": .money(amount), "reason": .text(reason)]),
                action: Saying("alert.payment_disputed_do"))
            return (true, "an alert was raised")
        }
    }
}
