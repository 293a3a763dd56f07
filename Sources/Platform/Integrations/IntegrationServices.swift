package import Tenancy

/// The way to agencies' outside services: providers, and the refreshes of their tokens.
package struct IntegrationServices: Sendable {
    package let platform: PlatformServices
    /// The services that agencies can connect.
    package let providers: IntegrationProviders
    let connections: SharedConnections
    let refreshes = OAuthRefreshes()
    let lanes = ServiceLanes()

    package init(
        _ platform: PlatformServices, _ providers: IntegrationProviders,
        _ connections: SharedConnections = SharedConnections()
    ) { (self.platform, self.providers, self.connections) = (platform, providers, connections) }
}
