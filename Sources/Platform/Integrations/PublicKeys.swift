package import Database
package import Tenancy

/// The integrations whose keys stand in pages, by these.
package final class PublicKeys: Sendable {
    package struct Target: Sendable {
        package let tenant: TenantID
        package let integration: Integration
    }

    private let targets: IntegrationTargets<Target>

    package init(_ services: PlatformServices, of provider: String) {
        targets = IntegrationTargets(services) { tenant, integration in
            guard integration.publicKey != nil, integration.provider == provider else { return nil }
            return Target(tenant: tenant, integration: integration)
        }
    }

    /// Throws 404 for a key that opens nothing, and 429 for one that is used too much.
    package func target(_ key: String) throws -> Target {
        try targets.target(key) { $0.integration.publicKey == key }
    }

    /// Returns the target for what passes, such as that somebody types: however much of it there is, messages come
    /// through. Throws 404 for a key that opens nothing, and 429 for one that is used too much.
    package func target(ofSign key: String) throws -> Target {
        try targets.target(key, for: .sign) { $0.integration.publicKey == key }
    }
}
