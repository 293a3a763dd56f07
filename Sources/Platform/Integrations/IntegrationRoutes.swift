internal import Agents
internal import Cryptography
internal import Database
internal import HTTPClient
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Templates
internal import Tenancy
internal import Wording

func integrationRoutes(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    routes.standard(
        Integration.resource, read: "integrations:read", write: "integrations:write", list: false,
        get: false, create: false, patch: false, computed: Integration.computed)
    integrationReads(&routes)
    routes.schema("IntegrationWithCredentials", withCredentials(.create))
    routes.schema("IntegrationChange", withCredentials(.patch))
    routes.schema("IntegrationRotation", CredentialRotation.bodySchema)
    routes.schema("IntegrationTrial", trialSchema)

    routes.get(
        "/v1/integration-providers", .permission("integrations:read"),
        "List the services that can be connected, and what each needs", query: ParameterDoc.page,
        .list(of: providerSchema)
    ) { call in
        let window = try call.window()
        return .read { window.page(of: try integrations.allProviders(in: $0).map(\.json)) }
    }

    creation(&routes, integrations)
    change(&routes, integrations)
    rotation(&routes, integrations)
    integrationTrialRoute(&routes, integrations, runtime)
}

private func creation(_ routes: inout Routes, _ integrations: IntegrationServices) {
    let (services, providers) = (integrations.platform, integrations.providers)
    let (addresses, secrets) = (OutboundAddresses(services.outbound), services.secrets)
    routes.post(
        "/v1/integrations",
        .permission(
            "integrations:write"), "Create an integration with an outside service",
        body: .json(.reference("IntegrationWithCredentials")), .record(Integration.resource, status: 201)
    ) { call in
        var body = try call.object(), draft = Integration(), faults = Faults()
        let given = IntegrationBody(takingFrom: &body, &faults)
        Integration.schema.create(&draft, from: body, faults: &faults)
        let credentials = given.merged(into: [:])
        let named = draft.provider
        let found = try call.read { try integrations.provider(named, in: $0) }
        if let provider = found {
            let isLent = integrations.lends(provider, for: draft.capability, draft.settings)
            IntegrationBody.check(
                credentials, of: provider, for: draft.capability, isLent: isLent, &faults)
            draft.settings = IntegrationBody.check(
                draft.settings, of: provider, for: draft.capability, addresses, &faults)
            if body["limits"] == nil { draft.limits = provider.limits }
            if !provider.capabilities.contains(draft.capability), body["capability"] != nil {
                let known = provider.capabilities.map(\.rawValue).sorted()
                faults.add(
                    "/capability", "invalid_choice",
                    "\(provider.title) cannot be used for this: it can \(known.joined(separator: ", ")).",
                    choices: known)
            } else if !integrations.connections.permits(draft.capability, of: provider.name) {
                faults.add(
                    "/capability", "invalid_choice",
                    "Whoever runs this installation has switched this off for \(provider.title).")
            }
        } else if !draft.provider.isEmpty {
            faults.add(
                "/provider", "invalid_choice",
                "The provider does not exist: choose one of GET /v1/integration-providers.",
                choices: providers.names)
        }
        try faults.throwIfAny()
        let hasEndpoint = found?.endpoint != nil, namesPrice = body["price"] != nil
        return .write { [draft] tx in
            var integration = draft
            if !namesPrice, let price = found?.price, price.currency == (try tx.agency.tenant().currency) {
                integration.price = price
            }
            integration.beginLife(id: tx.nextID(), now: tx.now)
            integration.hookToken = RandomToken.make(characters: 40)
            if hasEndpoint {
                integration.hookURL = "/v1/hooks/\(integration.provider)/\(integration.hookToken)"
            }
            if providers[integration.provider]?.hasPublicKey == true {
                integration.publicKey = integration.hookToken
            }
            try integration.setCredentials(credentials, secrets, tx.tenant, at: tx.now)
            if let service = found as? any OAuthProvider,
                service.wantsConsent(given: integration.hasCredentials)
            {
                integration.status = .disabled
                integration.tell(error: Saying("integration.wants_consent"))
            }
            try tx.create(&integration, by: call.actor)
            return try .told(
                integration, to: call, in: tx, status: 201,
                location: "/v1/integrations/\(integration.id)",
                extra: Integration.computed.members(of: integration.id, in: tx))
        }
    }
}

