internal import Lexicons

/// The years of school that a text takes to be read: Flesch's measure with the numbers that were found for
/// each language (Flesch, Amstad, Fernández Huerta, Kandel and Moles, Franchina and Vacca, Douma, Martins).
struct Readability: Sendable {
    let grade: Int
    let words: Int
    /// The tokens of the sentence with the most words.
    let longest: Range<Int>

    /// A shorter text is not measured: one long word would decide.
    static let wordsMin = 20
    /// The years of school at most that are no fault where a brand has set nothing else.
    static let gradeMax = 16

    /// `nil` for a text that is too short to say.
    init?(_ text: ScannedText, in language: String) {
        let scale = Scale.all[language] ?? Scale.all[Lexicon.standard]!
        var words = 0, syllables = 0, sentences = 0, longest = 0..<0, mostWords = 0, start = 0
        while start < text.tokens.count {
            let sentence = text.sentence(from: start)
            let own = text.tokens[sentence].filter { $0.kind == .word && $0.mark == nil }
            words += own.count
            syllables += own.reduce(0) { $0 + scale.syllables(of: $1.text) }
            if !own.isEmpty { sentences += 1 }
            if own.count > mostWords { (mostWords, longest) = (own.count, sentence) }
            start = sentence.upperBound
        }
        guard words >= Self.wordsMin else { return nil }
        let ease = scale.ease(
            wordsPerSentence: Double(words) / Double(sentences),
            syllablesPerWord: Double(syllables) / Double(words))
        (grade, self.words, self.longest) = (Self.grade(ofEase: ease), words, longest)
    }

    /// Flesch's own table, with straight lines between the middles of its rows.
    private static let table: [(ease: Double, grade: Double)] = [
        (120, 1), (95, 5), (85, 6), (75, 7), (65, 8.5), (55, 11), (40, 14.5), (15, 17), (-20, 20),
    ]

    private static func grade(ofEase ease: Double) -> Int {
        guard ease < table[0].ease else { return Int(table[0].grade) }
        for (upper, lower) in zip(table, table.dropFirst()) where ease >= lower.ease {
            let part = (upper.ease - ease) / (upper.ease - lower.ease)
            return Int((upper.grade + part * (lower.grade - upper.grade)).rounded())
        }
        return Int(table[table.count - 1].grade)
    }
}

extension Readability {
    /// The knowledge of a language: its formula, and how its words part into syllables.
    private struct Scale: Sendable {
        let base: Double, perWord: Double, perSyllable: Double
        let vowels: Set<Character>
        /// Vowels that are a syllable of their own after another vowel.
        let apart: Set<Character>
        /// Endings that are not spoken.
        let silent: [String]

        static let all: [String: Scale] = {
            let lexicon = Lexicon("readability", in: ResourceTable.texts)
            return Dictionary(
                uniqueKeysWithValues: lexicon.languages.map { language in
                    let numbers = lexicon.words("ease", in: language).compactMap(Double.init)
                    precondition(numbers.count == 3, "readability.txt of \(language) has three numbers")
                    let letters = { Set(lexicon.words($0, in: language).joined()) }
                    let scale = Scale(
                        base: numbers[0], perWord: numbers[1], perSyllable: numbers[2],
                        vowels: letters("vowels"), apart: letters("apart"),
                        silent: lexicon.words("silent", in: language))
                    return (language, scale)
                })
        }()

        func ease(wordsPerSentence: Double, syllablesPerWord: Double) -> Double {
            base - perWord * wordsPerSentence - perSyllable * syllablesPerWord
        }

        func syllables(of word: String) -> Int {
            var count = 0, wasVowel = false
            for letter in word {
                let isVowel = vowels.contains(letter)
                if isVowel, !wasVowel || apart.contains(letter) { count += 1 }
                wasVowel = isVowel
            }
            if count > 1, silent.contains(where: word.hasSuffix) { count -= 1 }
            return max(count, 1)
        }
    }
}

extension ScannedText {
    /// The tokens from one on that are in its sentence.
    func sentence(from start: Int) -> Range<Int> {
        var end = start + 1
        while end < tokens.count, tokens[end].sentence == tokens[start].sentence { end += 1 }
        return start..<end
    }
}
