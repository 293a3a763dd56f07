import Cryptography
package import JSON
import Synchronization

/// The Graph API as Messenger and Instagram have it: takes messages to who has written, and posts signed hooks.
package final class MetaStandIn: Sendable {
    package enum Kind: String, Sendable { case messenger, instagram }

    package let token = "EAAtest", secret = "bureau-test-app-secret", verifyToken = "verify-1"
    package let own = "5001", app = "4242"
    package let kind: Kind
    /// The files by the names that stand in their addresses.
    package let files = MediaShelf()
    package let service: ServiceStandIn
    private let kept: Kept

    private final class Kept: Sendable {
        let messages = Mutex<[JSON]>([])
        let fields = Mutex<[String]?>(nil)
        let names = Mutex<[String: String]>([:])
        let answers = Mutex<[(comment: String, text: String)]>([])
    }

    /// The messages that it has taken, as they came.
    package var taken: [JSON] { kept.messages.withLock { $0 } }

    /// The answers to comments, with the comment's name.
    package var answers: [(comment: String, text: String)] { kept.answers.withLock { $0 } }

    package init(_ kind: Kind, login: MetaLoginShelf? = nil) throws {
        let (token, own, secret) = (token, own, secret)
        let files = files, kept = Kept()
        (self.kind, self.kept) = (kind, kept)
        service = try ServiceStandIn { request in
            if let answer = login?.answer(request, token) { return answer }
            if request.path.hasPrefix("/media/") {
                // Anybody who has the address gets the file; a token has no business there.
                guard request.header("Authorization") == nil else { return StandInAnswer(400) }
                var answer = StandInAnswer(200)
                answer.body = files[request.path.split(separator: "/").last.map(String.init) ?? ""] ?? []
                return answer
            }
            guard request.header("Authorization") == "Bearer \(token)" else {
                return Self.refusal(401, 190, nil, "Error validating access token")
            }
            let proof = Hex.encode(HMAC.sha256(key: Array(secret.utf8), Array(token.utf8)))
            guard kind == .instagram || request.query("appsecret_proof") == proof else {
                return Self.refusal(400, 100, nil, "API calls from the server require an appsecret_proof")
            }
            switch (request.method, request.path) {
            case ("POST", "/\(own)/messages"): return Self.take(request, kept)
            case ("GET", "/\(own)"):
                return StandInAnswer(200, #"{"name":"Acme","username":"acme","id":"5001"}"#)
            case ("GET", "/\(own)/subscribed_apps"), ("GET", "/me/subscribed_apps"):
                let fields = kept.fields.withLock { $0 } ?? ["messages", "messaging_postbacks"]
                let answer: JSON = ["data": [["id": "4242", "subscribed_fields": JSON(fields)]]]
                return StandInAnswer(200, answer.serialized)
            case ("POST", let path) where path.hasSuffix(kind == .messenger ? "/comments" : "/replies"):
                return Self.answer(request, kept)
            default:
                let person = request.path.split(separator: "/").last.map(String.init) ?? ""
                guard let name = kept.names.withLock({ $0[person] }) else {
                    return Self.refusal(400, 100, 33, "Object does not exist")
                }
                let words = name.split(separator: " ").map(String.init)
                let answer: JSON = [
                    "first_name": JSON(words.first), "last_name": JSON(words.dropFirst().first),
                    "name": .string(name), "username": .string(name.lowercased()), "id": .string(person),
                ]
                return StandInAnswer(200, answer.serialized)
            }
        }
    }

    private static func take(_ request: ReceivedRequest, _ kept: Kept) -> StandInAnswer {
        guard let body = try? JSONParser.parse(request.body), let to = body["recipient"]?["id"]?.text else {
            return refusal(400, 100, nil, "Invalid parameter")
        }
        guard body["message"] != nil else { return StandInAnswer(200, #"{"recipient_id":"\#(to)"}"#) }
        // A tag without its type, or a type without its tag, is no request of theirs.
        guard (body["messaging_type"] == "MESSAGE_TAG") == (body["tag"] == "HUMAN_AGENT") else {
            return refusal(400, 100, nil, "(#100) Invalid messaging_type")
        }
        let count = kept.messages.withLock { messages in
            messages.append(body)
            return messages.count
        }
        return StandInAnswer(200, #"{"recipient_id":"\#(to)","message_id":"m_out_\#(count)"}"#)
    }

    private static func answer(_ request: ReceivedRequest, _ kept: Kept) -> StandInAnswer {
        let comment = request.path.split(separator: "/").dropLast().last.map(String.init) ?? ""
        guard let text = (try? JSONParser.parse(request.body))?["message"]?.text, !text.isEmpty else {
            return refusal(400, 100, nil, "Invalid parameter")
        }
        let count = kept.answers.withLock { answers in
            answers.append((comment, text))
            return answers.count
        }
        return StandInAnswer(200, #"{"id":"answer_\#(count)"}"#)
    }

    private static func refusal(_ status: Int, _ code: Int, _ subcode: Int?, _ words: String) -> StandInAnswer
    {
        var error: JSONObject = [
            "message": .string(words), "type": "OAuthException", "code": JSON(code), "fbtrace_id": "A1",
        ]
        if let subcode { error["error_subcode"] = JSON(subcode) }
        return StandInAnswer(status, JSON.object(["error": .object(error)]).serialized)
    }

    /// A refusal by its codes.
    package static func fault(_ status: Int, _ code: Int, _ subcode: Int? = nil) -> ServiceStandIn.Turn {
        .answer(refusal(status, code, subcode, "(#\(code)) No"))
    }

    /// Tells what somebody is called from now on.
    package func call(_ person: String, _ name: String) { kept.names.withLock { $0[person] = name } }
    /// Sets what the app is subscribed to.
    package func subscribe(_ fields: [String]) { kept.fields.withLock { $0 = fields } }

    package var credentials: JSON {
        [
            "access_token": .string(token), "app_secret": .string(secret),
            "verify_token": .string(verifyToken),
        ]
    }
    package var settings: JSONObject {
        [kind == .messenger ? "page_id" : "ig_id": .string(own), "app_id": .string(app)]
    }

    package func hook(_ body: [UInt8], secret: String? = nil) -> StandInHook {
        let code = Hex.encode(HMAC.sha256(key: Array((secret ?? self.secret).utf8), body))
        return StandInHook(
            [("Content-Type", "application/json"), ("X-Hub-Signature-256", "sha256=\(code)")], body)
    }

    /// Returns an event in the messages of its page or account. `at`: seconds since 1970.
    package func event(
        _ what: JSONObject, from sender: String = "PSID1", at: Int64, isOurs: Bool = false,
        list: String = "messaging", secret: String? = nil
    ) -> StandInHook {
        var event: JSONObject = [
            "sender": ["id": .string(isOurs ? own : sender)],
            "recipient": ["id": .string(isOurs ? sender : own)], "timestamp": .integer(at * 1000),
        ]
        for (name, value) in what.members { event[name] = value }
        let body: JSON = [
            "object": kind == .messenger ? "page" : "instagram",
            "entry": [["id": .string(own), "time": .integer(at * 1000), list: [.object(event)]]],
        ]
        return hook(body.bytes, secret: secret)
    }

    /// Returns a message that somebody has written.
    package func message(
        _ id: String, _ text: String, from sender: String = "PSID1", at: Int64, _ more: JSONObject = [:]
    ) -> StandInHook {
        var message: JSONObject = ["mid": .string(id)]
        if !text.isEmpty { message["text"] = .string(text) }
        for (name, value) in more.members { message[name] = value }
        return event(["message": .object(message)], from: sender, at: at)
    }

    /// A comment that somebody, or the page itself, has written below a post.
    package func comment(
        _ id: String, _ text: String, from person: String = "PSID1", named name: String = "Ann Lee",
        at: Int64, verb: String = "add", secret: String? = nil
    ) -> StandInHook {
        let isPage = kind == .messenger
        var value: JSONObject = [
            "from": ["id": .string(person), isPage ? "name" : "username": .string(name)],
            isPage ? "comment_id" : "id": .string(id), isPage ? "message" : "text": .string(text),
        ]
        if isPage {
            value["item"] = "comment"
            value["verb"] = .string(verb)
            value["post_id"] = .string("\(own)_77")
            value["created_time"] = .integer(at)
        } else {
            value["media"] = ["id": "M1"]
        }
        let change: JSON = ["field": isPage ? "feed" : "comments", "value": .object(value)]
        let body: JSON = [
            "object": isPage ? "page" : "instagram",
            "entry": [["id": .string(own), "time": .integer(at), "changes": [change]]],
        ]
        return hook(body.bytes, secret: secret)
    }

    /// A file that somebody has sent, or a story that names us: `image`, `story_mention`.
    package func file(_ id: String, _ type: String, at place: String, sent: Int64) -> StandInHook {
        message(
            id, "", at: sent,
            ["attachments": [["type": .string(type), "payload": ["url": .string(place)]]]])
    }

    /// Returns a message from our side: by a person in the app, or by us.
    package func echo(
        _ id: String, _ text: String, to person: String = "PSID1", at: Int64, metadata: String? = nil,
        app: String? = nil
    ) -> StandInHook {
        var message: JSONObject = ["mid": .string(id), "is_echo": true, "text": .string(text)]
        if let metadata { message["metadata"] = .string(metadata) }
        if let app { message["app_id"] = .string(app) }
        return event(["message": .object(message)], from: person, at: at, isOurs: true)
    }
}
