/// Marks that nobody sees, and that turn the order of letters or part words: they disguise what a post says.
enum HiddenMarks {
    /// Returns the first one of a text by its code, and its place among the code points, from 1; `nil`: there is none.
    static func first(in text: String) -> (code: String, place: Int)? {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var last: Unicode.Scalar = " "
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if isHidden(scalar, after: last) {
                return ("U+\(String(scalar.value, radix: 16, uppercase: true))", index + 1)
            }
            last = scalar
        }
        return nil
    }

    static func removed(from text: String) -> String {
        guard first(in: text) != nil else { return text }
        var kept = String.UnicodeScalarView(), last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars where !isHidden(scalar, after: last) {
            kept.append(scalar)
            last = scalar
        }
        return String(kept)
    }

    /// Joiners of emoji and single marks of direction are parts of scripts, and so are zero-width spaces between words
    /// that have no others between them: those of Thai, Lao, Burmese and Khmer.
    private static func isHidden(_ scalar: Unicode.Scalar, after last: Unicode.Scalar) -> Bool {
        switch (scalar.value, last.value) {
        case (0x200B, 0x0E00...0x0EFF), (0x200B, 0x1000...0x109F), (0x200B, 0x1780...0x17FF): false
        case (0x200B, _), (0x202A...0x202E, _), (0x2066...0x2069, _): true
        default: false
        }
    }
}
