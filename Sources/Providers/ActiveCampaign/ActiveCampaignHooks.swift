package import Integrations
internal import JSON
internal import Records

/// Webhooks of an account. They are not signed, nor sent again: the secret is in their address, what they say has to be
/// asked for, and who was missed is found by asking who has changed.
extension ActiveCampaign: HookEndpoint {
    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try .ofForm(request)
    }

    package func leaver(of list: String?, _ receipt: HookReceipt) -> String? {
        guard ["unsubscribe", "bounce"].contains(receipt.type), let form = HookForm(receipt.payload) else {
            return nil
        }
        // A bounce is about no list.
        if let told = form.text("list"), !told.isEmpty, told != "0", told != list {
            return nil
        }
        return form.text("contact[email]").flatMap { $0.isEmpty ? nil : $0 }
    }
}
