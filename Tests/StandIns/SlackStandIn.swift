import Cryptography
package import JSON
import Synchronization

/// Slack's Web API: takes posts in channels, tells who people are, and posts signed events, buttons and commands. It
/// answers 200 whatever it thinks of a request, and says so inside.
package final class SlackStandIn: Sendable {
    package let token = "xoxb-1", secret = "bureautestslacksigningsecret0001"
    package let team = "T1", channel = "C1"
    package let client = "client-1", clientSecret = "client-secret-1"
    package let service: ServiceStandIn
    private let kept: Kept

    private final class Kept: Sendable {
        let posts = Mutex<[JSON]>([])
        let answers = Mutex<[JSON]>([])
        let people = Mutex<[String: JSON]>([:])
        let scopes = Mutex(
            "chat:write,channels:history,groups:history,im:history,users:read,users:read.email,commands")
        let isMember = Mutex(true)
    }

    /// The posts in its channels, oldest first, as they were changed last.
    package var posts: [JSON] { kept.posts.withLock { $0 } }
    /// The answers to those who pressed buttons.
    package var answers: [JSON] { kept.answers.withLock { $0 } }

    package init() throws {
        let (token, team, channel) = (token, team, channel)
        let (client, clientSecret) = (client, clientSecret)
        let kept = Kept()
        self.kept = kept
        service = try ServiceStandIn { request in
            let body = (try? JSONParser.parse(request.body)) ?? [:]
            if request.path == "/response" {
                kept.answers.withLock { $0.append(body) }
                return StandInAnswer(200, "ok")
            }
            if request.path == "/oauth.v2.access" {
                let pair = Base64.encode(Array("\(client):\(clientSecret)".utf8))
                guard request.header("Authorization") == "Basic \(pair)",
                    FormPairs(request.body)["code"] == "code-1"
                else { return Self.fault("invalid_code") }
                return StandInAnswer(
                    200,
                    #"{"ok":true,"access_token":"\#(token)","token_type":"bot","bot_user_id":"UB1","team":{"id":"\#(team)","name":"Acme"}}"#
                )
            }
            guard request.header("Authorization") == "Bearer \(token)" else {
                return Self.fault("invalid_auth")
            }
            switch request.path {
            case "/auth.test":
                return StandInAnswer(
                    200,
                    #"{"ok":true,"team":"Acme","user":"bureau","team_id":"\#(team)","user_id":"UB1","bot_id":"B1"}"#,
                    headers: [("X-OAuth-Scopes", kept.scopes.withLock { $0 })])
            case "/users.info":
                guard let user = kept.people.withLock({ $0[request.query("user") ?? ""] }) else {
                    return Self.fault("user_not_found")
                }
                return StandInAnswer(200, JSON.object(["ok": true, "user": user]).serialized)
            case "/conversations.list":
                let isMember = kept.isMember.withLock { $0 }
                let list: JSON = [["id": .string(channel), "name": "staff", "is_member": .bool(isMember)]]
                return StandInAnswer(200, JSON.object(["ok": true, "channels": list]).serialized)
            case "/conversations.history":
                let place = request.query("channel")
                let found = kept.posts.withLock { $0 }.filter { $0["channel"]?.text == place }
                return StandInAnswer(
                    200, JSON.object(["ok": true, "messages": .array(found.reversed())]).serialized)
            case "/chat.postMessage": return Self.take(body, kept)
            case "/chat.update":
                let changed = kept.posts.withLock { posts -> Bool in
                    guard let place = posts.firstIndex(where: { $0["ts"] == body["ts"] }) else {
                        return false
                    }
                    posts[place] = posts[place].merging(body)
                    return true
                }
                guard changed else { return Self.fault("message_not_found") }
                return StandInAnswer(
                    200,
                    JSON.object([
                        "ok": true, "channel": body["channel"] ?? .null, "ts": body["ts"] ?? .null,
                    ]).serialized)
            default: return Self.fault("unknown_method")
            }
        }
    }

    private static func take(_ body: JSON, _ kept: Kept) -> StandInAnswer {
        guard let channel = body["channel"]?.text, channel.hasPrefix("C") else {
            return fault("channel_not_found")
        }
        guard let text = body["text"]?.text, !text.isEmpty else { return fault("no_text") }
        guard text.count <= 40_000 else { return fault("msg_too_long") }
        let ts = kept.posts.withLock { posts in
            let ts = "17672256\(10 + posts.count).000\(100 + posts.count)"
            posts.append(body.merging(["ts": .string(ts), "bot_id": "B1"]))
            return ts
        }
        let answer: JSON = ["ok": true, "channel": .string(channel), "ts": .string(ts)]
        return StandInAnswer(200, answer.serialized)
    }

    private static func fault(_ error: String) -> StandInAnswer {
        StandInAnswer(200, #"{"ok":false,"error":"\#(error)","needed":"chat:write"}"#)
    }

    /// A refusal by its word, inside an answer of 200.
    package static func refusal(_ error: String) -> ServiceStandIn.Turn { .answer(fault(error)) }

    package var credentials: JSON { ["bot_token": .string(token), "signing_secret": .string(secret)] }
    package var settings: JSONObject { ["team_id": .string(team), "channel": .string(channel)] }

    /// Tells who somebody is from now on.
    package func know(
        _ id: String, _ name: String, email: String?, team: String? = nil, isGone: Bool = false
    ) {
        let user: JSON = [
            "id": .string(id), "team_id": .string(team ?? self.team), "name": .string(name.lowercased()),
            "is_bot": false, "deleted": .bool(isGone),
            "profile": ["real_name": .string(name), "email": JSON(email)],
        ]
        kept.people.withLock { $0[id] = user }
    }

    package func grant(_ scopes: String) { kept.scopes.withLock { $0 = scopes } }
    package func leave() { kept.isMember.withLock { $0 = false } }

    /// A request as Slack makes it, signed at a time in seconds since 1970.
    package func hook(
        _ body: [UInt8], at now: Int64, type: String = "application/json", secret: String? = nil
    ) -> StandInHook {
        let signed = Array("v0:\(now):".utf8) + body
        let code = Hex.encode(HMAC.sha256(key: Array((secret ?? self.secret).utf8), signed))
        return StandInHook(
            [
                ("Content-Type", type), ("X-Slack-Request-Timestamp", "\(now)"),
                ("X-Slack-Signature", "v0=\(code)"),
            ], body)
    }

    package func event(_ id: String, _ event: JSON, at now: Int64, secret: String? = nil) -> StandInHook {
        let body: JSON = [
            "token": "t", "team_id": .string(team), "api_app_id": "A1", "event": event,
            "type": "event_callback", "event_id": .string(id), "event_time": .integer(now),
        ]
        return hook(body.bytes, at: now, secret: secret)
    }

    /// Returns a message that somebody has written in a channel.
    package func message(
        _ ts: String, _ text: String, from user: String, in channel: String = "C2", at now: Int64,
        _ more: JSONObject = [:]
    ) -> StandInHook {
        var event: JSONObject = [
            "type": "message", "channel": .string(channel), "user": .string(user), "text": .string(text),
            "ts": .string(ts), "channel_type": "channel",
        ]
        for (name, value) in more.members { event[name] = value }
        return self.event("Ev\(ts)", .object(event), at: now)
    }

    /// A button that somebody has pressed.
    package func press(
        _ action: String, _ value: String, by user: String, team: String? = nil, stamp: String, at now: Int64
    ) -> StandInHook {
        let payload: JSON = [
            "type": "block_actions", "team": ["id": .string(team ?? self.team)],
            "user": ["id": .string(user)], "channel": ["id": .string(channel)],
            "response_url": .string("\(service.url)/response"),
            "actions": [
                [
                    "action_id": .string(action), "block_id": "decision", "type": "button",
                    "value": .string(value), "action_ts": .string(stamp),
                ]
            ],
        ]
        return hook(
            FormPairs.encoded([("payload", payload.serialized)]), at: now,
            type: "application/x-www-form-urlencoded")
    }

    /// A command that somebody has typed.
    package func command(by user: String, at now: Int64) -> StandInHook {
        hook(
            FormPairs.encoded([
                ("command", "/bureau"), ("text", ""), ("team_id", team), ("channel_id", channel),
                ("user_id", user), ("response_url", "\(service.url)/response"),
                ("trigger_id", "\(now).\(user)"),
            ]), at: now, type: "application/x-www-form-urlencoded")
    }
}
