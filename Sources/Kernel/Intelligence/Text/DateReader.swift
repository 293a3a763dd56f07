internal import Telemetry

/// Reads the dates of a text, each at the word where it begins.
struct DateReader {
    typealias Found = (first: CivilDate, last: CivilDate, end: Int)

    let words: [ReadText.Word]
    let today: CivilDate

    func date(at index: Int) -> Found? {
        numeric(index) ?? dayAndMonth(index) ?? monthAndDay(index) ?? quarter(index) ?? relative(index)
            ?? partOfMonth(index) ?? named(index)
    }

    func word(_ index: Int) -> String { words.indices.contains(index) ? words[index].folded : "" }

    func isInside(_ index: Int, _ start: Int) -> Bool {
        words.indices.contains(index) && words[index].sentence == words[start].sentence
    }

    // MARK: Days

    /// `2026-04-15`, `15.04.`, `15.4.2026`, `15/04/2026`, `4/15`
    func numeric(_ index: Int) -> Found? {
        guard words[index].kind == .number else { return nil }
        let text = words[index].folded
        for separator in ["-", ".", "/"] as [Character] {
            let parts = text.split(separator: separator, omittingEmptySubsequences: false).map { Int($0) }
            guard (2...3).contains(parts.count), !parts.contains(nil) else { continue }
            let numbers = parts.compactMap { $0 }
            if numbers[0] > 1000 {
                guard numbers.count == 3 else { return nil }
                return day(numbers[2], numbers[1], year: numbers[0], end: index + 1)
            }
            // `3-4` is a span, `10.5` may be a number: only what is written as a date is one.
            let hasYear = numbers.count == 3
            guard hasYear || separator == "/" || separator == "." && isPointedDate(index, text) else {
                return nil
            }
            let isAmerican = separator == "/" && numbers[1] > 12
            let (dayNumber, month) = isAmerican ? (numbers[1], numbers[0]) : (numbers[0], numbers[1])
            return day(dayNumber, month, year: hasYear ? fullYear(numbers[2]) : nil, end: index + 1)
        }
        return nil
    }

    /// Two digits for the month, or a word before it that a date follows.
    func isPointedDate(_ index: Int, _ text: String) -> Bool {
        let parts = text.split(separator: ".")
        return parts.count == 2
            && (parts[1].count == 2 || CalendarWords.beforeDates.contains(word(index - 1)))
            && !Self.afterTimes.contains(word(index + 1))
    }

    private static let afterTimes = CalendarWords.clock.union(CalendarWords.morning)
        .union(CalendarWords.afternoon).union(["%", "€", "$", "£", "eur", "euro"])

    func fullYear(_ year: Int) -> Int { year < 100 ? 2000 + year : year }

    /// `3 March`, `3rd of March 2026`, `3. März`, `1er août`, `3 de marzo de 2026`, `3-10 August`, `3 to 10
    /// August`
    func dayAndMonth(_ index: Int) -> Found? {
        guard words[index].kind == .number, let number = ordinal(words[index].folded) else { return nil }
        var place = index + 1
        if CalendarWords.of.contains(word(place)) { place += 1 }
        // `3 to 10 August`, `3. bis 10. August`: the day before belongs to the same month.
        if CalendarWords.spans.contains(word(place)), isInside(place + 1, index),
            ordinal(word(place + 1)) != nil,
            let (_, last, end) = dayAndMonth(place + 1)
        {
            let month = last.month
            guard let first = day(number, month, year: last.year, end: end)?.first, first <= last else {
                return nil
            }
            return (first, last, end)
        }
        guard isInside(place, index), let month = CalendarWords.months[word(place)] else { return nil }
        let (year, end) = yearAfter(place + 1, index)
        guard let (first, last, _) = day(number, month, year: year, end: end) else { return nil }
        if let span = spanStart(words[index].folded), span < number,
            let opening = day(span, month, year: last.year, end: end)
        {
            return (opening.first, last, end)
        }
        return (first, last, end)
    }

    /// `March 3`, `March 3rd, 2026`
    func monthAndDay(_ index: Int) -> Found? {
        guard let month = CalendarWords.months[word(index)], isInside(index + 1, index) else { return nil }
        var place = index + 1
        if CalendarWords.beforeDay.contains(word(place)) { place += 1 }
        guard words.indices.contains(place), words[place].kind == .number, let number = ordinal(word(place))
        else {
            return nil
        }
        let (year, end) = yearAfter(place + 1, index)
        return day(number, month, year: year, end: end)
    }

    func yearAfter(_ index: Int, _ start: Int) -> (Int?, Int) {
        var place = index
        if CalendarWords.of.contains(word(place)) { place += 1 }
        guard isInside(place, start), let year = Int(word(place)), (2000...2100).contains(year) else {
            return (nil, index)
        }
        return (year, place + 1)
    }

    /// `3`, `3rd`, `1er`; the second of `3-10`.
    func ordinal(_ text: String) -> Int? {
        let tail = text.split(separator: "-").last ?? ""
        let digits = tail.prefix { $0.isNumber }
        guard digits.utf8.count <= 2, let number = Int(digits), (1...31).contains(number) else { return nil }
        let ending = tail.dropFirst(digits.count)
        return ending.isEmpty || CalendarWords.ordinalEndings.contains(String(ending))
            ? number : nil
    }

    func spanStart(_ text: String) -> Int? {
        let parts = text.split(separator: "-")
        return parts.count == 2 ? Int(parts[0]) : nil
    }

    func day(_ day: Int, _ month: Int, year: Int?, end: Int) -> Found? {
        guard (1...12).contains(month), day >= 1 else { return nil }
        if let year {
            guard (1970...2200).contains(year), day <= CivilDate.daysInMonth(month, year: year) else {
                return nil
            }
            let date = CivilDate(year: year, month: month, day: day)
            return (date, date, end)
        }
        for year in [today.year, today.year + 1, today.year + 2, today.year + 3, today.year + 4]
        where day <= CivilDate.daysInMonth(month, year: year) {
            let date = CivilDate(year: year, month: month, day: day)
            if date.daysSinceEpoch >= today.daysSinceEpoch - 7 { return (date, date, end) }
        }
        return nil
    }
}
