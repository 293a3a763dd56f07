/// How good or bad each word of some languages sounds.
struct ValenceLexicon: Sendable {
    private var exact: [String: Float] = [:]
    private var stems: [String: Float] = [:]
    /// By ISO 639-1.
    static let languages: [String: ValenceLexicon] = {
        let nordic = ValenceLexicon(GermanicValences.nordic)
        return [
            "en": ValenceLexicon(EnglishValences.lines), "de": ValenceLexicon(GermanicValences.german),
            "nl": ValenceLexicon(GermanicValences.dutch), "sv": nordic, "da": nordic, "nb": nordic,
            "fr": ValenceLexicon(RomanceValences.french + "\n" + RomanceColloquialValences.french),
            "es": ValenceLexicon(RomanceValences.spanish + "\n" + RomanceColloquialValences.spanish),
            "it": ValenceLexicon(RomanceValences.italian),
            "pt": ValenceLexicon(RomanceValences.portuguese),
            "pl": ValenceLexicon(RomanceValences.polish),
        ]
    }()

    static let phrases: [String: PhraseSet<Int>] = [
        "en": phraseSet(EnglishValences.phrases), "de": phraseSet(GermanicValences.germanPhrases),
    ]

    private init(_ lines: String) {
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let valence = Float(parts[0]) else { continue }
            for word in parts[1].split(separator: " ") {
                if word.hasSuffix("*") {
                    stems[LetterFolding.fold(word.dropLast())] = valence
                } else {
                    exact[LetterFolding.fold(word)] = valence
                }
            }
        }
    }

    private static func phraseSet(_ lines: String) -> PhraseSet<Int> {
        var byValence: [Int: String] = [:]
        for line in lines.split(separator: "\n") {
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
