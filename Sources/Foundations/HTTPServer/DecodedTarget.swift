internal import Wire

/// A target taken apart.
struct DecodedTarget: Sendable {
    let segments: [String]
    let query: [QueryItem]
    let isValidUTF8: Bool

    init(path: UnsafeBufferPointer<UInt8>, query raw: UnsafeBufferPointer<UInt8>) {
        var segments: [String] = []
        var items: [QueryItem] = []
        var valid = true
        if unsafe path.count > 1 && path[0] == UInt8(ascii: "/") {
            segments.reserveCapacity(6)
            var start = 1
            while start <= path.count {
                let end = unsafe place(of: UInt8(ascii: "/"), in: path, start..<path.count)
                unsafe segments.append(decoded(path, start..<end, plusIsSpace: false, &valid))
                start = end + 1
            }
        }
        var start = 0
        while start < raw.count {
            let end = unsafe place(of: UInt8(ascii: "&"), in: raw, start..<raw.count)
            if start < end {
                let mark = unsafe place(of: UInt8(ascii: "="), in: raw, start..<end)
                let name = unsafe decoded(raw, start..<mark, plusIsSpace: true, &valid)
                let value = unsafe decoded(raw, min(mark + 1, end)..<end, plusIsSpace: true, &valid)
                items.append(QueryItem(name: name, value: value))
            }
            start = end + 1
        }
        self.segments = segments
        query = items
        isValidUTF8 = valid
    }
}

/// The first such byte in the range, or the range's end.
private func place(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    for index in range where unsafe bytes[index] == byte { return index }
    return range.upperBound
}

/// One piece of a target whose escapes are known to be whole. `valid` falls where it is not UTF-8.
private func decoded(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, plusIsSpace: Bool, _ valid: inout Bool
) -> String {
    let isPlain = range.allSatisfy {
        let byte = unsafe bytes[$0]
        return byte < 0x80 && byte != UInt8(ascii: "%") && !(plusIsSpace && byte == UInt8(ascii: "+"))
    }
    if isPlain {
        return unsafe String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
    var out: [UInt8] = []
    out.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = unsafe bytes[index]
        if byte == UInt8(ascii: "%"), index + 2 < range.upperBound,
            let high = unsafe hexValue(bytes[index + 1]),
            let low = unsafe hexValue(bytes[index + 2])
        {
            out.append(high << 4 | low)
            index += 3
        } else {
            out.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
            index += 1
        }
    }
    guard let text = String(validating: out, as: UTF8.self) else {
        valid = false
        return ""
    }
    return text
}

func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
}
