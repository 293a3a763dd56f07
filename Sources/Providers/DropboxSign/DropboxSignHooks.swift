internal import Cryptography
internal import HTTPServer
package import Integrations
internal import JSON
internal import Telemetry

/// Events, of which only time and type are signed: what else they say has to be asked for.
extension DropboxSign: HookEndpoint {
    /// It repeats what was not taken for about three days, with the time of the first attempt.
    private static let ageMax: Duration = .seconds(4 * 86_400), leadMax: Duration = .seconds(300)

    package var acknowledgement: String? { "Hello API Event Received" }

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let key = request.access.credential("api_key")
        guard !key.isEmpty else { throw .forged("The integration has no api_key.") }
        guard let form = FormData(request.body, contentType: request.header("Content-Type") ?? ""),
            let text = form["json"], let body = try? JSONParser.parse(Array(text.utf8)),
            let event = body["event"], let stamp = event["event_time"]?.label,
            let type = event["event_type"]?.words, let hash = event["event_hash"]?.words
        else { throw .forged("A form is needed whose field json has an event with its hash.") }
        let expected = HMAC.sha256(key: Array(key.utf8), stamp + type)
        guard let given = Hex.decode(hash), constantTimeEqual(given, expected) else {
            throw .forged("The event's hash is not that of this integration's key.")
        }
        guard let seconds = Int64(stamp), seconds.magnitude < 1_000_000_000_000 else {
            throw .forged("The event has no time.")
        }
        let age = request.now - Instant(seconds: seconds)
        guard age <= Self.ageMax, age >= .zero - Self.leadMax else {
            throw .forged("The event happened too long ago, or in the future.")
        }
        // The account's callback and that of its app tell the same event.
        let item = HookItem(
            key: hookKey(
                hash, body["signature_request"]?["signature_request_id"]?.text,
                event["event_metadata"]?["related_signature_id"]?.text),
            type: hookType(type), payload: body)
        return [item]
    }

    package func news(_ receipt: HookReceipt) -> SignatureNews? {
        guard let id = receipt.payload["signature_request"]?["signature_request_id"]?.words else {
            return nil
        }
        let open = ["signature_request_sent", "signature_request_viewed", "signature_request_remind"]
        return SignatureNews(request: id, isFinal: !open.contains(receipt.type))
    }
}
