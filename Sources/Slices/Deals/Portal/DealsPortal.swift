internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

extension Invoice {
    /// The client's view: invoices that were sent. It hides the page's link, which would open it to whoever has it.
    static let portal = PortalView(
        resource, hiding: ["sequence", "reminders", "reminded_at", "message_id", "file_id", "public_url"],
        where: "status <> 'draft'")
}

extension Proposal {
    static let portal = PortalView(
        resource,
        hiding: [
            "lead_id", "deal_id", "contact_id", "package_id", "price_factors", "notes", "public_url",
            "message_id", "evidence", "withdraw_reason",
        ], where: "status <> 'draft'")
}

extension Contract {
    static let portal = PortalView(
        resource,
        hiding: [
            "lead_id", "deal_id", "contact_id", "package_id", "notes", "public_url", "message_id", "file_id",
            "signed_file_id", "evidence", "withdraw_reason", "signature",
        ], where: "status <> 'draft'")
}

/// Adds the portal's routes for what was sold to clients: they see and do the same as on the public pages, signed in.
func dealsPortalRoutes(_ routes: inout Routes, _ services: DealsServices) {
    services.platform.portal.add(PortalPart { portal, reader in try reader.deals.sold(to: portal) })
    invoicePortal(&routes, services)
    proposalPortal(&routes, services)
    contractPortal(&routes, services)
}

