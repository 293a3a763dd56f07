internal import Cryptography
internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry

/// A credential that has been checked, shared by its requests until it expires or something about
/// credentials changes.
final class Credential: Sendable {
    let principal: Principal
    let expiresAt: Instant
    let allowance: Allowance
    let limiter: Limiter
    let allowedAddresses: [AddressRange]
    let allowedOrigins: [String]
    /// The texts of `RateLimit-Limit` and `RateLimit-Policy`, which every answer has.
    let limitText: String, policyText: String
    /// Its agency is suspended: every request is refused with 403.
    let isSuspended: Bool
    private let lastUse = Mutex<(address: RemoteAddress, day: Int64)?>(nil)
    /// When its session was last noted as seen, in seconds.
    private let lastSeen = Atomic<Int64>(0)

    init(
        _ principal: Principal, expiresAt: Instant, allowance: Allowance, limiter: Limiter,
        allowedAddresses: [AddressRange] = [], allowedOrigins: [String], isSuspended: Bool
    ) {
        self.principal = principal
        self.expiresAt = expiresAt
        self.allowance = allowance
        self.limiter = limiter
        self.allowedAddresses = allowedAddresses
        self.allowedOrigins = allowedOrigins
        self.isSuspended = isSuspended
        // The remaining requests are those of the burst, which a client exhausts first.
        limitText = String(allowance.burst)
        policyText = "\"burst\";q=\(allowance.burst), \"minute\";q=\(allowance.perMinute);w=60"
    }

    /// Returns the session where it is to be noted as seen: most requests find that it was, a moment ago.
    fileprivate func sessionToNote(at now: Instant) -> SessionID? {
        guard let session = principal.sessionID else { return nil }
        let last = lastSeen.load(ordering: .relaxed)
        guard now.seconds - last >= SessionUse.interval.components.seconds else { return nil }
        lastSeen.store(now.seconds, ordering: .relaxed)
        return session
    }

    /// Returns whether a key comes from another address than before, or on another day.
    fileprivate func isNewUse(from address: RemoteAddress, at now: Instant) -> Bool {
        guard principal.actor.kind == .apiKey else { return false }
        let day = now.seconds / 86_400
        return lastUse.withLock { last in
            if let last, last.address == address, last.day == day { return false }
            last = (address, day)
            return true
        }
    }
}

/// Turns bearer tokens and API keys into credentials.
final class Authentication: Sendable {
    private static let limitersMax = 100_000

    private let services: PlatformServices
    private let rules: RowRules
    private let cache: any CredentialCache
    private let limiters = Mutex<[String: Limiter]>([:])

    init(_ services: PlatformServices, _ rules: RowRules, cache: any CredentialCache = CredentialMemory()) {
        (self.services, self.rules, self.cache) = (services, rules, cache)
        services.database.listen(DatabaseChannel.credentials, missed: { cache.forgetAll() }) { _ in
            cache.forgetAll()
        }
    }

    /// Returns the credential that the request's secret stands for; `nil` when it presents none.
    func credential(of head: RequestHead, now: Instant) throws -> Credential? {
        try head.withHeader("Authorization") { header in
            guard let token = Self.bearerToken(header) else { throw Self.refused(.notBearer) }
            return try credential(for: token, from: head.remoteAddress, now: now)
        }
            ?? head.withHeader("X-API-Key") { key in
                try credential(for: key, from: head.remoteAddress, now: now)
            }
    }

    /// `nil` where the header names another scheme, empty where nothing follows the scheme.
    private static func bearerToken(_ header: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        let scheme = "bearer ".utf8
        // Its last blank is cut off from a header that ends there.
        guard header.count >= scheme.count - 1,
            zip(header, scheme).allSatisfy({ $0 == $1 || $0 | 0x20 == $1 })
        else { return nil }
        var token = header.dropFirst(scheme.count)
        while token.first == UInt8(ascii: " ") { token.removeFirst() }
        while token.last == UInt8(ascii: " ") { token.removeLast() }
        return UnsafeBufferPointer(rebasing: token)
    }

    private func credential(
        for bytes: UnsafeBufferPointer<UInt8>, from address: RemoteAddress, now: Instant
    ) throws -> Credential {
        guard !bytes.isEmpty, bytes.count <= JWTKeyRing.tokenSizeMax else { throw Self.refused(.notValid) }
        let digest = SecretDigest(bytes)
        let (known, mark) = cache.find(digest)
        let credential: Credential
        if let known, known.expiresAt > now {
            credential = known
        } else {
            let secret = String(decoding: bytes, as: UTF8.self)
            guard let found = try self.credential(of: secret, now: now) else { throw Self.refused(.notValid) }
            credential = found
            cache.keep(found, for: digest, since: mark)
        }
        if !credential.allowedAddresses.isEmpty, !credential.allowedAddresses.contains(address) {
            services.audit(
                .refusal(of: credential.principal.actor, at: address), in: credential.principal.scope)
            services.noteRefused(
                credential.principal, "the key came from an address where it may not be used")
            throw Self.refused(.notValid)
        }
        if let session = credential.sessionToNote(at: now) {
            services.sessionUse.note(session, of: credential.principal.scope, at: now)
        }
        if credential.isNewUse(from: address, at: now) {
            services.audit(
                .use(of: credential.principal.actor, from: address), in: credential.principal.scope)
        }
        return credential
    }

    private func credential(of secret: String, now: Instant) throws -> Credential? {
        if secret.hasPrefix("bk_") { return try key(secret, now: now) }
        if secret.hasPrefix("sb_") { return try sandbox(secret, now: now) }
        return try session(secret, now: now)
    }

