/// The words of a search, from any text: whatever is not a letter or a digit only separates. A row matches
/// that holds every word, or one that begins with it. Case is ignored; accents are not, so fold the text
/// the way the indexed one was.
package struct SearchQuery: Hashable, Sendable {
    /// More words are left out.
    package static let wordsMax = 8

    package let words: [String]

    package init(_ text: String) {
        var words: [String] = []
        SearchWords.each(of: text) { word in
            if words.count < Self.wordsMax { words.append(String(word)) }
        }
        self.words = words
    }

    /// Whether there is no word: then nothing matches.
    package var isEmpty: Bool { words.isEmpty }

    /// FTS5's form: quoted, so that no word is an operator, and each a prefix.
    func expression(_ tenant: TenantID) -> String {
        let mark = SearchWords.mark(tenant)
        return words.map { "\"\(mark)\($0)\"*" }.joined(separator: " AND ")
    }

    /// PostgreSQL's form. A word is letters and digits, so it needs no more than the quotation marks.
    func serverExpression(_ tenant: TenantID) -> String {
        let mark = SearchWords.mark(tenant)
        return words.map { "'\(mark)\($0)':*" }.joined(separator: " & ")
    }
}

/// Turns text into words of the index. Each word begins with its tenant's mark, so that a search reads the
/// tenant's part of the index and no more, however many others there are.
enum SearchWords {
    /// Letters of a word; the rest is cut off, in the index as in a search.
    static let lengthMax = 64

    /// The text that goes into the index: marked words with a space between.
    static func indexed(_ text: String, _ tenant: TenantID) -> String {
        var words: [UInt8] = []
        words.reserveCapacity(text.utf8.count * 3)
        write(text, markBytes(tenant), to: &words)
        return String(decoding: words, as: UTF8.self)
    }

    /// Fills a buffer with these words. It is done for every row that is written, so ASCII is handled byte by byte.
    static func write(_ text: String, _ mark: [UInt8], to words: inout [UInt8]) {
        words.removeAll(keepingCapacity: true)
        guard !writePlain(text, mark, to: &words) else { return }
        words.removeAll(keepingCapacity: true)
        var length = 0
        for scalar in text.unicodeScalars {
            guard isPartOfWord(scalar) else {
                length = 0
                continue
            }
            guard takesLetter(&length, mark, &words) else { continue }
            if scalar.isASCII {
                words.append(UInt8(lower(scalar).value))
            } else {
                words += scalar.properties.lowercaseMapping.utf8
            }
        }
    }

    /// Counts a letter of a word, whose mark goes before the first; returns whether the letter is written, too.
    @inline(__always)
    private static func takesLetter(_ length: inout Int, _ mark: [UInt8], _ words: inout [UInt8]) -> Bool {
        if length == 0 {
            if !words.isEmpty { words.append(0x20) }
            words += mark
        }
        length += 1
        return length <= lengthMax
    }

    /// Returns whether the text is ASCII alone; only then are the words whole.
    private static func writePlain(_ text: String, _ mark: [UInt8], to words: inout [UInt8]) -> Bool {
        var length = 0
        for byte in text.utf8 {
            guard byte < 0x80 else { return false }
            let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
            guard lower &- 0x61 < 26 || lower &- 0x30 < 10 else {
                length = 0
                continue
            }
            if takesLetter(&length, mark, &words) { words.append(lower) }
        }
        return true
    }

    /// Thirteen digits of base 36. Should two tenants ever share one, they still do not see each other's
    /// rows: the query that holds the match names the tenant.
    static func mark(_ tenant: TenantID) -> String {
        String(decoding: markBytes(tenant), as: UTF8.self)
    }

    static func markBytes(_ tenant: TenantID) -> [UInt8] {
        var fingerprint = Fingerprint()
        fingerprint.add(bytes: tenant.rawValue.utf8)
        var digits = [UInt8](repeating: 0x30, count: 13), rest = fingerprint.value
        for place in digits.indices.reversed() where rest > 0 {
            let digit = UInt8(rest % 36)
            digits[place] = digit < 10 ? 0x30 + digit : 0x57 + digit
            rest /= 36
        }
        return digits
    }

    /// Calls back with each word, in lower case.
    static func each(of text: String, _ body: (String.UnicodeScalarView) -> Void) {
        var word = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars {
            if isPartOfWord(scalar) {
                length += 1
                if length <= lengthMax { append(scalar, to: &word) }
            } else if length > 0 {
                body(word)
                word.removeAll(keepingCapacity: true)
                length = 0
            }
        }
        if length > 0 { body(word) }
    }

    private static func append(_ scalar: Unicode.Scalar, to word: inout String.UnicodeScalarView) {
        guard scalar.isASCII else {
            return word.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        }
        word.append(lower(scalar))
    }

    /// Returns the lower case of a scalar of ASCII.
    private static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar
    }

    /// Letters, their marks, and numbers. To the index's tokenizer everything outside ASCII belongs to a
    /// word, so what is a word here is one there.
    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return (0x30...0x39).contains(scalar.value) || (0x61...0x7A).contains(scalar.value | 0x20)
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
            return true
        default: return false
        }
    }
}
