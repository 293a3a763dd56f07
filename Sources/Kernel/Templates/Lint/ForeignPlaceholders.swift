/// Places for values as other systems write them, which a reader would see as they stand.
enum ForeignPlaceholders {
    static func find(_ source: String, _ part: String) -> [TemplateWarning] {
        let bytes = Array(source.utf8)
        var map = SourceMap(bytes), found: [TemplateWarning] = []
        var index = 0
        while index < bytes.count, found.count < TemplateLimits.faultsMax {
            guard let mark = mark(bytes, at: index) else {
                index += 1
                continue
            }
            let place = map.place(of: index)
            let text = String(decoding: bytes[index..<mark], as: UTF8.self)
            found.append(
                TemplateWarning(
                    .foreignPlaceholder, Saying("lint.foreign_placeholder", ["text": .text(text)]),
                    part: part, line: place.line, column: place.column))
            index = mark
        }
        return found
    }

    private static let forms: [(open: String, close: String)] = [
        ("*|", "|*"), ("<<", ">>"), ("${", "}"), ("{", "}"), ("%", "%"), ("[", "]"),
    ]
    private static let opening = Set(forms.map { $0.open.utf8.first! })

    /// The end of `[First Name]`, `{first_name}`, `%FIRSTNAME%`, `*|FNAME|*` or `<<name>>` that begins there.
    private static func mark(_ bytes: [UInt8], at index: Int) -> Int? {
        guard opening.contains(bytes[index]) else { return nil }
        for form in forms where begins(form.open, bytes, at: index) {
            let start = index + form.open.utf8.count
            var end = start
            while end < bytes.count, end - start < 40, isNamePart(bytes[end], form.open) { end += 1 }
            guard end > start, begins(form.close, bytes, at: end) else { continue }
            let after = end + form.close.utf8.count
            guard isMeant(bytes, index, start..<end, after, form.open) else { continue }
            return after
        }
        return nil
    }

    private static func begins(_ text: String, _ bytes: [UInt8], at index: Int) -> Bool {
        bytes[index...].starts(with: text.utf8)
    }

    private static func isNamePart(_ byte: UInt8, _ open: String) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".") || (byte == 0x20 && open != "%")
    }

    /// Links, percentages and our own braces look alike, and are none.
    private static func isMeant(
        _ bytes: [UInt8], _ index: Int, _ name: Range<Int>, _ after: Int, _ open: String
    ) -> Bool {
        let before = index > 0 ? bytes[index - 1] : 0x20
        let next = after < bytes.count ? bytes[after] : 0x20
        switch open {
        case "{": return before != UInt8(ascii: "{") && next != UInt8(ascii: "}")
        case "%":
            return (0x41...0x5A).contains(bytes[name.lowerBound] & 0xDF) && before != UInt8(ascii: "{")
                && next != UInt8(ascii: "}")
        case "[":
            // `[text](url)`, `[text][1]` and a list's `[x]` are Markdown; names begin with a capital.
            return next != UInt8(ascii: "(") && next != UInt8(ascii: "[") && next != UInt8(ascii: ":")
                && before != UInt8(ascii: "]") && before != UInt8(ascii: "!") && name.count > 2
                && (0x41...0x5A).contains(bytes[name.lowerBound]) && !bytes[name].contains(UInt8(ascii: "{"))
        default: return true
        }
    }
}
