internal import CXML
internal import Glibc

/// A document's text, and the set of characters that it was written in.
package struct DecodedText: Sendable {
    package let text: String
    /// The set's name as IANA has it, in lower case.
    package let charset: String

    /// Decodes a page: by its byte order mark, else by the header's charset, else by what it says of itself, else by
    /// what its bytes look like. A name that nobody knows says nothing, and neither does one that the bytes refute.
    package init(_ bytes: [UInt8], header: String? = nil) {
        if let mark = Self.marked(bytes) {
            self = mark
            return
        }
        let named = [header, Self.declared(in: bytes)].compactMap { $0.flatMap(Self.known) }
        for charset in named {
            if charset == "utf-8" {
                guard let text = String(validating: bytes, as: UTF8.self) ?? Self.nearlySound(bytes) else {
                    continue
                }
                self.init(text: text, charset: charset)
                return
            }
            guard let text = Self.converted(bytes, from: charset) else { continue }
            self.init(text: text, charset: charset)
            return
        }
        if let text = String(validating: bytes, as: UTF8.self) ?? Self.nearlySound(bytes) {
            self.init(text: text, charset: "utf-8")
        } else {
            self.init(
                text: Self.converted(bytes, from: "windows-1252") ?? String(decoding: bytes, as: UTF8.self),
                charset: "windows-1252")
        }
    }

    private init(text: String, charset: String) { (self.text, self.charset) = (text, charset) }

    private static func marked(_ bytes: [UInt8]) -> DecodedText? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return DecodedText(text: String(decoding: bytes[3...], as: UTF8.self), charset: "utf-8")
        }
        for (mark, charset) in [([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be")] as [([UInt8], String)]
        where bytes.starts(with: mark) {
            return converted(Array(bytes[2...]), from: charset).map {
                DecodedText(text: $0, charset: charset)
            }
        }
        return nil
    }

    /// UTF-8 of which a few bytes are broken: cut off, or pasted from elsewhere.
    private static func nearlySound(_ bytes: [UInt8]) -> String? {
        let repaired = String(decoding: bytes, as: UTF8.self)
        var broken = 0, sound = 0
        for scalar in repaired.unicodeScalars where !scalar.isASCII {
            if scalar == "\u{FFFD}" { broken += 1 } else { sound += 1 }
        }
        return sound > 2 * broken ? repaired : nil
    }

    // MARK: Names

    /// The set that a document names in its first bytes: `<meta charset>`, `http-equiv`, `<?xml encoding?>`.
    static func declared(in bytes: [UInt8]) -> String? {
        let start = bytes.prefix(4096).map { $0 | ((0x41...0x5A).contains($0) ? 0x20 : 0) }
        for mark in ["charset", "encoding"] {
            var rest = start[...]
            while let found = rest.firstRange(of: Array(mark.utf8)) {
                rest = rest[found.upperBound...]
                var value = rest.drop { $0 <= 0x20 }
                guard value.first == UInt8(ascii: "=") else { continue }
                value = value.dropFirst().drop { $0 <= 0x20 || $0 == 0x22 || $0 == 0x27 }
                let name = value.prefix {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-_:.".utf8.contains($0)
                }
                if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
            }
        }
        return nil
    }

    /// The larger set that a name stands for on the web (WHATWG, Encoding).
    private static let meant = [
        "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "ascii": "windows-1252", "us-ascii": "windows-1252",
        "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252",
        "l1": "windows-1252",
        "cp1252": "windows-1252", "x-cp1252": "windows-1252", "iso-8859-9": "windows-1254",
        "latin5": "windows-1254", "iso-8859-11": "windows-874", "tis-620": "windows-874", "gb2312": "gb18030",
        "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "shift_jis": "shift_jis",
        "shift-jis": "shift_jis", "sjis": "shift_jis", "x-sjis": "shift_jis", "ms_kanji": "shift_jis",
        "windows-31j": "shift_jis", "ks_c_5601-1987": "euc-kr", "ksc5601": "euc-kr",
        "x-mac-cyrillic": "mac-cyrillic",
        "utf-16": "utf-16le", "unicode": "utf-16le",
    ]
    private static let spelled = [
        "shift_jis": "CP932", "euc-kr": "CP949", "big5": "BIG5-HKSCS", "windows-874": "CP874",
    ]

    /// `nil` where the system cannot read it.
    private static func known(_ name: String) -> String? {
        let name = String(name.lowercased().filter { !" \"'".contains($0) }.prefix(40))
        let charset = meant[name] ?? name
        // A page that names these in letters of ASCII was not written in them.
        if charset.hasPrefix("utf-16") { return "utf-8" }
        guard charset != "utf-7", !charset.isEmpty else { return nil }
        if charset == "utf-8" { return charset }
        let converter = unsafe iconv_open("UTF-8", spelled[charset] ?? charset)
        guard unsafe converter != iconv_t(bitPattern: -1) else { return nil }
        unsafe iconv_close(converter)
        return charset
    }

    /// Bytes that stand for nothing become U+FFFD.
    private static func converted(_ bytes: [UInt8], from charset: String) -> String? {
        let converter = unsafe iconv_open("UTF-8", spelled[charset] ?? charset)
        guard unsafe converter != iconv_t(bitPattern: -1) else { return nil }
        defer { unsafe iconv_close(converter) }
        var input = bytes, output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 4)
        let room = 16 << 10
        unsafe input.withUnsafeMutableBytes { input in
            var from = unsafe input.baseAddress?.assumingMemoryBound(to: CChar.self), left = input.count
            unsafe withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { buffer in
                while left > 0 {
                    var to = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self), free = room
                    let result = unsafe iconv(converter, &from, &left, &to, &free)
                    let fault = errno
                    unsafe output += UnsafeRawBufferPointer(rebasing: buffer[..<(room - free)])
                    guard result == -1, fault != E2BIG else { continue }
                    output += [0xEF, 0xBF, 0xBD]
                    guard fault == EILSEQ, left > 0 else { break }
                    unsafe from = from! + 1
                    left -= 1
                }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
