internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// A page of a payment service on which one invoice is paid: a row of `checkouts`. An invoice has one at a time, so
/// that nobody pays twice.
struct Checkout: StoredRow {
    let id: String, invoice: InvoiceID?, integration: IntegrationID?
    let amount: Money
    let status: String
    let session: String?, url: String?
    let createdAt: Instant, expiresAt: Instant

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (id, invoice) = (row.text("id"), row.optionalID("invoice_id"))
        integration = row.optionalID("integration_id")
        amount = Money(amount: row.int64("amount"), currency: row.text("currency"))
        (status, session, url) = (row.text("status"), row.optionalText("session"), row.optionalText("url"))
        (createdAt, expiresAt) = (row.instant("created_at"), row.instant("expires_at"))
    }

    /// The time for which a page stays open; a new one follows when somebody wants to pay later.
    static let life: Duration = .seconds(12 * 3600)
    /// Nobody is sent to a page that closes under their hands; services open none for less than half an hour, either.
    static let leeway: Duration = .seconds(2400)

    func fits(_ invoice: Invoice, at now: Instant) -> Bool {
        amount == invoice.due && expiresAt > now + Self.leeway
    }
}

/// The next step after a click on an invoice's button to pay.
private enum PageStep: Sendable {
    case page(String)
    case open(CheckoutOpening)
    /// No service may be asked; before then, where that is known.
    case nobody(until: Instant?)
}

/// A page that is about to be opened.
private struct CheckoutOpening: Sendable {
    let checkout: Checkout
    let request: CheckoutRequest
    let service: PaymentService
    let permit: Permit
    /// The invoice's own.
    let page: String
}

extension DealsServices {
    /// Where an invoice is paid: the page that is open, or a new one. A crash between the service's answer and our
    /// noting it is healed by the next call, which asks under the same key. Where a service refuses the next one is
    /// asked; where none answers whoever pays is not kept waiting.
    func checkoutURL(
        of id: InvoiceID, _ tenant: TenantID, for payer: Actor
    ) async throws -> String {
        let database = platform.database
        var tried: [Connector] = []
        while true {
            let step = try await database.write(tenant) { [tried] tx in
                try tx.billing.pageStep(
                    to: try Invoice.resource.get(id, in: tx), for: payer, after: tried, self)
            }
            switch step {
            case .page(let url): return url
            case .nobody(let until): throw Problem.noPaymentService(for: until.map { $0 - platform.now() })
            case .open(let opening):
                tried.append(opening.service.connector)
                let outcome = await ask(opening.service) { service, access async throws(PaymentFailure) in
                    try await service.open(
                        opening.request, key: opening.checkout.id, access, opening.permit)
                }
                let url = try await database.write(tenant) { tx in try tx.billing.settle(opening, outcome) }
                if let url { return url }
                guard opening.permit.reach.hasAnswered else { throw Problem.noPaymentService(for: nil) }
            }
        }
    }
}

extension Problem {
    fileprivate static let notPayable = Problem(
        .conflict, "The invoice cannot be paid online at the moment; see its page for other ways.")

    fileprivate static func noPaymentService(for pause: Duration?) -> Problem {
        let problem = Problem(
            .unavailable, "The payment service is not answering properly; please try again later.")
        guard let pause else { return problem }
        return problem.with(header: "Retry-After", "\(max(1, pause.components.seconds))")
    }
}

