internal import Cryptography
package import Telemetry

/// A secret that an endpoint and we alone know: it proves that a delivery is ours (Standard Webhooks 1.0.0, version
/// v1).
package struct WebhookSecret: Hashable, Sendable {
    private static let prefix = "whsec_"
    package let bytes: [UInt8]

    /// A new one, of 256 random bits.
    package init() { bytes = SystemRandom.bytes(32) }

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the secret as it is shown: `whsec_` and base 64. The prefix may be missing.
    package init?(_ text: String) {
        let bare = text.hasPrefix(Self.prefix) ? String(text.dropFirst(Self.prefix.count)) : text
        guard let bytes = Base64.decode(bare), (16...128).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    package var text: String { Self.prefix + Base64.encode(bytes) }

    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        "v1," + Base64.encode(HMAC.sha256(key: bytes, Array("\(id).\(timestamp).".utf8) + body))
    }
}

/// The headers of a delivery. With several secrets there are several signatures: any of them is enough, so that
/// a receiver can change its secret at any time while both are good.
package func webhookHeaders(
    id: String, at now: Instant, body: [UInt8], secrets: [WebhookSecret]
) -> [(name: String, value: String)] {
    let timestamp = now.seconds
    let signatures = secrets.map { $0.signature(id: id, timestamp: timestamp, body: body) }
    return [
        ("Content-Type", "application/json"), ("User-Agent", "Bureau-Webhooks/1"), ("webhook-id", id),
        ("webhook-timestamp", "\(timestamp)"), ("webhook-signature", signatures.joined(separator: " ")),
    ]
}
