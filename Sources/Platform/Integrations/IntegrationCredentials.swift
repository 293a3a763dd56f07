internal import Agents
internal import Cryptography
package import Database
package import JSON
package import Nouns
package import Records
internal import RuntimeRoutes
package import Telemetry
internal import Tenancy

/// One of an integration's credentials as it is shown: everything but what it is.
package struct IntegrationCredential: Part {
    package var name = ""
    package var setAt: Instant?
    package var expiresAt: Instant?
    package var lastUsedAt: Instant?
    package var lastUsedBy = JSON.null

    package init() {}

    package static let schema = Schema<IntegrationCredential>(
        "IntegrationCredential",
        [
            .text("name", \.name, max: 100, .required, .about("The name of the credential at the provider.")),
            .instant("set_at", \.setAt, .about("When the credential was set.")),
            .instant(
                "expires_at", \.expiresAt, .about("When the service stops taking it, as far as is known.")),
            .instant(
                "last_used_at", \.lastUsedAt, .about("When the credential was last used, to the minute.")),
            .document(
                "last_used_by", \.lastUsedBy,
                schema: [
                    "type": "object",
                    "properties": [
                        "type": ["type": "string", "description": "user, api_key, agent or system."],
                        "id": ["type": "string", "description": "The id of the user, API key or agent."],
                    ],
                ], .about("The user, API key or agent that last used the credential.")),
        ])
}

extension Integration {
    /// The name that people call it by.
    package var title: String { name ?? provider }

    // MARK: Sealing

    /// Replaces the credentials; those whose value stays keep their date.
    mutating func setCredentials(
        _ credentials: [String: String], _ sealing: SecretSealing, _ tenant: TenantID, at now: Instant
    ) throws {
        let before = try openCredentials(sealing, tenant)
        let shown = credentials.filter { !$0.key.hasPrefix("_") }
        self.credentials = Parts(
            shown.sorted { $0.key < $1.key }.map { name, value -> IntegrationCredential in
                var credential = IntegrationCredential()
                (credential.name, credential.setAt) = (name, before[name] == value ? setAt(name) : now)
                return credential
            })
        hasCredentials = shown.keys.sorted()
        sealedCredentials = try Self.seal(credentials, sealing, tenant)
    }

    func openCredentials(_ sealing: SecretSealing, _ tenant: TenantID) throws -> [String: String] {
        try Self.open(sealedCredentials, sealing, tenant)
    }

    /// Returns the credentials that a rotation has replaced; `nil` where nothing is kept of them.
    func formerCredentials(_ sealing: SecretSealing, _ tenant: TenantID) throws -> FormerCredentials? {
        guard let formerUntil, sealedFormer != nil else { return nil }
        return FormerCredentials(
            credentials: try Self.open(sealedFormer, sealing, tenant), until: formerUntil)
    }

    /// When a credential was given; one from before that was noted came with the integration.
    private func setAt(_ name: String) -> Instant {
        credentials.list.first { $0.name == name }?.setAt ?? createdAt
    }

    private static func seal(
        _ credentials: [String: String], _ sealing: SecretSealing, _ tenant: TenantID
    ) throws -> String? {
        guard !credentials.isEmpty else { return nil }
        let members = credentials.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
        let text = JSON.object(JSONObject(members)).serialized
        return Base64.encode(try sealing.close(Array(text.utf8), tenant))
    }

    private static func open(
        _ sealed: String?, _ sealing: SecretSealing, _ tenant: TenantID
    ) throws -> [String: String] {
        guard let sealed else { return [:] }
        let opened = try sealing.open(Base64.decode(sealed) ?? [], tenant)
        let object = JSON(stored: String(decoding: opened, as: UTF8.self)).object ?? [:]
        return Dictionary(
            uniqueKeysWithValues: object.members.compactMap { key, value in
                value.text.map { (key, $0) }
            })
    }

    // MARK: Rotation

    /// Throws where a rotation would keep the present credentials while those before are still kept: one set can be,
    /// and nothing tells which of the two the service takes. A rotation without an overlap wants neither.
    func checkNoOverlap(at now: Instant, before overlap: Duration) throws {
        guard let formerUntil, formerUntil > now, overlap > .zero else { return }
        throw Problem(
            .conflict,
            """
            The previous credentials are valid until \(formerUntil), and another rotation would lose them: rotate \
            after that, or send "overlap": "PT0S" to keep the new credentials alone. If the present ones are wrong, \
            test the integration: those that are refused can be corrected.
            """)
    }

    /// Keeps the present credentials beside those that are to follow.
    mutating func beginOverlap(until end: Instant, now: Instant) {
        let isKept = sealedCredentials != nil && end > now
        sealedFormer = isKept ? sealedCredentials : nil
        formerUntil = isKept ? end : nil
    }

    /// Since when the credentials are what they are.
    fileprivate var presentSince: Instant { credentials.list.compactMap(\.setAt).max() ?? createdAt }

    mutating func endOverlap() { (sealedFormer, formerUntil) = (nil, nil) }

    // MARK: Showing

