internal import Cryptography
package import Database
internal import HTTPClient
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

extension IntegrationServices {
    /// Tokens are fetched anew so long before they end.
    private static let headStart: Duration = .seconds(300)

    /// Returns the access that a connector needs, with a token that is good for a while. Throws `OAuthFailure`; where
    /// consent is gone the integration is marked as failing.
    package func freshAccess(
        to integration: Integration, of tenant: TenantID, _ provider: any IntegrationProvider
    ) async throws -> IntegrationAccess {
        let present = try platform.access(to: integration, of: tenant, provider)
        guard let service = provider as? any OAuthProvider, !isFresh(present) else { return present }
        return try await refreshes.join("\(tenant.rawValue)/\(integration.id)") {
            try await refreshed(integration.id, tenant, service)
        }
    }

    private func isFresh(_ access: IntegrationAccess) -> Bool {
        guard !access.credential(OAuthCredential.access).isEmpty,
            let end = Instant(access.credential(OAuthCredential.expiry))
        else { return false }
        return end - Self.headStart > platform.now()
    }

    private func refreshed(
        _ id: IntegrationID, _ tenant: TenantID, _ provider: any OAuthProvider
    ) async throws -> IntegrationAccess {
        // Twice: meanwhile another process, or a person, may have been there.
        for isLast in [false, true] {
            let integration = try platform.database.read(tenant) { try Integration.resource.get(id, in: $0) }
            let access = try platform.access(to: integration, of: tenant, provider)
            if isFresh(access) { return access }
            let token = access.credential(OAuthCredential.refresh)
            guard !token.isEmpty else {
                throw OAuthFailure.refused(
                    "The integration is not connected yet: connect it with POST /v1/integrations/{id}/connect."
                )
            }
            let grant = [(name: "grant_type", value: "refresh_token"), (name: "refresh_token", value: token)]
            var answer = try await platform.exchange(integration, provider, access, tenant, grant)
            // The consent stays, whichever of the client's secrets it is renewed with.
            if case .failure(.refused(let detail)) = answer, let former = access.former(at: platform.now()) {
                let second = try await platform.exchange(integration, provider, former, tenant, grant)
                if case .success = second {
                    answer = second
                    try await platform.database.write(tenant) { tx in
                        try tx.integrations.newCredentialsFail(access, because: detail)
                    }
                }
            }
            switch answer {
            case .success(let answer):
                guard try await keep(answer, replacing: integration, tenant) else { continue }
                let kept = try platform.database.read(tenant) { try Integration.resource.get(id, in: $0) }
                // However short its life is: there is no better one.
                return try platform.access(to: kept, of: tenant, provider)
            case .failure(.refused(let detail)):
                let isOurs = try await platform.database.write(tenant) { tx in
                    try tx.integrations.fails(access, because: detail)
                }
                if isOurs || isLast { throw OAuthFailure.refused(detail) }
            case .failure(let failure): throw failure
            }
        }
        throw OAuthFailure.unreachable(
            "The integration's credentials were changed while a token was fetched: try again.")
    }

    /// Stores new tokens in place of those that they came from; not where these have been replaced meanwhile.
    private func keep(
        _ answer: OAuthAnswer, replacing old: Integration, _ tenant: TenantID
    ) async throws -> Bool {
        var new = old
        let (secrets, now) = (platform.secrets, platform.now())
        try new.setCredentials(
            answer.merged(into: try old.openCredentials(secrets, tenant), at: now), secrets, tenant, at: now)
        let (sealed, names, shown) = (new.sealedCredentials, new.hasCredentials, new.credentials.json)
        return try await platform.database.write(tenant) { tx in
            try tx.run(
                """
                UPDATE integrations
                SET sealed_credentials = \(sealed), has_credentials = \(JSON(names).serialized),
                    credentials = \(shown.serialized)
                WHERE tenant_id = \(tx.tenant) AND id = \(old.id)
                    AND sealed_credentials = \(old.sealedCredentials)
                """) == 1
        }
    }
}

extension PlatformServices {
    /// Asks for tokens (RFC 6749 §4.1.3, §6).
    func ask(
        _ provider: any OAuthProvider, _ access: IntegrationAccess, _ pairs: [(name: String, value: String)]
    ) async -> Result<OAuthAnswer, OAuthFailure> {
        let form = FormText.encode(
            pairs + [
                ("client_id", access.credential("client_id")),
                ("client_secret", access.credential("client_secret")),
            ])
        let response: HTTPClientResponse
        do {
            var request = HTTPClientRequest(
                "POST", try OutboundURL(provider.endpoints(access.settings).token),
                headers: [
                    ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"),
                ], body: Array(form.utf8))
            // A token that was used up by an answer that was lost is of no use a second time.
            (request.redirectsMax, request.isSentOnce, request.bodyLimit) = (0, true, .fail(1 << 18))
            response = try await outbound.send(request)
        } catch {
            return .failure(.unreachable("\(provider.title) could not be reached: \(error)"))
        }
        let body = (try? JSONParser.parse(response.body)) ?? .null
        switch response.status {
        case 200:
            guard let answer = OAuthAnswer(body) else {
                return .failure(.unreachable("\(provider.title) answered without a token."))
            }
            return .success(answer)
        case 400..<500 where response.status != 408 && response.status != 429:
            let said = [body["error"]?.text, body["error_description"]?.text].compactMap(\.self)
                .joined(separator: ", ")
            let words = access.redacted(said).prefix(300)
            return .failure(
                .refused("\(provider.title) refuses: \(words.isEmpty ? "\(response.status)" : String(words))")
            )
        default: return .failure(.unreachable("\(provider.title) answered \(response.status)."))
        }
    }
}

/// A service's answer to a code or a refresh token.
struct OAuthAnswer: Sendable {
    private let access: String, refresh: String?
    private let lifetime: Duration

    init?(_ body: JSON) {
        guard let access = body["access_token"]?.text, !access.isEmpty else { return nil }
        (self.access, refresh) = (access, body["refresh_token"]?.text)
        let seconds = body["expires_in"]?.int ?? body["expires_in"]?.text.flatMap { Int64($0) } ?? 3600
        lifetime = .seconds(min(max(seconds, 0), 366 * 86_400))
    }

    /// Where no new refresh token comes the one before stays good.
    func merged(into credentials: [String: String], at now: Instant) -> [String: String] {
        var merged = credentials
        merged[OAuthCredential.access] = access
        merged[OAuthCredential.expiry] = (now + lifetime).description
        if let refresh, !refresh.isEmpty { merged[OAuthCredential.refresh] = refresh }
        return merged
    }
}

/// Lets one refresh of an integration run at a time: whoever comes meanwhile waits for its result. It ends even
/// where those who wait have left, for what it brings may replace what was good before.
package actor OAuthRefreshes {
    private var running: [String: Task<IntegrationAccess, any Error>] = [:]

    func join(
        _ key: String, _ refresh: @escaping @Sendable () async throws -> IntegrationAccess
    ) async throws -> IntegrationAccess {
        if let task = running[key] { return try await task.value }
        let task = Task { try await refresh() }
        running[key] = task
        defer { running[key] = nil }
        return try await task.value
    }
}
