/// The features of a text that a linear model sees: words, pairs of words and pieces of words, each as a number, and
/// whatever rules add.
struct TextFeatures: Sendable {
    struct Feature: Sendable {
        let hash: UInt64
        var value: Float
        /// The words that it stands for; empty for what concerns the whole text.
        let words: Range<Int>
    }

    private(set) var features: [Feature] = []

    /// Words beyond the limit say little more about what a text wants.
    init(_ text: ReadText, in range: Range<Int>? = nil, wordsMax: Int = 250) {
        let words = text.words[range ?? 0..<text.words.count].prefix(wordsMax)
        var pieces: [Feature] = []
        var previous = Hash.of("^")
        for (index, word) in zip(words.indices, words) {
            let hash = Self.hash(word)
            features.append(Feature(hash: hash, value: 1, words: index..<index + 1))
            features.append(
                Feature(
                    hash: Hash.joined(previous, hash), value: 1,
                    words: max(words.startIndex, index - 1)..<index + 1))
            previous = word.kind == .mark && word.folded == "?" ? Hash.of("^") : hash
            if word.kind == .word { Self.pieces(of: word.folded, index, &pieces) }
        }
        scale(&features, by: 1)
        scale(&pieces, by: 1)
        features += pieces
        addShape(of: words)
    }

    /// A feature of the whole text.
    mutating func add(_ name: String, _ value: Float, words: Range<Int> = 0..<0) {
        features.append(Feature(hash: Hash.of(name), value: value, words: words))
    }

    /// Numbers, addresses and links count as such, whatever they are.
    private static func hash(_ word: ReadText.Word) -> UInt64 {
        switch word.kind {
        case .number: Hash.of("#")
        case .address: Hash.of("@")
        case .link: Hash.of("://")
        case .word, .mark: Hash.of(word.folded)
        }
    }

    /// Runs of three to five bytes of a word between its ends, which survive endings and slips of the pen.
    private static func pieces(of word: String, _ index: Int, _ pieces: inout [Feature]) {
        let bytes = [0x5E] + Array(word.utf8.prefix(24)) + [0x24]
        guard bytes.count > 4 else { return }
        for start in 0..<bytes.count - 2 {
            var hash = Hash.start ^ 0x70
            for length in 0..<min(5, bytes.count - start) {
                hash = Hash.next(hash, bytes[start + length])
                if length >= 2 { pieces.append(Feature(hash: hash, value: 1, words: index..<index + 1)) }
            }
        }
    }

    /// Long texts weigh no more than short ones.
    private func scale(_ features: inout [Feature], by weight: Float) {
        let factor = weight / Float(max(features.count, 8)).squareRoot() * 2
        for index in features.indices { features[index].value = factor }
    }

    private mutating func addShape(of words: ArraySlice<ReadText.Word>) {
        let questions = words.count { $0.kind == .mark && $0.folded == "?" }
        if questions > 0 { add("shape:asks", 0.5) }
        if let last = words.last, last.folded == "?" { add("shape:ends in a question", 0.5) }
        if words.contains(where: { $0.kind == .address }) { add("shape:has an address", 0.5) }
        let length =
            switch words.count {
            case 0...2: "tiny"
            case 3...6: "short"
            case 7...25: "some"
            default: "long"
            }
        add("shape:\(length)", 0.5)
    }
}

/// Fowler, Noll and Vo's hash (FNV-1a, 64 bits): the same on every machine, which `Hasher` is not.
enum Hash {
    static let start: UInt64 = 0xCBF2_9CE4_8422_2325

    static func next(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }

    static func of(_ text: String) -> UInt64 { text.utf8.reduce(start, next) }

    static func joined(_ a: UInt64, _ b: UInt64) -> UInt64 {
        (a &* 0x9E37_79B9_7F4A_7C15) ^ (b &+ 0x2545_F491_4F6C_DD1D)
    }
}
