private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// As SASL sends names and tokens (RFC 4648 §4).
func base64(_ text: String) -> String { base64(Array(text.utf8)) }

func base64(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let part = bytes[start..<min(start + 3, bytes.count)]
        let bits = part.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
        for place in 0..<4 {
            let index = Int(bits >> UInt32(18 - 6 * place) & 63)
            result.append(place <= part.count ? alphabet[index] : UInt8(ascii: "="))
        }
    }
    return String(decoding: result, as: UTF8.self)
}

/// `nil` where it is none.
func base64Decoded(_ text: String) -> String? {
    base64Bytes(text).map { String(decoding: $0, as: UTF8.self) }
}

func base64Bytes(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = [], bits: UInt32 = 0, count = 0
    for byte in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
        guard let value = alphabet.firstIndex(of: byte) else { return nil }
        (bits, count) = (bits << 6 | UInt32(value), count + 6)
        guard count >= 8 else { continue }
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return bytes
}

extension MailCredentials {
    /// The initial response of PLAIN (RFC 4616) or XOAUTH2.
    var initialResponse: String {
        switch self {
        case .password(let user, let password): base64("\0\(user)\0\(password)")
        case .bearer(let user, let token): base64("user=\(user)\u{1}auth=Bearer \(token)\u{1}\u{1}")
        }
    }
}
