package import Database
package import JSON
package import Nouns
internal import Telemetry

/// The user, API key, agent or system that did something: kept with every change.
package struct Actor: Hashable, Sendable {
    package enum Kind: String, Codable, Sendable { case user, apiKey = "api_key", agent, system }

    package let kind: Kind
    package let id: String

    package init(_ kind: Kind, id: some Key) { (self.kind, self.id) = (kind, id.keyText) }

    package init(_ user: UserID) { self.init(.user, id: user.text) }
    package init(_ key: APIKeyID) { self.init(.apiKey, id: key.text) }

    /// `nil` for actors that are no user.
    package var userID: UserID? { kind == .user ? UserID(id) : nil }
    /// `nil` for actors that are no API key.
    package var apiKeyID: APIKeyID? { kind == .apiKey ? APIKeyID(id) : nil }

    package static let system = Actor(.system, id: "bureau")
    package static func agent(_ name: String) -> Actor { Actor(.agent, id: name) }

    package var json: JSON { ["type": .string(kind.rawValue), "id": .string(id)] }
}

/// Encoded as two members of what it is part of, as the payloads of jobs have them.
extension Actor: Codable {
    private enum CodingKeys: String, CodingKey { case kind = "actorKind", id = "actorID" }
}

/// The caller: a signed-in user, an API key, a platform administrator. Made once per credential and shared by its
/// requests.
package final class Principal: Sendable {
    package let actor: Actor
    /// `nil` for platform administrators, who are outside tenants.
    package let tenantID: TenantID?
    package let role: String
    package let permissions: Set<Permission>
    package let sessionID: SessionID?
    /// The sandbox of a principal who came with a sandbox's token.
    package let sandboxID: SandboxID?
    package let isPlatformAdmin: Bool
    /// The clients whose records the principal may see and change; `nil` where it may do so for all.
    package let limit: RowLimit?
    /// The client and user of a principal who is one of a client's own people.
    package let portal: PortalCall?

    package init(
        actor: Actor, tenantID: TenantID?, role: String, permissions: Set<Permission>,
        sessionID: SessionID? = nil, sandboxID: SandboxID? = nil,
        isPlatformAdmin: Bool = false, limit: RowLimit? = nil, portal: PortalCall? = nil
    ) {
        self.actor = actor
        self.tenantID = tenantID
        self.role = role
        self.permissions = permissions
        self.sessionID = sessionID
        self.sandboxID = sandboxID
        self.isPlatformAdmin = isPlatformAdmin
        self.limit = limit
        self.portal = portal
    }
}
