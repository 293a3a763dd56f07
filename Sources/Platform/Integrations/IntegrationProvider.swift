package import Agents
package import Database
package import HTTPClient
package import HTTPServer
package import JSON
package import Nouns
package import Records
package import Telemetry
package import Wire

/// A kind of work that an outside service does for an agency.
package enum Capability: String, Choice {
    case emailSending = "email_sending"
    case emailReceiving = "email_receiving"
    case chat, payments, signatures, scheduling, generic, http, crm, projects, marketing, analytics,
        advertising
    case emailVerification = "email_verification"
    case companyEnrichment = "company_enrichment"
    case leadSource = "lead_source"
    case spreadsheets
    case socialPublishing = "social_publishing"
    case blogPublishing = "blog_publishing"
}

/// An outside service that agencies connect: what it can do, what it needs to know, and how what it sends in is
/// told from a forgery. One instance serves every tenant.
package protocol IntegrationProvider: Sendable {
    /// Stored in rows and in paths of hooks: never renamed.
    var name: String { get }
    var title: String { get }
    var capabilities: Set<Capability> { get }
    var credentials: [CredentialField] { get }
    /// The sets of credentials each of which is enough, where one of several lets us in; without any all that are
    /// required do.
    var ways: [[String]] { get }
    /// The settings that it takes beside `base_url`, which every provider takes.
    var settings: [SettingField] { get }
    /// Where it lives unless `base_url` says otherwise; `nil`: it has to be said.
    var baseURL: String? { get }
    /// The schemes that `base_url` may begin with; none for a service that is nowhere.
    var schemes: [String] { get }
    /// The webhook endpoint that takes in its webhooks; `nil` for one that sends none.
    var endpoint: (any HookEndpoint)? { get }

    /// Whether the service answers everybody: it is asked without an integration, too.
    var isOpen: Bool { get }

    /// Whether strangers come in by a key that a page names, instead of a service by its hooks.
    var hasPublicKey: Bool { get }

    /// The number of calls that the service takes at once, and their rate.
    var pace: ServicePace { get }
    /// Whether all that is done with one key counts towards one limit, whatever it is used for.
    var countsByKey: Bool { get }
    /// Whether a test uses up one of the calls that the agency has with the service: no test is made unasked then.
    var isTestCounted: Bool { get }
    /// The limits and the price of a thousand calls of an integration that names none.
    var limits: IntegrationLimits { get }
    var price: Money? { get }

    /// Returns where the service lives, as the credentials tell; `nil`: they do not tell.
    func home(by credentials: [String: String]) -> String?

    /// Returns the faults of credentials that are each as they should be, taken together.
    func faults(in credentials: [String: String]) -> [Fault]

    /// Returns the names of what an integration still lacks to do its work, as far as that can be told without asking
    /// the service.
    func missing(_ settings: JSONObject, _ credentials: [String]) -> [String]

    /// Asks the service whether the credentials are good, without doing anything. Its words are for people.
    func check(_ access: IntegrationAccess) async -> IntegrationCheck
}

extension IntegrationProvider {
    package var settings: [SettingField] { [] }
    package var schemes: [String] { ["https", "http"] }
    package var endpoint: (any HookEndpoint)? { nil }
    package var hasPublicKey: Bool { false }
    package var isOpen: Bool { false }
    package var pace: ServicePace { ServicePace() }
    package var countsByKey: Bool { false }
    package var isTestCounted: Bool { false }
    package var limits: IntegrationLimits { IntegrationLimits() }
    package var price: Money? { nil }
    package func home(by credentials: [String: String]) -> String? { nil }
    package func missing(_ settings: JSONObject, _ credentials: [String]) -> [String] {
        requiredAndAbsent(settings, credentials)
    }

    /// Returns the settings and credentials that everybody needs, or everybody for that kind of work, and that are not
    /// there.
    package func requiredAndAbsent(
        _ settings: JSONObject, _ names: [String], for capability: Capability? = nil
    ) -> [String] {
        self.settings.filter { settings[$0.name] == nil && $0.isRequired(for: capability) }.map(\.name)
            + credentials.filter { !names.contains($0.name) && $0.isRequired(for: capability) }.map(\.name)
    }
}

