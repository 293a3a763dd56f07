/// A line of guidelines, with the terms that it names by quotation marks.
struct GuidelineLine: Sendable {
    struct Term: Hashable, Sendable {
        let text: String
        let range: Range<Int>
    }

    let text: ScannedText
    /// In the order of the line.
    let quoted: [Term]
    let isHeading: Bool
    let isEntry: Bool

    init(_ line: Substring) {
        let bare = line.drop { $0.isWhitespace }
        let marks = bare.prefix { $0 == "#" }
        isHeading =
            (!marks.isEmpty && bare.dropFirst(marks.count).first?.isWhitespace != false)
            || bare.last { !$0.isWhitespace } == ":"
        let number = bare.prefix { $0.isASCII && $0.isNumber }
        isEntry =
            ["- ", "* ", "+ ", "\u{2022} ", "\u{2013} "].contains { bare.hasPrefix($0) }
            || (!number.isEmpty && [". ", ") "].contains { bare.dropFirst(number.count).hasPrefix($0) })
        text = ScannedText(String(line))
        quoted = Self.quoted(in: text.scalars)
    }

    /// Opening marks with those that close them.
    private static let marks: [Unicode.Scalar: [Unicode.Scalar]] = [
        "\"": ["\""], "\u{201C}": ["\u{201D}"], "\u{201E}": ["\u{201C}", "\u{201D}"], "\u{AB}": ["\u{BB}"],
        "\u{BB}": ["\u{AB}"], "\u{2039}": ["\u{203A}"], "\u{2018}": ["\u{2019}"],
        "\u{201A}": ["\u{2018}", "\u{2019}"],
        "'": ["'"], "`": ["`"],
    ]
    private static let lengthMax = 100

    private static func quoted(in scalars: [Unicode.Scalar]) -> [Term] {
        var found: [Term] = [], index = 0
        while index < scalars.count {
            defer { index += 1 }
            guard let closing = marks[scalars[index]], index == 0 || !scalars[index - 1].isWordPart else {
                continue
            }
            let limit = min(scalars.count, index + 2 + lengthMax)
            // A quotation mark between letters is an apostrophe.
            let close = (index + 1..<max(index + 1, limit)).first { place in
                closing.contains(scalars[place])
                    && (place + 1 == scalars.count || !scalars[place + 1].isWordPart)
            }
            guard let close, close > index + 1 else { continue }
            let words = String(String.UnicodeScalarView(scalars[index + 1..<close]))
                .trimmingMarks
            if !words.isEmpty { found.append(Term(text: words, range: index + 1..<close)) }
            index = close
        }
        return found
    }

    /// The sentences, as tokens.
    var sentences: [Range<Int>] {
        var found: [Range<Int>] = [], start = 0
        while start < text.tokens.count {
            let sentence = text.sentence(from: start)
            found.append(sentence)
            start = sentence.upperBound
        }
        return found
    }
}

extension String {
    /// The text without spaces at its ends, and without the comma or the point that was put before the closing mark.
    fileprivate var trimmingMarks: String {
        let signs = { (character: Character) in character.isWhitespace || ",.;:*".contains(character) }
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !signs($0) }),
            start <= end
        else { return "" }
        return String(self[start...end])
    }
}
