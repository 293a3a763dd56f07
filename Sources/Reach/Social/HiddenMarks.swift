/// Marks that nobody sees, and that turn the order of letters or part words: they disguise what a post says.
enum HiddenMarks {
    /// Returns the first one of a text by its code, and its place among the code points, from 1; `nil`: there is none.
    /// Joiners of emoji and single marks of direction are parts of scripts, and so are zero-width spaces where words
    /// have no others between them.
    static func first(in text: String) -> (code: String, place: Int)? {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var last: UInt32 = 0
        for (index, scalar) in text.unicodeScalars.enumerated() {
            let isHidden =
                switch scalar.value {
                case 0x202A...0x202E, 0x2066...0x2069: true
                case 0x200B: !hasNoSpaces(last)
                default: false
                }
            if isHidden { return ("U+\(String(scalar.value, radix: 16, uppercase: true))", index + 1) }
            last = scalar.value
        }
        return nil
    }

    /// Returns whether a letter is Thai, Lao, Burmese or Khmer.
    private static func hasNoSpaces(_ letter: UInt32) -> Bool {
        switch letter {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true
        default: false
        }
    }
}
