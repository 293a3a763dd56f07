internal import Cryptography
package import Integrations
internal import JSON

/// Events of Connect, signed over their bytes with one of the account's keys. They have no time that is proven before
/// the body is: what comes again is known by its own.
extension Docusign: HookEndpoint {
    private static let signaturesMax = 20

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let key = request.access.credential("hmac_key")
        guard !key.isEmpty else { throw .forged("The integration has no hmac_key.") }
        let expected = HMAC.sha256(key: Array(key.utf8), request.body)
        let given = request.headers.filter { $0.name.lowercased().hasPrefix("x-docusign-signature-") }
            .prefix(Self.signaturesMax)
        guard
            given.contains(where: { header in
                Base64.decode(header.value).map { constantTimeEqual($0, expected) } ?? false
            })
        else {
            throw .forged("No header X-DocuSign-Signature-… has the signature of this integration's key.")
        }
        guard let body = try? JSONParser.parse(request.body), let event = body["event"]?.words,
            let envelope = body["data"]?["envelopeId"]?.words
        else { throw .malformed("The body has no event or no envelope.") }
        let item = HookItem(
            key: hookKey(
                event, envelope, body["data"]?["recipientId"]?.label, body["generatedDateTime"]?.text),
            type: hookType(event), payload: body)
        return [item]
    }

    package func news(_ receipt: HookReceipt) -> SignatureNews? {
        guard let id = receipt.payload["data"]?["envelopeId"]?.words else { return nil }
        let final = ["envelope-completed", "envelope-declined", "envelope-voided"]
        return SignatureNews(request: id, isFinal: final.contains(receipt.type))
    }
}
