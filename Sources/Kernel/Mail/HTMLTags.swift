/// Where names, tags and elements end.
enum HTMLScan {
    enum Layout { case inline, lineBreak, block, paragraph, cell }

    /// In lower case; empty where there is none.
    static func name(_ bytes: [UInt8], _ start: Int) -> [UInt8] {
        guard start < bytes.count, (0x61...0x7A).contains(bytes[start] | 0x20) else { return [] }
        var name: [UInt8] = []
        for index in start..<min(start + 40, bytes.count) {
            let byte = bytes[index]
            guard byte > 0x20, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else { break }
            name.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        return name
    }

    /// Behind the `>`, which does not count within quotation marks.
    static func tagEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var quote: UInt8?, index = start, previous: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), previous == UInt8(ascii: "=") {
                quote = byte
            }
            if byte > 0x20 { previous = byte }
            index += 1
        }
        // A quotation mark that nobody closed: the first `>` it is.
        return quote == nil ? bytes.count : end(of: ">", in: bytes, from: start)
    }

    static func end(of mark: StaticString, in bytes: [UInt8], from start: Int) -> Int {
        let wanted = Array(mark.description.utf8)
        var index = start
        while index + wanted.count <= bytes.count {
            guard let first = bytes[index...].firstIndex(of: wanted[0]) else { break }
            if bytes[first...].starts(with: wanted) { return first + wanted.count }
            index = first + 1
        }
        return bytes.count
    }

    /// Behind the closing tag of an element whose content is no markup.
    static func end(ofRaw name: [UInt8], in bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, let open = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            if open + 1 < bytes.count, bytes[open + 1] == UInt8(ascii: "/"),
                self.name(bytes, open + 2) == name
            {
                return tagEnd(bytes, open + 2 + name.count)
            }
            index = open + 1
        }
        return bytes.count
    }

    private static let raw = names("script style title noscript textarea xml")
    private static let void = names("br hr img meta link input area base col wbr")
    private static let marked = names("div blockquote span table hr a p td section")
    private static let blocks = names(
        "div tr table ul ol dl dt dd section article header footer center form address blockquote hr main aside "
            + "fieldset figure figcaption li body caption thead tbody nav option")
    private static let paragraphs = names("p h1 h2 h3 h4 h5 h6 pre")
    private static let cells = names("td th")

    private static func names(_ list: String) -> Set<[UInt8]> {
        Set(list.split(separator: " ").map { Array($0.utf8) })
    }

    static func isRaw(_ name: [UInt8]) -> Bool { raw.contains(name) }
    static func isVoid(_ name: [UInt8]) -> Bool { void.contains(name) }
    static func mayBeMarked(_ name: [UInt8]) -> Bool { marked.contains(name) }

    static func layout(_ name: [UInt8]) -> Layout {
        if name.elementsEqual("br".utf8) { return .lineBreak }
        if blocks.contains(name) { return .block }
        if paragraphs.contains(name) { return .paragraph }
        return cells.contains(name) ? .cell : .inline
    }
}

/// The meaning of a tag's attributes for its element: whether it is a quote, a signature, or not shown.
struct HTMLAttributes {
    private(set) var mark: HTMLReader.Mark?
    /// Everything after it belongs to it, too.
    private(set) var marksTheRest = false
    private(set) var isHidden = false

    private static let quoteWords: Set = [
        "gmail_quote", "gmail_quote_container", "gmail_extra", "gmail_attr", "moz-cite-prefix",
        "yahoo_quoted",
        "protonmail_quote", "zmail_extra", "tutanota_quote", "outlookmessageheader", "yahooquoted",
        "quoted_message",
        "mail-quote", "front-blockquote", "ms-outlook-mobile-reference-message", "isforwardcontent",
        "mail-editor-reference-message-container", "x_mail-editor-reference-message-container",
        "divrplyfwdmsg",
        "x_divrplyfwdmsg", "appendonsend", "stopspelling", "reply-intro",
    ]
    /// Headers of the quoted mail, which follows them without an element of its own.
    private static let restWords: Set = [
        "divrplyfwdmsg", "x_divrplyfwdmsg", "appendonsend", "stopspelling", "outlookmessageheader",
        "reply-intro",
        "ms-outlook-mobile-reference-message",
    ]
    private static let signatureWords: Set = [
        "gmail_signature", "gmail_signature_prefix", "moz-signature", "signature", "x_signature",
        "ms-outlook-mobile-signature", "protonmail_signature_block", "tutanota_signature", "mail-signature",
        "applemailsignature", "divtagdefaultwrapper_signature",
    ]

    init(_ name: [UInt8], _ attributes: ArraySlice<UInt8>) {
        guard attributes.count > 3 else { return }
        let text = String(decoding: attributes.prefix(2000), as: UTF8.self).lowercased()
        for key in ["class", "id", "name"] {
            for word in Self.value(of: key, in: text).split(separator: " ").map(String.init) {
                if Self.quoteWords.contains(word) {
                    mark = .quote
                    if Self.restWords.contains(word) { marksTheRest = true }
                } else if mark == nil, Self.signatureWords.contains(word) || word.hasPrefix("yahoo_quoted") {
                    mark = word.hasPrefix("yahoo_quoted") ? .quote : .signature
                }
            }
        }
        if name.elementsEqual("blockquote".utf8), Self.value(of: "type", in: text) == "cite" { mark = .quote }
        let style = Self.value(of: "style", in: text).filter { $0 != " " }
        isHidden = style.contains("display:none") || style.contains("mso-hide:all")
    }

    private static func value(of key: String, in text: String) -> Substring {
        var rest = text[...]
        while let range = rest.firstRange(of: key) {
            let before = rest[..<range.lowerBound].utf8.last ?? 0x20
            rest = rest[range.upperBound...]
            let tail = rest.drop { $0 == " " }
            guard before <= 0x20 || before == UInt8(ascii: "\"") || before == UInt8(ascii: "'"),
                tail.first == "="
            else { continue }
            let value = tail.dropFirst().drop { $0 == " " }
            guard let quote = value.first, quote == "\"" || quote == "'" else {
                return value.prefix { $0 != " " && $0 != ">" }
            }
            return value.dropFirst().prefix { $0 != quote }
        }
        return ""
    }
}
