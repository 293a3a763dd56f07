import Cryptography
import JSON
import StandIns
import Testing

/// A generic door of an agency, and a program that knows its secret.
struct GenericDoor: Sendable {
    let server: BureauProcess
    let integration: JSON
    private let key = [UInt8](repeating: 7, count: 32)

    init(_ agency: Agency, on events: JSON) throws {
        server = agency.server
        integration = try agency.connect(
            "generic", credentials: ["secret": .string("whsec_" + Base64.encode(key))],
            settings: ["on_event": events], capability: "generic")
    }

    func post(_ id: String, _ body: JSON) throws -> Answer {
        let stamp = unixSeconds
        let code = HMAC.sha256(key: key, Array("\(id).\(stamp).".utf8) + body.bytes)
        return try server.deliver(
            StandInHook(
                [
                    ("Content-Type", "application/json"), ("webhook-id", id),
                    ("webhook-timestamp", "\(stamp)"),
                    ("webhook-signature", "v1,\(Base64.encode(code))"),
                ], body.bytes), to: integration)
    }
}
