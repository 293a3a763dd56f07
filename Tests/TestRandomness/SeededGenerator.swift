/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed, in every run and on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(_ seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Returns a number from 0 to just below `limit`.
    package mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// Removes a byte, inserts one that means something in HTTP, changes one, or repeats up to 30 of them.
    package mutating func mangle(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let place = below(bytes.count)
        let signs: [UInt8] = [0, 9, 10, 13, 32, 58, 59, 127, 255]
        switch below(4) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(signs[below(signs.count)], at: place)
        case 2: bytes[place] = UInt8(below(256))
        default: bytes.insert(contentsOf: bytes[place...].prefix(30), at: place)
        }
    }
}
