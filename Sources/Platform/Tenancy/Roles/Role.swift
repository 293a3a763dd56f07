internal import Agents
package import Database
internal import JSON
internal import Nouns
package import Records

/// A named set of permissions that an agency made itself.
package struct Role: ManagedRecord {
    package var head = Head<Role>()
    package var name = ""
    package var title: String?
    package var permissions: [String] = []

    package init() {}

    package static let idPrefix = "role"
    package static let resource = Resource<Role>(
        "roles", named: "Role", rule: .everyone,
        console: ConsoleForm(title: "title", columns: ["permissions"]),
        [
            .text(
                "name", \.name, max: 64, .required, .writeOnce, .filterable, .example("researcher"),
                .about("The short name of the role.")),
            .text("title", \.title, max: 200, .about("The name of the role, as people read it.")),
            .texts(
                "permissions", \.permissions, max: 500, .required,
                .about("The permissions of the role, such as `leads:read`.")),
        ])

    package func prepare(replacing old: Role?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if old == nil, BuiltInRole(rawValue: name) != nil || !name.isCustomKey {
            faults.add(
                "/name", "invalid_key",
                "name must have letters, digits, '_', '-' and '.' only, and not be a built-in role's name.")
        }
        let catalog = tx.roles.permissionCatalog
        for (index, name) in permissions.enumerated() where !catalog.all.contains(Permission(name)) {
            faults.add(
                "/permissions/\(index)", "invalid_choice", "The permission \(name) does not exist.",
                choices: catalog.names)
        }
        try faults.throwIfAny()
    }

    package func saved(replacing old: Role?, by actor: Actor, in tx: Transaction) throws {
        tx.sessions.forgetCredentials()
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

    /// Itself, and the roles that may do all that it may.
    var andAbove: [BuiltInRole] {
        switch self {
        case .owner: [.owner]
        case .manager: [.manager, .owner]
        case .member: [.member, .manager, .owner]
        case .viewer: [.viewer, .member, .manager, .owner]
        case .client: [.client]
        }
    }
}

extension RoleStore {
    package func names() throws -> [String] {
        let own = try tx.all("SELECT name FROM roles WHERE tenant_id = \(tx.tenant) ORDER BY name") {
            $0.text(0)
        }
        return BuiltInRole.allCases.map(\.rawValue) + own
    }
}
