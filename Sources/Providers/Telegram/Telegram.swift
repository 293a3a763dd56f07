package import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
internal import JSON
package import Messages
package import People
internal import Records
package import Telemetry
internal import Tenancy

/// A bot of Telegram: https://core.telegram.org/bots/api
package struct Telegram: ChatSending {
    package let name = "telegram"
    package let title = "Telegram"
    package let channel = Channel.telegram
    package let capabilities: Set<Capability> = [.chat]
    package let credentials = [
        CredentialField("bot_token", "The bot's token, as BotFather gives it."),
        CredentialField("secret_token", provesHooks: true, "The secret_token that setWebhook was given."),
    ]
    package let baseURL: String? = "https://api.telegram.org"
    package var endpoint: (any HookEndpoint)? { self }

    let service: MailService

    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "telegram", outbound: outbound, now: now, deadline: deadline)
    }

    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        guard let chat = Int64(message.address) else {
            return .refused(
                SendRefusal(.recipient, code: "telegram_address", detail: "The address is not a chat's id."))
        }
        let handed: MailService.HandOver
        if let file = message.file {
            handed = await hand(over: file, to: chat, message.text, access, permit)
        } else {
            let body: JSON = [
                "chat_id": .integer(chat), "text": .string(message.text),
                "link_preview_options": ["is_disabled": true],
            ]
            handed = await service.handOver(
                permit, url("sendMessage", access), [("Content-Type", "application/json")], body.bytes)
        }
        switch handed {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response)
        }
    }

    package let files: ChatFiles? = ChatFiles([
        .init("photo", ["image/jpeg", "image/png"], sizeMax: 10 << 20),
        .init("document", [""], sizeMax: 50 << 20),
    ])

    /// The file and its text are one message, taken or not in one call.
    private func hand(
        over file: OutgoingFile, to chat: Int64, _ text: String, _ access: IntegrationAccess, _ permit: Permit
    ) async -> MailService.HandOver {
        var form = MultipartForm()
        form.add("chat_id", String(chat))
        if !text.isEmpty { form.add("caption", text) }
        form.add(file.kind, fileName: file.name, mediaType: file.mediaType, file.bytes)
        let body = form.encoded, method = file.kind == "photo" ? "sendPhoto" : "sendDocument"
        return await service.withPatience.handOver(
            permit, url(method, access), [("Content-Type", body.mediaType)], body.bytes)
    }

    package let showsTyping = true

    /// Shows that we type, for five seconds or until a message comes.
    package func showTyping(to address: String, _ access: IntegrationAccess) async -> ToolFailure? {
        guard let chat = Int64(address) else { return nil }
        let body: JSON = ["chat_id": .integer(chat), "action": "typing"]
        let end = await service.inPassing.handOver(
            nil, url("sendChatAction", access), [("Content-Type", "application/json")], body.bytes)
        return switch end {
        case .answer(let response) where (200..<300).contains(response.status): nil
        case .answer(let response):
            ToolFailure(service.code(response), service.words(of: response), isRetryable: false)
        case .outcome(.later(let code, let detail, _)): ToolFailure(code, detail, isRetryable: true)
        case .outcome(.refused(let refusal)):
            ToolFailure(refusal.code, refusal.detail, isRetryable: false)
        case .outcome(.unknown(let detail)): ToolFailure("unknown", detail, isRetryable: true)
        case .outcome(.accepted): nil
        }
    }

    private func outcome(of response: HTTPClientResponse) -> SendOutcome {
        let answer = try? JSONParser.parse(response.body)
        if (200..<300).contains(response.status) {
            guard answer?["ok"] == true, let id = answer?["result"]?["message_id"]?.int,
                let chat = answer?["result"]?["chat"]?["id"]?.int
            else { return service.unknown(response) }
            // Numbers begin anew in every chat.
            return .accepted(providerID: "telegram:\(chat):\(id)")
        }
        let said = answer?["description"]?.words ?? service.words(of: response)
        switch response.status {
        case 403: return service.refused(.recipient, response, said)
        case 400 where said.contains("chat not found"): return service.refused(.recipient, response, said)
        case 401, 404: return service.refused(.account, response, said)
        default: return service.refused(.message, response, said)
        }
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await service.check(url("getMe", access), []) { answer in
            guard answer["ok"] == true, let bot = answer["result"]?["username"]?.words else {
                return service.unreadable
            }
            return .good("The token belongs to the bot @\(bot).")
        }
    }

    /// The token is part of the path: nothing logs it.
    private func url(_ method: String, _ access: IntegrationAccess) -> String {
        "\(access.baseURL)/bot\(access.credential("bot_token"))/\(method)"
    }

    package func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia {
        let told = await service.fetch("\(url("getFile", access))?file_id=\(media.id.percentEncoded)", [])
        guard case .content(let bytes) = told else { return told }
        guard let path = (try? JSONParser.parse(bytes))?["result"]?["file_path"]?.words,
            !path.contains(".."), !path.contains("?"), !path.contains("#")
        else { return .gone(detail: "Telegram does not say where the file is.") }
        let place = "\(access.baseURL)/file/bot\(access.credential("bot_token"))/\(path)"
        return await service.fetch(place, [], sizeMax: StoredFile.sizeMax)
    }
}