extension BillingStore where Base == Transaction {
    /// The next step to the page on which an invoice is paid.
    fileprivate func pageStep(
        to invoice: Invoice, for payer: Actor, after tried: [Connector], _ services: DealsServices
    ) throws -> PageStep {
        let integrations = try services.payments(of: invoice, in: tx)
        guard !integrations.isEmpty || !tried.isEmpty else { throw Problem.notPayable }
        let known = try openCheckout(of: invoice.id)
        if let known, known.status == "open", let url = known.url, known.fits(invoice, at: tx.now),
            integrations.contains(where: { $0.id == known.integration })
        {
            return .page(url)
        }
        let (tool, tenant) = (CreatePaymentLinkTool.name, try tx.agency.tenant())
        let left = integrations.filter { one in !tried.contains { $0.isOf(one.id) } }
        guard !left.isEmpty else { return .nobody(until: nil) }
        let ranking = try tx.connectors.rank(
            left.map { $0.connector(for: tenant, at: tx.now) }, for: tool,
            key: known?.id ?? "\(invoice.id)", tenant.zone)
        guard let best = ranking.ranked.first,
            let integration = left.first(where: { best.connector.isOf($0.id) }),
            let service = try services.service(integration, in: tx)
        else { return .nobody(until: ranking.refused.map { $0.refusal.until }.min()) }
        let failed = tried.last.map { CallReason(.afterFailure, "\($0.name) has failed with it.") }
        let checkout = try checkout(of: invoice, by: integration.id, known)
        let permit: Permit
        do {
            let deadline = DealsServices.deadline
            permit = try tx.gate.permitUnasked(
                tool, key: checkout.id,
                attempt: try tx.connectorCalls.nextAttempt(key: checkout.id, limit: deadline),
                for: invoice.caller(payer), by: best.connector, failed ?? best.why, deadline: deadline)
        } catch let busy as ConnectorBusy {
            return .nobody(until: busy.refusal.until)
        } catch let refusal as ToolRefusal {
            return .nobody(until: refusal.retryAfter.map { tx.now + $0 })
        }
        let page = invoice.publicURL ?? ""
        guard !tx.sandboxClock.isSandbox else {
            try tx.gate.settleUnasked(permit, .captured)
            try tx.run(
                """
                UPDATE checkouts SET status = 'open', url = \(page)
                WHERE tenant_id = \(tx.tenant) AND id = \(checkout.id)
                """)
            return .page(page)
        }
        try tx.integrationCredentials.noteUse(of: integration.id, by: payer)
        let request = CheckoutRequest(
            invoice: "\(invoice.id)", amount: checkout.amount, title: invoice.number ?? "", email: nil,
            successURL: page + "/paid", cancelURL: page, expiresAt: checkout.createdAt + Checkout.life)
        return .open(
            CheckoutOpening(
                checkout: checkout, request: request, service: service, permit: permit, page: page))
    }

    /// Books what came of opening a page; `nil` where there is none.
    fileprivate func settle(
        _ opening: CheckoutOpening, _ outcome: Result<OpenedCheckout, PaymentFailure>
    ) throws -> String? {
        let checkout = opening.checkout, opened: OpenedCheckout
        switch outcome {
        case .success(let page): opened = page
        case .failure(let failure):
            try tx.gate.settleUnasked(opening.permit, failure.end(opening.permit))
            try checkoutFails(checkout, failure, opening.service.access)
            return nil
        }
        try tx.gate.settleUnasked(opening.permit, .succeeded)
        if let invoice = checkout.invoice {
            try tx.alerts.resolve(
                kind: Self.checkoutAlert, subject: Subject(invoice))
        }
        let isWanted = try tx.run(
            """
            UPDATE checkouts SET status = 'open', session = \(opened.session), url = \(opened.url)
            WHERE tenant_id = \(tx.tenant) AND id = \(checkout.id) AND status IN ('new', 'open')
            """)
        guard isWanted == 0 else { return opened.url }
        // It was paid, or changed, while the page was being opened.
        try tx.run(
            """
            UPDATE checkouts SET session = \(opened.session), status = 'closing'
            WHERE tenant_id = \(tx.tenant) AND id = \(checkout.id) AND session IS NULL
            """)
        try tx.jobs.enqueue(CheckoutCloseJob.self, .init(checkout: checkout.id))
        return opening.page
    }

    /// The invoice's checkout at a service, which is made where the one that is known will not do.
    private func checkout(
        of invoice: Invoice, by integration: IntegrationID, _ known: Checkout?
    ) throws -> Checkout {
        if let known {
            if known.integration == integration, known.fits(invoice, at: tx.now) { return known }
            try closeCheckouts(of: invoice)
        }
        let id = tx.makeID("chk_")
        try tx.run(
            """
            INSERT INTO checkouts (tenant_id, id, invoice_id, integration_id, amount, currency, status, created_at,
                expires_at)
            VALUES (\(tx.tenant), \(id), \(invoice.id), \(integration), \(invoice.due.amount),
                \(invoice.due.currency), 'new', \(tx.now), \(tx.now + Checkout.life))
            """)
        guard let made = try checkout(id) else { throw Problem(.notFound) }
        return made
    }

