/// Text that can stand in a header: one line, without control characters. Nothing else reaches a header of a mail,
/// so none can be smuggled in.
package struct HeaderText: Hashable, Sendable, CustomStringConvertible {
    package static let lengthMax = 998

    package let description: String

    /// `nil` for text with a line end, another control character or a line or paragraph separator of Unicode in
    /// it, and for what is longer than any header may be.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.lengthMax, text.unicodeScalars.allSatisfy(Self.isAllowed) else {
            return nil
        }
        description = text
    }

    /// What is not allowed becomes a blank, runs of blanks one, and what is too long is cut: for values that
    /// come out of records.
    package init(cleaning text: String) {
        var cleaned = String.UnicodeScalarView(), isAfterBlank = true, length = 0
        for scalar in text.unicodeScalars {
            let next = Self.isAllowed(scalar) && !scalar.properties.isWhitespace ? scalar : " "
            if next == " ", isAfterBlank { continue }
            length += UTF8.width(next)
            if length > Self.lengthMax { break }
            cleaned.append(next)
            isAfterBlank = next == " "
        }
        if cleaned.last == " " { cleaned.removeLast() }
        description = String(cleaned)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: false
        default: true
        }
    }
}
