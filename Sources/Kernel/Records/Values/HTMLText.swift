/// Text that passed through a web page on its way here: `Smith &amp; Sons`.
package enum HTMLText {
    /// Character references decoded once. `&lt;` and `&gt;` are left as they are, and tags are never
    /// removed: a cell is data, its angle brackets may be meant, and decoding must not create markup
    /// out of text that held none.
    package static func decodingReferences(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[ampersand...]
            let window = rest.utf8.prefix(12)
            guard let semicolon = window.firstIndex(of: UInt8(ascii: ";")),
                let decoded = character(rest[rest.utf8.index(after: ampersand)..<semicolon])
            else {
                result.append("&")
                rest = rest.dropFirst()
                continue
            }
            result.unicodeScalars.append(decoded)
            rest = rest[rest.utf8.index(after: semicolon)...]
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> Unicode.Scalar? {
        if name.hasPrefix("#") {
            let isHexadecimal = name.hasPrefix("#x") || name.hasPrefix("#X")
            let digits = name.dropFirst(isHexadecimal ? 2 : 1)
            guard !digits.hasPrefix("+"), let code = UInt32(digits, radix: isHexadecimal ? 16 : 10),
                code >= 0x20,
                !(0x7F...0x9F).contains(code), code != 0x3C, code != 0x3E
            else { return nil }
            return Unicode.Scalar(code)
        }
        if let scalar = signs[name] { return scalar }
        // "uuml" is a letter and an accent: composed below rather than listed.
        guard let letter = name.unicodeScalars.first, let place = letters.firstIndex(of: letter),
            let accented = accents[name.dropFirst()]
        else { return nil }
        let found = Array(accented.unicodeScalars)[place]
        return found == "." ? nil : found
    }

    private static let signs: [Substring: Unicode.Scalar] = [
        "amp": "&", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "szlig": "ß", "aelig": "æ", "AElig": "Æ",
        "oelig": "œ",
        "OElig": "Œ", "oslash": "ø", "Oslash": "Ø", "aring": "å", "Aring": "Å", "eth": "ð", "thorn": "þ",
        "euro": "€", "pound": "£", "yen": "¥", "cent": "¢", "sect": "§", "copy": "©", "reg": "®",
        "trade": "™",
        "ndash": "–", "mdash": "—", "hellip": "…", "bull": "•", "middot": "·", "lsquo": "‘", "rsquo": "’",
        "ldquo": "“", "rdquo": "”", "bdquo": "„", "sbquo": "‚", "laquo": "«", "raquo": "»", "deg": "°",
    ]

    private static let letters = Array("AEIOUYNCaeiouync".unicodeScalars)
    /// By accent, the letters in the order of `letters`; a point where there is none.
    private static let accents: [Substring: String] = [
        "uml": "ÄËÏÖÜŸ..äëïöüÿ..", "acute": "ÁÉÍÓÚÝ..áéíóúý..", "grave": "ÀÈÌÒÙ...àèìòù...",
        "circ": "ÂÊÎÔÛ...âêîôû...",
        "tilde": "Ã..Õ..Ñ.ã..õ..ñ.", "cedil": ".......Ç.......ç",
    ]
}
