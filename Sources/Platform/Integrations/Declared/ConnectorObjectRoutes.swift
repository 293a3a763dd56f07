internal import Agents
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
            let provider = try integrations.provider(integration.provider, in: reader) as? DeclaredProvider
            let objects = provider?.connector.objects ?? []
            return window.page(of: objects.map { $0.json(suggesting: runtime.records) })
        }
    }
}

extension ConnectorObject {
    fileprivate func json(suggesting records: RecordRegistry) -> JSON {
        let pairs = local.flatMap { records[$0] }.map(suggestions) ?? []
        return [
            "name": .string(name), "fields": .array(fields.map(\.json)),
            "suggested_mapping": .array(
                pairs.map { ["local": .string($0.local), "remote": .string($0.remote)] }),
        ]
    }

    /// The type of the agency's records that are most likely meant.
    private var local: String? {
        switch name.lowercased() {
        case "contacts", "contact", "leads", "lead", "people", "persons", "person", "prospects": "lead"
        case "companies", "company", "accounts", "account", "organizations", "organisations": "company"
        case "deals", "deal", "opportunities", "opportunity": "deal"
        case "tasks", "task", "issues", "issue", "cards", "tickets": "task"
        case "clients", "client", "customers", "customer": "client"
        default: nil
        }
    }

    /// Returns which fields belong together, each local one once.
    private func suggestions(_ records: ToolRecords) -> [(local: String, remote: String)] {
        var taken: Set<String> = []
        let known = records.fields.filter { !$0.isReadOnly }.map(\.name)
        return fields.compactMap { field in
            let name = field.name.plain
            let candidates = [name] + Self.synonyms.filter { $0.remote == name }.map(\.local.plain)
            guard let local = known.first(where: { candidates.contains($0.plain) && !taken.contains($0) })
            else { return nil }
            taken.insert(local)
            return (local, field.name)
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
        "items": .record([
            "local": ["type": "string", "description": "The field of the agency's records."],
            "remote": ["type": "string", "description": "The field of the service's records."],
        ]),
    ],
])
