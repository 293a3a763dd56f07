internal import Cryptography
package import JSON
internal import Records
package import Telemetry

/// A service that lets us in by its owner's consent instead of a password (OAuth 2, RFC 6749). Its credentials name
/// the application that the agency has registered there: `client_id` and `client_secret`.
package protocol OAuthProvider: IntegrationProvider {
    func endpoints(_ settings: JSONObject) -> OAuthEndpoints
    /// Returns how a token is renewed.
    func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal
    /// Returns whether an integration with credentials of these names has to be connected by its owner.
    func wantsConsent(given names: [String]) -> Bool
    /// The time before their end at which tokens are fetched anew.
    var headStart: Duration { get }
    /// Returns what is kept in place of what a code has brought: of services whose first token is no lasting one, or
    /// not that of the account that was chosen. `access` has the credentials from before.
    func settled(
        _ answer: OAuthAnswer, _ access: IntegrationAccess
    ) async -> Result<OAuthAnswer, OAuthFailure>
    /// Returns what the owner permits at present; `nil` where the service does not tell.
    func standing(_ access: IntegrationAccess) async -> OAuthStanding?
}

/// The scopes that an owner permits at present, and until when, as far as that is known.
package struct OAuthStanding: Sendable {
    package let scopes: Set<String>, end: Instant?

    package init(scopes: Set<String>, end: Instant?) { (self.scopes, self.end) = (scopes, end) }
}

extension OAuthProvider {
    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        let token = access.credential(OAuthCredential.refresh)
        return token.isEmpty ? .unusable : .refresh(token)
    }

    package func wantsConsent(given names: [String]) -> Bool { !names.contains(OAuthCredential.refresh) }
    package var headStart: Duration { .seconds(300) }

    package func settled(
        _ answer: OAuthAnswer, _ access: IntegrationAccess
    ) async -> Result<OAuthAnswer, OAuthFailure> { .success(answer) }
    package func standing(_ access: IntegrationAccess) async -> OAuthStanding? { nil }
}

