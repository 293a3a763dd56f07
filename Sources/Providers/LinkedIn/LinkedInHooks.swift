internal import Cryptography
package import HTTPServer
package import Integrations
internal import JSON
internal import Wire

/// Signed notices of LinkedIn: https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation
extension LinkedIn: HookEndpoint {
    private static let mark = "hmacsha256="

    /// Proves that we know the app's secret. A challenge is a UUID: anything else may be the body of a notice that
    /// somebody wants signed.
    package func handshake(_ request: HookRequest) -> Response? {
        let secret = request.access.credential(OAuthCredential.clientSecret)
        guard !secret.isEmpty, let code = request.query.first(where: { $0.name == "challengeCode" })?.value,
            code.wholeMatch(of: Self.challenge) != nil
        else { return Response(status: 403, headers: [("Content-Type", "text/plain")], body: .empty) }
        let answer: JSON = [
            "challengeCode": .string(code), "challengeResponse": .string(Self.proof(of: code, secret)),
        ]
        return Response(
            status: 200, headers: [("Content-Type", "application/json")], body: .bytes(answer.bytes))
    }

    private static var challenge: Regex<Substring> {
        /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/
    }

    private static func proof(of text: String, _ secret: String) -> String {
        Hex.encode(HMAC.sha256(key: Array(secret.utf8), Array(text.utf8)))
    }

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let secret = request.access.credential(OAuthCredential.clientSecret)
        guard !secret.isEmpty else { throw .forged("The integration has no client_secret.") }
        guard var given = request.header("X-LI-Signature") else {
            throw .forged("The header X-LI-Signature is needed.")
        }
        if given.hasPrefix(Self.mark) { given.removeFirst(Self.mark.count) }
        let code = HMAC.sha256(key: Array(secret.utf8), Array(Self.mark.utf8) + request.body)
        guard let told = Hex.decode(given), constantTimeEqual(told, code) else {
            throw .forged("The signature is not that of this integration's secret.")
        }
        guard let body = try? JSONParser.parse(request.body), body.object != nil else {
            throw .malformed("The body is not a JSON object.")
        }
        guard let response = body["leadGenFormResponse"]?.words else { return [] }
        let action = body["leadAction"]?.words ?? "CREATED"
        return [
            HookItem(
                key: hookKey("lead", response, action), type: hookType("lead_\(action.lowercased())"),
                payload: body)
        ]
    }
}
