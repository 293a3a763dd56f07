internal import Glibc

/// Sets of characters by the names that pages and mails give them, and text out of bytes in one.
package enum CharacterConversion {
    /// Returns the larger set that a name, in lower case, stands for on the web (WHATWG, Encoding).
    package static func meant(by name: String) -> String { meanings[name] ?? name }

    /// Returns what the system calls the set that a name, in lower case, stands for.
    package static func spelled(_ name: String) -> String {
        let charset = meant(by: name)
        return spellings[charset] ?? charset
    }

    /// Returns whether the system can read a set.
    static func knows(_ name: String) -> Bool {
        let converter = unsafe iconv_open("UTF-8", spelled(name))
        guard unsafe converter != iconv_t(bitPattern: -1) else { return false }
        unsafe iconv_close(converter)
        return true
    }

    /// `nil` for a set that the system does not know. Bytes that stand for nothing become U+FFFD.
    package static func text(_ bytes: ArraySlice<UInt8>, from name: String) -> String? {
        let converter = unsafe iconv_open("UTF-8", spelled(name))
        guard unsafe converter != iconv_t(bitPattern: -1) else { return nil }
        defer { unsafe iconv_close(converter) }
        var input = Array(bytes), output: [UInt8] = []
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
                    // An end that is cut off has nothing after it.
                    guard fault == EILSEQ, left > 0 else { break }
                    unsafe from = from! + 1
                    left -= 1
                }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// UTF-8 of which a few bytes are broken, cut off or pasted from elsewhere; `nil` where most are.
    package static func nearlySound(_ bytes: ArraySlice<UInt8>) -> String? {
        let repaired = String(decoding: bytes, as: UTF8.self)
        var broken = 0, sound = 0
        for scalar in repaired.unicodeScalars where !scalar.isASCII {
            if scalar == "\u{FFFD}" { broken += 1 } else { sound += 1 }
        }
        return sound > 2 * broken ? repaired : nil
    }

    private static let meanings = [
        "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "ascii": "windows-1252", "us-ascii": "windows-1252",
        "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252",
        "l1": "windows-1252",
        "cp1252": "windows-1252", "x-cp1252": "windows-1252", "iso-8859-9": "windows-1254",
        "latin5": "windows-1254", "iso-8859-11": "windows-874", "tis-620": "windows-874", "gb2312": "gb18030",
        "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "shift_jis": "shift_jis",
        "shift-jis": "shift_jis", "sjis": "shift_jis", "x-sjis": "shift_jis", "ms_kanji": "shift_jis",
        "windows-31j": "shift_jis", "ks_c_5601-1987": "euc-kr", "ksc5601": "euc-kr",
        "x-mac-cyrillic": "mac-cyrillic", "unicode": "utf-16le",
    ]
    private static let spellings = [
        "shift_jis": "CP932", "euc-kr": "CP949", "big5": "BIG5-HKSCS", "windows-874": "CP874",
    ]
}