private func invoicePortal(_ routes: inout Routes, _ services: DealsServices) {
    let view = Invoice.portal, database = services.platform.database
    let canPay: JSON = [
        "type": "boolean", "description": "Whether it can be paid online at the moment, by `/pay`.",
    ]
    routes.portal(view, members: ["can_pay": canPay]) { invoice, reader in
        ["can_pay": .bool(try services.canBePaid(invoice, in: reader))]
    }
    routes.post(
        "\(view.path)/{id}/pay", .portal("portal:pay"), "Get the page on which an invoice is paid online",
        .json(.reference("Checkout"), "The page on which the invoice is paid.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Invoice.self), try call.portal)
        return .task {
            let invoice = try database.read(call.tenant) { try view.get(id, portal, in: $0) }
            let url = try await services.checkoutURL(of: invoice.id, call.tenant, for: call.actor)
            return .json(["url": .string(url)])
        }
    }
    pdf(&routes, view, services) { invoice, reader in try reader.billing.paper(of: invoice, services) }
}

private func proposalPortal(_ routes: inout Routes, _ services: DealsServices) {
    let view = Proposal.portal
    routes.portal(view)
    pdf(&routes, view, services) { proposal, reader in try reader.proposals.paper(of: proposal) }
    routes.portal(
        "accept", view, "portal:approve", "Accept a proposal, with a name and consent",
        body: .json(.reference("AcceptanceBody"))
    ) { proposal, call, portal, tx in
        let body = try AcceptanceBody.read(try call.object(), "accept")
        return try tx.proposals.accept(proposal.id, name: body.name, by: Visitor(call.request.head, portal))
    }
    declining(&routes, view, "Decline a proposal") {
        try $2.proposals.decline($0.id, reason: $1.reason, by: $3)
    }
}

private func contractPortal(_ routes: inout Routes, _ services: DealsServices) {
    let view = Contract.portal, database = services.platform.database
    routes.portal(view, members: ["sign_at": SigningPlace.schema]) { contract, reader in
        guard contract.status == .sent, let signature = contract.signature, !signature.isHere else {
            return ["sign_at": .null]
        }
        return ["sign_at": try SigningPlace(signature, contract, in: reader).json]
    }
    pdf(&routes, view, services) { contract, reader in try reader.contracts.paper(of: contract) }
    routes.post(
        "\(view.path)/{id}/sign", .portal("portal:approve"),
        "Sign a contract, with a name and consent",
        body: .json(
            .reference("AcceptanceBody")), .json(.reference(view.schemaName), "The contract is signed.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Contract.self), try call.portal)
        let body = Result { try AcceptanceBody.read(try call.object(), "sign") }
        let visitor = Visitor(call.request.head, portal)
        return .task {
            let contract = try database.read(call.tenant) { try view.get(id, portal, in: $0) }
            try call.checkVersion(contract.version)
            return view.response(
                try await services.sign(
                    contract.id, of: call.tenant, name: try body.get().name, by: visitor))
        }
    }
    declining(&routes, view, "Decline a contract") {
        try $2.contracts.decline($0.id, reason: $1.reason, by: $3)
    }
}

private func declining<R: ManagedRecord>(
    _ routes: inout Routes, _ view: PortalView<R>, _ summary: String,
    _ decline: @escaping @Sendable (R, DeclineBody, Transaction, Visitor) throws -> R
) {
    routes.portal(
        "decline", view, "portal:approve", summary, body: .json(.reference("DeclineBody"), isOptional: true)
    ) { paper, call, portal, tx in
        let body = call.request.bytes.isEmpty ? DeclineBody() : try call.body(DeclineBody.self)
        return try decline(paper, body, tx, Visitor(call.request.head, portal))
    }
}

private func pdf<R: ManagedRecord>(
    _ routes: inout Routes, _ view: PortalView<R>, _ services: DealsServices,
    _ paper: @escaping @Sendable (R, Reader) throws -> SaleDocumentCopy
) {
    routes.get(
        "\(view.path)/{id}.pdf",
        .portal(
            "portal:read"), "Download one of your \(view.resource.plural) as a PDF",
        .media("application/pdf", "The document.")
    ) { call in
        let (id, portal) = (try call.id("id", of: R.self), try call.portal)
        return .task {
            let paper = try services.platform.database.read(call.tenant) { reader in
                try paper(try view.get(id, portal, in: reader), reader)
            }
            return .pdf(try await paper.bytes(), named: paper.name)
        }
    }
}

extension Visitor {
    /// Somebody who is signed in: the evidence says who.
    fileprivate init(_ head: RequestHead, _ portal: PortalCall) {
        self.init(head)
        userID = portal.userID
    }
}

extension DealStore where Base == Reader {
    /// For the portal's first page.
    fileprivate func sold(to portal: PortalCall) throws -> (counts: JSONObject, waiting: [PortalWaiting]) {
        let invoices = try Invoice.portal.all(
            portal, where: "status IN ('open', 'overdue') AND kind = 'invoice'", in: tx)
        let proposals = try Proposal.portal.all(portal, where: "status IN ('sent', 'viewed')", in: tx)
            .filter { $0.validUntil.map { tx.now < $0 } ?? true }
        let contracts = try Contract.portal.all(portal, where: "status = 'sent'", in: tx)
            .filter { $0.signature.map { $0.isHere || $0.isPending } ?? true }
        let waiting =
            proposals.map {
                PortalWaiting(
                    $0.subject, $0.title ?? "", action: "accept", needs: "portal:approve",
                    since: $0.sentAt ?? $0.createdAt, link: $0.publicURL.map { .page($0) })
            }
            + contracts.map {
                PortalWaiting(
                    $0.subject, $0.title ?? "", action: "sign", needs: "portal:approve",
                    since: $0.sentAt ?? $0.createdAt, link: $0.publicURL.map { .page($0) })
            }
            + invoices.map {
                PortalWaiting(
                    $0.subject, $0.number ?? "", action: "pay", needs: "portal:pay",
                    since: $0.sentAt ?? $0.createdAt, dueOn: $0.dueOn,
                    link: $0.publicURL.map { .page($0) })
            }
        return (
            [
                "invoices_open": JSON(invoices.count),
                "invoices_overdue": JSON(invoices.filter { $0.status == .overdue }.count),
                "proposals_open": JSON(proposals.count), "contracts_to_sign": JSON(contracts.count),
            ], waiting
        )
    }
}
