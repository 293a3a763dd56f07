internal import Telemetry

// Weeks, months, quarters, seasons, and what is so far ahead.
extension DateReader {
    /// `Q3`, `Q3 2027`, `3. Quartal`, `third quarter`, `H2`
    func quarter(_ index: Int) -> Found? {
        let text = word(index)
        var number: Int?, end = index + 1, months = 3
        if text.utf8.count == 2, let digit = Int(text.dropFirst()) {
            let letter = String(text.prefix(1))
            if CalendarWords.quarterMarks.contains(letter) { number = digit }
            if CalendarWords.halfMarks.contains(letter) { (number, months) = (digit, 6) }
        } else if let ordinal = CalendarWords.ordinals[text] ?? Int(text), isInside(index + 1, index) {
            if CalendarWords.units[word(index + 1)] == .quarter { (number, end) = (ordinal, index + 2) }
            if CalendarWords.halfYears.contains(word(index + 1)) {
                (number, end, months) = (ordinal, index + 2, 6)
            }
        }
        guard let number, (1...12 / months).contains(number) else { return nil }
        let (year, after) = yearAfter(end, index)
        let month = (number - 1) * months + 1
        let isPast = month + months <= today.month
        return span(year ?? (isPast ? today.year + 1 : today.year), month, months, end: after)
    }

    func span(_ year: Int, _ month: Int, _ months: Int, end: Int) -> Found {
        let (lastYear, lastMonth) = (year + (month + months - 2) / 12, (month + months - 2) % 12 + 1)
        return (
            CivilDate(year: year, month: month, day: 1),
            CivilDate(
                year: lastYear, month: lastMonth, day: CivilDate.daysInMonth(lastMonth, year: lastYear)), end
        )
    }

    /// `in two months`, `dans 3 semaines`, `next year`, `l'année prochaine`, `two weeks from now`
    func relative(_ index: Int) -> Found? {
        let text = word(index)
        if CalendarWords.next.contains(text), isInside(index + 1, index) {
            if let unit = CalendarWords.units[word(index + 1)] { return upcoming(unit, end: index + 2) }
            if let weekday = CalendarWords.weekdays[word(index + 1)] {
                return onWeekday(weekday, end: index + 2)
            }
            if let month = CalendarWords.months[word(index + 1)] {
                return wholeMonth(month, nil, end: index + 2)
            }
            if let season = CalendarWords.seasons[word(index + 1)] {
                return self.season(season, end: index + 2)
            }
        }
        if let unit = CalendarWords.units[text], CalendarWords.next.contains(word(index + 1)),
            isInside(index + 1, index)
        {
            return upcoming(unit, end: index + 2)
        }
        if let weekday = CalendarWords.weekdays[text], CalendarWords.next.contains(word(index + 1)),
            isInside(index + 1, index)
        {
            return onWeekday(weekday, end: index + 2)
        }
        guard CalendarWords.ahead.contains(text) else { return nil }
        var place = index + 1
        if CalendarWords.beforeCount.contains(word(place)), CalendarWords.units[word(place + 1)] == nil {
            place += 1
        }
        guard isInside(place, index), let count = count(word(place)) else {
            return nil
        }
        if CalendarWords.afterCount.contains(word(place + 1)) { place += 1 }
        guard isInside(place + 1, index), let unit = CalendarWords.units[word(place + 1)] else { return nil }
        let date = advanced(count, unit)
        return (date, date, place + 2)
    }

    func count(_ text: String) -> Int? {
        if CalendarWords.half.contains(text) { return 6 }
        // `3-4 weeks` means four at the latest.
        let tail = text.split(separator: "-").last.flatMap { Int($0) }
        return tail.flatMap { $0 <= 400 ? $0 : nil } ?? CalendarWords.numbers[text]
    }

    func advanced(_ count: Int, _ unit: CalendarWords.Unit) -> CivilDate {
        switch unit {
        case .day: return CivilDate(daysSinceEpoch: today.daysSinceEpoch + count)
        case .week: return CivilDate(daysSinceEpoch: today.daysSinceEpoch + count * 7)
        case .month, .quarter, .year:
            let months = count * (unit == .month ? 1 : unit == .quarter ? 3 : 12) + today.month - 1
            let (year, month) = (today.year + months / 12, months % 12 + 1)
            return CivilDate(
                year: year, month: month, day: min(today.day, CivilDate.daysInMonth(month, year: year)))
        }
    }

    func upcoming(_ unit: CalendarWords.Unit, end: Int) -> Found {
        switch unit {
        case .day:
            let date = CivilDate(daysSinceEpoch: today.daysSinceEpoch + 1)
            return (date, date, end)
        case .week:
            let monday = today.daysSinceEpoch + 8 - today.weekday
            return (CivilDate(daysSinceEpoch: monday), CivilDate(daysSinceEpoch: monday + 6), end)
        case .month: return span(today.year + today.month / 12, today.month % 12 + 1, 1, end: end)
        case .quarter:
            let quarter = (today.month - 1) / 3 + 1
            return span(today.year + quarter / 4, quarter % 4 * 3 + 1, 3, end: end)
        case .year: return span(today.year + 1, 1, 12, end: end)
        }
    }

