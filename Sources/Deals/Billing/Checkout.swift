internal import Database
internal import HTTPServer
internal import JSON
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// A page of a payment service on which one invoice is paid: a row of `checkouts`. An invoice has one at a time, so
/// that nobody pays twice.
struct Checkout: Sendable {
    let id: String, invoice: ID<Invoice>?, integration: ID<Integration>?
    let amount: Money
    let status: String
    let session: String?, url: String?
    let createdAt: Instant, expiresAt: Instant

    static let columns: StaticString =
        "id, invoice_id, integration_id, amount, currency, status, session, url, created_at, expires_at"

    init(_ row: Row) {
        (id, invoice, integration) = (row.text(0), ID(row.text(1)), ID(row.text(2)))
        amount = Money(amount: row.int64(3), currency: row.text(4))
        (status, session, url) = (row.text(5), row.optionalText(6), row.optionalText(7))
        (createdAt, expiresAt) = (row.instant(8), row.instant(9))
    }

    /// How long a page stays open; a new one follows when somebody wants to pay later.
    static let life: Duration = .seconds(12 * 3600)
    /// Nobody is sent to a page that closes under their hands; services open none for less than half an hour, either.
    static let leeway: Duration = .seconds(2400)
}

extension DealsServices {
    typealias Service = (any Payments, IntegrationAccess)

    /// The service through which an invoice can be paid now, if one is connected.
    func payments(of invoice: Invoice, in reader: some Queryable) throws -> (any Payments, Integration)? {
        guard invoice.kind == .invoice, invoice.isOpen, invoice.due.amount > 0,
            try reader.ownTenant().sandboxOf == nil
        else { return nil }
        for integration in try reader.integrations(for: .payments, client: invoice.clientID) {
            if let service = platform.providers[integration.provider] as? any Payments {
                return (service, integration)
            }
        }
        return nil
    }

    func service(of integration: ID<Integration>?, in reader: some Queryable) throws -> Service? {
        guard let integration = try integration.flatMap({ try Integration.resource.find($0, in: reader) }),
            integration.status != .disabled,
            let service = platform.providers[integration.provider] as? any Payments
        else { return nil }
        return (service, try platform.access(to: integration, of: reader.tenant, service))
    }

    /// Where an invoice is paid: the page that is open, or a new one. A crash between the service's answer and our
    /// noting it is healed by the next call, which asks under the same key.
    func checkoutURL(of id: ID<Invoice>, _ tenant: TenantID) async throws -> String {
        let database = platform.database
        let (checkout, invoice) = try await database.write(tenant) { tx in
            try tx.checkout(for: try Invoice.resource.get(id, in: tx), self)
        }
        if checkout.status == "open", let url = checkout.url { return url }
        guard
            let (service, access) = try database.read(
                tenant, { try self.service(of: checkout.integration, in: $0) })
        else { throw Problem.notPayable }
        let page = invoice.publicURL ?? ""
        let request = CheckoutRequest(
            invoice: id.text, amount: checkout.amount, title: invoice.number ?? "", email: nil,
            successURL: page + "/paid", cancelURL: page, expiresAt: checkout.createdAt + Checkout.life)
        let opened: OpenedCheckout
        do {
            opened = try await service.open(request, key: checkout.id, access)
        } catch {
            try await database.write(tenant) { tx in try tx.checkoutFails(checkout, error, access) }
            throw Problem(
                .unavailable, "The payment service does not answer as it should; please try again later.")
        }
        return try await database.write(tenant) { tx in
            let isWanted = try tx.run(
                """
                UPDATE checkouts SET status = 'open', session = \(opened.session), url = \(opened.url)
                WHERE tenant_id = \(tx.tenant) AND id = \(checkout.id) AND status IN ('new', 'open')
                """)
            if isWanted == 0 {
                // It was paid, or changed, while the page was being opened.
                try tx.run(
                    """
                    UPDATE checkouts SET session = \(opened.session), status = 'closing'
                    WHERE tenant_id = \(tx.tenant) AND id = \(checkout.id) AND session IS NULL
                    """)
                try tx.enqueue(CheckoutCloseJob.self, .init(checkout: checkout.id))
            }
            return isWanted == 0 ? nil : opened.url
        } ?? page
    }
}

