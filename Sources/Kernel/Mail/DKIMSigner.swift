package import Cryptography
package import Telemetry

/// The reason why mail cannot be signed with what was given.
package enum DKIMError: Error, Equatable {
    /// The domain or the selector is no host name.
    case malformedName
    case key(SigningKeyError)
}

/// Signs mail as DKIM has it (RFC 6376, RFC 8463), so that a receiver knows that the domain answers for it and
/// nobody changed it: relaxed/relaxed, with RSA or Ed25519 and SHA-256.
package struct DKIMSigner: Sendable {
    /// The domain in ASCII.
    package let domain: String
    package let selector: String
    private let key: SigningKey

    package init(domain: String, selector: String, privateKeyPEM: String) throws(DKIMError) {
        let key: SigningKey
        do { key = try SigningKey(pem: privateKeyPEM) } catch { throw .key(error) }
        try self.init(domain: domain, selector: selector, key: key)
    }

    /// - Throws: `malformedName`
    package init(domain: String, selector: String, key: SigningKey) throws(DKIMError) {
        (self.domain, self.selector) = (Punycode.host(domain.lowercased()), selector)
        self.key = key
        guard Self.isName(self.domain), self.domain.contains("."), Self.isName(selector) else {
            throw .malformedName
        }
    }

    /// The name at which the public key is published: `selector._domainkey.example.com`.
    package var recordName: String { "\(selector)._domainkey.\(domain)" }

    /// The TXT record with the public key.
    package var record: String {
        switch key.kind {
        case .rsa: "v=DKIM1; k=rsa; p=" + Base64.encode(key.publicKeyDER)
        // Not wrapped, unlike RSA's (RFC 8463 §4).
        case .ed25519: "v=DKIM1; k=ed25519; p=" + Base64.encode(key.rawPublicKey ?? [])
        }
    }

    /// The record cut into the strings of at most 255 bytes that DNS can hold.
    package var recordStrings: [String] {
        let bytes = Array(record.utf8)
        return stride(from: 0, to: bytes.count, by: 255).map {
            String(decoding: bytes[$0..<min($0 + 255, bytes.count)], as: UTF8.self)
        }
    }

    /// The mail with a signature above its headers. Its lines end with CRLF.
    package func signed(_ mail: [UInt8], at moment: Instant) -> [UInt8] {
        let message = DKIMMessage(mail)
        let names = message.signedNames
        let algorithm = key.kind == .rsa ? "rsa-sha256" : "ed25519-sha256"
        var header = "DKIM-Signature: v=1; a=\(algorithm); c=relaxed/relaxed; d=\(domain);\r\n"
        header += " s=\(selector); t=\(moment.seconds);\r\n h=\(names[0])"
        var column = 3 + names[0].utf8.count
        for name in names.dropFirst() {
            if column + name.utf8.count > 72 {
                header += ":\r\n  \(name)"
                column = 2 + name.utf8.count
            } else {
                header += ":\(name)"
                column += 1 + name.utf8.count
            }
        }
        header += ";\r\n bh=\(Base64.encode(SHA256.hash(message.canonicalBody)));\r\n b="
        var signedBytes = message.canonicalHeaders(names)
        DKIMMessage.canonicalize(Array(header.utf8)[...], into: &signedBytes)
        // Ed25519 signs the digest, as if it were the text (RFC 8463 §3).
        let signature = key.sign(key.kind == .rsa ? signedBytes : SHA256.hash(signedBytes))
        let text = Array(Base64.encode(signature).utf8)
        for start in stride(from: 0, to: text.count, by: 72) {
            if start > 0 { header += "\r\n  " }
            header += String(decoding: text[start..<min(start + 72, text.count)], as: UTF8.self)
        }
        return Array((header + "\r\n").utf8) + mail
    }

    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.utf8.first != UInt8(ascii: "-")
                    && label.utf8.last != UInt8(ascii: "-")
                    && label.utf8.allSatisfy {
                        switch $0 {
                        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                        default: false
                        }
                    }
            }
    }
}

/// A mail as a signature sees it.
struct DKIMMessage {
    /// From top to bottom, each with the line end; names in lower case.
    private var fields: [(name: String, bytes: ArraySlice<UInt8>)] = []
    private var body: ArraySlice<UInt8>

    /// Both headers of a one-click unsubscribe have to be signed (RFC 8058 §4).
    private static let names = [
        "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
        "mime-version",
        "content-type", "list-unsubscribe", "list-unsubscribe-post",
    ]
    /// Named once more than they are there, so that a second one that somebody adds breaks the signature.
    private static let oversigned: Set = ["from", "to", "subject"]

    init(_ mail: [UInt8]) {
        var position = 0
        body = []
        var start = 0
        while position < mail.count {
            let end = mail[position...].firstIndex(of: 0x0A).map { $0 + 1 } ?? mail.count
            let line = mail[position..<end]
            if line.elementsEqual([0x0D, 0x0A]) || line.elementsEqual([0x0A]) {
                body = mail[end...]
                break
            }
            if line.first != 0x20, line.first != 0x09 { start = position }
            if start == position {
                let name = line.prefix { $0 != UInt8(ascii: ":") }
                fields.append((String(decoding: name, as: UTF8.self).lowercased(), line))
            } else {
                fields[fields.count - 1].bytes = mail[start..<end]
            }
            position = end
        }
    }

    /// The names for `h=`.
    var signedNames: [String] {
        Self.names.flatMap { name in
            let count = fields.count { $0.name == name } + (Self.oversigned.contains(name) ? 1 : 0)
            return [String](repeating: name, count: count)
        }
    }

    /// The fields that the names stand for, of each name the lowest first (RFC 6376 §5.4.2).
    func canonicalHeaders(_ names: [String]) -> [UInt8] {
        var used: [String: Int] = [:], result: [UInt8] = []
        for name in names {
            let found = fields.filter { $0.name == name }
            let place = found.count - 1 - used[name, default: 0]
            used[name, default: 0] += 1
            guard place >= 0 else { continue }
            Self.canonicalize(found[place].bytes, into: &result)
            result += [0x0D, 0x0A]
        }
        return result
    }

    /// Relaxed (RFC 6376 §3.4.2), without the line end.
    static func canonicalize(_ field: ArraySlice<UInt8>, into result: inout [UInt8]) {
        guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else { return }
        for byte in field[..<colon] where byte != 0x20 && byte != 0x09 {
            result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        result.append(UInt8(ascii: ":"))
        let start = result.count
        var isAfterBlank = false
        for byte in field[(colon + 1)...] {
            switch byte {
            case 0x0D, 0x0A: break
            case 0x20, 0x09: isAfterBlank = true
            default:
                if isAfterBlank, result.count > start { result.append(0x20) }
                result.append(byte)
                isAfterBlank = false
            }
        }
    }

    /// Relaxed (RFC 6376 §3.4.4).
    var canonicalBody: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count + 2)
        // Ends of lines are held back until something follows them: the last ones do not count.
        var emptyLines = 0, isAfterBlank = false
        for (index, byte) in zip(body.indices, body) {
            switch byte {
            case 0x0A:
                emptyLines += 1
                isAfterBlank = false
            case 0x20, 0x09: isAfterBlank = true
            case 0x0D where index + 1 < body.endIndex && body[index + 1] == 0x0A: break
            default:
                for _ in 0..<emptyLines { result += [0x0D, 0x0A] }
                emptyLines = 0
                if isAfterBlank { result.append(0x20) }
                isAfterBlank = false
                result.append(byte)
            }
        }
        if !result.isEmpty { result += [0x0D, 0x0A] }
        return result
    }
}
