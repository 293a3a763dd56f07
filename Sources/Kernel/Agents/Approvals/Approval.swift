package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

package enum ApprovalStatus: String, CaseIterable, Sendable, Choice {
    case pending, approved, rejected, expired
    /// The action that it was asked for is not wanted any more.
    case withdrawn
}

/// A request for a person's yes: to an effect of an agent, or to a step of a workflow. A row of `approvals`.
package struct Approval: StoredRow {
    package let id: ApprovalID
    /// The owner, which asked, and goes on once it is decided.
    package let owner: (kind: String, id: String)
    package let key: String
    package let runID: RunID?, agent: String?, tool: String?
    package let subject: Subject?
    package let status: ApprovalStatus
    package let title: String
    package let preview: JSON
    /// The reason for the request.
    package let reason: String?
    /// The arguments that the decision is about; an edited yes changes them.
    package let arguments: JSON
    package let argumentsHash: String
    /// The data that its owner keeps with it.
    package let context: JSON
    package let requestedBy: Actor
    /// The number of people who have to approve.
    package let needed: Int
    package let expiresAt: Instant
    package let decidedBy: Actor?
    package let decisionReason: String?
    package let decidedAt: Instant?
    /// The outcome of the action afterwards, as its owner tells it.
    package let effect: JSON?
    package let version: Int
    package let createdAt: Instant, updatedAt: Instant

    package var subjectOfEvents: Subject { Subject(id) }

    /// Returns the id of the work that its owner asked about; `nil` where that is of another type.
    package func work<Noun: Identified>(of type: Noun.Type = Noun.self) -> ID<Noun>? { ID(owner.id) }

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        id = row.id("id")
        (owner, key) = ((row.text("owner_kind"), row.text("owner_id")), row.text("key"))
        (runID, agent, tool) = (
            row.optionalRunID("run_id"), row.optionalText("agent"), row.optionalText("tool")
        )
        subject = row.optionalSubject()
        status = ApprovalStatus(rawValue: row.text("status")) ?? .pending
        (title, preview) = (row.text("title"), JSON(stored: row.text("preview")))
        reason = row.optionalText("reason")
        (arguments, argumentsHash) = (JSON(stored: row.text("arguments")), row.text("arguments_hash"))
        context = JSON(stored: row.text("context"))
        let requester = Actor.Kind(rawValue: row.text("requested_by_type")) ?? .system
        requestedBy = Actor(requester, id: row.text("requested_by_id"))
        (needed, expiresAt) = (row.int("needed"), row.instant("expires_at"))
        let decider = row.optionalText("decided_by_type"), deciderID = row.text("decided_by_id")
        decidedBy = decider.map { Actor(Actor.Kind(rawValue: $0) ?? .system, id: deciderID) }
        (decisionReason, decidedAt) = (row.optionalText("decision_reason"), row.optionalInstant("decided_at"))
        effect = row.optionalText("effect").map { JSON(stored: $0) }
        version = row.int("version")
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
    }
}

/// A wish to have a person asked.
package struct ApprovalRequest: Sendable {
    /// The registered listener's `owner`, and what it knows its work by.
    package var owner: (kind: String, id: String)
    /// Names the question, once for each owner: asked again, it is the same approval.
    package var key: String
    package var title: String
    /// The action for people to judge: what would happen, to whom, at what cost.
    package var preview: JSON
    package var reason: String?
    package var arguments: JSON
    /// `nil`: as the tenant's policy says.
    package var expiresAt: Instant?
    package var runID: RunID?, agent: String?, tool: String?
    package var subject: Subject?
    package var context: JSON
    package var requestedBy: Actor

    package init(
        owner: (kind: String, id: String), key: String, title: String, preview: JSON = [:],
        reason: String? = nil, arguments: JSON = [:], expiresAt: Instant? = nil, runID: RunID? = nil,
        agent: String? = nil, tool: String? = nil, subject: Subject? = nil, context: JSON = [:],
        requestedBy: Actor = .system
    ) {
        (self.owner, self.key, self.title, self.preview) = (owner, key, title, preview)
        (self.reason, self.arguments, self.expiresAt) = (reason, arguments, expiresAt)
        (self.runID, self.agent, self.tool, self.subject) = (runID, agent, tool, subject)
        (self.context, self.requestedBy) = (context, requestedBy)
    }
}

/// An owner of approvals: it asks for them, and hears what was decided. Registered with the runtime at start.
package protocol ApprovalListener: Sendable {
    /// Stored in rows: never renamed.
    static var owner: String { get }

    /// Returns the faults of arguments that a person has edited, by pointers relative to them.
    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault]
    /// In the transaction that decides, or in which it expires: the approval as it stands then.
    func decided(_ approval: Approval, in tx: Transaction) throws
}

extension ApprovalListener {
    package func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] { [] }
}

/// The listeners that hear of decisions, by what they own.
struct ApprovalListeners: Sendable {
    private var byOwner: [String: any ApprovalListener] = [:]

    subscript(owner: String) -> (any ApprovalListener)? { byOwner[owner] }

    mutating func add<L: ApprovalListener>(_ listener: L) {
        precondition(byOwner[L.owner] == nil, "two listeners for the approvals of \(L.owner)")
        byOwner[L.owner] = listener
    }
}
