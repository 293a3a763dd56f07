package import JSON
package import Telemetry

/// The token is not one of ours, or no longer. One case on purpose: which fault it was would help
/// only a forger.
package enum JWTError: Error, Equatable { case invalid }

/// A secret that signs access tokens.
package struct JWTKey: Sendable {
    /// The key's name in the token's header (`kid`).
    package let id: String
    fileprivate let key: HMACKey

    /// `secret` has at least 32 bytes (RFC 7518 §3.2); `id` is of `[A-Za-z0-9._-]`, at most 64, and
    /// comes from the secret's digest when absent. `nil` for other ones.
    package init?(secret: [UInt8], id: String? = nil) {
        self.id = id ?? Hex.encode(SHA256.hash(Array("jwt key id".utf8) + secret).prefix(6))
        let isPlain = self.id.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard secret.count >= 32, isPlain, (1...64).contains(self.id.utf8.count) else { return nil }
        key = HMACKey(secret)
    }
}

/// Signs and verifies JSON Web Tokens (RFC 7519) with HS256 and nothing else. The newest key signs;
/// older ones verify until their tokens have expired.
///
/// A token's header is never interpreted: it must be, byte for byte, the one that this ring writes
/// for one of its keys. So no `alg`, `kid`, `jku` or `crit` of a stranger can steer anything.
package final class JWTKeyRing: Sendable {
    private struct Entry {
        let header: [UInt8]
        let key: HMACKey
    }

    /// The longest token that is looked at, in bytes.
    package static let tokenSizeMax = 8192

    private let issuer: String, audience: String
    private let leeway: Int64
    private let entries: [Entry]

    /// Tokens carry and must carry `issuer` and `audience`. `leeway` is how far the clocks of the
    /// nodes may differ.
    package init(
        issuer: String, audience: String, current: JWTKey, older: [JWTKey] = [],
        leeway: Duration = .seconds(5)
    ) {
        (self.issuer, self.audience) = (issuer, audience)
        self.leeway = leeway.components.seconds
        entries = ([current] + older).map { key in
            let header: JSON = ["alg": "HS256", "typ": "JWT", "kid": .string(key.id)]
            return Entry(header: Base64.encodedURL(header.bytes), key: key.key)
        }
        precondition(Set(entries.map(\.header)).count == entries.count, "two keys with one id")
    }

    /// A token with the claims given and `iss`, `aud`, `iat` and `exp`, which are this ring's affair.
    package func sign(_ claims: JSONObject, now: Instant, lifetime: Duration = .seconds(900)) -> String {
        var claims = claims
        claims["iss"] = .string(issuer)
        claims["aud"] = .string(audience)
        claims["iat"] = .integer(now.seconds)
        claims["exp"] = .integer(now.seconds + lifetime.components.seconds)
        let entry = entries[0]
        var token = entry.header
        token.append(UInt8(ascii: "."))
        token += Base64.encodedURL(JSON.object(claims).bytes)
        let code = entry.key.code(of: token)
        token.append(UInt8(ascii: "."))
        token += Base64.encodedURL(code)
        return String(decoding: token, as: UTF8.self)
    }

    /// The claims of a token that one of the keys signed and whose time has come and not gone.
    package func verify(_ token: String, now: Instant) throws(JWTError) -> JSONObject {
        guard token.utf8.count <= Self.tokenSizeMax else { throw .invalid }
        let bytes = Array(token.utf8)
        // A third dot, if there is one, is in the payload, and no character of base 64.
        guard let first = bytes.firstIndex(of: UInt8(ascii: ".")),
            let last = bytes.lastIndex(of: UInt8(ascii: ".")),
            first < last, let entry = entries.first(where: { $0.header[...] == bytes[..<first] }),
            let signature = Base64.decodeURL(bytes[(last + 1)...]),
            constantTimeEqual(signature, entry.key.code(of: bytes[..<last])),
            let payload = Base64.decodeURL(bytes[(first + 1)..<last]),
            case .object(let claims)? = try? JSONParser.parse(payload),
            areCurrent(claims, at: now.seconds)
        else { throw .invalid }
        return claims
    }

    private func areCurrent(_ claims: JSONObject, at now: Int64) -> Bool {
        let seconds = Int64(0)..<(1 << 40)  // far beyond any sane date, far below an overflow
        guard claims["iss"] == .string(issuer), claims["aud"] == .string(audience),
            let issued = claims["iat"]?.int, seconds.contains(issued), issued <= now + leeway,
            let expiry = claims["exp"]?.int, seconds.contains(expiry), expiry > issued, now < expiry + leeway
        else { return false }
        guard let notBefore = claims["nbf"] else { return true }
        guard let start = notBefore.int, seconds.contains(start) else { return false }
        return start <= now + leeway
    }
}
