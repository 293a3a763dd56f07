internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

struct RefundBody: Declared {
    var amount: Money?
    var reason: String?

    static let schema = Schema<RefundBody>(
        "RefundBody",
        [
            .money(
                "amount", \.amount,
                .about("The amount to refund; all that is left of the payment by default.")),
            .text("reason", \.reason, max: 1000, .about("The reason for the refund.")),
        ])
}

extension DealsServices {
    /// Gives money back: through the service that took it in, or as somebody has done it by hand. Answers the payment
    /// as it is then; `refunding` tells what its service still has to do.
    func refund(_ old: Payment, _ body: RefundBody, by actor: Actor, in tx: Transaction) throws -> Payment {
        let amount = body.amount ?? Money(amount: old.refundable, currency: old.amount.currency)
        guard old.refundable > 0 else {
            throw Problem(
                .invalidTransition, "The payment has been refunded in full, or is about to be.",
                extra: ["allowed": []])
        }
        try amount.check(old.amount.currency)
        guard amount.amount <= old.refundable else {
            throw Problem(faults: [
                Fault(
                    "/amount", "overrefunded",
                    "amount may be at most \(old.refundable) \(old.amount.currency), which is what can still be refunded."
                )
            ])
        }
        let id = tx.makeID("ref_"), isSent = old.paymentIntent != nil && !tx.sandboxClock.isSandbox
        try tx.run(
            """
            INSERT INTO refunds (tenant_id, id, payment_id, amount, status, reason, created_at, settled_at)
            VALUES (\(tx.tenant), \(id), \(old.id), \(amount.amount), \(isSent ? "pending" : "succeeded"),
                \(body.reason), \(tx.now), \(isSent ? nil : tx.now))
            """)
        try tx.auditLog.add(
            actor, "payment.refund_requested", old.subject,
            ["amount": amount.json, "reason": JSON(body.reason), "refund": .string(id)])
        guard isSent else {
            if old.paymentIntent != nil { try captureRefund(id, of: old, by: actor, in: tx) }
            try tx.billing.noteRefund(of: old, inAll: old.refunded.amount + amount.amount)
            return try Payment.resource.get(old.id, in: tx)
        }
        var payment = old
        payment.refunding.amount += amount.amount
        try tx.update(old, to: &payment, by: actor)
        try tx.jobs.enqueue(
            RefundJob.self, .init(refund: id, actor: actor),
            JobOptions(uniqueKey: id, subject: old.subject))
        return payment
    }

    /// Keeps what a sandbox does not have a service do.
    private func captureRefund(
        _ id: String, of payment: Payment, by actor: Actor, in tx: Transaction
    ) throws {
        let service = try service(of: payment.integrationID, in: tx)
        let permit = try tx.gate.permitUnasked(
            RefundPaymentTool.name, key: id, attempt: 1, for: try payment.caller(actor, in: tx),
            by: service?.connector ?? Connector("", name: "Bureau", priority: 1), nil, deadline: Self.deadline
        )
        try tx.gate.settleUnasked(permit, .captured)
    }
}

/// Has a payment's service give money back. The refund's id is the key, so that it is given once, however often the
/// service has to be asked.
struct RefundJob: JobKind {
    struct Payload: Codable, Sendable {
        let refund: String
        /// The actor who asked for it; jobs that were stored before it was kept so have none.
        var actor: Actor?
    }

    static let kind = "payment.refund"
    static let queue = "outbox"
    private let services: DealsServices

    init(_ services: DealsServices) { self.services = services }

    private struct Pending: Sendable {
        let payment: Payment
        let amount: Int64
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let pending = try job.read({ try Self.pending(payload.refund, in: $0) }) else { return }
        let payment = pending.payment, id = payload.refund
        guard let intent = payment.paymentIntent,
            let service = try job.read({ try services.service(of: payment.integrationID, in: $0) })
        else {
            return try await fail(id, pending, "the service that took it in is not connected any more", job)
        }
        let permit = try await services.permit(
            RefundPaymentTool.name, key: id,
            for: try job.read { try payment.caller(payload.actor ?? .system, in: $0) }, by: service,
            because: "\(service.connector.name) has taken the money in.", job)
        let request = RefundRequest(
            intent: intent, amount: Money(amount: pending.amount, currency: payment.amount.currency))
        let outcome = await services.ask(service) { provider, access async throws(PaymentFailure) in
            try await provider.refund(request, key: id, access, permit)
        }
        switch outcome {
        case .success(let receipt): try await settle(id, pending, receipt, permit, job)
        case .failure(let failure):
            try await job.write { tx in try tx.gate.settleUnasked(permit, failure.end(permit)) }
            switch failure {
            case .refused(_, let detail): try await fail(id, pending, detail, job)
            case .account(let code, let detail): throw JobFailure.retryable(code, detail)
            case .later(let code, let detail, let after):
                throw JobFailure.retryable(code, detail, after: after)
            }
        }
    }

