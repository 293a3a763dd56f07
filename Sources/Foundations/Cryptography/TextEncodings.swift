/// Base 64 (RFC 4648 §4 and §5). Reading is strict: no other characters, no line ends, padding
/// exactly as the form has it, and no bits left over, so that a value has one text only.
package enum Base64 {
    /// Returns the text with `+`, `/` and padding.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: encoded(Array(bytes), standard, isPadded: true), as: UTF8.self)
    }

    /// Returns the text with `-`, `_` and no padding.
    package static func encodeURL(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: encodedURL(Array(bytes)), as: UTF8.self)
    }

    /// The bytes of a text with `+`, `/` and padding; `nil` for anything else.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        decode(utf8(text)[...], standardValues, isPadded: true)
    }

    /// The bytes of a text with `-`, `_` and no padding; `nil` for anything else.
    package static func decodeURL(_ text: some StringProtocol) -> [UInt8]? {
        decode(utf8(text)[...], urlValues, isPadded: false)
    }

    static func decodeURL(_ text: ArraySlice<UInt8>) -> [UInt8]? { decode(text, urlValues, isPadded: false) }

    static func encodedURL(_ bytes: [UInt8]) -> [UInt8] { encoded(bytes, url, isPadded: false) }

    /// The form of PHC strings: the standard alphabet without padding.
    static func encodeUnpadded(_ bytes: [UInt8]) -> String {
        String(decoding: encoded(bytes, standard, isPadded: false), as: UTF8.self)
    }

    static func decodeUnpadded(_ text: some StringProtocol) -> [UInt8]? {
        decode(utf8(text)[...], standardValues, isPadded: false)
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standard = Array((letters + "+/").utf8), url = Array((letters + "-_").utf8)
    private static let standardValues = values(of: standard), urlValues = values(of: url)

    private static func encoded(_ bytes: [UInt8], _ alphabet: [UInt8], isPadded: Bool) -> [UInt8] {
        var text = digits(of: bytes, alphabet, width: 6)
        while isPadded, text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return text
    }

    private static func decode(_ text: ArraySlice<UInt8>, _ values: [UInt8], isPadded: Bool) -> [UInt8]? {
        var body = text
        if isPadded {
            guard text.count % 4 == 0 else { return nil }
            for _ in 0..<2 where body.last == UInt8(ascii: "=") { body = body.dropLast() }
        }
        guard body.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for character in body {
            let value = values[Int(character)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        guard bits & (1 << UInt32(held) - 1) == 0 else { return nil }
        return bytes
    }
}

/// Base 16.
package enum Hex {
    private static let alphabet = Array("0123456789abcdef".utf8)

    /// Lower case.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in Array(bytes) {
            text.append(alphabet[Int(byte >> 4)])
            text.append(alphabet[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text of digit pairs in either case; `nil` for anything else.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let digits = utf8(text)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// The bits, first to last, `width` to a digit; the last one is filled up with zeros.
private func digits(of bytes: some Collection<UInt8>, _ alphabet: [UInt8], width: UInt32) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 8 / Int(width) + 4)
    var bits: UInt32 = 0
    var held: UInt32 = 0
    let mask = 1 << width - 1
    for byte in bytes {
        bits = bits << 8 | UInt32(byte)
        held += 8
        while held >= width {
            held -= width
            text.append(alphabet[Int(bits >> held) & mask])
        }
    }
    if held > 0 { text.append(alphabet[Int(bits << (width - held)) & mask]) }
    return text
}

private func utf8(_ text: some StringProtocol) -> [UInt8] { Array(String(text).utf8) }

/// For each byte its place in the alphabet, or 255.
private func values(of alphabet: [UInt8]) -> [UInt8] {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
}
