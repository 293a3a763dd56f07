package import Cryptography
package import Database
package import HTTPClient
package import HTTPServer
internal import JSON
package import Jobs
internal import Nouns
package import Records
package import Telemetry

/// The services that the platform's slices need of the world, made once by the composition root.
package struct PlatformServices: Sendable {
    package let database: Database
    package let passwords: PasswordHasher
    package let tokens: JWTKeyRing
    /// Seals what a tenant must keep secret at rest.
    package let secrets: SecretSealing
    /// Links that open one thing without signing in.
    package let links: PublicLinks
    /// The way to the world outside.
    package let outbound: HTTPClient
    package let log: Log
    package let settings: PlatformSettings
    package let keyUse = KeyUse()
    package let sessionUse = SessionUse()
    let knownAccesses = KnownAccesses()
    let refusedRequests = Limiters<Subject>(perMinute: 6, burst: 6, keptMax: 20_000)
    /// The way to those who have, or are to have, an account.
    package let accountMails = AccountMails()
    /// The link with which the first agency signs up where sign-up is closed.
    package let welcome = WelcomeLink()
    /// The contents of the portal, and the people who may look at it.
    package let portal = Portal()
    /// The lists that people may keep views of.
    package let lists = KnownLists()
    /// The resources in which the sample data hang together.
    package let sampleData = SampleData()
    /// The permissions that the modules declare.
    package let permissions: PermissionCatalog
    /// Seeds a new agency: agents, schedules, defaults of the slices.
    package let seed: @Sendable (Transaction) throws -> Void
    /// Gives a new tenant the key that its secrets are sealed with.
    package let makeDataKey: @Sendable (Transaction) throws -> Void
    /// Returns how each of a tenant's tables is treated in a sandbox that is a copy.
    package let sandboxTables: @Sendable () -> [SandboxTable]
    /// The machine's clock, for credentials: these live in real time, in sandboxes too.
    package let now: @Sendable () -> Instant

    package init(
        database: Database, passwords: PasswordHasher, tokens: JWTKeyRing, secrets: SecretSealing,
        outbound: HTTPClient, log: Log, settings: PlatformSettings, permissions: PermissionCatalog,
        sandboxTables: @escaping @Sendable () -> [SandboxTable],
        now: @escaping @Sendable () -> Instant,
        makeDataKey: @escaping @Sendable (Transaction) throws -> Void,
        seed: @escaping @Sendable (Transaction) throws -> Void
    ) {
        self.database = database
        self.passwords = passwords
        self.tokens = tokens
        self.secrets = secrets
        links = PublicLinks(secrets, publicURL: settings.publicURL)
        self.outbound = outbound
        self.log = log
        self.settings = settings
        self.permissions = permissions
        self.now = now
        self.sandboxTables = sandboxTables
        self.makeDataKey = makeDataKey
        self.seed = seed
    }
}

/// The platform's part of the configuration.
package struct PlatformSettings: Sendable {
    package var isSignupOpen = true
    package var publicURL = ""
    /// The base URLs of outside services that the installation's settings give, by the names of their providers.
    package var serviceAddresses: [String: String] = [:]
    /// The networks of mail gateways and image proxies.
    package var gateways: [AddressRange] = []
    package var requestsPerMinute = 1200
    package var burst = 200
    package var anonymousRequestsPerMinute = 600
    package var anonymousBurst = 100
    /// The most requests a minute to the webhook endpoint of one integration.
    package var hookRequestsPerMinute = 60_000
    package var hookBurst = 5000
    /// The most requests a minute from one address to the chat of one integration.
    package var chatRequestsPerMinute = 1200
    package var chatBurst = 300
    package var signupsPerMinute = 20
    package var loginFailuresPerAccount = 10
    package var loginFailuresPerAddress = 100
    /// Sandboxes of one agency.
    package var sandboxesMax = 50
    package var jsonBodyMax = 5 * 1024 * 1024
    package var streamBodyMax: Int64 = 8 * 1024 * 1024 * 1024
    /// The least time between two requests of the crawler to one host.
    package var crawlDelay = Duration.seconds(2)
    package var crawlerName = "BureauBot/1.0"
    /// The server of the installation's own model, and its key; without a server there is none.
    package var sharedModel: (base: String, key: String, name: String)?
    /// The texts of the portal's pages; none where these are not installed.
    package var portalWords = Deferred { PortalWords() }

    package init() {}
}

/// Channels of in-process notifications.
package enum DatabaseChannel {
    /// A session, key, role, user or tenant changed: cached credentials are stale.
    package static let credentials = "credentials"
    /// A tenant's webhooks changed.
    static let webhooks = "webhooks"
}

extension PlatformServices {
    /// Returns whether the session or key behind a principal is still good, and its agency at work.
    package func isStillSignedIn(_ principal: Principal) -> Bool {
        guard let tenant = principal.tenantID else { return false }
        do {
            if let sandbox = principal.sandboxID {
                return try database.acrossTenantsRead { reader in
                    guard let found = try reader.acrossTenantsSandbox(asTenant: tenant),
                        found.id == sandbox
                    else { return false }
                    return try found.tokenExpiresAt > now()
                        && reader.scoped(to: found.agency).agency.tenant().status == .active
                }
            }
            return try database.read(tenant) { reader in
                guard try reader.agency.tenant().status == .active else { return false }
                if let session = principal.sessionID {
                    return try UserSession.resource.find(session, in: reader).map {
                        $0.endedAt == nil && $0.expiresAt > now()
                    } ?? false
                }
                guard let key = principal.actor.apiKeyID else { return false }
                return try APIKey.resource.find(key, in: reader).map {
                    $0.expiresAt ?? now() + .seconds(1) > now()
                } ?? false
            }
        } catch {
            log.warning("a stream's credential could not be checked", ["error": .init(error)])
            return false
        }
    }
}
