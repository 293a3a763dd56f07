internal import Cryptography
package import HTTPServer
package import Integrations
internal import JSON
internal import Records
internal import Routing

/// Webhooks of an audience. They are not signed: the secret is in their address, and what they say has to be asked for.
extension Mailchimp: HookEndpoint {
    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try .ofForm(request)
    }

    /// It asks whether somebody is there before it takes the address.
    package func handshake(_ request: HookRequest) -> Response? { .acknowledging("ok") }

    package func leaver(of list: String?, _ receipt: HookReceipt) -> String? {
        guard receipt.type == "unsubscribe" || receipt.type == "cleaned",
            let form = HookForm(receipt.payload),
            form.text("data[list_id]") == list
        else { return nil }
        return form.text("data[email]").flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension [HookItem] {
    /// The one event of a form whose field `type` says what it is; repetitions are known by their bytes.
    static func ofForm(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        guard let form = FormData(request.body, contentType: request.header("Content-Type") ?? ""),
            let type = form["type"], !type.isEmpty
        else { throw .malformed("A form with the field type is needed.") }
        return [
            HookItem(
                key: Hex.encode(SHA256.hash(request.body)), type: hookType(type), payload: HookForm(form).json
            )
        ]
    }
}
