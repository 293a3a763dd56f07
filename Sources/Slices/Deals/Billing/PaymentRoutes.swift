internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

func paymentRoutes(_ routes: inout Routes, _ services: DealsServices) {
    routes.standard(
        Payment.resource, read: "payments:read", write: "payments:write", patch: false, delete: false)
    routes.declare(RefundBody.self)
    routes.schema("StatementImport", StatementImport.schema)

    routes.post(
        "/v1/payments/{id}/refund", .permission("payments:write"),
        "Refund a payment, through its payment service or as done manually",
        body: .json(.reference("RefundBody"), isOptional: true), .record(Payment.resource)
    ) { call in
        let id = try call.id("id", of: Payment.self)
        let body = call.request.bytes.isEmpty ? RefundBody() : try call.body(RefundBody.self)
        return .write { tx in
            let payment = try Payment.resource.get(id, in: tx)
            try call.checkVersion(payment.version)
            return .record(try services.refund(payment, body, by: call.actor, in: tx))
        }
    }
    routes.post(
        "/v1/payments/import", .permission("payments:write"),
        "Import payments from a bank statement: a CSV with date, amount, reference and payer",
        body: .raw(limit: StatementImport.bytesMax, .text("text/csv")),
        .json(.reference("StatementImport"), "The result for each line.")
    ) { call in
        let lines = try BankStatement(call.request.bytes).lines
        return .write { tx in
            var statement = StatementImport(try tx.agency.tenant())
            for line in lines { try statement.take(line, by: call.actor, in: tx) }
            return .json(statement.json)
        }
    }
    publicPaymentRoutes(&routes, services)
}

/// Where clients pay: looking at it changes nothing.
private func publicPaymentRoutes(_ routes: inout Routes, _ services: DealsServices) {
    let pages = InvoicePage(services: services)
    @Sendable func open(_ call: Call) throws(Problem) -> (PublicLinks.Opened, InvoiceID) {
        guard let link = services.platform.links.open(.page, call.parameters["token"] ?? ""),
            let id = link.id(of: Invoice.self)
        else { throw Problem(.notFound) }
        return (link, id)
    }
    routes.schema("Checkout", .schema(["url": ["type": "string"]], required: ["url"]))
    routes.post(
        "/p/{token}/pay", .anyone,
        "Get the page on which an invoice is paid online; a form is redirected there",
        named: "pay_invoice_by_link",
        body: .raw(
            limit: 4096, .form(["type": "object"])),
        .json(.reference("Checkout"), "The page on which the invoice is paid.")
    ) { call in
        let (link, id) = try open(call)
        return .task {
            let url = try await services.checkoutURL(of: id, link.tenant, for: .system)
            guard call.wantsPage else { return .json(["url": .string(url)]) }
            return Response(status: 303, headers: [("Location", url), ("Referrer-Policy", "no-referrer")])
        }
    }
    routes.get(
        "/p/{token}/paid", .anyone, "Show that a payment was received, or is awaited",
        .media("text/html", "The page.")
    ) { call in
        let (link, id) = try open(call)
        return .task {
            try services.platform.database.read(link.tenant) { reader in
                let invoice = try pages.find(id, in: reader)
                return try InvoiceView(invoice, path: call.pagePath, canPay: false, in: reader)
                    .thanks.response()
            }
        }
    }
}
