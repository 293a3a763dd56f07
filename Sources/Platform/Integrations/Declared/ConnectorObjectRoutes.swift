package import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

/// The routes of what an integration's service has, as its connector says.
func connectorObjectRoutes(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    routes.schema("ConnectorObject", objectSchema)
    routes.get(
        "/v1/integrations/{id}/objects", .permission("integrations:read"),
        "List the kinds of records that an integration's service has, with a suggested mapping",
        query: ParameterDoc.page, .list(of: .reference("ConnectorObject"))
    ) { call in
        let (id, window) = try (call.id("id", of: Integration.self), call.window())
        return .read { reader in
            let integration = try Integration.resource.get(id, in: reader)
            let connector = try integrations.document(of: id, integration.provider, in: reader)
            return window.page(of: (connector?.objects ?? []).map { $0.json(suggesting: runtime.records) })
        }
    }
    routes.post(
        "/v1/integrations/{id}/describe", .permission("integrations:write"),
        "Find the fields that a service has of its own, so that they can be mapped",
        .json(
            .schema(
                [
                    "objects": [
                        "type": "array", "items": .reference("ConnectorObject"),
                        "description": "The kinds of records, with all fields that can be mapped.",
                    ]
                ],
                required: ["objects"]), "The kinds of records, with all fields that can be mapped.")
    ) { call in
        let id = try call.id("id", of: Integration.self)
        guard !runtime.isSandbox(call.tenant) else {
            throw Problem(.conflict, "A sandbox calls no services: ask in the agency.")
        }
        return .task {
            let integration = try call.read { try Integration.resource.get(id, in: $0) }
            let caller = ToolCaller(
                actor: call.actor, subject: integration.subject, clientID: integration.clientID)
            do {
                try await integrations.describe(integration, call.tenant, for: caller)
            } catch let failure as ToolFailure {
                throw Problem(
                    .conflict, "The service has not described its fields: \(failure.detail).",
                    extra: ["error": ["code": .string(failure.code), "detail": .string(failure.detail)]])
            }
            let connector = try call.read {
                try integrations.document(of: id, integration.provider, in: $0)
            }
            let objects = (connector?.objects ?? []).map { $0.json(suggesting: runtime.records) }
            return .json(["objects": .array(objects)])
        }
    }
}

/// Fields of the agency's records and of the service's that seem to be the same.
package struct ConnectorPair: Hashable, Sendable {
    package let local: String, remote: String
    /// Whether records are matched by it; whether the service sets the field, so that it only comes in.
    package let isKey: Bool, isReadOnly: Bool

    init(local: String, _ field: ConnectorField, isKey: Bool? = nil) {
        (self.local, remote) = (local, field.name)
        (self.isKey, isReadOnly) = (isKey ?? field.isKey, field.isReadOnly)
    }

    fileprivate var json: JSON {
        var json: JSONObject = ["local": .string(local), "remote": .string(remote)]
        if isReadOnly { json.append("direction", "pull") }
        if isKey { json.append("key", true) }
        return .object(json)
    }
}

extension ConnectorObject {
    fileprivate func json(suggesting records: RecordRegistry) -> JSON {
        let pairs = localType.flatMap { records[$0] }.map { suggestions(for: $0) } ?? []
        return [
            "name": .string(name), "fields": .array(mappable.map(\.json)),
            "suggested_mapping": .array(pairs.map(\.json)),
        ]
    }

    /// The type of the agency's records that are most likely meant.
    package var localType: String? {
        switch (local ?? name).lowercased() {
        case "contacts", "contact", "leads", "lead", "people", "persons", "person", "prospects": "lead"
        case "companies", "company", "accounts", "account", "organizations", "organisations": "company"
        case "deals", "deal", "opportunities", "opportunity": "deal"
        case "tasks", "task", "issues", "issue", "cards", "tickets": "task"
        case "clients", "client", "customers", "customer": "client"
        default: nil
        }
    }

    /// Returns which fields belong together, each local one once: as the connector says, and where it says nothing by
    /// their names.
    package func suggestions(for records: ToolRecords) -> [ConnectorPair] {
        let known = records.fields.filter { !$0.isReadOnly }.map(\.name)
        if fields.contains(where: { $0.local != nil }) {
            return fields.compactMap { field in
                guard let local = field.local, known.contains(local) else { return nil }
                return ConnectorPair(local: local, field)
            }
        }
        var taken: Set<String> = []
        return fields.compactMap { field in
            let name = field.name.plain
            let candidates = [name] + Self.synonyms.filter { $0.remote == name }.map(\.local.plain)
            guard let local = known.first(where: { candidates.contains($0.plain) && !taken.contains($0) })
            else { return nil }
            taken.insert(local)
            return ConnectorPair(local: local, field, isKey: field.isKey || field.type == "email")
        }
    }

    private static let synonyms: [(remote: String, local: String)] = [
        ("name", "contact_name"), ("fullname", "contact_name"), ("jobtitle", "contact_title"),
        ("title", "contact_title"), ("companyname", "company"), ("organization", "company"),
        ("organisation", "company"), ("phonenumber", "phone"), ("mobile", "phone"), ("emailaddress", "email"),
        ("url", "website"), ("domain", "website"), ("employees", "employee_count"),
        ("numberofemployees", "employee_count"), ("revenue", "annual_revenue"), ("linkedin", "linkedin_url"),
        ("subject", "title"), ("dealname", "name"), ("amount", "value"), ("dueon", "due_on"),
        ("duedate", "due_on"), ("description", "notes"), ("comment", "notes"),
    ]
}

extension String {
    /// The name in small letters and digits alone, as names are compared.
    fileprivate var plain: String { lowercased().filter { $0.isLetter || $0.isNumber } }
}

private let objectSchema: JSON = .record([
    "name": .anyText,
    "fields": [
        "type": "array",
        "items": .record([
            "name": .anyText, "label": .anyText,
            "type": ["type": "string", "enum": JSON(ConnectorField.types)],
            "read_only": [
                "type": "boolean",
                "description": "Whether the service sets the field, and refuses it in a body.",
            ],
        ]),
    ],
    "suggested_mapping": [
        "type": "array",
        "description": "Fields of the agency's records, and of the service's, that seem to be the same.",
        "items": .schema(
            [
                "local": ["type": "string", "description": "The field of the agency's records."],
                "remote": ["type": "string", "description": "The field of the service's records."],
                "direction": [
                    "type": "string", "enum": ["pull"],
                    "description": "pull where the service sets the field, which then only comes in.",
                ],
                "key": ["type": "boolean", "description": "Whether records are matched by the field."],
            ], required: ["local", "remote"]),
    ],
])
