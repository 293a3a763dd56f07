internal import Database
internal import HTTPServer
internal import JSON
package import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

func deliverableRoutes(_ routes: inout Routes) {
    let told = ToldMembers<Deliverable>(["quality": ["deliverable_check."]], inner: ["evidence"])
    routes.standard(
        Deliverable.resource, read: "deliverables:read", write: "deliverables:write", told: told)
    routes.declare(SubmissionBody.self)
    routes.declare(ReviewBody.self)
    routes.declare(ApprovalWordBody.self)
    routes.declare(ChangeRequestBody.self)

    func step<Body: Declared>(
        _ name: String, _ summary: String, _ type: Body.Type, isOptional: Bool,
        _ take: @escaping @Sendable (Deliverable, Body, Call, Transaction) throws -> Deliverable
    ) {
        routes.post(
            "/v1/deliverables/{id}/\(name)", .permission("deliverables:write"), summary,
            body: .json(.reference(Body.schema.name), isOptional: isOptional), .record(Deliverable.resource)
        ) { call in
            let id = try call.id("id", of: Deliverable.self)
            let body = isOptional && call.request.bytes.isEmpty ? Body() : try call.body(Body.self)
            return .write { tx in
                let deliverable = try Deliverable.resource.get(id, in: tx)
                try call.checkVersion(deliverable.version)
                let taken = try take(deliverable, body, call, tx)
                return .record(taken, extra: try told.members(of: taken, to: call, in: tx))
            }
        }
    }
    routes.declare(Compilation.self)
    routes.post(
        "/v1/deliverables/{id}/compile", .permission("deliverables:write"),
        "Make one file of several, as a new version of a deliverable",
        body: .json(.reference(Compilation.schema.name)), .record(Deliverable.resource, status: 202)
    ) { call in
        let (id, body) = (try call.id("id", of: Deliverable.self), Result { try call.object() })
        return .write { tx in
            let deliverable = try Deliverable.resource.get(id, in: tx)
            var wanted = Compilation(), faults = Faults()
            Compilation.schema.create(&wanted, from: try body.get(), faults: &faults)
            try faults.throwIfAny()
            try call.checkVersion(deliverable.version)
            try tx.requiring(faults.references) {
                try tx.deliverables.compile(deliverable, wanted, by: call.actor)
            }
            return .record(
                deliverable, status: 202, location: "/v1/deliverables/\(id)",
                extra: try told.members(of: deliverable, to: call, in: tx))
        }
    }
    step(
        "submit", "Submit a deliverable as a new version, for its quality review", SubmissionBody.self,
        isOptional: true
    ) {
        try $3.deliverables.submit($0, notes: $1.notes, by: $2.actor)
    }
    step(
        "review", "Review a deliverable: decide whether it may go to the client", ReviewBody.self,
        isOptional: false
    ) {
        try $3.deliverables.review($0, passed: $1.passed, notes: $1.notes, by: $2.actor)
    }
    step("approve", "Approve a deliverable on the client's behalf", ApprovalWordBody.self, isOptional: true) {
        try $3.deliverables.approve($0, $2.onBehalf(name: $1.name, evidence: $1.evidence), by: $2.actor)
    }
    step(
        "request-changes", "Request changes of a deliverable on the client's behalf", ChangeRequestBody.self,
        isOptional: false
    ) {
        try $3.deliverables.requestChanges(
            $0, $1.text, $2.onBehalf(name: $1.name, evidence: $1.evidence), by: $2.actor)
    }
}

extension Call {
    fileprivate func onBehalf(name: String?, evidence: String?) -> ClientDecider {
        ClientDecider(
            name: name, userID: actor.userID, address: request.head.remoteAddress.description,
            userAgent: request.head.header("User-Agent").map { String($0.prefix(300)) }, isOnBehalf: true,
            evidence: evidence)
    }
}

/// The notes that go with a version.
struct SubmissionBody: Declared {
    var notes: String?
    static let schema = Schema<SubmissionBody>(
        "DeliverableSubmission",
        [
            .text(
                "notes", \.notes, max: 10_000, .about("The changes in the version."))
        ])
}

/// A reviewer's conclusion.
struct ReviewBody: Declared {
    var passed = false
    var notes: String?
    static let schema = Schema<ReviewBody>(
        "DeliverableReview",
        [
            .boolean(
                "passed", \.passed, .required,
                .about("Whether the deliverable passes and goes to the client.")),
            .text("notes", \.notes, max: 10_000, .about("The notes of the reviewer.")),
        ])
}

/// A colleague's evidence that the client says yes.
struct ApprovalWordBody: Declared {
    var name: String?
    var evidence: String?
    static let schema = Schema<ApprovalWordBody>(
        "DeliverableApproval",
        [
            .text("name", \.name, max: 200, .about("The client's person who decided.")),
            .text("evidence", \.evidence, max: 5000, .about("Where it was said: a mail, a call, a meeting.")),
        ])
}

/// A client's request for changes.
package struct ChangeRequestBody: Declared {
    package var text = ""
    package var name: String?
    package var evidence: String?

    package init() {}

    package static let schema = Schema<ChangeRequestBody>(
        "DeliverableChangeRequest",
        [
            .text("text", \.text, max: 10_000, .required, .about("The changes that are requested.")),
            .text("name", \.name, max: 200, .about("The client's person who requests the changes.")),
            .text("evidence", \.evidence, max: 5000, .about("The message in which it was said.")),
        ])
}