extension Telegram: HookEndpoint {
    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let secret = request.access.credential("secret_token")
        guard !secret.isEmpty, let given = request.header("X-Telegram-Bot-Api-Secret-Token"),
            constantTimeEqual(Array(given.utf8), Array(secret.utf8))
        else { throw .forged("The header X-Telegram-Bot-Api-Secret-Token is not this integration's.") }
        guard let body = try? JSONParser.parse(request.body), let id = body["update_id"]?.int else {
            throw .malformed("The body is not an update.")
        }
        let kinds = ["message", "edited_message", "callback_query", "my_chat_member"]
        guard let kind = kinds.first(where: { body[$0] != nil }) else { return [] }
        return [HookItem(key: hookKey("update", String(id)), type: kind, payload: body, text: request.body)]
    }
}

extension Telegram: ChatHooks {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) throws -> [ChatHookEvent] {
        let update = receipt.payload[receipt.type] ?? [:]
        switch receipt.type {
        case "message": return Self.events(of: update)
        case "callback_query":
            guard let chat = Self.chat(update["message"] ?? [:], from: update["from"] ?? [:]),
                let data = update["data"]?.words
            else { return [] }
            var said = chat
            (said.text, said.providerID) = (data, (update["id"]?.label).map { "telegram:callback:\($0)" })
            return [.received(said)]
        case "my_chat_member":
            guard let chat = update["chat"], chat["type"]?.text == "private",
                let id = chat["id"]?.int, let status = update["new_chat_member"]?["status"]?.text
            else { return [] }
            return status == "kicked"
                ? [.blocked(.telegram, address: String(id))]
                : [.unblocked(.telegram, address: String(id))]
        // A message that was edited has been answered, or is being answered: it stays as it came.
        default: return []
        }
    }

    private static func events(of message: JSON) -> [ChatHookEvent] {
        guard var chat = chat(message, from: message["from"] ?? [:]) else { return [] }
        chat.inReplyTo = (message["reply_to_message"]?["message_id"]?.int).map {
            "telegram:\(chat.address):\($0)"
        }
        if let card = message["contact"] {
            // Anybody's card can be sent; only one's own is proof.
            guard card["user_id"]?.int != nil, card["user_id"]?.int == message["from"]?["id"]?.int,
                let digits = card["phone_number"]?.label,
                let number = PhoneNumber(digits.hasPrefix("+") ? digits : "+\(digits)")?.e164
            else { return [] }
            return [.phone(chat, number: number)]
        }
        return chat.text.isEmpty ? [] : [.received(chat)]
    }

    /// Of a person who writes to the bot itself; groups are not conversations with somebody.
    private static func chat(_ message: JSON, from: JSON) -> ReceivedChat? {
        guard let room = message["chat"], room["type"]?.text == "private", let id = room["id"]?.int,
            from["is_bot"] != true
        else { return nil }
        let kinds = ["photo", "document", "voice", "audio", "video", "sticker", "location"]
        let kind = kinds.first { message[$0] != nil }
        let text = message["text"]?.words ?? message["caption"]?.words ?? kind.map { "[\($0)]" } ?? ""
        var chat = ReceivedChat(.telegram, from: String(id), text)
        let names = [from["first_name"]?.words, from["last_name"]?.words].compactMap { $0 }
        chat.name = names.isEmpty ? from["username"]?.words : names.joined(separator: " ").trimmed
        chat.providerID = (message["message_id"]?.int).map { "telegram:\(id):\($0)" }
        // Of a picture there are several sizes, the largest last.
        let part = kind.flatMap { message[$0] }.map { $0.array?.last ?? $0 }
        if let file = part?["file_id"]?.words {
            chat.media = [ChatMedia(id: file, name: part?["file_name"]?.words)]
        }
        return chat
    }
}