    /// The credentials as answers show them.
    fileprivate func shown(_ use: CredentialUse?) -> Parts<IntegrationCredential> {
        Parts(
            hasCredentials.map { name -> IntegrationCredential in
                var credential = IntegrationCredential()
                (credential.name, credential.setAt) = (name, setAt(name))
                credential.expiresAt = credentialsExpireAt
                (credential.lastUsedAt, credential.lastUsedBy) = (use?.at, use?.by ?? .null)
                return credential
            })
    }

    /// The members that are worked out of an integration when it is read. `credentials` is a field, too, for whoever
    /// reads the row.
    static let computed = ComputedMembers<Integration>([
        "credentials": [:],
        "quota": [
            "type": "array", "items": quotaSchema,
            "description": "How many calls the agency's own limits and the service's leave.",
        ],
        "circuit": circuitSchema.merging([
            "description":
                "Whether the integration is spared after failures; it is asked again by itself (retry_at)."
        ]),
    ]) { ids, reader in
        let uses = try reader.reading.integrationCredentials.uses(of: ids)
        let zone = try reader.reading.agency.tenant().zone
        return try Integration.resource.values(of: ids, in: reader) { integration in
            let id = integration.id.keyText
            return [
                "credentials": integration.shown(uses[id]).json,
                "quota": .array(try reader.reading.connectors.quota(of: id, integration.toolLimits, zone)),
                "circuit": try reader.reading.connectors.circuit(of: id),
            ]
        }
    }
}

// MARK: Use

/// When an integration's credentials were last used, and by whom.
private struct CredentialUse {
    let at: Instant
    let by: JSON
}

extension IntegrationCredentialStore {
    fileprivate func uses(of ids: [String]) throws -> [String: CredentialUse] {
        let rows = try tx.all(
            """
            SELECT integration_id, last_used_at, last_used_by_type, last_used_by FROM integration_uses
            WHERE tenant_id = \(tx.tenant) AND integration_id IN \(list: ids)
            """
        ) { row in
            (
                row.text(0),
                CredentialUse(
                    at: row.instant(1), by: ["type": .string(row.text(2)), "id": .string(row.text(3))])
            )
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}

/// The credentials of integrations, their use and their dates: `tx.integrationCredentials`.
package struct IntegrationCredentialStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var integrationCredentials: IntegrationCredentialStore<Self> {
        IntegrationCredentialStore(tx: self)
    }
}

extension IntegrationCredentialStore {
    /// Returns whether some of an integration's credentials may be replaced within an overlap, those before
    /// being kept: the service has refused the present ones since they were set, and no test has found them
    /// good. Calls tell nothing, since those before may have served them, nor does a test tell of what proves
    /// webhooks.
    func mayCorrect(
        _ names: [String], of integration: Integration, _ provider: (any IntegrationProvider)?
    ) throws -> Bool {
        // A consent is renewed by itself: its credentials have no time since which they are the same.
        guard let provider, !(provider is any OAuthProvider) else { return false }
        guard let formerUntil = integration.formerUntil, formerUntil > tx.now,
            integration.status != .disabled,
            integration.error != nil,
            !provider.credentials.contains(where: { $0.provesHooks && names.contains($0.name) })
        else { return false }
        return try !tx.connectors.hasPassedTest(integration.id, since: integration.presentSince)
    }
}

extension IntegrationCredentialStore where Base == Transaction {
    /// Keeps the secret with which a service introduces itself; answers whether it is the one that counts.
    func keep(_ greeting: HookGreeting, of id: IntegrationID, _ sealing: SecretSealing) throws -> Bool {
        let old = try Integration.resource.get(id, in: tx)
        var credentials = try old.openCredentials(sealing, tx.tenant), new = old
        if let known = credentials[greeting.credential], !known.isEmpty {
            return constantTimeEqual(known, greeting.secret)
        }
        credentials[greeting.credential] = greeting.secret
        try new.setCredentials(credentials, sealing, tx.tenant, at: tx.now)
        try tx.update(old, to: &new, by: .system, action: "integration.hook_introduced")
        return true
    }
}

package extension IntegrationCredentialStore where Base == Transaction {
    private static var useInterval: Duration { .seconds(60) }

    /// Notes that an integration's credentials were used, and by whom; once a minute is enough.
    func noteUse(of integration: IntegrationID, by actor: Actor) throws {
        try tx.run(
            """
            INSERT INTO integration_uses (tenant_id, integration_id, last_used_at, last_used_by_type, last_used_by)
            VALUES (\(tx.tenant), \(integration), \(tx.now), \(actor.kind.rawValue), \(actor.id))
            ON CONFLICT (tenant_id, integration_id) DO UPDATE SET last_used_at = excluded.last_used_at,
                last_used_by_type = excluded.last_used_by_type, last_used_by = excluded.last_used_by
            WHERE integration_uses.last_used_at <= \(tx.now - Self.useInterval)
            """)
    }

    internal func forgetUse(of integration: IntegrationID) throws {
        try tx.run(
            "DELETE FROM integration_uses WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)")
    }
}
