package import Markup

/// Tells addresses that a site makes without end, by what a crawl has seen of it: calendars, pages that count on, paths
/// that repeat themselves.
package struct AddressTraps: Sendable {
    /// Addresses of one shape that are asked for: those that differ in numbers only.
    private static let sameShapeMax = 24
    private static let stepsMax = 12
    private static let partsMax = 6

    private var shapes: [String: Int] = [:]

    package init() {}

    /// Returns whether the address alone shows that it leads nowhere.
    package static func isMaze(_ address: PageAddress) -> Bool {
        let steps = address.path.split(separator: "/")
        if steps.count > stepsMax || address.description.utf8.count > 1000 { return true }
        var counts: [Substring: Int] = [:]
        for step in steps { counts[step, default: 0] += 1 }
        if counts.contains(where: { $0.value > ($0.key.allSatisfy(\.isNumber) ? 4 : 2) }) { return true }
        guard let query = address.query else { return false }
        let parts = query.split(separator: "&")
        if parts.count > partsMax { return true }
        return Set(parts.map { $0.prefix { $0 != "=" } }).count < parts.count
    }

    /// Returns whether enough of the address's kind were asked for. Counts the address, unless it is refused.
    package mutating func isExhausted(_ address: PageAddress) -> Bool {
        guard let shape = Self.shape(of: address) else { return false }
        guard shapes[shape, default: 0] < Self.sameShapeMax else { return true }
        shapes[shape, default: 0] += 1
        return false
    }

    /// The address with its numbers as one sign; `nil` where it has none.
    private static func shape(of address: PageAddress) -> String? {
        let target = address.target.utf8
        guard target.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
        var output = Array(address.host.utf8), wasDigit = false
        for byte in target {
            let isDigit = (0x30...0x39).contains(byte)
            if !isDigit { output.append(byte) } else if !wasDigit { output.append(UInt8(ascii: "#")) }
            wasDigit = isDigit
        }
        return String(decoding: output, as: UTF8.self)
    }
}

/// The likeness of texts: a number of which texts that are nearly the same share nearly all bits (M. Charikar, 2002).
package struct TextLikeness: Hashable, Sendable {
    package let bits: UInt64
    package let words: Int

    private static let wordsMin = 30

    /// Takes up one that was kept.
    package init(bits: UInt64, words: Int) { (self.bits, self.words) = (bits, words) }

    package init(_ text: String) {
        var counts = [Int32](repeating: 0, count: 64)
        var window: (UInt64, UInt64) = (0, 0), words = 0
        for word in text.utf8.split(whereSeparator: { $0 <= 0x40 || (0x5B...0x60).contains($0) }) {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in word { hash = (hash ^ UInt64(byte | 0x20)) &* 0x0000_0100_0000_01b3 }
            words += 1
            var mixed = (window.0 &* 31 &+ window.1) &* 31 &+ hash
            window = (window.1, hash)
            guard words >= 3 else { continue }
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
            for bit in 0..<64 { counts[bit] += Int32(truncatingIfNeeded: mixed >> UInt64(bit) & 1) * 2 - 1 }
        }
        self.words = words
        bits = counts.enumerated().reduce(0) { $1.element > 0 ? $0 | 1 << UInt64($1.offset) : $0 }
    }

    /// Returns whether two pages say the same, but for a date or a counter. Short texts are alike only when
    /// they are equal.
    package func isTwin(of other: TextLikeness) -> Bool {
        guard min(words, other.words) >= Self.wordsMin else { return self == other && words > 0 }
        return (bits ^ other.bits).nonzeroBitCount <= 3
            && abs(words - other.words) * 10 <= max(words, other.words)
    }
}
