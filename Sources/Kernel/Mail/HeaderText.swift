internal import Records

/// Text that can stand in a header: one line, without control characters, and without what turns the order of letters
/// around. Nothing else reaches a header of a mail, so none can be smuggled in, and no sender looks like another.
package struct HeaderText: Hashable, Sendable, CustomStringConvertible {
    package static let lengthMax = 998

    package let description: String

    /// `nil` for text with a character that may not stand in a line, and for what is longer than any header may be.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.lengthMax, text.unicodeScalars.allSatisfy(TextRule.mayStandInLine)
        else {
            return nil
        }
        description = text
    }

    /// Makes a header's text of a value that comes out of a record: a character that is not allowed becomes a blank,
    /// runs of blanks one, and what is too long is cut.
    package init(cleaning text: String) {
        var cleaned = String.UnicodeScalarView(), isAfterBlank = true, length = 0
        for scalar in text.unicodeScalars {
            let next = TextRule.mayStandInLine(scalar) && !scalar.properties.isWhitespace ? scalar : " "
            if next == " ", isAfterBlank { continue }
            length += UTF8.width(next)
            if length > Self.lengthMax { break }
            cleaned.append(next)
            isAfterBlank = next == " "
        }
        if cleaned.last == " " { cleaned.removeLast() }
        description = String(cleaned)
    }
}
