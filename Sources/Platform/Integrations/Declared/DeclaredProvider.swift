internal import Agents
package import Database
package import HTTPClient
package import JSON
package import Records
package import Telemetry
internal import Tenancy

/// A service whose connector is data.
package protocol ConnectorProvider: IntegrationProvider {
    var connector: ConnectorDocument { get }
}

extension IntegrationProvider {
    /// Whether the service can be asked for its webhooks.
    var canSubscribe: Bool { (self as? any ConnectorProvider)?.connector.hooks?.subscribe != nil }
}

extension ConnectorProvider {
    package var title: String { connector.title }
    package var capabilities: Set<Capability> { connector.capabilities }
    package var baseURL: String? { connector.baseURL }
    package var credentials: [CredentialField] { connector.credentials }
    package var limits: IntegrationLimits { connector.limits }
    package var price: Money? { connector.price }
    /// Whether all that is done with one key counts towards one limit, whatever it is used for.
    package var countsByKey: Bool { connector.sharesQuota }
    package var endpoint: (any HookEndpoint)? { connector.hooks.map { ConnectorEndpoint(hooks: $0) } }
}

/// A service whose connector is data: one of the product's, an agency's own, or one of the installation's
/// `api_config.json`.
package struct DeclaredProvider: ConnectorProvider {
    package let connector: ConnectorDocument
    fileprivate let outbound: HTTPClient
    /// Whether it is one of the product's, which go by their own names.
    private let isBuiltIn: Bool

    /// Returns the provider, with consent where the connector says how it is asked for.
    package static func make(
        _ connector: ConnectorDocument, _ outbound: HTTPClient, isBuiltIn: Bool = false
    ) -> any ConnectorProvider {
        let provider = DeclaredProvider(connector: connector, outbound: outbound, isBuiltIn: isBuiltIn)
        return connector.consent.map { ConsentedProvider(declared: provider, consent: $0) } ?? provider
    }

    package var name: String { isBuiltIn ? connector.name : DeclaredConnector.prefix + connector.name }
    package var settings: [SettingField] { connector.settings }

    /// The words of the service are not told: some repeat what they were sent.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        guard let test = connector.test else {
            return .unclear(
                code: "no_test", detail: "The connector names no test: add one with PATCH /v1/connectors.")
        }
        let wire = ConnectorWire(connector, access, outbound)
        do throws(ToolFailure) {
            _ = try await wire.ask(test, ConnectorNames(now: .wallClock()))
            return .good("The service answers as it should.")
        } catch {
            return .failed(error)
        }
    }
}

/// A service whose connector is data, and whose accounts' owners can let us in.
package struct ConsentedProvider: ConnectorProvider, OAuthProvider {
    fileprivate let declared: DeclaredProvider
    fileprivate let consent: ConnectorConsent

    package var connector: ConnectorDocument { declared.connector }
    package var name: String { declared.name }
    package var settings: [SettingField] {
        declared.settings + [
            SettingField(
                "authorize_url", .text(max: 300), "Where the owner is asked, if not at the usual place."),
            SettingField("token_url", .text(max: 300), "Where tokens come from, likewise."),
        ]
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await declared.check(access)
    }

    /// A token of the service's own, or a signed assertion, makes consent needless.
    package var ways: [[String]] {
        let own = connector.auth.credentials
        return [
            own.isEmpty ? nil : own, consent.assertion == nil ? nil : [ConnectorAssertion.key],
            consent.authorize == nil ? nil : [OAuthCredential.clientID, OAuthCredential.clientSecret],
        ].compactMap(\.self)
    }

    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        let names = names(settings, [:])
        return OAuthEndpoints(
            authorize: settings["authorize_url"]?.text ?? consent.authorize?.filled(with: names) ?? "",
            token: settings["token_url"]?.text ?? consent.token.filled(with: names) ?? "",
            scopes: consent.scopes, extra: consent.extra, namesClientInHeader: consent.client == .basic,
            isJSON: consent.isJSON, base: consent.base.map { OAuthBase(at: $0.at, hosts: $0.hosts) })
    }

    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        if let assertion = consent.assertion, !access.credential(ConnectorAssertion.key).isEmpty {
            let names = names(access.settings, access.credentials)
            let key = access.credential(ConnectorAssertion.key)
            return assertion.token(names, key: key, at: now).map { .assertion($0) } ?? .unusable
        }
        let refresh = access.credential(OAuthCredential.refresh)
        if !refresh.isEmpty { return .refresh(refresh) }
        return access.credential("client_id").isEmpty ? .none : .unusable
    }

    package func wantsConsent(given names: [String]) -> Bool {
        guard consent.assertion == nil || !names.contains(ConnectorAssertion.key) else { return false }
        let own = connector.auth.credentials
        if !own.isEmpty, own.allSatisfy({ names.contains($0) }) { return false }
        return names.contains("client_id") && !names.contains(OAuthCredential.refresh)
    }

    private func names(_ settings: JSONObject, _ credentials: [String: String]) -> ConnectorNames {
        var names = ConnectorNames(credentials.mapValues { .string($0) }, now: .wallClock())
        for (name, value) in connector.standards { names["settings.\(name)"] = .string(value) }
        for (name, value) in settings.members { names["settings.\(name)"] = value }
        return names
    }
}

extension IntegrationServices {
    /// Returns a provider that an agency can connect: one of the installation's, or a connector of its own.
    package func provider(_ name: String, in reader: some Queryable) throws -> (any IntegrationProvider)? {
        if let known = providers[name] { return known }
        guard name.hasPrefix(DeclaredConnector.prefix) else { return nil }
        let own = String(name.dropFirst(DeclaredConnector.prefix.count))
        return try reader.integrations.connector(named: own)?.connector.map {
            DeclaredProvider.make($0, platform.outbound)
        }
    }

    /// Returns the providers that an agency can connect, its own connectors last.
    func allProviders(in reader: some Queryable) throws -> [any IntegrationProvider] {
        try providers.all
            + reader.integrations.allConnectors().filter { providers[$0.provider] == nil }
            .compactMap(\.connector).map { DeclaredProvider.make($0, platform.outbound) }
    }
}
