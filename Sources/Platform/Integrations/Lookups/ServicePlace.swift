internal import JSON
internal import Nouns

extension ServiceConnection {
    /// Returns the same way to one of several places where a service is: a forum of its own, say.
    package func at(_ address: String) -> ServiceConnection {
        guard let shared else { return self }
        let access = IntegrationAccess(
            integrationID: .unset, baseURL: address.withoutEndingSlashes, settings: [:], credentials: [:])
        return ServiceConnection(
            provider: provider, integrationID: integrationID, connector: connector, why: why,
            integration: integration, shared: SharedConnection(access: access, connector: shared.connector))
    }
}
