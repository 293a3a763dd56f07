internal import Cryptography
package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
internal import Telemetry

/// The approvals that people give, and their policy: `tx.approvals`.
package struct ApprovalStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var approvals: ApprovalStore<Self> { ApprovalStore(tx: self) }
}

extension ApprovalStore {
    package func find(_ id: ApprovalID) throws -> Approval? {
        try tx.first(
            "SELECT \(Approval.columns) FROM approvals WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            Approval.init)
    }

    /// Returns the approval for which an owner has asked under a key.
    package func find(owner: (kind: String, id: String), key: String) throws -> Approval? {
        try tx.first(
            """
            SELECT \(Approval.columns) FROM approvals
            WHERE tenant_id = \(tx.tenant) AND owner_kind = \(owner.kind) AND owner_id = \(owner.id) AND key = \(key)
            """, Approval.init)
    }

    /// Returns the approval of a tool's call about something that waits for a person, the newest of several.
    package func pending(_ tool: String, about subject: Subject) throws -> Approval? {
        try tx.first(
            """
            SELECT \(Approval.columns) FROM approvals
            WHERE tenant_id = \(tx.tenant) AND status = 'pending' AND tool = \(tool)
                AND subject_type = \(subject.type) AND subject_id = \(subject.id)
            ORDER BY id DESC LIMIT 1
            """, Approval.init)
    }

    /// Returns those who have said yes so far, to the arguments as they stand.
    package func votes(on approval: Approval) throws -> [Actor] {
        try tx.all(votesFor, [tx.tenant.sqlValue, approval.id.sqlValue, approval.argumentsHash.sqlValue]) {
            row in
            Actor(Actor.Kind(rawValue: row.text(0)) ?? .system, id: row.text(1))
        }
    }
}

/// A person's decision about an approval.
package enum ApprovalDecision: Sendable {
    /// With a merge patch of the arguments, or as they are.
    case approve(changes: JSON?)
    case reject(reason: String)
}

package enum ApprovalError: ProblemConvertible {
    case alreadyDecided(ApprovalStatus)
    /// The asker cannot say yes to what it asks, nor the same person twice, nor a program, where four eyes are
    /// wanted.
    case needsAnother(String)

    package var problem: Problem {
        switch self {
        case .alreadyDecided(let status):
            Problem(.alreadyDecided, "The approval is \(status.rawValue) and cannot be decided again.")
        case .needsAnother(let reason): Problem(.forbidden, reason)
        }
    }
}

extension ApprovalStore where Base == Transaction {
    /// Asks a person, in this transaction. Asked again under the same key, the answer is the approval that is there,
    /// however it stands.
    package func request(_ request: ApprovalRequest) throws -> Approval {
        precondition(
            tx.runtime.approvalListeners[request.owner.kind] != nil,
            "nobody listens to the approvals of \(request.owner.kind)")
        if let known = try find(owner: request.owner, key: request.key) { return known }
        let policy = try policy()
        let (id, arguments) = (tx.makeID(Nouns.Approval.self), request.arguments.canonical.serialized)
        let expiresAt = request.expiresAt ?? tx.now + policy.expiresIn
        let (subject, by) = (request.subject, request.requestedBy)
        try tx.run(
            insertApproval,
            [
                tx.tenant.sqlValue, id.sqlValue, request.owner.kind.sqlValue, request.owner.id.sqlValue,
                request.key.sqlValue, request.runID.sqlValue, request.agent.sqlValue, request.tool.sqlValue,
                (subject?.type).sqlValue, (subject?.id).sqlValue, request.title.sqlValue,
                request.preview.serialized.sqlValue, request.reason.sqlValue, arguments.sqlValue,
                Hex.encode(SHA256.hash(arguments)).sqlValue, request.context.serialized.sqlValue,
                by.kind.rawValue.sqlValue, by.id.sqlValue, (policy.fourEyes ? 2 : 1).sqlValue,
                expiresAt.sqlValue, tx.now.sqlValue,
            ])
        try tx.jobs.enqueue(
            ApprovalExpiryJob.self, .init(approval: id),
            JobOptions(
                runAt: expiresAt, uniqueKey: "\(id)", subject: Subject(id),
                waitingFor: "a decision, or its time to pass"))
        let made = try stored(id)
        try tx.publish(
            "approval.requested", made.subjectOfEvents,
            made.payload.merging(["title": .string(made.title), "expires_at": .string(expiresAt.description)])
        )
        return made
    }

