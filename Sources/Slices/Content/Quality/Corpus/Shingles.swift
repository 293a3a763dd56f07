/// The runs of three words of a text, by which it is known again though some of its words were changed.
struct Shingles: Sendable {
    /// The hash of the run that begins with each word.
    let runs: [UInt64]
    /// The places of the words.
    private let words: [Range<Int>]

    private static let length = 3
    /// A shorter text says nothing of its own.
    private static let wordsMin = 12

    /// `nil` for a text that is too short to be known again.
    init?(_ text: ScannedText) {
        let tokens = text.tokens.filter { $0.kind != .sign }
        guard tokens.count >= Self.wordsMin else { return nil }
        words = tokens.map(\.range)
        let hashes = tokens.map { Self.hash($0.text) }
        runs = (0...hashes.count - Self.length).map { start in
            (start..<start + Self.length).reduce(0) { Self.mixed($0 &* 31 &+ hashes[$1]) }
        }
    }

    /// Fowler, Noll and Vo's hash of the word as it is composed: what looks alike is alike.
    private static func hash(_ word: String) -> UInt64 {
        word.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    /// Spreads the bits of a number over all of it.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var value = number &+ 0x9e37_79b9_7f4a_7c15
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    // MARK: Being found

    /// Texts that share half of their runs share one of so many bands all but surely, and those that share a tenth
    /// hardly ever: each band is the least of the runs in three orders (Broder's MinHash).
    private static let bands = 32, rows = 3

    /// The numbers of its bands: texts that are alike have one in common.
    var bands: [Int64] {
        let own = Set(runs)
        return (0..<Self.bands).map { band in
            let least = (0..<Self.rows).map { row -> UInt64 in
                let order = Self.mixed(UInt64(band * Self.rows + row))
                return own.reduce(UInt64.max) { min($0, Self.mixed($1 ^ order)) }
            }
            return Int64(bitPattern: least.reduce(UInt64(band)) { Self.mixed($0 ^ $1) })
        }
    }

    // MARK: Comparing

    /// Returns the part of its runs that another text has, and the longest passage that does.
    func likeness(to other: Shingles) -> (share: Double, place: Range<Int>) {
        let known = Set(other.runs)
        var common = 0, start = 0, best = 0..<0
        for index in runs.indices {
            guard known.contains(runs[index]) else {
                start = index + 1
                continue
            }
            common += 1
            if index + 1 - start > best.count { best = start..<index + 1 }
        }
        guard !best.isEmpty else { return (0, 0..<0) }
        let last = words[best.upperBound - 1 + Self.length - 1]
        let share = Double(common) / Double(runs.count)
        return ((share * 1000).rounded() / 1000, words[best.lowerBound].lowerBound..<last.upperBound)
    }
}
