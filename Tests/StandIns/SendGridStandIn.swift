import Cryptography
import Foundation
package import JSON
import Synchronization

/// SendGrid: takes mails, and signs its hooks with a key that it made itself, by OpenSSL's own program.
package final class SendGridStandIn: Sendable {
    package let apiKey = "SG.test"
    package let publicKey: String
    package let service: ServiceStandIn
    private let folder: String

    package init() throws {
        let (key, count) = (apiKey, Count())
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(key)" else {
                return StandInAnswer(401, Self.fault("The provided authorization grant is invalid"))
            }
            switch (request.method, request.path) {
            case ("POST", "/v3/mail/send"):
                let number = count.value.withLock { count in
                    count += 1
                    return count
                }
                return StandInAnswer(202, headers: [("X-Message-Id", "sg\(number)")])
            case ("GET", "/v3/scopes"):
                return StandInAnswer(200, #"{"scopes":["mail.send","user.profile.read"]}"#)
            default: return StandInAnswer(404, Self.fault("not found"))
            }
        }
        var template = Array("/tmp/bureau-sendgrid-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw StandInFailure("mkdtemp: \(errno)") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        _ = try Self.openssl(
            "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "\(folder)/key.pem")
        publicKey = Base64.encode(
            try Self.openssl("ec", "-in", "\(folder)/key.pem", "-pubout", "-outform", "DER"))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private final class Count: Sendable { let value = Mutex(0) }

    package static func fault(_ message: String, field: String? = nil) -> String {
        let fault: JSON = ["message": .string(message), "field": JSON(field), "help": nil]
        return JSON.object(["errors": [fault]]).serialized
    }

    /// A batch of events, with the line ends that SendGrid writes.
    package func events(_ events: [JSON], at seconds: Int64) throws -> StandInHook {
        let body = "[" + events.map(\.serialized).joined(separator: ",\r\n") + "]\r\n"
        return try signed(Array(body.utf8), ("Content-Type", "application/json"), at: seconds)
    }

    /// A mail as the inbound parse posts it; texts are bytes in the character sets that the fields tell.
    package func inbound(
        _ fields: [(String, [UInt8])], files: [StandInFile] = [], at seconds: Int64
    ) throws -> StandInHook {
        var form = StandInForm()
        var about = JSONObject()
        for (index, file) in files.enumerated() {
            var info: JSONObject = ["filename": .string(file.name), "type": .string(file.mediaType)]
            if let id = file.contentID { info.append("content-id", .string(id)) }
            about.append("attachment\(index + 1)", .object(info))
        }
        for (name, value) in fields { form.add(name, value) }
        form.add("attachments", Array("\(files.count)".utf8))
        if !files.isEmpty { form.add("attachment-info", JSON.object(about).bytes) }
        for (index, file) in files.enumerated() { form.add(file, as: "attachment\(index + 1)") }
        return try signed(form.body, form.header, at: seconds)
    }

    private func signed(
        _ body: [UInt8], _ type: (name: String, value: String), at seconds: Int64
    ) throws -> StandInHook {
        let name = "\(folder)/\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: name) }
        try Data(Array("\(seconds)".utf8) + body).write(to: URL(fileURLWithPath: name))
        let signature = try Self.openssl("dgst", "-sha256", "-sign", "\(folder)/key.pem", name)
        return StandInHook(
            [
                type, ("X-Twilio-Email-Event-Webhook-Signature", Base64.encode(signature)),
                ("X-Twilio-Email-Event-Webhook-Timestamp", "\(seconds)"),
            ], body)
    }

    private static func openssl(_ arguments: String...) throws -> [UInt8] {
        let (status, said) = try runTool(["openssl"] + arguments)
        guard status == 0 else { throw StandInFailure("openssl \(arguments[0]) failed") }
        return said
    }
}
