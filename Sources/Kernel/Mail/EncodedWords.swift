/// Headers as they are to be read: unfolded, encoded words (RFC 2047) decoded. It is our own because the library, in
/// the version of Debian 12, drops what follows a word of base 64 that ends with padding (its issue 133).
enum EncodedWords {
    /// A header's value of any bytes.
    static func decoded(_ raw: some Collection<UInt8>) -> String {
        let bytes = unfolded(raw)
        guard holdsWord(bytes) else { return plain(bytes[...]) }
        var result = ""
        for piece in pieces(bytes[...]) {
            switch piece {
            case .plain(let text): result += plain(text)
            case .word(let text): result += text
            }
        }
        return result
    }

    private static let atom = "bureau-word-"

    /// The value with an atom for each run of words, for somebody who takes apart the rest, and the words.
    static func masked(_ raw: some Collection<UInt8>) -> (value: String, words: [String]) {
        let bytes = unfolded(raw)
        guard holdsWord(bytes) else { return (plain(bytes[...]), []) }
        var result = "", words: [String] = []
        for piece in pieces(bytes[...]) {
            switch piece {
            case .plain(let text): result += plain(text)
            case .word(let text):
                result += "\(atom)\(words.count)-"
                words.append(text)
            }
        }
        return (result, words)
    }