package struct CredentialField: Sendable {
    package let name: String
    package let isRequired: Bool
    /// The one kind of work that needs it, of a service that does several.
    package let capability: Capability?
    /// Whether webhooks are proven by it, of which a test of the credentials says nothing.
    package let provesHooks: Bool
    package let about: String

    package init(
        _ name: String, required isRequired: Bool = true, for capability: Capability? = nil,
        provesHooks: Bool = false, _ about: String
    ) {
        (self.name, self.provesHooks, self.about) = (name, provesHooks, about)
        (self.isRequired, self.capability) = (isRequired && capability == nil, capability)
    }

    func isRequired(for capability: Capability?) -> Bool {
        isRequired || self.capability != nil && self.capability == capability
    }

    /// Returns whether it is what a person chose, or a header as it stands, which may have spaces and quotes,
    /// as opposed to a key that a service made.
    static func isChosen(_ name: String) -> Bool {
        ["password", "username", "header_value"].contains { name.hasSuffix($0) }
    }

    /// Returns whether it is no secret by itself: who or what lets us in, not with what.
    static func isOpen(_ name: String) -> Bool {
        [
            "username", "client_id", "client_key", "header_name", "public_key", OAuthCredential.expiry,
            OAuthCredential.base,
        ].contains {
            name.hasSuffix($0)
        }
    }
}

package struct SettingField: Sendable {
    package let name: String
    package let kind: FieldKind
    package let about: String
    package let isRequired: Bool
    /// The one kind of work that needs it, of a service that does several.
    package let capability: Capability?

    package init(
        _ name: String, _ kind: FieldKind, required isRequired: Bool = false,
        for capability: Capability? = nil, _ about: String
    ) {
        (self.name, self.kind, self.about) = (name, kind, about)
        (self.isRequired, self.capability) = (isRequired && capability == nil, capability)
    }

    func isRequired(for capability: Capability?) -> Bool {
        isRequired || self.capability != nil && self.capability == capability
    }
}

/// A connector's access to a service: where it is, as whom, and how. Made for one call, never kept.
package struct IntegrationAccess: Sendable {
    package let integrationID: IntegrationID
    package let baseURL: String
    package let settings: JSONObject
    package let credentials: [String: String]
    /// Whether it is for use, or for tests alone.
    package let environment: Integration.Environment
    /// The credentials as they were stored: tells whether others have taken their place since.
    let sealedCredentials: String?
    /// The tenant whose integration it is; `nil` where it is nobody's.
    let tenant: TenantID?
    /// The address at which the service reaches the integration's hook; `nil` where it has none.
    package let hook: HookAddress?
    /// The notes of the way to the service where no permit has them.
    package let reach: ConnectorCall
    private let formerCredentials: FormerCredentials?

    package init(
        integrationID: IntegrationID, baseURL: String, settings: JSONObject, credentials: [String: String],
        environment: Integration.Environment = .live, sealedCredentials: String? = nil,
        former: FormerCredentials? = nil, tenant: TenantID? = nil, hook: HookAddress? = nil,
        reach: ConnectorCall = ConnectorCall()
    ) {
        (self.integrationID, self.baseURL, self.environment) = (integrationID, baseURL, environment)
        (self.reach, self.tenant, self.hook) = (reach, tenant, hook)
        (self.settings, self.credentials) = (settings, credentials)
        (self.sealedCredentials, formerCredentials) = (sealedCredentials, former)
    }

    /// Returns the access by the credentials before the last rotation, within its overlap, for a caller whom the
    /// service refused with the present ones; `nil` without such credentials. `now` is by the tenant's clock.
    package func former(at now: Instant) -> IntegrationAccess? {
        guard let former = formerCredentials, now < former.until else { return nil }
        return IntegrationAccess(
            integrationID: integrationID, baseURL: baseURL, settings: settings,
            credentials: former.credentials, environment: environment, sealedCredentials: sealedCredentials,
            tenant: tenant, hook: hook, reach: reach)
    }

    /// Reaches for the service with these credentials, and where it refuses them within the overlap of a rotation, with
    /// those before.
    package func withEither<Answer>(
        at now: Instant, isRefused: (Answer) -> Bool, _ attempt: (IntegrationAccess) async throws -> Answer
    ) async rethrows -> Answer {
        let answer = try await attempt(self)
        guard isRefused(answer), let former = former(at: now) else { return answer }
        return try await attempt(former)
    }

    /// Returns whether it is to the integration as it stands now.
    func isOf(_ integration: Integration) -> Bool {
        integration.sealedCredentials == sealedCredentials && integration.settings == settings
            && integration.environment == environment
    }

    /// Returns the words of a service, which are kept and shown, without the secrets that it may repeat: an address
    /// with a token in it above all.
    package func redacted(_ words: String) -> String {
        SecretRedaction(credentials.filter { !CredentialField.isOpen($0.key) }.map(\.value)).redacted(words)
    }

    /// A credential; empty where there is none.
    package func credential(_ name: String) -> String { credentials[name] ?? "" }
    package func setting(_ name: String) -> String? { settings[name]?.text }
}

/// The address at which a service reaches an integration's hook: the installation's public address, and the path there.
package struct HookAddress: Sendable {
    package let base: String, path: String

    package init(base: String, path: String) { (self.base, self.path) = (base, path) }
}

