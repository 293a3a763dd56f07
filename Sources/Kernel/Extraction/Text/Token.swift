/// A word or a number of a text, by its place in the text's bytes.
struct Token {
    let hash: UInt64
    let start: Int32, end: Int32
    /// Begins with a capital.
    let isCapital: Bool
    /// More than one letter, and all of them capitals.
    let isShouted: Bool
    /// A number without fraction, with or without separators of thousands.
    let number: Int?

    var range: Range<Int> { Int(start)..<Int(end) }

    /// The words and numbers of a text. Apostrophes and hyphens join what they stand between.
    static func all(in bytes: [UInt8], joiningHyphens: Bool = true) -> [Token] {
        var tokens: [Token] = []
        tokens.reserveCapacity(bytes.count / 5 + 1)
        bytes.withUnsafeBufferPointer { plain in
            var index = 0
            while index < plain.count {
                let byte = plain[index]
                if isDigit(byte) {
                    tokens.append(number(bytes, &index))
                } else if (0x61...0x7A).contains(byte | 0x20), byte < 0x80 {
                    tokens.append(plainWord(plain, index) ?? word(bytes, index, joiningHyphens))
                    index = Int(tokens[tokens.count - 1].end)
                } else if byte >= 0x80, isLetter(bytes, index) {
                    tokens.append(word(bytes, index, joiningHyphens))
                    index = Int(tokens[tokens.count - 1].end)
                } else {
                    index += byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
                }
            }
        }
        return tokens
    }

    /// A word of ASCII's letters alone, as most are; `nil` where it goes on with something else.
    private static func plainWord(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Token? {
        var index = start, hash = WordHash.empty, capitals = 0
        while index < bytes.count {
            let byte = bytes[index], small = byte | 0x20
            guard small >= 0x61, small <= 0x7A, byte < 0x80 else {
                if byte >= 0x80 || byte == 0x27 || byte == 0x2D || isDigit(byte) { return nil }
                break
            }
            capitals += byte < 0x5B ? 1 : 0
            hash = (hash ^ UInt64(small)) &* WordHash.prime
            index += 1
        }
        return Token(
            hash: hash, start: Int32(start), end: Int32(index), isCapital: bytes[start] < 0x5B,
            isShouted: capitals > 1 && capitals == index - start, number: nil)
    }

    private static func word(_ bytes: [UInt8], _ start: Int, _ joiningHyphens: Bool) -> Token {
        var index = start
        var hasher = WordHash.Hasher(), capitals = 0, small = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                let isJoint = byte == 0x27 || byte == 0x2D && joiningHyphens
                if isJoint, index + 1 < bytes.count, isLetter(bytes, index + 1) {
                    if byte == 0x2D { hasher.add(byte) }
                    index += 1
                    continue
                }
                guard (0x61...0x7A).contains(byte | 0x20) || isDigit(byte) else { break }
                if byte < 0x5B, byte > 0x40 { capitals += 1 } else { small += 1 }
                hasher.add(byte)
                index += 1
            } else {
                // ’ joins, too.
                if byte == 0xE2, index + 3 < bytes.count, bytes[index + 1] == 0x80, bytes[index + 2] == 0x99,
                    isLetter(bytes, index + 3)
                {
                    index += 3
                    continue
                }
                guard isLetter(bytes, index) else { break }
                if isCapitalOfLatin(bytes, index) { capitals += 1 } else { small += 1 }
                let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                for place in index..<min(index + length, bytes.count) { hasher.add(bytes[place]) }
                index += length
            }
        }
        index = min(index, bytes.count)
        let isCapital = (0x41...0x5A).contains(bytes[start]) || isCapitalOfLatin(bytes, start)
        return Token(
            hash: hasher.value, start: Int32(start), end: Int32(index), isCapital: isCapital,
            isShouted: capitals > 1 && small == 0, number: nil)
    }

    static let numberHash: UInt64 = 1

    private static func number(_ bytes: [UInt8], _ index: inout Int) -> Token {
        let start = index
        var value = 0, count = 0
        while index < bytes.count {
            if isDigit(bytes[index]) {
                if count < 17 { value = value * 10 + Int(bytes[index] - 0x30) }
                count += 1
                index += 1
            } else if let length = separator(bytes, index), count > 0, count <= 9 || value > 0,
                index + length + 2 < bytes.count, (0..<3).allSatisfy({ isDigit(bytes[index + length + $0]) }),
                index + length + 3 >= bytes.count || !isDigit(bytes[index + length + 3]),
                index - start <= 3 || count % 3 != 1
            {
                index += length
            } else {
                break
            }
        }
        // "3rd", "2b": a word of its own kind.
        return Token(
            hash: numberHash, start: Int32(start), end: Int32(index), isCapital: false, isShouted: false,
            number: count < 17 ? value : nil)
    }

    /// A point, a comma, an apostrophe or a blank that may separate thousands.
    private static func separator(_ bytes: [UInt8], _ index: Int) -> Int? {
        switch bytes[index] {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "'"): 1
        case 0xE2
        where index + 2 < bytes.count && bytes[index + 1] == 0x80
            && [0x99, 0xAF, 0x89].contains(bytes[index + 2]):
            3
        default: nil
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Signs of General Punctuation and of Latin-1 are no letters.
    static func isLetter(_ bytes: [UInt8], _ index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 { return (0x61...0x7A).contains(byte | 0x20) }
        if byte == 0xC2 { return index + 1 < bytes.count && [0xAA, 0xB5, 0xBA].contains(bytes[index + 1]) }
        if byte == 0xC3 {
            return index + 1 < bytes.count && bytes[index + 1] != 0x97 && bytes[index + 1] != 0xB7
        }
        if byte == 0xE2 || byte == 0xF0 { return false }
        if byte == 0xE3 { return index + 1 < bytes.count && bytes[index + 1] > 0x80 }
        return byte >= 0xC4 && byte != 0xEF
    }

    private static func isCapitalOfLatin(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index + 1 < bytes.count else { return false }
        switch bytes[index] {
        case 0xC3: return bytes[index + 1] < 0x9F
        case 0xC4, 0xC5: return bytes[index + 1] & 1 == 0
        case 0xD0: return bytes[index + 1] < 0xB0
        default: return false
        }
    }
}
