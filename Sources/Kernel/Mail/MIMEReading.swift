internal import CGMime
internal import Glibc
internal import Records

extension ReceivedMail {
    /// The limits to which a mail is read. Parts beyond them are counted in `omittedParts`.
    package struct Limits: Sendable {
        /// Bytes of the whole mail; what comes after them is not read.
        package var sizeMax = 40 << 20
        /// The most levels of nested parts.
        package var depthMax = 20
        package var partsMax = 200
        /// Bytes of one part, decoded.
        package var partSizeMax = 25 << 20
        /// Bytes of the text and of the HTML each; the rest is cut off.
        package var textSizeMax = 1 << 20
        package var headersMax = 500

        package static let standard = Limits()

        package init() {}
    }

    /// Reads a mail as SMTP or IMAP handed it over. Nothing is refused: of what is no mail, little is found.
    package init(mime bytes: [UInt8], limits: Limits = .standard) {
        self.init()
        let bounds = MIMEBounds(bytes, sizeMax: limits.sizeMax)
        let parsed = unsafe bytes.withUnsafeBytes {
            unsafe bureau_mime_parse($0.baseAddress, bounds.size, GMimeLibrary.shared.reading)
        }
        guard let message = unsafe MIMEObject(parsed) else { return }
        unsafe readHeaders(message.pointer, limits)
        var reader = MIMEReader(limits)
        let body = unsafe reader.read(bureau_mime_root(message.pointer), depth: 0, in: .root)
        // A part that was cut in two is no part.
        if bounds.isCut, !reader.attachments.isEmpty { reader.attachments.removeLast() }
        (text, html) = (body.readable, body.html)
        (attachments, calendarAnswer) = (reader.attachments, reader.calendarAnswer)
        omittedParts = reader.omittedParts + (bounds.isCut ? 1 : 0)
        report = ReportReader(self, reader.enclosed).report
    }

    private mutating func readHeaders(_ message: UnsafeMutablePointer<GMimeObject>, _ limits: Limits) {
        unsafe addHeaders(of: message, limits)
        // The library keeps those of the content with the content.
        if let root = unsafe bureau_mime_root(message) { unsafe addHeaders(of: root, limits) }
        messageID = header("Message-ID").flatMap { InternetMessageID.all(in: $0).first }
        inReplyTo = header("In-Reply-To").flatMap { InternetMessageID.all(in: $0).first }
        references = header("References").map { InternetMessageID.all(in: $0) } ?? []
        date = header("Date").flatMap(MailDate.instant)
        subject = Mojibake.repair(header("Subject") ?? "")
        returnPath = header("Return-Path").map {
            $0.filter { $0 != "<" && $0 != ">" && $0 != " " }
        }
        from = unsafe mailboxes(message, "From").lazy.compactMap { address, name in
            EmailAddress(address).map {
                Mailbox($0, name: name.map { HeaderText(cleaning: Mojibake.repair($0)) })
            }
        }.first
        var named = ["To", "Cc"].flatMap { unsafe mailboxes(message, $0).map(\.address) }
        for name in ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"] {
            for (_, value) in headers.filter({ $0.name.lowercased() == name.lowercased() }) {
                named.append(value.filter { $0 != "<" && $0 != ">" && $0 != " " })
            }
        }
        var seen: Set<String> = []
        recipients = named.filter { !$0.isEmpty && seen.insert($0.lowercased()).inserted }
    }

    private mutating func addHeaders(of object: UnsafeMutablePointer<GMimeObject>, _ limits: Limits) {
        let count = unsafe min(Int(bureau_mime_header_count(object)), limits.headersMax - headers.count)
        headers.reserveCapacity(headers.count + max(0, count))
        for index in 0..<Int32(max(0, count)) {
            let header = unsafe bureau_mime_header_at(object, index)
            guard let name = unsafe String(borrowing: g_mime_header_get_name(header)) else { continue }
            headers.append((name, unsafe Self.line(EncodedWords.decoded(rawValue(header)))))
        }
    }

    /// Of the first header of that name.
    private func mailboxes(
        _ message: UnsafeMutablePointer<GMimeObject>, _ name: String
    ) -> [(address: String, name: String?)] {
        let header = unsafe g_mime_header_list_get_header(g_mime_object_get_header_list(message), name)
        let masked = unsafe EncodedWords.masked(rawValue(header).prefix(64 << 10))
        guard let list = unsafe bureau_mime_addresses(masked.value, GMimeLibrary.shared.reading) else {
            return []
        }
        defer { unsafe g_object_unref(list) }
        return unsafe (0..<max(0, min(internet_address_list_length(list), 200))).compactMap { index in
            guard let address = unsafe String(borrowing: bureau_mime_address(list, index)) else { return nil }
            let masking = unsafe String(borrowing: bureau_mime_address_name(list, index)) ?? ""
            let name = Self.line(EncodedWords.unmasked(masking, masked.words))
            return (Self.line(address), name.isEmpty ? nil : name)
        }
    }

    /// Encoded words can hold line ends and the like.
    private static func line(_ text: String) -> String {
        let isClean = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        let clean =
            isClean
            ? text
            : String(
                String.UnicodeScalarView(
                    text.unicodeScalars.map { $0.value < 0x20 || $0 == "\u{7F}" ? " " : $0 }))
        return TextCleaning.trimmed(clean)
    }
}