private func change(_ routes: inout Routes, _ integrations: IntegrationServices) {
    let services = integrations.platform
    let (addresses, secrets) = (OutboundAddresses(services.outbound), services.secrets)
    routes.patch(
        "/v1/integrations/{id}", .permission("integrations:write"),
        "Update an integration, or some of its credentials",
        body: .json(.reference("IntegrationChange")), .record(Integration.resource)
    ) { call in
        let id = try call.id("id", of: Integration.self)
        var body = try call.object(), faults = Faults()
        let given = IntegrationBody(takingFrom: &body, &faults)
        return .write { [body, faults] tx in
            try tx.integrations.change(id, call) { integration in
                var body = body, faults = faults
                let before = integration.settings
                // Computed settings may be sent back as they were read, like stored ones.
                for (name, value) in try Integration.computed.members(of: id, in: tx).members {
                    guard let sent = body[name] else { continue }
                    if sent != value {
                        faults.add("/\(name)", "read_only", "\(name) is read-only: leave it out.")
                    }
                    body.remove(name)
                }
                _ = Integration.schema.patch(&integration, with: body, faults: &faults)
                guard let provider = try integrations.provider(integration.provider, in: tx) else {
                    return try faults.throwIfAny()
                }
                integration.settings = IntegrationBody.check(
                    integration.settings, of: provider, for: integration.capability, addresses, &faults)
                var present = try integration.openCredentials(secrets, tx.tenant)
                // They were meant for that address alone: whoever changes it must not learn them.
                if integration.settings.leadsElsewhere(than: before, by: provider) {
                    present = [:]
                }
                if given.credentials != nil || present.isEmpty {
                    integration.endOverlap()
                    let credentials = given.merged(into: present)
                    let isLent = integrations.lends(
                        provider, for: integration.capability, integration.settings)
                    IntegrationBody.check(
                        credentials, of: provider, for: integration.capability, isLent: isLent, &faults)
                    try integration.setCredentials(credentials, secrets, tx.tenant, at: tx.now)
                }
                if let service = provider as? any OAuthProvider,
                    service.wantsConsent(given: integration.hasCredentials)
                {
                    guard body["status"]?.text != "active" else {
                        throw Problem(.conflict, Integration.wantsConsent)
                    }
                    integration.status = .disabled
                    integration.tell(error: Saying("integration.wants_consent"))
                }
                try faults.throwIfAny()
            }
        }
    }
}

private func rotation(_ routes: inout Routes, _ integrations: IntegrationServices) {
    let secrets = integrations.platform.secrets
    routes.post(
        "/v1/integrations/{id}/rotate", .permission("integrations:write"),
        "Rotate an integration's credentials with an overlap; without a body, the address of its webhooks",
        named: "rotate_integration_hook",
        body: .json(.reference("IntegrationRotation"), isOptional: true),
        .record(Integration.resource)
    ) { call in
        let id = try call.id("id", of: Integration.self)
        if !call.request.bytes.isEmpty {
            return try CredentialRotation.outcome(id, call, secrets, integrations)
        }
        return .write { tx in
            try tx.integrations.change(id, call, action: "integration.rotated") { integration in
                guard integration.hookURL != nil || integration.publicKey != nil else {
                    throw Problem(.conflict, "The provider sends no webhooks, so it has no secret to rotate.")
                }
                integration.hookToken = RandomToken.make(characters: 40)
                if integration.publicKey != nil { integration.publicKey = integration.hookToken }
                guard integration.hookURL != nil else { return }
                integration.hookURL = "/v1/hooks/\(integration.provider)/\(integration.hookToken)"
            }
        }
    }
}

extension IntegrationStore where Base == Transaction {
    func change(
        _ id: IntegrationID, _ call: Call, action: String? = nil,
        _ change: (inout Integration) throws -> Void
    ) throws -> Response {
        let old = try Integration.resource.get(id, in: tx)
        try call.checkVersion(old.version)
        var integration = old
        try change(&integration)
        if integration.status == .active, old.status != .active { integration.tell(error: nil) }
        try tx.update(old, to: &integration, by: call.actor, action: action)
        return try .told(
            integration, to: call, in: tx, extra: Integration.computed.members(of: id, in: tx))
    }
}

extension Integration {
    fileprivate static let wantsConsent = Saying("integration.wants_consent").english

    var hasConsent: Bool { hasCredentials.contains(OAuthCredential.refresh) }
}

extension JSONObject {
    /// Returns whether credentials would be sent to another place, which is not the service's own.
    fileprivate func leadsElsewhere(than before: JSONObject, by provider: any IntegrationProvider) -> Bool {
        let names = provider.settings.map(\.name).filter { $0.hasSuffix("_url") }
        return (["base_url"] + names).contains { self[$0] != nil && self[$0] != before[$0] }
    }
}

