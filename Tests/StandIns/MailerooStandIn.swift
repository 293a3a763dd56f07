import Cryptography
package import JSON
import Synchronization

/// Maileroo: takes mails, signs its events, and proves once that a mail it has posted is its own.
package final class MailerooStandIn: Sendable {
    package let sendingKey = "maileroo-key", secret = "bureau-test-maileroo-secret"
    package let service: ServiceStandIn
    private let posted: Posted

    package init() throws {
        let (key, posted) = (sendingKey, Posted())
        self.posted = posted
        service = try ServiceStandIn { request in
            let parts = request.path.split(separator: "/").map(String.init)
            switch (request.method, parts.first) {
            case ("GET", "validate-callback"?):
                let isGenuine = posted.state.withLock { $0.proofs.remove(request.path) != nil }
                return StandInAnswer(isGenuine ? 200 : 404, #"{"success":\#(isGenuine)}"#)
            case ("GET", "files"?):
                guard let file = posted.state.withLock({ $0.files[request.path] }) else {
                    return StandInAnswer(404)
                }
                var answer = StandInAnswer(200)
                answer.body = file
                return answer
            case _ where request.header("Authorization") != "Bearer \(key)":
                return StandInAnswer(401, Self.fault("Invalid API key."))
            case ("POST", "emails"?):
                let reference = (try? JSONParser.parse(request.body))?["reference_id"]?.text ?? ""
                let data = #"{"reference_id":"\#(reference)"}"#
                return StandInAnswer(
                    200,
                    #"{"success":true,"message":"The email has been scheduled for delivery.","data":\#(data)}"#
                )
            case ("GET", "emails"?):
                return StandInAnswer(200, #"{"success":true,"message":"","data":{"results":[]}}"#)
            default: return StandInAnswer(404, Self.fault("Not found."))
            }
        }
    }

    private final class Posted: Sendable {
        struct State {
            var proofs: Set<String> = []
            var files: [String: [UInt8]] = [:]
        }

        let state = Mutex(State())
    }

    package static func fault(_ message: String) -> String {
        JSON.object(["success": false, "message": .string(message)]).serialized
    }

    /// One event or a list of them, as Maileroo has it.
    package func event(_ body: JSON) -> StandInHook {
        let code = HMAC.sha256(key: Array(secret.utf8), body.bytes)
        return StandInHook(
            [("Content-Type", "application/json"), ("x-maileroo-signature", Hex.encode(code))], body.bytes)
    }

    /// A mail, unsigned; its proof is given once. Files and the mail as it came are kept here to be fetched.
    package func inbound(
        _ id: String, _ mail: JSON, files: [StandInFile] = [], mime: [UInt8]? = nil
    ) -> StandInHook {
        let proof = "/validate-callback/\(id)/b71b"
        _ = posted.state.withLock { $0.proofs.insert(proof) }
        let kept = files.enumerated().map { index, file -> JSON in
            [
                "filename": .string(file.name), "content_type": .string(file.mediaType),
                "size": JSON(file.bytes.count), "url": .string(keep(file.bytes, "/files/\(id)/\(index)")),
            ]
        }
        var body = mail.merging([
            "_id": .string(id), "validation_url": .string(service.url + proof),
            "deletion_url": .string("\(service.url)/email/\(id)"),
            "attachments": files.isEmpty ? .null : .array(kept),
        ])
        if let mime {
            let raw: JSON = ["url": .string(keep(mime, "/files/\(id)/raw")), "size": JSON(mime.count)]
            body = body.merging(["body": ["raw_mime": raw]])
        }
        return StandInHook([("Content-Type", "application/json")], body.bytes)
    }

    private func keep(_ bytes: [UInt8], _ path: String) -> String {
        posted.state.withLock { $0.files[path] = bytes }
        return service.url + path
    }
}
