internal import Lexicons

/// Adds up what the words of a text are worth.
struct SentimentReading {
    let text: ReadText
    let language: String
    private var parts: [TextEvidence] = []
    private var sum = 0.0
    /// Words that a phrase already counted.
    private var taken: Set<Int> = []
    private let turn: Int?
    private let emphasis: Double

    init(text: ReadText, language: String) {
        (self.text, self.language) = (text, language)
        turn = text.words.lastIndex { Self.turns.contains($0.folded) }
        let marks = text.words.count { $0.kind == .mark && $0.folded == "!" }
        emphasis = 1 + 0.08 * Double(min(marks, 4))
    }

    mutating func add(_ quote: String, _ sign: String, _ weight: Double) {
        sum += weight
        parts.append(TextEvidence(quote, sign, weight))
    }

    // MARK: Phrases and words

    mutating func readPhrases() {
        let known = ValenceLexicon.phrases
        guard let phrases = known[language] ?? known[Lexicon.standard] else { return }
        let found = phrases.matches(in: text).sorted {
            ($0.words.count, abs($0.group), -$0.words.lowerBound)
                > ($1.words.count, abs($1.group), -$1.words.lowerBound)
        }
        for match in found where !match.words.contains(where: taken.contains) {
            taken.formUnion(match.words)
            // A word may only look as if it had a worth: the support that one writes to.
            guard match.group != 0 else { continue }
            let weight = Double(match.group) * place(match.words.lowerBound) * emphasis
            add(text.quote(match.words), "phrase", weight)
        }
    }

    mutating func readWords() {
        let isShouted = text.capitalsShare() > 0.7
        for index in text.words.indices where !taken.contains(index) {
            let word = text.words[index]
            guard word.kind == .word, let valence = valence(of: word.folded), valence != 0 else { continue }
            var weight = Double(valence)
            if !isShouted, word.end - word.start > 2, isCapital(word) { weight *= 1.25 }
            weight *= strength(before: index)
            if isTurned(index) { weight *= -0.7 }
            add(text.quote(quoteRange(index)), "word", weight * place(index) * emphasis)
        }
    }

    /// Where nothing of worth was found and the language is only guessed, words that another language knows count: the
    /// one that says most.
    mutating func readForeignWords() {
        guard parts.isEmpty else { return }
        var best: [(index: Int, valence: Float)] = [], bestSum: Float = 0
        for name in Self.foreign where name != language {
            guard let lexicon = ValenceLexicon.languages[name] else { continue }
            let found = text.words.indices.compactMap { index -> (index: Int, valence: Float)? in
                let word = text.words[index]
                guard word.kind == .word, word.folded.utf8.count >= 6, let valence = lexicon[word.folded]
                else { return nil }
                return (index, valence)
            }
            let sum = abs(found.reduce(0) { $0 + $1.valence })
            if sum > bestSum { (best, bestSum) = (found, sum) }
        }
        for (index, valence) in best {
            let turned = isTurned(index) ? -0.7 : 1
            add(text.quote(quoteRange(index)), "word", Double(valence) * strength(before: index) * turned)
        }
    }

    private func valence(of word: String) -> Float? {
        if let own = ValenceLexicon.languages[language]?[word] { return own }
        guard language != Lexicon.standard else { return nil }
        // People mix English in; what reads like the language's own little words stays out.
        return word.utf8.count > 3 ? ValenceLexicon.languages[Lexicon.standard]?[word] : nil
    }

    private func quoteRange(_ index: Int) -> Range<Int> {
        let first = max(0, index - 1)
        let isBound =
            first < index && text.words[first].sentence == text.words[index].sentence
            && (Self.negations.contains(text.words[first].folded)
                || Self.strengths[text.words[first].folded] != nil)
        return (isBound ? first : index)..<index + 1
    }

    private func isCapital(_ word: ReadText.Word) -> Bool {
        text.bytes[word.start..<word.end].allSatisfy { $0 < 0x80 ? $0 &- 0x41 < 26 : true }
    }

    /// Returns the weight of a word's place: the words after a `but` are what was meant.
    private func place(_ index: Int) -> Double {
        guard let turn, text.words[turn].sentence == text.words[index].sentence else { return 1 }
        return index < turn ? 0.6 : 1.4
    }

    private func strength(before index: Int) -> Double {
        var factor = 1.0
        for distance in 1...2 where index >= distance {
            let word = text.words[index - distance]
            guard word.sentence == text.words[index].sentence else { break }
            if let share = Self.strengths[word.folded] { factor += share / Double(distance) }
        }
        return max(0.3, factor)
    }

    private func isTurned(_ index: Int) -> Bool {
        let sentence = text.words[index].sentence
        var turned = false
        for distance in 1...4 where index >= distance {
            let word = text.words[index - distance]
            guard word.sentence == sentence else { break }
            if Self.turns.contains(word.folded) { break }
            if Self.negations.contains(word.folded) { turned.toggle() }
        }
        guard !turned, Self.negatesBehind.contains(language) else { return turned }
        for distance in 1...Self.negationReach[language, default: 3] where index + distance < text.words.count
        {
            let word = text.words[index + distance]
            guard word.sentence == sentence, !Self.turns.contains(word.folded) else { break }
            if Self.later.contains(word.folded) { return true }
        }
        return false
    }

    // MARK: The whole

    /// Without any word of worth, what is denied sounds a little bad.
    func score() -> Double {
        var sum = sum
        if parts.isEmpty, text.words.contains(where: { Self.negations.contains($0.folded) }) { sum = -0.2 }
        let score = sum / (sum * sum + 15).squareRoot()
        return (score * 10_000).rounded() / 10_000
    }

    func strongest() -> [TextEvidence] {
        let order = parts.enumerated().sorted {
            (abs($0.element.weight), $1.offset) > (abs($1.element.weight), $0.offset)
        }
        return order.prefix(8).map(\.element)
    }

    func emotions() -> [Emotion] {
        let places = text.places(of: Emotion.phrases)
        return Emotion.allCases.filter { emotion in
            (places[emotion] ?? []).contains { !isTurned($0.lowerBound) }
        }
    }

    // MARK: Words

    private static let lexicon = Lexicon("sentiment")
    /// The languages whose words are known among those of others.
    private static let foreign = lexicon.languages.filter { language in
        lexicon.words("habits", in: language).contains("known_abroad")
    }
    private static let negations = lexicon.words("negation")
    /// Those that stand behind what they deny.
    private static let later = lexicon.words("negation_behind")
    private static let negatesBehind = Set(
        lexicon.languages.filter { !lexicon.words("negation_behind", in: $0).isEmpty })
    /// The number of words that a negation may stand behind what it denies. French leaves at most an adverb
    /// between: `je n'aime vraiment pas`.
    private static let negationReach = Dictionary(
        uniqueKeysWithValues: lexicon.languages.compactMap { language in
            lexicon.words("negation_reach", in: language).first.flatMap { Int($0) }.map { (language, $0) }
        })
    private static let turns = lexicon.words("turn")
    private static let strengths: [String: Double] = {
        var strengths: [String: Double] = [:]
        for (word, share) in lexicon.names("strength") { strengths[LetterFolding.fold(word)] = Double(share) }
        return strengths
    }()
}
