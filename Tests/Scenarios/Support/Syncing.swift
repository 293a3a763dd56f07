import Cryptography
import JSON
import StandIns
import Testing

/// An agency with a sync of its leads with a CRM.
struct Syncing {
    static let mapping: JSON = [
        ["local": "email", "remote": "email", "key": true], ["local": "contact_name", "remote": "name"],
        ["local": "company", "remote": "company"], ["local": "phone", "remote": "phone"],
        ["local": "custom.tier", "remote": "tier"],
    ]

    let agency: Agency
    let crm: CRMStandIn
    let integration: JSON
    let path: String

    /// Proves the hooks of a CRM that tells of changes.
    static let hookSecret = "crm-hook-secret"
    /// A connector's declaration of hooks, and the credentials that it takes for them.
    private static let hooks: JSON = [
        "credentials": [["name": "secret", "proves_hooks": true, "about": "The secret of its hooks."]],
        "hooks": [
            "proof": [
                "kind": "signature", "algorithm": "sha256", "encoding": "hex", "header": "X-Signature",
                "over": ["body"], "credential": "secret",
            ],
            "events": "", "key": ["/event"], "type": "/type",
            "objects": [["object": "contacts", "at": "/type", "begins": "contact", "id": "/contact"]],
        ],
    ]

    /// Its hook about a contact.
    static func hook(_ event: String, about contact: String) -> StandInHook {
        let body: JSON = [
            "event": .string(event), "type": "contact.changed", "contact": .string(contact),
        ]
        let code = HMAC.sha256(key: Array(hookSecret.utf8), body.bytes)
        return StandInHook(
            [("Content-Type", "application/json"), ("X-Signature", Hex.encode(code))], body.bytes)
    }

    init(
        _ server: BureauProcess, size: Int = 50, _ more: JSONObject = [:], isTold: Bool = false,
        document: JSON = CRMStandIn.document
    ) throws {
        (agency, crm) = (try server.quietAgency(), try CRMStandIn(size: size))
        try agency.owner.post(
            "/v1/connectors", isTold ? document.merging(Self.hooks) : document
        ).ok(201)
        var credentials: JSON = ["token": .string(CRMStandIn.token)]
        if isTold { credentials = credentials.merging(["secret": .string(Self.hookSecret)]) }
        integration = try agency.owner.post(
            "/v1/integrations",
            [
                "provider": "custom.acme_crm", "capability": "crm",
                "settings": ["base_url": .string(crm.url)],
                "credentials": credentials,
            ]
        ).ok(201)
        let made = try agency.owner.post("/v1/syncs", Self.body(integration, more)).ok(201)
        path = "/v1/syncs/\(made.id)"
    }

    static func body(_ integration: JSON, _ more: JSONObject = [:]) -> JSON {
        var body: JSONObject = [
            "integration_id": .string(integration.id), "object": "contacts", "local": "leads",
            "direction": "both", "conflict": "newest", "mapping": mapping, "every": nil,
        ]
        for (key, value) in more.members { body[key] = value }
        return .object(body)
    }

    var sync: JSON { get throws { try agency.owner.get(path).ok() } }

    /// A run that is over.
    @discardableResult
    func run(
        _ status: String = "completed", full: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let run = try agency.owner.ended("\(path)/run", ["full": .bool(full)], sourceLocation: sourceLocation)
        #expect(run.text("status") == status, "\(run.serialized)", sourceLocation: sourceLocation)
        return run
    }

    func leads() throws -> [String: JSON] {
        let all = try agency.owner.every("/v1/leads")
        return Dictionary(all.map { ($0.text("email"), $0) }, uniquingKeysWith: { first, _ in first })
    }

    func lead(_ email: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        try #require(try leads()[email], sourceLocation: sourceLocation)
    }

    func change(_ lead: JSON, _ fields: JSON) throws {
        try agency.owner.patch("/v1/leads/\(lead.id)", fields).ok()
    }

    func alerts() throws -> [JSON] {
        try agency.owner.every("/v1/alerts?open=true").filter { $0.text("kind") == "sync_failed" }
    }
}

/// A contact of the CRM's.
func person(_ name: String, _ more: JSONObject = [:]) -> JSONObject {
    var fields: JSONObject = [
        "email": .string("\(name)@x.example"), "name": .string(name), "company": "X", "phone": nil,
    ]
    for (key, value) in more.members { fields[key] = value }
    return fields
}

extension Agency {
    /// Connects a CRM behind Apideck at which somebody is, with a sync that makes leads of its contacts.
    func pullLeads(from deck: ApideckStandIn) throws -> JSON {
        let made = try connect(
            "apideck", deck.service.url,
            credentials: ["api_key": .string(deck.apiKey), "app_id": .string(deck.appID)], capability: "crm")
        deck.contacts.add([
            "name": "Ana López", "company_name": "Acme", "emails": [["email": "ana@acme.example"]],
        ])
        return try owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(made.id), "object": "contacts", "local": "leads",
                "direction": "pull", "conflict": "newest", "every": nil,
            ]
        ).ok(201)
    }
}
