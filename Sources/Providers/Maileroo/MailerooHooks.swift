internal import Cryptography
package import Integrations
internal import JSON
internal import Telemetry

/// Events, one or several, signed over the bytes as they came; and mail, which nobody signs.
extension Maileroo: HookEndpoint {
    private static let ageMax: Duration = .seconds(2 * 86_400), aheadMax: Duration = .seconds(300)

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let secret = request.access.credential("webhook_secret")
        guard !secret.isEmpty else { throw .forged("The integration has no webhook_secret.") }
        guard let given = request.header("x-maileroo-signature") else { return [try mail(request)] }
        var digits = given.filter { $0 != " " }[...]
        if digits.lowercased().hasPrefix("sha256=") { digits = digits.dropFirst(7) }
        let expected = HMAC.sha256(key: Array(secret.utf8), request.body)
        guard let code = Hex.decode(digits), constantTimeEqual(code, expected) else {
            throw .forged("The signature is not that of this integration's secret.")
        }
        guard let body = try? JSONParser.parse(request.body) else {
            throw .malformed("The body is not JSON.")
        }
        var items: [HookItem] = []
        for event in body.array ?? [body] {
            guard let id = event["event_id"]?.label else { throw .malformed("An event has no event_id.") }
            // The time is part of what is signed, but not when it was signed.
            guard let moment = event["event_time"]?.moment, request.now - moment <= Self.ageMax,
                moment - request.now <= Self.aheadMax
            else { throw .forged("It tells of something too long ago, or in the future.") }
            items.append(
                HookItem(key: hookKey(id), type: hookType(event["event_type"]?.text), payload: event))
        }
        return items
    }

    /// Mail that names a place where it can be proven to be real, which happens before it is read. Without the
    /// right place it cannot be.
    private func mail(_ request: HookRequest) throws(HookRefusal) -> HookItem {
        guard let body = try? JSONParser.parse(request.body), let id = body["_id"]?.words,
            let proof = body["validation_url"]?.text,
            FetchAllowance(Self.inbound(request.access)).allows(proof)
        else { throw .forged("It has neither a signature nor a validation_url of Maileroo's.") }
        return HookItem(key: hookKey(id), type: "inbound", payload: body)
    }

    static func inbound(_ access: IntegrationAccess) -> String {
        access.setting("inbound_url") ?? "https://inbound-api.maileroo.net"
    }
}
