/// Bounds what the library takes more than a linear time for, before it sees it: the attributes of one tag, of which it
/// compares each with all before, and ends of elements that have not begun, which it looks for among all that are open.
/// Takes bytes out that no page means: NUL, which ends texts of C.
struct HTMLGuard {
    private let bounds: MarkupDocument.Bounds
    private(set) var hasCut = false
    private var cuts: [Range<Int>] = []
    /// The number of elements of a name that have begun and not ended.
    private var open: [UInt64: Int] = [:]

    init(_ bounds: MarkupDocument.Bounds) { self.bounds = bounds }

    mutating func bounded(_ html: String) -> [UInt8] {
        var html = html
        var bytes = html.withUTF8 { unsafe Array($0.prefix(bounds.bytesMax)) }
        hasCut = html.utf8.count > bounds.bytesMax
        if bytes.contains(0) { bytes = bytes.map { $0 == 0 ? 0x20 : $0 } }
        unsafe bytes.withUnsafeBufferPointer { unsafe scan($0) }
        guard !cuts.isEmpty else { return bytes }
        var kept: [UInt8] = []
        var from = 0
        for cut in cuts {
            kept += bytes[from..<cut.lowerBound]
            from = cut.upperBound
        }
        return kept + bytes[from...]
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while let start = unsafe bytes[index...].firstIndex(of: 0x3C) {
            index = start + 1
            guard index < bytes.count else { return }
            if unsafe bytes[index] == 0x2F {
                let name = unsafe Self.name(bytes, index + 1)
                if name.key == 0 { continue }
                let end = unsafe bytes[index...].firstIndex(of: 0x3E).map { $0 + 1 } ?? bytes.count
                if let count = open[name.key], count > 0 {
                    open[name.key] = count - 1
                } else if !Self.endsAlone.contains(name.key) {
                    cuts.append(start..<end)
                }
                index = end
            } else if unsafe Self.isLetter(bytes[index]) {
                let name = unsafe Self.name(bytes, index)
                open[name.key, default: 0] += 1
                index = unsafe endOfTag(bytes, name.end)
                if Self.raw.contains(name.key) { index = unsafe Self.endOfRaw(bytes, index, name.key) }
            } else if unsafe bytes[index] == 0x21, unsafe bytes.dropFirst(index).starts(with: "!--".utf8) {
                index = unsafe Self.endOfComment(bytes, index + 3)
            }
        }
    }

    // MARK: Names

    /// Names that mean something although they end what has not begun.
    private static let endsAlone: Set = [key("p"), key("br"), key("body"), key("html"), key("head")]
    private static let raw: Set = [key("script"), key("style")]

    private static func key(_ name: StaticString) -> UInt64 {
        name.withUTF8Buffer { unsafe self.name($0, 0).key }
    }

    /// The first eight letters of a name, which is 0 where there is none.
    private static func name(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> (key: UInt64, end: Int) {
        var key: UInt64 = 0, index = start
        while index < bytes.count, unsafe isLetter(bytes[index]) || (0x30...0x39).contains(bytes[index]) {
            if index - start < 8 { key = unsafe key << 8 | UInt64(bytes[index] | 0x20) }
            index += 1
        }
        return (key, index)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) && byte < 0x80 }

    private static func endOfRaw(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ key: UInt64) -> Int {
        var index = start
        while let open = unsafe bytes[index...].firstIndex(of: 0x3C) {
            if open + 1 < bytes.count, unsafe bytes[open + 1] == 0x2F, unsafe name(bytes, open + 2).key == key
            {
                return open
            }
            index = open + 1
        }
        return bytes.count
    }

    private static func endOfComment(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = min(start, bytes.count)
        while let end = unsafe bytes[index...].firstIndex(of: 0x3E) {
            if end >= start + 2, unsafe bytes[end - 1] == 0x2D, unsafe bytes[end - 2] == 0x2D {
                return end + 1
            }
            index = end + 1
        }
        return bytes.count
    }

    // MARK: Attributes

    /// Returns where a tag ends, and notes what of it is too much.
    private mutating func endOfTag(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = start, quote: UInt8 = 0, count = 0, wasBlank = false, isAfterEquals = false
        var cut: Int?
        while index < bytes.count {
            let byte = unsafe bytes[index]
            if quote != 0 {
                if byte == quote { (quote, wasBlank) = (0, true) }
            } else if byte == 0x3E {
                break
            } else if (byte == 0x22 || byte == 0x27) && isAfterEquals {
                (quote, isAfterEquals) = (byte, false)
            } else if byte <= 0x20 || byte == 0x2F {
                wasBlank = true
            } else {
                if wasBlank, byte != 0x3D, !isAfterEquals {
                    count += 1
                    if count > bounds.attributesMax, cut == nil { cut = index }
                }
                (isAfterEquals, wasBlank) = (byte == 0x3D, false)
            }
            index += 1
        }
        if let cut {
            cuts.append(cut..<index)
            hasCut = true
        }
        return index
    }
}
