internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Templates
internal import Tenancy

/// A request for a signature with the service that it is at.
struct SignatureWork: Sendable {
    let request: SignatureRequest
    let contract: Contract
    let integration: Integration
    let provider: any Signatures

    var caller: ToolCaller {
        ToolCaller(actor: .system, subject: contract.subject, clientID: contract.clientID)
    }
}

extension SignatureWork {
    /// Has the service do something about the request that it has. Where it refuses for good, the request was signed,
    /// or is over otherwise: how it stands tells. `isRepeatable`: an attempt of which nobody knows whether it arrived
    /// does no harm when it is made again.
    func act(
        _ effect: ServiceEffect, isRepeatable: Bool, _ job: JobContext, _ services: DealsServices,
        begin: @escaping @Sendable (Transaction) throws -> Bool,
        _ work: (IntegrationAccess, Permit) async throws(ToolFailure) -> Void,
        end: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws {
        do {
            try await services.outbox.integrations.perform(
                effect, at: integration, as: provider, job, begin: begin, work
            ) { tx, outcome in
                if case .success = outcome { try end(tx) }
            }
        } catch let failure as ToolFailure {
            guard !failure.isRetryable || failure.isAmbiguous && !isRepeatable else { throw failure }
            let id = request.id
            try await job.complete { tx in
                try tx.jobs.enqueue(SignatureAskJob.self, .init(request: id, isWatch: false))
            }
        }
    }
}

extension DealsServices {
    /// Returns the integration through which a contract goes to a service; `nil` in a sandbox, which asks none. Throws
    /// where there is none, or nobody to sign.
    func signatureService(
        for contract: Contract, _ via: ContractSignature.Via, in tx: some Queryable, isSandbox: Bool
    ) throws -> Integration? {
        guard let contact = try contract.contactID.flatMap({ try Contact.resource.find($0, in: tx) }),
            contact.email != nil
        else {
            throw Problem(faults: [
                Fault(
                    "/contact_id", "required",
                    "\(via.title) writes to whoever signs: set a contact with an email address.")
            ])
        }
        guard !isSandbox else { return nil }
        guard
            let found = try tx.integrations.all(for: .signatures, client: contract.clientID)
                .first(where: { $0.provider == via.rawValue })
        else {
            throw Problem(
                .conflict,
                "\(via.title) is not connected: create an integration with the capability signatures.")
        }
        return found
    }

    /// Has a contract signed at a service, in the transaction that presents it.
    func orderSignature(
        of contract: inout Contract, at integration: Integration?, by actor: Actor, in tx: Transaction
    ) throws {
        let via = contract.signature?.via ?? .builtIn
        let caller = ToolCaller(actor: actor, subject: contract.subject, clientID: contract.clientID)
        guard let integration else {
            contract.signature = ContractSignature(via, .captured)
            let permit = try tx.gate.permitUnasked(
                RequestSignatureTool.name, key: tx.makeID("sgr_"), attempt: 1, for: caller,
                by: Connector("", name: via.title, priority: 1), nil, deadline: IntegrationServices.deadline)
            return try tx.gate.settleUnasked(permit, .captured)
        }
        contract.signature = ContractSignature(via, .waiting)
        let id = try tx.signatures.make(for: contract.id, at: integration.id)
        try tx.jobs.enqueue(
            SignatureSendJob.self, .init(request: id), JobOptions(uniqueKey: id, subject: contract.subject))
        try tx.alerts.resolve(kind: SignatureAlert.failed, subject: contract.subject)
    }

    /// Returns what a job of a request works with; `nil` where nothing follows from it any more.
    func signatureWork(_ id: String, in reader: some Queryable) throws -> SignatureWork? {
        guard let request = try reader.signatures.request(id), request.state != .closed,
            let contract = try request.contract.flatMap({ try Contract.resource.find($0, in: reader) }),
            let integration = try request.integration.flatMap({
                try Integration.resource.find($0, in: reader)
            }),
            let provider = outbox.integrations.providers[integration.provider] as? any Signatures
        else { return nil }
        return SignatureWork(
            request: request, contract: contract, integration: integration, provider: provider)
    }

    /// Has a request taken back of a contract that nobody is to sign any more.
    func voidSignature(of contract: inout Contract, in tx: Transaction) throws {
        guard var signature = contract.signature, signature.isPending,
            let request = try tx.signatures.request(of: contract.id)
        else { return }
        signature.status = .voided
        contract.signature = signature
        if request.state == .waiting {
            try tx.signatures.move(request.id, from: [.waiting], to: .closed)
        } else {
            try tx.jobs.enqueue(
                SignatureVoidJob.self, .init(request: request.id),
                JobOptions(uniqueKey: request.id, subject: contract.subject))
        }
    }
}

enum SignatureAlert {
    /// A service does not take a contract, or gives it back without a signature.
    static let failed = "signature_failed"
    /// Something was signed that the agency had taken back.
    static let late = "signature_late"
}

extension SignatureStore where Base == Transaction {
    /// Stores how the request of a contract stands, and tells people where it has come to nothing.
    func note(
        _ status: ContractSignature.Status, _ detail: String? = nil, of contract: ContractID,
        changing change: (inout ContractSignature) -> Void = { _ in }
    ) throws {
        guard let old = try Contract.resource.find(contract, in: tx), var signature = old.signature else {
            return
        }
        signature.status = status
        signature.detail = detail.map { String($0.prefix(500)) }
        change(&signature)
        var new = old
        new.signature = signature
        try tx.update(old, to: &new, by: .system)
        guard old.status == .sent else { return }
        switch status {
        case .failed, .expired, .voided:
            let words = detail ?? status.rawValue
            try tx.alerts.raise(
                kind: SignatureAlert.failed, severity: .warning, subject: new.subject,
                title: Saying(
                    "alert.signature_failed",
                    [
                        "title": .text(new.title ?? ""), "service": .text(signature.via.title),
                        "detail": .text(words),
                    ]), action: Saying("alert.signature_failed_do"))
        case .waiting, .sent, .viewed, .signed, .declined, .captured: break
        }
    }
}
