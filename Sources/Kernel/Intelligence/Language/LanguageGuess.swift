internal import CLanguageDetector
internal import Glibc
internal import Lexicons

/// The language that a short text is probably written in, of thirty: by its script, and, where several languages share
/// one, by what CLD2 knows of runs of letters and by words of our own, which count the more the shorter a text is.
package struct LanguageGuess: Hashable, Sendable {
    /// ISO 639-1; Norwegian is `nb`. Nil where the text shows none: a number, a smile.
    package var language: String?
    /// 0–1
    package var confidence: Double

    package static func of(_ text: String) -> LanguageGuess { of(ReadText(text, wordsMax: 300)) }

    static func of(_ text: ReadText) -> LanguageGuess {
        let script = Script.count(text)
        switch script.main {
        case .none: return LanguageGuess(language: nil, confidence: 0)
        case .language(let language, let share): return LanguageGuess(language: language, confidence: share)
        case .latin: return best(of: latin, among: scores(text, language_script_latin, latin))
        case .cyrillic: return best(of: cyrillic, among: scores(text, language_script_cyrillic, cyrillic))
        }
    }

    private static func best(of languages: [String], among scores: [Double]) -> LanguageGuess {
        let shares = softmax(scores)
        let best = shares.indices.max { shares[$0] < shares[$1] }!
        return LanguageGuess(
            language: languages[best], confidence: (shares[best] * 9_800).rounded() / 10_000)
    }

    private static func scores(
        _ text: ReadText, _ script: language_script, _ languages: [String]
    ) -> [Double] {
        let words = text.words.prefix(300).filter { $0.kind == .word }.map {
            String(decoding: text.bytes[$0.start..<$0.end], as: UTF8.self)
        }
        var scores = detected(words.joined(separator: " "), script, languages).map { $0 * detectedWeight }
        guard languages == latin else { return scores }
        for word in words.prefix(lookedAtMax) {
            let small = word.lowercased().filter { $0 != "'" && $0 != "\u{2019}" }
            for (index, score) in letters.score(small).enumerated() { scores[index] += score * lettersWeight }
        }
        return scores
    }

    /// Of what a language is called, and of those that are written all but alike, what fits best.
    private static func detected(
        _ text: String, _ script: language_script, _ languages: [String]
    ) -> [Double] {
        let codes = languages.map { alike[$0] ?? [$0] }
        let names = codes.flatMap { $0 }.map { strdup($0) }
        defer { names.forEach { free($0) } }
        var found = [Int32](repeating: 0, count: names.count)
        var text = text
        text.withUTF8 { bytes in
            let pointers = names.map { UnsafePointer($0) }
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                guard let start = bytes.baseAddress else { return }
                language_detector_score(start, bytes.count, script, pointers, names.count, &found)
            }
        }
        var place = 0
        return codes.map { codes in
            defer { place += codes.count }
            return Double(found[place..<place + codes.count].max()!)
        }
    }

    // MARK: Tables

    /// Of longer texts the library knows enough by itself.
    private static let lookedAtMax = 40
    private static let detectedWeight = 0.35, lettersWeight = 0.3

    /// For each language the words that every text is full of, as people in a hurry write them, and common words
    /// with their accents: what a model of letters learns the looks of a language from.
    private static let lexicon = Lexicon("language")
    private static let latin = lexicon.languages

    /// The languages that write every noun with a capital.
    static let capitalisesNouns = Set(
        lexicon.languages.filter { lexicon.words("habits", in: $0).contains("capitalised_nouns") })

    private static let cyrillic = ["ru", "uk", "bg"]
    private static let alike = ["nb": ["no", "nn"], "id": ["id", "ms"], "hr": ["hr", "bs", "sr"]]
    private static let letters = LetterModel(
        lexicon.languages.map { language in
            let common = lexicon.words("common", in: language).map { $0.filter { $0 != "'" } }
            return Set(common + lexicon.words("vocabulary", in: language)).sorted()
        })
}

/// The number of letters of each script in a text.
private struct Script {
    private var counts = [Int](repeating: 0, count: 10)

    enum Main {
        case none, latin, cyrillic
        case language(String, Double)
    }

    static func count(_ text: ReadText) -> Script {
        var script = Script()
        for word in text.words where word.kind == .word {
            for scalar in String(decoding: text.bytes[word.start..<word.end], as: UTF8.self).unicodeScalars {
                script.add(scalar)
            }
        }
        return script
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A: counts[0] += 1
        case 0xC0..<0x250, 0x1E00..<0x1F00: counts[0] += 1
        case 0x370..<0x400: counts[1] += 1
        case 0x400..<0x530: counts[2] += 1
        case 0x590..<0x600: counts[3] += 1
        case 0x600..<0x780: counts[4] += 1
        case 0x900..<0x980: counts[5] += 1
        case 0xE00..<0xE80: counts[6] += 1
        case 0x1100..<0x1200, 0xAC00..<0xD7B0: counts[7] += 1
        case 0x3040..<0x3100: counts[8] += 1
        case 0x4E00..<0xA000: counts[9] += 1
        default: break
        }
    }

    var main: Main {
        let all = counts.reduce(0, +)
        guard all > 0 else { return .none }
        guard counts[0] * 2 < all else { return .latin }
        let most = counts.indices.max { counts[$0] < counts[$1] }!
        let share = 0.98 * Double(counts[most]) / Double(all)
        switch most {
        case 1: return .language("el", share)
        case 2: return .cyrillic
        case 3: return .language("he", share)
        case 4: return .language("ar", share)
        case 5: return .language("hi", share)
        case 6: return .language("th", share)
        case 7: return .language("ko", share)
        case 8: return .language("ja", share)
        // Japanese mixes its syllables in.
        default: return counts[8] > 0 ? .language("ja", 0.95) : .language("zh", share)
        }
    }
}
