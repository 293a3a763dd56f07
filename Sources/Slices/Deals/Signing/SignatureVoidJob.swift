internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Messages
internal import Nouns
internal import Records

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
        do {
            try await services.outbox.integrations.perform(
                ServiceEffect(VoidSignatureTool.name, key: "\(id)/void", for: work.caller),
                at: work.integration, as: work.provider, job
            ) { _ in
                true
            } _: { access, permit async throws(ToolFailure) in
                try await work.provider.void(external, because: reason, access, permit.reach)
            } end: { tx, outcome in
                guard case .success = outcome else { return }
                try tx.signatures.move(id, from: [.sent, .viewed], to: .closed)
            }
        } catch let failure as ToolFailure {
            guard !failure.isRetryable else { throw failure }
            // It was signed, or is over otherwise: how it stands tells.
            try await job.complete { tx in
                try tx.jobs.enqueue(SignatureAskJob.self, .init(request: id, isWatch: false))
            }
        }
    }
}
