/// Durations as the API writes them: ISO 8601 with days, hours, minutes and seconds. Months and years, whose
/// length varies, are not read.
extension Duration {
    /// Reads `PT15M`, `P30D`, `PT0.5S`; `nil` for anything else, and above 10,000 days.
    package init?(iso8601 text: some StringProtocol) {
        guard let (date, time) = Self.halves(of: text) else { return nil }
        var seconds = 0.0, parts = 0
        for (half, units) in [
            (date, [("W", 604_800.0), ("D", 86_400)]), (time, [("H", 3600), ("M", 60), ("S", 1)]),
        ] {
            var rest = half
            for (unit, length) in units {
                guard let end = rest.firstIndex(of: Character(unit)) else { continue }
                guard let number = Self.number(rest[..<end], hasFraction: unit == "S") else { return nil }
                (seconds, parts) = (seconds + number * length, parts + 1)
                rest = rest[rest.index(after: end)...]
            }
            guard rest.isEmpty else { return nil }
        }
        guard parts > 0, seconds <= 864_000_000 else { return nil }
        self = .microseconds(Int64((seconds * 1_000_000).rounded()))
    }

    /// Returns the parts before and after the `T`.
    private static func halves(of text: some StringProtocol) -> (date: Substring, time: Substring)? {
        guard text.first == "P" else { return nil }
        let parts = String(text.dropFirst()).split(separator: "T", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return (parts[0], "")
        case 2 where !parts[1].isEmpty: return (parts[0], parts[1])
        default: return nil
        }
    }

    private static func number(_ text: Substring, hasFraction: Bool) -> Double? {
        guard (1...12).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "."),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || hasFraction && $0 == UInt8(ascii: ".") })
        else { return nil }
        return Double(text)
    }

    /// `PT15M`; days are written as hours, since a day of the calendar is not always one of 24.
    package var iso8601: String {
        let microseconds = max(0, components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000)
        let (whole, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000)
        var text = "PT"
        if whole >= 3600 { text += "\(whole / 3600)H" }
        if whole / 60 % 60 > 0 { text += "\(whole / 60 % 60)M" }
        if fraction > 0 {
            var digits = String(1_000_000 + fraction).dropFirst()
            while digits.last == "0" { digits.removeLast() }
            text += "\(whole % 60).\(digits)S"
        } else if whole % 60 > 0 || text == "PT" {
            text += "\(whole % 60)S"
        }
        return text
    }
}
