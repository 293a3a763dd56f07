/// Text made safe for where it goes.
enum Escape {
    static func html(_ text: some Sequence<UInt8>, into bytes: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): bytes.append(contentsOf: "&#39;".utf8)
            default: bytes.append(byte)
            }
        }
    }

    static func html(_ text: String) -> String {
        var bytes: [UInt8] = []
        html(text.utf8, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Everything that could mean something in Markdown gets a backslash. Blanks at the ends, which could
    /// indent or break a line, become references; line ends become U+2028, so that no value begins a new
    /// block.
    static func markdown(_ text: String, into bytes: inout [UInt8]) {
        let utf8 = text.utf8
        var isFirst = true, left = utf8.count
        for byte in utf8 {
            left -= 1
            switch byte {
            case UInt8(ascii: " "), 0x09:
                if isFirst || left == 0 {
                    bytes.append(contentsOf: "&#32;".utf8)
                } else {
                    bytes.append(0x20)
                }
            case 0x0A:
                bytes.append(contentsOf: [0xE2, 0x80, 0xA8])
            case UInt8(ascii: "%"), UInt8(ascii: "?"): bytes.append(byte)
            case 0x21...0x2B, 0x2D, 0x2E, 0x3A, 0x3C...0x40, 0x5B...0x60, 0x7B...0x7E:
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            default: bytes.append(byte)
            }
            isFirst = false
        }
    }

    /// Percent-encoded, all but what RFC 3986 calls unreserved.
    static func component(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            if isUnreserved(byte) { bytes.append(byte) } else { percent(byte, into: &bytes) }
        }
    }

    /// An address, or a part of one, as it is: only what no address may hold, and what could end it where it
    /// stands (brackets, quotation marks, asterisks), is percent-encoded.
    static func address(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case _ where isUnreserved(byte) && byte != UInt8(ascii: "~"),
                UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"),
                UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "$"),
                UInt8(ascii: "%"):
                bytes.append(byte)
            default: percent(byte, into: &bytes)
            }
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func percent(_ byte: UInt8, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "%"))
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
    }

    /// Line ends made LF; without other control characters (tabs stay) and without the marks that turn the
    /// direction of what follows.
    static func withoutControls(_ text: String) -> String {
        var kept = String.UnicodeScalarView(), wasReturn = false
        for scalar in text.unicodeScalars {
            defer { wasReturn = scalar == "\r" }
            switch scalar.value {
            case 0x0A: if !wasReturn { kept.append(scalar) }
            case 0x0D, 0x2028, 0x2029, 0x85: kept.append("\n")
            case 0x09: kept.append(scalar)
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: continue
            default: kept.append(scalar)
            }
        }
        return String(kept)
    }

    /// One line: line ends, tabs and runs of blanks become one blank.
    static func line(_ bytes: [UInt8]) -> String {
        var line = String.UnicodeScalarView(), isAfterBlank = true
        for scalar in withoutControls(String(decoding: bytes, as: UTF8.self)).unicodeScalars {
            let isBlank = scalar == " " || scalar == "\n" || scalar == "\t"
            if isBlank, isAfterBlank { continue }
            line.append(isBlank ? " " : scalar)
            isAfterBlank = isBlank
        }
        if line.last == " " { line.removeLast() }
        return String(line)
    }
}
