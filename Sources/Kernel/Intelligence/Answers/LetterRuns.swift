/// An index of words by their runs of three letters, which finds the known words that an unknown one resembles.
struct LetterRuns: Sendable {
    private var words: [(name: String, term: Int32, runs: Int)] = []
    private var byRun: [UInt32: [Int32]] = [:]

    /// The least Dice coefficient of two words that resemble each other.
    private static let likenessMin = 0.7
    /// The least length, in bytes, of a word that counts as part of a longer one.
    private static let partMin = 5

    init(_ vocabulary: [String: Int32]) {
        for (name, term) in vocabulary.sorted(by: { $0.value < $1.value })
        where name.utf8.count >= 5 && !name.hasPrefix("§") {
            let runs = Self.runs(name)
            for run in runs { byRun[run, default: []].append(Int32(words.count)) }
            words.append((name, term, runs.count))
        }
    }

    /// Returns the terms of similar words, with a likeness of up to 1.
    func like(_ word: String) -> [(term: Int32, likeness: Double)] {
        guard word.utf8.count >= 5 else { return [] }
        let runs = Self.runs(word)
        var common: [Int32: Int] = [:]
        for run in runs { for index in byRun[run] ?? [] { common[index, default: 0] += 1 } }
        var found: [(term: Int32, likeness: Double)] = []
        for (index, count) in common.sorted(by: { $0.key < $1.key }) where count > 1 {
            let other = words[Int(index)]
            var likeness = 2 * Double(count) / Double(runs.count + other.runs)
            if likeness < Self.likenessMin {
                let (short, long) =
                    other.name.utf8.count < word.utf8.count ? (other.name, word) : (word, other.name)
                guard short.utf8.count >= Self.partMin, long.hasPrefix(short) || long.hasSuffix(short) else {
                    continue
                }
                likeness = 0.75
            }
            found.append((other.term, likeness))
        }
        return Array(found.sorted { ($0.likeness, $1.term) > ($1.likeness, $0.term) }.prefix(4))
    }

    private static func runs(_ word: String) -> Set<UInt32> {
        var runs: Set<UInt32> = [], run: UInt32 = 0x5E
        for (place, byte) in (Array(word.utf8.prefix(30)) + [0x24]).enumerated() {
            run = (run << 8 | UInt32(byte)) & 0xFF_FFFF
            if place > 0 { runs.insert(run) }
        }
        return runs
    }
}
