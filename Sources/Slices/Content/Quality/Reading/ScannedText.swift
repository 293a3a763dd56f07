/// A text as the checks read it: words, numbers and signs in sentences, apart from addresses and places for values.
///
/// Places count the text's characters as JSON does, by Unicode scalars. Reading takes time in proportion to the text,
/// whatever is in it.
struct ScannedText: Sendable {
    enum Kind: Sendable { case word, number, sign }

    struct Token: Sendable {
        /// In small letters, without marks that are not seen.
        let text: String
        let kind: Kind
        /// The sign right before it: of a hashtag, or of somebody's name.
        let mark: Unicode.Scalar?
        let range: Range<Int>
        let sentence: Int
        let letters: Int
        /// Whether all of its letters are capitals.
        let isCapitals: Bool
    }

    /// An address that readers can follow, as it is written.
    struct Link: Sendable {
        let text: String
        let range: Range<Int>
        let sentence: Int
    }

    let scalars: [Unicode.Scalar]
    var tokens: [Token] = []
    var links: [Link] = []
    /// Mail addresses.
    var addresses: [Range<Int>] = []
    /// Addresses and places for values: nothing in them is a word of the text.
    var passed: [Range<Int>] = []

    static let quoteMax = 200

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        var scanner = TextScanner(scalars)
        scanner.read()
        (tokens, links) = (scanner.tokens, scanner.links)
        (addresses, passed) = (scanner.addresses, scanner.passed)
    }

    /// Returns what stands in a place, shortened, and without marks that are not seen.
    func quote(_ range: Range<Int>) -> String {
        let end = min(range.upperBound, range.lowerBound + Self.quoteMax)
        return String(String.UnicodeScalarView(scalars[range.lowerBound..<end].filter { !$0.isUnseen }))
    }

    /// The place of some tokens that follow one another.
    func place(of tokens: Range<Int>) -> Range<Int> {
        self.tokens[tokens.lowerBound].range.lowerBound..<self.tokens[tokens.upperBound - 1].range.upperBound
    }

    /// The tokens of the sentence around one.
    func sentence(around index: Int) -> Range<Int> {
        let sentence = tokens[index].sentence
        var low = index, high = index + 1
        while low > 0, tokens[low - 1].sentence == sentence { low -= 1 }
        while high < tokens.count, tokens[high].sentence == sentence { high += 1 }
        return low..<high
    }

    /// The words and numbers, in small letters.
    var words: [String] { tokens.filter { $0.kind != .sign }.map(\.text) }
}

extension Unicode.Scalar {
    /// Whether it is not seen and parts no words: zero-width marks, marks of direction, and variants.
    var isUnseen: Bool {
        switch value {
        case 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F,
            0xFEFF, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// Whether it is part of a word: a letter, a digit, or an accent after one.
    var isWordPart: Bool {
        if isASCII { return value | 0x20 &- 0x61 < 26 || isDigit }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber:
            return true
        default: return false
        }
    }

    var isDigit: Bool { value &- 0x30 < 10 }

    var isSpace: Bool { properties.isWhitespace }

    var isApostrophe: Bool { self == "'" || self == "\u{2019}" || self == "\u{2BC}" }
}
