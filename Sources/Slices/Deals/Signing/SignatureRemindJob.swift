internal import Agents
internal import Integrations
internal import Jobs
internal import People
internal import Records

/// Has a service remind whoever is to sign. A reminder of which nobody knows whether it left is not sent again: neither
/// where the service did not answer, nor where the process ended before its answer was booked.
struct SignatureRemindJob: JobKind {
    struct Payload: Codable, Sendable {
        let request: String
        let number: Int
    }

    static let kind = "signature.remind"
    static let queue = "outbox"
    private let services: DealsServices

    init(_ services: DealsServices) { self.services = services }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.request, key = "\(id)/remind/\(payload.number)"
        guard let work = try job.read({ try services.signatureWork(id, in: $0) }), work.request.isOut,
            work.request.state != .signed, work.contract.status == .sent,
            let external = work.request.externalID,
            let email = try job.read({ reader in
                try work.contract.contactID.flatMap { try Contact.resource.find($0, in: reader) }?.email
            })
        else { return }
        if let brake = try job.read({ try job.runtime.questions.brake($0, work.contract.clientID) }) {
            throw JobSnooze(for: .seconds(30), waitingFor: brake)
        }
        try await work.act(
            ServiceEffect(RemindSignatureTool.name, key: key, for: work.caller), isRepeatable: false, job,
            services
        ) { tx in
            guard try !tx.connectorCalls.wasCutOff(key: key) else { return false }
            return try tx.signatures.request(id).map { $0.isOut && $0.state != .signed } ?? false
        } _: { access, permit async throws(ToolFailure) in
            try await work.provider.remind(external, email, access, permit.reach)
        }
    }
}
