/// The reply of an SMTP server to a command (RFC 5321 §4.2).
package struct SMTPReply: Hashable, Sendable {
    package var code: Int
    /// `5.1.1` (RFC 3463), where the server gives one.
    package var status: String?
    /// Its lines, without codes.
    package var text: String

    var isSuccess: Bool { (200..<300).contains(code) }
    var isRefusal: Bool { (400..<600).contains(code) }

    /// `nil` where the lines are no reply.
    init?(_ lines: [String]) {
        guard let last = lines.last, let code = SMTPLine(last)?.code else { return nil }
        let texts = lines.compactMap { SMTPLine($0)?.text }
        let status = Self.status(in: texts[texts.count - 1], code)
        (self.code, self.status) = (code, status)
        text = texts.map { text in
            guard let status, text.hasPrefix(status) else { return text }
            return String(text.dropFirst(status.utf8.count).drop { $0 == " " })
        }.joined(separator: "\n")
    }

    /// Of the same class as the code, else it is something else that looks like one.
    private static func status(in text: String, _ code: Int) -> String? {
        let word = text.prefix { $0 != " " }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "\(code / 100)",
            parts[1...].allSatisfy({ (1...3).contains($0.utf8.count) && $0.allSatisfy(\.isNumber) })
        else { return nil }
        return String(word)
    }
}

/// One line of a reply.
struct SMTPLine {
    var code: Int
    var text: String
    var isLast: Bool

    init?(_ line: String) {
        let bytes = Array(line.utf8.prefix(4))
        guard bytes.count >= 3, bytes[..<3].allSatisfy({ (48...57).contains($0) }),
            let code = Int(String(decoding: bytes[..<3], as: UTF8.self)), (200..<600).contains(code),
            bytes.count == 3 || bytes[3] == UInt8(ascii: " ") || bytes[3] == UInt8(ascii: "-")
        else { return nil }
        self.code = code
        text = String(decoding: Array(line.utf8.dropFirst(4)), as: UTF8.self)
        isLast = bytes.count == 3 || bytes[3] == UInt8(ascii: " ")
    }
}

/// The abilities that a server says it has (RFC 5321 §4.1.1.1).
struct SMTPAbilities {
    var authentications: Set<String> = []
    var sizeMax: Int?
    var takesEightBits = false
    var takesUTF8 = false
    var takesPipelines = false

    /// By all that was said so far: what was said before TLS counts no more.
    init(_ greeting: [String]) {
        for line in greeting.compactMap(SMTPLine.init) {
            guard line.code == 250 else {
                self = SMTPAbilities()
                continue
            }
            let words = line.text.uppercased().split { $0 == " " || $0 == "=" }
            switch words.first {
            case "AUTH": authentications.formUnion(words.dropFirst().map(String.init))
            case "SIZE": sizeMax = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            case "8BITMIME": takesEightBits = true
            case "SMTPUTF8": takesUTF8 = true
            case "PIPELINING": takesPipelines = true
            default: break
            }
        }
    }

    private init() {}
}
