internal import Agents
internal import Cryptography
package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

// The steps of a contract: sent, opened, signed, declined. A document is set and kept before the transaction that
// names it: setting takes longer than a transaction may.

extension DealsServices {
    private var files: FileStore { FileStore(platform.database) }

    /// Presents a contract: its document is kept byte for byte, and its page is there. Sent again it is mailed anew.
    func send(_ id: ContractID, via: ContractSignature.Via, _ call: Call) async throws -> Response {
        let present = try platform.database.read(call.tenant) { try Contract.resource.get(id, in: $0) }
        try call.checkVersion(present.version)
        return try await send(id, via: via, of: call.tenant, by: call.actor) { body in
            try await call.commit { tx in .record(try body(tx)) }
        }
    }

    /// Presents a contract, for callers who have a transaction of their own for it, which `commit` runs.
    func send<Answer>(
        _ id: ContractID, via: ContractSignature.Via = .builtIn, of tenant: TenantID, by actor: Actor,
        from origin: Origin = Origin(),
        committing commit: (@escaping @Sendable (Transaction) throws -> Contract) async throws -> Answer
    ) async throws -> Answer {
        let (old, now) = try platform.database.read(tenant) { reader in
            (try Contract.resource.get(id, in: reader), reader.now)
        }
        guard old.status == .draft || old.status == .sent else { throw Contract.isSent(old.status) }
        try old.requireNoSignaturePending()
        var kept: (content: FileStore.Content, hash: String)?
        // The document says where it is signed.
        if old.status == .draft || old.signature?.via ?? .builtIn != via {
            let document = try platform.database.read(tenant) {
                try $0.contracts.document(of: old, made: now, via: via)
            }
            let bytes = try await SaleDocumentCopy("", .document(document)).bytes()
            kept = (try await files.write(bytes, tenant), Hex.encode(SHA256.hash(bytes)))
        }
        return try await commit { [kept] tx in
            let present = try Contract.resource.get(id, in: tx)
            guard present.version == old.version else { throw Problem(.versionMismatch) }
            if present.status == .draft { try tx.offers.requireConceded(present) }
            var contract = present
            if let kept {
                let file = try tx.files.create(
                    kept.content, name: "\(present.title ?? "Contract").pdf", by: .system)
                (contract.fileID, contract.documentHash) = (file.id, kept.hash)
            }
            if present.status == .draft {
                (contract.status, contract.sentAt) = (.sent, tx.now)
                contract.publicURL = try platform.links.url(.page, tx.tenant, id)
            }
            contract.signature = ContractSignature(via, .sent)
            if via == .builtIn {
                contract.messageID =
                    try mail(contract, by: actor, from: origin, in: tx)?.id ?? contract.messageID
            } else {
                let service = try signatureService(
                    for: contract, via, in: tx, isSandbox: tx.sandboxClock.isSandbox)
                try orderSignature(of: &contract, at: service, by: actor, in: tx)
            }
            try tx.update(present, to: &contract, by: actor, action: "contract.sent")
            if present.status == .draft {
                try tx.publish("contract.sent", contract.subject, contract.payload)
                if let client = contract.clientID {
                    try tx.portal.noteActivity(
                        ofClient: client, by: actor, "contract.sent", contract.subject,
                        .quoted(contract.title ?? ""))
                }
                try tx.deals.advance(contract.dealID, to: .contract, by: actor)
            }
            return contract
        }
    }

    private func mail(
        _ contract: Contract, by actor: Actor, from origin: Origin, in tx: Transaction
    ) throws -> Message? {
        let words = try tx.wordings.find(contract.locale)
        return try mail(
            DocumentMail(
                kind: "contract", contact: contract.contactID, locale: contract.locale, lead: contract.leadID,
                subject: contract.title ?? words("contract.yours"),
                values: [
                    "title": JSON(contract.title), "url": JSON(contract.publicURL),
                    "price": contract.price?.json ?? .null,
                ], url: contract.publicURL ?? "", cause: .init("contract", contract.id),
                key: "\(contract.id)/\(contract.version)",
                why: MessageWhy.contractSent.saying()), by: actor,
            from: origin, in: tx)
    }

    /// Signs what was presented: the certificate is added, the client made, the deal won, and the subscription begun.
    package func sign(
        _ id: ContractID, of tenant: TenantID, name: String, by visitor: Visitor
    ) async throws -> Contract {
        let (old, now) = try platform.database.read(tenant) { reader in
            (try Contract.signable(id, in: reader), reader.now)
        }
        let signature = SigningEvidence(name: name, at: now, visitor: visitor, hash: old.documentHash ?? "")
        let document = try platform.database.read(tenant) { reader in
            try reader.contracts.document(of: old, made: old.sentAt ?? now, signature: signature)
        }
        let bytes = try await SaleDocumentCopy("", .document(document)).bytes()
        let (content, hash) = (try await files.write(bytes, tenant), Hex.encode(SHA256.hash(bytes)))
        return try await platform.database.write(tenant) { tx in
            let present = try Contract.signable(id, in: tx)
            let evidence = visitor.evidence(
                at: now,
                [
                    "name": .string(name), "consent": true, "intent": "typed name and button",
                    "document_hash": JSON(present.documentHash),
                ])
            return try conclude(
                present, SignedPaper(content: content, hash: hash, at: now, name: name, evidence: evidence),
                by: visitor.actor, in: tx)
        }
    }

