package import HTTPServer
package import Integrations
internal import JSON
package import Messages
internal import People
internal import Records
internal import Telemetry
internal import Wire

/// Events, signed over their bytes: https://developers.facebook.com/docs/graph-api/webhooks
extension WhatsApp: HookEndpoint {
    package func handshake(_ request: HookRequest) -> Response? { MetaSignature.handshake(request) }

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try MetaSignature.verify(request)
        guard let body = try? JSONParser.parse(request.body), let entries = body["entry"]?.array else {
            throw .malformed("The body has no entries.")
        }
        let number = request.access.setting("phone_number_id")
        return entries.flatMap { $0["changes"]?.array ?? [] }.flatMap { change -> [HookItem] in
            guard let value = change["value"] else { return [] }
            // Numbers of one app share an address.
            if let told = value["metadata"]?["phone_number_id"]?.label, let number, told != number {
                return []
            }
            return Self.items(of: value)
        }
    }

    /// Each message and each status by itself: a batch may repeat what came before.
    private static func items(of value: JSON) -> [HookItem] {
        let contacts = value["contacts"] ?? []
        let messages = (value["messages"]?.array ?? []).compactMap { message -> HookItem? in
            guard let id = message["id"]?.words else { return nil }
            return HookItem(
                key: hookKey("message", id), type: "message",
                payload: ["contacts": contacts, "message": message])
        }
        let echoes = (value["message_echoes"]?.array ?? []).compactMap { message -> HookItem? in
            guard let id = message["id"]?.words else { return nil }
            return HookItem(key: hookKey("echo", id), type: "echo", payload: ["message": message])
        }
        let statuses = (value["statuses"]?.array ?? []).compactMap { status -> HookItem? in
            guard let id = status["id"]?.words, let kind = status["status"]?.words else { return nil }
            return HookItem(key: hookKey("status", id, kind), type: "status", payload: ["status": status])
        }
        return messages + echoes + statuses
    }
}

extension WhatsApp: ChatHooks {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) throws -> [ChatHookEvent] {
        switch receipt.type {
        case "message": return try Self.received(receipt.payload).map { [.received($0)] } ?? []
        case "echo": return Self.echo(receipt.payload).map { [.echo($0)] } ?? []
        case "status": return Self.status(receipt.payload["status"] ?? [:]).map { [.delivery($0)] } ?? []
        default: return []
        }
    }

    private static func received(_ payload: JSON) throws -> ReceivedChat? {
        guard let message = payload["message"] else { return nil }
        let number = (message["from"]?.label).flatMap(phone)
        let user = message["from_user_id"]?.words
        guard let address = number ?? user else {
            throw MailHookFailure.unreadable("The message does not say who wrote it.")
        }
        guard let text = words(of: message) else { return nil }
        var chat = ReceivedChat(.whatsapp, from: address, text)
        chat.phone = number
        if let user, user != address { chat.aliases = [user] }
        let card = payload["contacts"]?.array?.first { card in
            card["user_id"]?.words == user || card["wa_id"]?.label == message["from"]?.label
        }
        chat.name = card?["profile"]?["name"]?.words?.trimmed
        chat.providerID = message["id"]?.words
        chat.inReplyTo = message["context"]?["id"]?.words
        if let type = message["type"]?.text, let id = message[type]?["id"]?.words {
            chat.media = [ChatMedia(id: id, name: message[type]?["filename"]?.words)]
        }
        return chat
    }

    private static func echo(_ payload: JSON) -> ReceivedChat? {
        guard let message = payload["message"], let text = words(of: message) else { return nil }
        let number = (message["to"]?.label).flatMap(phone)
        guard let address = number ?? message["to_user_id"]?.words else { return nil }
        var chat = ReceivedChat(.whatsapp, from: address, text)
        (chat.phone, chat.providerID) = (number, message["id"]?.words)
        return chat
    }

    /// In the form that contacts have.
    private static func phone(_ digits: String) -> String? {
        PhoneNumber(digits.hasPrefix("+") ? digits : "+\(digits)")?.e164
    }

    /// Returns the words of a message; `nil` where it has none, such as a reaction.
    private static func words(of message: JSON) -> String? {
        let type = message["type"]?.text ?? "text"
        let part = message[type]
        switch type {
        case "text": return part?["body"]?.words
        case "button": return part?["text"]?.words ?? part?["payload"]?.words
        case "interactive":
            return part?["button_reply"]?["title"]?.words ?? part?["list_reply"]?["title"]?.words
        case "image", "audio", "video", "document", "sticker":
            return part?["caption"]?.words ?? "[\(type)]"
        case "location":
            let place = [part?["name"]?.words, part?["address"]?.words].compactMap { $0 }
            return place.isEmpty ? "[location]" : place.joined(separator: ", ")
        case "contacts": return "[contacts]"
        default: return nil
        }
    }

    private static func status(_ status: JSON) -> DeliveryEvent? {
        let error = status["errors"]?.array?.first
        let code = (error?["code"]?.int).map { Int($0) }
        let kind: DeliveryEvent.Kind
        switch status["status"]?.text {
        case "sent": kind = .sent
        case "delivered": kind = .delivered
        case "read": kind = .opened
        case "failed": kind = code == 131026 ? .bounced : code == 131050 ? .unsubscribed : .failed
        default: return nil
        }
        var event = DeliveryEvent(kind)
        event.messageID = status["biz_opaque_callback_data"]?.id()
        event.providerID = status["id"]?.words
        event.recipient = (status["recipient_id"]?.label).flatMap(phone)
        event.at = status["timestamp"]?.moment
        let detail = error?["error_data"]?["details"]?.words ?? error?["title"]?.words
        event.detail = code.map { "whatsapp_\($0)" + (detail.map { ": \($0)" } ?? "") }
        return event
    }
}
