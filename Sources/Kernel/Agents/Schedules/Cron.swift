internal import Caching
internal import Telemetry

/// The reason why a text is no cron expression, in words for the person who wrote it.
package struct CronError: Error, Equatable, Sendable, CustomStringConvertible {
    package let reason: String
    package var description: String { reason }
}

/// A schedule in the cron notation: minute, hour, day of month, month, day of week, with an optional
/// field of seconds before them. A day matches when either day field does, unless one of them begins
/// with `*`; then both must (the rule of Vixie's cron).
///
/// Daylight saving: a fixed time inside the missing hour fires at the first instant after it, a fixed
/// time in the repeated hour on its first pass only. With a wildcard or step in the hours or minutes
/// the expression follows elapsed time: nothing fires in a missing hour, both passes of a repeated one
/// do.
package struct Cron: Hashable, Sendable {
    /// The text as it was given.
    package let text: String
    let seconds: Mask, minutes: Mask, hours: Mask, daysOfMonth: Mask, months: Mask, daysOfWeek: Mask
    /// Whether a day must match both day fields.
    let needsBothDays: Bool
    let followsElapsedTime: Bool

    /// The years ahead in which a next fire is looked for; two leap days are at most eight years apart.
    static let horizon_years = 9

    /// Reads an expression, a macro such as `@weekly`, or one of the words `daily` (at `dailyHour`),
    /// `hourly` and `every_2_hours` (the odd hours).
    package init(_ text: String, dailyHour: Int = 9) throws(CronError) {
        precondition((0...23).contains(dailyHour))
        let expression = try Self.expand(text, dailyHour: dailyHour)
        var fields = expression.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard fields.count == 5 || fields.count == 6 else {
            throw CronError(
                reason: "a cron expression has 5 fields, or 6 with seconds first; this has \(fields.count)")
        }
        if fields.count == 5 { fields.insert("0", at: 0) }
        self.text = text
        seconds = try CronField.second.parse(fields[0])
        minutes = try CronField.minute.parse(fields[1])
        hours = try CronField.hour.parse(fields[2])
        daysOfMonth = try CronField.dayOfMonth.parse(fields[3])
        months = try CronField.month.parse(fields[4])
        let weekdays = try CronField.dayOfWeek.parse(fields[5])
        // Both 0 and 7 are Sunday; days of the week are kept as ISO numbers, 1 to 7.
        daysOfWeek = weekdays.contains(0) ? weekdays.inserting(7) : weekdays
        needsBothDays = [fields[3], fields[5]].contains { $0.hasPrefix("*") || $0.hasPrefix("?") }
        followsElapsedTime = [fields[1], fields[2]].contains { $0.contains("*") || $0.contains("/") }
        guard hasPossibleDate else {
            throw CronError(reason: "no month that is named has that day, so the schedule would never fire")
        }
    }

    private struct Source: Hashable {
        let text: String
        let dailyHour: Int
    }

    private static let read = Cache<Source, Cron>(capacity: 1000)

    /// Returns the same as `init(_:dailyHour:)`, which takes a fifth of the time of a schedule that fires: the second
    /// time it is known.
    static func known(_ text: String, dailyHour: Int) throws(CronError) -> Cron {
        try read.value(of: Source(text: text, dailyHour: dailyHour)) { () throws(CronError) in
            try Cron(text, dailyHour: dailyHour)
        }
    }

    private static func expand(_ text: String, dailyHour: Int) throws(CronError) -> String {
        let word = text.lowercased().filter { !$0.isNewline }
        switch word.split(separator: " ").joined(separator: " ") {
        case "daily": return "0 \(dailyHour) * * *"
        case "hourly", "@hourly": return "0 * * * *"
        case "every_2_hours": return "0 1-23/2 * * *"
        case "@daily", "@midnight": return "0 0 * * *"
        case "@weekly": return "0 0 * * 0"
        case "@monthly": return "0 0 1 * *"
        case "@yearly", "@annually": return "0 0 1 1 *"
        case "": throw CronError(reason: "the expression is empty")
        case let other where other.hasPrefix("@"):
            throw CronError(
                reason: "'\(other)' is not a known schedule; use five cron fields, daily or hourly")
        case let other where !other.contains(" "):
            throw CronError(
                reason: "'\(other)' is not a known schedule; use five cron fields, daily or hourly")
        default: return word
        }
    }

    private var hasPossibleDate: Bool {
        if !needsBothDays { return true }
        return (1...12).contains { month in
            months.contains(month)
                && (1...CivilDate.daysInMonth(month, year: 2000)).contains { daysOfMonth.contains($0) }
        }
    }

    func matches(_ date: CivilDate) -> Bool {
        guard months.contains(date.month) else { return false }
        let (inMonth, inWeek) = (daysOfMonth.contains(date.day), daysOfWeek.contains(date.weekday))
        return needsBothDays ? inMonth && inWeek : inMonth || inWeek
    }

    /// The first civil second, counted since 1970 as if in UTC, at or after `start` that matches.
    func firstMatch(from start: Int) -> Int? {
        var day = start.dividedDown(by: 86_400)
        var second = start - day * 86_400
        let end = day + Self.horizon_years * 366
        while day <= end {
            let date = CivilDate(daysSinceEpoch: day)
            if !months.contains(date.month) {
                day += CivilDate.daysInMonth(date.month, year: date.year) - date.day + 1
                second = 0
                continue
            }
            if matches(date), let match = firstMatch(ofDay: second) { return day * 86_400 + match }
            day += 1
            second = 0
        }
        return nil
    }

    private func firstMatch(ofDay start: Int) -> Int? {
        var (hour, minute, second) = (start / 3600, start / 60 % 60, start % 60)
        while let nextHour = hours.first(from: hour) {
            if nextHour > hour { (hour, minute, second) = (nextHour, 0, 0) }
            while let nextMinute = minutes.first(from: minute) {
                if nextMinute > minute { (minute, second) = (nextMinute, 0) }
                if let nextSecond = seconds.first(from: second) {
                    return hour * 3600 + minute * 60 + nextSecond
                }
                (minute, second) = (minute + 1, 0)
            }
            (hour, minute, second) = (hour + 1, 0, 0)
        }
        return nil
    }
}

