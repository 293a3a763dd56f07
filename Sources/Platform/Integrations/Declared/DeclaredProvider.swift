internal import Agents
package import Database
package import HTTPClient
internal import JSON
internal import Records
internal import Tenancy

/// A service whose connector is data: an agency's own, or one of the installation's `api_config.json`.
package struct DeclaredProvider: IntegrationProvider {
    package let connector: ConnectorDocument
    private let outbound: HTTPClient

    package init(_ connector: ConnectorDocument, _ outbound: HTTPClient) {
        (self.connector, self.outbound) = (connector, outbound)
    }

    package var name: String { DeclaredConnector.prefix + connector.name }
    package var title: String { connector.title }
    package var capabilities: Set<Capability> { [.crm, .projects] }
    package var baseURL: String? { connector.baseURL }

    package var credentials: [CredentialField] {
        connector.auth.credentials.map { CredentialField($0, "What \(title) knows the agency by: \($0).") }
    }

    /// The words of the service are not told: some repeat what they were sent.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        guard let test = connector.test else {
            return .unclear(
                code: "no_test", detail: "The connector names no test: add one with PATCH /v1/connectors.")
        }
        let wire = ConnectorWire(connector.auth, access, outbound)
        do throws(ToolFailure) {
            _ = try await wire.ask(test, [:])
            return .good("The service answers as it should.")
        } catch {
            return error.isRetryable
                ? .unclear(code: error.code, detail: error.detail)
                : .bad(code: error.code, detail: error.detail)
        }
    }
}

extension IntegrationServices {
    /// Returns a provider that an agency can connect: one of the installation's, or a connector of its own.
    package func provider(_ name: String, in reader: some Queryable) throws -> (any IntegrationProvider)? {
        if let known = providers[name] { return known }
        guard name.hasPrefix(DeclaredConnector.prefix) else { return nil }
        let own = String(name.dropFirst(DeclaredConnector.prefix.count))
        return try reader.integrations.connector(named: own)?.connector.map {
            DeclaredProvider($0, platform.outbound)
        }
    }

    /// Returns the providers that an agency can connect, its own connectors last.
    func allProviders(in reader: some Queryable) throws -> [any IntegrationProvider] {
        try providers.all
            + reader.integrations.allConnectors().filter { providers[$0.provider] == nil }
            .compactMap(\.connector).map { DeclaredProvider($0, platform.outbound) }
    }
}
