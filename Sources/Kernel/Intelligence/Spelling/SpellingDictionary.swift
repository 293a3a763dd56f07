internal import Lexicons

/// The words of a language, as the distribution's dictionaries for Hunspell have them: of the country that is named, or
/// else of every country whose dictionary is installed, since "colour" and "color" are both English. One is read when
/// it is first asked for, and kept.
package struct SpellingDictionary: Sendable {
    private let files: [DictionaryFile]

    private static let lexicon = Lexicon("spelling", in: ResourceTable.texts)

    /// Returns the dictionary of a language (`de`, `de-CH`); `nil` where none is installed.
    package static func of(_ locale: String) -> SpellingDictionary? {
        let parts = locale.split { $0 == "-" || $0 == "_" }
        guard let language = parts.first?.lowercased(), language.count == 2,
            language.utf8.allSatisfy({ (0x61...0x7A).contains($0) })
        else { return nil }
        if parts.count > 1, parts[1].count == 2,
            let own = DictionaryFile.named("\(language)_\(parts[1].uppercased())")
        {
            return SpellingDictionary(files: [own])
        }
        // The first tells what was meant by a word that none of them has.
        let preferred = lexicon.words("dictionaries", in: language)
        let others = DictionaryFile.names.filter {
            ($0 == language || $0.hasPrefix("\(language)_")) && !preferred.contains($0)
        }
        var seen: Set<String> = []
        let files = (preferred + others).compactMap(DictionaryFile.named).filter {
            seen.insert($0.path).inserted
        }
        return files.isEmpty ? nil : SpellingDictionary(files: files)
    }

    package func has(_ word: String) -> Bool { files.contains { $0.has(word) } }

    /// Returns the word that was probably meant.
    package func suggestion(for word: String) -> String? {
        files.lazy.compactMap { $0.suggestion(for: word) }.first
    }

    /// The words after which one with a capital is a noun, in small letters; none where nouns have no capitals.
    package static func wordsBeforeNouns(in language: String) -> Set<String> {
        Set(lexicon.words("before_nouns", in: language))
    }
}
