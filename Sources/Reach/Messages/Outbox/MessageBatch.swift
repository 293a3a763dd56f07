internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Messages of an agent that asks first, to many people about the same: a person is asked once for all of them.
package struct MessageBatch: Sendable {
    /// Names the question among those of the agency: asked again under it, it is the same one.
    package let key: String
    package let title: String
    package let reason: String
    /// The number of people of the batch who get nothing, by the code of the reason.
    package var skipped: [String: Int] = [:]

    package init(key: String, title: String, reason: String) {
        (self.key, self.title, self.reason) = (key, title, reason)
    }

    fileprivate var owner: (kind: String, id: String) { (MessageBatches.owner, key) }

    /// Messages that a question shows as they would leave.
    fileprivate static let examplesMax = 3

    fileprivate func preview(_ known: JSON, adding message: Message, to contact: Contact) -> JSON {
        var examples = known["examples"]?.array ?? []
        if examples.count < Self.examplesMax {
            examples.append([
                "message_id": JSON(message.id), "contact_id": JSON(contact.id),
                "to": .string(contact.name), "channel": .string(message.channel.rawValue),
                "subject": JSON(message.subject), "text": .string(message.text),
            ])
        }
        let codes = skipped.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }
        return [
            "count": JSON(Int(known["count"]?.int ?? 0) + 1), "examples": .array(examples),
            "skipped": .object(JSONObject(codes)),
        ]
    }
}

/// Messages about which a person is asked together: `tx.messageBatches`.
package struct MessageBatchStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var messageBatches: MessageBatchStore<Self> { MessageBatchStore(tx: self) }
}

extension MessageBatchStore {
    /// Returns whether a person has answered the question about a batch: what comes later belongs to another
    /// one.
    package func isAnswered(_ batch: MessageBatch) throws -> Bool {
        let known = try tx.approvals.find(owner: batch.owner, key: SendMessage.tool)
        return known.map { $0.status != .pending } ?? false
    }
}

extension MessageBatchStore where Base == Transaction {
    /// Asks for a message along with the others of its batch.
    func ask(_ message: Message, _ draft: MessageDraft, in batch: MessageBatch) throws -> ApprovalID {
        if let known = try tx.approvals.find(owner: batch.owner, key: SendMessage.tool) {
            let preview = batch.preview(known.preview, adding: message, to: draft.contact)
            try tx.approvals.amend(known.id, preview: preview)
            return known.id
        }
        return try tx.approvals.request(
            ApprovalRequest(
                owner: batch.owner, key: SendMessage.tool, title: batch.title,
                preview: batch.preview([:], adding: message, to: draft.contact), reason: batch.reason,
                runID: message.runID, agent: message.agent, tool: SendMessage.tool,
                requestedBy: message.agent.map(Actor.agent) ?? .system)
        ).id
    }

    /// Forgets a message's words where the question about its batch shows them.
    func forgetExample(of message: Message) throws {
        guard let id = message.approvalID, let approval = try tx.approvals.find(id),
            approval.owner.kind == MessageBatches.owner,
            let examples = approval.preview["examples"]?.array
        else { return }
        let kept = examples.filter { $0["message_id"] != JSON(message.id) }
        guard kept.count < examples.count else { return }
        try tx.approvals.amend(id, preview: approval.preview.merging(["examples": .array(kept)]))
    }

    /// Takes a message out of the question about its batch. The last one takes the question along.
    func leave(_ message: Message, because reason: Reason) throws {
        try forgetExample(of: message)
        guard let id = message.approvalID, let approval = try tx.approvals.find(id),
            approval.owner.kind == MessageBatches.owner, approval.status == .pending
        else { return }
        let left = Int(approval.preview["count"]?.int ?? 0) - 1
        guard left > 0 else { return try tx.approvals.withdraw(of: approval.owner, because: reason.detail) }
        try tx.approvals.amend(id, preview: approval.preview.merging(["count": JSON(left)]))
    }
}

/// Hears what a person says to a batch of messages.
struct MessageBatches: ApprovalListener {
    static let owner = "message_batch"

    /// Many read it: what is to be said to them is changed in the template.
    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        (arguments.object?.members ?? []).map { name, _ in
            ValueFault(
                pointer: "/\(name.pointerToken)", code: "unknown_field",
                detail: "Nothing can be changed here: change the template, and reject this.")
        }
    }

    func decided(_ approval: Approval, in tx: Transaction) throws {
        try tx.jobs.enqueue(
            MessageBatchJob.self, .init(approval: approval.id),
            JobOptions(uniqueKey: "\(approval.id)", subject: approval.subjectOfEvents))
    }
}

/// Lets the messages of a batch go that a person has said yes to, or takes them back: each asks every rule anew.
struct MessageBatchJob: JobKind {
    struct Payload: Codable, Sendable { let approval: ApprovalID }

    static let kind = "message.batch"
    private static let chunk = 100

    let outbox: Outbox

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let outbox = outbox
        var isMore = true
        while isMore {
            isMore = try await job.write { tx in
                guard let approval = try tx.approvals.find(payload.approval), approval.status != .pending
                else { return false }
                let held = try Message.resource.all(
                    where: "approval_id = \(approval.id) AND held_code = 'approval'",
                    suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
                for message in held {
                    guard approval.status == .approved else {
                        try outbox.turnDown(message, approval, in: tx)
                        continue
                    }
                    var approved = message
                    approved.status = .queued
                    (approved.reasons, approved.heldCode) = (Parts(), nil)
                    try tx.outbox.change(message, to: &approved)
                    try tx.outbox.enqueueSend(approved)
                }
                return held.count == Self.chunk
            }
        }
    }
}

extension Outbox {
    /// Takes back a message that nobody has said yes to.
    func turnDown(_ message: Message, _ approval: Approval, in tx: Transaction) throws {
        try cancel(message, because: .of(approval), in: tx)
    }
}
