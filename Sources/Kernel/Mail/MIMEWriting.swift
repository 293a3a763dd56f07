internal import CGMime
internal import Cryptography
internal import Records

extension OutgoingMail {
    /// Whether it can only be handed to a server that speaks SMTPUTF8 (RFC 6531).
    package var needsSMTPUTF8: Bool {
        [from, to].contains(where: \.needsSMTPUTF8) || (replyTo?.needsSMTPUTF8 ?? false)
    }

    /// The mail as SMTP takes it (RFC 5322, RFC 2045): lines end with CRLF and have 998 bytes at most, nearly all
    /// 76. The same mail has the same bytes. Dots are not doubled: that is the transport's affair.
    package func mime() -> [UInt8] {
        let library = GMimeLibrary.shared
        // The library fails only without memory.
        guard let message = unsafe MIMEObject(bureau_mime_message_new()),
            let content = MIMETree(self).root.made()
        else { return [] }
        for (name, value) in headers { unsafe bureau_mime_add_header(message.pointer, name, value) }
        unsafe bureau_mime_set_root(message.pointer, content.pointer)
        return unsafe takeBytes(bureau_mime_written(message.pointer, library.writing))
    }

    /// All but those of the content, as raw values.
    private var headers: [(String, String)] {
        var headers: [(String, String)] = []
        func add(_ name: String, _ write: (inout HeaderWriter) -> Void) {
            var writer = HeaderWriter(name)
            write(&writer)
            headers.append((name, writer.finished))
        }
        add("From") { $0.add(from) }
        add("To") { $0.add(to) }
        if let replyTo { add("Reply-To") { $0.add(replyTo) } }
        add("Subject") { $0.add(text: subject) }
        add("Date") { $0.add(MailDate.text(of: date)) }
        add("Message-ID") { $0.add(messageID.bracketed) }
        // Other letters would need SMTPUTF8, for the sake of a hint.
        if let inReplyTo, inReplyTo.isASCII { add("In-Reply-To") { $0.add(inReplyTo.bracketed) } }
        let references = trimmedReferences
        if !references.isEmpty {
            add("References") { writer in references.forEach { writer.add($0.bracketed) } }
        }
        if let unsubscribe, let url = unsubscribe.wireURL {
            add("List-Unsubscribe") { writer in
                let mailto = unsubscribe.wireMailto
                writer.add(mailto == nil ? "<\(url)>" : "<\(url)>,")
                if let mailto { writer.add("<\(mailto)>") }
            }
            add("List-Unsubscribe-Post") { $0.add("List-Unsubscribe=One-Click") }
        }
        if let autoSubmitted { add("Auto-Submitted") { $0.add(autoSubmitted.rawValue) } }
        if let language, isLanguage(language) { add("Content-Language") { $0.add(language) } }
        return headers
    }

    /// The first ten and the last ten: threads of hundreds of mails exist.
    private var trimmedReferences: [InternetMessageID] {
        let plain = references.filter(\.isASCII)
        return plain.count > 20 ? Array(plain.prefix(10) + plain.suffix(10)) : plain
    }

    private func isLanguage(_ tag: String) -> Bool {
        (2...35).contains(tag.utf8.count)
            && tag.utf8.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}

extension InternetMessageID {
    var isASCII: Bool { description.utf8.allSatisfy { $0 < 0x80 } }
}

extension OutgoingMail.Unsubscribe {
    /// `nil` where it is no address of the web, or one that no header line can hold.
    fileprivate var wireURL: String? {
        let isWeb = url.hasPrefix("https://") || url.hasPrefix("http://")
        return isWeb ? Self.escaped(url, butFor: "") : nil
    }

    fileprivate var wireMailto: String? {
        address.flatMap { EmailAddress($0) }.flatMap { Self.escaped($0.wire, butFor: "%?#&") }
            .map { "mailto:" + $0 }
    }

    /// With percent signs for what could end the address or the line.
    private static func escaped(_ text: String, butFor signs: String) -> String? {
        var escaped = ""
        for byte in text.utf8 {
            if byte <= 0x20 || byte >= 0x7F || "<>\"".utf8.contains(byte) || signs.utf8.contains(byte) {
                escaped += "%" + Hex.encode([byte]).uppercased()
            } else {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return escaped.utf8.count <= 900 ? escaped : nil
    }
}
