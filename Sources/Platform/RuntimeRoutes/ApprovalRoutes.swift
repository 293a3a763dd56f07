internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Wording

struct ApproveBody: Declared {
    var changes = JSONObject()
    static let schema = Schema<ApproveBody>(
        "ApproveBody",
        [
            .document(
                "changes", \.changes,
                .about(
                    "Changes to the arguments, as a merge patch; the changed call is checked again and approved."
                ))
        ])
}

struct RejectBody: Declared {
    var reason = ""
    static let schema = Schema<RejectBody>(
        "RejectBody",
        [
            .text(
                "reason", \.reason, max: 2000, .required,
                .about("The reason for rejecting, which the requester sees."))
        ]
    )
}

struct ApprovalPolicyDocument: Declared {
    var fourEyes = false
    var expiresIn = "PT72H"
    var version = 1
    static let schema = Schema<ApprovalPolicyDocument>(
        "ApprovalPolicy",
        [
            .boolean(
                "four_eyes", \.fourEyes,
                .about(
                    "Whether two different people must approve, and nobody what they asked for themselves.")),
            .text(
                "expires_in", \.expiresIn, max: 40,
                .about(
                    "How long an approval without a time of its own stays open, as an ISO 8601 duration.")),
            .integer("version", \.version, in: 1...Int64.max, .readOnly),
        ])

    init() {}

    init(_ policy: ApprovalPolicy) {
        (fourEyes, expiresIn, version) = (policy.fourEyes, policy.expiresIn.iso8601, policy.version)
    }
}

func approvalRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("status", .choice(ApprovalStatus.choices)), .init("agent", .text(max: 100)),
        .init("tool", .text(max: 100)), .init("run_id", .text(max: 100)),
        .init("subject_id", .text(max: 100)),
        .init("created_at", .instant), .init("expires_at", .instant),
    ]
    let fields = Approval.schema.propertyNames
    let answer = Answer.json(.reference("Approval"), "The approval.")
    routes.schema("Approval", Approval.schema)
    routes.declare(ApproveBody.self)
    routes.declare(RejectBody.self)

    routes.get(
        "/v1/approvals", .permission("approvals:read"), "List approvals, both pending and decided",
        query: SimpleList.docs(columns, fields: fields), .list(of: .reference("Approval"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: fields, dialect: reader.dialect)
            let page = try list.rows(of: "approvals", Approval.self, in: reader)
            let words = try call.words(runtime.questions, reader)
            return try list.response(page) { $1.value(try $0.json(in: reader, words)) }
        }
    }
    routes.get("/v1/approvals/{id}", .permission("approvals:read"), "Get an approval", answer) { call in
        .read { reader in
            try reader.approval(call).response(in: reader, call.words(runtime.questions, reader))
        }
    }
    routes.post(
        "/v1/approvals/{id}/approve", .permission("approvals:decide"),
        "Approve a call, as it is or with changes",
        body: .json(.reference("ApproveBody"), isOptional: true),
        answer
    ) { call in
        let body = call.request.bytes.isEmpty ? ApproveBody() : try call.body(ApproveBody.self)
        return .write { tx in try tx.decide(call, .approve(changes: .object(body.changes)), runtime) }
    }
    routes.post(
        "/v1/approvals/{id}/reject", .permission("approvals:decide"), "Reject a call, with a reason",
        body: .json(.reference("RejectBody")), answer
    ) { call in
        let body = try call.body(RejectBody.self)
        return .write { tx in try tx.decide(call, .reject(reason: body.reason), runtime) }
    }
    approvalBulkRoute(&routes, runtime)
    approvalPolicyRoutes(&routes)
}

