internal import Cryptography

/// Takes what lets us in somewhere out of what comes from there, however it is repeated: as it is, in Base64, or
/// escaped as in JSON, in addresses and in forms, or in one of these within another.
struct SecretRedaction: Sendable {
    private let secrets: [[UInt8]]

    /// The length in bytes below which a secret stands in answers by chance.
    private static let shortest = 8
    private static let depth = 2
    private static let mark = Array("…".utf8)

    init(_ secrets: [String]) {
        let forms = secrets.flatMap { secret -> [String] in
            let bytes = Array(secret.utf8)
            // With its padding or without.
            return [secret, String(Base64.encode(bytes).prefix { $0 != "=" }), Base64.encodeURL(bytes)]
        }
        self.secrets = Set(forms).map { Array($0.utf8) }.filter { $0.count >= Self.shortest }
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

    /// Where a secret stands in the text as it came.
    func places(of secret: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = [], index = 0
        while let start = bytes[index...].firstIndex(of: secret[0]), start + secret.count <= bytes.count {
            index = start + 1
            if bytes[start..<start + secret.count].elementsEqual(secret) {
                found.append(starts[start]..<starts[start + secret.count])
            }
        }
        return found
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
        case UInt8(ascii: "u"):
            guard let first = number(rest.dropFirst(), digits: 4) else { return nil }
            var units = [first]
            // What lies beyond the first 65536 is written as two.
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