    /// A mistake in the way a request presents its credential. A caller without a valid credential does not learn why
    /// it is not valid.
    enum Mistake: String {
        case missing = """
            The request has no credential. Send an access token or an API key as Authorization: Bearer TOKEN.
            """
        case notBearer = """
            The Authorization header does not begin with Bearer. Send Authorization: Bearer TOKEN, or a key as X-API-Key.
            """
        case notValid = """
            The credential is not valid: it is mistyped, expired or revoked, or may not be used from this address. \
            Sign in again, or make a new API key.
            """
    }

    static func refused(_ mistake: Mistake) -> Problem {
        Problem(.unauthenticated, mistake.rawValue).with(header: "WWW-Authenticate", "Bearer")
    }

    private func session(_ token: String, now: Instant) throws -> Credential? {
        guard let claims = try? services.tokens.verify(token, now: now), let expiry = claims["exp"]?.int,
            let scope = claims["tid"]?.text.map(TenantID.init(rawValue:)),
            let sessionID = claims["sid"]?.id(of: Nouns.Session.self)
        else { return nil }
        return try services.database.read(scope) { reader -> Credential? in
            guard let session = try UserSession.resource.find(sessionID, in: reader), session.endedAt == nil,
                let user = try User.resource.find(session.userID, in: reader), user.status == .active
            else { return nil }
            let tenant = scope == .platform ? nil : try reader.agency.tenant()
            let principal = Principal(
                actor: Actor(user.id), tenantID: tenant?.tenantID, role: user.role,
                permissions: try services.permissions.held(by: user, in: reader), sessionID: sessionID,
                isPlatformAdmin: user.role == "platform_admin", limit: user.limit(by: rules),
                portal: user.portal)
            return credential(
                principal, of: tenant, expiresAt: Instant(seconds: expiry), limiterName: user.id,
                addresses: tenant?.allowedAddresses.compactMap { AddressRange($0) } ?? [])
        }
    }

    private func key(_ secret: String, now: Instant) throws -> Credential? {
        let digest = APIKey.digest(of: secret)
        guard
            let scope = try services.database.acrossTenantsRead({ try $0.acrossTenantsTenant(ofKey: digest) })
        else {
            return nil
        }
        return try services.database.read(scope) { reader -> Credential? in
            let found = try APIKey.resource.first(
                where: "(digest = \(digest) OR previous_digest = \(digest))", in: reader)
            guard let key = found else { return nil }
            var end = key.expiresAt ?? now + .seconds(3600)
            if key.digest != digest { end = min(end, key.previousExpiresAt ?? now) }
            guard end > now else { return nil }
            let principal = Principal(
                actor: Actor(.apiKey, id: key.id), tenantID: scope, role: "api_key",
                permissions: Set(key.scopes.map { Permission($0) }))
            services.keyUse.note(key.id, of: scope)
            return credential(
                principal, of: try reader.agency.tenant(), expiresAt: end, limiterName: key.id,
                addresses: key.allowedAddresses.compactMap { AddressRange($0) })
        }
    }

    /// The token of a sandbox opens all of it, as its owner.
    private func sandbox(_ token: String, now: Instant) throws -> Credential? {
        try services.database.acrossTenantsRead { reader -> Credential? in
            guard let sandbox = try reader.acrossTenantsSandbox(ofToken: token), sandbox.tokenExpiresAt > now,
                let userID = sandbox.userID
            else { return nil }
            let principal = Principal(
                actor: Actor(userID), tenantID: sandbox.tenant,
                role: BuiltInRole.owner.rawValue, permissions: services.permissions.held(by: .owner),
                sandboxID: sandbox.id)
            let agency = try reader.scoped(to: sandbox.agency).agency.tenant()
            return credential(
                principal, of: try reader.scoped(to: sandbox.tenant).agency.tenant(),
                expiresAt: sandbox.tokenExpiresAt, limiterName: sandbox.id,
                addresses: agency.allowedAddresses.compactMap { AddressRange($0) },
                isSuspended: agency.status == .suspended)
        }
    }

    private func credential(
        _ principal: Principal, of tenant: Tenant?, expiresAt: Instant, limiterName: some Key,
        addresses: [AddressRange] = [], isSuspended: Bool = false
    ) -> Credential {
        // Sandboxes may have users and keys of the same id.
        let limiterName = "\(principal.tenantID?.rawValue ?? "") \(limiterName.keyText)"
        let limiter = limiters.withLock { limiters in
            if let known = limiters[limiterName] { return known }
            if limiters.count > Self.limitersMax { limiters.removeAll() }
            let new = Limiter()
            limiters[limiterName] = new
            return new
        }
        let settings = services.settings
        return Credential(
            principal, expiresAt: expiresAt,
            allowance: Allowance(
                perMinute: tenant?.requestsPerMinute ?? settings.requestsPerMinute, burst: settings.burst),
            limiter: limiter, allowedAddresses: addresses, allowedOrigins: tenant?.allowedOrigins ?? [],
            isSuspended: isSuspended || tenant?.status == .suspended)
    }
}

extension SystemReader {
    func acrossTenantsTenant(ofKey digest: String) throws -> TenantID? {
        try first("SELECT tenant_id FROM api_keys WHERE digest = \(digest)") {
            TenantID(rawValue: $0.text(0))
        }
            ?? first("SELECT tenant_id FROM api_keys WHERE previous_digest = \(digest)") {
                TenantID(rawValue: $0.text(0))
            }
    }
}
