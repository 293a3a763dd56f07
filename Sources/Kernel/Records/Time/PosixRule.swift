internal import Telemetry

/// The rule of a `TZ` string such as `CET-1CEST,M3.5.0,M10.5.0/3`: the offset of standard time and,
/// where the clocks change, the other one with its two days of change in every year.
/// Source: POSIX 8.3, with the hours beyond a day that RFC 8536 section 3.3.1 allows.
struct PosixRule: Sendable {
    private let standard: Int
    private let daylight: Daylight?

    private struct Daylight: Sendable {
        let offset: Int
        let start: Day, end: Day
    }

    /// A day of every year, and the seconds of its local time; they may reach into other days.
    private struct Day: Sendable {
        enum Form: Sendable {
            /// 1–365; February 29th is never counted.
            case julian(Int)
            /// 0–365; February 29th is counted.
            case zeroBased(Int)
            /// Week 5 is the last one; weekday 0 is Sunday.
            case monthly(month: Int, week: Int, weekday: Int)
        }
        let form: Form
        let seconds: Int

        /// Seconds since 1970 on the wall's clock.
        func wallTime(in year: Int) -> Int64 { Int64(day(in: year)) * 86_400 + Int64(seconds) }

        private func day(in year: Int) -> Int {
            let newYear = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            switch form {
            case .zeroBased(let day): return newYear + day
            case .julian(let day):
                let leaps = CivilDate.daysInMonth(2, year: year) == 29 && day >= 60
                return newYear + day - (leaps ? 0 : 1)
            case .monthly(let month, let week, let weekday):
                let first = CivilDate(year: year, month: month, day: 1)
                var day = 1 + (weekday - first.weekday % 7 + 7) % 7 + (week - 1) * 7
                if day > CivilDate.daysInMonth(month, year: year) { day -= 7 }
                return first.daysSinceEpoch + day - 1
            }
        }
    }

    func offset(at time: Int64) -> Int {
        guard let daylight else { return standard }
        var latest: (time: Int64, offset: Int) = (.min, standard)
        for change in changes(around: time, daylight) where change.time <= time && change.time >= latest.time
        {
            latest = change
        }
        return latest.offset
    }

    /// `nil` where the clocks never change.
    func nextTransition(after time: Int64) -> Int64? {
        guard let daylight else { return nil }
        // Changes that meet (daylight time all year) cancel each other.
        return changes(around: time, daylight).lazy
            .map(\.time).filter { $0 > time && offset(at: $0 - 1) != offset(at: $0) }.min()
    }

    private func changes(around time: Int64, _ daylight: Daylight) -> [(time: Int64, offset: Int)] {
        let year = CivilDate(daysSinceEpoch: Int(time.dividedDown(by: 86_400))).year
        return (year - 1...year + 1).flatMap { year in
            [
                (daylight.end.wallTime(in: year) - Int64(daylight.offset), standard),
                (daylight.start.wallTime(in: year) - Int64(standard), daylight.offset),
            ]
        }
    }

    /// `nil` when the text is no rule.
    init?(_ text: String) {
        var scanner = Scanner(text: Array(text.utf8))
        guard scanner.name(), let west = scanner.time() else { return nil }
        standard = -west
        if scanner.isAtEnd {
            daylight = nil
            return
        }
        guard scanner.name() else { return nil }
        var offset = standard + 3600
        if !scanner.isNext(",") {
            guard let west = scanner.time() else { return nil }
            offset = -west
        }
        guard scanner.take(","), let start = scanner.day(), scanner.take(","), let end = scanner.day(),
            scanner.isAtEnd
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    private struct Scanner {
        let text: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == text.count }

        func isNext(_ character: Unicode.Scalar) -> Bool {
            position < text.count && text[position] == UInt8(ascii: character)
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard isNext(character) else { return false }
            position += 1
            return true
        }

        /// Letters, or anything in angle brackets; the name itself is of no use here.
        mutating func name() -> Bool {
            if take("<") {
                guard let end = text[position...].firstIndex(of: UInt8(ascii: ">")) else { return false }
                position = end + 1
                return true
            }
            let start = position
            while position < text.count, (0x41...0x5A).contains(text[position] & 0xDF) { position += 1 }
            return position - start >= 3
        }

        mutating func number(upTo limit: Int) -> Int? {
            let start = position
            var value = 0
            while position < text.count, (0x30...0x39).contains(text[position]), value <= limit {
                value = value * 10 + Int(text[position] - 0x30)
                position += 1
            }
            return position > start && value <= limit ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time() -> Int? {
            let sign = take("-") ? -1 : 1
            if sign > 0 { _ = take("+") }
            guard let hours = number(upTo: 167) else { return nil }
            var seconds = hours * 3600
            for unit in [60, 1] where take(":") {
                guard let value = number(upTo: 59) else { return nil }
                seconds += value * unit
            }
            return sign * seconds
        }

        mutating func day() -> Day? {
            let form: Day.Form
            if take("M") {
                guard let month = number(upTo: 12), month >= 1, take("."), let week = number(upTo: 5),
                    week >= 1,
                    take("."), let weekday = number(upTo: 6)
                else { return nil }
                form = .monthly(month: month, week: week, weekday: weekday)
            } else if take("J") {
                guard let day = number(upTo: 365), day >= 1 else { return nil }
                form = .julian(day)
            } else {
                guard let day = number(upTo: 365) else { return nil }
                form = .zeroBased(day)
            }
            guard take("/") else { return Day(form: form, seconds: 7200) }
            return time().map { Day(form: form, seconds: $0) }
        }
    }
}
