internal import Lexicons

/// A text as rules and models read it: folded words in sentences, each with its place in the original.
package struct ReadText: Sendable {
    enum Kind: UInt8, Sendable {
        case word
        /// Begins with a digit; points, commas, colons, slashes and hyphens between digits belong to it.
        case number
        case address
        case link
        /// `?`, `!`, `€`, `$`, `£`, `%`
        case mark
    }

    struct Word: Sendable {
        var folded: String
        var kind: Kind
        /// Bytes of the original.
        var start: Int, end: Int
        var sentence: Int
    }

    private(set) var words: [Word] = []
    /// Bytes of the original text.
    let bytes: [UInt8]

    /// Words beyond the limit are not read: a reply says what it wants early.
    package init(_ text: String, wordsMax: Int = 1200) {
        bytes = Array(text.utf8)
        var reader = Reader(bytes: bytes, wordsMax: wordsMax)
        reader.read()
        words = reader.words
    }

    /// Returns the text of a range of words, as it was written.
    func quote(_ range: Range<Int>) -> String {
        guard !range.isEmpty else { return "" }
        return String(
            decoding: bytes[words[range.lowerBound].start..<words[range.upperBound - 1].end], as: UTF8.self)
    }

    /// The words of the sentence around a word.
    func sentence(around index: Int) -> Range<Int> {
        let sentence = words[index].sentence
        var low = index, high = index + 1
        while low > 0, words[low - 1].sentence == sentence { low -= 1 }
        while high < words.count, words[high].sentence == sentence { high += 1 }
        return low..<high
    }
}

extension ReadText {
    private struct Reader {
        let bytes: [UInt8]
        let wordsMax: Int
        var words: [Word] = []
        var sentence = 0
        /// Where the line began that is being read.
        var lineStart = 0

        mutating func read() {
            var place = 0
            while place < bytes.count, words.count < wordsMax {
                let byte = bytes[place]
                if byte == 0x0A {
                    endLine(at: place)
                    place += 1
                } else if byte <= 0x20 {
                    place += 1
                } else {
                    var end = place
                    while end < bytes.count, bytes[end] > 0x20 { end += 1 }
                    readChunk(place, end)
                    place = end
                }
            }
        }

        /// A short line is a sentence of its own, a long one was wrapped; an empty one always separates.
        private mutating func endLine(at place: Int) {
            if place - lineStart < 48 { sentence += 1 }
            lineStart = place + 1
        }

        /// Reads the text between two spaces.
        private mutating func readChunk(_ start: Int, _ end: Int) {
            if let (low, high) = addressRange(start, end) {
                readWords(start, low)
                add(.address, low, high, bytes[low..<high].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 })
                readWords(high, end)
            } else if isLink(start, end) {
                add(.link, start, end, Array(bytes[start..<end].prefix(80)))
                if bytes[end - 1] == UInt8(ascii: ".") { sentence += 1 }
            } else {
                readWords(start, end)
            }
        }

        private func isLink(_ start: Int, _ end: Int) -> Bool {
            let head = bytes[start..<min(end, start + 12)]
            return head.starts(with: "http".utf8) && head.contains(UInt8(ascii: ":"))
                || head.starts(with: "www.".utf8) || head.starts(with: "<http".utf8)
        }

        private func addressRange(_ start: Int, _ end: Int) -> (Int, Int)? {
            guard let at = bytes[start..<end].firstIndex(of: UInt8(ascii: "@")) else { return nil }
            var low = at, high = at + 1
            while low > start, Self.isLocalPart(bytes[low - 1]) { low -= 1 }
            while high < end, Self.isDomainPart(bytes[high]) { high += 1 }
            while high > at + 1, bytes[high - 1] == UInt8(ascii: ".") || bytes[high - 1] == UInt8(ascii: "-")
            {
                high -= 1
            }
            guard low < at, bytes[at + 1..<high].contains(UInt8(ascii: ".")) else { return nil }
            return (low, high)
        }