extension InternetMessageID {
    private static let countMax = 200

    /// All that stand between brackets; where there are no brackets, the words with an `@`.
    static func all(in text: String) -> [InternetMessageID] {
        var found: [InternetMessageID] = [], rest = text.utf8[...]
        while found.count < countMax, let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { break }
            // Some wrap long ones in the middle.
            let bare = Substring(rest[..<close]).filter { $0 != " " && $0 != "\t" }
            if let id = InternetMessageID(bare) { found.append(id) }
            rest = rest[rest.index(after: close)...]
        }
        if found.isEmpty, !text.utf8.contains(UInt8(ascii: "<")) {
            found = text.split(separator: " ").filter { $0.contains("@") }.prefix(countMax)
                .compactMap { InternetMessageID($0) }
        }
        return found
    }
}

/// The part of a mail that is safe to read: the library makes an object of several hundred bytes of every
/// part and every header, so a mail of nothing else would cost a hundred times its size.
struct MIMEBounds {
    private static let partLinesMax = 20_000, headerLinesMax = 100_000

    private(set) var size: Int
    private(set) var isCut: Bool

    init(_ bytes: [UInt8], sizeMax: Int) {
        size = min(bytes.count, sizeMax)
        isCut = bytes.count > sizeMax
        var position = 0, partLines = 0, headerLines = 0
        while position < size {
            if bytes[position] == UInt8(ascii: "-") {
                if position + 1 < size, bytes[position + 1] == UInt8(ascii: "-") { partLines += 1 }
            } else if Self.looksLikeHeader(bytes, position, size) {
                headerLines += 1
            }
            if partLines > Self.partLinesMax || headerLines > Self.headerLinesMax {
                (size, isCut) = (position, true)
                return
            }
            position = Self.nextLine(bytes, position, size)
        }
    }

    private static func nextLine(_ bytes: [UInt8], _ position: Int, _ size: Int) -> Int {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let found = unsafe memchr(buffer.baseAddress! + position, 0x0A, size - position) else {
                return size
            }
            return unsafe UnsafeRawPointer(found) - buffer.baseAddress! + 1
        }
    }

    private static func looksLikeHeader(_ bytes: [UInt8], _ position: Int, _ size: Int) -> Bool {
        for index in position..<min(position + 40, size) {
            if bytes[index] == UInt8(ascii: ":") { return true }
            if bytes[index] <= 0x20 { return false }
        }
        return false
    }
}
