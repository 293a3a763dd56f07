package import Telemetry

/// Moments as feeds, headers and sitemaps write them: RFC 822 with all that people make of it, RFC 3339, W3C dates, and
/// the dates of HTTP.
package enum FeedDate {
    package static func instant(_ text: String) -> Instant? {
        let text = text.utf8.drop { $0 <= 0x20 }
        guard let first = text.first, text.count <= 80 else { return nil }
        let isDigit = (0x30...0x39).contains(first)
        if isDigit, text.prefix(5).last == UInt8(ascii: "-") || text.count == 4 || isCompact(text) {
            return iso(Array(text))
        }
        return written(
            text.split { $0 <= 0x20 || $0 == UInt8(ascii: ",") }.map { String(decoding: $0, as: UTF8.self) })
    }

    private static func isCompact(_ text: Substring.UTF8View) -> Bool {
        text.prefix(8).count == 8 && text.prefix(8).allSatisfy { (0x30...0x39).contains($0) }
    }

    // MARK: 2026-01-15T10:20:30.5+01:00

    private static func iso(_ text: [UInt8]) -> Instant? {
        var place = 0
        func number(_ count: Int) -> Int? {
            guard place + count <= text.count else { return nil }
            var value = 0
            for byte in text[place..<place + count] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            place += count
            return value
        }
        func skip(_ signs: StaticString) -> Bool {
            guard place < text.count, signs.withUTF8Buffer({ unsafe $0.contains(text[place]) }) else {
                return false
            }
            place += 1
            return true
        }
        guard let year = number(4) else { return nil }
        _ = skip("-")
        let month = number(2) ?? 1
        _ = skip("-")
        let day = number(2) ?? 1
        var time = (0, 0, 0), offset = 0
        if skip("Tt "), let hour = number(2) {
            _ = skip(":")
            let minute = number(2) ?? 0
            let second =
                skip(":") || place < text.count && (0x30...0x39).contains(text[place]) ? number(2) ?? 0 : 0
            if skip(".,") { while number(1) != nil {} }
            time = (hour, minute, second)
            while skip(" ") {}
            offset = zone(String(decoding: text[place...], as: UTF8.self)) ?? 0
        }
        return instant(year, month, day, time, offset)
    }

    // MARK: Tue, 10 Jun 2003 04:00:00 GMT

    private static let months = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
        "nov": 11,
        "dec": 12,
    ]

    private static func written(_ words: [String]) -> Instant? {
        // "10-Jun-2003" and the weekday that some put in front, of which the comma is gone.
        var parts = words.flatMap { word in
            word.contains("-") && word.contains { $0.isLetter } && !word.contains(":")
                ? word.split(separator: "-").map(String.init) : [word]
        }
        let isName = { (word: String) in word.first.map { $0.isLetter } ?? false }
        if let first = parts.first, isName(first), months[String(first.prefix(3)).lowercased()] == nil {
            parts.removeFirst()
        }
        guard parts.count >= 3 else { return nil }
        // "Jun 10 2003", and "Jun 10 04:00:00 2003" of C.
        if isName(parts[0]) {
            parts.swapAt(0, 1)
            if parts.count > 3, parts[2].contains(":") { parts.swapAt(2, 3) }
        }
        guard let day = Int(parts[0].prefix { $0.isNumber }),
            let month = months[String(parts[1].prefix(3)).lowercased()],
            var year = Int(parts[2])
        else { return nil }
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        var time = (0, 0, 0), offset = 0
        if parts.count > 3 {
            let numbers = parts[3].split(separator: ":").map { Int($0.prefix { $0.isNumber }) ?? 0 }
            if parts[3].contains(":") {
                time = (numbers[0], numbers.count > 1 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0)
            }
        }
        if parts.count > 4 { offset = zone(parts[4...].joined(separator: " ")) ?? 0 }
        return instant(year, month, day, time, offset)
    }

    private static let zones = [
        "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
        "mdt": -360,
        "pst": -480, "pdt": -420, "cet": 60, "cest": 120, "bst": 60, "jst": 540,
    ]

    /// Minutes east of Greenwich.
    private static func zone(_ text: String) -> Int? {
        let word = text.prefix { $0 != " " && $0 != "(" }
        if let known = zones[word.lowercased()] { return known }
        let digits = word.drop { $0 == "+" || $0 == "-" }.filter { $0 != ":" }
        guard word.first == "+" || word.first == "-", digits.count == 4, let value = Int(digits) else {
            return nil
        }
        return (value / 100 * 60 + value % 100) * (word.first == "-" ? -1 : 1)
    }

    private static func instant(
        _ year: Int, _ month: Int, _ day: Int, _ time: (Int, Int, Int), _ offset: Int
    ) -> Instant? {
        guard (1900...2200).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...24).contains(time.0),
            (0...59).contains(time.1), (0...61).contains(time.2)
        else { return nil }
        // Days since 1970 (H. Hinnant, chrono-compatible low-level date algorithms).
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400, ofEra = shifted - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
        let seconds = days * 86_400 + time.0 * 3600 + time.1 * 60 + time.2 - offset * 60
        return Instant(seconds: Int64(seconds))
    }
}
