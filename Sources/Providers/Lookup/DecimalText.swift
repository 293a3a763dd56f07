/// Numbers that services write as texts.
enum DecimalText {
    /// Reads a decimal number with a point, such as `12.5` or `1e3`; `nil` for anything else, and for what is endless
    /// or no number.
    static func number(_ text: String) -> Double? {
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
            text.utf8.allSatisfy({
                (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
            }), let number = Double(text), number.isFinite
        else { return nil }
        return number
    }
}