/// A set of numbers from 0 to 63.
struct Mask: Hashable, Sendable {
    var bits: UInt64 = 0

    func contains(_ value: Int) -> Bool { bits & (1 << UInt64(value)) != 0 }
    func inserting(_ value: Int) -> Mask { Mask(bits: bits | 1 << UInt64(value)) }

    /// The smallest member that is at least `value`.
    func first(from value: Int) -> Int? {
        guard value < 64 else { return nil }
        let rest = bits >> UInt64(value)
        return rest == 0 ? nil : value + rest.trailingZeroBitCount
    }
}

private struct CronField {
    let name: String, range: ClosedRange<Int>
    /// Names of the numbers from the range's first on.
    var names: [String] = []

    static let second = CronField(name: "second", range: 0...59)
    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let dayOfMonth = CronField(name: "day of the month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let dayOfWeek = CronField(
        name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    func parse(_ text: String) throws(CronError) -> Mask {
        var mask = Mask()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2, let head = parts.first, !head.isEmpty else {
                throw fault("'\(item)' is not understood")
            }
            var bounds = try self.bounds(head)
            var step = 1
            if parts.count == 2 {
                guard let value = number(parts[1]), value >= 1, value <= range.upperBound else {
                    throw fault("the step '\(parts[1])' is not from 1 to \(range.upperBound)")
                }
                step = value
                if bounds.count == 1, head != "*", !head.contains("-") {
                    bounds = bounds.lowerBound...range.upperBound
                }
            }
            for value in stride(from: bounds.lowerBound, through: bounds.upperBound, by: step) {
                mask = mask.inserting(value)
            }
        }
        return mask
    }

    private func bounds(_ text: Substring) throws(CronError) -> ClosedRange<Int> {
        if text == "*" || text == "?" { return names.count == 7 ? 0...6 : range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2 else { throw fault("'\(text)' is not understood") }
        let first = try value(ends[0])
        guard ends.count == 2 else { return first...first }
        let last = try value(ends[1])
        guard first <= last else { throw fault("the range '\(text)' runs backwards") }
        return first...last
    }

    private func value(_ text: Substring) throws(CronError) -> Int {
        if let index = names.firstIndex(of: String(text)) { return range.lowerBound + index }
        guard let value = number(text) else { throw fault("'\(text)' is not understood") }
        guard range.contains(value) else {
            throw fault("\(value) is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 4, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private func fault(_ reason: String) -> CronError { CronError(reason: "\(name): \(reason)") }
}

extension Int {
    /// The quotient rounded towards minus infinity; `divisor` is positive.
    func dividedDown(by divisor: Int) -> Int { Int(Int64(self).dividedDown(by: Int64(divisor))) }
}
