internal import Agents
internal import Cryptography
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Records
internal import Synchronization
internal import Telemetry

/// Docusign's proof of an agency: a token for an hour, which a signed assertion gets (RFC 7523), and the
/// account that goes with it.
struct DocusignSession: Sendable {
    let token: String
    /// `…/restapi/v2.1/accounts/{id}`.
    let root: String
    let email: String
    fileprivate let until: Instant
}

/// The sessions of this process. A token is no secret worth storing: another one is a request away.
final class DocusignTokens: Sendable {
    private static let keptMax = 1000
    /// Tokens are fetched anew so long before they end.
    private static let headStart: Duration = .seconds(300), life: Duration = .seconds(3600)

    private let wire: ServiceWire
    private let sessions = Mutex<[String: DocusignSession]>([:])

    init(_ wire: ServiceWire) { self.wire = wire }

    func session(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> DocusignSession {
        let key = Self.key(access), now = wire.now()
        if let known = sessions.withLock({ $0[key] }), known.until - Self.headStart > now { return known }
        let session = try await fetch(access, reach)
        sessions.withLock { sessions in
            if sessions.count >= Self.keptMax { sessions = [:] }
            sessions[key] = session
        }
        return session
    }

    /// Forgets a token that the service does not take any more.
    func forget(_ session: DocusignSession, _ access: IntegrationAccess) {
        sessions.withLock { sessions in
            if sessions[Self.key(access)]?.token == session.token { sessions[Self.key(access)] = nil }
        }
    }

    /// Credentials and place, so that others get none of it.
    private static func key(_ access: IntegrationAccess) -> String {
        let all = access.credentials.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return Hex.encode(SHA256.hash(([access.baseURL] + all).joined(separator: "\n")))
    }

    private func fetch(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> DocusignSession {
        let began = wire.now()
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer".percentEncoded
        let form = "grant_type=\(grant)&assertion=\(try Self.assertion(access, at: began))"
        var request = ServiceWire.Request(
            "POST", "\(access.baseURL)/oauth/token",
            headers: [
                (name: "Content-Type", value: "application/x-www-form-urlencoded"),
                (name: "Accept", value: "application/json"),
            ])
        request.body = Array(form.utf8)
        let answer: JSON
        do throws(ToolFailure) {
            answer = try await wire.ask(request, access, reach, words: Self.words)
        } catch {
            throw Self.failure(error, access)
        }
        guard let token = answer["access_token"]?.words else { throw Self.harmless(wire.unreadable()) }
        let life = answer["expires_in"]?.int.map { Duration.seconds(min(max($0, 0), 86_400)) } ?? Self.life
        let user = try await wire.ask(
            ServiceWire.Request(
                "GET", "\(access.baseURL)/oauth/userinfo",
                headers: [(name: "Authorization", value: "Bearer \(token)")]), access, reach,
            words: Self.words)
        let accounts = user["accounts"]?.array ?? [], wanted = access.setting("account_id")
        let account = accounts.first { account in
            guard let wanted else { return account["is_default"]?.flag == true }
            return account["account_id"]?.text == wanted
        }
        guard let account = account ?? (wanted == nil ? accounts.first : nil),
            let id = account["account_id"]?.words, let base = account["base_uri"]?.words
        else {
            throw ToolFailure(
                "account_missing", "Docusign knows no such account of this user: check account_id.",
                isRetryable: false)
        }
        return DocusignSession(
            token: token, root: "\(Self.home(access, told: base))/restapi/v2.1/accounts/\(id.percentEncoded)",
            email: user["email"]?.text ?? "", until: began + life)
    }

    /// Where papers are: as the service says, unless the integration is at a place of its own.
    private static func home(_ access: IntegrationAccess, told: String) -> String {
        if let set = access.setting("api_url") { return set.withoutEndingSlashes }
        let host = try? OutboundURL(access.baseURL).host
        return host == "docusign.com" || host?.hasSuffix(".docusign.com") == true
            ? told.withoutEndingSlashes : access.baseURL
    }

    /// A JSON Web Token of the user's whom the agency has named, signed with its private key.
    private static func assertion(_ access: IntegrationAccess, at now: Instant) throws(ToolFailure) -> String
    {
        let key: SigningKey
        do throws(SigningKeyError) {
            key = try SigningKey(pem: access.credential("private_key"))
        } catch {
            throw ToolFailure(
                ToolFailure.refusesAccount,
                "The private_key is not an RSA key in PEM: copy the whole key, with its first and last line.",
                isRetryable: false)
        }
        guard key.kind == .rsa else {
            throw ToolFailure(
                ToolFailure.refusesAccount,
                "The private_key is not an RSA key: make an RSA keypair at Docusign.", isRetryable: false)
        }
        let audience = access.baseURL.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
        let claims: JSON = [
            "iss": .string(access.credential("integration_key")),
            "sub": .string(access.credential("user_id")),
            "aud": .string(String(audience ?? "")), "iat": .integer(now.seconds),
            "exp": .integer(now.seconds + life.components.seconds), "scope": "signature impersonation",
        ]
        let head: JSON = ["alg": "RS256", "typ": "JWT"]
        let signed = "\(Base64.encodeURL(head.bytes)).\(Base64.encodeURL(claims.bytes))"
        return "\(signed).\(Base64.encodeURL(key.sign(Array(signed.utf8))))"
    }

    private static func words(_ answer: JSON) -> (code: String?, detail: String)? {
        guard let error = answer["error"]?.words else { return nil }
        return (
            error, [error, answer["error_description"]?.words].compactMap(\.self).joined(separator: ": ")
        )
    }

    /// Tells what a person has to do, where the service does not know who asks.
    private static func failure(_ failure: ToolFailure, _ access: IntegrationAccess) -> ToolFailure {
        switch failure.code {
        case "consent_required":
            let client = access.credential("integration_key").percentEncoded
            return ToolFailure(
                ToolFailure.refusesAccount,
                "Docusign wants the user's consent, once: open \(access.baseURL)/oauth/auth?response_type=code"
                    + "&scope=signature%20impersonation&client_id=\(client)&redirect_uri=…, with a redirect_uri of"
                    + " the integration key.",
                isRetryable: false)
        case "invalid_grant", "invalid_request", "issuer_not_found", "user_not_found",
            "no_valid_keys_or_signatures":
            return ToolFailure(ToolFailure.refusesAccount, failure.detail, isRetryable: false)
        default: return harmless(failure)
        }
    }

    /// A token that was asked for in vain is no effect.
    private static func harmless(_ failure: ToolFailure) -> ToolFailure {
        var failure = failure
        failure.isAmbiguous = false
        return failure
    }
}
