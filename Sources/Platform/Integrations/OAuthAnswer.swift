internal import Database
package import JSON
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// A service's answer to a code or a refresh token.
package struct OAuthAnswer: Sendable {
    package var access: String
    /// The life of the access token; `nil` where the service does not tell it.
    package var lifetime: Duration?
    /// The time until the consent itself ends, and the scopes it permits, as far as the service tells.
    package var consentLifetime: Duration?
    package var scopes: Set<String>?
    private let refresh: String?
    private let base: String?

    package init?(_ body: JSON, _ base: OAuthBase? = nil) {
        guard let access = body["access_token"]?.text, !access.isEmpty else { return nil }
        self.base = base?.address(in: body)
        (self.access, refresh) = (access, body["refresh_token"]?.text)
        lifetime = Self.duration(body["expires_in"])
        // LinkedIn's word, and TikTok's: what renews a token ends, too.
        consentLifetime = [body["refresh_token_expires_in"], body["refresh_expires_in"]]
            .compactMap { Self.duration($0) }.first { $0 > .zero }
        scopes = Self.scopes(in: body["scope"] ?? body["permissions"])
    }

    private static func duration(_ value: JSON?) -> Duration? {
        let seconds = value?.int ?? value?.text.flatMap { Int64($0) }
        return seconds.map { .seconds(min(max($0, 0), 366 * 86_400)) }
    }

    /// Services separate them by spaces or commas, or list them.
    private static func scopes(in value: JSON?) -> Set<String>? {
        let found = value?.array?.compactMap(\.text) ?? value?.text.map { Self.names(in: $0) } ?? []
        return found.isEmpty ? nil : Set(found)
    }

    static func names(in text: String) -> [String] {
        text.split { $0 == " " || $0 == "," }.map(String.init)
    }

    /// When a person has to consent anew: as the service says, or with the token where nothing renews it.
    func consentEnd(at now: Instant, isRenewed: Bool) -> Instant? {
        if let consentLifetime { return now + consentLifetime }
        return isRenewed ? nil : lifetime.flatMap { $0 > .zero ? now + $0 : nil }
    }

    /// Where no new refresh token comes the one before stays good.
    func merged(into credentials: [String: String], at now: Instant) -> [String: String] {
        var merged = credentials
        merged[OAuthCredential.access] = access
        merged[OAuthCredential.expiry] = (now + (lifetime ?? .seconds(3600))).description
        if let refresh, !refresh.isEmpty { merged[OAuthCredential.refresh] = refresh }
        if let base { merged[OAuthCredential.base] = base }
        return merged
    }
}

extension Integration {
    /// Takes over what a service has answered: tokens, what they permit, and when the consent ends. `isNew`: its owner
    /// has just given it, so that a date that was entered by hand is of one before.
    mutating func take(
        _ answer: OAuthAnswer, of provider: any OAuthProvider, isNew: Bool, _ services: PlatformServices,
        _ tenant: TenantID
    ) throws {
        let now = services.now(), endpoints = provider.endpoints(settings)
        var kept = answer.merged(into: try openCredentials(services.secrets, tenant), at: now)
        if let scopes = answer.scopes, !endpoints.authorize.isEmpty {
            kept.note(withheld: endpoints.missing(in: scopes))
        } else if isNew {
            kept.note(withheld: [])
        }
        if isNew, let told = kept.removeValue(forKey: OAuthCredential.consentEnd),
            credentialsExpireAt?.description == told
        {
            credentialsExpireAt = nil
        }
        try setCredentials(kept, services.secrets, tenant, at: now)
        let renewal = provider.renewal(try services.access(to: self, of: tenant, provider), at: now)
        guard let end = answer.consentEnd(at: now, isRenewed: renewal.grant != nil) else { return }
        if isNew { credentialsExpireAt = nil }
        try note(consentEnd: end, services, tenant)
    }

    /// Notes when the consent ends as the service tells it, unless a person has entered another date. What moves by
    /// less than an hour is the same, told a little later.
    mutating func note(consentEnd end: Instant, _ services: PlatformServices, _ tenant: TenantID) throws {
        var kept = try openCredentials(services.secrets, tenant)
        if let known = credentialsExpireAt {
            let apart = end > known ? end - known : known - end
            guard known.description == kept[OAuthCredential.consentEnd], apart > .seconds(3600) else {
                return
            }
        }
        credentialsExpireAt = end
        kept[OAuthCredential.consentEnd] = end.description
        try setCredentials(kept, services.secrets, tenant, at: services.now())
    }

    /// Notes what the owner withholds at present.
    mutating func note(
        withheld scopes: [String], _ services: PlatformServices, _ tenant: TenantID
    ) throws {
        var kept = try openCredentials(services.secrets, tenant)
        let before = kept[OAuthCredential.withheld]
        kept.note(withheld: scopes)
        guard kept[OAuthCredential.withheld] != before else { return }
        try setCredentials(kept, services.secrets, tenant, at: services.now())
    }

    /// Says which scopes its owner has withheld.
    static func lacks(_ scopes: [String]) -> Saying {
        Saying("integration.consent_lacks", ["scopes": .text(scopes.joined(separator: ", "))])
    }
}

extension IntegrationAccess {
    /// The scopes that the owner has withheld, as far as the service has told them.
    var withheld: [String] { OAuthAnswer.names(in: credential(OAuthCredential.withheld)) }
}

extension [String: String] {
    fileprivate mutating func note(withheld scopes: [String]) {
        self[OAuthCredential.withheld] = scopes.isEmpty ? nil : scopes.joined(separator: " ")
    }
}
