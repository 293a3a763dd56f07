/// The features of a text that a classifier of many categories sees, in three views that weigh the same: words and
/// pairs of neighbours, pairs of words that stand near each other in whatever order, and pieces of words.
///
/// A word is its first five letters: endings say little about what a text is about, in no language.
struct TextViews: Sendable {
    struct Feature: Sendable {
        let hash: UInt64
        var count = 1
        /// The words that it stands for, where it was met first.
        let words: (Int, Int)
    }

    /// In the order in which they are met, each once.
    let views: [[Feature]]

    static let count = 3
    /// So far apart two words may stand and still make a pair.
    private static let nearMax = 8
    /// The view of words; the others need company (`MarginModel`).
    static let wordsView = 0

    /// Words beyond the limit say little more about what a text wants.
    init(_ text: ReadText, wordsMax: Int = 120) {
        var words = View(seed: 1), near = View(seed: 2), pieces = View(seed: 3)
        var stems: [UInt64] = []
        for (index, word) in text.words.prefix(wordsMax).enumerated() {
            let stem = Self.stem(word)
            words.add(stem, (index, index))
            words.add(Hash.joined(stems.last ?? Hash.of("^"), stem), (max(0, index - 1), index))
            for (distance, other) in stems.suffix(Self.nearMax).reversed().enumerated() {
                near.add(Hash.joined(min(stem, other), max(stem, other)), (index - distance - 1, index))
            }
            stems.append(stem)
            if word.kind == .word { Self.addPieces(of: word.folded, index, to: &pieces) }
        }
        views = [words.features, near.features, pieces.features]
    }

    /// Numbers, addresses and links count as such, whatever they are.
    private static func stem(_ word: ReadText.Word) -> UInt64 {
        switch word.kind {
        case .number: Hash.of("#")
        case .address: Hash.of("@")
        case .link: Hash.of("://")
        case .mark: Hash.of(word.folded)
        case .word:
            word.folded.unicodeScalars.prefix(5).reduce(Hash.start) { hash, scalar in
                UTF8.encode(scalar)!.reduce(hash, Hash.next)
            }
        }
    }

    /// Runs of two to five bytes of a word between its ends.
    private static func addPieces(of word: String, _ index: Int, to pieces: inout View) {
        let bytes = [0x5E] + Array(word.utf8.prefix(24)) + [0x24]
        for start in 0..<bytes.count - 1 {
            var hash = Hash.start
            for length in 0..<min(5, bytes.count - start) {
                hash = Hash.next(hash, bytes[start + length])
                if length > 0 { pieces.add(hash, (index, index)) }
            }
        }
    }

    private struct View {
        let seed: UInt64
        var features: [Feature] = []
        private var places: [UInt64: Int] = [:]

        init(seed: UInt64) { self.seed = seed }

        mutating func add(_ hash: UInt64, _ words: (Int, Int)) {
            let hash = Hash.joined(seed, hash)
            if let place = places[hash] {
                features[place].count += 1
            } else {
                places[hash] = features.count
                features.append(Feature(hash: hash, words: words))
            }
        }
    }
}
