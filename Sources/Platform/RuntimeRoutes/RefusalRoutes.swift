internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Templates
internal import Wording

/// Why not: what agents and schedules have not done, each with its reason.
func refusalRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("kind", .choice(Refusal.Kind.allCases.map(\.rawValue))), .init("agent", .text(max: 100)),
        .init("code", .text(max: 100)), .init("subject_id", .text(max: 100)),
        .init("run_id", .text(max: 100)), .init("created_at", .instant),
    ]
    routes.schema("Refusal", Refusal.schema)

    routes.get(
        "/v1/refusals",
        .permission(
            "decisions:read"), "List refusals: what agents were not allowed to do, and why",
        query: SimpleList.docs(columns, fields: Refusal.schema.propertyNames),
        .list(of: .reference("Refusal"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: Refusal.schema.propertyNames,
                dialect: reader.dialect)
            let words = try call.words(runtime.questions, reader)
            return try list.page(of: "refusals", Refusal.self, in: reader) { $1.value($0.told(in: words)) }
        }
    }
    routes.get(
        "/v1/refusals/{id}", .permission("decisions:read"), "Get a refusal: what was not done, and why",
        .json(.reference("Refusal"), "The refusal.")
    ) { call in
        .read { reader in
            guard let refusal = try reader.refusals.find(call.id("id", of: Refusal.self)) else {
                throw Problem(.notFound)
            }
            return .json(refusal.told(in: try call.words(runtime.questions, reader)))
        }
    }
}

extension Refusal {
    /// The refusal with its reason in the reader's words, as far as its code has any.
    fileprivate func told(in words: Wording) -> JSON {
        let reason = Saying("message.held", ["code": .text(code), "detail": .text(detail)])
        return json.merging(["detail": .string(reason.said(in: words))])
    }

    static let schema: JSON = .record([
        "id": .anyText, "kind": .choice(Kind.self), "agent": .textOrNull, "subject": .anySubject,
        "code": .anyText, "detail": ["type": "string", "description": "The reason, for people."],
        "run_id": .textOrNull,
        "count": [
            "type": "integer",
            "description": "How often the same was refused on that day, for the same reason.",
        ],
        "created_at": .anyInstant, "updated_at": .anyInstant,
    ])
}
