/// The text of a plain part, in a form that everything else can rely on.
enum PlainText {
    /// Lines end with LF, without blanks at their ends (but `-- `); no control characters; nothing blank at either end.
    static func cleaned(_ text: String, isFlowed: Bool = false, deletesSpace: Bool = false) -> String {
        var bytes: [UInt8] = [], lineStart = 0
        bytes.reserveCapacity(text.utf8.count)
        var previous: UInt8 = 0
        func endLine() {
            let isSeparator = bytes.count - lineStart == 3 && bytes[lineStart...].elementsEqual("-- ".utf8)
            while !isFlowed, !isSeparator, bytes.count > lineStart,
                [0x20, 0x09].contains(bytes[bytes.count - 1])
            {
                bytes.removeLast()
            }
            bytes.append(0x0A)
            lineStart = bytes.count
        }
        for byte in text.utf8 {
            switch byte {
            case 0x0D: endLine()
            case 0x0A: if previous != 0x0D { endLine() }
            case 0x09: bytes.append(byte)
            case 0..<0x20, 0x7F: break
            case 0xA0 where previous == 0xC2:
                // A blank that does not break.
                bytes[bytes.count - 1] = 0x20
            case 0xBF where previous == 0xBB && bytes.suffix(2).elementsEqual([0xEF, 0xBB]):
                // A mark of byte order.
                bytes.removeLast(2)
            default: bytes.append(byte)
            }
            previous = byte
        }
        endLine()
        let cleaned = String(decoding: trimmed(bytes[...]), as: UTF8.self)
        return isFlowed ? unfolded(cleaned, deletesSpace) : cleaned
    }

    /// Without blank lines at the beginning and anything blank at the end.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let last = bytes.last, last <= 0x20 { bytes = bytes.dropLast() }
        while let end = bytes.firstIndex(of: 0x0A), bytes[..<end].allSatisfy({ $0 == 0x20 }) {
            bytes = bytes[(end + 1)...]
        }
        return bytes
    }

    static func trimmed(_ text: String) -> String {
        String(decoding: trimmed(Array(text.utf8)[...]), as: UTF8.self)
    }

    /// A line that ends with a blank goes on in the next one of the same depth (RFC 3676).
    private static func unfolded(_ text: String, _ deletesSpace: Bool) -> String {
        var result: [UInt8] = [], openDepth: Int?
        result.reserveCapacity(text.utf8.count)
        for line in Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false) {
            let depth = line.prefix { $0 == UInt8(ascii: ">") }.count
            var rest = line.dropFirst(depth)
            if rest.first == 0x20 { rest = rest.dropFirst() }
            let isSeparator = rest.elementsEqual("-- ".utf8) || rest.elementsEqual("--".utf8)
            if openDepth != depth || isSeparator {
                if !result.isEmpty || openDepth != nil { result.append(0x0A) }
                result += [UInt8](repeating: UInt8(ascii: ">"), count: depth)
                if depth > 0 { result.append(0x20) }
            }
            let isSoft = rest.last == 0x20 && !isSeparator
            result += isSoft && deletesSpace ? rest.dropLast() : rest
            // A line that is not open is ended by whatever comes next.
            openDepth = isSoft ? depth : -1
        }
        return trimmed(String(decoding: result, as: UTF8.self))
    }
}