    /// Decides, once: of several who decide at the same time one wins, and the others are told that it is decided.
    /// An edited yes changes the arguments, which its owner checks again. Where two have to say yes, it is pending
    /// after the first.
    package func decide(
        _ id: ApprovalID, _ decision: ApprovalDecision, by actor: Actor
    ) throws -> Approval {
        let approval = try stored(id)
        guard approval.status == .pending else { throw ApprovalError.alreadyDecided(approval.status) }
        guard tx.now < approval.expiresAt else { throw ApprovalError.alreadyDecided(.expired) }
        switch decision {
        case .reject(let reason):
            return try end(approval, .rejected, approval.arguments, by: actor, reason)
        case .approve(let changes):
            let arguments = try edited(approval, changes)
            guard approval.needed > 1 else { return try end(approval, .approved, arguments, by: actor, nil) }
            return try vote(on: approval, arguments, by: actor)
        }
    }

    /// Withdraws all pending requests of an owner. `reason`: the reason, for people.
    package func withdraw(of owner: (kind: String, id: String), because reason: String? = nil) throws {
        let pending = try tx.all(
            """
            SELECT \(Approval.columns) FROM approvals
            WHERE tenant_id = \(tx.tenant) AND owner_kind = \(owner.kind) AND owner_id = \(owner.id)
                AND status = 'pending' ORDER BY id
            """, Approval.init)
        for approval in pending { try close(approval, .withdrawn, approval.arguments, by: .system, reason) }
    }

    /// Forgets what an owner has asked about, unless it is pending; that it was asked, and what was decided, stays.
    package func forget(of owner: (kind: String, id: String)) throws {
        try tx.run(
            """
            UPDATE approvals SET title = key, preview = '{}', arguments = '{}', reason = NULL, context = '{}'
            WHERE tenant_id = \(tx.tenant) AND owner_kind = \(owner.kind) AND owner_id = \(owner.id)
                AND status <> 'pending'
            """)
    }

    /// Its time is over, when nobody has decided.
    func expire(_ id: ApprovalID) throws {
        guard let approval = try find(id), approval.status == .pending else { return }
        _ = try end(approval, .expired, approval.arguments, by: .system, nil, cancelsExpiry: false)
    }

    /// Writes anew what a request shows: more has come that it asks for, or somebody in it was erased.
    package func amend(_ id: ApprovalID, preview: JSON) throws {
        try tx.run(
            """
            UPDATE approvals SET preview = \(preview.serialized), version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """)
    }

    /// Records what has become of an approved effect.
    package func recordEffect(of approval: ApprovalID, _ effect: JSON) throws {
        try tx.run(
            """
            UPDATE approvals SET effect = \(effect.serialized), version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(approval)
            """)
    }

    // MARK: Deciding

    private func edited(_ approval: Approval, _ changes: JSON?) throws -> JSON {
        guard let changes, changes.object?.isEmpty == false else { return approval.arguments }
        let arguments = approval.arguments.merging(changes)
        let listener = tx.runtime.approvalListeners[approval.owner.kind]
        let faults = listener?.faults(approval, arguments: arguments, in: tx)
        if let faults, !faults.isEmpty { throw Problem(faults: faults.map { $0.fault(at: "/changes") }) }
        return arguments
    }

    /// One of the two yeses that are needed. A yes is to the arguments as they are: when a later one edits them, the
    /// earlier does not count for them.
    private func vote(on approval: Approval, _ arguments: JSON, by actor: Actor) throws -> Approval {
        guard actor.kind == .user else {
            throw ApprovalError.needsAnother(
                "Two people must approve this, and a program cannot: sign in as a person.")
        }
        guard actor != approval.requestedBy else {
            throw ApprovalError.needsAnother("Another person must approve what you have asked for yourself.")
        }
        let hash = Hex.encode(SHA256.hash(arguments.canonical.serialized))
        let earlier = hash == approval.argumentsHash ? try votes(on: approval) : []
        guard !earlier.contains(actor) else {
            throw ApprovalError.needsAnother(
                "You have already approved this: a second person must approve it, too.")
        }
        if earlier.count + 1 >= approval.needed {
            return try end(approval, .approved, arguments, by: actor, nil)
        }
        try tx.run(
            """
            INSERT INTO approval_votes (tenant_id, approval_id, actor_type, actor_id, arguments_hash, voted_at)
            VALUES (\(tx.tenant), \(approval.id), \(actor.kind.rawValue), \(actor.id), \(hash), \(tx.now))
            ON CONFLICT (tenant_id, approval_id, actor_id) DO UPDATE SET
                arguments_hash = excluded.arguments_hash, voted_at = excluded.voted_at
            """)
        let changed = try tx.run(
            """
            UPDATE approvals SET arguments = \(arguments.canonical.serialized), arguments_hash = \(hash),
                version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(approval.id) AND status = 'pending'
                AND version = \(approval.version)
            """)
        guard changed == 1 else { throw ApprovalError.alreadyDecided(try stored(approval.id).status) }
        try tx.auditLog.add(
            actor, "approval.seconded", approval.subjectOfEvents, ["arguments_hash": .string(hash)])
        return try stored(approval.id)
    }

