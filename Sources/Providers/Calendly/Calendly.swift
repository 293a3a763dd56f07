internal import Cryptography
package import HTTPClient
package import Integrations
internal import JSON
package import Telemetry

/// Calendly: https://developer.calendly.com. Meetings that prospects book come in through its endpoint.
package struct Calendly: IntegrationProvider, HookEndpoint {
    package let name = "calendly"
    package let title = "Calendly"
    package let capabilities: Set<Capability> = [.scheduling]
    package let credentials = [
        CredentialField("token", required: false, "A personal access token; to test the connection."),
        CredentialField(
            "webhook_signing_key", provesHooks: true, "The key with which the webhook subscription signs."),
    ]
    package let baseURL: String? = "https://api.calendly.com"
    package var endpoint: (any HookEndpoint)? { self }

    private let service: MailService
    private static let ageMax: Duration = .seconds(180)

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(15)
    ) {
        service = MailService(name: "calendly", outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        guard !access.credential("token").isEmpty else {
            return .unclear(
                code: "no_token",
                detail: "Calendly cannot be asked without a token: book a meeting to test the webhook.")
        }
        let headers = [
            (name: "Authorization", value: "Bearer \(access.credential("token"))"),
            (name: "Accept", value: "application/json"),
        ]
        return await service.check("\(access.baseURL)/users/me", headers) { body in
            guard let name = body["resource"]?["name"]?.words else { return service.unreadable }
            return .good("Signed in as \(name).")
        }
    }

    /// `Calendly-Webhook-Signature: t=…,v1=…`: HMAC-SHA256 over time, a point and the body, by the signing key.
    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let key = request.access.credential("webhook_signing_key")
        guard !key.isEmpty else { throw .forged("The integration has no webhook_signing_key.") }
        var stamp: Substring?, codes: [[UInt8]] = []
        for part in (request.header("Calendly-Webhook-Signature") ?? "").split(separator: ",") {
            let halves = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { continue }
            if halves[0] == "t" { stamp = halves[1] }
            if halves[0] == "v1", let code = Hex.decode(halves[1]) { codes.append(code) }
        }
        guard let stamp, let seconds = Int64(stamp), !codes.isEmpty else {
            throw .forged("The header Calendly-Webhook-Signature is needed, with t and v1.")
        }
        let age = request.now - Instant(seconds: seconds)
        guard age <= Self.ageMax, age >= .zero - Self.ageMax else {
            throw .forged("It was signed too long ago, or in the future.")
        }
        let expected = HMAC.sha256(key: Array(key.utf8), Array("\(stamp).".utf8) + request.body)
        guard codes.contains(where: { constantTimeEqual($0, expected) }) else {
            throw .forged("The signature is not that of this integration's key.")
        }
        guard let body = try? JSONParser.parse(request.body), let event = body["event"]?.words,
            let subject = body["payload"]?["uri"]?.words
        else { throw .malformed("The body has no event or no invitee.") }
        // It numbers no events.
        let item = HookItem(
            key: hookKey(event, subject, body["created_at"]?.text), type: hookType(event), payload: body)
        return [item]
    }
}
