internal import Foundation

/// A colour of an agency's, and whether one can read in it (WCAG 2.2).
struct ReadableColor {
    private let parts: [Double]

    /// `#1f4e79`; black where it is none.
    init(_ hex: String) {
        let number = UInt32(hex.dropFirst(), radix: 16) ?? 0
        parts = [16, 8, 0].map { Double((number >> $0) & 255) / 255 }
    }

    private init(_ parts: [Double]) { self.parts = parts }

    var text: String {
        "rgb(\(parts.map { String(Int(($0 * 255).rounded())) }.joined(separator: " ")))"
    }

    /// Black or white, whichever is read better on it.
    var opposite: String {
        contrast(with: ReadableColor("#ffffff")) >= contrast(with: ReadableColor("#000000")) ? "#fff" : "#000"
    }

    /// Moved towards black or white until text in it can be read on a ground.
    func readable(on ground: ReadableColor) -> ReadableColor {
        let end: Double = ground.luminance > 0.5 ? 0 : 1
        for step in 0...20 {
            let moved = ReadableColor(parts.map { $0 + (end - $0) * Double(step) / 20 })
            if moved.contrast(with: ground) >= 4.6 { return moved }
        }
        return ReadableColor([end, end, end])
    }

    func contrast(with other: ReadableColor) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private var luminance: Double {
        let linear = parts.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
}
