internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates

/// A document that leaves in a sale and is more than a mail: a proposal, a contract. The gate is asked as for a tool of
/// its own; where the agent asks first, the draft waits for a yes. Then a job sends it.
enum SaleDocument: Sendable {
    case proposal(ID<Proposal>)
    case contract(ContractID)

    fileprivate var id: String {
        switch self {
        case .proposal(let id): id.keyText
        case .contract(let id): id.keyText
        }
    }
    private var tool: String {
        switch self {
        case .proposal: SendProposalTool.name
        case .contract: SendContractTool.name
        }
    }
    private var title: String {
        switch self {
        case .proposal: "Send a proposal"
        case .contract: "Send a contract"
        }
    }
    private var subject: Subject {
        switch self {
        case .proposal: Subject(type: Proposal.noun, id: id)
        case .contract: Subject(type: Contract.noun, id: id)
        }
    }
    private var arguments: JSON { ["\(subject.type)_id": .string(id)] }

    /// Sends it, asks about it, or leaves it as a draft, as the gate lets the sales agent.
    func leave(
        to contact: Contact, amount: Money?, because reason: String, from origin: Origin, in tx: Transaction
    ) throws {
        let request = self.request(tool, from: origin, because: reason)
        switch try tx.gate.leave(for: request, permission: SendMessage.permission) {
        case .granted: try tx.sales.enqueueSending(.init(self, from: origin))
        case .observed, .refused: break
        case .asks:
            _ = try tx.approvals.request(
                ApprovalRequest(
                    owner: (AgentEffects.owner, id), key: tool,
                    title: Saying(
                        "approval.send_to",
                        ["document": .text(subject.type), "name": .text(contact.name)]
                    ).english,
                    preview: [
                        "to": .string(contact.name), "recipient": JSON(contact.email),
                        "amount": amount?.json ?? .null, "document": .string(subject.type),
                        "id": .string(id),
                    ], reason: reason, arguments: arguments, runID: origin.run, agent: salesAgent, tool: tool,
                    subject: subject, context: ["decision_id": JSON(origin.decision)],
                    requestedBy: .agent(salesAgent)))
        }
    }

    /// Returns whether the mail that brings it may be written: without one nobody would hear of the document.
    /// Nobody is asked about the mail where somebody has said yes to the document.
    func bringsMail(from origin: Origin, in tx: Transaction) throws -> Bool {
        guard !origin.isApproved else { return true }
        return try tx.gate.leave(
            for: request(SendMessage.tool, from: origin, because: nil), permission: SendMessage.permission
        ).isGiven
    }

    private func request(_ tool: String, from origin: Origin, because reason: String?) -> ToolRequest {
        let caller = ToolCaller(
            actor: .agent(salesAgent), agent: salesAgent, runID: origin.run, subject: subject,
            decisionID: origin.decision)
        return ToolRequest(
            tool: tool, arguments: arguments, caller: caller, key: "sale/\(tool)/\(id)", reason: reason)
    }
}

/// Encoded as its id, as the payloads of jobs have it.
extension SaleDocument: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let id = try? container.decode(ID<Proposal>.self) {
            self = .proposal(id)
        } else {
            self = .contract(try container.decode(ContractID.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(id)
    }
}

extension SaleStore where Base == Transaction {
    fileprivate func enqueueSending(_ payload: SaleStepJob.Payload) throws {
        try tx.jobs.enqueue(SaleStepJob.self, payload, JobOptions(uniqueKey: payload.document.id))
    }
}

// MARK: Tools

struct SendProposalTool: ExecutorTool, AskingTool {
    typealias Input = NoToolInput

    static let name = "send_proposal"
    let title = "Send a proposal"
    let summary = "Sends a proposal that the sales agent has drafted, with the mail that brings it."
    let effect = ToolClass.sends

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        approval.faultsOfDraft(arguments)
    }

    func decided(_ approval: Approval, in tx: Transaction) throws { try tx.sales.sendDocument(approval) }
}

struct SendContractTool: ExecutorTool, AskingTool {
    typealias Input = NoToolInput

    static let name = "send_contract"
    let title = "Send a contract"
    let summary = "Sends the contract of an accepted proposal, with the mail that brings it."
    let effect = ToolClass.sends

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        approval.faultsOfDraft(arguments)
    }

    func decided(_ approval: Approval, in tx: Transaction) throws { try tx.sales.sendDocument(approval) }
}

extension Approval {
    fileprivate func faultsOfDraft(_ edited: JSON) -> [ValueFault] {
        (edited.object?.keys ?? []).filter { edited[$0] != arguments[$0] }.map {
            ValueFault(
                pointer: "/\($0.pointerToken)", code: "unknown_field",
                detail: "The document cannot be edited here: change the draft itself, then approve.")
        }
    }
}

extension SaleStore where Base == Transaction {
    fileprivate func sendDocument(_ approval: Approval) throws {
        let document =
            approval.work(of: Proposal.self).map(SaleDocument.proposal)
            ?? approval.work(of: Nouns.Contract.self).map(SaleDocument.contract)
        guard approval.status == .approved, let document else { return }
        let origin = Origin(
            run: approval.runID, decision: approval.context["decision_id"]?.id(), isApproved: true)
        try enqueueSending(.init(document, from: origin, approval.id))
    }
}

// MARK: Sending

/// Sends a proposal or a contract of the sales agent's.
struct SaleStepJob: JobKind {
    struct Payload: Codable, Sendable {
        let document: SaleDocument
        var run: RunID?, decision: DecisionID?
        /// The approval of the step, where a person has given one.
        var approval: ApprovalID?

        init(_ document: SaleDocument, from origin: Origin, _ approval: ApprovalID? = nil) {
            (self.document, run, decision) = (document, origin.run, origin.decision)
            self.approval = approval
        }

        var origin: Origin { Origin(run: run, decision: decision, isApproved: approval != nil) }
    }

    static let kind = "sale.send"
    let services: DealsServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let (services, document, origin) = (services, payload.document, payload.origin)
        switch document {
        case .proposal(let id):
            try await job.complete { tx in
                guard let draft = try Proposal.resource.find(id, in: tx), draft.status == .draft,
                    try document.bringsMail(from: origin, in: tx)
                else { return }
                let sent = try services.send(draft, by: .agent(salesAgent), from: origin, in: tx)
                try tx.sales.tell(payload, sent.status.rawValue, sent.messageID)
            }
        case .contract(let id):
            try await services.send(id, of: job.tenant, by: .agent(salesAgent), from: origin) { body in
                try await job.complete { tx in
                    guard try document.bringsMail(from: origin, in: tx) else { return }
                    let sent = try body(tx)
                    try tx.sales.tell(payload, sent.status.rawValue, sent.messageID)
                }
            }
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard let approval = payload.approval, case .dead(let failure) = end else { return }
        try tx.approvals.recordEffect(
            of: approval,
            ["status": "failed", "code": .string(failure.code), "detail": .string(failure.detail)])
    }
}

extension SaleStore where Base == Transaction {
    /// Tells the approval what has become of its document.
    fileprivate func tell(_ payload: SaleStepJob.Payload, _ status: String, _ message: MessageID?) throws {
        guard let approval = payload.approval else { return }
        try tx.approvals.recordEffect(
            of: approval,
            [
                "status": .string(status), "document_id": .string(payload.document.id),
                "message_id": JSON(message),
            ])
    }
}
