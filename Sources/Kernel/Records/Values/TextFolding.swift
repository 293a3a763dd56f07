/// Text without its accents and capitals, for search and comparison: `Müller`, `MULLER` and `muller`
/// fold to the same, `ß` to `ss`, `ø` to `o`, `Æ` to `ae`. Never for display.
package enum TextFolding {
    /// ASCII costs a pass over the bytes, and nothing more where it is lower case already.
    package static func fold(_ text: String) -> String {
        var text = text
        let shape = text.withUTF8 { bytes in
            var seen: UInt8 = 0
            var isLower = true
            for byte in bytes {
                seen |= byte
                isLower = isLower && byte &- 0x41 >= 26
            }
            return (isPlain: seen < 0x80, isLower: isLower)
        }
        if shape.isPlain { return shape.isLower ? text : foldPlain(&text) }
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars { append(scalar, to: &folded) }
        return String(decoding: folded, as: UTF8.self)
    }

    /// The words of a text, folded: what stands between anything that is neither letter nor digit.
    /// An apostrophe joins (`O'Brien` is `obrien`).
    package static func searchTokens(_ text: String) -> [String] { tokens(text) }

    /// Returns the words of a text as `searchTokens` does; points join, too, for abbreviations (`G.m.b.H.`), and `&`
    /// and `+` are words, where that is asked for.
    static func tokens(_ text: String, joiningPoints: Bool = false, spellingAnd: Bool = false) -> [String] {
        var tokens: [String] = []
        var token: [UInt8] = []
        func close() {
            if !token.isEmpty { tokens.append(String(decoding: token, as: UTF8.self)) }
            token.removeAll(keepingCapacity: true)
        }
        func takePlain(_ byte: UInt8) {
            switch byte {
            case 0x61...0x7A, 0x30...0x39: token.append(byte)
            case UInt8(ascii: "'"): break
            case UInt8(ascii: "."): if !joiningPoints { close() }
            case UInt8(ascii: "&"), UInt8(ascii: "+"):
                close()
                if spellingAnd { tokens.append("and") }
            default: close()
            }
        }
        let folded = fold(text)
        if folded.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in folded.utf8 { takePlain(byte) }
        } else {
            for scalar in folded.unicodeScalars {
                if scalar.isASCII {
                    takePlain(UInt8(scalar.value))
                } else if isWordPart(scalar) {
                    token.append(contentsOf: UTF8.encode(scalar)!)
                } else {
                    close()
                }
            }
        }
        close()
        return tokens
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType != nil
            || properties.generalCategory == .nonspacingMark
    }

    private static func foldPlain(_ text: inout String) -> String {
        text.withUTF8 { bytes in
            String(unsafeUninitializedCapacity: bytes.count) { buffer in
                for index in 0..<bytes.count {
                    let byte = bytes[index]
                    buffer[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
                }
                return bytes.count
            }
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) {
        let code = scalar.value
        switch code {
        case 0..<0x80: folded.append(UInt8(code) &- 0x41 < 26 ? UInt8(code) | 0x20 : UInt8(code))
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: folded.append(0x20)
        case 0xAA: folded.append(UInt8(ascii: "a"))
        case 0xBA: folded.append(UInt8(ascii: "o"))
        case 0xC0..<0x250: appendLatin(scalar, latin[Int(code - 0xC0)], to: &folded)
        case 0x1E00..<0x1F00: appendLatin(scalar, latinAdditional[Int(code - 0x1E00)], to: &folded)
        // Combining accents, vowel points, and characters that are not seen at all.
        case 0xAD, 0x300...0x36F, 0x591...0x5C7, 0x64B...0x652, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF,
            0x200B...0x200F,
            0x202A...0x202E, 0x2060...0x2064, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF:
            break
        case 0x2018...0x201B, 0x2BC, 0xB4, 0x2032: folded.append(UInt8(ascii: "'"))
        case 0x201C...0x201F: folded.append(UInt8(ascii: "\""))
        case 0x2010...0x2015, 0x2212: folded.append(UInt8(ascii: "-"))
        case 0xFB00: folded.append(contentsOf: "ff".utf8)
        case 0xFB01: folded.append(contentsOf: "fi".utf8)
        case 0xFB02: folded.append(contentsOf: "fl".utf8)
        case 0xFF01...0xFF5E: append(Unicode.Scalar(code - 0xFEE0)!, to: &folded)
        default: appendOther(scalar, to: &folded)
        }
    }

    private static func appendLatin(_ scalar: Unicode.Scalar, _ base: UInt8, to folded: inout [UInt8]) {
        switch base {
        case UInt8(ascii: "."): appendOther(scalar, to: &folded)
        case UInt8(ascii: "A"): folded.append(contentsOf: "ae".utf8)
        case UInt8(ascii: "D"): folded.append(contentsOf: "dz".utf8)
        case UInt8(ascii: "J"): folded.append(contentsOf: "ij".utf8)
        case UInt8(ascii: "L"): folded.append(contentsOf: "lj".utf8)
        case UInt8(ascii: "N"): folded.append(contentsOf: "nj".utf8)
        case UInt8(ascii: "O"): folded.append(contentsOf: "oe".utf8)
        case UInt8(ascii: "S"): folded.append(contentsOf: "ss".utf8)
        case UInt8(ascii: "T"): folded.append(contentsOf: "th".utf8)
        default: folded.append(base)
        }
    }

    private static func appendOther(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) {
        for lower in scalar.properties.lowercaseMapping.unicodeScalars {
            folded.append(contentsOf: UTF8.encode(greekAndCyrillic[lower] ?? lower)!)
        }
    }
}

/// The base letter of U+00C0–U+024F. A capital stands for two letters (`A` for `ae`), a point for a
/// character that keeps its own lower case.
private let latin = Array(
    ("aaaaaaAceeeeiiiidnooooo.ouuuuyTSaaaaaaAceeeeiiiidnooooo.ouuuuyTyaaaaaaccccccccdd"
        + "ddeeeeeeeeeegggggggghhhhiiiiiiiiiiJJjjkk.llllllllllnnnnnnnnnooooooOOrrrrrrssssss"
        + "ssttttttuuuuuuuuuuuuwwyyyzzzzzzsbb....o..dd....eeff....ikkl.....oo.............u"
        + "u..yyzz.............DDDLLLNNNaaiioouuuuuuuuuu.aaaaAAggggkkoooo..jDDDgg..nnaaAAoo"
        + "aaaaeeeeiiiioooorrrruuuusstt..hh.d....aaeeooooooooyylnt...accl.....bu.eejj..rryy").utf8)

/// The base letters of U+1E00–U+1EFF, as in `latin`.
private let latinAdditional = Array(
    ("aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooo"
        + "oooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas..S."
        + "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuu"
        + "uuyyyyyyyy......").utf8)

/// Lower-case letters with an accent and the letter below it, alternating.
private let greekAndCyrillic: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs = Array(
        "ΐιάαέεήηίιΰυϊιϋυόούυώωςσйиѐеёеѓгїіќкѝиўуӂжӑаӓаӗеӝжӟзӣиӥиӧоӭэӯуӱуӳуӵчӹы".unicodeScalars)
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for index in stride(from: 0, to: pairs.count - 1, by: 2) { table[pairs[index]] = pairs[index + 1] }
    return table
}()
