internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

func proposalRoutes(_ routes: inout Routes, _ services: DealsServices) {
    routes.standard(CaseStudy.resource, read: "proposals:read", write: "proposals:write")
    caseStudyRoutes(&routes, services)
    let told = ToldMembers<Proposal>(["price_factors": ["package.price_"]], inner: ["reason"])
    routes.standard(
        Proposal.resource, read: "proposals:read", write: "proposals:write", create: false, patch: false,
        told: told)
    routes.creation(
        of: Proposal.resource, "proposals:write", "Draft a proposal from what is known of a lead",
        { try services.create(&$0, by: $1.actor, in: $2) }, telling: told.telling)
    routes.change(
        of: Proposal.resource, "proposals:write", "Update a draft of a proposal",
        allow: { proposal in
            guard proposal.status == .draft else { throw Proposal.isSent(proposal.status) }
        }, telling: told.telling)
    routes.post(
        "/v1/proposals/{id}/send", .permission("proposals:write"),
        "Send a proposal: publish its page, and mail the link",
        .record(Proposal.resource)
    ) { call in
        let id = try call.id("id", of: Proposal.self)
        return .write { tx in
            let old = try Proposal.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            let sent = try services.send(old, by: call.actor, in: tx)
            return .record(sent, extra: try told.members(of: sent, to: call, in: tx))
        }
    }
    routes.get(
        "/v1/proposals/{id}.pdf", .permission("proposals:read"), "Download a proposal as a PDF",
        .media("application/pdf", "The document.")
    ) { call in
        let id = try call.id("id", of: Proposal.self)
        return .task {
            let paper = try services.platform.database.read(call.tenant) { reader in
                try reader.proposals.paper(of: Proposal.resource.get(id, in: reader))
            }
            return .pdf(try await paper.bytes(), named: paper.name)
        }
    }
    proposalAnswerRoutes(&routes, services)
    withdrawalRoutes(&routes, services, telling: told.telling)
}

/// Adds the routes by which whoever has a proposal's link may answer it.
private func proposalAnswerRoutes(_ routes: inout Routes, _ services: DealsServices) {
    let (database, links) = (services.platform.database, services.platform.links)
    routes.declare(AcceptanceBody.self)
    routes.declare(DeclineBody.self)
    routes.schema("PublicAnswer", publicAnswerSchema)
    let answer = Answer.json(.reference("PublicAnswer"), "The answer is recorded.")
    let page = Answer.media("text/html", "The answer is recorded; a browser gets the page as it stands now.")
    routes.post(
        "/p/{token}/accept", .anyone, "Accept a proposal, with a name and consent",
        named: "accept_proposal_by_link",
        body: .raw(limit: 64 * 1024, .form(.reference("AcceptanceBody"))),
        answer, page
    ) { call in
        guard let link = links.open(.page, call.parameters["token"] ?? ""),
            let id = link.id(of: Proposal.self)
        else { throw Problem(.notFound) }
        let (body, visitor) = (
            Result { try AcceptanceBody.read(try call.answer(), "accept") }, Visitor(call.request.head)
        )
        return call.answering(id, of: link.tenant, in: database) {
            let body = try body.get()
            return try await database.write(link.tenant) { tx in
                try tx.proposals.accept(id, name: body.name, by: visitor)
            }
        }
    }
    routes.post(
        "/p/{token}/decline", .anyone, "Decline a proposal or a contract",
        named: "decline_document_by_link", body: .raw(limit: 64 * 1024, .form(.reference("DeclineBody"))),
        answer, page
    ) { call in
        guard let link = links.open(.page, call.parameters["token"] ?? "") else { throw Problem(.notFound) }
        let (body, visitor) = (try DeclineBody.read(try call.answer()), Visitor(call.request.head))
        if let id = link.id(of: Proposal.self) {
            return call.answering(id, of: link.tenant, in: database) {
                try await database.write(link.tenant) {
                    try $0.proposals.decline(id, reason: body.reason, by: visitor)
                }
            }
        }
        guard let id = link.id(of: Contract.self) else { throw Problem(.notFound) }
        return call.answering(id, of: link.tenant, in: database) {
            try await database.write(link.tenant) {
                try $0.contracts.decline(id, reason: body.reason, by: visitor)
            }
        }
    }
}

/// The name and consent of whoever accepts or signs. Consent is not given by saying nothing.
struct AcceptanceBody: Declared {
    var name = ""
    var consent = false

    static let schema = Schema<AcceptanceBody>(
        "AcceptanceBody",
        [
            .text(
                "name", \.name, max: 200, .required, .example("Jane Example"),
                .about("The full name of the person who accepts or signs.")),
            .boolean("consent", \.consent, .required, .about("Whether the person agrees; must be true.")),
        ])

    static func read(_ object: JSONObject, _ verb: String) throws(Problem) -> AcceptanceBody {
        var body = AcceptanceBody(), faults = Faults()
        schema.create(&body, from: object, faults: &faults)
        if !body.consent, !faults.list.contains(where: { $0.pointer == "/consent" }) {
            faults.add("/consent", "required", "consent must be true: agree to \(verb).")
        }
        try faults.throwIfAny()
        return body
    }
}

struct DeclineBody: Declared {
    var reason: String?

    static let schema = Schema<DeclineBody>(
        "DeclineBody",
        [.text("reason", \.reason, max: 2000, .about("The reason for declining, in the client's words."))])
}

private let publicAnswerSchema = JSON.schema(["status": ["type": "string"]], required: ["status"])
