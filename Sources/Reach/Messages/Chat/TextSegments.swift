/// The parts in which networks carry a text message, each of which is charged: in the alphabet of GSM (3GPP TS 23.038),
/// 160 characters alone and 153 in parts; in UCS-2, as soon as one character is not of that alphabet, 70 and 67.
package struct TextSegments: Hashable, Sendable {
    package enum Alphabet: String, Sendable {
        case gsm = "gsm_7"
        case ucs2 = "ucs_2"
    }

    package let alphabet: Alphabet
    /// The length in units of the alphabet: some characters of GSM's take two, and so do emoji in UCS-2.
    package let units: Int
    package let count: Int

    package init(of text: String) {
        if let sizes = Self.sizes(of: text) {
            alphabet = .gsm
            (units, count) = Self.fill(sizes, alone: 160, inParts: 153)
        } else {
            alphabet = .ucs2
            (units, count) = Self.fill(
                text.unicodeScalars.map { $0.value > 0xFFFF ? 2 : 1 }, alone: 70, inParts: 67)
        }
    }

    /// Fills part after part: what takes two units is not cut in two.
    private static func fill(_ sizes: [Int], alone: Int, inParts: Int) -> (units: Int, count: Int) {
        let units = sizes.reduce(0, +)
        guard units > alone else { return (units, 1) }
        var count = 1, used = 0
        for size in sizes {
            if used + size > inParts { (count, used) = (count + 1, 0) }
            used += size
        }
        return (units, count)
    }

    /// The size of each character in GSM's alphabet; `nil` where one is not of it.
    private static func sizes(of text: String) -> [Int]? {
        var sizes: [Int] = []
        sizes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if plain.contains(scalar) {
                sizes.append(1)
            } else if extended.contains(scalar) {
                sizes.append(2)
            } else {
                return nil
            }
        }
        return sizes
    }

    private static let plain = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            + "abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    private static let extended = Set("^{}\\[~]|€\u{0C}".unicodeScalars)
}
