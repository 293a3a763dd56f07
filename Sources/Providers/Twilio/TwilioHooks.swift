internal import Cryptography
internal import HTTPServer
package import Integrations
internal import JSON
package import Messages
internal import People
internal import Records
internal import Telemetry
internal import Wire

/// Messages that come in, and what becomes of ours, as signed forms.
extension Twilio: HookEndpoint {
    /// Any other text would be sent to the person as an answer.
    package var acknowledgement: String? { "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>" }
    package var acknowledgementType: String { "text/xml; charset=utf-8" }

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let token = request.access.credential("auth_token")
        guard !token.isEmpty else { throw .forged("The integration has no auth_token.") }
        let address = Self.publicURL(request.access).map { $0 + request.target } ?? request.url
        guard TwilioSignature.isGenuine(request, at: address, by: token) else {
            throw .forged(
                "The header X-Twilio-Signature is not that of this integration's auth_token for this address: where a proxy stands before Bureau, set public_url."
            )
        }
        guard let form = FormData(request.body, contentType: request.header("Content-Type") ?? "") else {
            throw .malformed("The body is not a form.")
        }
        guard form["AccountSid"] == request.access.credential("account_sid") else {
            throw .forged("The form is of another account.")
        }
        guard let sid = form["MessageSid"] ?? form["SmsSid"], !sid.isEmpty else { return [] }
        var payload = HookForm(form).json
        if let status = form["MessageStatus"] {
            if let own = request.query.first(where: { $0.name == "message" })?.value {
                payload = payload.merging(["message": .string(own)])
            }
            return [HookItem(key: hookKey("status", sid, status), type: "status", payload: payload)]
        }
        return [HookItem(key: hookKey("message", sid), type: "message", payload: payload)]
    }
}

extension Twilio: ChatHooks {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) throws -> [ChatHookEvent] {
        guard let form = HookForm(receipt.payload) else { return [] }
        switch receipt.type {
        case "message": return Self.received(form).map { [.received($0)] } ?? []
        case "status":
            let own = receipt.payload["message"]
            return Self.deliveries(form, own).map { .delivery($0) }
        default: return []
        }
    }

    private static func received(_ form: HookForm) -> ReceivedChat? {
        // Its other channels, such as `whatsapp:+1…`, are not this one.
        guard let sender = form.text("From"), !sender.isEmpty, !sender.contains(":"),
            let sid = form.text("MessageSid") ?? form.text("SmsSid")
        else { return nil }
        let phone = PhoneNumber(sender)?.e164
        let count = min(form.text("NumMedia").flatMap { Int($0) } ?? 0, filesMax)
        let media = (0..<max(0, count)).compactMap { number in
            form.text("MediaUrl\(number)").map { ChatMedia(id: $0) }
        }
        var text = form.text("Body") ?? ""
        if text.isEmpty, !media.isEmpty {
            let kind = form.text("MediaContentType0")?.split(separator: "/").first.map(String.init)
            text = "[\(kind ?? "file")]"
        }
        let wish: ChatWish? =
            switch form.text("OptOutType") {
            case "STOP": .out
            case "START": .back
            default: nil
            }
        guard !text.isEmpty || wish != nil else { return nil }
        var chat = ReceivedChat(.sms, from: phone ?? sender, text)
        (chat.phone, chat.providerID, chat.media, chat.wish) = (phone, sid, media, wish)
        return chat
    }

    private static let filesMax = 10

    /// Returns what a status tells; steps before it was sent tell nothing.
    private static func deliveries(_ form: HookForm, _ own: JSON?) -> [DeliveryEvent] {
        let code = form.text("ErrorCode").flatMap { Int($0) }
        let kinds: [DeliveryEvent.Kind]
        switch form.text("MessageStatus") {
        case "sent": kinds = [.sent]
        case "delivered", "partially_delivered": kinds = [.delivered]
        case "read": kinds = [.delivered, .opened]
        case "undelivered", "failed":
            kinds = isNoAddress(code) ? [.bounced] : code == 21_610 ? [.failed, .unsubscribed] : [.failed]
        case "canceled": kinds = [.failed]
        default: kinds = []
        }
        return kinds.map { kind in
            var event = DeliveryEvent(kind)
            event.messageID = own?.id()
            event.providerID = form.text("MessageSid") ?? form.text("SmsSid")
            event.recipient = form.text("To").flatMap { PhoneNumber($0)?.e164 }
            event.detail = code.map { "twilio_\($0)" }
            return event
        }
    }

    /// Returns whether no text message can ever arrive there: the handset is unknown, or the line is no
    /// mobile one.
    private static func isNoAddress(_ code: Int?) -> Bool { code == 30_005 || code == 30_006 }
}
