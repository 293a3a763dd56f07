internal import CGMime
internal import Glibc
internal import Records

/// Walks through a mail's parts and takes out what there is to read and to keep.
struct MIMEReader {
    /// The texts for the reader in one part, or in several together.
    struct Body {
        var text: String?
        var html: String?

        /// The plain part, or what the HTML says.
        var readable: String {
            if let text, !text.isBlank { return text }
            return html.map { HTMLReader($0).text } ?? text ?? ""
        }

        var isBlank: Bool { (text?.isBlank ?? true) && (html?.isBlank ?? true) }
    }

    /// A report's parts, and the mail that it is about.
    struct Enclosed {
        /// The value of `report-type`, in lower case.
        var reportType: String?
        var deliveryStatus: String?
        var feedback: String?
        /// The headers of the mail that came back.
        var original: FieldGroup?
    }

    enum Place { case root, report, signed, other }

    private(set) var enclosed = Enclosed()
    var attachments: [ReceivedMail.Attachment] = []
    private(set) var calendarAnswer: CalendarAnswer?
    private(set) var omittedParts = 0
    private let limits: ReceivedMail.Limits
    private var parts = 0

    init(_ limits: ReceivedMail.Limits) { self.limits = limits }

    mutating func read(_ object: UnsafeMutablePointer<GMimeObject>?, depth: Int, in place: Place) -> Body {
        guard let object = unsafe object else { return Body() }
        parts += 1
        guard depth <= limits.depthMax, parts <= limits.partsMax else {
            omittedParts += 1
            return Body()
        }
        switch unsafe bureau_mime_kind(object) {
        case bureau_mime_multipart: return unsafe readMultipart(object, depth)
        case bureau_mime_message: return unsafe readMessage(object, depth, place)
        default: return unsafe readLeaf(object, place)
        }
    }

    private mutating func readMultipart(_ object: UnsafeMutablePointer<GMimeObject>, _ depth: Int) -> Body {
        let type = unsafe MediaType(object)
        if type.subtype == "report" {
            enclosed.reportType = unsafe parameter("report-type", of: object)?.lowercased()
        }
        let place: Place = type.subtype == "report" ? .report : type.subtype == "signed" ? .signed : .other
        guard unsafe bureau_mime_count(object) > 0 else {
            // The boundary never came: whatever is there is read as text.
            guard let prologue = unsafe bureau_mime_prologue(object) else { return Body() }
            let bytes = unsafe UnsafeBufferPointer(start: prologue, count: strlen(prologue)).map {
                UInt8(bitPattern: $0)
            }
            return Body(
                text: PlainText.cleaned(CharacterSets.text(bytes.prefix(limits.textSizeMax), charset: nil)))
        }
        var bodies: [Body] = []
        for index in unsafe 0..<max(0, bureau_mime_count(object)) {
            // Once there are too many, the rest is not even visited.
            if parts >= limits.partsMax {
                omittedParts += unsafe Int(bureau_mime_count(object) - index)
                break
            }
            bodies.append(
                unsafe read(bureau_mime_child(object, index), depth: depth + 1, in: place))
        }
        bodies = bodies.filter { !$0.isBlank }
        if type.subtype == "alternative" {
            return Body(
                text: bodies.lazy.compactMap(\.text).first { !$0.isBlank },
                html: bodies.lazy.compactMap(\.html).last { !$0.isBlank })
        }
        if bodies.count <= 1 { return bodies.first ?? Body() }
        let pages = bodies.compactMap(\.html)
        // A part that only has HTML stands between others that only have text: all of them are read.
        return Body(
            text: bodies.contains { $0.text != nil } ? bodies.map(\.readable).joined(separator: "\n") : nil,
            html: pages.isEmpty ? nil : pages.joined(separator: "\n"))
    }

    /// A mail within the mail.
    private mutating func readMessage(
        _ object: UnsafeMutablePointer<GMimeObject>, _ depth: Int, _ place: Place
    ) -> Body {
        guard let inner = unsafe bureau_mime_inner(object) else { return Body() }
        if enclosed.original == nil { enclosed.original = unsafe FieldGroup(inner) }
        if place == .report { return Body() }
        // Some forward by putting nothing else around it.
        if place == .root {
            return unsafe read(bureau_mime_root(inner), depth: depth + 1, in: .other)
        }
        let subject = enclosed.original?["Subject"].map { TextCleaning.line($0) } ?? ""
        let bytes = unsafe takeBytes(bureau_mime_written(inner, GMimeLibrary.shared.writing))
        guard bytes.count <= limits.partSizeMax else {
            omittedParts += 1
            return Body()
        }
        attachments.append(
            .init(
                name: subject.isEmpty ? "message.eml" : subject + ".eml", mediaType: "message/rfc822",
                bytes: bytes))
        return Body()
    }

