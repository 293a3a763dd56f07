internal import CGMime
internal import Glibc
internal import Records

/// Text out of bytes whose character set is named, misnamed or not named at all.
enum CharacterSets {
    static func text(_ bytes: ArraySlice<UInt8>, charset: String?) -> String {
        let name = charset.map { $0.lowercased().filter { !" \"'".contains($0) } } ?? ""
        switch name {
        case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "default", "x-unknown", "binary":
            return undeclared(bytes)
        case _ where isSingleByte(name):
            // Two bytes of UTF-8 in a row are no accident, whatever the header says.
            if let text = utf8(bytes), !bytes.allSatisfy({ $0 < 0x80 }) { return text }
            if name == "iso-8859-1" || name == "latin1" || name == "windows-1252" || name == "cp1252" {
                return windows1252(bytes)
            }
            return converted(bytes, from: name) ?? windows1252(bytes)
        default:
            return converted(bytes, from: name) ?? undeclared(bytes)
        }
    }

    private static func isSingleByte(_ name: String) -> Bool {
        ["iso-8859-", "iso8859-", "windows-125", "cp125", "latin", "koi8-"].contains(where: name.hasPrefix)
    }

    /// UTF-8; Windows-1252 where it is none, unless it is nearly all UTF-8 and a few bytes are broken.
    private static func undeclared(_ bytes: ArraySlice<UInt8>) -> String {
        if let text = utf8(bytes) { return text }
        let repaired = String(decoding: bytes, as: UTF8.self)
        var broken = 0, sound = 0
        for scalar in repaired.unicodeScalars where !scalar.isASCII {
            if scalar == "\u{FFFD}" { broken += 1 } else { sound += 1 }
        }
        return sound > 2 * broken ? repaired : windows1252(bytes)
    }

    private static func utf8(_ bytes: ArraySlice<UInt8>) -> String? {
        String(validating: bytes, as: UTF8.self)
    }

    private static func windows1252(_ bytes: ArraySlice<UInt8>) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in bytes { scalars.append(Windows1252.scalar(of: byte)) }
        return String(scalars)
    }

    /// `nil` for a set that the system does not know. Bytes that stand for nothing become U+FFFD.
    private static func converted(_ bytes: ArraySlice<UInt8>, from charset: String) -> String? {
        guard charset.utf8.count <= 64 else { return nil }
        // The old name of a set stands for the newer, larger one that senders mean by it.
        let meant = ["gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "shift_jis": "cp932"]
        _ = GMimeLibrary.shared
        let name = unsafe String(borrowing: g_mime_charset_iconv_name(meant[charset] ?? charset)) ?? charset
        let converter = unsafe iconv_open("UTF-8", name)
        guard unsafe converter != iconv_t(bitPattern: -1) else { return nil }
        defer { unsafe iconv_close(converter) }
        var input = Array(bytes), output: [UInt8] = []
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
}
