internal import Agents
internal import Integrations
internal import Jobs

/// Takes a request back at its service, so that nobody signs what the agency has withdrawn.
struct SignatureVoidJob: JobKind {
    struct Payload: Codable, Sendable { let request: String }

    static let kind = "signature.void"
    static let queue = "outbox"
    private let services: DealsServices

    init(_ services: DealsServices) { self.services = services }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let work = try job.read({ try services.signatureWork(payload.request, in: $0) }) else { return }
        let id = payload.request
        // One that may have arrived is looked up by its own job first.
        if work.request.state == .sending { throw JobSnooze(for: .seconds(10), waitingFor: "look_up") }
        guard work.request.isOut, let external = work.request.externalID else { return }
        let reason = work.contract.withdrawReason ?? "The agency has withdrawn the contract."
        try await work.act(
            ServiceEffect(VoidSignatureTool.name, key: "\(id)/void", for: work.caller), isRepeatable: true,
            job, services
        ) { _ in
            true
        } _: { access, permit async throws(ToolFailure) in
            try await work.provider.void(external, because: reason, access, permit.reach)
        } end: { tx in
            try tx.signatures.move(id, from: [.sent, .viewed], to: .closed)
        }
    }
}
