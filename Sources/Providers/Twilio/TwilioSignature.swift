internal import Cryptography
internal import HTTPServer
internal import Integrations
internal import Wire

/// The code by which Twilio proves its requests: HMAC-SHA1 over the whole address and every parameter.
/// https://www.twilio.com/docs/usage/security
enum TwilioSignature {
    /// Returns whether a request is signed by a token. `address`: as Twilio called it; it may name the port, or not.
    static func isGenuine(_ request: HookRequest, at address: String, by token: String) -> Bool {
        guard !token.isEmpty,
            let given = request.header("X-Twilio-Signature").flatMap({ Base64.decode($0) })
        else { return false }
        let form = FormData(request.body, contentType: request.header("Content-Type") ?? "")
        // A body that is no form is proven by its hash, which is part of the address.
        if form == nil, !request.body.isEmpty {
            guard let hash = request.query.first(where: { $0.name == "bodySHA256" })?.value,
                constantTimeEqual(
                    Array(hash.lowercased().utf8), Array(Hex.encode(SHA256.hash(request.body)).utf8))
            else { return false }
        }
        let fields = (form?.parts ?? []).map { (name: $0.name, value: $0.bytes) }
        return spellings(of: address).contains { address in
            constantTimeEqual(given, code(address, fields, token))
        }
    }

    static func code(
        _ address: String, _ fields: [(name: String, value: [UInt8])], _ token: String
    ) -> [UInt8] {
        var values: [[UInt8]: Set<[UInt8]>] = [:]
        for field in fields { values[Array(field.name.utf8), default: []].insert(field.value) }
        var text = Array(address.utf8)
        for name in values.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            for value in (values[name] ?? []).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                text += name + value
            }
        }
        return HMAC.sha1(key: Array(token.utf8), text)
    }

    /// Returns an address without its port, and with it.
    static func spellings(of address: String) -> [String] {
        guard let start = address.firstRange(of: "://")?.upperBound else { return [address] }
        let rest = address[start...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = rest[..<end], scheme = address[..<start]
        let closed = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[closed...].lastIndex(of: ":") {
            return [address, String(scheme + authority[..<colon] + rest[end...])]
        }
        let port = scheme == "https://" ? ":443" : ":80"
        return [address, String(scheme + authority + port + rest[end...])]
    }
}