private let trialSchema = JSON.schema(
    [
        "ok": ["type": "boolean"], "code": ["type": ["string", "null"]], "detail": ["type": "string"],
        "recommended_action": [
            "type": ["string", "null"],
            "description": "The recommended action where the integration does not work, or not as it should.",
        ],
        "reference": [
            "type": ["string", "null"], "description": "The number that guides call it by, as ERR_002.",
        ],
    ], required: ["ok", "code", "detail", "recommended_action", "reference"])

extension IntegrationProvider {
    fileprivate var json: JSON {
        [
            "name": .string(name), "title": .string(title),
            "capabilities": JSON(capabilities.map(\.rawValue).sorted()),
            "base_url": JSON(baseURL), "has_hooks": .bool(endpoint != nil),
            "can_subscribe": .bool(canSubscribe),
            "credentials": .array(
                credentials.map {
                    ["name": .string($0.name), "required": .bool($0.isRequired), "about": .string($0.about)]
                }),
            "settings": .array(
                shownSettings.map {
                    ["name": .string($0.name), "required": .bool($0.isRequired), "about": .string($0.about)]
                }),
            "schema": form,
        ]
    }

    /// The part of the schema that says what one kind of work needs beside the rest; `nil`: nothing.
    private func needs(of capability: Capability) -> JSON? {
        let (asked, secrets) = (
            settings.filter { $0.capability == capability }.map(\.name),
            credentials.filter { $0.capability == capability }.map(\.name)
        )
        guard !asked.isEmpty || !secrets.isEmpty else { return nil }
        return [
            "if": ["properties": ["capability": ["const": .string(capability.rawValue)]]],
            "then": [
                "properties": [
                    "settings": ["required": JSON(asked)], "credentials": ["required": JSON(secrets)],
                ]
            ],
        ]
    }

    /// The JSON Schema of what an integration of this provider is given.
    private var form: JSON {
        var given: JSONObject = [:]
        var isNeeded = Set(settings.filter(\.isRequired).map(\.name))
        if let scheme = schemes.first {
            let choices = schemes.joined(separator: "|")
            given["base_url"] = [
                "type": "string", "format": "uri", "pattern": .string("^(\(choices))://"),
                "description": "Where the service is.",
                "examples": [.string(baseURL ?? "\(scheme)://service.example.com")],
            ]
            if baseURL == nil { isNeeded.insert("base_url") }
        }
        for field in shownSettings {
            given[field.name] = field.kind.jsonSchema(isNullable: false)
                .merging(["description": .string(field.about)])
        }
        let secrets = credentials.map { field -> (String, JSON) in
            (
                field.name,
                [
                    "type": "string", "format": "password", "minLength": 1,
                    "description": .string(field.about),
                ]
            )
        }
        func closed(_ properties: JSONObject, _ required: [String]) -> JSON {
            JSON.schema(properties, required: required).merging(["additionalProperties": false])
        }
        var keys = closed(JSONObject(secrets), credentials.filter(\.isRequired).map(\.name))
        if !ways.isEmpty { keys = keys.merging(["anyOf": .array(ways.map { ["required": JSON($0)] })]) }
        var parts: JSONObject = ["settings": closed(given, isNeeded.sorted()), "credentials": keys]
        let kinds = capabilities.sorted { $0.rawValue < $1.rawValue }, needs = kinds.compactMap(needs)
        guard !needs.isEmpty else { return closed(parts, []) }
        parts["capability"] = ["enum": JSON(kinds.map(\.rawValue))]
        return closed(parts, []).merging(["allOf": .array(needs)])
    }
}

private let providerSchema: JSON = {
    let field = JSON.schema([
        "name": ["type": "string"], "required": ["type": "boolean"], "about": ["type": "string"],
    ])
    return .schema([
        "name": ["type": "string"], "title": ["type": "string"],
        "capabilities": ["type": "array", "items": ["type": "string"]],
        "base_url": ["type": ["string", "null"]], "has_hooks": ["type": "boolean"],
        "can_subscribe": [
            "type": "boolean",
            "description": "Whether the service can be asked for its webhooks (POST …/subscribe).",
        ],
        "credentials": ["type": "array", "items": field], "settings": ["type": "array", "items": field],
        "schema": [
            "type": "object",
            "description": "JSON Schema of settings and credentials: what may be given, and what has to be.",
        ],
    ])
}()

private func withCredentials(_ purpose: SchemaUse) -> JSON {
    Integration.schema.jsonSchema(purpose).merging(["properties": ["credentials": credentialsSchema]])
}

let credentialsSchema: JSON = [
    "type": "object", "writeOnly": true,
    "additionalProperties": ["type": ["string", "null"], "format": "password"],
    "description":
        "The credentials by name, as the provider lists them; stored encrypted and never shown again.",
]
