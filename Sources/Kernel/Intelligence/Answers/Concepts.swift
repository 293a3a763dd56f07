internal import Lexicons

/// The things that people in business talk about, whatever words they choose: the groups of words of the lexicon
/// "concepts". "Swap" and "replace" are one concept, and so are "Kündigung" and "cancel".
struct Concepts: Sendable {
    struct Concept: Hashable, Sendable {
        let name: String
        /// Whether the concept says little by itself, as with the wish to change something.
        let isWeak: Bool
    }

    /// A concept and the words of the text that express it.
    struct Place: Sendable {
        let concept: Concept
        let words: Range<Int>
    }

    private let phrases: PhraseSet<Concept>

    /// The concepts of each language, by its ISO 639-1 code.
    private static let byLanguage: [String: Concepts] = {
        let lexicon = Lexicon("concepts")
        return Dictionary(
            uniqueKeysWithValues: lexicon.languages.map { ($0, Concepts(lexicon.lines("concepts", in: $0))) })
    }()

    /// The languages that have concepts, English first.
    private static let languages = Lexicon("concepts").languages

    /// Reads lines such as `delete: remove, take ~2 away`.
    private init(_ lines: [String]) {
        phrases = PhraseSet(
            groups: lines.compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let name = line[..<colon]
                let list = line[line.index(after: colon)...].split(separator: ",").map(\.asciiTrimmed)
                return (
                    Concept(name: String(name.prefix { $0 != "?" }), isWeak: name.hasSuffix("?")),
                    list.joined(separator: "\n")
                )
            })
    }

    /// Finds the concepts of a text in its language, or in all where that is not known. English words are looked
    /// for in every language.
    static func places(in text: ReadText, language: String?) -> [Place] {
        let known = language.flatMap { byLanguage[$0] == nil ? nil : $0 }
        let languages =
            known.map { $0 == Lexicon.standard ? [$0] : [$0, Lexicon.standard] } ?? Self.languages
        return languages.flatMap { language in
            byLanguage[language]!.phrases.matches(in: text).filter { match in
                // "Comment" is a question word where French is spoken.
                languages[0] == language
                    || match.words.contains { QuestionWords.stem(text.words[$0]) != nil }
            }.map { Place(concept: $0.group, words: $0.words) }
        }
    }
}

extension Substring {
    fileprivate var asciiTrimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
