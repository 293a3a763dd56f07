internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

func contractRoutes(_ routes: inout Routes, _ services: DealsServices) {
    let database = services.platform.database
    routes.standard(
        Contract.resource, read: "contracts:read", write: "contracts:write", create: false, patch: false)
    routes.creation(of: Contract.resource, "contracts:write", "Draft the contract of a proposal") {
        try services.create(&$0, by: $1.actor, in: $2)
    }
    routes.change(of: Contract.resource, "contracts:write", "Update a draft of a contract") { contract in
        guard contract.status == .draft else { throw Contract.isSent(contract.status) }
    }
    routes.declare(SendContractBody.self)
    routes.post(
        "/v1/contracts/{id}/send", .permission("contracts:write"),
        "Send a contract: fix its document, and mail the link to its page, or have a service ask for the signature",
        body: .json(.reference("SendContractBody"), isOptional: true), .record(Contract.resource)
    ) { call in
        let id = try call.id("id", of: Contract.self)
        let body = call.request.bytes.isEmpty ? SendContractBody() : try call.body(SendContractBody.self)
        return .task { try await services.send(id, via: body.via, call) }
    }
    routes.post(
        "/v1/contracts/{id}/remind", .permission("contracts:write"),
        "Send a reminder of a contract by the service at which it is to be signed; at most once on a day",
        .record(Contract.resource)
    ) { call in
        let id = try call.id("id", of: Contract.self)
        return .write { tx in
            let contract = try Contract.resource.get(id, in: tx)
            try call.checkVersion(contract.version)
            return .record(try services.remindOfSignature(contract, by: call.actor, in: tx))
        }
    }
    routes.get(
        "/v1/contracts/{id}.pdf", .permission("contracts:read"),
        "Download a contract as a PDF; a signed one with the certificate of its signature",
        .media("application/pdf", "The document.")
    ) { call in
        let id = try call.id("id", of: Contract.self)
        return .task {
            let paper = try database.read(call.tenant) { reader in
                try reader.contracts.paper(of: Contract.resource.get(id, in: reader))
            }
            return .pdf(try await paper.bytes(), named: paper.name)
        }
    }
    routes.post(
        "/p/{token}/sign", .anyone, "Sign a contract, with a name and consent",
        named: "sign_contract_by_link",
        body: .raw(limit: 64 * 1024, .form(.reference("AcceptanceBody"))),
        .json(.reference("PublicAnswer"), "The contract is signed."),
        .media("text/html", "The contract is signed; a browser gets the page as it stands now.")
    ) { call in
        guard let link = services.platform.links.open(.page, call.parameters["token"] ?? ""),
            let id = link.id(of: Contract.self)
        else { throw Problem(.notFound) }
        let body = Result { try AcceptanceBody.read(try call.answer(), "sign") }
        let visitor = Visitor(call.request.head)
        return call.answering(id, of: link.tenant, in: database) {
            try await services.sign(id, of: link.tenant, name: try body.get().name, by: visitor)
        }
    }
}

struct SendContractBody: Declared {
    var via = ContractSignature.Via.builtIn

    static let schema = Schema<SendContractBody>(
        "SendContractBody",
        [
            .choice(
                "via", \.via, .standard("built_in"),
                .about("Where it is signed: on its own page, or at a connected signature service."))
        ])
}
