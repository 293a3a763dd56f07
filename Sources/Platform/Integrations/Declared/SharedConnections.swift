package import Agents
package import Database
internal import JSON
internal import Nouns
internal import Records
internal import Tenancy

/// Services that the installation has a key for: the variables of its environment name them. They serve agencies that
/// have no integration of their own with the service.
package struct SharedConnections: Sendable {
    private let directory: APIDirectory
    private let keys: [String: String]

    /// `environment`: the variables of the process, and those of `.env`.
    package init(_ directory: APIDirectory = APIDirectory(), environment: [String: String] = [:]) {
        self.directory = directory
        keys = environment.filter { Self.variables.keys.contains($0.key) && !$0.value.trimmed.isEmpty }
            .mapValues(\.trimmed)
    }

    /// The services whose key each variable is.
    private static let variables: [String: (provider: String, capability: Capability?)] = [
        "ABSTRACT_EMAIL_API_KEY": ("abstract_email", nil),
        "ABSTRACT_COMPANY_API_KEY": ("abstract_company", nil),
        "MAILEROO_API_KEY": ("maileroo_verify", nil), "APIDECK_CRM_API_KEY": ("apideck", .crm),
        "APIDECK_API_KEY": ("apideck", nil),
    ]

    /// Returns the variable whose key serves a use of a service; `nil` where there is none.
    func variable(of provider: String, for capability: Capability) -> String? {
        let fitting = Self.variables.filter { $0.value.provider == provider }
        let names =
            fitting.filter { $0.value.capability == capability }.keys.sorted()
            + fitting.filter { $0.value.capability == nil }.keys.sorted()
        return names.first { keys[$0] != nil }
    }

    fileprivate func key(of provider: String, for capability: Capability) -> String? {
        variable(of: provider, for: capability).flatMap { keys[$0] }
    }

    /// Returns whether the installation lets a service be used for something: its features may switch that
    /// off.
    func permits(_ capability: Capability, of provider: String) -> Bool {
        directory[provider]?.features[capability.rawValue]?.flag != false
    }

    /// Returns the place of a service among those to which an agency has given the same priority.
    func priority(of provider: String) -> Int {
        directory[provider]?.priority ?? APIDirectory.standardPriority(of: provider) ?? 500
    }

    func entry(_ provider: String) -> APIEntry? { directory[provider] }
}

/// The way to a service by the installation's key.
package struct SharedConnection: Sendable {
    package let access: IntegrationAccess
    /// The connector as the gate lets it out and counts it, for the agency that asks.
    package let connector: Connector
}

extension IntegrationServices {
    /// Returns the way to a service by the installation's key; `nil` where there is none, where the service is switched
    /// off, or where the agency has an integration with it.
    package func shared(
        _ provider: any IntegrationProvider, for capability: Capability, in reader: some Queryable
    ) throws -> SharedConnection? {
        guard connections.key(of: provider.name, for: capability) != nil else { return nil }
        let hasOwn = try reader.exists(
            """
            SELECT 1 FROM integrations WHERE tenant_id = \(reader.tenant) AND provider = \(provider.name)
                AND capability = \(capability.rawValue)
            """)
        return hasOwn ? nil : try connection(provider, for: capability, in: reader)
    }

    /// Returns whether an integration without credentials of its own can use the installation's: these have all that
    /// the service asks for, and leave for the installation's address of it alone.
    func lends(
        _ provider: any IntegrationProvider, for capability: Capability, _ settings: JSONObject
    ) -> Bool {
        guard connections.key(of: provider.name, for: capability) != nil, settings["base_url"] == nil,
            connections.entry(provider.name)?.isEnabled != false,
            connections.permits(capability, of: provider.name)
        else { return false }
        let account = connections.entry(provider.name)?.account ?? [:]
        return provider.credentials.allSatisfy {
            !$0.isRequired || $0.name == "api_key" || account[$0.name] != nil
        }
    }

    /// Returns the installation's way to a service for an integration that has no credentials of its own; `nil` where
    /// it has some, or none are lent.
    func lent(
        to integration: Integration, _ provider: any IntegrationProvider, _ tenant: TenantID
    ) throws -> SharedConnection? {
        guard integration.hasCredentials.isEmpty,
            lends(provider, for: integration.capability, integration.settings)
        else { return nil }
        let found = try platform.database.read(tenant) {
            try connection(provider, for: integration.capability, in: $0)
        }
        return found.map { found in
            SharedConnection(
                access: IntegrationAccess(
                    integrationID: integration.id, baseURL: found.access.baseURL,
                    settings: integration.settings, credentials: found.access.credentials,
                    environment: integration.environment, sealedCredentials: integration.sealedCredentials,
                    tenant: tenant),
                connector: found.connector)
        }
    }

    private func connection(
        _ provider: any IntegrationProvider, for capability: Capability, in reader: some Queryable
    ) throws -> SharedConnection? {
        let entry = connections.entry(provider.name)
        guard let key = connections.key(of: provider.name, for: capability), entry?.isEnabled != false,
            connections.permits(capability, of: provider.name)
        else { return nil }
        let currency = try reader.reading.agency.tenant().currency
        // Millionths of a minor unit for one call, of the price of a thousand.
        let price = entry?.price.flatMap { $0.currency == currency ? Int64($0.amount) * 1000 : nil } ?? 0
        let limits = entry?.limits ?? IntegrationLimits()
        let account = (entry?.account ?? [:]).filter { member in
            provider.credentials.contains { $0.name == member.key }
        }
        return SharedConnection(
            access: IntegrationAccess(
                integrationID: .unset, baseURL: entry?.baseURL ?? provider.baseURL ?? "", settings: [:],
                credentials: account.merging(["api_key": key]) { _, key in key }, tenant: reader.tenant),
            connector: Connector(
                "shared_\(provider.name)", name: provider.title, priority: 10_000 + (entry?.priority ?? 100),
                price: price,
                limits: ToolLimits(
                    minute: limits.minute, hour: limits.hour, day: limits.day, month: limits.month)))
    }
}
