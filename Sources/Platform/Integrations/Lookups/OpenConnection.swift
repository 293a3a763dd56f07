internal import Agents
internal import JSON
internal import Nouns
internal import Tenancy

extension IntegrationServices {
    /// Returns the way to a service that answers everybody, for an agency without an integration with it. In a sandbox,
    /// which has no integrations, it leads to what any service has answered before. `nil` where the installation has
    /// switched the service off.
    package func openConnection(to provider: any IntegrationProvider) -> ServiceConnection? {
        let entry = connections.entry(provider.name)
        guard entry?.isEnabled != false else { return nil }
        let limits = entry?.limits ?? IntegrationLimits()
        let address = entry?.baseURL ?? platform.settings.serviceAddresses[provider.name] ?? provider.baseURL
        let shared = SharedConnection(
            access: IntegrationAccess(
                integrationID: .unset, baseURL: address ?? "", settings: [:], credentials: [:]),
            connector: Connector(
                "open_\(provider.name)", name: provider.title,
                priority: 10_000 + connections.priority(of: provider.name),
                limits: ToolLimits(
                    minute: limits.minute, hour: limits.hour, day: limits.day, month: limits.month)))
        return ServiceConnection(
            provider: provider, integrationID: nil, connector: shared.connector, why: nil, integration: nil,
            shared: shared)
    }
}
