package import Database
package import JSON
internal import Messaging
internal import Platform
internal import Records
package import Runtime
internal import Telemetry

/// What leaves in a sale that is more than a mail: a proposal, a contract. Where the agent asks first, it waits for a
/// yes; then a job does it.
package struct SaleApprovals: ApprovalListener {
    package static let owner = "sale"

    enum Step: Sendable {
        case sendProposal(ID<Proposal>)
        case sendContract(ID<Contract>)

        var id: String {
            switch self {
            case .sendProposal(let id): id.text
            case .sendContract(let id): id.text
            }
        }
        var title: String {
            switch self {
            case .sendProposal: "Send a proposal"
            case .sendContract: "Send a contract"
            }
        }
        var subject: Subject {
            switch self {
            case .sendProposal: Subject(type: Proposal.noun, id: id)
            case .sendContract: Subject(type: Contract.noun, id: id)
            }
        }
    }

    private let services: DealsServices

    package init(_ services: DealsServices) { self.services = services }

    func step(
        _ step: Step, asking: Bool, to contact: Contact, amount: Money?, because reason: String,
        in tx: Transaction
    ) throws {
        guard asking else { return try perform(step.id, in: tx) }
        _ = try tx.requestApproval(
            ApprovalRequest(
                owner: (Self.owner, step.id), key: "send", title: "\(step.title) to \(contact.name)",
                preview: [
                    "to": .string(contact.name), "recipient": JSON(contact.email),
                    "amount": amount?.json ?? .null, "document": .string(step.subject.type),
                    "id": .string(step.id),
                ], reason: reason, agent: salesAgent, subject: step.subject,
                requestedBy: .agent(salesAgent)))
    }

    package func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        (arguments.object?.keys ?? []).map {
            ValueFault(
                pointer: "/\($0.pointerToken)", code: "unknown_field",
                detail: "Change the draft itself, then say yes.")
        }
    }

    package func decided(_ approval: Approval, in tx: Transaction) throws {
        guard approval.status == .approved else { return }
        try perform(approval.owner.id, in: tx)
    }

    private func perform(_ id: String, in tx: Transaction) throws {
        try tx.enqueue(SaleStepJob.self, .init(document: id), JobOptions(uniqueKey: id))
    }
}

/// Sends a proposal or a contract of the sales agent's.
struct SaleStepJob: JobKind {
    struct Payload: Codable, Sendable { let document: String }

    static let kind = "sale.send"
    let services: DealsServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let services = services
        if let id = ID<Proposal>(payload.document) {
            try await job.complete { tx in
                guard let proposal = try Proposal.resource.find(id, in: tx), proposal.status == .draft else {
                    return
                }
                _ = try services.send(proposal, by: .agent(salesAgent), in: tx)
            }
        } else if let id = ID<Contract>(payload.document) {
            try await services.send(id, of: job.tenant, by: .agent(salesAgent)) { body in
                try await job.complete { tx in _ = try body(tx) }
            }
        }
    }
}
