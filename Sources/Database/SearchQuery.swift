/// The words of a search, from any text: whatever is not a letter or a digit only separates. A row matches that holds
/// every word, or one that begins with it. Fold the text the way the indexed one was.
package struct SearchQuery: Hashable, Sendable {
    /// More words, and more letters of one, are left out.
    package static let wordsMax = 8
    package static let wordLengthMax = 64

    package let words: [String]

    package init(_ text: String) {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isPartOfWord(scalar) {
                if word.count < Self.wordLengthMax { word.append(scalar) }
            } else if !word.isEmpty {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        self.words = Array(words.prefix(Self.wordsMax))
    }

    /// Without a word, nothing matches.
    package var isEmpty: Bool { words.isEmpty }

    /// FTS5's form: quoted, so that no word is an operator; each is a prefix.
    var expression: String { words.map { "\"\($0)\"*" }.joined(separator: " AND ") }

    /// A tenant as one word of lower-case ASCII, different for each: the index ignores case and splits at signs.
    static func token(_ tenant: TenantID) -> String {
        var result: [UInt8] = []
        for byte in tenant.rawValue.utf8 {
            switch byte {
            case UInt8(ascii: "x"), 0..<0x30, 0x3A..<0x61, 0x7B...:
                let hex = "0123456789abcdef".utf8.map { $0 }
                result += [UInt8(ascii: "x"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            default: result.append(byte)
            }
        }
        return result.isEmpty ? "x" : String(decoding: result, as: UTF8.self)
    }
}

/// Letters, numbers and private use, as the index's tokenizer has them. It knows Unicode 6.1: what came later it
/// takes for a separator, and a quoted word with a separator inside is an error to it.
private func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (0x30...0x39).contains(scalar.value) || (0x61...0x7A).contains(scalar.value | 0x20) }
    guard let age = scalar.properties.age, (age.major, age.minor) <= (6, 1) else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber, .privateUse:
        return true
    default: return false
    }
}
