package import JSON
import Synchronization

/// Telegram's Bot API: takes messages for chats, and posts updates under a secret header.
package final class TelegramStandIn: Sendable {
    package let token = "123456:ABC", secret = "tg-secret_1"
    package let service: ServiceStandIn

    package init() throws {
        let token = token
        let last = Mutex<Int64>(100)
        service = try ServiceStandIn { request in
            guard request.path.hasPrefix("/bot\(token)/") else {
                return StandInAnswer(
                    401, #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#)
            }
            guard request.path.hasSuffix("/sendMessage") else {
                return StandInAnswer(200, #"{"ok":true,"result":{"id":123456,"username":"bureau_bot"}}"#)
            }
            guard let body = try? JSONParser.parse(request.body), let chat = body["chat_id"]?.int else {
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

    /// What somebody has written to the bot.
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
