internal import CGMime
internal import Markup
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
        return CharacterConversion.nearlySound(bytes) ?? windows1252(bytes)
    }

    private static func utf8(_ bytes: ArraySlice<UInt8>) -> String? {
        String(validating: bytes, as: UTF8.self)
    }

    private static func windows1252(_ bytes: ArraySlice<UInt8>) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in bytes { scalars.append(Windows1252.scalar(of: byte)) }
        return String(scalars)
    }

    /// `nil` for a set that the system does not know, by whatever name mails give it.
    private static func converted(_ bytes: ArraySlice<UInt8>, from charset: String) -> String? {
        guard charset.utf8.count <= 64 else { return nil }
        _ = GMimeLibrary.shared
        let name = unsafe String(
            borrowing: g_mime_charset_iconv_name(CharacterConversion.spelled(charset)))
        return CharacterConversion.text(bytes, from: name ?? charset)
    }
}
