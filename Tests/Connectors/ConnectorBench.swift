import Agents
import Cryptography
import Database
import HTTPClient
import JSON
import Jobs
import Nouns
import Providers
import Records
import RuntimeTesting
import StandIns
import Synchronization
import Telemetry
import Testing

@testable import Integrations
@testable import Tenancy

/// An agency with one of the product's own connectors, to a service that is stood in for.
struct ConnectorBench: Sendable {
    let test: AgentTest
    let services: IntegrationServices
    let client: ConnectorClient
    let integration: Integration

    init(
        _ provider: String, _ url: String, _ credentials: [String: String], _ settings: JSONObject = [:]
    ) async throws {
        let made = Mutex<IntegrationServices?>(nil)
        test = try AgentTest(
            [], migrations: tenancyMigrations + integrationsMigrations, at: "2027-01-05T10:00:00Z",
            services: { registration, database in
                let services = Self.services(database)
                integrationTools(&registration)
                registration.add(AskConnectorTool())
                registration.add(WriteConnectorTool())
                made.withLock { $0 = services }
            })
        services = try #require(made.withLock { $0 })
        integration = try await test.given { tx in
            let id = try #require(ID<Tenant>(tx.tenant.rawValue))
            var tenant = Tenant.new(id: id.value, now: tx.now)
            (tenant.name, tenant.slug) = ("Acme", "acme")
            try Tenant.resource.insert(&tenant, in: tx)
            var integration = Integration.new(id: tx.nextID(), now: tx.now)
            (integration.provider, integration.capability) = (provider, .crm)
            integration.settings = settings
            integration.settings["base_url"] = .string(url)
            (integration.hookToken, integration.pacing) = ("token", .burst)
            try integration.setCredentials(credentials, plainSealing, tx.tenant, at: tx.now)
            try tx.create(&integration, by: .system)
            return integration
        }
        client = try #require(
            try services.client(of: integration, AgentTest.tenant, for: ToolCaller(actor: .system)))
    }

    func object(_ name: String) throws -> ConnectorObject { try #require(client.connector[object: name]) }

    /// All records of an object, page by page.
    func all(_ name: String, since: String? = nil) async throws -> [RemoteRecord] {
        let found = Mutex<[RemoteRecord]>([])
        try await client.eachPage(of: object(name), since: since) { page in
            found.withLock { $0 += page.records }
        }
        return found.withLock { $0 }
    }

    private static func services(_ database: Database) -> IntegrationServices {
        guard let key = JWTKey(secret: [UInt8](repeating: 7, count: 32), id: "k1") else {
            preconditionFailure("no key")
        }
        var settings = PlatformSettings()
        settings.publicURL = "https://bureau.example"
        let outbound = HTTPClient(HTTPClientConfiguration(AddressGuard(allowsPrivate: true)))
        let platform = PlatformServices(
            database: database, passwords: PasswordHasher(cost: PasswordCost(memoryKiB: 64, passes: 1)),
            tokens: JWTKeyRing(issuer: "bureau", audience: "api", current: key), secrets: plainSealing,
            outbound: outbound, log: .silent, settings: settings, permissions: PermissionCatalog([]),
            sandboxTables: { [] }, now: { .wallClock() }, makeDataKey: { _ in }, seed: { _ in })
        let lists: [any IntegrationProvider] = [
            Mailchimp(outbound, now: { .wallClock() }), ActiveCampaign(outbound, now: { .wallClock() }),
        ]
        return IntegrationServices(
            platform, IntegrationProviders(BuiltInConnectors.providers(outbound) + lists))
    }
}

let plainSealing = SecretSealing(sealing: { bytes, _ in bytes }, opening: { bytes, _ in bytes })

/// The code of the failure that work ends with; `nil` where it ends well.
func code(_ work: () async throws -> Void) async -> String? {
    do {
        try await work()
        return nil
    } catch {
        return (error as? ToolFailure)?.code ?? "\(error)"
    }
}
