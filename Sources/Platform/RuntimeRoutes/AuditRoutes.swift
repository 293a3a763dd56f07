internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

/// The audit is read and checked, never written to from outside.
func auditRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("subject_id", .text(max: 100)), .init("subject_type", .text(max: 100)),
        .init("action", .text(max: 100), takesPrefixes: true), .init("actor_id", .text(max: 100)),
        .init("actor_type", .choice(["user", "api_key", "agent", "system"])),
        .init("run_id", .text(max: 100)), .init("outcome", .text(max: 64)), .init("created_at", .instant),
    ]
    routes.schema("AuditEntry", AuditEntry.schema)
    routes.schema("AuditVerification", verificationSchema)

    routes.get(
        "/v1/audit", .permission("audit:read"), "List the entries of the audit, newest first",
        named: "list_audit_entries",
        query: SimpleList.docs(columns, fields: AuditEntry.schema.propertyNames),
        .list(of: .reference("AuditEntry"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, key: "row", fields: AuditEntry.schema.propertyNames,
                placedBut: ["subject_id", "action", "run_id", "outcome"], dialect: reader.dialect)
            return try list.page(of: "audit", AuditEntry.self, in: reader) { entry, writer in
                try reader.auditLog.linked(entry).write(into: &writer)
            }
        }
    }
    routes.get(
        "/v1/audit/verify", .permission("audit:read"),
        "Verify that no entry of the audit was changed, inserted or removed",
        .json(.reference("AuditVerification"), "Whether the chain holds, and where it breaks.")
    ) { call in
        .task {
            let found = try runtime.verifyAudit(call.tenant)
            return .json([
                "valid": .bool(found.valid), "entries": JSON(found.entries),
                "first_invalid": JSON(found.firstInvalid),
            ])
        }
    }
    routes.get(
        "/v1/audit/{id}", .permission("audit:read"), "Get an entry of the audit", named: "get_audit_entry",
        .json(.reference("AuditEntry"), "The entry.")
    ) { call in
        .read { reader in
            guard let entry = try reader.auditLog.entry(call.parameters["id"] ?? "") else {
                throw Problem(.notFound)
            }
            var writer = JSONWriter()
            entry.write(into: &writer)
            return Response(
                status: 200, headers: [("Content-Type", "application/json")], body: .bytes(writer.bytes))
        }
    }
}

extension AuditEntry {
    static let schema: JSON = .record([
        "id": .anyText,
        "actor": .record([
            "type": ["type": "string", "enum": ["user", "api_key", "agent", "system"]], "id": .anyText,
        ]),
        "action": .anyText, "subject": .anySubject, "changes": .anyObject,
        "run_id": .about("The agent's run that it goes back to."),
        "decision_id": .about("The decision that led to it, where one was stored."),
        "outcome": .about(
            "The outcome: a message was sent, captured or held, has failed, or is unknown."),
        "created_at": .anyInstant, "previous_hash": .anyText, "hash": .anyText,
    ])
}

extension JSON {
    fileprivate static func about(_ text: String) -> JSON {
        ["type": ["string", "null"], "description": .string(text)]
    }
}

private let verificationSchema: JSON = .record([
    "valid": ["type": "boolean"],
    "entries": [
        "type": "integer", "description": "How many entries were verified, up to the first invalid one.",
    ],
    "first_invalid": .textOrNull,
])
