/// The number of a word, which its spellings with and without accents and capitals share.
enum WordHash {
    static let empty: UInt64 = 0xcbf2_9ce4_8422_2325, prime: UInt64 = 0x0000_0100_0000_01b3

    static func of(_ word: some Sequence<UInt8>) -> UInt64 {
        var hasher = Hasher()
        for byte in word { hasher.add(byte) }
        return hasher.value
    }

    static func of(_ word: String) -> UInt64 { of(word.utf8) }

    /// FNV-1a over the folded letters: those of Latin-1 lose their accents, and others are as they are.
    struct Hasher {
        private(set) var value = WordHash.empty
        private var lead: UInt8 = 0

        mutating func add(_ byte: UInt8) {
            if lead == 0xC3, byte >= 0x80 {
                lead = 0
                for letter in WordHash.latin[Int((byte | 0x20) & 0x3F)].utf8 { mix(letter) }
                return
            }
            if lead == 0xC5, byte == 0x93 || byte == 0x92 {
                lead = 0
                mix(UInt8(ascii: "o"))
                mix(UInt8(ascii: "e"))
                return
            }
            if lead != 0 { mix(lead) }
            lead = 0
            if byte == 0xC3 || byte == 0xC5 {
                lead = byte
            } else {
                mix((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
        }

        private mutating func mix(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* WordHash.prime }
    }

    /// By the last six bits of the second byte, small letters; the sharp s is where its capital would be.
    private static let latin: [StaticString] = [
        "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o",
        "o", "o", "o",
        "x", "o", "u", "u", "u", "u", "y", "th", "ss", "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e",
        "e", "i", "i",
        "i", "i", "d", "n", "o", "o", "o", "o", "o", "x", "o", "u", "u", "u", "u", "y", "th", "ss",
    ]
}

extension StaticString {
    fileprivate var utf8: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}

/// Tells quickly of most words that they are none of a set's.
struct WordFilter: Sendable {
    private var bits = [Bool](repeating: false, count: 1 << 14)

    mutating func add(_ hash: UInt64) { bits[Self.place(hash)] = true }

    func mayHold(_ hash: UInt64) -> Bool { bits[Self.place(hash)] }

    private static func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: (hash ^ hash >> 29) & 0x3FFF) }
}
