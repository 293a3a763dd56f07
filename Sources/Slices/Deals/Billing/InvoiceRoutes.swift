internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes

func invoiceRoutes(_ routes: inout Routes, _ services: DealsServices) {
    routes.standard(
        Invoice.resource, read: "invoices:read", write: "invoices:write", create: false, patch: false)
    routes.standard(ServiceCredit.resource, read: "credits:read", write: "credits:write", create: false)
    routes.declare(CreditBody.self)

    routes.creation(of: Invoice.resource, "invoices:write", "Draft an invoice")
    routes.change(of: Invoice.resource, "invoices:write", "Update a draft of an invoice")
    func step(
        _ name: String, _ summary: String,
        _ body: @escaping @Sendable (Invoice, Call, Transaction) throws -> Invoice
    ) {
        routes.post(
            "/v1/invoices/{id}/\(name)", .permission("invoices:write"), summary, .record(Invoice.resource)
        ) { call in
            let id = try call.id("id", of: Invoice.self)
            return .write { tx in
                let invoice = try Invoice.resource.get(id, in: tx)
                try call.checkVersion(invoice.version)
                return .record(try body(invoice, call, tx))
            }
        }
    }
    step("send", "Send an invoice: give it its number, fix it, and mail it") {
        invoice, call, tx in
        try services.send(invoice, by: call.actor, in: tx)
    }
    step("void", "Void an invoice without payments or credits") { invoice, call, tx in
        try services.void(invoice, by: call.actor, in: tx)
    }
    step("remind", "Send a reminder of an overdue invoice now; at most one on a day") { invoice, call, tx in
        try services.remind(invoice, by: call.actor, in: tx)
    }
    routes.post(
        "/v1/invoices/{id}/credit", .permission("invoices:write"),
        "Create a credit note for an invoice, for some items or all that is left",
        body: .json(.reference("CreditBody"), isOptional: true), .record(Invoice.resource, status: 201)
    ) { call in
        let id = try call.id("id", of: Invoice.self)
        let body = call.request.bytes.isEmpty ? CreditBody() : try call.body(CreditBody.self)
        return .write { tx in
            let invoice = try Invoice.resource.get(id, in: tx)
            try call.checkVersion(invoice.version)
            let note = try services.credit(invoice, body, by: call.actor, in: tx)
            return .record(note, status: 201, location: "/v1/invoices/\(note.id)")
        }
    }
    routes.get(
        "/v1/invoices/{id}.pdf", .permission("invoices:read"), "Download an invoice as a PDF",
        .media("application/pdf", "The document.")
    ) { call in
        let id = try call.id("id", of: Invoice.self)
        return .task {
            let paper = try call.read { reader in
                try reader.billing.paper(of: try Invoice.resource.get(id, in: reader), services)
            }
            return .pdf(try await paper.bytes(), named: paper.name)
        }
    }
    routes.creation(
        of: ServiceCredit.resource, "credits:write", "Grant a client a credit on its next invoices"
    )
}
