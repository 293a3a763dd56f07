internal import Cryptography
internal import HTTPServer
package import Integrations
internal import JSON
internal import Records
internal import Telemetry

/// Events as JSON, routed mail as a form; both with a signature among what they say.
extension Mailgun: HookEndpoint {
    /// The status of a refusal: Mailgun repeats the request for hours after any other.
    package var refusedStatus: Int { 406 }

    private static let tolerance: Duration = .seconds(300)

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let signature: Signature, item: HookItem
        if let form = FormData(request.body, contentType: request.header("Content-Type") ?? "").map(
            HookForm.init)
        {
            signature = try Signature(form.text("timestamp"), form.text("token"), form.text("signature"))
            item = HookItem(key: hookKey(signature.token), type: "inbound", payload: form.json)
        } else if let body = try? JSONParser.parse(request.body) {
            let signed = body["signature"]
            signature = try Signature(
                signed?["timestamp"]?.label, signed?["token"]?.text, signed?["signature"]?.text)
            let event = body["event-data"]
            // Events of old accounts have none.
            let id = event?["id"]?.words ?? signature.token
            item = HookItem(key: hookKey(id), type: hookType(event?["event"]?.text), payload: body)
        } else {
            throw .malformed("The body is neither a form nor JSON.")
        }
        try signature.verify(request.access.credential("webhook_signing_key"), request.now, Self.tolerance)
        // The signature does not cover the rest: one that was seen with something else is stolen.
        let known = tokens.note("\(request.access.integrationID):\(signature.token)", with: item.key)
        guard known == item.key else { throw .forged("The token was used before, for another event.") }
        guard item.type != "unknown" else { throw .malformed("The body has no event.") }
        return [item]
    }

    private struct Signature {
        let timestamp: String, token: String
        let given: [UInt8]

        init(_ timestamp: String?, _ token: String?, _ signature: String?) throws(HookRefusal) {
            guard let timestamp, let token, let given = signature.flatMap({ Hex.decode($0) }),
                (1...256).contains(token.utf8.count), timestamp.utf8.count <= 20
            else { throw .forged("It needs a timestamp, a token and their signature.") }
            (self.timestamp, self.token, self.given) = (timestamp, token, given)
        }

        func verify(_ key: String, _ now: Instant, _ tolerance: Duration) throws(HookRefusal) {
            guard !key.isEmpty else { throw .forged("The integration has no webhook_signing_key.") }
            let expected = HMAC.sha256(key: Array(key.utf8), timestamp + token)
            guard constantTimeEqual(given, expected) else {
                throw .forged("The signature is not that of this integration's key.")
            }
            guard let seconds = Int64(timestamp), let age = age(of: seconds, now), age <= tolerance else {
                throw .forged("It was signed too long ago, or in the future.")
            }
        }
    }
}