    /// The next such day that is not today.
    func onWeekday(_ weekday: Int, end: Int) -> Found {
        let ahead = (weekday - today.weekday + 6) % 7 + 1
        let date = CivilDate(daysSinceEpoch: today.daysSinceEpoch + ahead)
        return (date, date, end)
    }

    func wholeMonth(_ month: Int, _ year: Int?, end: Int) -> Found {
        span(year ?? (month < today.month ? today.year + 1 : today.year), month, 1, end: end)
    }

    func season(_ season: (month: Int, day: Int), end: Int) -> Found {
        span(season.month + 2 < today.month ? today.year + 1 : today.year, season.month, 3, end: end)
    }

    /// `end of March`, `Mitte Juni`, `early 2027`, `début septembre`
    func partOfMonth(_ index: Int) -> Found? {
        guard let part = CalendarWords.parts[word(index)] else { return nil }
        var place = index + 1
        while CalendarWords.of.contains(word(place)) { place += 1 }
        guard isInside(place, index) else { return nil }
        let whole: Found
        if let month = CalendarWords.months[word(place)] {
            let (year, end) = yearAfter(place + 1, index)
            whole = wholeMonth(month, year, end: end)
        } else if CalendarWords.units[word(place)] == .year {
            whole = span(today.year, 1, 12, end: place + 1)
        } else if let next = relative(place) {
            whole = next
        } else if let year = Int(word(place)), (2000...2100).contains(year) {
            whole = span(year, 1, 12, end: place + 1)
        } else {
            return nil
        }
        let days = whole.last.daysSinceEpoch - whole.first.daysSinceEpoch + 1
        let first = whole.first.daysSinceEpoch + days * part / 3
        return (
            CivilDate(daysSinceEpoch: first),
            CivilDate(daysSinceEpoch: whole.first.daysSinceEpoch + days * (part + 1) / 3 - 1),
            whole.end
        )
    }

    /// `Monday`, `tomorrow`, `September`, `spring`, `Christmas`, `Easter`
    func named(_ index: Int) -> Found? {
        let text = word(index)
        guard words[index].kind == .word else { return nil }
        if let weekday = CalendarWords.weekdays[text], text.utf8.count > 3 {
            return onWeekday(weekday, end: index + 1)
        }
        if CalendarWords.tomorrow.contains(text) {
            let date = CivilDate(daysSinceEpoch: today.daysSinceEpoch + 1)
            return (date, date, index + 1)
        }
        // `may` is a verb, `mars` a planet, `set` anything: short names need a word before them that a month
        // follows.
        let isVerb = CalendarWords.otherwiseUsed.contains(text)
        if let month = CalendarWords.months[text],
            text.utf8.count > 4 && !isVerb
                || CalendarWords.beforeMonths.contains(word(index - 1))
                    && !(isVerb && CalendarWords.beforeOtherUse.contains(word(index - 1)))
        {
            let (year, end) = yearAfter(index + 1, index)
            return wholeMonth(month, year, end: end)
        }
        guard isNear(CalendarWords.beforeMonths, before: index) else { return nil }
        if let season = CalendarWords.seasons[text] {
            let isAfter = isNear(CalendarWords.after, before: index)
            guard isAfter else { return self.season(season, end: index + 1) }
            return self.season((season.month == 12 ? 3 : season.month + 3, 1), end: index + 1)
        }
        if CalendarWords.christmas.contains(text) {
            let isAfter = isNear(CalendarWords.after, before: index)
            return day(isAfter ? 27 : 24, 12, year: nil, end: index + 1)
        }
        if CalendarWords.easter.contains(text) { return easter(end: index + 1) }
        return nil
    }

    private func isNear(_ words: Set<String>, before index: Int) -> Bool {
        words.contains(word(index - 1)) || words.contains(word(index - 2))
    }

    /// Tuesday after Easter Monday would be exact; Easter Sunday is what people mean (Gauss; valid
    /// 1900–2099).
    func easter(end: Int) -> Found? {
        for year in [today.year, today.year + 1] {
            let a = year % 19, b = year % 4, c = year % 7
            let d = (19 * a + 24) % 30
            let e = (2 * b + 4 * c + 6 * d + 5) % 7
            var march = 22 + d + e
            if march == 57 || d == 28 && e == 6 && a > 10 { march -= 7 }
            let date = CivilDate(
                daysSinceEpoch: CivilDate(year: year, month: 3, day: 1).daysSinceEpoch + march - 1)
            if date.daysSinceEpoch >= today.daysSinceEpoch - 7 { return (date, date, end) }
        }
        return nil
    }
}
