/// The language that a short text is probably written in, of thirty: by its script, its commonest words, its
/// letters, and runs of letters.
package struct LanguageGuess: Hashable, Sendable {
    /// ISO 639-1; Norwegian is `nb`. Nil where the text shows none: a number, a smile.
    package var language: String?
    /// 0–1
    package var confidence: Double

    package static func of(_ text: String) -> LanguageGuess { of(ReadText(text, wordsMax: 300)) }

    static func of(_ text: ReadText) -> LanguageGuess {
        let script = Script.count(text)
        if let (language, share) = script.language() {
            return LanguageGuess(language: language, confidence: share)
        }
        var scores = [Double](repeating: 0, count: names.count)
        for word in text.words where word.kind == .word { score(word, &scores) }
        for scalar in script.special {
            for index in letters[scalar] ?? [] { scores[index] += 0.8 }
        }
        guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > 0 else {
            return LanguageGuess(language: nil, confidence: 0)
        }
        let share = softmax(scores)[best]
        return LanguageGuess(language: names[best], confidence: (share * 10_000).rounded() / 10_000)
    }

    private static func score(_ word: ReadText.Word, _ scores: inout [Double]) {
        if let languages = words[word.folded] {
            // What many languages share says little.
            for index in languages { scores[index] += 1.6 / Double(languages.count).squareRoot() }
        }
        let bytes = Array(word.folded.utf8)
        guard bytes.count > 3 else { return }
        for (piece, languages) in pieces where contains(bytes, piece) {
            for index in languages { scores[index] += 0.12 * Double(piece.count - 1) }
        }
    }

    private static func contains(_ bytes: [UInt8], _ piece: [UInt8]) -> Bool {
        guard bytes.count >= piece.count else { return false }
        return (0...bytes.count - piece.count).contains { bytes[$0...].starts(with: piece) }
    }

    // MARK: Tables

    private static let names = LanguageWords.words.map(\.key)

    private static let words: [String: [Int]] = {
        var words: [String: [Int]] = [:]
        for (index, (_, list)) in LanguageWords.words.enumerated() {
            for word in Set(list.split(separator: " ")) {
                words[String(word.filter { $0 != "'" }), default: []].append(index)
            }
        }
        return words
    }()

    private static let letters: [Unicode.Scalar: [Int]] = {
        var letters: [Unicode.Scalar: [Int]] = [:]
        for (list, languages) in LanguageWords.letters {
            for scalar in list.unicodeScalars { letters[scalar, default: []] += places(languages) }
        }
        return letters
    }()

    private static let pieces: [(bytes: [UInt8], languages: [Int])] = LanguageWords.pieces.flatMap { row in
        row.pieces.split(separator: " ").map { (Array($0.utf8), places(row.languages)) }
    }

    private static func places(_ languages: String) -> [Int] {
        languages.split(separator: " ").compactMap { names.firstIndex(of: String($0)) }
    }
}

/// How many letters of each script stand in a text.
private struct Script {
    private var counts = [Int](repeating: 0, count: 10)
    private var ukrainian = 0, russian = 0, bulgarian = 0
    /// Letters with accents, small.
    private(set) var special: [Unicode.Scalar] = []

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
        case 0xC0..<0x250, 0x1E00..<0x1F00:
            counts[0] += 1
            if let small = scalar.properties.lowercaseMapping.unicodeScalars.first { special.append(small) }
        case 0x370..<0x400: counts[1] += 1
        case 0x400..<0x530:
            counts[2] += 1
            switch scalar {
            case "і", "ї", "є", "ґ", "І", "Ї", "Є": ukrainian += 1
            case "ы", "э", "ё", "Ы", "Э": russian += 1
            case "ъ", "Ъ": bulgarian += 1
            default: break
            }
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

    /// Nil for Latin letters, and for none.
    func language() -> (String, Double)? {
        let all = counts.reduce(0, +)
        guard all > 0, counts[0] * 2 < all else { return nil }
        let most = counts.indices.max { counts[$0] < counts[$1] }!
        let share = 0.98 * Double(counts[most]) / Double(all)
        switch most {
        case 1: return ("el", share)
        case 2: return (cyrillic(), share * 0.9)
        case 3: return ("he", share)
        case 4: return ("ar", share)
        case 5: return ("hi", share)
        case 6: return ("th", share)
        case 7: return ("ko", share)
        case 8: return ("ja", share)
        // Japanese mixes its syllables in.
        default: return counts[8] > 0 ? ("ja", 0.95) : ("zh", share)
        }
    }

    private func cyrillic() -> String {
        if ukrainian > 0 { return "uk" }
        if russian > 0 { return "ru" }
        return bulgarian > 0 ? "bg" : "ru"
    }
}