        private static func isLocalPart(_ byte: UInt8) -> Bool {
            isDomainPart(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+")
        }

        private static func isDomainPart(_ byte: UInt8) -> Bool {
            byte | 0x20 &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-")
        }

        private mutating func add(_ kind: Kind, _ start: Int, _ end: Int, _ folded: [UInt8]) {
            guard words.count < wordsMax else { return }
            words.append(
                Word(
                    folded: String(decoding: folded, as: UTF8.self), kind: kind, start: start, end: end,
                    sentence: sentence))
        }

        private mutating func readWords(_ start: Int, _ end: Int) {
            var place = start
            while place < end {
                if bytes[place] &- 0x30 < 10 {
                    place = readNumber(place, end)
                } else {
                    place = readWord(place, end)
                }
            }
        }

        /// `15.04.`, `10:30`, `4,000`, `4k`, `3rd`. The point after a number ends no sentence (`3. März`).
        private mutating func readNumber(_ start: Int, _ end: Int) -> Int {
            var place = start
            var folded: [UInt8] = []
            while place < end {
                let byte = bytes[place]
                if byte &- 0x30 < 10 || byte | 0x20 &- 0x61 < 26 {
                    folded.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
                } else if ".,:/-".utf8.contains(byte), place + 1 < end, bytes[place + 1] &- 0x30 < 10,
                    folded.last! &- 0x30 < 10
                {
                    folded.append(byte)
                } else {
                    break
                }
                place += 1
            }
            add(.number, start, place, folded)
            if place < end, bytes[place] == UInt8(ascii: ".") {
                place += 1
                if place == end, place == bytes.count || bytes[place] == 0x0A { sentence += 1 }
            }
            return place
        }

        private mutating func readWord(_ start: Int, _ end: Int) -> Int {
            var place = start
            var folded: [UInt8] = []
            while place < end {
                let (scalar, next) = scalar(at: place, end)
                if LetterFolding.append(scalar, to: &folded) {
                    place = next
                } else if Self.isApostrophe(scalar), !folded.isEmpty, next < end, isLetter(next) {
                    if Self.elided.contains(folded) { break }
                    place = next
                } else if scalar == "-" || scalar == "\u{2011}", Self.joined.contains(folded), next < end,
                    isLetter(next)
                {
                    place = next
                } else {
                    break
                }
            }
            if !folded.isEmpty { add(.word, start, place, folded) }
            guard place < end else { return place }
            let (scalar, next) = scalar(at: place, end)
            switch scalar {
            case "?", "!", "¿", "¡":
                let mark: Unicode.Scalar = scalar == "¿" ? "?" : scalar == "¡" ? "!" : scalar
                if scalar == mark {
                    add(.mark, place, next, Array(String(mark).utf8))
                    sentence += 1
                }
            case "€", "$", "£", "%": add(.mark, place, next, Array(bytes[place..<next]))
            case ".": if !Self.abbreviations.contains(folded) { sentence += 1 }
            case ";", "…", "•", "|": sentence += 1
            default: break
            }
            return next
        }

        private func isLetter(_ place: Int) -> Bool {
            bytes[place] | 0x20 &- 0x61 < 26 || bytes[place] >= 0xC0
        }

        private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "'" || scalar == "\u{2019}" || scalar == "\u{2018}" || scalar == "\u{B4}"
                || scalar == "`"
        }

        /// Articles and pronouns, in French and Italian above all, are words of their own before an apostrophe.
        private static let elided = listed("elided")
        /// A point after these ends no sentence.
        private static let abbreviations = listed("abbreviation")
        /// A hyphen after these makes one word: `e-mail`, `opt-out`, `in-house`.
        private static let joined = listed("joined")

        private static func listed(_ section: String) -> Set<[UInt8]> {
            Set(Lexicon("tokens").words(section).map { Array($0.utf8) })
        }

        private func scalar(at place: Int, _ end: Int) -> (Unicode.Scalar, Int) {
            let lead = bytes[place]
            let (length, bits): (Int, UInt32) =
                switch lead {
                case 0..<0x80: (1, UInt32(lead))
                case 0xC0..<0xE0: (2, UInt32(lead & 0x1F))
                case 0xE0..<0xF0: (3, UInt32(lead & 0x0F))
                default: (4, UInt32(lead & 0x07))
                }
            var code = bits
            for index in place + 1..<max(place + 1, min(place + length, end)) {
                code = code << 6 | UInt32(bytes[index] & 0x3F)
            }
            return (Unicode.Scalar(code) ?? "\u{FFFD}", min(place + length, end))
        }
    }
}
