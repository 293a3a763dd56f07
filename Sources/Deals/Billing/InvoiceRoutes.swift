internal import Database
internal import HTTPServer
internal import JSON
internal import Platform
internal import Records
internal import Runtime

func invoiceRoutes(_ routes: inout Routes, _ services: DealsServices) {
    routes.standard(
        Invoice.resource, read: "invoices:read", write: "invoices:write", create: false, patch: false)
    routes.standard(ServiceCredit.resource, read: "credits:read", write: "credits:write", create: false)
    routes.declare(CreditBody.self)

    routes.post(
        "/v1/invoices", .permission("invoices:write"), "Drafts an invoice",
        body: .json(.reference("InvoiceCreate")), .record(Invoice.resource, status: 201)
    ) { call in
        let draft = try Invoice.read(try call.object())
        return .write { tx in
            try services.requireClient(draft.clientID, in: tx)
            var invoice = draft
            invoice.beginLife(id: tx.nextID(), now: tx.now)
            try tx.create(&invoice, by: call.actor)
            return .record(invoice, status: 201, location: "/v1/invoices/\(invoice.id)")
        }
    }
    routes.patch(
        "/v1/invoices/{id}", .permission("invoices:write"), "Changes a draft",
        body: .json(.reference("InvoicePatch")), .record(Invoice.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Invoice.self), call.object())
        return .write { tx in
            let old = try Invoice.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var invoice = old, faults = Faults()
            _ = Invoice.schema.patch(&invoice, with: body, faults: &faults)
            try faults.throwIfAny()
            if invoice.clientID != old.clientID { try services.requireClient(invoice.clientID, in: tx) }
            try tx.update(old, to: &invoice, by: call.actor)
            return .record(invoice)
        }
    }
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
    step("send", "Gives a draft its number and has it mailed: from now on it stays as it is") {
        invoice, call, tx in
        try services.send(invoice, by: call.actor, in: tx)
    }
    step("void", "Takes back an invoice of which nothing was paid or credited") { invoice, call, tx in
        try services.void(invoice, by: call.actor, in: tx)
    }
    routes.post(
        "/v1/invoices/{id}/credit", .permission("invoices:write"),
        "Makes a credit note for an invoice, for some items or all that is left",
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
        "/v1/invoices/{id}.pdf", .permission("invoices:read"), "Downloads an invoice",
        .media("application/pdf", "The document.")
    ) { call in
        let id = try call.id("id", of: Invoice.self)
        return .task {
            let paper = try call.database.read(call.tenant) { reader in
                try reader.paper(of: try Invoice.resource.get(id, in: reader), services)
            }
            return .pdf(try await paper.bytes(), named: paper.name)
        }
    }
    routes.post(
        "/v1/credits", .permission("credits:write"), "Grants a client something on its next invoices",
        body: .json(.reference("ServiceCreditCreate")), .record(ServiceCredit.resource, status: 201)
    ) { call in
        let draft = try ServiceCredit.read(try call.object())
        return .write { tx in
            try services.requireClient(draft.clientID, in: tx)
            var credit = draft
            credit.beginLife(id: tx.nextID(), now: tx.now)
            try tx.create(&credit, by: call.actor)
            return .record(credit, status: 201, location: "/v1/credits/\(credit.id)")
        }
    }
}

extension DealsServices {
    func requireClient(_ id: String, in reader: some Queryable) throws {
        if try sources.client(reader, id) == nil {
            throw Problem(faults: [Fault("/client_id", "unknown_reference", "There is no such client.")])
        }
    }
}
