internal import Lexicons
internal import Templates

/// Finds what somebody pays for and is not marked as advertising, in the way of the client's country, or else of the
/// language.
struct AdvertisingCheck {
    private(set) var findings: [QualityFinding] = []

    init(_ input: QualityInput, _ text: ScannedText) {
        let words = AdvertisingWords.of(TextLanguage.of(input)), title = ScannedText(input.title)
        let marks = input.country.flatMap(AdvertisingMarks.of) ?? words.marks
        guard let paid = words.paid.matches(in: text).first,
            !marks.contains(where: { text.says($0) || title.says($0) })
        else { return }
        // The mark of the language will do where the country knows it; the first of its own otherwise.
        let mark = marks.contains { $0.lowercased() == words.mark.lowercased() } ? words.mark : marks[0]
        let place = text.place(of: paid.tokens)
        findings.append(
            QualityFinding(
                .missingDisclosure, .warning,
                Saying("content_check.unmarked", ["words": .text(text.quote(place))]),
                evidence: text.quote(place), at: place,
                suggestion: Saying("content_advice.disclosure", ["text": .text(mark)])))
    }
}

/// The words of a language about advertising.
private struct AdvertisingWords: Sendable {
    enum Group: Hashable, Sendable { case paid }

    let paid: WordPatterns<Group>
    let marks: [String]
    let mark: String

    private static let lexicon = Lexicon("advertising", in: ResourceTable.texts)
    private static let all = Dictionary(
        uniqueKeysWithValues: lexicon.languages.map { ($0, AdvertisingWords($0)) })

    static func of(_ language: String) -> AdvertisingWords { all[language] ?? all[Lexicon.standard]! }

    private init(_ language: String) {
        paid = WordPatterns([(.paid, Self.lexicon.lines("paid", in: language))])
        marks = Self.lexicon.lines("marked", in: language)
            .flatMap { $0.split(separator: ",").map { String($0.drop { $0 == " " }) } }
        mark = Self.lexicon.words("mark", in: language).first ?? ""
    }
}

/// The marks by which advertising is known in a country, as its authorities have said: a table of countries with those
/// marks, the one to add first.
private enum AdvertisingMarks {
    private static let all: [String: [String]] = {
        let lines = (ResourceTable.texts["data/advertising-marks.csv"] ?? "").split(separator: "\n")
            .dropFirst()
        return Dictionary(
            lines.compactMap { line in
                let parts = line.split(separator: ",", maxSplits: 1)
                guard parts.count == 2 else { return nil }
                return (String(parts[0]), parts[1].split(separator: "|").map(String.init))
            }, uniquingKeysWith: { first, _ in first })
    }()

    /// `nil` for a country that is not in the table.
    static func of(_ country: String) -> [String]? { all[country] }
}
