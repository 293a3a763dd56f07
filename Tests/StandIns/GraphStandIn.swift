import Cryptography
package import JSON
internal import Synchronization

/// The Graph API as WhatsApp's Cloud API has it: takes messages for a number, and posts signed hooks.
package final class GraphStandIn: Sendable {
    package let token = "whatsapp-token", secret = "bureau-test-app-secret", verifyToken = "verify-1"
    package let number = "7001"
    /// The files by the ids that messages have for them.
    package let files = MediaShelf()
    /// The things that we have brought to it, by the ids that it gave.
    package let uploads = MediaShelf()
    package let service: ServiceStandIn

    package init() throws {
        let (token, number) = (token, number)
        let (files, uploads) = (files, uploads)
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(token)" else {
                return StandInAnswer(
                    401, #"{"error":{"message":"Error validating access token","code":190}}"#)
            }
            let name = request.path.split(separator: "/").last.map(String.init) ?? ""
            if let file = files[name] {
                if request.path.hasPrefix("/media/") {
                    var answer = StandInAnswer(200)
                    answer.body = file
                    return answer
                }
                let place: JSON = [
                    "id": .string(name),
                    "url": .string("http://\(request.header("Host") ?? "")/media/\(name)"),
                    "messaging_product": "whatsapp",
                ]
                return StandInAnswer(200, place.serialized)
            }
            if request.method == "POST", request.path.hasSuffix("/\(number)/media") {
                guard request.formField("messaging_product") == "whatsapp",
                    let file = request.formFile("file")
                else { return StandInAnswer(400, #"{"error":{"message":"Invalid parameter","code":100}}"#) }
                let id = "UPLOAD\(uploads.count + 1)"
                uploads[id] = file
                return StandInAnswer(200, #"{"id":"\#(id)"}"#)
            }
            guard request.path.hasSuffix("/\(number)/messages") else {
                return StandInAnswer(200, #"{"display_phone_number":"+1 555-000-0001","id":"7001"}"#)
            }
            guard let body = try? JSONParser.parse(request.body),
                let to = body["to"]?.text ?? body["recipient"]?.text,
                let name = body["biz_opaque_callback_data"]?.text
            else { return StandInAnswer(400, #"{"error":{"message":"Invalid parameter","code":100}}"#) }
            let answer: JSON = [
                "messaging_product": "whatsapp",
                "contacts": [["input": .string(to), "wa_id": .string(to)]],
                "messages": [["id": .string("wamid.\(name)")]],
            ]
            return StandInAnswer(200, answer.serialized)
        }
    }

    package var credentials: JSON {
        [
            "access_token": .string(token), "app_secret": .string(secret),
            "verify_token": .string(verifyToken),
        ]
    }
    package var settings: JSONObject { ["phone_number_id": .string(number), "waba_id": "9001"] }

    /// A refusal by its code.
    package static func fault(_ status: Int, _ code: Int) -> ServiceStandIn.Turn {
        .answer(status, #"{"error":{"message":"(#\#(code)) No","type":"OAuthException","code":\#(code)}}"#)
    }

    package func hook(_ value: JSONObject, field: String = "messages", secret: String? = nil) -> StandInHook {
        var whole: JSONObject = [
            "messaging_product": "whatsapp",
            "metadata": ["display_phone_number": "15550000001", "phone_number_id": .string(number)],
        ]
        for (name, part) in value.members { whole[name] = part }
        let body: JSON = [
            "object": "whatsapp_business_account",
            "entry": [["id": "9001", "changes": [["field": .string(field), "value": .object(whole)]]]],
        ]
        let code = Hex.encode(HMAC.sha256(key: Array((secret ?? self.secret).utf8), body.bytes))
        return StandInHook(
            [("Content-Type", "application/json"), ("X-Hub-Signature-256", "sha256=\(code)")], body.bytes)
    }

    /// Returns a message that somebody has written.
    package func message(
        _ id: String, _ text: String, from sender: String = "15550000002", name: String = "Zoë"
    ) -> StandInHook {
        message(id, ["type": "text", "text": ["body": .string(text)]], from: sender, name: name)
    }

    /// A file that somebody has sent: `document`, `image`.
    package func file(_ id: String, _ type: String, _ part: JSONObject) -> StandInHook {
        message(
            id, JSONObject([("type", .string(type)), (type, .object(part))]), from: "15550000002", name: "Zoë"
        )
    }

    private func message(
        _ id: String, _ said: JSONObject, from sender: String, name: String
    ) -> StandInHook {
        var message: JSONObject = [
            "from": .string(sender), "from_user_id": .string("US.\(sender)"), "id": .string(id),
            "timestamp": "1767225600",
        ]
        for (name, value) in said.members { message[name] = value }
        return hook([
            "contacts": [
                [
                    "profile": ["name": .string(name)], "wa_id": .string(sender),
                    "user_id": .string("US.\(sender)"),
                ]
            ],
            "messages": [.object(message)],
        ])
    }

    /// Returns a message that a person of the agency has written with the telephone's own app.
    package func echo(_ id: String, _ text: String, to: String = "15550000002") -> StandInHook {
        hook(
            [
                "message_echoes": [
                    [
                        "from": "15550000001", "to": .string(to), "id": .string(id),
                        "timestamp": "1767225600", "type": "text", "text": ["body": .string(text)],
                    ]
                ]
            ], field: "smb_message_echoes")
    }

    /// Returns the outcome of a message of ours.
    package func status(
        _ status: String, of id: String, named message: String? = nil, code: Int? = nil,
        to: String = "15550000002"
    ) -> StandInHook {
        var told: JSONObject = [
            "id": .string(id), "status": .string(status), "timestamp": "1767225605",
            "recipient_id": .string(to),
        ]
        if let message { told["biz_opaque_callback_data"] = .string(message) }
        if let code { told["errors"] = [["code": JSON(code), "title": "No"]] }
        return hook(["statuses": [.object(told)]])
    }
}

/// Files that a service keeps for whoever knows their names.
package final class MediaShelf: Sendable {
    private let files = Mutex<[String: [UInt8]]>([:])

    package var count: Int { files.withLock { $0.count } }

    package subscript(name: String) -> [UInt8]? {
        get { files.withLock { $0[name] } }
        set { files.withLock { $0[name] = newValue } }
    }
}
