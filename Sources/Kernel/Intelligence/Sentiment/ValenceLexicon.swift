internal import Lexicons

/// The words of some languages, with how good or bad each sounds.
struct ValenceLexicon: Sendable {
    private var exact: [String: Float] = [:]
    private var stems: [String: Float] = [:]
    private static let lexicon = Lexicon("sentiment")

    /// By ISO 639-1.
    static let languages: [String: ValenceLexicon] = Dictionary(
        uniqueKeysWithValues: lexicon.languages.map { ($0, ValenceLexicon(lexicon.lines("words", in: $0))) })

    /// Several words that mean another thing together, of the languages that have some.
    static let phrases: [String: PhraseSet<Int>] = Dictionary(
        uniqueKeysWithValues: lexicon.languages.compactMap { language in
            let lines = lexicon.lines("phrases", in: language)
            return lines.isEmpty ? nil : (language, phraseSet(lines))
        })

    /// Reads lines such as `2: good nice friend*`: how good the words sound, from 4 to -4. A star stands for any
    /// ending.
    private init(_ lines: [String]) {
        for line in lines {
            guard let (value, words) = Lexicon.valued(line), let valence = Float(value) else { continue }
            for word in words {
                if word.hasSuffix("*") {
                    stems[LetterFolding.fold(word.dropLast())] = valence
                } else {
                    exact[LetterFolding.fold(word)] = valence
                }
            }
        }
    }

    private static func phraseSet(_ lines: [String]) -> PhraseSet<Int> {
        var byValence: [Int: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let valence = Int(parts[0]) else { continue }
            byValence[valence, default: ""] += parts[1].drop { $0 == " " } + "\n"
        }
        func of(_ valence: Int) -> String { byValence[valence] ?? "" }
        return PhraseSet([
            4: of(4), 3: of(3), 2: of(2), 1: of(1), 0: of(0), -1: of(-1), -2: of(-2), -3: of(-3), -4: of(-4),
        ])
    }

    subscript(_ word: String) -> Float? {
        if let valence = exact[word] { return valence }
        var stem = Substring(word)
        while stem.utf8.count > 2 {
            if let valence = stems[String(stem)] { return valence }
            stem = stem.dropLast()
        }
        return nil
    }
}
