internal import Intelligence
internal import Lexicons

/// Reads the rules out of a brand's guidelines, in plain words or Markdown. A sentence that states none becomes none.
struct GuidelineReader {
    private let words: GuidelineWords
    private(set) var rules: [GuidelineRule] = []
    /// Whether the entries of the list below the last heading are words that are never said.
    private var isBelowBan = false

    /// `locale`: the language of the guidelines; as they read where it is `nil`.
    init(_ text: String, locale: String?) {
        let named = locale?.split(separator: "-").first.map { $0.lowercased() }
        words = GuidelineWords.of(named ?? LanguageGuess.of(String(text.prefix(4000))).language)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            read(GuidelineLine(line), number: index + 1)
        }
    }

    private mutating func read(_ line: GuidelineLine, number: Int) {
        guard !line.text.tokens.isEmpty else { return }
        if line.isHeading {
            isBelowBan = !words.heading.matches(in: line.text).isEmpty
            return
        }
        let known = rules.count
        for tokens in line.sentences {
            let sentence = GuidelineSentence(line, tokens, words)
            let quote = line.text.quote(line.text.place(of: tokens))
            rules += sentence.rules.map { GuidelineRule(kind: $0, line: number, quote: quote) }
        }
        if known == rules.count, isBelowBan, line.isEntry, let banned = line.listed {
            let place = line.text.place(of: line.text.tokens.indices)
            rules.append(
                GuidelineRule(kind: .banned(banned), line: number, quote: line.text.quote(place)))
        }
        if !line.isEntry { isBelowBan = false }
    }
}

extension GuidelineLine {
    /// The words of an entry that is nothing but words: those in quotation marks, or all, between commas.
    fileprivate var listed: [String]? {
        if !quoted.isEmpty { return quoted.map(\.text) }
        let places = text.tokens.filter { $0.kind == .word }.map(\.range)
        guard let first = places.first, let last = places.last else { return nil }
        let parts = text.scalars[first.lowerBound..<last.upperBound].split {
            $0 == "," || $0 == ";" || $0 == "/"
        }
        let terms = parts.map { part in
            String(String.UnicodeScalarView(part)).split(separator: " ").joined(separator: " ")
        }.filter { !$0.isEmpty }
        // A sentence is no list of words.
        guard terms.allSatisfy({ $0.split(separator: " ").count <= 4 }) else { return nil }
        return terms
    }
}