/// The credentials that a rotation has replaced, and until when they are taken beside the new ones.
package struct FormerCredentials: Sendable {
    package let credentials: [String: String]
    package let until: Instant

    package init(credentials: [String: String], until: Instant) {
        (self.credentials, self.until) = (credentials, until)
    }
}

/// A request that came in through a hook, as it was on the wire.
package struct HookRequest: Sendable {
    package let method: String
    /// The whole address, as the service has it.
    package let url: String
    /// The path and the query, as they stood in the request.
    package let target: String
    package let headers: [(name: String, value: String)]
    package let query: [QueryItem]
    package let body: [UInt8]
    /// Real time, in sandboxes too.
    package let now: Instant
    package let access: IntegrationAccess

    package init(
        method: String = "POST", url: String = "", target: String = "",
        headers: [(name: String, value: String)], query: [QueryItem] = [], body: [UInt8], now: Instant,
        access: IntegrationAccess
    ) {
        (self.method, self.url, self.target) = (method, url, target)
        (self.headers, self.query, self.body) = (headers, query, body)
        (self.now, self.access) = (now, access)
    }

    /// Returns the request as one with other secrets looks at it.
    func by(_ access: IntegrationAccess) -> HookRequest {
        HookRequest(
            method: method, url: url, target: target, headers: headers, query: query, body: body, now: now,
            access: access)
    }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// One thing that a provider tells.
package struct HookItem: Sendable {
    /// The key by which the provider's repetitions are recognized.
    package let key: String
    package let type: String
    /// The payload that is worked on later, as the endpoint's `process` understands it.
    package let payload: JSON
    /// The payload as it came, where it came as JSON.
    let text: [UInt8]?

    package init(key: String, type: String, payload: JSON, text: [UInt8]? = nil) {
        (self.key, self.type, self.payload, self.text) = (key, type, payload, text)
    }
}

/// The reason why a request is refused.
package enum HookRefusal: Error, Sendable {
    /// It was not sent by the provider, or is too old.
    case forged(String)
    /// It was, but cannot be read.
    case malformed(String)
}

/// A webhook endpoint for a provider: tells who sent its webhooks, over the raw bytes, and takes them apart.
package protocol HookEndpoint: Sendable {
    /// Everything the request tells, once it is known to be the provider's. Compares in constant time, refuses
    /// what is stale, and takes an absent secret for a refusal.
    func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem]
    /// The status of a refusal: 401, unless the provider wants another.
    var refusedStatus: Int { get }
    /// The answer to a provider that asks, by GET, whether someone is there.
    func handshake(_ request: HookRequest) -> Response?
    /// The text by which the provider knows that a request was taken; `nil`: any answer will do.
    var acknowledgement: String? { get }
    /// Returns that text for a request, where it depends on what is asked.
    func acknowledgement(of request: HookRequest) -> String?
    /// The answer to a request that only asks whether somebody is there, by POST; `nil` for every other request. It is
    /// proven like all others.
    func reply(to request: HookRequest) throws(HookRefusal) -> Response?
    /// The media type of that text.
    var acknowledgementType: String { get }
    /// The secret that a provider introduces itself with, by POST, before anything is signed.
    func greeting(_ request: HookRequest) -> HookGreeting?
}

/// A secret that a service has made for its hooks. It becomes a credential, unless there is one already, and is sent
/// back in the header in which it came.
package struct HookGreeting: Sendable {
    let credential: String, secret: String
    let header: String
}

extension HookEndpoint {
    package var refusedStatus: Int { 401 }
    package func greeting(_ request: HookRequest) -> HookGreeting? { nil }
    package func handshake(_ request: HookRequest) -> Response? { nil }
    package var acknowledgement: String? { nil }
    package func acknowledgement(of request: HookRequest) -> String? { acknowledgement }
    package func reply(to request: HookRequest) throws(HookRefusal) -> Response? { nil }
    package var acknowledgementType: String { "text/plain; charset=utf-8" }
}

/// The providers of this installation, by name.
package struct IntegrationProviders: Sendable {
    package let all: [any IntegrationProvider]
    private let byName: [String: any IntegrationProvider]

    package init(_ providers: [any IntegrationProvider]) {
        all = providers
        byName = Dictionary(providers.map { ($0.name, $0) }) { first, _ in
            preconditionFailure("two providers are called \(first.name)")
        }
    }

    /// Returns the providers as the installation's settings have them: without those that are switched off, and with
    /// the connectors that every agency can use.
    package func configured(by directory: APIDirectory, _ outbound: HTTPClient) -> IntegrationProviders {
        IntegrationProviders(
            all.filter { directory[$0.name]?.isEnabled != false }
                + directory.connectors.map { DeclaredProvider.make($0, outbound) })
    }

    package subscript(name: String) -> (any IntegrationProvider)? { byName[name] }
    package var names: [String] { all.map(\.name).sorted() }
}
