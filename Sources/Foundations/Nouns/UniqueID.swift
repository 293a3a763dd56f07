package import Telemetry

/// A 128-bit identifier that sorts by its time of birth: 48 bits of milliseconds since 1970, then
/// 80 random ones. It is no secret: who knows one may guess those minted in the same millisecond.
package struct UniqueID: Hashable, Comparable, Sendable {
    package let high: UInt64, low: UInt64

    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    package static func < (a: UniqueID, b: UniqueID) -> Bool {
        a.high == b.high ? a.low < b.low : a.high < b.high
    }

    /// The time at which the ID was made, to the millisecond.
    package var instant: Instant { Instant(microseconds: Int64(high >> 16) * 1000) }

    static let textCount = 26
}

extension UniqueID: CustomStringConvertible {
    /// 26 lower-case characters of Crockford's base 32, in the order of the identifiers.
    package var description: String {
        unsafe String(unsafeUninitializedCapacity: Self.textCount) { buffer in
            unsafe fill(buffer)
            return Self.textCount
        }
    }

    /// Appends the 26 characters.
    package func write(into text: inout [UInt8]) {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.textCount) { buffer in
            unsafe fill(buffer)
            unsafe text.append(contentsOf: UnsafeBufferPointer(buffer))
        }
    }

    /// Characters 0–12 hold the upper 63 bits, 13–25 the lower 65.
    func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        var upper = high >> 1, lower = low
        unsafe Crockford.digits.withUnsafeBufferPointer { digits in
            for place in stride(from: 12, through: 0, by: -1) {
                unsafe buffer[place] = unsafe digits[Int(upper & 31)]
                unsafe buffer[place + 13] = unsafe digits[Int((place == 0 ? lower | high << 4 : lower) & 31)]
                (upper, lower) = (upper >> 5, lower >> 5)
            }
        }
    }

    /// Reads exactly what `description` writes; `nil` for anything else, upper case included.
    package init?(_ text: Substring) {
        var text = text
        guard let id = text.withUTF8({ unsafe UniqueID(utf8: $0) }) else { return nil }
        self = id
    }

    package init?(_ text: String) { self.init(text[...]) }

    /// Reads the same from bytes.
    package init?(utf8 text: UnsafeBufferPointer<UInt8>) {
        // Thirteen characters hold 65 bits: the first may only use three of its five.
        guard text.count == Self.textCount, unsafe text[0] <= UInt8(ascii: "7") else { return nil }
        var upper: UInt64 = 0, lower: UInt64 = 0, faults: UInt8 = 0
        let middle = unsafe Crockford.values.withUnsafeBufferPointer { values in
            for place in 0..<13 {
                let value = unsafe values[Int(text[place])], other = unsafe values[Int(text[place + 13])]
                faults |= value | other
                upper = upper << 5 | UInt64(value)
                lower = lower << 5 | UInt64(other)
            }
            return unsafe UInt64(values[Int(text[13])])
        }
        guard faults < 32 else { return nil }
        self.init(high: upper << 1 | middle >> 4, low: lower)
    }

    /// Reads what stands behind a prefix and `_`. Apart from the type that has the prefix: a function that is compiled
    /// for all types at once takes several times as long.
    package init?(utf8 text: UnsafeBufferPointer<UInt8>, behind prefix: String) {
        let count = prefix.utf8.count
        guard text.count == count + 1 + Self.textCount, unsafe text[count] == UInt8(ascii: "_") else {
            return nil
        }
        var prefix = prefix
        let isSame = prefix.withUTF8 { prefix in
            for place in 0..<count where unsafe text[place] != prefix[place] { return false }
            return true
        }
        guard isSame else { return nil }
        unsafe self.init(utf8: UnsafeBufferPointer(rebasing: text[(count + 1)...]))
    }
}

extension UniqueID {
    /// The id that nothing has: the value of a record that has not been given its own yet.
    package static let zero = UniqueID(high: 0, low: 0)
}

/// Crockford's base 32 in lower case: no i, l, o, u.
private enum Crockford {
    static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    /// For each byte its place among the digits, or 255.
    static let values = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()
}
