/// What a principal may do: `leads:read`.
package struct Permission: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let name: String
    package init(_ name: String) { self.name = name }
    package init(stringLiteral value: String) { name = value }
    package var description: String { name }

    /// `leads` and `read`.
    package var parts: (resource: String, action: String) {
        let parts = name.split(separator: ":").map(String.init)
        return (parts.first ?? "", parts.last ?? "")
    }

    /// Every permission there is; each route's is one of them.
    package static let all: Set<Permission> = [
        "agent_memory:delete", "agent_memory:read", "agents:configure", "agents:read", "agents:run",
        "alerts:read", "alerts:write", "api_keys:read", "api_keys:write", "approvals:decide",
        "approvals:read", "audit:read", "budgets:read", "budgets:write", "companies:read",
        "companies:write", "contacts:read", "contacts:write", "custom_fields:read", "custom_fields:write",
        "dashboard:read", "decisions:override", "decisions:read", "events:read", "invitations:read",
        "invitations:write", "jobs:read", "jobs:write", "leads:export", "leads:import", "leads:read",
        "leads:write", "models:read", "models:write", "roles:read", "roles:write", "sandboxes:read",
        "sandboxes:write", "schedules:read",
        "schedules:write", "settings:read", "settings:write", "tools:configure", "tools:read", "users:read",
        "users:write", "webhooks:read", "webhooks:write", "workflows:read", "workflows:run",
        "workflows:write",
    ]
}
