internal import Cryptography

/// Takes what lets us in somewhere out of what comes from there, however it is repeated: as it is, in Base64, alone or
/// behind a name (`Basic name:key`), or escaped as in JSON, in addresses and in forms, or in one of these within
/// another. A text that was cut off may end within it.
struct SecretRedaction: Sendable {
    private let secrets: [Secret]

    /// The length in bytes below which a secret stands in answers by chance: a shorter one is taken out as a word of
    /// its own, in Base64, or not at all.
    fileprivate static let shortest = 8
    private static let shortestWord = 4, shortestEncoded = 6
    private static let depth = 2
    private static let mark = Array("…".utf8)

    init(_ secrets: [String]) {
        var found: Set<Secret> = []
        for secret in secrets {
            let bytes = Array(secret.utf8)
            if bytes.count >= Self.shortest {
                found.insert(Secret(bytes: bytes, isWord: false))
            } else if bytes.count >= Self.shortestWord, Int(secret) == nil {
                // A short number stands for amounts and years as well.
                found.insert(Secret(bytes: bytes, isWord: true))
            }
            for text in Self.encoded(bytes) where text.count >= Self.shortestEncoded {
                found.insert(Secret(bytes: text, isWord: false))
            }
        }
        self.secrets = Array(found)
    }

    /// Returns a secret in Base64: whole, and behind none, one or two other bytes, which move all that follows, without
    /// the characters that a neighbour has a part in.
    private static func encoded(_ secret: [UInt8]) -> [[UInt8]] {
        let whole = [String(Base64.encode(secret).prefix { $0 != "=" }), Base64.encodeURL(secret)]
        let parts = (0..<3).flatMap { before -> [String] in
            let bytes = [UInt8](repeating: 0, count: before) + secret
            return [Base64.encode(bytes), Base64.encodeURL(bytes)].map { text in
                String(text.prefix(bytes.count * 8 / 6).dropFirst((before * 8 + 5) / 6))
            }
        }
        return (whole + parts).map { Array($0.utf8) }
    }

    func redacted(_ text: String) -> String {
        String(decoding: redacted(Array(text.utf8)), as: UTF8.self)
    }

    func redacted(_ text: [UInt8]) -> [UInt8] {
        guard !secrets.isEmpty else { return text }
        var readings = [Reading(text)], last = readings
        for _ in 0..<Self.depth {
            last = last.flatMap { reading in Escaping.allCases.compactMap { reading.unescaped($0) } }
            readings += last
        }
        let places = readings.flatMap { reading in secrets.flatMap { reading.places(of: $0) } }
        var result: [UInt8] = [], end = 0
        for place in places.sorted(by: { $0.lowerBound < $1.lowerBound }) where place.upperBound > end {
            if place.lowerBound >= end {
                result += text[end..<place.lowerBound]
                result += Self.mark
            }
            end = place.upperBound
        }
        return result + text[end...]
    }
}

private struct Secret: Hashable {
    let bytes: [UInt8]
    /// Whether it is one only where no letter or digit is beside it.
    let isWord: Bool
}

/// A text as it came, or as it reads without its escapes.
private struct Reading {
    private let bytes: [UInt8]
    /// Where each of the bytes begins in the text as it came; at last, where that ends.
    private let starts: [Int]

    init(_ text: [UInt8]) { (bytes, starts) = (text, Array(0...text.count)) }

    private init(_ bytes: [UInt8], _ starts: [Int]) { (self.bytes, self.starts) = (bytes, starts) }

    /// `nil` where nothing is escaped like that.
    func unescaped(_ escaping: Escaping) -> Reading? {
        guard bytes.contains(escaping.sign) else { return nil }
        var plain: [UInt8] = [], places: [Int] = [], index = 0
        while index < bytes.count {
            let start = starts[index]
            if let (unit, length) = escaping.unit(bytes[index...]) {
                plain += unit
                places += Array(repeating: start, count: unit.count)
                index += length
            } else {
                plain.append(bytes[index])
                places.append(start)
                index += 1
            }
        }
        places.append(starts[bytes.count])
        return Reading(plain, places)
    }

    /// Where a secret stands in the text as it came, or the beginning of one at its end.
    func places(of secret: Secret) -> [Range<Int>] {
        let wanted = secret.bytes, enough = min(wanted.count, SecretRedaction.shortest)
        var found: [Range<Int>] = [], index = 0
        while let start = bytes[index...].firstIndex(of: wanted[0]), start + enough <= bytes.count {
            index = start + 1
            let end = min(start + wanted.count, bytes.count)
            guard bytes[start..<end].elementsEqual(wanted[..<(end - start)]),
                !secret.isWord || !isLetter(at: start - 1) && !isLetter(at: end)
            else { continue }
            found.append(starts[start]..<starts[end])
        }
        return found
    }

    /// Returns whether there is a Latin letter without accents, or a digit.
    private func isLetter(at index: Int) -> Bool {
        guard bytes.indices.contains(index) else { return false }
        return switch bytes[index] {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}

private enum Escaping: CaseIterable {
    case json, address, form

    /// Without it nothing is escaped.
    var sign: UInt8 {
        switch self {
        case .json: UInt8(ascii: "\\")
        case .address: UInt8(ascii: "%")
        case .form: UInt8(ascii: "+")
        }
    }

    /// Returns what the escape at the beginning stands for, and its length; `nil` where there is none.
    func unit(_ text: ArraySlice<UInt8>) -> ([UInt8], Int)? {
        guard let first = text.first else { return nil }
        switch (self, first) {
        case (.json, UInt8(ascii: "\\")): return Self.jsonUnit(text.dropFirst())
        case (.form, UInt8(ascii: "+")): return ([0x20], 1)
        case (.address, UInt8(ascii: "%")), (.form, UInt8(ascii: "%")):
            guard let byte = Self.number(text.dropFirst(), digits: 2) else { return nil }
            return ([UInt8(byte)], 3)
        default: return nil
        }
    }

    /// `rest` is what follows the backslash.
    private static func jsonUnit(_ rest: ArraySlice<UInt8>) -> ([UInt8], Int)? {
        guard let letter = rest.first else { return nil }
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return ([letter], 2)
        case UInt8(ascii: "t"): return ([0x09], 2)
        case UInt8(ascii: "n"): return ([0x0A], 2)
        case UInt8(ascii: "r"): return ([0x0D], 2)
        case UInt8(ascii: "u"):
            guard let first = number(rest.dropFirst(), digits: 4) else { return nil }
            var units = [first]
            // A code point beyond the first 65536 is written as two units.
            let next = rest.dropFirst(5)
            if UTF16.isLeadSurrogate(first), next.starts(with: Array("\\u".utf8)),
                let second = number(next.dropFirst(2), digits: 4)
            {
                units.append(second)
            }
            return (Array(String(decoding: units, as: UTF16.self).utf8), 6 * units.count)
        default: return nil
        }
    }

    private static func number(_ text: ArraySlice<UInt8>, digits: Int) -> UInt16? {
        guard text.count >= digits else { return nil }
        let bytes = Hex.decode(String(decoding: text.prefix(digits), as: UTF8.self))
        return bytes?.reduce(UInt16(0)) { $0 * 256 + UInt16($1) }
    }
}
