internal import Mail

/// A mail in the pieces that services want it in.
extension OutgoingMail {
    static let identityKey = "bureau_id"

    /// The headers for which services have no fields of their own. None is longer than `valueMax` bytes: what
    /// can be shortened is, what cannot is left out.
    func headers(valueMax: Int = 900) -> [(name: String, value: String)] {
        var headers = [("Message-ID", messageID.bracketed)]
        if let inReplyTo { headers.append(("In-Reply-To", inReplyTo.bracketed)) }
        let references = references(lengthMax: valueMax)
        if !references.isEmpty { headers.append(("References", references)) }
        if let unsubscribe {
            let web = "<\(unsubscribe.url)>"
            let both = unsubscribe.address.map { "\(web), <mailto:\($0)>" } ?? web
            headers.append(("List-Unsubscribe", both.utf8.count <= valueMax ? both : web))
            headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        }
        if let autoSubmitted { headers.append(("Auto-Submitted", autoSubmitted.rawValue)) }
        if let language { headers.append(("Content-Language", language)) }
        return headers.filter { $0.1.utf8.count <= valueMax }.map {
            (name: $0.0, value: HeaderText(cleaning: $0.1).description)
        }
    }

    /// The mail that began it and those that came last: at most ten of each, and as many as there is room for.
    func references(lengthMax: Int) -> String {
        var first = references.prefix(10).map(\.bracketed)
        var last = references.dropFirst(10).suffix(10).map(\.bracketed)
        func length() -> Int { (first + last).reduce(-1) { $0 + $1.utf8.count + 1 } }
        while length() > lengthMax {
            if first.count > 1 {
                first.removeLast()
            } else if !last.isEmpty {
                last.removeFirst()
            } else {
                return ""
            }
        }
        return (first + last).joined(separator: " ")
    }

    /// Attachments, and the invitation as one.
    var files: [Attachment] {
        guard let invitation else { return attachments }
        return attachments + [
            Attachment(
                name: HeaderText(cleaning: "invite.ics"),
                mediaType: "text/calendar; charset=utf-8; method=\(invitation.method.rawValue)",
                bytes: invitation.written(at: date))
        ]
    }
}

extension OutgoingMail.Attachment {
    /// Without parameters.
    var plainMediaType: String { String(mediaType.prefix { $0 != ";" && $0 != " " }) }
}

extension Mailbox {
    /// `"Example, Jane" <jane@example.com>`, in UTF-8: services encode what has to be.
    var headerText: String {
        guard let name = name?.description, !name.isEmpty else { return wireAddress }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x80...: true
            default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
            }
        }
        guard !isPlain else { return "\(name) <\(wireAddress)>" }
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\" <\(wireAddress)>"
    }
}