    static func unmasked(_ text: String, _ words: [String]) -> String {
        guard !words.isEmpty else { return text }
        var result = "", rest = text[...]
        while let range = rest.firstRange(of: atom) {
            result += rest[..<range.lowerBound]
            rest = rest[range.upperBound...]
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits), words.indices.contains(number) else { continue }
            result += words[number]
            rest = rest.dropFirst(digits.count + 1)
        }
        return result + rest
    }

    /// A parameter that holds encoded words, which no standard allows there and many write; `nil` where it holds none.
    static func parameter(_ name: String, in raw: [UInt8]) -> String? {
        let bytes = unfolded(raw)
        guard holdsWord(bytes) else { return nil }
        let wanted = Array((name + "=").utf8)
        for start in bytes.indices
        where bytes[start...].prefix(wanted.count).elementsEqual(wanted, by: { $0 | 0x20 == $1 | 0x20 })
            && (start == 0 || bytes[start - 1] == 0x20 || bytes[start - 1] == UInt8(ascii: ";"))
        {
            let value = bytes[(start + wanted.count)...]
            let end = value.first == UInt8(ascii: "\"") ? UInt8(ascii: "\"") : UInt8(ascii: ";")
            let text = value.drop { $0 == UInt8(ascii: "\"") }.prefix { $0 != end }
            return holdsWord(Array(text)) ? decoded(text) : nil
        }
        return nil
    }

    private enum Piece {
        case plain(ArraySlice<UInt8>)
        case word(String)
    }

    private static func unfolded(_ raw: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        for byte in raw {
            switch byte {
            case 0x0A, 0x0D: break
            case 0x09: bytes.append(0x20)
            // Nothing else of that kind belongs in a header. ISO-2022 needs its escape.
            case 0..<0x20 where byte != 0x1B: bytes.append(0x20)
            case 0x7F: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        while bytes.last == 0x20 { bytes.removeLast() }
        let blanks = bytes.prefix { $0 == 0x20 }.count
        if blanks > 0 { bytes.removeFirst(blanks) }
        return bytes
    }

    private static func holdsWord(_ bytes: [UInt8]) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if previous == UInt8(ascii: "="), byte == UInt8(ascii: "?") { return true }
            previous = byte
        }
        return false
    }

    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        CharacterSets.text(bytes, charset: nil)
    }

    /// Words of one character set that follow one another are converted together: some cut characters in two.
    private static func pieces(_ bytes: ArraySlice<UInt8>) -> [Piece] {
        var pieces: [Piece] = [], plainStart = bytes.startIndex, position = bytes.startIndex
        var run: (charset: String, bytes: [UInt8])?, runText = ""
        func flush() {
            if let open = run { runText += CharacterSets.text(open.bytes[...], charset: open.charset) }
            run = nil
        }
        while position < bytes.endIndex {
            guard bytes[position] == UInt8(ascii: "="), let word = Word(bytes[position...]) else {
                position += 1
                continue
            }
            let between = bytes[plainStart..<position]
            // Blanks between words only part them.
            let continues = (run != nil || !runText.isEmpty) && between.allSatisfy { $0 == 0x20 }
            if !continues {
                flush()
                if !runText.isEmpty { pieces.append(.word(runText)) }
                runText = ""
                if !between.isEmpty { pieces.append(.plain(between)) }
            }
            if run?.charset == word.charset {
                run?.bytes += word.bytes
            } else {
                flush()
                run = (word.charset, word.bytes)
            }
            position = word.end
            plainStart = position
        }
        flush()
        if !runText.isEmpty { pieces.append(.word(runText)) }
        if plainStart < bytes.endIndex { pieces.append(.plain(bytes[plainStart...])) }
        return pieces
    }

    /// `=?utf-8?Q?Zo=C3=AB?=`
    private struct Word {
        var charset: String
        var bytes: [UInt8]
        var end: Int

        init?(_ text: ArraySlice<UInt8>) {
            let mark = UInt8(ascii: "?")
            guard text.count > 8, text[text.startIndex + 1] == mark else { return nil }
            let charsetStart = text.startIndex + 2
            guard let charsetEnd = text[charsetStart...].prefix(80).firstIndex(of: mark),
                charsetEnd + 2 < text.endIndex,
                text[charsetEnd + 2] == mark, charsetEnd > charsetStart
            else { return nil }
            let start = charsetEnd + 3
            var index = start
            while index + 1 < text.endIndex, !(text[index] == mark && text[index + 1] == UInt8(ascii: "=")) {
                index += 1
            }
            // `?Q?=C3…?=` begins with what looks like the end; an empty word ends there indeed.
            if index == start, index + 2 < text.endIndex, text[index + 2] != 0x20 { return nil }
            guard index + 1 < text.endIndex else { return nil }
            switch text[charsetEnd + 1] | 0x20 {
            case UInt8(ascii: "b"): bytes = Self.base64(text[start..<index])
            case UInt8(ascii: "q"): bytes = Self.quoted(text[start..<index])
            default: return nil
            }
            // The language behind an asterisk (RFC 2231 §5) says nothing here.
            let name = text[charsetStart..<charsetEnd].prefix { $0 != UInt8(ascii: "*") }
            charset = String(decoding: name, as: UTF8.self).lowercased()
            end = index + 2
        }

        private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
            var bytes: [UInt8] = [], index = text.startIndex
            while index < text.endIndex {
                let byte = text[index]
                index += 1
                if byte == UInt8(ascii: "_") {
                    bytes.append(0x20)
                } else if byte == UInt8(ascii: "="), index + 1 < text.endIndex, let high = digit(text[index]),
                    let low = digit(text[index + 1])
                {
                    bytes.append(high << 4 | low)
                    index += 2
                } else {
                    bytes.append(byte)
                }
            }
            return bytes
        }

        private static func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x41 + 10
            case 0x61...0x66: byte - 0x61 + 10
            default: nil
            }
        }

        /// Decodes base 64. A byte that is no digit does not count; padding may be missing.
        private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8] {
            var bytes: [UInt8] = [], bits: UInt32 = 0, held = 0
            for byte in text {
                let value: UInt32
                switch byte {
                case 0x41...0x5A: value = UInt32(byte - 0x41)
                case 0x61...0x7A: value = UInt32(byte - 0x61 + 26)
                case 0x30...0x39: value = UInt32(byte - 0x30 + 52)
                case UInt8(ascii: "+"): value = 62
                case UInt8(ascii: "/"): value = 63
                default: continue
                }
                bits = bits << 6 | value
                held += 6
                if held >= 8 {
                    held -= 8
                    bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
                }
            }
            return bytes
        }
    }
}
