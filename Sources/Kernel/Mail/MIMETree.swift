internal import CGMime
internal import Cryptography

/// A mail's parts, with only as much nesting as it needs: multipart/mixed{ multipart/alternative{ text/plain,
/// text/html, text/calendar }, attachments }.
struct MIMETree {
    indirect enum Node {
        case leaf(MIMELeaf)
        case multipart(subtype: String, boundary: String, [Node])
    }

    let root: Node

    init(_ mail: OutgoingMail) {
        // Worst first, best last (RFC 2046 §5.1.4).
        var alternatives: [Node] = [.leaf(.text(mail.text, subtype: "plain"))]
        if let html = mail.html { alternatives.append(.leaf(.text(html, subtype: "html"))) }
        var attachments = mail.attachments.map { Node.leaf(.attachment($0)) }
        if let invitation = mail.invitation {
            let bytes = invitation.written(at: mail.date)
            alternatives.append(.leaf(.calendar(bytes, method: invitation.method)))
            // Gmail and Outlook take the alternative; others only show what is attached.
            attachments.append(.leaf(.calendarFile(bytes)))
        }
        let body =
            alternatives.count == 1
            ? alternatives[0]
            : .multipart(
                subtype: "alternative", boundary: Self.boundary(mail, "alternative"), alternatives)
        root =
            attachments.isEmpty
            ? body
            : .multipart(subtype: "mixed", boundary: Self.boundary(mail, "mixed"), [body] + attachments)
    }

    /// Returns a boundary that is always the same for one mail and subtype. Neither quoted-printable nor base 64 can
    /// write `=_`.
    private static func boundary(_ mail: OutgoingMail, _ subtype: String) -> String {
        "=_" + Hex.encode(SHA256.hash("\(subtype) \(mail.messageID)").prefix(16))
    }
}

extension MIMETree.Node {
    /// As an object of the library; `nil` only without memory.
    func made() -> MIMEObject? {
        switch self {
        case .leaf(let leaf): return leaf.made()
        case .multipart(let subtype, let boundary, let parts):
            guard let made = unsafe MIMEObject(bureau_mime_multipart_new(subtype, boundary)) else {
                return nil
            }
            for part in parts {
                guard let part = part.made() else { return nil }
                unsafe bureau_mime_add(made.pointer, part.pointer)
            }
            return made
        }
    }
}

/// A part without parts.
struct MIMELeaf {
    var type: String, subtype: String
    var parameters: [(String, String)] = []
    var bytes: [UInt8]
    /// Whether the bytes are quoted-printable; else they are written in base 64.
    var isQuoted = false
    var fileName: String?

    /// Quoted-printable, unless so much of it is escaped that base 64 is shorter.
    static func text(_ text: String, subtype: String) -> MIMELeaf {
        var lines: [UInt8] = [], escaped = 0
        lines.reserveCapacity(text.utf8.count + 1)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte >= 0x7F || byte == UInt8(ascii: "=") { escaped += 1 }
            if byte == 0x0A, previous == 0x0D {
                previous = byte
                continue
            }
            lines.append(byte == 0x0D ? 0x0A : byte)
            previous = byte
        }
        if lines.last != 0x0A { lines.append(0x0A) }
        let parameters = [("charset", "utf-8")]
        guard escaped * 6 > lines.count else {
            return MIMELeaf(
                type: "text", subtype: subtype, parameters: parameters, bytes: QuotedPrintable.encoded(lines),
                isQuoted: true)
        }
        // Base 64 keeps the line ends of its content, and text has CRLF.
        var ended: [UInt8] = []
        ended.reserveCapacity(lines.count + lines.count / 32)
        for byte in lines {
            if byte == 0x0A { ended.append(0x0D) }
            ended.append(byte)
        }
        return MIMELeaf(type: "text", subtype: subtype, parameters: parameters, bytes: ended)
    }

    static func calendar(_ bytes: [UInt8], method: CalendarInvitation.Method) -> MIMELeaf {
        MIMELeaf(
            type: "text", subtype: "calendar",
            parameters: [("charset", "utf-8"), ("method", method.rawValue)], bytes: bytes)
    }

    static func calendarFile(_ bytes: [UInt8]) -> MIMELeaf {
        MIMELeaf(type: "application", subtype: "ics", bytes: bytes, fileName: "invite.ics")
    }

    static func attachment(_ attachment: OutgoingMail.Attachment) -> MIMELeaf {
        let (type, subtype) = mediaType(attachment.mediaType)
        return MIMELeaf(
            type: type, subtype: subtype, bytes: attachment.bytes, fileName: attachment.name.description)
    }

    /// Returns type and subtype. A text that is no type, or one that may not be written in base 64, becomes bytes.
    private static func mediaType(_ text: String) -> (String, String) {
        let bare = text.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        let halves = bare.split(separator: "/", omittingEmptySubsequences: false)
        let isType =
            halves.count == 2
            && halves.allSatisfy { half in
                (1...100).contains(half.utf8.count)
                    && half.utf8.allSatisfy {
                        switch $0 {
                        case 0x30...0x39, 0x61...0x7A: true
                        default: "!#$&^_.+-".utf8.contains($0)
                        }
                    }
            }
        guard isType, halves[0] != "multipart", halves[0] != "message" else {
            return ("application", "octet-stream")
        }
        return (String(halves[0]), String(halves[1]))
    }

    func made() -> MIMEObject? {
        let part = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bureau_mime_part(type, subtype, bytes.baseAddress, bytes.count, isQuoted)
        }
        guard let made = unsafe MIMEObject(part) else { return nil }
        for (name, value) in parameters {
            unsafe g_mime_object_set_content_type_parameter(made.pointer, name, value)
        }
        if let fileName { unsafe bureau_mime_attach(made.pointer, fileName) }
        return made
    }
}

/// Text in lines of 76 characters (RFC 2045 §6.7). It is our own because the library writes some of 77.
enum QuotedPrintable {
    private static let width = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Line ends are LF before and after.
    static func encoded(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 8)
        var column = 0
        for (index, byte) in text.enumerated() {
            if byte == 0x0A {
                result.append(byte)
                column = 0
                continue
            }
            let endsLine = index + 1 == text.count || text[index + 1] == 0x0A
            let isSafe =
                byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=")
                || (byte == 0x20 || byte == 0x09) && !endsLine
            // Room for the sign that the line goes on.
            if column + (isSafe ? 1 : 3) > (endsLine ? width : width - 1) {
                result += [UInt8(ascii: "="), 0x0A]
                column = 0
            }
            // Lines that begin with a dot or with "From " are what transports change, to which signatures object.
            let isTouchy =
                column == 0 && (byte == UInt8(ascii: ".") || text[index...].starts(with: "From ".utf8))
            let isPlain = isSafe && !isTouchy
            if isPlain {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
            column += isPlain ? 1 : 3
        }
        return result
    }
}
