internal import Cryptography
internal import HTTPServer
package import Integrations
internal import JSON
internal import Records
internal import Telemetry
internal import Tenancy

/// Any program that signs its requests after Standard Webhooks, with `{type, data}` as the body.
package struct GenericHooks: IntegrationProvider, HookEndpoint {
    package let name = "generic"
    package let title = "Standard Webhooks"
    package let capabilities: Set<Capability> = [.generic]
    package let credentials = [
        CredentialField(
            "secret", provesHooks: true, "The key with which the sender signs: whsec_ and base64.")
    ]
    package let settings = [
        SettingField(
            "on_event", .document(schema: ["type": "object"]), "The action for an event, by its type.")
    ]
    package let schemes: [String] = []
    package let baseURL: String? = nil
    package var endpoint: (any HookEndpoint)? { self }

    private static let tolerance: Duration = .seconds(300)

    package init() {}

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        .good("This integration cannot be asked: send an event to its hook_url to test it.")
    }

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        guard let id = request.header("webhook-id"), !id.isEmpty, id.utf8.count <= 256,
            let stamp = request.header("webhook-timestamp"), let seconds = Int64(stamp),
            let signatures = request.header("webhook-signature")
        else { throw .forged("The headers webhook-id, webhook-timestamp and webhook-signature are needed.") }
        let age = request.now - Instant(seconds: seconds)
        guard age <= Self.tolerance, age >= .zero - Self.tolerance else {
            throw .forged("It was signed too long ago, or in the future.")
        }
        guard let key = WebhookSecret(request.access.credential("secret")) else {
            throw .forged("The integration has no secret.")
        }
        let expected = Array(key.signature(id: id, timestamp: seconds, body: request.body).utf8)
        let isGenuine = Array(signatures.utf8).split(separator: UInt8(ascii: " ")).contains { given in
            constantTimeEqual(Array(given), expected)
        }
        guard isGenuine else { throw .forged("The signature is not that of this integration's secret.") }
        guard let body = try? JSONParser.parse(request.body), let type = body["type"]?.text,
            !type.isEmpty, type.utf8.count <= 200
        else { throw .malformed("The body must be {\"type\": …, \"data\": …}.") }
        return [HookItem(key: id, type: type, payload: body, text: request.body)]
    }
}
