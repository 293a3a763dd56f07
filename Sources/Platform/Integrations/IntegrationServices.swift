package import Tenancy

/// The way to agencies' outside services: providers, and the refreshes of their tokens.
package struct IntegrationServices: Sendable {
    package let platform: PlatformServices
    /// The services that agencies can connect.
    package let providers: IntegrationProviders
    let refreshes = OAuthRefreshes()

    package init(_ platform: PlatformServices, _ providers: IntegrationProviders) {
        (self.platform, self.providers) = (platform, providers)
    }
}
