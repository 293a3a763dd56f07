internal import Cryptography
package import HTTPServer
package import Integrations
internal import JSON
package import Messages
internal import People
internal import Records
internal import Telemetry

/// Events, buttons and commands, all signed alike: https://api.slack.com/authentication/verifying-requests-from-slack
extension Slack: HookEndpoint {
    private static let tolerance: Duration = .seconds(300)

    /// Buttons and commands want an empty answer: anything else would be shown.
    package func acknowledgement(of request: HookRequest) -> String? { Self.isForm(request) ? "" : nil }

    private static func isForm(_ request: HookRequest) -> Bool {
        request.header("Content-Type")?.hasPrefix("application/x-www-form-urlencoded") == true
    }

    /// `v0=`, HMAC-SHA256 over the time and the bytes as they came.
    private static func verify(_ request: HookRequest) throws(HookRefusal) {
        let secret = request.access.credential("signing_secret")
        guard !secret.isEmpty else { throw .forged("The integration has no signing_secret.") }
        guard let stamp = request.header("X-Slack-Request-Timestamp"), let seconds = Int64(stamp),
            let given = request.header("X-Slack-Signature"), given.hasPrefix("v0="),
            let code = Hex.decode(String(given.dropFirst(3)))
        else { throw .forged("The headers X-Slack-Signature and X-Slack-Request-Timestamp are needed.") }
        let expected = HMAC.sha256(key: Array(secret.utf8), Array("v0:\(stamp):".utf8) + request.body)
        guard constantTimeEqual(code, expected) else {
            throw .forged("The signature is not that of this integration's secret.")
        }
        guard let age = age(of: seconds, request.now), age <= tolerance else {
            throw .forged("It was signed too long ago, or in the future.")
        }
    }

    package func reply(to request: HookRequest) throws(HookRefusal) -> Response? {
        guard !Self.isForm(request), let body = try? JSONParser.parse(request.body),
            body["type"]?.text == "url_verification", let challenge = body["challenge"]?.words
        else { return nil }
        try Self.verify(request)
        return .acknowledging(challenge)
    }

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try Self.verify(request)
        guard Self.isForm(request) else { return try Self.event(request) }
        guard let form = FormData(request.body, contentType: request.header("Content-Type") ?? "") else {
            throw .malformed("The body is not a form.")
        }
        if let text = form["payload"] {
            guard let payload = try? JSONParser.parse(Array(text.utf8)) else {
                throw .malformed("The payload is not JSON.")
            }
            guard payload["type"]?.text == "block_actions" else { return [] }
            return (payload["actions"]?.array ?? []).prefix(1).map { action in
                HookItem(
                    key: hookKey(
                        "action", payload["user"]?["id"]?.text, action["action_ts"]?.text,
                        action["action_id"]?.text, action["value"]?.text), type: "block_actions",
                    payload: payload)
            }
        }
        guard form["command"] != nil else { return [] }
        return [
            HookItem(
                key: hookKey("command", form["trigger_id"]), type: "command", payload: HookForm(form).json)
        ]
    }

    private static func event(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        guard let body = try? JSONParser.parse(request.body), let type = body["type"]?.words else {
            throw .malformed("The body is not an event.")
        }
        guard type == "event_callback", let event = body["event"], let id = body["event_id"]?.words else {
            return []
        }
        // In a shared channel the event may be another workspace's; the app is installed in this one.
        let team = body["authorizations"]?.array?.first?["team_id"]?.words ?? body["team_id"]?.words
        guard team == request.access.setting("team_id") else { return [] }
        return [HookItem(key: hookKey("event", id), type: hookType(event["type"]?.text), payload: body)]
    }
}

extension Slack: ChatHooks {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) throws -> [ChatHookEvent] {
        let payload = receipt.payload
        switch receipt.type {
        case "message", "app_mention":
            return said(payload["event"] ?? [:], access).map { [.received($0)] } ?? []
        case "tokens_revoked", "app_uninstalled":
            return [.gone(code: "slack_\(receipt.type)", detail: "The app was removed from the workspace.")]
        case "block_actions":
            guard let action = payload["actions"]?.array?.first, let user = payload["user"]?["id"]?.words
            else { return [] }
            var press = StaffPress(
                user: user, workspace: payload["team"]?["id"]?.words ?? payload["user"]?["team_id"]?.words)
            press.action = action["action_id"]?.words ?? ""
            press.value = action["value"]?.words ?? ""
            press.answerAt = payload["response_url"]?.words
            return [.pressed(press)]
        case "command":
            guard let form = HookForm(payload), let user = form.text("user_id") else { return [] }
            var press = StaffPress(user: user, workspace: form.text("team_id"))
            (press.action, press.value) = (StaffPress.ask, form.text("text") ?? "")
            press.answerAt = form.text("response_url")
            return [.pressed(press)]
        default: return []
        }
    }

    /// Returns words that somebody has said in a channel that is not the staff's: our own, changes and those of
    /// machines are none.
    private func said(_ event: JSON, _ access: IntegrationAccess) -> ReceivedChat? {
        let kinds = ["file_share", "thread_broadcast"]
        guard let channel = event["channel"]?.words, let user = event["user"]?.words,
            let ts = event["ts"]?.words, event["bot_id"] == nil, event["bot_profile"] == nil,
            event["subtype"]?.text.map({ kinds.contains($0) }) ?? true,
            channel != access.setting("channel"), event["channel_type"]?.text != "im",
            let team = access.setting("team_id")
        else { return nil }
        let files = (event["files"]?.array ?? []).prefix(10).compactMap { file in
            file["url_private"]?.words.map { ChatMedia(id: $0, name: file["name"]?.words) }
        }
        let text = SlackText.plain(event["text"]?.text ?? "").trimmed
        guard !text.isEmpty || !files.isEmpty else { return nil }
        var chat = ReceivedChat(.slack, from: "\(team)/\(channel)/\(user)", text.isEmpty ? "[file]" : text)
        // One message may come as two events.
        chat.providerID = "slack:\(channel):\(ts)"
        chat.media = Array(files)
        return chat
    }
}
