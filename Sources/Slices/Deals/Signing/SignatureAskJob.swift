internal import Agents
internal import Cryptography
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Asks a service how a request stands, after it has told of one, and now and then where it has told nothing. A signed
/// paper is fetched before the contract counts as signed.
struct SignatureAskJob: JobKind {
    struct Payload: Codable, Sendable {
        let request: String
        /// It comes again, as long as the request is open.
        let isWatch: Bool
    }

    static let kind = "signature.ask"
    static let attemptsMax = 20
    static let retry = RetryPolicy(base: .seconds(2), cap: .seconds(3600))
    private static let watchEvery: Duration = .seconds(6 * 3600)
    private let services: DealsServices

    init(_ services: DealsServices) { self.services = services }

    func timeout(_ payload: Payload) -> Duration { .seconds(180) }

    static func watch(_ request: String, at now: Instant) -> JobOptions {
        JobOptions(
            runAt: now + watchEvery, uniqueKey: "\(request)/watch", uniqueness: .untilStarted)
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let work = try job.read({ try services.signatureWork(payload.request, in: $0) }),
            work.request.isOut, let external = work.request.externalID
        else { return }
        guard work.request.state != .signed else { return try await fetch(external, work, job) }
        let standing = try await services.outbox.integrations.look(
            with: ReadSignatureTool.name, into: work.integration, as: work.provider, job
        ) { access, reach async throws(ToolFailure) in
            try await work.provider.standing(of: external, access, reach)
        }
        if case .signed(let at, let name) = standing.course {
            try await job.write { tx in
                try tx.signatures.noteSigned(work.request.id, at: at ?? tx.now, by: name)
                try tx.signatures.move(work.request.id, from: [.sent, .viewed], to: .signed)
            }
            guard let signed = try job.read({ try services.signatureWork(payload.request, in: $0) }) else {
                return
            }
            return try await fetch(external, signed, job)
        }
        try await job.complete { tx in
            try tx.signatures.noteAsked(work.request.id)
            try tx.signatures.take(standing, of: work.request.id, for: work.contract.id)
            guard payload.isWatch, let open = try tx.signatures.request(payload.request), open.isOut
            else { return }
            try services.remindWhenDue(work.contract.id, open, work.provider, in: tx)
            try tx.jobs.enqueue(
                Self.self, .init(request: payload.request, isWatch: true),
                Self.watch(payload.request, at: tx.now))
        }
    }

    /// Keeps the signed paper as the service has it, and concludes the contract by it.
    private func fetch(_ external: String, _ work: SignatureWork, _ job: JobContext) async throws {
        let bytes = try await services.outbox.integrations.look(
            with: ReadSignatureTool.name, into: work.integration, as: work.provider, job
        ) { access, reach async throws(ToolFailure) in
            try await work.provider.paper(of: external, access, reach)
        }
        let content = try await FileStore(services.platform.database).write(bytes, job.tenant)
        let (hash, services) = (Hex.encode(SHA256.hash(bytes)), services)
        try await job.complete { tx in
            guard let request = try tx.signatures.request(work.request.id), request.state == .signed else {
                return
            }
            try services.conclude(request, work.contract.id, content, hash, in: tx)
            try tx.signatures.move(request.id, from: [.signed], to: .closed)
        }
    }
}

extension DealsServices {
    fileprivate func conclude(
        _ request: SignatureRequest, _ id: ContractID, _ content: FileStore.Content, _ hash: String,
        in tx: Transaction
    ) throws {
        guard let present = try Contract.resource.find(id, in: tx), let signature = present.signature else {
            return
        }
        guard present.status == .sent else {
            guard present.status != .signed else { return }
            try tx.alerts.raise(
                kind: SignatureAlert.late, severity: .critical, subject: present.subject,
                title: Saying(
                    "alert.signature_late",
                    ["title": .text(present.title ?? ""), "service": .text(signature.via.title)]),
                action: Saying("alert.signature_late_do"))
            return
        }
        let at = request.signedAt ?? tx.now
        let name = try request.signedBy ?? signerName(of: present, in: tx)
        let evidence: JSON = [
            "at": .string(at.description), "name": .string(name), "via": .string(signature.via.rawValue),
            "external_id": JSON(signature.externalID), "document_hash": JSON(present.documentHash),
        ]
        try conclude(
            present, SignedPaper(content: content, hash: hash, at: at, name: name, evidence: evidence),
            by: .system, in: tx)
    }
}

extension SignatureStore where Base == Transaction {
    /// Takes down how a request stands that is not signed.
    fileprivate func take(
        _ standing: SignatureStanding, of request: String, for id: ContractID
    ) throws {
        func end(_ status: ContractSignature.Status, _ detail: String?) throws {
            if try move(request, from: [.sent, .viewed], to: .closed) { try note(status, detail, of: id) }
        }
        switch standing.course {
        case .open, .signed: break
        case .viewed:
            if try move(request, from: [.sent], to: .viewed) { try note(.viewed, of: id) }
        case .expired: try end(.expired, nil)
        case .voided(let reason): try end(.voided, reason)
        case .declined(let reason):
            guard try move(request, from: [.sent, .viewed], to: .closed) else { return }
            try note(.declined, of: id)
            guard let contract = try Contract.resource.find(id, in: tx), contract.status == .sent else {
                return
            }
            try tx.contracts.declined(
                contract, reason: reason, ["via": JSON(contract.signature?.via.rawValue)], by: .system)
        }
    }
}
