import Cryptography
package import JSON
import Synchronization

/// Postmark: takes mails, finds them by their metadata, and posts hooks with a name and a password.
package final class PostmarkStandIn: Sendable {
    package let serverToken = "postmark-token", username = "bureau", password = "s3cret"
    package let service: ServiceStandIn

    package init() throws {
        let (token, known) = (serverToken, Known())
        service = try ServiceStandIn { request in
            guard request.header("X-Postmark-Server-Token") == token else {
                return StandInAnswer(401, Self.fault(10, "The Server Token you provided was invalid."))
            }
            switch (request.method, request.path) {
            case ("POST", "/email"):
                guard let mail = try? JSONParser.parse(request.body), let to = mail["To"]?.text else {
                    return StandInAnswer(422, Self.fault(402, "Invalid JSON"))
                }
                let id = known.note(mail["Metadata"]?["bureau_id"]?.text ?? "")
                let answer: JSON = [
                    "To": .string(to), "SubmittedAt": "2026-01-01T00:00:00.0000000Z",
                    "MessageID": .string(id),
                    "ErrorCode": 0, "Message": "OK",
                ]
                return StandInAnswer(200, answer.serialized)
            case ("GET", "/messages/outbound"):
                let found = known.ids.withLock { $0[request.query("metadata_bureau_id") ?? ""] }
                let messages = found.map { JSON.array([["MessageID": .string($0)]]) } ?? []
                let answer: JSON = ["TotalCount": found == nil ? 0 : 1, "Messages": messages]
                return StandInAnswer(200, answer.serialized)
            case ("GET", "/server"): return StandInAnswer(200, #"{"ID":23,"Name":"Acme","Color":"blue"}"#)
            default: return StandInAnswer(404, "")
            }
        }
    }

    private final class Known: Sendable {
        let ids = Mutex<[String: String]>([:])

        func note(_ name: String) -> String {
            ids.withLock { ids in
                let id = "883953f4-6105-42a2-a16a-\(100_000_000_000 + ids.count)"
                ids[name] = id
                return id
            }
        }
    }

    package static func fault(_ code: Int, _ message: String) -> String {
        JSON.object(["ErrorCode": JSON(code), "Message": .string(message)]).serialized
    }

    /// An event or a mail, as Postmark has it.
    package func hook(_ body: JSON, password: String? = nil) -> StandInHook {
        let pair = Base64.encode("\(username):\(password ?? self.password)".utf8)
        return StandInHook(
            [("Content-Type", "application/json"), ("Authorization", "Basic \(pair)")], body.bytes)
    }
}
