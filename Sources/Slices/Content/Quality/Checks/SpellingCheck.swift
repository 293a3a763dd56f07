internal import Templates

/// Tells of words that no dictionary has.
struct SpellingCheck {
    private(set) var findings: [QualityFinding] = []

    init(_ input: QualityInput, _ text: ScannedText) {
        guard let faults = input.spelling?.faults, !faults.isEmpty else { return }
        let meant = Dictionary(faults.map { ($0.word, $0.suggestion) }) { first, _ in first }
        for token in text.tokens where token.kind == .word {
            let word = text.quote(token.range)
            guard let suggestion = meant[word] else { continue }
            findings.append(Self.finding(word, meant: suggestion, at: token.range))
        }
    }

    /// The mark of a word that people let pass, in whatever piece it stands.
    static func mark(of word: String) -> String { finding(word, meant: nil, at: nil).mark }

    private static func finding(_ word: String, meant: String?, at place: Range<Int>?) -> QualityFinding {
        let advice =
            meant.map { Saying("content_advice.spelling", ["word": .text($0)]) }
            ?? Saying("content_advice.spelling_unknown")
        return QualityFinding(
            .spelling, .note, Saying("content_check.spelling", ["word": .text(word)]), evidence: word,
            at: place, suggestion: advice)
    }
}
