internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing

private let decisionsMax = 200

/// Decides many at once, each apart: one that cannot be decided leaves the others alone.
func approvalBulkRoute(_ routes: inout Routes, _ runtime: Runtime) {
    let body: JSON = .schema(
        [
            "decisions": [
                "type": "array", "maxItems": .integer(Int64(decisionsMax)),
                "items": [
                    "description":
                        "The decisions, each with id, decision (approve, reject), and changes or reason.",
                    "examples": [["id": "apr_01jd8…", "decision": "approve"]],
                ],
            ]
        ], required: ["decisions"]
    ).merging(["additionalProperties": false])
    routes.post(
        "/v1/approvals/bulk",
        .permission(
            "approvals:decide"), "Decide many approvals at once, and get a result for each",
        named: "decide_approvals",
        body: .json(body),
        .json(
            .schema(["results": ["type": "array", "items": .anyObject]], required: ["results"]),
            "Results, in order.")
    ) { call in
        let body = try call.object()
        let unknown = body.keys.filter { $0 != "decisions" }
        guard unknown.isEmpty else {
            throw Problem(
                faults: unknown.map {
                    Fault(
                        "/\($0.pointerToken)", "unknown_field",
                        "The body has no field \($0.prefix(64)): send decisions only.")
                })
        }
        guard let decisions = body["decisions"]?.array else {
            throw Problem.fault("/decisions", "required", "decisions is required: send a list of decisions.")
        }
        guard decisions.count <= decisionsMax else {
            throw Problem.fault(
                "/decisions", "too_long", "decisions may have at most \(decisionsMax) entries.")
        }
        return .write { tx in
            let words = try call.words(runtime.questions, tx)
            let results = try decisions.map { json -> JSON in
                do {
                    let one = try BulkDecision(json)
                    let approval = try tx.attempt {
                        try tx.approvals.decide(one.id, one.decision, by: call.actor)
                    }
                    return ["status": 200, "body": try approval.json(in: tx, words)]
                } catch let error as DatabaseError {
                    throw error
                } catch {
                    let problem = (error as? any ProblemConvertible)?.problem ?? Problem(.internalError)
                    return [
                        "status": .integer(Int64(problem.type.status)),
                        "problem": problem.json(requestID: call.requestID),
                    ]
                }
            }
            return .json(["results": .array(results)])
        }
    }
}

private struct BulkDecision {
    enum Word: String, Choice { case approve, reject }

    struct Body: Declared {
        var id = ""
        var decision = Word.approve
        var changes = JSONObject()
        var reason: String?
        static let schema = Schema<Body>(
            "BulkDecision",
            [
                .text("id", \.id, max: 100, .required), .choice("decision", \.decision, .required),
                .document("changes", \.changes), .text("reason", \.reason, max: 2000),
            ])
    }

    let id: ApprovalID
    let decision: ApprovalDecision

    init(_ json: JSON) throws(Problem) {
        guard let object = json.object else {
            throw .fault("", "wrong_type", "Each decision must be an object.")
        }
        let body = try Body.read(object)
        guard let id = ApprovalID(body.id) else { throw Problem(.notFound) }
        self.id = id
        switch body.decision {
        case .approve: decision = .approve(changes: .object(body.changes))
        case .reject:
            guard let reason = body.reason else { throw .fault("/reason", "required", "reason is required.") }
            decision = .reject(reason: reason)
        }
    }
}
