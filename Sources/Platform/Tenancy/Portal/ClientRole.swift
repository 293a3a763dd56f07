package import Records

/// The role of a person for a client of the agency.
package enum ClientRole: String, Choice {
    case admin, approver, billing, viewer

    package var permissions: Set<Permission> {
        switch self {
        case .admin: Set(portalPermissions.map(\.permission))
        case .approver: ["portal:read", "portal:write", "portal:approve"]
        case .billing: ["portal:read", "portal:write", "portal:pay"]
        case .viewer: ["portal:read"]
        }
    }
}

/// The permissions of a client's own people. Every module opens what it shows in the portal by these.
let portalPermissions: [DeclaredPermission] = [
    .init(
        "portal:approve", for: .client,
        "Accept proposals, sign contracts and approve deliverables for the client."),
    .init(
        "portal:manage", for: .client,
        "Manage the client's people, and stop what is sent on the client's behalf."),
    .init("portal:pay", for: .client, "Pay the client's invoices."),
    .init("portal:read", for: .client, "Read what the agency shares with the client."),
    .init(
        "portal:write", for: .client, "Send messages, files, tickets and answers to surveys to the agency."),
]
