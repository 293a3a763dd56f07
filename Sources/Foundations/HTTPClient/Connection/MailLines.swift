internal import Glibc

/// A mail's lines, each with its CRLF, whatever they ended in: a lone CR or LF would let servers differ about
/// where a mail ends. `stuffed`: one that begins with a dot gets another (RFC 5321 §4.5.2).
func mailLines(_ message: [UInt8], stuffed: Bool) -> [UInt8] {
    let (lineFeed, carriageReturn, dot) = (UInt8(0x0A), UInt8(0x0D), UInt8(0x2E))
    var lines: [UInt8] = []
    lines.reserveCapacity(message.count + message.count / 32 + 8)
    unsafe message.withUnsafeBufferPointer { message in
        var start = 0
        while start < message.count {
            let end = unsafe next(lineFeed, in: message, from: start, to: message.count)
            let lineEnd = unsafe next(carriageReturn, in: message, from: start, to: end)
            if stuffed, unsafe message[start] == dot { lines.append(dot) }
            unsafe lines.append(contentsOf: message[start..<lineEnd])
            lines.append(carriageReturn)
            lines.append(lineFeed)
            start = lineEnd + (lineEnd + 1 == end && end < message.count ? 2 : 1)
        }
    }
    return lines
}

/// Where a byte is, or the end.
private func next(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
    guard let base = bytes.baseAddress else { return end }
    guard let found = unsafe memchr(base + start, Int32(byte), end - start) else { return end }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
}

/// Returns whether it has other than ASCII in it.
func hasEightBits(_ message: [UInt8]) -> Bool {
    unsafe message.withUnsafeBytes { bytes in
        let whole = bytes.count / 8
        for word in 0..<whole {
            if unsafe bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) & 0x8080_8080_8080_8080
                != 0
            {
                return true
            }
        }
        return unsafe bytes[(whole * 8)...].contains { $0 >= 0x80 }
    }
}
