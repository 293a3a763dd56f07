package import Database
internal import JSON
package import Records
internal import Runtime
package import Telemetry

/// A named set of permissions that an agency made itself.
package struct Role: ManagedRecord {
    package var id = ID<Role>.unset
    package var row: Int64 = 0
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)
    package var name = ""
    package var title: String?
    package var permissions: [String] = []

    package init() {}

    package static let idPrefix = "role"
    package static let resource = Resource<Role>(
        "roles", named: "Role", rule: .everyone,
        [
            .text(
                "name", \.name, max: 64, .required, .writeOnce, .filterable, .example("researcher"),
                .about("The short name of the role.")),
            .text("title", \.title, max: 200, .about("The name of the role, as people read it.")),
            .texts(
                "permissions", \.permissions, max: 200, .required,
                .about("The permissions of the role, such as `leads:read`.")),
        ])

    package func prepare(replacing old: Role?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if old == nil, BuiltInRole(rawValue: name) != nil || !name.isCustomKey {
            faults.add(
                "/name", "invalid_key",
                "name must have letters, digits, '_', '-' and '.' only, and not be a built-in role's name.")
        }
        for (index, name) in permissions.enumerated() where !Permission.all.contains(Permission(name)) {
            faults.add(
                "/permissions/\(index)", "invalid_choice", "The permission \(name) does not exist.",
                choices: Permission.all.map(\.name).sorted())
        }
        try faults.throwIfAny()
    }

    package func saved(replacing old: Role?, by actor: Actor, in tx: Transaction) throws {
        tx.forgetCredentials()
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if try tx.exists("SELECT 1 FROM users WHERE tenant_id = \(tx.tenant) AND role = \(name)") {
            throw Problem(.conflict, "The role is in use: give its users another role first.")
        }
    }
}

/// Roles that every agency has.
package enum BuiltInRole: String, CaseIterable, Sendable {
    case owner, manager, member, viewer, client

    package var permissions: Set<Permission> { Self.held[self] ?? [] }

    private static let held = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.selected) })

    private var selected: Set<Permission> {
        let known = Permission.all.filter { !$0.isPortal }
        return switch self {
        case .owner: known
        case .manager: known.filter { !Self.ownerOnly.contains($0) }
        case .member:
            known.filter { permission in
                let (resource, action) = permission.parts
                return Self.memberResources.contains(resource) && action != "configure"
                    || action == "read" && resource != "audit" && resource != "api_keys"
            }
        case .viewer:
            known.filter { $0.parts.action == "read" && !["audit", "api_keys"].contains($0.parts.resource) }
        case .client: Permission.all.filter(\.isPortal)
        }
    }

    private static let ownerOnly: Set<Permission> = [
        "settings:write", "roles:write", "billing:write", "privacy:erase",
    ]
    private static let memberResources: Set<String> = [
        "leads", "companies", "contacts", "agents", "decisions", "segments", "imports", "conversations",
        "tickets", "articles", "knowledge_gaps", "macros", "canned_replies",
        "projects", "tasks", "deliverables", "metrics", "reports", "documents",
    ]
}

extension Queryable {
    /// The permissions of a role; `nil` when the agency has no such role.
    package func role(named name: String) throws -> Set<Permission>? {
        if name == "platform_admin" { return [] }
        if let builtIn = BuiltInRole(rawValue: name) { return builtIn.permissions }
        return try Role.resource.first(where: "name = \(name)", in: self).map {
            Set($0.permissions.map { Permission($0) })
        }
    }

    /// Returns the present permissions of an actor; `nil` for agents and the system, which no role binds. An actor who
    /// is gone may do nothing.
    package func permissions(of actor: Actor) throws -> Set<Permission>? {
        switch actor.kind {
        case .agent, .system: return nil
        case .user:
            let user = try ID<User>(actor.id).flatMap { try User.resource.find($0, in: self) }
            guard let user, user.status == .active else { return [] }
            return try permissions(of: user)
        case .apiKey:
            let key = try ID<APIKey>(actor.id).flatMap { try APIKey.resource.find($0, in: self) }
            return Set((key?.scopes ?? []).map { Permission($0) })
        }
    }

    /// Returns a user's permissions: those of the role, and of these, for a client's people, only those of their client
    /// role.
    func permissions(of user: User) throws -> Set<Permission> {
        let held = try role(named: user.role) ?? []
        guard user.role == BuiltInRole.client.rawValue else { return held }
        return held.intersection((user.clientRole ?? .viewer).permissions)
    }

    package func roleNames() throws -> [String] {
        let own = try all("SELECT name FROM roles WHERE tenant_id = \(tenant) ORDER BY name") { $0.text(0) }
        return BuiltInRole.allCases.map(\.rawValue) + own
    }
}