extension Problem {
    fileprivate static let notPayable = Problem(.conflict, "It cannot be paid online now; see its page.")
}

extension Transaction {
    /// The invoice's checkout, which is made where there is none that will do.
    fileprivate func checkout(for invoice: Invoice, _ services: DealsServices) throws -> (Checkout, Invoice) {
        guard let (_, integration) = try services.payments(of: invoice, in: self) else {
            throw Problem.notPayable
        }
        if let open = try openCheckout(of: invoice.id) {
            let isFit =
                open.amount == invoice.due && open.integration == integration.id
                && open.expiresAt > now + Checkout.leeway
            if isFit { return (open, invoice) }
            try closeCheckouts(of: invoice)
        }
        let id = makeID("chk_")
        try run(
            """
            INSERT INTO checkouts (tenant_id, id, invoice_id, integration_id, amount, currency, status, created_at,
                expires_at)
            VALUES (\(tenant), \(id), \(invoice.id), \(integration.id), \(invoice.due.amount),
                \(invoice.due.currency), 'new', \(now), \(now + Checkout.life))
            """)
        guard let made = try checkout(id) else { throw Problem(.notFound) }
        return (made, invoice)
    }

    private func openCheckout(of invoice: ID<Invoice>) throws -> Checkout? {
        try first(
            """
            SELECT \(raw: Checkout.columns) FROM checkouts
            WHERE tenant_id = \(tenant) AND invoice_id = \(invoice) AND status IN ('new', 'open')
            """, Checkout.init)
    }

    /// Has the pages closed on which an invoice could be paid that is paid, void or changed.
    func closeCheckouts(of invoice: Invoice) throws {
        guard let open = try openCheckout(of: invoice.id) else { return }
        try run(
            "UPDATE checkouts SET status = 'closing' WHERE tenant_id = \(tenant) AND id = \(open.id)")
        if open.session != nil { try enqueue(CheckoutCloseJob.self, .init(checkout: open.id)) }
    }

    /// A page through which nothing is paid any more.
    func close(session: String?, as status: String) throws {
        guard let session else { return }
        try run(
            """
            UPDATE checkouts SET status = \(status)
            WHERE tenant_id = \(tenant) AND session = \(session) AND status IN ('open', 'closing')
            """)
    }

    fileprivate func checkoutFails(
        _ checkout: Checkout, _ failure: PaymentFailure, _ access: IntegrationAccess
    ) throws {
        switch failure {
        case .later: return
        case .refused, .account:
            try run(
                """
                UPDATE checkouts SET status = 'failed'
                WHERE tenant_id = \(tenant) AND id = \(checkout.id) AND status = 'new'
                """)
        }
        if case .account(_, let detail) = failure {
            try integrationFails(access, because: detail)
            return
        }
        guard let invoice = checkout.invoice else { return }
        try raiseAlert(
            kind: "checkout_failed", severity: .warning,
            subject: Subject(type: Invoice.noun, id: invoice.text),
            title: "The client could not pay online: \(failure.detail)",
            action: "Look at the payment integration's settings; the client can pay by transfer meanwhile.")
    }
}

extension Queryable {
    func checkout(_ id: String) throws -> Checkout? {
        try first(
            "SELECT \(raw: Checkout.columns) FROM checkouts WHERE tenant_id = \(tenant) AND id = \(id)",
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
        guard let checkout = try job.read({ try $0.checkout(payload.checkout) }),
            checkout.status == "closing",
            let session = checkout.session,
            let (service, access) = try job.read({ try services.service(of: checkout.integration, in: $0) })
        else { return }
        let state: CheckoutState
        do {
            state = try await service.close(checkout: session, access)
        } catch .later(let code, let detail, let after) {
            throw JobFailure.retryable(code, detail, after: after)
        } catch {
            throw JobFailure.terminal(error.code, error.detail)
        }
        try await job.complete { tx in
            try tx.close(session: session, as: "closed")
            if case .paid(let received) = state,
                let integration = try checkout.integration.flatMap({
                    try Integration.resource.find($0, in: tx)
                })
            {
                _ = try tx.receive(received, through: integration)
            }
        }
    }
}
