internal import Glibc

/// A color as the library takes it: each part from 0 to 1.
struct Color: Hashable, Sendable {
    var red: Double, green: Double, blue: Double

    init(_ red: Double, _ green: Double, _ blue: Double) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// `#RRGGBB` or `#RGB`.
    init?(hex: String) {
        var digits = Array(hex.utf8)
        if digits.first == UInt8(ascii: "#") { digits.removeFirst() }
        if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
        guard digits.count == 6, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        self.init(Double(value >> 16) / 255, Double(value >> 8 & 255) / 255, Double(value & 255) / 255)
    }

    static let white = Color(1, 1, 1)

    /// This color with so much of it, and the rest of the other.
    func mixed(_ share: Double, with other: Color) -> Color {
        func mix(_ a: Double, _ b: Double) -> Double { a * share + b * (1 - share) }
        return Color(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
    }

    /// WCAG 2.2, relative luminance.
    private var luminance: Double {
        func linear(_ part: Double) -> Double {
            part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Returns how well it stands out, from 1 to 21; text wants 4.5.
    func contrast(with other: Color) -> Double {
        let (a, b) = (luminance + 0.05, other.luminance + 0.05)
        return max(a, b) / min(a, b)
    }
}

/// The few colors of a document.
struct Palette: Sendable {
    let ink = Color(0.09, 0.11, 0.15)
    let grey = Color(0.40, 0.43, 0.48)
    let hairline = Color(0.86, 0.87, 0.89)
    let wash = Color(0.965, 0.969, 0.975)
    /// As the agency has it, for areas.
    let brand: Color
    let accent: Color
    /// Of the brand, dark enough for text on white.
    let brandInk: Color
    /// For text on an area in the brand's color.
    let onBrand: Color

    init(_ brand: Brand) throws(DocumentError) {
        guard let main = Color(hex: brand.color) else { throw .color(brand.color) }
        var accent = main
        if let named = brand.accent {
            guard let color = Color(hex: named) else { throw .color(named) }
            accent = color
        }
        (self.brand, self.accent) = (main, accent)
        var dark = main
        while dark.contrast(with: .white) < 4.5 { dark = dark.mixed(0.92, with: Color(0, 0, 0)) }
        brandInk = dark
        onBrand = main.contrast(with: .white) >= 3 ? .white : ink
    }
}
