package import HTTPServer
package import Integrations
internal import JSON
package import Messages
internal import People
internal import Records
internal import Telemetry

/// Events in a page's or an account's messages, signed over their bytes.
extension MetaChat: HookEndpoint {
    package func handshake(_ request: HookRequest) -> Response? { MetaSignature.handshake(request) }

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try MetaSignature.verify(request)
        guard let body = try? JSONParser.parse(request.body), let entries = body["entry"]?.array else {
            throw .malformed("The body has no entries.")
        }
        // Pages and accounts of one app share an address.
        guard body["object"]?.text == (channel == .instagram ? "instagram" : "page") else { return [] }
        let own = request.access.setting(own)
        return entries.filter { own == nil || $0["id"]?.label == own }.flatMap { entry -> [HookItem] in
            (entry["messaging"]?.array ?? []).compactMap { Self.item(of: $0) }
                + (entry["changes"]?.array ?? []).compactMap { comment($0, of: entry) }
                + (entry["standby"]?.array ?? []).compactMap { event in
                    // Another app has the thread: what is said there is not ours to answer.
                    Self.item(of: event).map {
                        HookItem(key: hookKey("standby", $0.key), type: "standby", payload: event)
                    }
                }
        }
    }

    private static func item(of event: JSON) -> HookItem? {
        let (sender, at) = (event["sender"]?["id"]?.label, event["timestamp"]?.label)
        func item(_ type: String, _ id: String?) -> HookItem {
            HookItem(
                key: id.map { hookKey(type, $0) } ?? hookKey(type, sender, at), type: type, payload: event)
        }
        if let message = event["message"] {
            guard let id = message["mid"]?.words else { return nil }
            if message["is_deleted"] == true { return item("deleted", id) }
            return item(message["is_echo"] == true ? "echo" : "message", id)
        }
        if let postback = event["postback"] { return item("postback", postback["mid"]?.words) }
        if let read = event["read"] {
            return item(
                "read", read["mid"]?.words ?? "\(sender ?? ""):\(read["watermark"]?.label ?? at ?? "")")
        }
        if let delivery = event["delivery"] {
            return item("delivery", "\(sender ?? ""):\(delivery["watermark"]?.label ?? at ?? "")")
        }
        if event["referral"] != nil { return item("referral", nil) }
        return event["reaction"] != nil ? item("reaction", nil) : nil
    }
}

extension MetaChat: ChatHooks {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) throws -> [ChatHookEvent] {
        let event = receipt.payload
        switch receipt.type {
        case "comment": return try comment(in: event).map { [.received($0)] } ?? []
        case "message": return try received(event, event["message"] ?? [:]).map { [.received($0)] } ?? []
        case "postback":
            let postback = event["postback"] ?? [:]
            guard let text = postback["title"]?.words ?? postback["payload"]?.words else { return [] }
            var chat = try chat(event, text, from: "sender")
            chat.providerID = postback["mid"]?.words
            note(postback["referral"], &chat)
            return [.received(chat)]
        case "echo":
            let message = event["message"] ?? [:]
            guard let text = words(of: message) else { return [] }
            var chat = try chat(event, text, from: "recipient")
            chat.providerID = message["mid"]?.words
            chat.ownID = message["metadata"]?.id()
            let app = message["app_id"]?.label
            chat.isAutomatic = app != nil && app == access.setting("app_id")
            return [.echo(chat)]
        case "referral":
            var chat = try chat(event, "", from: "sender")
            note(event["referral"], &chat)
            // An ad that somebody followed opens the way; a mere link does not.
            return chat.freeFor == nil ? [] : [.opened(chat)]
        case "read": return try seen(event, event["read"] ?? [:], .opened)
        case "delivery": return try seen(event, event["delivery"] ?? [:], .delivered)
        default: return []
        }
    }

    private func received(_ event: JSON, _ message: JSON) throws -> ReceivedChat? {
        guard let text = words(of: message) else { return nil }
        var chat = try chat(event, text, from: "sender")
        chat.providerID = message["mid"]?.words
        chat.inReplyTo = message["reply_to"]?["mid"]?.words
        chat.media = (message["attachments"]?.array ?? []).prefix(Self.filesMax).compactMap { attachment in
            guard Self.files.contains(attachment["type"]?.text ?? "") else { return nil }
            return attachment["payload"]?["url"]?.words.map { ChatMedia(id: $0) }
        }
        note(message["referral"] ?? event["referral"], &chat)
        return chat
    }

    private static let filesMax = 10
    private static let files: Set = ["image", "audio", "video", "file", "story_mention", "ig_story"]

    /// Returns words of somebody's, as of the event's own time: hooks may come hours late.
    private func chat(_ event: JSON, _ text: String, from side: String) throws -> ReceivedChat {
        let other = side == "sender" ? "recipient" : "sender"
        guard let person = event[side]?["id"]?.label, let own = event[other]?["id"]?.label else {
            throw MailHookFailure.unreadable("The event does not say who wrote it, and to whom.")
        }
        var chat = ReceivedChat(channel, from: "\(own)/\(person)", text)
        chat.at = event["timestamp"].flatMap(Self.moment)
        return chat
    }

    /// Notes an ad that was followed: whoever comes by one may be written to for a week.
    private func note(_ referral: JSON?, _ chat: inout ReceivedChat) {
        guard referral?["source"]?.text == "ADS" else { return }
        chat.freeFor = .seconds(7 * 86_400)
    }

    /// Moments are milliseconds here, and seconds in WhatsApp.
    static func moment(_ value: JSON) -> Instant? {
        guard let milliseconds = value.int ?? value.text.flatMap({ Int64($0) }), milliseconds > 0,
            milliseconds < 100_000_000_000_000
        else { return nil }
        return Instant(microseconds: milliseconds * 1000)
    }

    /// Returns what a message says; `nil` where it says nothing.
    private func words(of message: JSON) -> String? {
        if let text = message["text"]?.words { return text }
        guard let type = message["attachments"]?.array?.first?["type"]?.text, !type.isEmpty else {
            return nil
        }
        return "[\(type.prefix(40).split(separator: "_").joined(separator: " "))]"
    }

    /// Returns what was read or has arrived: the named messages, or all up to a moment.
    private func seen(
        _ event: JSON, _ told: JSON, _ kind: DeliveryEvent.Kind
    ) throws -> [ChatHookEvent] {
        let at = event["timestamp"].flatMap(Self.moment)
        let names = told["mid"]?.words.map { [$0] } ?? told["mids"]?.array?.compactMap(\.words) ?? []
        if !names.isEmpty {
            return names.prefix(100).map { name in
                var event = DeliveryEvent(kind)
                (event.providerID, event.at) = (name, at)
                return .delivery(event)
            }
        }
        guard let until = (told["watermark"] ?? event["timestamp"]).flatMap(Self.moment) else { return [] }
        return [.seen(try chat(event, "", from: "sender"), kind, until: until)]
    }
}
