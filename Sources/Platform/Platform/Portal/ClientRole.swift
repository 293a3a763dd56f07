package import Records

/// The role of a person for a client of the agency.
package enum ClientRole: String, Choice {
    case admin, approver, billing, viewer

    package var permissions: Set<Permission> {
        switch self {
        case .admin: Permission.all.filter(\.isPortal)
        case .approver: ["portal:read", "portal:write", "portal:approve"]
        case .billing: ["portal:read", "portal:write", "portal:pay"]
        case .viewer: ["portal:read"]
        }
    }
}
