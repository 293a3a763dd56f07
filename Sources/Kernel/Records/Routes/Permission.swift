/// One thing that a principal may do: `leads:read`.
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

    /// Whether it is for a client's own people, in the portal.
    package var isPortal: Bool { name.hasPrefix("portal:") }

    /// The names of the permissions that a principal needs to see all of an agency's records.
    package static var toReadAll: [String] {
        all.filter { $0.parts.action == "read" && !$0.isPortal }.map(\.name).sorted()
    }

    /// Every permission there is; each route's is one of them.
    package static let all: Set<Permission> = [
        "agent_memory:delete", "agent_memory:read", "agents:configure", "agents:read", "agents:run",
        "alerts:read", "alerts:write", "api_keys:read", "api_keys:write", "approvals:decide",
        "approvals:read", "audit:read", "brakes:read", "brakes:write", "budgets:read",
        "budgets:write", "clients:export", "clients:import", "clients:read", "clients:write",
        "companies:read", "companies:write",
        "consents:export", "consents:import", "consents:read", "consents:write", "contacts:export",
        "contacts:import", "contacts:read", "contacts:write", "contracts:read",
        "contracts:write", "conversations:read", "conversations:write", "credits:read",
        "credits:write", "custom_fields:read", "custom_fields:write", "dashboard:read",
        "deals:export", "deals:import", "deals:read", "deals:write", "decisions:override",
        "decisions:read", "events:read",
        "deliverables:read", "deliverables:write", "documents:read", "documents:write",
        "metrics:export", "metrics:import", "metrics:read", "metrics:write",
        "projects:read", "projects:write", "reports:read", "reports:write", "tasks:read", "tasks:write",
        "experiments:read", "experiments:write", "files:read",
        "files:write", "integrations:read", "integrations:write", "invitations:read",
        "invitations:write", "invoices:read", "invoices:write", "jobs:read", "jobs:write",
        "leads:export", "leads:import", "leads:read", "leads:write", "meetings:read",
        "meetings:write", "messages:read", "messages:write", "models:read", "models:write",
        "notifications:read",
        "packages:read", "packages:write", "payments:read", "payments:write", "portal:approve",
        "portal:manage", "portal:pay", "portal:read", "portal:write", "privacy:erase",
        "privacy:export", "proposals:read",
        "proposals:write", "roles:read", "roles:write", "sandboxes:read", "sandboxes:write",
        "schedules:read", "schedules:write", "sending_domains:read", "sending_domains:write",
        "sequences:read", "sequences:write", "service_incidents:read", "service_incidents:write",
        "settings:read", "settings:write",
        "subscriptions:read", "subscriptions:write", "suppressions:export", "suppressions:import",
        "suppressions:read", "suppressions:write",
        "templates:read", "templates:write", "tools:configure", "tools:read", "users:read",
        "users:write", "webhooks:read", "webhooks:write", "workflows:read", "workflows:run",
        "workflows:write",
        // Support
        "articles:read", "articles:write", "canned_replies:read", "canned_replies:write", "forms:read",
        "forms:write", "improvements:read", "improvements:write", "knowledge_gaps:read",
        "knowledge_gaps:write", "macros:read", "macros:write",
        "skills:read", "skills:write", "sla_policies:read", "sla_policies:write",
        "support_addresses:read", "support_addresses:write", "surveys:read", "surveys:write", "teams:read",
        "teams:write", "ticket_triggers:read", "ticket_triggers:write", "tickets:read", "tickets:write",
        "triage_rules:read",
        "triage_rules:write",
    ]
}
