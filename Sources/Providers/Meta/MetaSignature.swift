internal import Cryptography
internal import HTTPServer
internal import Integrations
internal import Wire

/// The proof of Meta's webhooks: https://developers.facebook.com/docs/graph-api/webhooks
enum MetaSignature {
    /// Answers whether somebody is there, to whoever repeats the integration's token.
    static func handshake(_ request: HookRequest) -> Response {
        func asked(_ name: String) -> String? { request.query.first { $0.name == name }?.value }
        let token = request.access.credential("verify_token")
        guard asked("hub.mode") == "subscribe", let challenge = asked("hub.challenge"), !token.isEmpty,
            constantTimeEqual(Array((asked("hub.verify_token") ?? "").utf8), Array(token.utf8))
        else { return Response(status: 403, headers: [("Content-Type", "text/plain")], body: .empty) }
        return Response(
            status: 200, headers: [("Content-Type", "text/plain")], body: .bytes(Array(challenge.utf8)))
    }

    /// Throws unless the bytes, as they came, are signed by the app's secret.
    static func verify(_ request: HookRequest) throws(HookRefusal) {
        let secret = request.access.credential("app_secret")
        guard !secret.isEmpty else { throw .forged("The integration has no app_secret.") }
        guard let given = request.header("X-Hub-Signature-256"), given.hasPrefix("sha256="),
            let code = Hex.decode(String(given.dropFirst(7)))
        else { throw .forged("The header X-Hub-Signature-256 is needed.") }
        guard constantTimeEqual(code, HMAC.sha256(key: Array(secret.utf8), request.body)) else {
            throw .forged("The signature is not that of this integration's secret.")
        }
    }
}
