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

/// How text becomes words of the index. Each word begins with its tenant's mark, so that a search reads the
/// tenant's part of the index and no more, however many others there are.
enum SearchWords {
    /// Letters of a word; the rest is cut off, in the index as in a search.
    static let lengthMax = 64

    /// The text that goes into the index: marked words with a space between. Made for every row that is
    /// written, so ASCII is handled byte by byte.
    static func indexed(_ text: String, _ tenant: TenantID) -> String {
        let mark = Array(mark(tenant).utf8)
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count * 3)
        var length = 0
        func begin() {
            if length == 0 {
                if !result.isEmpty { result.append(0x20) }
                result += mark
            }
            length += 1
        }
        for scalar in text.unicodeScalars {
            guard isPartOfWord(scalar) else {
                length = 0
                continue
            }
            begin()
            guard length <= lengthMax else { continue }
            if scalar.isASCII {
                let byte = UInt8(scalar.value)
                result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            } else {
                result += scalar.properties.lowercaseMapping.utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Thirteen digits of base 36. Should two tenants ever share one, they still do not see each other's
    /// rows: the query that holds the match names the tenant.
    static func mark(_ tenant: TenantID) -> String {
        var fingerprint = Fingerprint()
        fingerprint.add(bytes: tenant.rawValue.utf8)
        let digits = String(fingerprint.value, radix: 36)
        return String(repeating: "0", count: 13 - digits.utf8.count) + digits
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
        word.append(
            (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar)
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
