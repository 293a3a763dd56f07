internal import JSON
internal import Cryptography
internal import Records
internal import Telemetry

/// The way in which the owner of an account at a service lets us in (OAuth 2): by consent, or by an assertion that an
/// application's key signs (RFC 7523).
package struct ConnectorConsent: Sendable {
    /// The addresses at which consent is asked for, and tokens come from; names are those of settings.
    let authorize: ConnectorText?
    let token: ConnectorText
    let scopes: [String]
    let extra: [(name: String, value: String)]
    /// The client's name to the service that gives tokens, and the form of the question.
    let client: Client, isJSON: Bool
    /// Where the answer names the address of the account's data, and the endings that its host may have.
    let base: (at: ConnectorPointer, hosts: [String])?
    let assertion: ConnectorAssertion?

    enum Client: String, CaseIterable, Sendable { case body, basic }
}

/// The claims of a signed assertion; their texts name credentials and settings.
struct ConnectorAssertion: Sendable {
    let issuer: ConnectorText, subject: ConnectorText?, audience: ConnectorText
    let scope: ConnectorText?
    let lifetime: Duration

    /// The name of the credential that is the key.
    static let key = "private_key"

    /// Returns the token's part that is signed (RFC 7515): header and claims.
    func signed(_ names: ConnectorNames, at now: Instant) -> String? {
        guard let issuer = issuer.filled(with: names), let audience = audience.filled(with: names) else {
            return nil
        }
        var claims: JSONObject = ["iss": .string(issuer)]
        if let subject = subject?.filled(with: names) { claims.append("sub", .string(subject)) }
        if let scope = scope?.filled(with: names) { claims.append("scope", .string(scope)) }
        claims.append("aud", .string(audience))
        // Of services that want the time of issue, too.
        if scope != nil { claims.append("iat", .integer(now.seconds)) }
        claims.append("exp", .integer((now + lifetime).seconds))
        let header: JSON = scope == nil ? ["alg": "RS256"] : ["alg": "RS256", "typ": "JWT"]
        return [header, .object(claims)].map { Base64.encodeURL($0.bytes) }.joined(separator: ".")
    }

    /// Returns the whole assertion; `nil` where the key is none, or a claim is missing.
    func token(_ names: ConnectorNames, key: String, at now: Instant) -> String? {
        guard let text = signed(names, at: now), let key = try? SigningKey(pem: key), key.kind == .rsa else {
            return nil
        }
        return text + "." + Base64.encodeURL(key.sign(Array(text.utf8)))
    }
}
