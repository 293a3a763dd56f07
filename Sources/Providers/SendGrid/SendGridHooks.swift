internal import Cryptography
internal import HTTPServer
package import Integrations
internal import JSON
internal import Telemetry

/// Batches of events as JSON, inbound mail as a form; both signed over the bytes as they came.
extension SendGrid: HookEndpoint {
    private static let tolerance: Duration = .seconds(300)

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try verify(request)
        if let form = FormData(request.body, contentType: request.header("Content-Type") ?? "").map(
            HookForm.init)
        {
            return [HookItem(key: Self.key(form, request.body), type: "inbound", payload: form.json)]
        }
        guard let events = (try? JSONParser.parse(request.body))?.array else {
            throw .malformed("The body is neither a form nor a list of events.")
        }
        return events.compactMap { event in
            guard event.object != nil else { return nil }
            let id = event["sg_event_id"]?.words ?? Hex.encode(SHA256.hash(event.bytes))
            return HookItem(key: hookKey(id), type: hookType(event["event"]?.text), payload: event)
        }
    }

    private func verify(_ request: HookRequest) throws(HookRefusal) {
        guard
            let signature = request.header("X-Twilio-Email-Event-Webhook-Signature").flatMap({
                Base64.decode($0)
            }),
            let timestamp = request.header("X-Twilio-Email-Event-Webhook-Timestamp")
        else { throw .forged("The headers with the signature and its timestamp are needed.") }
        guard let der = Base64.decode(Self.bare(request.access.credential("webhook_public_key"))),
            let key = P256PublicKey(der: der)
        else { throw .forged("The integration has no webhook_public_key, or one that cannot be read.") }
        guard key.isSignature(signature, of: Array(timestamp.utf8) + request.body) else {
            throw .forged("The signature is not that of this integration's key.")
        }
        guard let seconds = Int64(timestamp), let age = age(of: seconds, request.now), age <= Self.tolerance
        else {
            throw .forged("It was signed too long ago, or in the future.")
        }
    }

    /// A key that was copied with its armour, or over several lines.
    private static func bare(_ key: String) -> String {
        key.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined().filter { $0 != " " }
    }

    /// A mail that comes again is the same mail to the same recipients.
    private static func key(_ form: HookForm, _ body: [UInt8]) -> String {
        let id = headers(form).first { $0.name.lowercased() == "message-id" }?.value
        guard let id, let envelope = form.text("envelope") else {
            return "inbound:" + Hex.encode(SHA256.hash(body))
        }
        return "inbound:" + Hex.encode(SHA256.hash("\(id)\n\(envelope)"))
    }

    /// The headers of a mail that was taken apart, unfolded.
    static func headers(_ form: HookForm) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        let lines = (form.text("headers") ?? "").split(whereSeparator: \.isNewline)
        for line in lines {
            if line.first == " " || line.first == "\t" {
                guard !headers.isEmpty else { continue }
                headers[headers.count - 1].value += " " + line.drop { $0 == " " || $0 == "\t" }
            } else if let colon = line.firstIndex(of: ":") {
                headers.append(
                    (String(line[..<colon]), String(line[colon...].dropFirst().drop { $0 == " " })))
            }
        }
        return headers
    }
}
