import Cryptography
package import JSON
import Synchronization

/// Mailgun: takes mails, tells of them by their Message-ID, and signs its hooks.
package final class MailgunStandIn: Sendable {
    package let apiKey = "key-mailgun-test", signingKey = "bureau-test-mailgun-signing-key"
    package let domain = "mg.acme.test"
    package let service: ServiceStandIn
    private let tokens = Mutex(0)

    package init() throws {
        let known = Known()
        let (key, domain) = (apiKey, domain)
        service = try ServiceStandIn { request in
            let key = "Basic \(Base64.encode("api:\(key)".utf8))"
            guard request.header("Authorization") == key else { return StandInAnswer(401, "Forbidden") }
            switch (request.method, request.path) {
            case ("POST", "/v3/\(domain)/messages"):
                let id = request.formField("h:Message-Id") ?? "<unnamed@\(domain)>"
                known.ids.withLock { $0.append(String(id.dropFirst().dropLast())) }
                return StandInAnswer(200, #"{"id":"\#(id)","message":"Queued. Thank you."}"#)
            case ("GET", "/v3/\(domain)/events"):
                let id = request.query("message-id")?.replacing("%40", with: "@") ?? ""
                let isKnown = known.ids.withLock { $0.contains(id) }
                let items: JSON =
                    isKnown
                    ? [["event": "accepted", "message": ["headers": ["message-id": .string(id)]]]] : []
                return StandInAnswer(200, JSON.object(["items": items, "paging": [:]]).serialized)
            case ("GET", "/v3/domains/\(domain)"):
                return StandInAnswer(200, #"{"domain":{"name":"\#(domain)","state":"active"}}"#)
            default: return StandInAnswer(404, #"{"message":"Domain not found: \#(request.path)"}"#)
            }
        }
    }

    private final class Known: Sendable { let ids = Mutex<[String]>([]) }

    /// An event, whose data is as Mailgun has it, signed at a moment in seconds.
    package func event(_ data: JSON, at seconds: Int64, token: String? = nil) -> StandInHook {
        let body: JSON = ["signature": signature(at: seconds, token), "event-data": data]
        return StandInHook([("Content-Type", "application/json")], body.bytes)
    }

    /// A mail that a route forwards: a form of one part, or of several when files are with it.
    package func inbound(
        _ fields: [(String, String)], files: [StandInFile] = [], at seconds: Int64, token: String? = nil
    ) -> StandInHook {
        let signed = signature(at: seconds, token).object?.members.map { ($0.key, $0.value.text ?? "") } ?? []
        guard !files.isEmpty else {
            let pairs = (fields + signed).map { "\(Self.escaped($0.0))=\(Self.escaped($0.1))" }
            return StandInHook(
                [("Content-Type", "application/x-www-form-urlencoded")],
                Array(pairs.joined(separator: "&").utf8))
        }
        var form = StandInForm()
        let ids = files.enumerated().compactMap { index, file in
            file.contentID.map { ("<\($0)>", JSON.string("attachment-\(index + 1)")) }
        }
        let counted = [
            ("attachment-count", "\(files.count)"),
            ("content-id-map", JSON.object(JSONObject(ids)).serialized),
        ]
        for (name, value) in fields + counted + signed { form.add(name, Array(value.utf8)) }
        for (index, file) in files.enumerated() { form.add(file, as: "attachment-\(index + 1)") }
        return StandInHook([form.header], form.body)
    }

    private func signature(at seconds: Int64, _ token: String?) -> JSON {
        let count = tokens.withLock { count in
            count += 1
            return count
        }
        let made = token ?? String(repeating: "t", count: 40) + "\(1_000_000_000 + count)"
        let code = HMAC.sha256(key: Array(signingKey.utf8), "\(seconds)\(made)")
        return [
            "timestamp": .string("\(seconds)"), "token": .string(made),
            "signature": .string(Hex.encode(code)),
        ]
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let isPlain =
                byte < 0x80
                && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
            result +=
                isPlain
                ? String(UnicodeScalar(byte)) : byte == 0x20 ? "+" : "%" + Hex.encode([byte]).uppercased()
        }
    }
}
