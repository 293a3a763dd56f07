internal import Intelligence

/// Chooses hashtags from the words of a piece: what it says more than once, two words together before one.
struct ChosenHashtags {
    private struct Candidate {
        /// The word, or two, as they are first written.
        let words: [Substring]
        let stems: [String]
        let place: Int
        var count = 0
    }

    private static let lengths = 4...20, lengthMax = 30
    /// Words that are looked at.
    private static let wordsMax = 2000

    private var candidates: [[String]: Candidate] = [:]
    private var stems: [Substring: String?] = [:]
    private var words = 0

    /// Returns so many at most, the most telling first, without those whose words `known` ones have already.
    static func chosen(from sentences: [PieceSentence], max: Int, known: [String]) -> [String] {
        guard max > 0 else { return [] }
        var reader = ChosenHashtags()
        for sentence in sentences where reader.words < wordsMax { reader.read(sentence.text) }
        return reader.best(max, known: known)
    }

    private mutating func read(_ text: String) {
        var rest = text[...]
        while let link = TextLinks.first(in: rest) {
            readWords(rest[..<link.lowerBound])
            rest = rest[link.upperBound...]
        }
        readWords(rest)
    }

    private mutating func readWords(_ text: Substring) {
        var previous: (word: Substring, stem: String)?
        for chunk in text.split(whereSeparator: \.isWhitespace) {
            let word = chunk.drop { !$0.isLetter }.prefix { $0.isLetter }
            // A word with marks or figures in it is one of a kind that no hashtag is made of.
            let isPlain = chunk.allSatisfy { $0.isLetter || $0.isPunctuation } && !chunk.hasPrefix("#")
            guard isPlain, !word.isEmpty, let stem = stem(of: word) else {
                previous = nil
                continue
            }
            words += 1
            count([word], [stem])
            if let previous, word.startIndex == chunk.startIndex {
                count([previous.word, word], [previous.stem, stem])
            }
            previous = word.endIndex == chunk.endIndex ? (word, stem) : nil
        }
    }

    /// The stem of a word that says something.
    private mutating func stem(of word: Substring) -> String? {
        if let known = stems[word] { return known }
        let found = QuestionWords.stems(in: String(word)).first
        // "Keeps" says no more than "keep".
        let stem = found.flatMap { QuestionWords.stems(in: $0).isEmpty ? nil : $0 }
        stems[word] = .some(stem)
        return stem
    }

    private mutating func count(_ words: [Substring], _ stems: [String]) {
        let next = candidates.count
        candidates[stems, default: Candidate(words: words, stems: stems, place: next)].count += 1
    }

    private func best(_ max: Int, known: [String]) -> [String] {
        let fitting = candidates.values.filter { candidate in
            let length = candidate.words.reduce(0) { $0 + $1.count }
            return candidate.count > 1 && length <= Self.lengthMax
                && candidate.words.allSatisfy { $0.count <= Self.lengths.upperBound }
                && (candidate.words.count > 1 || Self.lengths.contains(length))
                && Set(candidate.stems).count == candidate.stems.count
        }
        let sorted = fitting.sorted {
            ($1.count * $1.words.count, $0.place) < ($0.count * $0.words.count, $1.place)
        }
        var chosen: [String] = [], said: Set<String> = []
        let taken = Set(known.map { $0.lowercased() })
        for candidate in sorted where chosen.count < max && said.isDisjoint(with: candidate.stems) {
            let tag = "#" + candidate.words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            said.formUnion(candidate.stems)
            if !taken.contains(tag.lowercased()) { chosen.append(tag) }
        }
        return chosen
    }
}