/// The way to the next access token.
package enum OAuthRenewal: Sendable {
    /// By the token that consent brought; by an assertion that is signed for the occasion (RFC 7523).
    case refresh(String), assertion(String)
    /// By the client's own name and secret (RFC 6749 §4.4).
    case client(id: String, secret: String, scope: String)
    /// By a question at an address of the service's own, without the client's name.
    case address(String, [(name: String, value: String)])
    /// The token is the service's own, and stays.
    case none
    /// There is nothing to renew it with.
    case unusable

    var grant: [(name: String, value: String)]? {
        switch self {
        case .refresh(let token): [("grant_type", "refresh_token"), ("refresh_token", token)]
        case .assertion(let token):
            [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", token)]
        case .client(let id, let secret, let scope):
            [
                ("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret),
                ("scope", scope),
            ]
        case .address(_, let pairs): pairs
        case .none, .unusable: nil
        }
    }

    var address: String? { if case .address(let address, _) = self { address } else { nil } }

    /// Returns the renewal by the key of a service account, as far as the credentials have one.
    package static func serviceAccount(
        _ access: IntegrationAccess, audience: String, scope: String, at now: Instant
    ) -> OAuthRenewal? {
        let key = access.credential(ConnectorAssertion.key)
        guard !key.isEmpty else { return nil }
        let assertion = ConnectorAssertion(
            issuer: ConnectorText("{{ client_email }}"), subject: nil, audience: ConnectorText(audience),
            scope: ConnectorText(scope), lifetime: .seconds(3600))
        let names = ConnectorNames(access.credentials.mapValues { .string($0) }, now: now)
        return assertion.token(names, key: key, at: now).map { .assertion($0) } ?? .unusable
    }
}

/// The place where an answer with a token names the address of the account's data, and the endings that its host may
/// have.
package struct OAuthBase: Sendable {
    package let at: ConnectorPointer
    package let hosts: [String]

    /// Returns the address in an answer; `nil` where there is none, or one that is not the service's.
    func address(in answer: JSON) -> String? {
        guard let text = at.value(in: answer)?.text, text.hasPrefix("https://") else { return nil }
        let host = text.dropFirst("https://".count).prefix {
            $0 != "/" && $0 != ":" && $0 != "?" && $0 != "#"
        }
        return hosts.contains { host.lowercased().hasSuffix($0) } && !text.contains("@") ? text : nil
    }
}

/// The addresses at which consent is asked for, and the scopes.
package struct OAuthEndpoints: Sendable {
    package let authorize: String
    package let token: String
    package let scopes: [String]
    /// The further parameters that the service wants, so that its answer lasts.
    package let extra: [(name: String, value: String)]
    /// Whether the client names itself in a header instead of the body; whether that is JSON instead of a form; whether
    /// tokens are asked for by GET.
    package let namesClientInHeader: Bool, isJSON: Bool, isQuery: Bool
    package let base: OAuthBase?
    /// The word of the service, and of the credentials, for the client's name.
    package let clientField: String
    /// The credential that is the client's secret.
    package let secretField: String
    /// Whether the verifier's challenge is written in hexadecimal digits instead of Base64.
    package let hasHexChallenge: Bool

    package init(
        authorize: String, token: String, scopes: [String], extra: [(name: String, value: String)] = [],
        namesClientInHeader: Bool = false, isJSON: Bool = false, isQuery: Bool = false,
        base: OAuthBase? = nil, clientField: String = OAuthCredential.clientID,
        secretField: String = OAuthCredential.clientSecret, hasHexChallenge: Bool = false
    ) {
        (self.authorize, self.token, self.scopes, self.extra) = (authorize, token, scopes, extra)
        (self.namesClientInHeader, self.isJSON, self.base) = (namesClientInHeader, isJSON, base)
        (self.clientField, self.hasHexChallenge) = (clientField, hasHexChallenge)
        (self.secretField, self.isQuery) = (secretField, isQuery)
    }

    /// Returns the scopes that are asked for and not among those that are granted. What only signs people in is left
    /// out: services do not repeat it, or by another name.
    func missing(in granted: Set<String>) -> [String] {
        let known = Set(granted.map { $0.lowercased() })
        return scopes.flatMap { OAuthAnswer.names(in: $0) }.filter { scope in
            let last = scope.split(separator: "/").last?.lowercased() ?? ""
            return !Self.forSignIn.contains(last) && !known.contains(scope.lowercased())
                && !known.contains(last)
        }
    }

    private static let forSignIn: Set<String> = [
        "openid", "profile", "email", "offline_access", "offline.access", "refresh_token",
    ]
}

/// The credentials that consent leads to, beside those that a person gives.
package enum OAuthCredential {
    package static let access = "access_token", refresh = "refresh_token", expiry = "expires_at"
    package static let clientID = "client_id", clientSecret = "client_secret"
    /// The key of a service account, and its address.
    package static let key = ConnectorAssertion.key, email = "client_email"
    /// Where the service has said that the account's data is; nobody's to give or see.
    static let base = "_base_url"
    /// The scopes that the owner has withheld, and the end of the consent as the service has told it; likewise.
    static let withheld = "_withheld", consentEnd = "_consent_end"

    package static let fields = [
        CredentialField("client_id", "The application's name at the service."),
        CredentialField("client_secret", "The client's secret at the service."),
        CredentialField(refresh, required: false, "Comes by itself when the integration is connected."),
        CredentialField(access, required: false, "The same."),
        CredentialField(expiry, required: false, "The same."),
    ]
}

/// The reason why there is no token.
package enum OAuthFailure: Error, Sendable, Equatable {
    /// The service takes back its consent, or never gave it: a person has to connect again.
    case refused(String)
    /// It may go by itself.
    case unreachable(String)

    package var detail: String {
        switch self {
        case .refused(let detail), .unreachable(let detail): detail
        }
    }
}

/// A way to a service's consent that somebody was sent on: good once, and not for long (RFC 7636: what came back is of
/// use only to whoever knows the verifier).
struct OAuthAttempt {
    static let lifetime: Duration = .seconds(600)
    /// Among the credentials, but nobody's to give or see.
    static let credential = "_attempt"

    let nonce: String, verifier: String

    init() {
        nonce = RandomToken.make(characters: 32)
        verifier = RandomToken.make(characters: 64)
    }

    init?(_ stored: String?) {
        let parts = (stored ?? "").split(separator: " ").map(String.init)
        guard parts.count == 2 else { return nil }
        (nonce, verifier) = (parts[0], parts[1])
    }

    var stored: String { "\(nonce) \(verifier)" }

    func address(_ endpoints: OAuthEndpoints, client: String, redirect: String, state: String) -> String {
        let digest = SHA256.hash(Array(verifier.utf8))
        let challenge = endpoints.hasHexChallenge ? Hex.encode(digest) : Base64.encodeURL(digest)
        let query = FormText.encode(
            [
                ("response_type", "code"), (endpoints.clientField, client), ("redirect_uri", redirect),
                ("scope", endpoints.scopes.joined(separator: " ")), ("state", state),
                ("code_challenge", challenge),
                ("code_challenge_method", "S256"),
            ] + endpoints.extra)
        return endpoints.authorize + (endpoints.authorize.contains("?") ? "&" : "?") + query
    }
}

/// Names and values as a form has them.
enum FormText {
    static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(escape($0.name))=\(escape($0.value))" }.joined(separator: "&")
    }

    private static func escape(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