    private static func pending(_ id: String, in reader: some Queryable) throws -> Pending? {
        let found = try reader.first(
            """
            SELECT payment_id, amount FROM refunds
            WHERE tenant_id = \(reader.tenant) AND id = \(id) AND status = 'pending'
            """
        ) { ($0.id(0, of: Payment.self), $0.int64(1)) }
        guard let found, let payment = try found.0.flatMap({ try Payment.resource.find($0, in: reader) })
        else {
            return nil
        }
        return Pending(payment: payment, amount: found.1)
    }

    private func settle(
        _ id: String, _ pending: Pending, _ receipt: RefundReceipt, _ permit: Permit, _ job: JobContext
    ) async throws {
        do {
            try await job.complete { tx in
                try tx.gate.settleUnasked(permit, .succeeded)
                let payment = try tx.billing.endRefund(
                    id, of: pending.payment.id, pending.amount, "succeeded", receipt.id)
                let own = try tx.billing.refundedByUs(payment.id)
                try tx.billing.noteRefund(of: payment, inAll: max(own, receipt.refunded ?? 0))
            }
        } catch {
            // It is asked for again under the same key.
            throw JobFailure.retryable("unsettled", "\(error)")
        }
    }

    private func fail(_ id: String, _ pending: Pending, _ detail: String, _ job: JobContext) async throws {
        try await job.complete { tx in
            try tx.billing.refundFails(id, of: pending.payment.id, pending.amount, detail)
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        let detail: String
        switch end {
        case .dead(let failure): detail = failure.detail
        case .cancelled: detail = "the refund's job was cancelled"
        default: return
        }
        try tx.connectorCalls.giveUp(key: payload.refund)
        guard let pending = try Self.pending(payload.refund, in: tx) else { return }
        try tx.billing.refundFails(payload.refund, of: pending.payment.id, pending.amount, detail)
    }
}

extension Payment {
    /// On whose behalf its service is asked.
    fileprivate func caller(_ actor: Actor, in reader: some Queryable) throws -> ToolCaller {
        let invoice = try (invoiceID ?? meantFor).flatMap { try Invoice.resource.find($0, in: reader) }
        return invoice?.caller(actor) ?? ToolCaller(actor: actor, subject: subject)
    }
}

extension BillingStore where Base == Transaction {
    fileprivate func endRefund(
        _ id: String, of payment: ID<Payment>, _ amount: Int64, _ status: String, _ external: String?
    ) throws -> Payment {
        try tx.run(
            """
            UPDATE refunds SET status = \(status), external_id = \(external), settled_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(id) AND status = 'pending'
            """)
        let old = try Payment.resource.get(payment, in: tx)
        var new = old
        new.refunding.amount = max(0, old.refunding.amount - amount)
        try tx.update(old, to: &new, by: .system)
        return try Payment.resource.get(payment, in: tx)
    }

    fileprivate func refundFails(
        _ id: String, of payment: ID<Payment>, _ amount: Int64, _ detail: String
    ) throws {
        let payment = try endRefund(id, of: payment, amount, "failed", nil)
        try tx.alerts.raise(
            kind: "refund_failed", severity: .critical, subject: payment.subject,
            title: Saying("alert.refund_failed", ["detail": .text(detail)]),
            action: Saying("alert.refund_failed_do"))
    }

    fileprivate func refundedByUs(_ payment: ID<Payment>) throws -> Int64 {
        try tx.int(
            """
            SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM refunds
            WHERE tenant_id = \(tx.tenant) AND payment_id = \(payment) AND status = 'succeeded'
            """) ?? 0
    }
}
