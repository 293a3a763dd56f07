internal import Agents
package import Database
package import JSON
internal import Jobs
internal import Nouns
package import Records

/// A permission as its module declares it.
package struct DeclaredPermission: Sendable {
    package let permission: Permission
    /// The lowest of the built-in roles that hold it.
    package let role: BuiltInRole
    /// A description of what its holder may do: a sentence that begins with a verb.
    package let about: String

    package init(_ name: String, for role: BuiltInRole, _ about: String) {
        (permission, self.role, self.about) = (Permission(name), role, about)
    }
}

/// The permissions of all modules, and those of each role.
package struct PermissionCatalog: Sendable {
    /// The permissions in the order of their names.
    package let declared: [DeclaredPermission]
    let all: Set<Permission>
    private let byRole: [BuiltInRole: Set<Permission>]

    package init(_ declared: [DeclaredPermission]) {
        self.declared = declared.sorted { $0.permission.name < $1.permission.name }
        all = Set(declared.map(\.permission))
        var byRole: [BuiltInRole: Set<Permission>] = [:]
        for one in declared {
            for role in one.role.andAbove { byRole[role, default: []].insert(one.permission) }
        }
        self.byRole = byRole
    }

    /// The list in the description of the API.
    package var json: JSON {
        .array(
            declared.map { one -> JSON in
                [
                    "name": .string(one.permission.name), "description": .string(one.about),
                    "role": .string(one.role.rawValue),
                ]
            })
    }

    var names: [String] { declared.map(\.permission.name) }

    /// The names of the permissions that a principal needs to see all of an agency's records.
    var toReadAll: [String] {
        declared.map(\.permission).filter { $0.parts.action == "read" && !$0.isPortal }.map(\.name)
    }

    /// Returns the permissions of a built-in role.
    package func held(by role: BuiltInRole) -> Set<Permission> { byRole[role] ?? [] }

    /// Returns the permissions of a role; `nil` when the agency has no such role.
    func held(byRole name: String, in reader: some Queryable) throws -> Set<Permission>? {
        if name == "platform_admin" { return [] }
        if let builtIn = BuiltInRole(rawValue: name) { return held(by: builtIn) }
        return try Role.resource.first(where: "name = \(name)", in: reader).map {
            Set($0.permissions.map { Permission($0) })
        }
    }

    /// Returns the present permissions of an actor; `nil` for agents and the system, which no role binds. An actor who
    /// is gone may do nothing.
    package func held(by actor: Actor, in reader: some Queryable) throws -> Set<Permission>? {
        switch actor.kind {
        case .agent, .system: return nil
        case .user:
            let user = try actor.userID.flatMap { try User.resource.find($0, in: reader) }
            guard let user, user.status == .active else { return [] }
            return try held(by: user, in: reader)
        case .apiKey:
            let key = try actor.apiKeyID.flatMap { try APIKey.resource.find($0, in: reader) }
            return Set((key?.scopes ?? []).map { Permission($0) })
        }
    }

    /// Returns a user's permissions: those of the role, and of these, for a client's people, only those of their client
    /// role.
    func held(by user: User, in reader: some Queryable) throws -> Set<Permission> {
        let held = try held(byRole: user.role, in: reader) ?? []
        guard user.role == BuiltInRole.client.rawValue else { return held }
        return held.intersection((user.clientRole ?? .viewer).permissions)
    }
}

extension RoleStore where Base == Transaction {
    /// The permissions that the modules of this installation declare.
    var permissionCatalog: PermissionCatalog {
        tx.runtime.answers(to: PermissionCatalog.self) ?? PermissionCatalog([])
    }
    /// Returns the names of the roles that hold a permission.
    package func holding(_ permission: Permission) throws -> [String] {
        let catalog = permissionCatalog
        return try names().filter { try catalog.held(byRole: $0, in: tx)?.contains(permission) == true }
    }
}
