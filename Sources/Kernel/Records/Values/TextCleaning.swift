/// Cleans cells and form fields before anyone looks at what they say.
package enum TextCleaning {
    /// Returns a text without leading and trailing blanks: every Unicode space and line end, and what is not seen
    /// (zero-width characters, byte-order marks, direction marks).
    package static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return text }
        if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return text }
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { !isBlank($0) }) else { return "" }
        let end = scalars.lastIndex { !isBlank($0) }!
        return String(scalars[start...end])
    }

    /// Trimmed, with runs of spaces made one, line ends made LF, and without control characters or
    /// zero-width ones. Tabs and line ends inside stay: who writes them, means them.
    package static func line(_ text: String) -> String {
        guard needsWork(text) else { return text }
        var result = String.UnicodeScalarView()
        var pendingSpace = false
        for scalar in normalisedLineEnds(text).unicodeScalars {
            if isSpace(scalar) {
                pendingSpace = true
                continue
            }
            if isInvisible(scalar) { continue }
            if pendingSpace, !result.isEmpty { result.append(" ") }
            pendingSpace = false
            result.append(scalar)
        }
        return trimmed(String(result))
    }

    /// Cleans a text as `line` does, with a space for each tab and line end: for a field that is one line.
    package static func oneLine(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let ends: Set<Unicode.Scalar> = ["\t", "\n", "\r", "\u{2028}", "\u{2029}"]
        guard scalars.contains(where: { ends.contains($0) || isInvisible($0) }) else { return line(text) }
        return line(String(String.UnicodeScalarView(scalars.map { ends.contains($0) ? " " : $0 })))
    }

    /// A text of several lines: trimmed at both ends, line ends made LF, without control characters.
    package static func block(_ text: String) -> String {
        var text = text
        if text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F }) {
            let scalars = normalisedLineEnds(text).unicodeScalars.filter {
                $0 == "\n" || $0 == "\t" || !isControl($0)
            }
            text = String(String.UnicodeScalarView(scalars))
        }
        return trimmed(text)
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        isSpace(scalar) || isInvisible(scalar) || scalar.value <= 0x20 || scalar.value == 0x2028
            || scalar.value == 0x2029
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// A zero-width joiner is not among them: it holds emoji and Indic letters together.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF: true
        case 0x09, 0x0A: false
        default: isControl(scalar)
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    private static func normalisedLineEnds(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var wasReturn = false
        for byte in text.utf8 {
            if byte != 0x0A || !wasReturn { bytes.append(byte == 0x0D ? 0x0A : byte) }
            wasReturn = byte == 0x0D
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Returns whether `line` might change the text; most cells are plain ASCII and leave here.
    private static func needsWork(_ text: String) -> Bool {
        var previous: UInt8 = 0x20
        for byte in text.utf8 {
            if byte == 0x20 ? previous == 0x20 : byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte >= 0xE1 {
                return true
            }
            previous = byte
        }
        return previous == 0x20 && !text.isEmpty
    }
}
