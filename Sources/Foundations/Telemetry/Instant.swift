#if canImport(Glibc)
internal import Glibc
#endif

/// A moment: microseconds since 1970-01-01T00:00:00Z. Written as RFC 3339 in UTC with milliseconds.
package struct Instant: Hashable, Comparable, Sendable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package init(seconds: Int64) { self.microseconds = seconds.multipliedSaturated(by: 1_000_000) }
    package init(milliseconds: Int64) { self.microseconds = milliseconds.multipliedSaturated(by: 1000) }

    /// Seconds since 1970, rounded down.
    package var seconds: Int64 { microseconds.dividedDown(by: 1_000_000) }

    /// Returns the end of a time that begins here. One of a day or more ends with the full hour that it is in: what is
    /// looked at each day at the same hour is then not missed by a moment, and left for another day.
    package func end(of time: Duration) -> Instant {
        let end = self + time
        guard time >= .seconds(86_400) else { return end }
        return Instant(seconds: end.seconds.dividedDown(by: 3600) * 3600)
    }

    package static func < (a: Instant, b: Instant) -> Bool { a.microseconds < b.microseconds }

    package static func + (a: Instant, b: Duration) -> Instant {
        Instant(microseconds: a.microseconds.addingSaturated(b.microseconds))
    }

    package static func - (a: Instant, b: Duration) -> Instant {
        Instant(microseconds: a.microseconds.subtractingSaturated(b.microseconds))
    }

    package static func - (a: Instant, b: Instant) -> Duration {
        .microseconds(a.microseconds.subtractingSaturated(b.microseconds))
    }

    /// Time since the machine's start, which never jumps: for measuring and for deadlines.
    package static func steadyClock() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// The machine's wall clock. Only a composition root and the foundations ask it: everything else
    /// takes time from the tenant's clock.
    package static func wallClock() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

extension Duration {
    /// Rounded towards zero; beyond 292,000 years the nearest number there is.
    package var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooMuch) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !isTooMuch else { return seconds < 0 ? .min : .max }
        return whole.addingSaturated(attoseconds / 1_000_000_000_000)
    }
}

// A duration or a moment may come from outside: too long or too late a one must not stop the process.
extension Int64 {
    fileprivate func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, isTooMuch) = addingReportingOverflow(other)
        return isTooMuch ? (other < 0 ? .min : .max) : sum
    }

    fileprivate func subtractingSaturated(_ other: Int64) -> Int64 {
        let (difference, isTooMuch) = subtractingReportingOverflow(other)
        return isTooMuch ? (other < 0 ? .max : .min) : difference
    }

    /// `factor` is positive.
    fileprivate func multipliedSaturated(by factor: Int64) -> Int64 {
        let (product, isTooMuch) = multipliedReportingOverflow(by: factor)
        return isTooMuch ? (self < 0 ? .min : .max) : product
    }

    /// The quotient rounded towards minus infinity; `divisor` is positive.
    package func dividedDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// A day of the proleptic Gregorian calendar.
package struct CivilDate: Hashable, Comparable, Sendable {
    package var year: Int, month: Int, day: Int

    package init(year: Int, month: Int, day: Int) { (self.year, self.month, self.day) = (year, month, day) }

    /// Makes the date from days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms").
    package init(daysSinceEpoch days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var daysSinceEpoch: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var weekday: Int { ((daysSinceEpoch + 3) % 7 + 7) % 7 + 1 }

    package static func < (a: CivilDate, b: CivilDate) -> Bool { a.daysSinceEpoch < b.daysSinceEpoch }

    package static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Instant: CustomStringConvertible {
    /// `2026-11-20T06:15:29.123Z`
    package var description: String { String(decoding: rfc3339, as: UTF8.self) }

    /// The instants that four digits of a year can say: the years 0001–9999, in microseconds since 1970.
    private static let writable = Int64(-62_135_596_800_000_000)..<253_402_300_800_000_000

    /// The 24 bytes of the RFC 3339 form; outside the years 0001–9999 that of the nearest instant inside.
    package var rfc3339: [UInt8] {
        let nearest = min(max(microseconds, Self.writable.lowerBound), Self.writable.upperBound - 1)
        let milliseconds = nearest.dividedDown(by: 1000)
        let days = milliseconds.dividedDown(by: 86_400_000)
        let date = CivilDate(daysSinceEpoch: Int(days))
        let ofDay = Int(milliseconds - days * 86_400_000)
        var text = [UInt8](repeating: UInt8(ascii: "-"), count: 24)
        func put(_ value: Int, _ digits: Int, at place: Int) {
            var rest = value
            for index in stride(from: place + digits - 1, through: place, by: -1) {
                text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
        put(date.year, 4, at: 0)
        put(date.month, 2, at: 5)
        put(date.day, 2, at: 8)
        text[10] = UInt8(ascii: "T")
        put(ofDay / 3_600_000, 2, at: 11)
        text[13] = UInt8(ascii: ":")
        put(ofDay / 60_000 % 60, 2, at: 14)
        text[16] = UInt8(ascii: ":")
        put(ofDay / 1000 % 60, 2, at: 17)
        text[19] = UInt8(ascii: ".")
        put(ofDay % 1000, 3, at: 20)
        text[23] = UInt8(ascii: "Z")
        return text
    }

    /// Reads RFC 3339 with any offset and up to nine digits of a fraction; years 0001–9999 in UTC.
    package init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(Array(String(text).utf8))
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2),
            scanner.take("-"),
            let day = scanner.number(2), scanner.take("T") || scanner.take("t"), let hour = scanner.number(2),
            scanner.take(":"), let minute = scanner.number(2), scanner.take(":"),
            let second = scanner.number(2),
            year >= 1, (1...12).contains(month), (1...CivilDate.daysInMonth(month, year: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction = 0
        if scanner.take(".") {
            guard let value = scanner.fraction() else { return nil }
            fraction = value
        }
        var offset = 0
        if !(scanner.take("Z") || scanner.take("z")) {
            let sign = scanner.take("-") ? -1 : scanner.take("+") ? 1 : 0
            guard sign != 0, let hours = scanner.number(2), scanner.take(":"),
                let minutes = scanner.number(2),
                hours < 24, minutes < 60
            else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard scanner.isAtEnd else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let whole = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
        self.init(microseconds: whole * 1_000_000 + Int64(fraction))
        // The offset may lead out of the years that can be written.
        guard Self.writable.contains(microseconds) else { return nil }
    }
}

private struct DigitScanner {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func number(_ digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + digits] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        position += digits
        return value
    }

    /// Microseconds of a decimal fraction.
    mutating func fraction() -> Int? {
        var value = 0, digits = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            if digits < 6 { value = value * 10 + Int(bytes[position] - 0x30) }
            digits += 1
            position += 1
        }
        guard (1...9).contains(digits) else { return nil }
        for _ in min(digits, 6)..<6 { value *= 10 }
        return value
    }
}
