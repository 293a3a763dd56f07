internal import Cryptography
internal import Mail
internal import Records

/// A mail that a service has taken apart. It is put together again as MIME, so that one reader reads every mail:
/// headers, character sets, answers to invitations and reports are understood as in any other.
struct MailPieces {
    struct Text {
        var bytes: [UInt8]
        var charset = "utf-8"

        init?(_ bytes: [UInt8]?, charset: String? = nil) {
            guard let bytes, !bytes.isEmpty else { return nil }
            self.bytes = bytes
            if let charset, MailPieces.isToken(charset) { self.charset = charset }
        }

        init?(_ text: String?) { self.init(text.map { Array($0.utf8) }) }
    }

    struct File {
        var name: String?
        var mediaType: String?
        var contentID: String?
        var bytes: [UInt8]
    }

    var headers: [(name: String, value: String)] = []
    var text: Text?
    var html: Text?
    var files: [File] = []
    /// The recipients in the envelope, for whom the mail is meant.
    var recipients: [String] = []
    var sender: String?
    var stripped: String?

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Adds what a service says in a field of its own, unless the headers say it.
    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty, header(name) == nil else { return }
        headers.append((name, value))
    }

    var mail: ReceivedMail { ReceivedMail(mime: mime).enveloped(recipients, sender, stripped) }

    // MARK: As MIME

    private var mime: [UInt8] {
        var body: [UInt8] = []
        for header in headers where Self.isToken(header.name) && !Self.own.contains(header.name.lowercased())
        {
            body += Array("\(header.name): \(Self.line(header.value))\r\n".utf8)
        }
        body += Array("MIME-Version: 1.0\r\nContent-Type: \(topType); boundary=\"\(boundary)\"\r\n\r\n".utf8)
        addText(to: &body)
        for file in files { add(file, to: &body) }
        return body + Array("--\(boundary)--\r\n".utf8)
    }

    private static let own: Set = [
        "content-type", "content-transfer-encoding", "mime-version", "content-length",
    ]

    /// A report about a mail is known by the type of the whole.
    private var topType: String {
        let type = header("Content-Type")?.lowercased() ?? ""
        guard type.hasPrefix("multipart/report") else { return "multipart/mixed" }
        return ["feedback-report", "delivery-status"].first { type.contains($0) }
            .map { "multipart/report; report-type=\($0)" } ?? "multipart/report"
    }

    /// Made of what stands between its lines unencoded, which so cannot hold it.
    private var boundary: String {
        let digest = SHA256()
        for file in files where Self.isMessage(file.mediaType) { digest.update(file.bytes) }
        return "bureau=_" + Hex.encode(digest.finish().prefix(16))
    }

    private func addText(to body: inout [UInt8]) {
        let inner = "inner-\(boundary)"
        let isAlternative = text != nil && html != nil
        if isAlternative {
            body += Array(
                "--\(boundary)\r\nContent-Type: multipart/alternative; boundary=\"\(inner)\"\r\n\r\n".utf8)
        }
        let fence = isAlternative ? inner : boundary
        for (kind, text) in [("plain", text), ("html", html)] {
            guard let text else { continue }
            let type = "text/\(kind); charset=\"\(text.charset)\""
            addPart(type, [], Base64.wrapped(text.bytes), within: fence, to: &body)
        }
        if isAlternative { body += Array("--\(inner)--\r\n".utf8) }
    }

    private func add(_ file: File, to body: inout [UInt8]) {
        // A mail within a mail must not be encoded (RFC 2046 §5.2.1).
        let isMessage = Self.isMessage(file.mediaType)
        var lines: [String] = []
        if !isMessage || file.name != nil {
            let name = file.name.map { "; filename*=utf-8''\($0.percentEncoded)" } ?? ""
            lines.append("Content-Disposition: attachment\(name)")
        }
        if let id = file.contentID.flatMap({ InternetMessageID($0) }) {
            lines.append("Content-ID: \(id.bracketed)")
        }
        addPart(
            Self.type(file.mediaType), lines, isMessage ? file.bytes + [13, 10] : Base64.wrapped(file.bytes),
            isEncoded: !isMessage, within: boundary, to: &body)
    }

    private func addPart(
        _ type: String, _ lines: [String], _ bytes: [UInt8], isEncoded: Bool = true, within boundary: String,
        to body: inout [UInt8]
    ) {
        let encoding = isEncoded ? "base64" : "8bit"
        let head = ["Content-Type: \(type)", "Content-Transfer-Encoding: \(encoding)"] + lines
        body += Array("--\(boundary)\r\n\(head.joined(separator: "\r\n"))\r\n\r\n".utf8) + bytes
    }

    /// As the sender claims, where it is a type at all.
    private static func type(_ claimed: String?) -> String {
        guard let claimed else { return "application/octet-stream" }
        let halves = claimed.prefix { $0 != ";" }.filter { $0 != " " }.split(separator: "/")
        guard halves.count == 2, halves.allSatisfy({ isToken($0) }), halves[0].lowercased() != "multipart"
        else {
            return "application/octet-stream"
        }
        // A parameter tells what an answer to an invitation is.
        let parameters = claimed.split(separator: ";").dropFirst().map { $0.filter { $0 != " " } }
        let kept = parameters.filter { parameter in
            let pair = parameter.split(separator: "=", maxSplits: 1)
            return pair.count == 2 && ["method", "charset"].contains(pair[0].lowercased()) && isToken(pair[1])
        }
        return ([halves.joined(separator: "/")] + kept).joined(separator: "; ")
    }

    private static func isMessage(_ type: String?) -> Bool {
        type?.lowercased().hasPrefix("message/") ?? false
    }

    /// One line, whatever was in it.
    private static func line(_ value: String) -> String {
        String(
            String.UnicodeScalarView(
                value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    /// Of RFC 2045.
    fileprivate static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.count <= 200
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains($0) }
    }
}

