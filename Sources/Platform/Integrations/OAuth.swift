internal import Cryptography
package import JSON
internal import Records
internal import Telemetry

/// A service that lets us in by its owner's consent instead of a password (OAuth 2, RFC 6749). Its credentials name
/// the application that the agency has registered there: `client_id` and `client_secret`.
package protocol OAuthProvider: IntegrationProvider {
    func endpoints(_ settings: JSONObject) -> OAuthEndpoints
}

/// The addresses at which consent is asked for, and the scopes.
package struct OAuthEndpoints: Sendable {
    package let authorize: String
    package let token: String
    package let scopes: [String]
    /// The further parameters that the service wants, so that its answer lasts.
    package let extra: [(name: String, value: String)]

    package init(
        authorize: String, token: String, scopes: [String], extra: [(name: String, value: String)] = []
    ) {
        (self.authorize, self.token, self.scopes, self.extra) = (authorize, token, scopes, extra)
    }
}

/// The credentials that consent leads to, beside those that a person gives.
package enum OAuthCredential {
    package static let access = "access_token", refresh = "refresh_token", expiry = "expires_at"

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
        let query = FormText.encode(
            [
                ("response_type", "code"), ("client_id", client), ("redirect_uri", redirect),
                ("scope", endpoints.scopes.joined(separator: " ")), ("state", state),
                ("code_challenge", Base64.encodeURL(SHA256.hash(Array(verifier.utf8)))),
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