    /// Stores what was signed, wherever that was: the client is made, the deal won, and the subscription begun.
    @discardableResult
    func conclude(
        _ present: Contract, _ paper: SignedPaper, by signer: Actor, in tx: Transaction
    ) throws -> Contract {
        var contract = present
        let file = try tx.files.create(paper.content, name: "\(present.title ?? "Contract").pdf", by: .system)
        (contract.signedFileID, contract.signedHash) = (file.id, paper.hash)
        (contract.status, contract.signedAt, contract.signedBy) = (.signed, paper.at, paper.name)
        contract.evidence = present.evidence.merging(["signed": paper.evidence])
        contract.signature?.status = .signed
        let client = try close(contract, in: tx)
        contract.clientID = client
        try tx.update(present, to: &contract, by: .system, action: "contract.signed")
        try bill(contract, client: client, in: tx)
        try tx.publish("contract.signed", contract.subject, contract.payload)
        try tx.portal.noteActivity(
            ofClient: client, by: signer, "contract.signed", contract.subject,
            .quoted(contract.title ?? ""))
        return contract
    }

    /// Returns the name of whoever is to sign.
    func signerName(of contract: Contract, in reader: some Queryable) throws -> String {
        try contract.contactID.flatMap { try Contact.resource.find($0, in: reader) }?.name
            ?? contract.clientName
    }

    /// Wins the deal of a signed contract; the client that it was made with.
    private func close(_ contract: Contract, in tx: Transaction) throws -> ClientID {
        let deal = try contract.dealID.flatMap { try Deal.resource.find($0, in: tx) }
        let package = try contract.packageID.flatMap { try ServicePackage.resource.find($0, in: tx) }
        let lead = try dependencies.lead(tx, contract.leadID)
        let client =
            try deal?.clientID ?? contract.clientID
            ?? dependencies.makeClient(
                tx,
                NewClient(
                    name: contract.clientName, tier: package?.tier?.rawValue ?? "starter",
                    packageID: contract.packageID, contact: contract.contactID, leadID: contract.leadID,
                    dealID: contract.dealID, monthlyFee: contract.price,
                    handover: Handover(contract, deal, lead, package).json), .system)
        if let deal, deal.stage.isOpen || deal.stage == .lost {
            var won = deal
            if deal.stage == .lost {
                // A lost deal whose contract is signed is open again, in the stage that signing is in.
                won.stage = .contract
                try tx.update(deal, to: &won, by: .system)
            }
            let before = won
            (won.stage, won.clientID, won.value) = (.won, client, contract.value)
            try tx.update(before, to: &won, by: .system)
        }
        if let proposal = try Proposal.resource.find(contract.proposalID, in: tx), proposal.clientID == nil {
            var taken = proposal
            taken.clientID = client
            try tx.update(proposal, to: &taken, by: .system)
        }
        return client
    }
}

/// A signed contract as it is kept, and what proves the signature.
struct SignedPaper: Sendable {
    let content: FileStore.Content, hash: String
    let at: Instant, name: String
    let evidence: JSON
}

extension Contract {
    /// One that may be signed on its page; 404 for a draft.
    static func signable(_ id: ContractID, in reader: some Queryable) throws -> Contract {
        guard let contract = try resource.find(id, in: reader), contract.status != .draft else {
            throw Problem(.notFound)
        }
        guard contract.status == .sent else {
            throw Problem(
                .invalidTransition, "The contract is already \(contract.status.rawValue).",
                extra: ["allowed": []])
        }
        try contract.requireSigningHere()
        return contract
    }
}

extension ContractStore where Base == Transaction {
    func decline(_ id: ContractID, reason: String?, by visitor: Visitor) throws -> Contract {
        try declined(
            try Contract.signable(id, in: tx), reason: reason,
            visitor.evidence(at: tx.now, ["reason": JSON(reason)]), by: visitor.actor)
    }

    /// Stores that a contract was declined, wherever that was.
    @discardableResult
    func declined(_ old: Contract, reason: String?, _ evidence: JSON, by actor: Actor) throws -> Contract {
        var contract = old
        (contract.status, contract.declinedAt, contract.declineReason) = (.declined, tx.now, reason)
        contract.evidence = old.evidence.merging(["declined": evidence])
        contract.signature?.status = .declined
        try tx.update(old, to: &contract, by: .system, action: "contract.declined")
        if let client = contract.clientID {
            try tx.portal.noteActivity(
                ofClient: client, by: actor, "contract.declined", contract.subject,
                .quoted(contract.title ?? ""), why: reason.map { .quoted($0) })
        }
        try tx.publish(
            "contract.declined", contract.subject, contract.payload.adding(["reason": JSON(reason)]))
        return contract
    }

    func noteView(of id: ContractID, by visitor: Visitor, isRead: Bool) throws {
        guard let old = try Contract.resource.find(id, in: tx), old.status == .sent else { return }
        let name = isRead ? "read" : "opened"
        guard old.evidence[name] == nil else { return }
        var contract = old
        contract.evidence = old.evidence.merging([name: visitor.evidence(at: tx.now)])
        try tx.update(old, to: &contract, by: .system, action: "contract.\(name)")
        if old.evidence.isNull { try tx.publish("contract.viewed", contract.subject, contract.payload) }
    }
}