extension ReceivedMail {
    /// The mail with what its service knows of its way.
    func enveloped(_ recipients: [String], _ sender: String?, _ stripped: String?) -> ReceivedMail {
        var mail = self, seen: Set<String> = []
        mail.recipients = (recipients + self.recipients).filter {
            !$0.isEmpty && seen.insert($0.lowercased()).inserted
        }
        if let sender { mail.returnPath = sender }
        if let stripped, stripped.contains(where: { !$0.isWhitespace }) { mail.strippedText = stripped }
        return mail
    }
}

extension Base64 {
    /// In lines of 76 characters, as mails have it.
    fileprivate static func wrapped(_ bytes: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count / 57 * 78 + 80)
        for start in stride(from: 0, to: bytes.count, by: 57) {
            lines += encode(bytes[start..<min(start + 57, bytes.count)]).utf8
            lines += [13, 10]
        }
        return lines
    }
}

/// `Jane <jane@example.com>` as a header has it, whatever is in the name (RFC 2047).
func headerMailbox(_ address: String?, name: String?) -> String? {
    guard let address, !address.isEmpty else { return nil }
    guard let name, !name.isEmpty else { return "<\(address)>" }
    guard !name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\" <\(address)>"
    }
    return "\(encodedWords(name)) <\(address)>"
}

/// Text as a header has it when it is more than ASCII (RFC 2047).
func encodedWords(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return text }
    var words: [String] = [], word: [UInt8] = []
    for scalar in text.unicodeScalars {
        let bytes = Array(UTF8.encode(scalar)!)
        if word.count + bytes.count > 42 {
            words.append("=?utf-8?B?\(Base64.encode(word))?=")
            word = []
        }
        word += bytes
    }
    if !word.isEmpty { words.append("=?utf-8?B?\(Base64.encode(word))?=") }
    return words.joined(separator: " ")
}
