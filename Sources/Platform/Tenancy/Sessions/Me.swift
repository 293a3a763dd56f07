internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry

func meRoutes(_ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime) {
    routes.schema("Me", meSchema)
    routes.get(
        "/v1/me", .signedIn, "Get your user, tenant and permissions",
        .json(.reference("Me"), "Your user and permissions.")
    ) { call in
        guard let principal = call.principal else { throw Problem(.unauthenticated) }
        if principal.isPlatformAdmin {
            return .response(.json(["role": .string(principal.role), "permissions": []]))
        }
        guard runtime.isSandbox(call.tenant) else { return .read { try services.me(principal, in: $0, nil) } }
        return .task {
            let sandbox = try services.sandbox(of: principal, runtime)
            return try services.database.read(call.tenant) { try services.me(principal, in: $0, sandbox) }
        }
    }
}

extension PlatformServices {
    /// The sandbox that a caller is in, if it is one: its row belongs to the agency.
    func sandbox(of principal: Principal, _ runtime: Runtime) throws -> Sandbox? {
        guard let tenant = principal.tenantID, runtime.isSandbox(tenant) else { return nil }
        return try database.acrossTenantsRead { try $0.acrossTenantsSandbox(asTenant: tenant) }
    }

    /// Answers who the caller is, what they may do, and where they are.
    func me(_ principal: Principal, in reader: some Queryable, _ sandbox: Sandbox?) throws -> Response {
        let tenant = try reader.agency.tenant()
        var body: JSONObject = [:], clientID: ClientID?
        switch principal.actor.kind {
        case .user:
            guard let id = principal.actor.userID else { throw Problem(.unauthenticated) }
            let user = try User.resource.get(id, in: reader)
            var brief = user.brief.object ?? [:]
            brief.append("locale", JSON(user.locale))
            body.append("user", .object(brief))
            clientID = user.clientID
        default:
            guard let id = principal.actor.apiKeyID else { throw Problem(.unauthenticated) }
            body.append("api_key", APIKey.schema.json(try APIKey.resource.get(id, in: reader)))
        }
        body.append("tenant", tenant.brief)
        body.append("role", .string(principal.role))
        body.append("permissions", JSON(lists.permissions(of: principal).map(\.name).sorted()))
        let client = try clientID.map { id -> JSON in
            ["id": JSON(id), "name": JSON(try portal.clientName(id, in: reader))]
        }
        body.append("client", client ?? .null)
        let place = sandbox.map { sandbox -> JSON in
            [
                "id": JSON(sandbox.id), "name": .string(sandbox.name),
                "now": .string(reader.now.description),
            ]
        }
        body.append("sandbox", place ?? .null)
        return .json(.object(body))
    }
}

private let meSchema: JSON = .schema(
    [
        "user": [
            "type": "object", "description": "You, unless a key calls.",
            "properties": [
                "id": .anyText, "name": .anyText, "email": .anyText, "role": .anyText,
                "locale": [
                    "type": ["string", "null"],
                    "description": "The language that you read; null: none chosen, so the agency's.",
                ],
            ],
        ],
        "tenant": .reference("SignedInTenant"),
        "role": ["type": "string"],
        "permissions": [
            "type": "array", "items": ["type": "string"],
            "description": "Your permissions; limited to a client, those that are left to you.",
        ],
        "client": [
            "type": ["object", "null"],
            "description": "The client that you belong to, or are limited to; null: none.",
            "properties": ["id": .anyText, "name": .textOrNull],
        ],
        "sandbox": [
            "type": ["object", "null"],
            "description": "The sandbox that you are in, with the time of its clock; null: none.",
            "properties": ["id": .anyText, "name": .anyText, "now": .anyInstant],
        ],
    ], required: ["role", "permissions"])