    private mutating func readLeaf(_ object: UnsafeMutablePointer<GMimeObject>, _ place: Place) -> Body {
        let type = unsafe MediaType(object)
        // A third more for base 64, and line ends.
        guard unsafe bureau_mime_encoded_size(object) <= Int64(limits.partSizeMax) * 3 / 2 else {
            omittedParts += 1
            return Body()
        }
        let bytes = unsafe takeBytes(bureau_mime_decoded(object))
        guard bytes.count <= limits.partSizeMax else {
            omittedParts += 1
            return Body()
        }
        if unsafe takeReport(object, type, bytes, place) { return Body() }
        let name = unsafe fileName(object)
        let disposition = unsafe String(borrowing: g_mime_object_get_disposition(object))?.lowercased()
        let isBody = disposition != "attachment" && (name == nil || place == .root)
        if type.isText, isBody { return unsafe readText(object, type, bytes) }
        if place == .signed, type.subtype.hasSuffix("-signature") { return Body() }
        if type.subtype == "calendar" || type.subtype == "ics", calendarAnswer == nil {
            calendarAnswer = CalendarAnswer(bytes)
        }
        // Nothing at all, as some lists' software leaves behind.
        if bytes.isEmpty, name == nil { return Body() }
        let contentID = unsafe String(borrowing: g_mime_object_get_content_id(object))
        attachments.append(
            .init(
                name: name.flatMap { $0.isEmpty ? nil : $0 }, mediaType: type.description,
                contentID: contentID,
                bytes: bytes))
        return Body()
    }

    private func fileName(_ object: UnsafeMutablePointer<GMimeObject>) -> String? {
        guard let name = unsafe String(borrowing: bureau_mime_file_name(object)) else { return nil }
        // The library decodes encoded words here, too, and loses some of them.
        for (field, key) in [("Content-Disposition", "filename"), ("Content-Type", "name")] {
            let header = unsafe g_mime_header_list_get_header(g_mime_object_get_header_list(object), field)
            if let whole = unsafe EncodedWords.parameter(key, in: rawValue(header)) {
                return HeaderText(cleaning: whole).description
            }
        }
        return HeaderText(cleaning: name).description
    }

    private func readText(
        _ object: UnsafeMutablePointer<GMimeObject>, _ type: MediaType, _ bytes: [UInt8]
    ) -> Body {
        let charset = unsafe parameter("charset", of: object)
        var kept = bytes[...]
        if kept.count > limits.textSizeMax {
            kept = kept.prefix(limits.textSizeMax)
            // Not in the middle of a character.
            for _ in 0..<3 where kept.last.map({ (0x80...0xBF).contains($0) }) ?? false {
                kept = kept.dropLast()
            }
            if let last = kept.last, last >= 0xC0 { kept = kept.dropLast() }
        }
        let text = CharacterSets.text(kept, charset: charset)
        if type.subtype == "html" { return Body(html: text) }
        let isFlowed = unsafe parameter("format", of: object)?.lowercased() == "flowed"
        let isSpaced = unsafe parameter("delsp", of: object)?.lowercased() == "yes"
        return Body(text: PlainText.cleaned(text, isFlowed: isFlowed, deletesSpace: isSpaced))
    }

    /// Returns whether it was a part of a report.
    private mutating func takeReport(
        _ object: UnsafeMutablePointer<GMimeObject>, _ type: MediaType, _ bytes: [UInt8], _ place: Place
    ) -> Bool {
        switch type.description {
        case "message/delivery-status", "message/global-delivery-status":
            enclosed.deliveryStatus = CharacterSets.text(bytes.prefix(256 << 10), charset: nil)
        case "message/feedback-report":
            enclosed.feedback = CharacterSets.text(bytes.prefix(256 << 10), charset: nil)
        case "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
            if enclosed.original == nil {
                enclosed.original =
                    FieldGroup.all(in: CharacterSets.text(bytes.prefix(256 << 10), charset: nil)).first
            }
        default: return false
        }
        return true
    }

    private func parameter(_ name: String, of object: UnsafeMutablePointer<GMimeObject>) -> String? {
        unsafe String(borrowing: g_mime_object_get_content_type_parameter(object, name))
    }
}

/// `text/plain`, in lower case.
struct MediaType: CustomStringConvertible {
    let type: String, subtype: String

    var description: String { "\(type)/\(subtype)" }
    var isText: Bool { type == "text" && (subtype == "plain" || subtype == "html" || subtype == "enriched") }

    init(_ object: UnsafeMutablePointer<GMimeObject>) {
        let found = unsafe g_mime_object_get_content_type(object)
        type =
            unsafe String(borrowing: g_mime_content_type_get_media_type(found))?.lowercased() ?? "application"
        subtype =
            unsafe String(borrowing: g_mime_content_type_get_media_subtype(found))?.lowercased()
            ?? "octet-stream"
    }
}

extension StringProtocol {
    var isBlank: Bool { utf8.allSatisfy { $0 <= 0x20 } }
}
