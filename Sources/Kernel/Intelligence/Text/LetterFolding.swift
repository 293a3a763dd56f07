/// Letters without their accents and capitals: `Ü` and `u` fold to the same, `ß` to `ss`. What a rule or a
/// model compares has gone through here; what people are shown never does.
enum LetterFolding {
    /// Appends what a scalar folds to, as UTF-8. Answers whether it is part of a word.
    static func append(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A: folded.append(UInt8(scalar.value))
        case 0x41...0x5A: folded.append(UInt8(scalar.value) | 0x20)
        case 0..<0x80: return false
        // Combining accents and what is not seen at all belong to the word around them.
        case 0xAD, 0x300...0x36F, 0x200B...0x200D, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF: return true
        case 0xAA: folded.append(UInt8(ascii: "a"))
        case 0xBA: folded.append(UInt8(ascii: "o"))
        case 0xC0..<0x180:
            let base = latin[Int(scalar.value - 0xC0)]
            guard base != UInt8(ascii: ".") else { return false }
            if let pair = pairs[base] { folded += pair } else { folded.append(base) }
        // Full-width forms of ASCII.
        case 0xFF01...0xFF5E: return append(Unicode.Scalar(scalar.value - 0xFEE0)!, to: &folded)
        default:
            let properties = scalar.properties
            guard properties.isAlphabetic || properties.isEmojiPresentation else { return false }
            for lower in properties.lowercaseMapping.unicodeScalars {
                folded += UTF8.encode(lower)!
            }
        }
        return true
    }

    static func fold(_ word: some StringProtocol) -> String {
        var folded: [UInt8] = []
        for scalar in word.unicodeScalars where !append(scalar, to: &folded) {
            folded += UTF8.encode(scalar)!
        }
        return String(decoding: folded, as: UTF8.self)
    }

    /// The base letter of U+00C0–U+017F. A capital stands for two letters, a point for no letter.
    private static let latin = Array(
        ("aaaaaaAceeeeiiiidnooooo.ouuuuyTSaaaaaaAceeeeiiiidnooooo.ouuuuyTyaaaaaaccccccccdd"
            + "ddeeeeeeeeeegggggggghhhhiiiiiiiiiiJJjjkkqllllllllllnnnnnnnnnooooooOOrrrrrrssssss"
            + "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

    private static let pairs: [UInt8: [UInt8]] = [
        UInt8(ascii: "A"): Array("ae".utf8), UInt8(ascii: "O"): Array("oe".utf8),
        UInt8(ascii: "S"): Array("ss".utf8), UInt8(ascii: "T"): Array("th".utf8),
        UInt8(ascii: "J"): Array("ij".utf8),
    ]
}