    private func end(
        _ approval: Approval, _ status: ApprovalStatus, _ arguments: JSON, by actor: Actor, _ reason: String?,
        cancelsExpiry: Bool = true
    ) throws -> Approval {
        let decided = try close(
            approval, status, arguments, by: actor, reason, cancelsExpiry: cancelsExpiry)
        try tx.runtime.approvalListeners[decided.owner.kind]?.decided(decided, in: tx)
        return decided
    }

    /// The row that is changed is the leave to decide.
    @discardableResult
    private func close(
        _ approval: Approval, _ status: ApprovalStatus, _ arguments: JSON, by actor: Actor, _ reason: String?,
        cancelsExpiry: Bool = true
    ) throws -> Approval {
        let text = arguments.canonical.serialized
        let changed = try tx.run(
            closeApproval,
            [
                tx.tenant.sqlValue, approval.id.sqlValue, status.rawValue.sqlValue, text.sqlValue,
                Hex.encode(SHA256.hash(text)).sqlValue, actor.kind.rawValue.sqlValue, actor.id.sqlValue,
                reason.sqlValue, tx.now.sqlValue,
            ])
        guard changed == 1 else { throw ApprovalError.alreadyDecided(try stored(approval.id).status) }
        if cancelsExpiry, let job = try tx.jobs.live(ApprovalExpiryJob.self, uniqueKey: "\(approval.id)") {
            _ = try tx.jobs.cancel(job)
        }
        let decided = try stored(approval.id)
        let edits: JSON = arguments == approval.arguments ? [:] : ["arguments": arguments]
        let word = status.rawValue
        try tx.auditLog.add(
            actor, "approval.\(word)", decided.subjectOfEvents,
            (["arguments_hash": .string(decided.argumentsHash), "reason": JSON(reason)] as JSON).merging(
                edits))
        try tx.publish(
            "approval.\(word)", decided.subjectOfEvents,
            decided.payload.adding(["reason": JSON(reason), "decided_by": actor.json]))
        return decided
    }

    private func stored(_ id: ApprovalID) throws -> Approval {
        guard let approval = try find(id) else { throw RuntimeError.notFound }
        return approval
    }
}

extension Approval {
    /// The payload that every event about it has.
    fileprivate var payload: JSON {
        ["run_id": JSON(runID), "agent": JSON(agent), "tool": JSON(tool), "owner": .string(owner.kind)]
    }
}

/// Lets an approval that nobody decides expire, at its time.
struct ApprovalExpiryJob: JobKind {
    struct Payload: Codable, Sendable { let approval: ApprovalID }

    static let kind = "approval.expire"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in try tx.approvals.expire(payload.approval) }
    }
}

private let votesFor = Statement(
    """
    SELECT actor_type, actor_id FROM approval_votes
    WHERE tenant_id = $1 AND approval_id = $2 AND arguments_hash = $3 ORDER BY voted_at, actor_id
    """)

private let insertApproval = Statement(
    """
    INSERT INTO approvals (tenant_id, id, owner_kind, owner_id, key, run_id, agent, tool, subject_type, subject_id,
        status, title, preview, reason, arguments, arguments_hash, context, requested_by_type, requested_by_id,
        needed, expires_at, version, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 1,
        $21, $21)
    """)

private let closeApproval = Statement(
    """
    UPDATE approvals SET status = $3, arguments = $4, arguments_hash = $5, decided_by_type = $6, decided_by_id = $7,
        decision_reason = $8, decided_at = $9, version = version + 1, updated_at = $9
    WHERE tenant_id = $1 AND id = $2 AND status = 'pending'
    """)
