internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wording

/// Has a service ask for the signature of a contract, once. An attempt of which nobody knows whether it arrived is
/// looked up, and made again only where the service has had the time to list it and does not.
struct SignatureSendJob: JobKind {
    struct Payload: Codable, Sendable { let request: String }

    static let kind = "signature.send"
    static let queue = "outbox"
    static let attemptsMax = 30
    static let retry = RetryPolicy(base: .seconds(2), cap: .seconds(1800))
    /// The time that a service may take until it lists what it has taken, and the pause between two looks.
    private static let doubt: Duration = .seconds(300), pause: Duration = .seconds(20)
    private let services: DealsServices

    init(_ services: DealsServices) { self.services = services }

    func timeout(_ payload: Payload) -> Duration { .seconds(180) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.request
        guard let work = try job.read({ try services.signatureWork(id, in: $0) }) else {
            return try await giveUp(id, "the service is not connected any more", job)
        }
        if work.request.state == .sending {
            guard try await isAbsent(work, job) else { return }
        } else if work.request.state != .waiting {
            return
        }
        guard work.contract.status == .sent else {
            return try await job.complete { tx in
                try tx.signatures.move(id, from: [.waiting], to: .closed)
            }
        }
        if let brake = try job.read({ try job.runtime.questions.brake($0, work.contract.clientID) }) {
            throw JobSnooze(for: .seconds(30), waitingFor: brake)
        }
        try await send(work, job)
    }

    // MARK: Sending

    private func send(_ work: SignatureWork, _ job: JobContext) async throws {
        let id = work.request.id, services = services
        guard let order = try job.read({ try services.order(work, in: $0) }) else {
            return try await giveUp(id, "nobody with an email address is to sign", job)
        }
        do {
            try await services.outbox.integrations.perform(
                ServiceEffect(RequestSignatureTool.name, key: id, for: work.caller), at: work.integration,
                as: work.provider, job
            ) { tx in
                let contract = try Contract.resource.find(work.contract.id, in: tx)
                guard contract?.status == .sent else { return false }
                return try tx.signatures.move(id, from: [.waiting], to: .sending)
            } _: { access, permit async throws(ToolFailure) in
                try await work.provider.request(order, access, permit.reach)
            } end: { tx, outcome in
                switch outcome {
                case .success(let standing): try services.taken(work, standing, in: tx)
                case .failure(let failure) where failure.isAmbiguous: break
                case .failure: try tx.signatures.move(id, from: [.sending], to: .waiting)
                }
            }
        } catch let failure as ToolFailure {
            if failure.isAmbiguous { throw JobSnooze(for: .seconds(2), waitingFor: "look_up") }
            guard !failure.isRetryable else { throw failure }
            try await giveUp(id, failure.detail, job)
        }
    }

    /// Asks the service for a request that may have arrived. Where it has it, it is taken over; `true`: it has it not,
    /// and it may be sent again.
    private func isAbsent(_ work: SignatureWork, _ job: JobContext) async throws -> Bool {
        let (id, start) = (work.request.id, work.request.sentAt ?? work.request.createdAt)
        try await job.write { tx in try tx.connectorCalls.giveUp(key: id) }
        let found = try await services.outbox.integrations.look(
            with: ReadSignatureTool.name, into: work.integration, as: work.provider, job
        ) { access, reach async throws(ToolFailure) in
            try await work.provider.find(id, since: start, access, reach)
        }
        if let found {
            let services = services
            try await job.complete { tx in
                try tx.connectorCalls.resolve(key: id, .succeeded)
                try services.taken(work, found, in: tx)
                // The service's events until now were about a request that was not known yet.
                try tx.jobs.enqueue(SignatureAskJob.self, .init(request: id, isWatch: false))
            }
            return false
        }
        guard job.now - start >= Self.doubt else { throw JobSnooze(for: Self.pause, waitingFor: "look_up") }
        try await job.write { tx in
            try tx.connectorCalls.resolve(
                key: id, .failed(ToolFailure("not_taken", "the service does not have it", isRetryable: true)))
            try tx.signatures.move(id, from: [.sending], to: .waiting)
        }
        return true
    }

    private func giveUp(_ id: String, _ detail: String, _ job: JobContext) async throws {
        try await job.complete { tx in try Self.fail(id, detail, in: tx) }
    }

    private static func fail(_ id: String, _ detail: String, in tx: Transaction) throws {
        guard let request = try tx.signatures.request(id),
            try tx.signatures.move(id, from: [.waiting, .sending], to: .closed),
            let contract = request.contract
        else { return }
        try tx.signatures.note(.failed, detail, of: contract)
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead(let failure): try Self.fail(payload.request, failure.detail, in: tx)
        case .cancelled: try Self.fail(payload.request, "the job was cancelled", in: tx)
        default: return
        }
        try tx.connectorCalls.giveUp(key: payload.request)
    }
}

extension DealsServices {
    /// Stores that a service has taken a request. One whose contract was withdrawn meanwhile is taken back.
    fileprivate func taken(
        _ work: SignatureWork, _ standing: SignatureStanding, in tx: Transaction
    ) throws {
        let id = work.request.id
        try tx.signatures.noteTaken(id, as: standing.id)
        guard try tx.signatures.move(id, from: [.sending], to: .sent) else { return }
        guard try Contract.resource.find(work.contract.id, in: tx)?.status == .sent else {
            try tx.jobs.enqueue(SignatureVoidJob.self, .init(request: id), JobOptions(uniqueKey: id))
            return
        }
        try tx.signatures.note(.sent, of: work.contract.id) {
            ($0.externalID, $0.signURL) = (standing.id, standing.signURL)
        }
        try tx.jobs.enqueue(
            SignatureAskJob.self, .init(request: id, isWatch: true), SignatureAskJob.watch(id, at: tx.now))
    }

    /// Returns what the service is asked for: the document as it is kept, and whoever signs.
    fileprivate func order(_ work: SignatureWork, in reader: Reader) throws -> SignatureOrder? {
        let contract = work.contract
        guard let contact = try contract.contactID.flatMap({ try Contact.resource.find($0, in: reader) }),
            let email = contact.email, let file = contract.fileID
        else { return nil }
        let tenant = try reader.agency.tenant()
        let words = SellingCopy(try reader.wordings.find(contract.locale ?? tenant.locale))
        let content = try reader.files.content(of: StoredFile.resource.get(file, in: reader))
        return SignatureOrder(
            id: work.request.id, title: contract.title ?? words("contract.yours"),
            message: words(
                "contract.between", ["agency": .text(tenant.name), "client": .text(contract.clientName)]),
            document: content, anchor: "\(contract.id)", name: contact.name, email: email,
            hookURL: work.integration.hookURL.map { platform.settings.publicURL + $0 })
    }
}
