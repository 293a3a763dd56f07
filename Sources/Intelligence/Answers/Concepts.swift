/// What people in business speak of, whatever words they choose and in whichever of four languages: the groups of words
/// that stand in Concepts/. "Swap" and "replace", "Kündigung" and "cancel" are one concept each.
struct Concepts: Sendable {
    struct Concept: Hashable, Sendable {
        let name: String
        /// It says little by itself, such as that something is to be changed.
        let isWeak: Bool
    }

    /// A concept, and the words of the text that name it.
    struct Place: Sendable {
        let concept: Concept
        let words: Range<Int>
    }

    private let phrases: PhraseSet<Concept>

    /// By ISO 639-1.
    static let byLanguage: [String: Concepts] = [
        "en": Concepts(PackageResources.en_txt), "de": Concepts(PackageResources.de_txt),
        "fr": Concepts(PackageResources.fr_txt), "es": Concepts(PackageResources.es_txt),
    ]

    /// The lines of a file; what begins with `#` is a remark.
    private init(_ file: [UInt8]) {
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n")
        phrases = PhraseSet(
            groups: lines.compactMap { line in
                guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { return nil }
                let name = line[..<colon]
                let list = line[line.index(after: colon)...].split(separator: ",").map(\.asciiTrimmed)
                return (
                    Concept(name: String(name.prefix { $0 != "?" }), isWeak: name.hasSuffix("?")),
                    list.joined(separator: "\n")
                )
            })
    }

    /// What a text speaks of, in the language that it is in: where that is not known, in all of them. People of every
    /// language use English words.
    static func places(in text: ReadText, language: String?) -> [Place] {
        let known = language.flatMap { byLanguage[$0] == nil ? nil : $0 }
        let languages = known.map { $0 == "en" ? [$0] : [$0, "en"] } ?? ["en", "de", "fr", "es"]
        return languages.flatMap { language in
            byLanguage[language]!.phrases.matches(in: text).filter { match in
                // "Comment" is no comment where French is spoken.
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
