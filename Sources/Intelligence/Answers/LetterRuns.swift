/// Words by their runs of three letters: which known words one that is unknown looks like.
struct LetterRuns: Sendable {
    private var words: [(name: String, term: Int32, runs: Int)] = []
    private var byRun: [UInt32: [Int32]] = [:]

    /// Below it two words are not alike, as Dice has it.
    private static let likenessMin = 0.7
    /// A word that is part of another must be this long, in bytes.
    private static let partMin = 5

    init(_ vocabulary: [String: Int32]) {
        for (name, term) in vocabulary.sorted(by: { $0.value < $1.value })
        where name.utf8.count >= 5 && !name.hasPrefix("§") {
            let runs = Self.runs(name)
            for run in runs { byRun[run, default: []].append(Int32(words.count)) }
            words.append((name, term, runs.count))
        }
    }

    /// The terms of the words that look like it, with how much, up to 1.
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
