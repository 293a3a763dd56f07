/// A text as X measures it: `twitter-text` version 3, by whose rules its own program counts.
struct WeightedText {
    private static let linkLength = 23
    /// The text with its letters and marks in one, as X keeps it.
    private let scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = text.flatMap(Self.scalars) }

    var length: Int {
        var sum = 0, place = 0
        for link in WeightedLinks.all(in: scalars) {
            sum += Self.weight(of: scalars[place..<link.lowerBound]) + Self.linkLength
            place = link.upperBound
        }
        return sum + Self.weight(of: scalars[place...])
    }

    /// A character in as few scalars as there can be. A line ends once, however it is written.
    private static func scalars(of character: Character) -> [Unicode.Scalar] {
        if character == "\r\n" { return ["\n"] }
        guard !character.isASCII else { return Array(character.unicodeScalars) }
        if let one = composed[character] { return [one] }
        let scalars = Array(character.unicodeScalars)
        guard scalars.count > 1, (0x1100...0x1112).contains(scalars[0].value),
            (0x1161...0x1175).contains(scalars[1].value)
        else { return scalars }
        // A syllable of Korean is one, whatever its weight: any will do.
        let hasEnd = scalars.count > 2 && (0x11A8...0x11C2).contains(scalars[2].value)
        return ["\u{AC00}"] + scalars.dropFirst(hasEnd ? 3 : 2)
    }

    /// The letters that are one with their marks, however they are written: equal characters are canonically so.
    private static let composed: [Character: Unicode.Scalar] = {
        var found: [Character: Unicode.Scalar] = [:]
        for value in [0xC0...0x4FF, 0x1E00...0x1FFF, 0x3040...0x30FF].joined() {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            let letter = Character(scalar)
            if found[letter] == nil { found[letter] = scalar }
        }
        return found
    }()

    private static func weight(of scalars: ArraySlice<Unicode.Scalar>) -> Int {
        String(String.UnicodeScalarView(scalars)).reduce(0) { sum, character in
            sum + (character.isEmoji ? 2 : character.unicodeScalars.reduce(0) { $0 + weight(of: $1) })
        }
    }

    private static func weight(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0...4351, 8192...8205, 8208...8223, 8242...8247: 1
        default: 2
        }
    }
}

extension Character {
    /// Whether it is shown as a picture: a letter of an emoji font, alone or composed.
    fileprivate var isEmoji: Bool {
        let scalars = unicodeScalars
        guard let first = scalars.first, first.properties.isEmoji else { return false }
        if !first.isASCII { return true }
        return scalars.dropFirst().contains { $0.value == 0x20E3 }
    }
}
