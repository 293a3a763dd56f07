package import JSON
import Synchronization

/// Telegram's Bot API: takes messages for chats, and posts updates under a secret header.
package final class TelegramStandIn: Sendable {
    package let token = "123456:ABC", secret = "tg-secret_1"
    /// The files by the ids that messages have for them.
    package let files = MediaShelf()
    package let service: ServiceStandIn

    package init() throws {
        let (token, files) = (token, files)
        let last = Mutex<Int64>(100)
        service = try ServiceStandIn { request in
            if request.path.hasPrefix("/file/bot\(token)/") {
                var answer = StandInAnswer(200)
                answer.body = files[request.path.split(separator: "/").last.map(String.init) ?? ""] ?? []
                return answer
            }
            guard request.path.hasPrefix("/bot\(token)/") else {
                return StandInAnswer(
                    401, #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#)
            }
            if request.path.hasSuffix("/sendChatAction") {
                return StandInAnswer(200, #"{"ok":true,"result":true}"#)
            }
            if request.path.hasSuffix("/getFile"), let name = request.query("file_id"), files[name] != nil {
                return StandInAnswer(
                    200, #"{"ok":true,"result":{"file_id":"\#(name)","file_path":"\#(name)"}}"#)
            }
            let isFile = request.path.hasSuffix("/sendDocument") || request.path.hasSuffix("/sendPhoto")
            guard request.path.hasSuffix("/sendMessage") || isFile else {
                return StandInAnswer(200, #"{"ok":true,"result":{"id":123456,"username":"bureau_bot"}}"#)
            }
            let body = try? JSONParser.parse(request.body)
            guard
                let chat = isFile
                    ? request.formField("chat_id").flatMap({ Int64($0) }) : body?["chat_id"]?.int
            else {
                return StandInAnswer(
                    400, #"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#)
            }
            let id = last.withLock { last in
                last += 1
                return last
            }
            let answer: JSON = [
                "ok": true,
                "result": ["message_id": .integer(id), "chat": ["id": .integer(chat), "type": "private"]],
            ]
            return StandInAnswer(200, answer.serialized)
        }
    }

    package var credentials: JSON { ["bot_token": .string(token), "secret_token": .string(secret)] }

    package func hook(_ id: Int64, _ update: JSONObject, secret: String? = nil) -> StandInHook {
        var body: JSONObject = ["update_id": .integer(id)]
        for (name, part) in update.members { body[name] = part }
        return StandInHook(
            [
                ("Content-Type", "application/json"),
                ("X-Telegram-Bot-Api-Secret-Token", secret ?? self.secret),
            ], JSON.object(body).bytes)
    }

    /// Returns a message that somebody has written to the bot.
    package func message(
        _ id: Int64, _ text: String, chat: Int64 = 42, _ more: JSONObject = [:]
    )
        -> StandInHook
    {
        var message: JSONObject = [
            "message_id": .integer(id), "from": ["id": .integer(chat), "is_bot": false, "first_name": "Ann"],
            "chat": ["id": .integer(chat), "type": "private", "first_name": "Ann"], "date": 1_767_225_600,
        ]
        if !text.isEmpty { message["text"] = .string(text) }
        for (name, part) in more.members { message[name] = part }
        return hook(900 + id, ["message": .object(message)])
    }
}
