internal import Intelligence
internal import Lexicons
internal import Templates

/// Finds what is claimed without a source: superlatives, comparisons and figures, and promises about health and money.
/// The gravity of a claim follows the countries whose people read it.
struct ClaimCheck {
    private(set) var findings: [QualityFinding] = []

    init(_ input: QualityInput, _ text: ScannedText, _ beside: BesideBody) {
        let words = ClaimWords.of(TextLanguage.of(input))
        let sourced =
            input.claims.filter { $0.source?.isEmpty == false }.map { Set(ScannedText($0.text).words) }
            + input.sources.map { Set(ScannedText($0).words) }
        check(text, input, words, sourced)
        let known = findings.count
        for other in beside.all { check(other, input, words, sourced) }
        for index in known..<findings.count { findings[index] = findings[index].besideBody }
    }

    private mutating func check(
        _ text: ScannedText, _ input: QualityInput, _ words: ClaimWords, _ sourced: [Set<String>]
    ) {
        let cited = Set(text.links.map(\.sentence))
        var end = 0, sentence = 0..<0, around: Set<String> = []
        for match in words.patterns.matches(in: text) where match.tokens.lowerBound >= end {
            guard let kind = match.group.claim else {
                end = match.tokens.upperBound
                continue
            }
            let isCited = cited.contains(text.tokens[match.tokens.lowerBound].sentence)
            if !sentence.contains(match.tokens.lowerBound) {
                sentence = text.sentence(around: match.tokens.lowerBound)
                around = Set(text.tokens[sentence].map(\.text))
            }
            guard kind != .figure || !words.isOffer(match.tokens, in: text, sentence) else { continue }
            end = match.tokens.upperBound
            let said = Set(text.tokens[match.tokens].filter { $0.kind != .sign }.map(\.text))
            let hasSource = isCited || sourced.contains { Self.covers($0, said, around) }
            let ruling = ClaimRuling(kind, hasSource: hasSource, in: input.countries)
            guard let severity = ruling.severity else { continue }
            let isStrict = !hasSource && words.isStrict(about: input.industry)
            add(kind, isStrict ? .error : severity, ruling, text.place(of: match.tokens), in: text, hasSource)
        }
    }

    /// A source covers what is said if it has all of its words, and most of its own are in the sentence.
    private static func covers(_ source: Set<String>, _ said: Set<String>, _ sentence: Set<String>) -> Bool {
        guard !said.isEmpty, said.isSubset(of: source) else { return false }
        let common = source.intersection(sentence).count
        return common * 10 >= min(source.count, sentence.count) * 6
    }

    private mutating func add(
        _ kind: ClaimKind, _ severity: QualityFinding.Severity, _ ruling: ClaimRuling, _ place: Range<Int>,
        in text: ScannedText, _ hasSource: Bool
    ) {
        let (claim, words) = (Saying.Value.text(kind.rawValue), text.quote(place))
        let (quote, laws) = (Saying.Value.text(words), Saying.Value.text(ruling.laws))
        let detail: Saying, suggestion: Saying
        if hasSource {
            detail = Saying("content_check.claim_sourced", ["kind": claim, "words": quote, "laws": laws])
            suggestion = Saying("content_advice.claim_sourced")
        } else {
            detail =
                ruling.laws.isEmpty
                ? Saying("content_check.claim", ["kind": claim, "words": quote])
                : Saying("content_check.claim_by_law", ["kind": claim, "words": quote, "laws": laws])
            suggestion = Saying("content_advice.claim")
        }
        var finding = QualityFinding(
            .claimWithoutSource, severity, detail, evidence: words, at: place, suggestion: suggestion)
        finding.rules = ruling.rules
        findings.append(finding)
    }
}

/// The words of a language by which claims are known.
struct ClaimWords: Sendable {
    enum Group: Hashable, Sendable {
        case claim(ClaimKind), offer
        /// Words of a claim that are none here: "all the best".
        case ordinary

        var claim: ClaimKind? { if case .claim(let claim) = self { claim } else { nil } }
    }

    let patterns: WordPatterns<Group>
    private let offers: WordPatterns<Group>
    /// Words of industries whose claims are held to more.
    private let strict: [String]

    private init(_ language: String) {
        let lexicon = Self.lexicon
        let claims = ClaimKind.allCases.map { kind in
            (Group.claim(kind), lexicon.lines(kind.rawValue, in: language))
        }
        // Ordinary words come first, and so decide where both have as many words.
        patterns = WordPatterns([(Group.ordinary, lexicon.lines("ordinary", in: language))] + claims)
        offers = WordPatterns([(.offer, lexicon.words("offer", in: language))])
        strict = lexicon.words("strict")
            .sorted()
    }

    private static let lexicon = Lexicon("claims", in: ResourceTable.texts)
    private static let all = Dictionary(
        uniqueKeysWithValues: lexicon.languages.map { ($0, ClaimWords($0)) })

    static func of(_ language: String) -> ClaimWords { all[language] ?? all[Lexicon.standard]! }

    /// Returns whether a figure is a price that is offered, which nobody has to prove: "20 % off".
    func isOffer(_ figure: Range<Int>, in text: ScannedText, _ sentence: Range<Int>) -> Bool {
        let low = max(sentence.lowerBound, figure.lowerBound - 4)
        let high = min(sentence.upperBound, figure.upperBound + 4)
        return (low..<high).contains { !figure.contains($0) && offers.begins(at: $0, in: text) }
    }

    func isStrict(about industry: String?) -> Bool {
        guard let industry else { return false }
        let words = Set(ScannedText(industry).words)
        return strict.contains { words.contains($0) }
    }
}

/// The language that a piece is in: as it says itself, or else as it reads.
enum TextLanguage {
    static func of(_ input: QualityInput) -> String {
        if let named = input.locale?.split(separator: "-").first { return named.lowercased() }
        return LanguageGuess.of("\(input.title)\n\(input.body.prefix(2000))").language ?? Lexicon.standard
    }
}
