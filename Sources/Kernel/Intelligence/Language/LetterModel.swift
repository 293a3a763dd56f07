/// The spelling of some languages: how probable each letter is after the three before it, in the words that
/// are known.
struct LetterModel: Sendable {
    /// A run of letters, as often as it stands in the words of each language.
    private var counts: [UInt64: [Int32]] = [:]
    private var letters: [Int32]
    private var known: [String: [Int]] = [:]
    private let languageCount: Int

    private static let orderMax = 4
    /// So many words are as good as one sighting of a run.
    private static let caution = 4.0

    /// `words` by language.
    init(_ words: [[String]]) {
        languageCount = words.count
        letters = [Int32](repeating: 0, count: words.count)
        for (language, words) in words.enumerated() {
            for word in words {
                known[word, default: []].append(language)
                let letters = Self.letters(of: word)
                for start in letters.indices {
                    var hash = Hash.start
                    for scalar in letters[start...].prefix(Self.orderMax) {
                        hash = Self.next(hash, scalar)
                        counts[hash, default: [Int32](repeating: 0, count: languageCount)][language] += 1
                    }
                }
                self.letters[language] += Int32(letters.count)
            }
        }
    }

    /// The logarithm of a word's probability in each language, and more where it is known.
    func score(_ word: String) -> [Double] {
        var scores = [Double](repeating: 0, count: languageCount)
        let letters = Self.letters(of: word)
        for place in letters.indices.dropFirst() {
            let runs = (0..<min(Self.orderMax, place + 1)).map { back in
                (
                    counts[Self.hash(letters[place - back..<place])],
                    counts[Self.hash(letters[place - back...place])]
                )
            }
            for language in 0..<languageCount {
                var probability = 1.0 / 60
                for (back, (before, with)) in runs.enumerated() {
                    let seen = Double(back == 0 ? self.letters[language] : before?[language] ?? 0)
                    guard seen > 0 else { break }
                    let share = Double(with?[language] ?? 0) / seen
                    let trust = seen / (seen + Self.caution)
                    probability = trust * share + (1 - trust) * probability
                }
                scores[language] += exactLog(probability)
            }
        }
        for language in known[word] ?? [] { scores[language] += 1.5 }
        return scores
    }

    private static func letters(of word: String) -> [Unicode.Scalar] {
        ["^"] + word.unicodeScalars.prefix(40) + ["$"]
    }

    private static func hash(_ letters: ArraySlice<Unicode.Scalar>) -> UInt64 {
        letters.reduce(Hash.start, next)
    }

    private static func next(_ hash: UInt64, _ letter: Unicode.Scalar) -> UInt64 {
        (hash ^ UInt64(letter.value)) &* 0x100_0000_01B3
    }
}
