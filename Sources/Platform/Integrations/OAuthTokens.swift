internal import Cryptography
package import Database
internal import HTTPClient
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

extension IntegrationServices {
    /// Returns the access that a connector needs, with a token that is good for a while. Throws `OAuthFailure`; where
    /// consent is gone the integration is marked as failing. `refusing`: a token that the service has refused, however
    /// long it was to live.
    package func freshAccess(
        to integration: Integration, of tenant: TenantID, _ provider: any IntegrationProvider,
        refusing refused: String? = nil
    ) async throws -> IntegrationAccess {
        if let lent = try lent(to: integration, provider, tenant) { return lent.access }
        let present = try platform.access(to: integration, of: tenant, provider)
        guard let service = provider as? any OAuthProvider, !isFresh(present, refused, service) else {
            return present
        }
        if case .none = service.renewal(present, at: platform.now()) { return present }
        return try await refreshes.join("\(tenant.rawValue)/\(integration.id)") {
            try await refreshed(integration.id, tenant, service, refused)
        }
    }

    private func isFresh(
        _ access: IntegrationAccess, _ refused: String?, _ provider: any OAuthProvider
    ) -> Bool {
        let token = access.credential(OAuthCredential.access)
        guard !token.isEmpty, token != refused, let end = Instant(access.credential(OAuthCredential.expiry))
        else { return false }
        return end - provider.headStart > platform.now()
    }

    private func refreshed(
        _ id: IntegrationID, _ tenant: TenantID, _ provider: any OAuthProvider, _ refused: String?
    ) async throws -> IntegrationAccess {
        // Twice: meanwhile another process, or a person, may have been there.
        for isLast in [false, true] {
            let integration = try platform.database.read(tenant) { try Integration.resource.get(id, in: $0) }
            let access = try platform.access(to: integration, of: tenant, provider)
            if isFresh(access, refused, provider) { return access }
            let renewal = provider.renewal(access, at: platform.now())
            guard let grant = renewal.grant else {
                throw OAuthFailure.refused(
                    "The integration is not connected yet: connect it with POST /v1/integrations/{id}/connect."
                )
            }
            var answer = try await platform.exchange(
                integration, provider, access, tenant, grant, at: renewal.address)
            // The consent stays, whichever of the client's secrets it is renewed with.
            if case .failure(.refused(let detail)) = answer, let former = access.former(at: platform.now()) {
                let second = try await platform.exchange(
                    integration, provider, former, tenant, grant, at: renewal.address)
                if case .success = second {
                    answer = second
                    try await platform.database.write(tenant) { tx in
                        try tx.integrations.newCredentialsFail(
                            access, because: .cause("consent_refused", detail))
                    }
                }
            }
            switch answer {
            case .success(let answer):
                guard try await keep(answer, of: provider, replacing: integration, tenant) else { continue }
                let kept = try platform.database.read(tenant) { try Integration.resource.get(id, in: $0) }
                // However short its life is: there is no better one.
                return try platform.access(to: kept, of: tenant, provider)
            case .failure(.refused(let detail)):
                let isOurs = try await platform.database.write(tenant) { tx in
                    try tx.integrations.fails(access, because: .cause("consent_refused", detail))
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
        _ answer: OAuthAnswer, of provider: any OAuthProvider, replacing old: Integration, _ tenant: TenantID
    ) async throws -> Bool {
        var changed = old
        try changed.take(answer, of: provider, isNew: false, platform, tenant)
        let new = changed
        return try await platform.database.write(tenant) { tx in
            let count = try tx.run(
                """
                UPDATE integrations
                SET sealed_credentials = \(new.sealedCredentials),
                    has_credentials = \(JSON(new.hasCredentials).serialized),
                    credentials = \(new.credentials.json.serialized),
                    credentials_expire_at = \(new.credentialsExpireAt)
                WHERE tenant_id = \(tx.tenant) AND id = \(old.id)
                    AND sealed_credentials = \(old.sealedCredentials)
                """)
            guard count == 1 else { return false }
            try tx.integrationCredentials.moveExpiry(of: new, replacing: old)
            return true
        }
    }
}

extension PlatformServices {
    /// Asks for tokens (RFC 6749 §4.1.3, §6).
    func ask(
        _ provider: any OAuthProvider, _ access: IntegrationAccess, _ pairs: [(name: String, value: String)],
        at address: String?
    ) async -> Result<OAuthAnswer, OAuthFailure> {
        let endpoints = provider.endpoints(access.settings), isQuery = address != nil || endpoints.isQuery
        var headers = [(name: "Accept", value: "application/json")], pairs = pairs
        let (client, secret) = (
            access.credential(endpoints.clientField), access.credential(endpoints.secretField)
        )
        // A client without a secret is told by its name alone (RFC 6749 §3.2.1).
        if address == nil, endpoints.namesClientInHeader, !secret.isEmpty {
            headers.append(("Authorization", "Basic " + Base64.encode(Array("\(client):\(secret)".utf8))))
        } else if address == nil, !client.isEmpty {
            pairs.append((endpoints.clientField, client))
            if !secret.isEmpty { pairs.append(("client_secret", secret)) }
        }
        var body: [UInt8]?, place = address ?? endpoints.token
        if isQuery {
            place += "?" + FormText.encode(pairs)
        } else if endpoints.isJSON {
            headers.append(("Content-Type", "application/json"))
            body = JSON.object(JSONObject(pairs.map { ($0.name, .string($0.value)) })).bytes
        } else {
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            body = Array(FormText.encode(pairs).utf8)
        }
        let response: HTTPClientResponse
        do {
            var request = HTTPClientRequest(
                isQuery ? "GET" : "POST", try OutboundURL(place), headers: headers, body: body)
            // A token that was used up by an answer that was lost is of no use a second time.
            (request.redirectsMax, request.isSentOnce, request.bodyLimit) = (0, true, .fail(1 << 18))
            response = try await outbound.send(request)
        } catch {
            return .failure(
                .unreachable("\(provider.title) could not be reached: \(access.redacted("\(error)"))"))
        }
        var told = (try? JSONParser.parse(response.body)) ?? .null
        // Instagram has its first one in a list.
        if told["access_token"] == nil, let first = told["data"]?.array?.first { told = first }
        switch response.status {
        case 200:
            guard let answer = OAuthAnswer(told, endpoints.base) else {
                if let error = told["error"]?.text, !error.isEmpty {
                    return .failure(.refused(refusal(told, provider, access)))
                }
                return .failure(.unreachable("\(provider.title) answered without a token."))
            }
            return .success(answer)
        case 400..<500 where response.status != 408 && response.status != 429:
            return .failure(.refused(refusal(told, provider, access, response.status)))
        default: return .failure(.unreachable("\(provider.title) answered \(response.status)."))
        }
    }

    private func refusal(
        _ told: JSON, _ provider: any OAuthProvider, _ access: IntegrationAccess, _ status: Int = 200
    ) -> String {
        let said = [told["error"]?.text ?? told["error"]?["message"]?.text, told["error_description"]?.text]
            .compactMap(\.self)
            .joined(separator: ", ")
        let words = access.redacted(said).prefix(300)
        return "\(provider.title) refuses: \(words.isEmpty ? "\(status)" : String(words))"
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