    private func openCheckout(of invoice: InvoiceID) throws -> Checkout? {
        try tx.first(
            """
            SELECT \(Checkout.columns) FROM checkouts
            WHERE tenant_id = \(tx.tenant) AND invoice_id = \(invoice) AND status IN ('new', 'open')
            """, Checkout.init)
    }

    /// Has the pages closed on which an invoice could be paid that is paid, void or changed.
    func closeCheckouts(of invoice: Invoice) throws {
        guard let open = try openCheckout(of: invoice.id) else { return }
        try tx.run(
            "UPDATE checkouts SET status = 'closing' WHERE tenant_id = \(tx.tenant) AND id = \(open.id)")
        if open.session != nil { try tx.jobs.enqueue(CheckoutCloseJob.self, .init(checkout: open.id)) }
    }

    private static var checkoutAlert: String { "checkout_failed" }

    /// A page through which nothing is paid any more.
    func close(session: String?, as status: String) throws {
        guard let session else { return }
        try tx.run(
            """
            UPDATE checkouts SET status = \(status)
            WHERE tenant_id = \(tx.tenant) AND session = \(session) AND status IN ('open', 'closing')
            """)
    }

    fileprivate func checkoutFails(
        _ checkout: Checkout, _ failure: PaymentFailure, _ access: IntegrationAccess
    ) throws {
        switch failure {
        case .later: return
        case .refused, .account:
            try tx.run(
                """
                UPDATE checkouts SET status = 'failed'
                WHERE tenant_id = \(tx.tenant) AND id = \(checkout.id) AND status = 'new'
                """)
        }
        if case .account(let code, let detail) = failure {
            try tx.integrations.fails(access, because: .cause(code, detail))
            return
        }
        guard let invoice = checkout.invoice else { return }
        try tx.alerts.raise(
            kind: Self.checkoutAlert, severity: .warning,
            subject: Subject(invoice),
            title: Saying("alert.checkout_failed", ["detail": .saying(.cause(failure.code, failure.detail))]),
            action: Saying("alert.checkout_failed_do"))
    }
}

extension BillingStore {
    func checkout(_ id: String) throws -> Checkout? {
        try tx.first(
            "SELECT \(Checkout.columns) FROM checkouts WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            Checkout.init)
    }
}

/// Closes a page of a payment service, so that nobody pays what is paid. One that was paid meanwhile is taken down.
struct CheckoutCloseJob: JobKind {
    struct Payload: Codable, Sendable { let checkout: String }

    static let kind = "payment.close_checkout"
    static let queue = "outbox"
    private let services: DealsServices

    init(_ services: DealsServices) { self.services = services }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let checkout = try job.read({ try $0.billing.checkout(payload.checkout) }),
            checkout.status == "closing",
            let session = checkout.session,
            let service = try job.read({ try services.service(of: checkout.integration, in: $0) })
        else { return }
        let invoice = try job.read { reader in
            try checkout.invoice.flatMap { try Invoice.resource.find($0, in: reader) }
        }
        let permit = try await services.permit(
            ClosePaymentLinkTool.name, key: "\(checkout.id)/close",
            for: invoice?.caller(.system) ?? ToolCaller(actor: .system), by: service,
            because: "\(service.connector.name) has opened the page.", job)
        let outcome = await services.ask(service) { provider, access async throws(PaymentFailure) in
            try await provider.close(checkout: session, access, permit)
        }
        switch outcome {
        case .success(let state):
            try await job.complete { tx in
                try tx.gate.settleUnasked(permit, .succeeded)
                try tx.billing.close(session: session, as: "closed")
                guard case .paid(let received) = state,
                    let integration = try Integration.resource.find(service.integration.id, in: tx)
                else { return }
                _ = try tx.billing.receive(received, through: integration)
            }
        case .failure(let failure):
            try await job.write { tx in try tx.gate.settleUnasked(permit, failure.end(permit)) }
            guard case .later(let code, let detail, let after) = failure else {
                throw JobFailure.terminal(failure.code, failure.detail)
            }
            throw JobFailure.retryable(code, detail, after: after)
        }
    }
}
