internal import Lexicons
package import Records
package import Telemetry

/// Days and moments as people and other programs write them.
package struct WrittenTime: Sendable {
    /// Where times without a zone are.
    let zone: TimeZoneRules
    /// Whether `03/04/2026` is in March.
    let isMonthFirst: Bool

    package init(zone: TimeZoneRules, isMonthFirst: Bool) {
        (self.zone, self.isMonthFirst) = (zone, isMonthFirst)
    }

    /// Returns the same, by the clock of another zone.
    package func at(_ zone: TimeZoneRules) -> WrittenTime {
        WrittenTime(zone: zone, isMonthFirst: isMonthFirst)
    }

    /// `2026-03-04`, `4.3.2026`, `3/4/2026`, `4 Mar 2026`, `March 4, 2026`; what comes after it is passed
    /// over. Seconds or milliseconds since 1970, too.
    func day(_ text: String) -> CivilDate? {
        if let instant = sinceEpoch(text) { return zone.local(of: instant).date }
        return split(text).flatMap { day(words: $0.date) }
    }

    /// Returns a day with or without a time, with or without a zone; seconds or milliseconds since 1970.
    package func instant(_ text: String) -> Instant? {
        if let instant = Instant(text) ?? sinceEpoch(text) { return instant }
        guard let parts = split(text), let date = day(words: parts.date) else { return nil }
        guard let time = parts.time else {
            return zone.firstInstant(atOrAfter: LocalTime(date: date, secondsOfDay: 0))
        }
        guard let seconds = time.secondsOfDay else { return nil }
        if let offset = time.offset {
            return Instant(seconds: Int64(date.daysSinceEpoch * 86_400 + seconds - offset))
        }
        return zone.firstInstant(atOrAfter: LocalTime(date: date, secondsOfDay: seconds))
    }

    private func sinceEpoch(_ text: String) -> Instant? {
        guard let number = Int64(text), number > 0 else { return nil }
        return switch text.utf8.count {
        case 10: Instant(seconds: number)
        case 13: Instant(microseconds: number * 1000)
        default: nil
        }
    }

    private struct Time {
        var secondsOfDay: Int?
        /// Seconds east; `nil` where nothing is said.
        var offset: Int?
    }

    private func split(_ text: String) -> (date: [String], time: Time?)? {
        guard text.utf8.count <= 60 else { return nil }
        var characters = Array(text.lowercased())
        for index in characters.indices.dropFirst().dropLast()
        where characters[index] == "t" && characters[index - 1].isNumber && characters[index + 1].isNumber {
            characters[index] = " "
        }
        let words = String(characters).split { " ,\u{A0}\u{202F}".contains($0) }.map(String.init)
        guard let place = words.firstIndex(where: { $0.contains(":") }) else { return (words, nil) }
        let isNamedLast = place == 0
        let rest = isNamedLast ? [] : words[(place + 1)...].map(\.self)
        return (isNamedLast ? Array(words.dropFirst()) : Array(words[..<place]), time(words[place], rest))
    }

    /// `10:20`, `10:20:30.5`, `10:20pm`, `10:20:30+02:00`, and words after it: `PM`, `UTC`, `+0200`.
    private func time(_ word: String, _ rest: [String]) -> Time {
        let clock = word.prefix { $0.isNumber || $0 == ":" || $0 == "." }
        let marks = ([String(word.dropFirst(clock.count))] + rest).filter { !$0.isEmpty }
        let numbers = clock.split(separator: ":").map { Int($0.prefix { $0 != "." }) }
        var time = Time()
        guard (2...3).contains(numbers.count), var hour = numbers[0], let minute = numbers[1],
            let second = numbers.count == 3 ? numbers[2] : 0, minute < 60, second < 60
        else { return time }
        for mark in marks {
            if Self.morning.contains(mark) {
                hour = hour == 12 ? 0 : hour
            } else if Self.afternoon.contains(mark) {
                hour = hour < 12 ? hour + 12 : hour
            } else if ["z", "utc", "gmt"].contains(mark) {
                time.offset = 0
            } else if !Self.clock.contains(mark) {
                guard let offset = offset(mark) else { return Time() }
                time.offset = offset
            }
        }
        if hour < 24 { time.secondsOfDay = hour * 3600 + minute * 60 + second }
        return time
    }

    /// `+02:00`, `-0530`, `+01`.
    private func offset(_ text: String) -> Int? {
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 2 || digits.count == 4, let number = Int(digits) else { return nil }
        let (hours, minutes) = digits.count == 2 ? (number, 0) : (number / 100, number % 100)
        guard hours <= 14, minutes < 60 else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private func day(words: [String]) -> CivilDate? {
        let text = words.joined(separator: " ")
        let parts = text.split { !$0.isNumber && !$0.isLetter }.map(String.init)
        let numbers = parts.compactMap { Int($0.prefix(while: \.isNumber)) }
        let names = parts.filter { $0.first?.isLetter == true }.compactMap(Self.month)
        // A weekday stands before the month, and may begin as one does: `martes 4 abril`.
        if let month = names.last {
            guard numbers.count == 2 else { return nil }
            return numbers[0] > 31
                ? date(numbers[0], month, numbers[1]) : date(year(numbers[1]), month, numbers[0])
        }
        guard parts.count == 3, numbers.count == 3, parts.allSatisfy({ $0.allSatisfy(\.isNumber) }) else {
            return nil
        }
        if parts[0].count == 4 { return date(numbers[0], numbers[1], numbers[2]) }
        let isMonthFirst = text.contains(".") ? false : self.isMonthFirst
        let (first, second, year) = (numbers[0], numbers[1], year(numbers[2]))
        if first > 12 { return date(year, second, first) }
        if second > 12 { return date(year, first, second) }
        return isMonthFirst ? date(year, first, second) : date(year, second, first)
    }

    private func year(_ number: Int) -> Int {
        number >= 100 ? number : number < 70 ? 2000 + number : 1900 + number
    }

    private func date(_ year: Int, _ month: Int, _ day: Int) -> CivilDate? {
        guard (1900...2200).contains(year), (1...12).contains(month),
            (1...CivilDate.daysInMonth(month, year: year)).contains(day)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// The month of a name, whole or short.
    private static func month(_ name: String) -> Int? {
        let folded = TextFolding.fold(name)
        return months.first { folded.hasPrefix($0.beginning) }?.month
    }

    private static let lexicon = Lexicon("dates", in: ResourceTable.texts)
    /// The months by the beginnings of their names, none of which begins as another one's.
    private static let months: [(beginning: String, month: Int)] =
        lexicon.values("months").map { (TextFolding.fold($0.key), $0.value) }
    private static let morning = lexicon.words("morning"), afternoon = lexicon.words("afternoon")
    /// The words behind a time that change nothing.
    private static let clock = lexicon.words("clock")
}
