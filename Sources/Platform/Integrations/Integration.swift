internal import Cryptography
package import Database
package import JSON
package import Records
internal import Runtime
package import Telemetry

/// An outside service as an agency has connected it: one row of `integrations`.
package struct Integration: ManagedRecord {
    package enum Status: String, Choice {
        case active
        /// Switched off by a person.
        case disabled
        /// Its credentials were refused: a person has to look.
        case failing
    }

    package var id = ID<Integration>.unset
    package var row: Int64 = 0
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)
    package var provider = ""
    package var capability = Capability.generic
    package var name: String?
    package var settings: JSONObject = [:]
    package var status = Status.active
    package var priority = 100
    package var clientID: String?
    package var hookURL: String?
    package var publicKey: String?
    package var hasCredentials: [String] = []
    package var error: String?
    package var checkedAt: Instant?
    package var hookToken = ""
    package var sealedCredentials: String?

    package init() {}

    package static let idPrefix = "int", noun = "integration"
    package static let resource = Resource<Integration>(
        "integrations", named: "Integration", rule: .client(orAgency: true),
        [
            .text(
                "provider", \.provider, max: 64, .required, .writeOnce, .filterable,
                .about("Which service; /v1/integration-providers lists them."), .example("postmark")),
            .choice(
                "capability", \.capability, .required, .writeOnce, .filterable,
                .about("What it is connected for.")),
            .text("name", \.name, max: 200, .about("What the agency calls it.")),
            .document(
                "settings", \.settings, .about("base_url, and what else the provider takes.")),
            .choice(
                "status", \.status, .standard("active"), .filterable,
                .about("Whether the integration works, fails, or is disabled.")),
            .integer(
                "priority", \.priority, in: 1...1000, .standard(100), .sortable,
                .about("The lowest of a capability is tried first, the next when it fails.")),
            .id(
                "client_id", \.clientID, of: .client, .filterable,
                .about("On whose behalf; null: the agency itself.")),
            .text(
                "hook_url", \.hookURL, max: 300, .readOnly, .about("Where the provider sends its webhooks.")),
            .text(
                "public_key", \.publicKey, max: 64, .readOnly,
                .about("What a page names that lets visitors write to the agency; no secret.")),
            .texts(
                "has_credentials", \.hasCredentials, .readOnly,
                .about("Which credentials are there; what they are is never shown.")),
            .text("error", \.error, max: 500, .readOnly, .about("Why it fails.")),
            .instant("checked_at", \.checkedAt, .readOnly),
            .text("hook_token", \.hookToken, max: 64, .secret),
            .text("sealed_credentials", \.sealedCredentials, max: 40_000, .secret),
        ])

    static let perTenantMax = 200
    /// In-process notice that a tenant's integrations changed.
    static let changed = "integrations"

    package func prepare(replacing old: Integration?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil else { return }
        let count = try tx.int("SELECT count(*) FROM integrations WHERE tenant_id = \(tx.tenant)") ?? 0
        guard count < Self.perTenantMax else {
            throw Problem(.conflict, "An agency has at most \(Self.perTenantMax) integrations.")
        }
    }

    package func saved(replacing old: Integration?, by actor: Actor, in tx: Transaction) throws {
        tx.notify(Self.changed, tx.tenant.rawValue)
        if status == .active, old?.status != .active {
            try tx.resolveAlert(kind: IntegrationAlert.kind, subject: subject)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        tx.notify(Self.changed, tx.tenant.rawValue)
        try tx.resolveAlert(kind: IntegrationAlert.kind, subject: subject)
    }

    // MARK: Credentials

    mutating func setCredentials(
        _ credentials: [String: String], _ sealing: SecretSealing, _ tenant: TenantID
    ) throws {
        hasCredentials = credentials.keys.filter { !$0.hasPrefix("_") }.sorted()
        guard !credentials.isEmpty else {
            sealedCredentials = nil
            return
        }
        let members = credentials.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
        let text = JSON.object(JSONObject(members)).serialized
        sealedCredentials = Base64.encode(try sealing.close(Array(text.utf8), tenant))
    }

    func credentials(_ sealing: SecretSealing, _ tenant: TenantID) throws -> [String: String] {
        guard let sealedCredentials else { return [:] }
        let opened = try sealing.open(Base64.decode(sealedCredentials) ?? [], tenant)
        let object = JSON(stored: String(decoding: opened, as: UTF8.self)).object ?? [:]
        return Dictionary(
            uniqueKeysWithValues: object.members.compactMap { key, value in
                value.text.map { (key, $0) }
            })
    }
}

enum IntegrationAlert { static let kind = "integration_failing" }

extension PlatformServices {
    /// What a connector needs to work for an integration; opens its credentials.
    package func access(
        to integration: Integration, of tenant: TenantID, _ provider: any IntegrationProvider
    ) throws -> IntegrationAccess {
        IntegrationAccess(
            integrationID: integration.id.text,
            baseURL: (integration.settings["base_url"]?.text ?? provider.baseURL ?? "").withoutEndingSlashes,
            settings: integration.settings,
            credentials: try integration.credentials(secrets, tenant),
            sealedCredentials: integration.sealedCredentials)
    }
}

extension Queryable {
    /// The active integrations that do something, on a client's behalf before the agency's own, in their order.
    package func integrations(for capability: Capability, client: String? = nil) throws -> [Integration] {
        try Integration.resource.all(
            where: """
                capability = \(capability.rawValue) AND status = 'active'
                AND (client_id IS NULL OR client_id = \(client ?? ""))
                """,
            suffix: "ORDER BY CASE WHEN client_id IS NULL THEN 1 ELSE 0 END, priority, id", in: self)
    }
}

extension Transaction {
    /// What we got in with was refused: the integration is used no more until a person has looked. `false` where it has
    /// been given something else since, of which that says nothing.
    @discardableResult
    package func integrationFails(_ access: IntegrationAccess, because reason: String) throws -> Bool {
        guard let old = try ID(access.integrationID).flatMap({ try Integration.resource.find($0, in: self) }),
            old.sealedCredentials == access.sealedCredentials, old.settings == access.settings
        else { return false }
        guard old.status == .active else { return true }
        var new = old
        (new.status, new.error) = (.failing, String(reason.prefix(500)))
        try update(old, to: &new, by: .system, action: "integration.failing")
        try raiseAlert(
            kind: IntegrationAlert.kind, severity: .critical, subject: new.subject,
            title: "\(new.name ?? new.provider) refuses what it is sent: \(new.error ?? "")",
            action: "Look at its credentials and settings, test it, then set its status to active.")
        return true
    }
}