private func approvalPolicyRoutes(_ routes: inout Routes) {
    routes.schema("ApprovalPolicy", ApprovalPolicyDocument.schema.jsonSchema(.record))
    routes.schema("ApprovalPolicyPatch", ApprovalPolicyDocument.schema.jsonSchema(.patch))
    let answer = Answer.json(.reference("ApprovalPolicy"), "The policy.")
    routes.get(
        "/v1/approvals/policy", .permission("approvals:read"), "Get the agency's approval policy", answer
    ) { _ in
        .read { try $0.approvals.policy().response }
    }
    routes.patch(
        "/v1/approvals/policy",
        .permission(
            "settings:write"), "Update the agency's approval policy, from now on",
        body: .json(.reference("ApprovalPolicyPatch")), answer
    ) { call in
        let body = try call.object()
        return .write { tx in
            var policy = try tx.approvals.policy()
            try call.checkVersion(policy.version)
            var wanted = ApprovalPolicyDocument(policy), faults = Faults()
            let changed = ApprovalPolicyDocument.schema.patch(&wanted, with: body, faults: &faults)
            let time = Duration(iso8601: wanted.expiresIn)
            if time.map({ $0 < .seconds(60) || $0 > .seconds(365 * 86_400) }) ?? true {
                faults.add(
                    "/expires_in", "out_of_range",
                    "expires_in must be a duration from PT1M to P365D, such as P3D.")
            }
            try faults.throwIfAny()
            guard !changed.isEmpty, let time else { return policy.response }
            (policy.fourEyes, policy.expiresIn) = (wanted.fourEyes, time)
            return try tx.approvals.setPolicy(policy, by: call.actor).response
        }
    }
}

extension ApprovalPolicy {
    fileprivate var response: Response {
        .json(
            ApprovalPolicyDocument.schema.json(ApprovalPolicyDocument(self)),
            headers: [("ETag", ETag.text(version))])
    }
}

extension Queryable {
    fileprivate func approval(_ call: Call) throws -> Approval {
        guard let approval = try approvals.find(call.id("id", of: Nouns.Approval.self)) else {
            throw Problem(.notFound)
        }
        return approval
    }
}

extension Transaction {
    fileprivate func decide(
        _ call: Call, _ decision: ApprovalDecision, _ runtime: Runtime
    ) throws -> Response {
        let approval = try approval(call)
        guard approval.status == .pending else { throw ApprovalError.alreadyDecided(approval.status) }
        try call.checkVersion(approval.version)
        return try approvals.decide(approval.id, decision, by: call.actor)
            .response(in: self, call.words(runtime.questions, self))
    }
}

extension Approval {
    fileprivate func response(in reader: some Queryable, _ words: Wording) throws -> Response {
        .json(try json(in: reader, words), headers: [("ETag", ETag.text(version))])
    }

    /// Returns the approval in the reader's words.
    func json(in reader: some Queryable, _ words: Wording) throws -> JSON {
        try stored(in: reader).merging(.object(told(in: words)))
    }

    private func stored(in reader: some Queryable) throws -> JSON {
        let votes = needed > 1 ? try reader.approvals.votes(on: self) : []
        return [
            "id": JSON(id), "status": .string(status.rawValue), "title": .string(title),
            "preview": preview,
            "reason": JSON(reason), "arguments": arguments, "arguments_hash": .string(argumentsHash),
            "owner": ["type": .string(owner.kind), "id": .string(owner.id)], "run_id": JSON(runID),
            "agent": JSON(agent), "tool": JSON(tool), "subject": subject?.json ?? .null,
            "requested_by": requestedBy.json, "needed": JSON(needed),
            "approved_by": .array(votes.map(\.json)),
            "expires_at": .string(expiresAt.description), "decided_by": decidedBy?.json ?? .null,
            "decided_at": JSON(decidedAt?.description), "decision_reason": JSON(decisionReason),
            "effect": effect ?? .null, "version": JSON(version), "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
        ]
    }

    private static let actorOrNull: JSON = [
        "type": ["object", "null"], "properties": ["type": .anyText, "id": .anyText],
    ]

    static let schema: JSON = .record([
        "id": .anyText, "status": .choice(ApprovalStatus.self), "title": .anyText, "preview": .anyObject,
        "reason": ["type": ["string", "null"], "description": "Why approval is asked for."],
        "arguments": .anyObject,
        "arguments_hash": ["type": "string", "description": "The hash of the arguments that are approved."],
        "owner": .anySubject, "run_id": .textOrNull, "agent": .textOrNull, "tool": .textOrNull,
        "subject": ["type": ["object", "null"], "properties": ["type": .anyText, "id": .anyText]],
        "requested_by": .anySubject,
        "needed": ["type": "integer", "description": "How many people must approve."],
        "approved_by": ["type": "array", "items": .anySubject], "expires_at": .anyInstant,
        "decided_by": actorOrNull, "decided_at": .instantOrNull, "decision_reason": .textOrNull,
        "effect": [
            "type": ["object", "null"],
            "description": "The result of an approved effect: status, result and error.",
        ], "version": .anyInteger, "created_at": .anyInstant, "updated_at": .anyInstant,
    ])
}
