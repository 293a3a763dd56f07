internal import Glibc

/// Bytes on their way out, in one malloc'ed block that is handed to the socket without a copy.
/// Owned by one thread at a time: whoever fills it gives it away with the response.
///
/// Usable from inline, without which its inlinable functions are not inlined in other modules.
@usableFromInline @safe package final class OutputBuffer: @unchecked Sendable {
    // Exclusivity checks would cost more than the appends: a page of 50 rows makes some thousands.
    @usableFromInline @exclusivity(unchecked) var base: UnsafeMutablePointer<UInt8>
    @safe @usableFromInline @exclusivity(unchecked) var used = 0
    @safe @usableFromInline @exclusivity(unchecked) var capacity: Int

    package init(capacity: Int = 1024) {
        self.capacity = max(64, capacity)
        unsafe base = Self.allocate(self.capacity)
    }

    /// Lets `fill` write up to the capacity; it returns how many bytes it has written.
    package init(capacity: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int) {
        self.capacity = max(64, capacity)
        unsafe base = Self.allocate(self.capacity)
        used = unsafe fill(UnsafeMutableRawBufferPointer(start: base, count: self.capacity))
    }

    deinit { unsafe free(base) }

    package var count: Int { used }

    /// A copy, for digests and tests.
    package var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: base, count: used)) }

    /// A copy of the bytes as text.
    package var text: String {
        unsafe String(decoding: UnsafeBufferPointer(start: base, count: used), as: UTF8.self)
    }

    /// The bytes themselves, valid during the call only.
    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: used))
    }

    /// Cuts back to the first `count` bytes.
    package func truncate(to count: Int) {
        precondition((0...used).contains(count))
        used = count
    }

    /// Makes room for `additional` bytes.
    @inlinable @inline(__always)
    package func reserve(_ additional: Int) {
        if used &+ additional > capacity { grow(additional) }
    }

    @inlinable @inline(__always)
    package func append(_ byte: UInt8) {
        reserve(1)
        unsafe base[used] = byte
        used &+= 1
    }

    @inlinable @inline(__always)
    package func append(_ text: StaticString) {
        unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inlinable
    package func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
    }

    /// Appends a literal. It is not called `append`, because a literal would be taken for a String, which
    /// costs four times as much.
    @inlinable
    package func appendString(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append($0) }
    }

    @inlinable @inline(__always)
    package func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        unsafe (base + used).update(from: start, count: bytes.count)
        used &+= bytes.count
    }

    /// The number of bytes that `appendShort` may copy.
    @inlinable package static var shortMax: Int { 32 }

    /// Appends up to 32 bytes of a storage that goes on for at least so many: one wide copy instead of a call.
    @inlinable @inline(__always)
    package func appendShort(_ start: UnsafePointer<UInt8>, _ count: Int) {
        reserve(32)
        let bytes = unsafe UnsafeRawPointer(start).loadUnaligned(as: SIMD32<UInt8>.self)
        unsafe UnsafeMutableRawPointer(base + used).storeBytes(of: bytes, as: SIMD32<UInt8>.self)
        used &+= count
    }

    @inlinable @inline(__always)
    package func appendNull() {
        reserve(4)
        unsafe UnsafeMutableRawPointer(base + used).storeBytes(
            of: UInt32(littleEndian: 0x6C6C_756E), as: UInt32.self)
        used &+= 4
    }

    /// `"2026-01-31T23:59:59.000Z"`, with its quotes. The year has four digits.
    package func appendDateTime(
        _ year: Int, _ month: Int, _ day: Int, hour: Int, minute: Int, second: Int, millisecond: Int
    ) {
        reserve(26)
        let start = unsafe base + used
        unsafe start[0] = UInt8(ascii: "\"")
        unsafe Self.store(year / 100, at: start + 1)
        unsafe Self.store(year % 100, at: start + 3)
        unsafe start[5] = UInt8(ascii: "-")
        unsafe Self.store(month, at: start + 6)
        unsafe start[8] = UInt8(ascii: "-")
        unsafe Self.store(day, at: start + 9)
        unsafe start[11] = UInt8(ascii: "T")
        unsafe Self.store(hour, at: start + 12)
        unsafe start[14] = UInt8(ascii: ":")
        unsafe Self.store(minute, at: start + 15)
        unsafe start[17] = UInt8(ascii: ":")
        unsafe Self.store(second, at: start + 18)
        unsafe start[20] = UInt8(ascii: ".")
        unsafe start[21] = UInt8(truncatingIfNeeded: millisecond / 100) &+ 48
        unsafe Self.store(millisecond % 100, at: start + 22)
        unsafe start[24] = UInt8(ascii: "Z")
        unsafe start[25] = UInt8(ascii: "\"")
        used &+= 26
    }

    /// Two digits of a number below 100.
    @inline(__always)
    private static func store(_ number: Int, at place: UnsafeMutablePointer<UInt8>) {
        let tens = (number &* 103) &>> 10
        unsafe place[0] = UInt8(truncatingIfNeeded: tens) &+ 48
        unsafe place[1] = UInt8(truncatingIfNeeded: number &- tens &* 10) &+ 48
    }

    /// The inside of a JSON string (RFC 8259 §7); UTF-8 passes as it is.
    package func appendJSONEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        let count = bytes.count
        // A byte becomes six at the most; room for the plain case, so that the loop need not ask.
        reserve(count &+ 8)
        var index = 0
        while index < count {
            while index &+ 8 <= count {
                let word = unsafe UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
                if Self.needsEscape(word) { break }
                unsafe UnsafeMutableRawPointer(base + used).storeBytes(of: word, as: UInt64.self)
                used &+= 8
                index &+= 8
            }
            // The rest of the text, or the eight bytes that hold an escape.
            let end = min(count, index &+ 8)
            while index < end {
                let byte = unsafe source[index]
                index &+= 1
                if byte >= 0x20, byte != 0x22, byte != 0x5c {
                    unsafe base[used] = byte
                    used &+= 1
                } else {
                    appendEscape(byte)
                    reserve(count &- index &+ 8)
                }
            }
        }
    }

    /// Appends the inside of a JSON string, without quotes, from a string.
    package func appendJSONEscaped(_ text: String) {
        var text = text
        text.withUTF8 { unsafe appendJSONEscaped($0) }
    }

    package func appendInteger(_ value: Int64) {
        reserve(20)
        var magnitude = value.magnitude
        if value < 0 {
            unsafe base[used] = UInt8(ascii: "-")
            used &+= 1
        }
        if magnitude < 10 {
            unsafe base[used] = UInt8(truncatingIfNeeded: magnitude) &+ 48
            used &+= 1
            return
        }
        var digits = 1
        var bound: UInt64 = 10
        while magnitude >= bound {
            digits &+= 1
            if digits == 20 { break }
            bound &*= 10
        }
        var place = used &+ digits
        used = place
        while magnitude >= 10 {
            let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
            place &-= 1
            unsafe base[place] = UInt8(truncatingIfNeeded: digit) &+ 48
            magnitude = quotient
        }
        unsafe base[place &- 1] = UInt8(truncatingIfNeeded: magnitude) &+ 48
    }

    /// Gives the block away, to be freed by `free`; the buffer is empty afterwards.
    package func surrender() -> UnsafeMutableRawPointer {
        let block = unsafe UnsafeMutableRawPointer(base)
        capacity = 64
        used = 0
        unsafe base = Self.allocate(64)
        return unsafe block
    }

    /// Any byte below 0x20, a quote or a backslash among the eight.
    @inline(__always)
    private static func needsEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5c)
        let control = (word &- ones &* 0x20) & ~word
        return (control | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & highs != 0
    }

    private func appendEscape(_ byte: UInt8) {
        reserve(6)
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5c: append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0a: append(UInt8(ascii: "n"))
        case 0x0c: append(UInt8(ascii: "f"))
        case 0x0d: append(UInt8(ascii: "r"))
        default:
            append("u00")
            append(byte < 0x10 ? 0x30 : 0x31)
            let low = byte & 15
            append(low < 10 ? low + 48 : low + 87)
        }
    }

    @usableFromInline
    func grow(_ additional: Int) {
        capacity = max(capacity &* 2, used &+ additional)
        guard let grown = unsafe realloc(base, capacity) else { fatalError("out of memory") }
        unsafe base = grown.assumingMemoryBound(to: UInt8.self)
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        guard let block = unsafe malloc(capacity) else { fatalError("out of memory") }
        return unsafe block.assumingMemoryBound(to: UInt8.self)
    }
}
