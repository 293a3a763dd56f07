internal import Records

/// The encoding in which the bytes of a file stand for text.
package enum TextEncoding: String, Hashable, Sendable {
    /// UTF-8. Bytes in it that are none are read as Windows-1252, one by one: files glued together from several
    /// programs are common, and a name must not turn into question marks.
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    /// A superset of Latin-1's letters.
    case windows1252 = "windows-1252"
}

/// The reason why a whole file cannot be read, with a text for the person who sent it.
package struct FileFault: Error, Hashable, Sendable {
    package enum Code: String, Sendable {
        /// There is nothing in it, or nothing but blank lines.
        case empty
        /// It is a picture, an archive, a spreadsheet, or other bytes that are no text.
        case notText = "not_text"
        /// Its first line names no field that is known.
        case noKnownColumn = "no_known_column"
        /// Its first line is longer than any header.
        case malformedHeader = "malformed_header"
        /// It is JSON, but not an object a line.
        case notJSONLines = "not_json_lines"
        /// Quotation marks are opened and never closed, again and again.
        case malformedQuoting = "malformed_quoting"
    }

    package let code: Code
    package let detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }
}

/// Finds out what a file's bytes are, from its beginning.
package enum TextDecoding {
    /// The number of bytes of the beginning that decide.
    package static let sampleSize = 1 << 16

    /// The encoding, and how many bytes of a byte-order mark to skip.
    package static func detect(_ head: [UInt8]) throws(FileFault) -> (encoding: TextEncoding, markLength: Int)
    {
        guard !head.isEmpty else {
            throw FileFault(.empty, "The file is empty: send one with a header and at least one row.")
        }
        if head.starts(with: [0xEF, 0xBB, 0xBF]) {
            guard head.count > 3 else {
                throw FileFault(.empty, "The file is empty: send one with a header and at least one row.")
            }
            try refuseBinary(head)
            return (.utf8, 3)
        }
        if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) {
            throw FileFault(.notText, "The file is UTF-32: save it as UTF-8.")
        }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            guard head.count > 3 else {
                throw FileFault(.empty, "The file is empty: send one with a header and at least one row.")
            }
            let encoding: TextEncoding = head[0] == 0xFF ? .utf16LittleEndian : .utf16BigEndian
            try refuseBrokenUTF16(head, encoding)
            return (encoding, 2)
        }
        try refuseKnownFormats(head)
        if let encoding = utf16WithoutMark(head) {
            try refuseBrokenUTF16(head, encoding)
            return (encoding, 0)
        }
        try refuseBinary(head)
        return (isMostlyUTF8(head) ? .utf8 : .windows1252, 0)
    }

    private static let formats: [(start: [UInt8], name: String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "an Excel workbook or a ZIP archive; save the sheet as CSV (UTF-8)"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook; save the sheet as CSV (UTF-8)"),
        ([0x50, 0x4B, 0x05, 0x06], "a ZIP archive"), ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture"), (Array("GIF8".utf8), "a GIF picture"),
        (Array("%PDF".utf8), "a PDF"),
        ([0x1F, 0x8B], "compressed with gzip; unpack it first"),
        (Array("BZh".utf8), "compressed; unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed; unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed; unpack it first"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive"), (Array("Rar!".utf8), "a RAR archive"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program"), (Array("SQLite format 3\0".utf8), "a database"),
        (Array("{\\rtf".utf8), "a rich-text document"),
    ]

    private static func refuseKnownFormats(_ head: [UInt8]) throws(FileFault) {
        for format in formats where head.starts(with: format.start) {
            throw FileFault(.notText, "The file is not text: it is \(format.name).")
        }
        let start = head.prefix(200).drop { $0 <= 0x20 }
        for page in ["<!doctype html", "<html", "<?xml"]
        where start.count >= page.utf8.count && zip(start, page.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
            throw FileFault(.notText, "The file is a web page or XML: export it as CSV.")
        }
    }

    /// A stray control character is a slip of some program; many of them, or NULs in numbers, are no text.
    private static func refuseBinary(_ head: [UInt8]) throws(FileFault) {
        var controls = 0
        for byte in head where byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1B {
            controls += byte == 0 ? 4 : 1
        }
        guard controls * 100 > head.count * 2 else { return }
        throw FileFault(.notText, "The file is not text, as it has control characters: save it as UTF-8.")
    }

    private static func utf16WithoutMark(_ head: [UInt8]) -> TextEncoding? {
        var zeros = (even: 0, odd: 0)
        for (index, byte) in head.enumerated() where byte == 0 {
            if index & 1 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
        }
        let half = head.count / 2
        if zeros.odd * 10 > half * 4, zeros.even * 50 < half { return .utf16LittleEndian }
        if zeros.even * 10 > half * 4, zeros.odd * 50 < half { return .utf16BigEndian }
        return nil
    }

    private static func refuseBrokenUTF16(_ head: [UInt8], _ encoding: TextEncoding) throws(FileFault) {
        var bytes: [UInt8] = []
        TextEncoding.transcodeUTF16(head, isLittle: encoding == .utf16LittleEndian, into: &bytes)
        let replaced = String(decoding: bytes, as: UTF8.self).unicodeScalars.count { $0 == "\u{FFFD}" }
        guard replaced * 100 <= head.count / 2 else {
            throw FileFault(.notText, "The file is not text, as its UTF-16 is broken: save it as UTF-8.")
        }
        try refuseBinary(bytes)
    }

    /// Returns whether a head with bytes above ASCII is UTF-8, perhaps with a few foreign bytes.
    private static func isMostlyUTF8(_ head: [UInt8]) -> Bool {
        var sequences = 0, strays = 0, index = 0
        while index < head.count {
            guard head[index] >= 0x80 else {
                index += 1
                continue
            }
            let length = UTF8Repair.sequenceLength(head[index...])
            if length > 0 { sequences += 1 } else if index + 4 <= head.count { strays += 1 }
            index += max(1, length)
        }
        // Latin text hardly ever holds what looks like UTF-8 by accident.
        return sequences * 10 >= strays
    }
}

extension TextEncoding {
    /// The raw bytes as UTF-8. For `utf8` they are handed on unchanged: cells are repaired one by one.
    func transcode(_ raw: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        switch self {
        case .utf8: return raw
        case .windows1252:
            text.reserveCapacity(raw.count + raw.count / 8)
            for byte in raw {
                if byte < 0x80 {
                    text.append(byte)
                } else {
                    text.append(contentsOf: UTF8.encode(Windows1252.scalar(of: byte))!)
                }
            }
        case .utf16LittleEndian, .utf16BigEndian:
            text.reserveCapacity(raw.count / 2 + raw.count / 8)
            Self.transcodeUTF16(raw, isLittle: self == .utf16LittleEndian, into: &text)
        }
        return text
    }

    /// Returns the number of raw bytes that this decoded text came from. Exact: a character above U+FFFF was
    /// two units, and a unit that was no character became U+FFFD, which stands for one.
    func rawLength(_ text: ArraySlice<UInt8>) -> Int {
        switch self {
        case .utf8: text.count
        case .windows1252: text.count { $0 & 0xC0 != 0x80 }
        case .utf16LittleEndian, .utf16BigEndian:
            text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 4 : 2) }
        }
    }

    static func transcodeUTF16(_ raw: [UInt8], isLittle: Bool, into text: inout [UInt8]) {
        let low = isLittle ? 0 : 1
        func unit(_ index: Int) -> UInt32 { UInt32(raw[index + low]) | UInt32(raw[index + 1 - low]) << 8 }
        var index = 0
        while index + 1 < raw.count {
            var code = unit(index)
            index += 2
            if code < 0x80 {
                text.append(UInt8(code))
                continue
            }
            if code & 0xFC00 == 0xD800, index + 1 < raw.count, case let second = unit(index),
                second & 0xFC00 == 0xDC00
            {
                code = 0x10000 + (code & 0x3FF) << 10 + (second & 0x3FF)
                index += 2
            }
            text.append(contentsOf: UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}")!)
        }
    }
}

/// Reads bytes that should be UTF-8.
enum UTF8Repair {
    /// The bytes as text: NULs are dropped, and what is no UTF-8 is read as Windows-1252.
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var needsRepair = false
        var isPlain = true
        for byte in bytes {
            if byte == 0 { needsRepair = true }
            if byte >= 0x80 { isPlain = false }
        }
        if !needsRepair {
            if isPlain { return String(decoding: bytes, as: UTF8.self) }
            if let text = String(validating: bytes, as: UTF8.self) { return text }
        }
        var repaired: [UInt8] = []
        repaired.reserveCapacity(bytes.count + 16)
        var rest = bytes
        while let byte = rest.first {
            let length = byte < 0x80 ? 1 : sequenceLength(rest)
            if length > 0 {
                if byte != 0 { repaired.append(contentsOf: rest.prefix(length)) }
                rest = rest.dropFirst(length)
            } else {
                repaired.append(contentsOf: UTF8.encode(Windows1252.scalar(of: byte))!)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: repaired, as: UTF8.self)
    }

    /// The length of the well-formed sequence of two to four bytes at the start, or 0.
    static func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Int {
        let start = bytes.startIndex
        let lead = bytes[start]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard (0xC2...0xF4).contains(lead), bytes.count >= length else { return 0 }
        let second = bytes[start + 1]
        let isAllowed =
            switch lead {
            case 0xE0: (0xA0...0xBF).contains(second)
            case 0xED: (0x80...0x9F).contains(second)
            case 0xF0: (0x90...0xBF).contains(second)
            case 0xF4: (0x80...0x8F).contains(second)
            default: second & 0xC0 == 0x80
            }
        guard isAllowed else { return 0 }
        for index in 2..<max(2, length) where bytes[start + index] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
