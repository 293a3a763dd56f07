internal import JSON
internal import Records
internal import Telemetry

/// A point in time, as far as it is known: a date has no clock.
struct Moment {
    let date: CivilDate
    /// Of the day; `nil` for a date alone.
    let seconds: Int?
}

/// Shows values as a reader in one place and of one language writes them.
struct ValueFormat {
    let locale: TextLocale
    let zone: TimeZoneRules

    /// Without a filter: numbers with the locale's point and no grouping, lists with commas.
    func plain(_ value: JSON) -> String {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): locale.digits(String(number))
        case .number(let number): self.number(number, places: nil, groups: false)
        case .string(let text): text
        case .array(let items): items.map(plain).filter { !$0.isEmpty }.joined(separator: ", ")
        case .object: MoneyValue(value).map(money) ?? ""
        }
    }

    /// An RFC 3339 instant as the zone's clocks show it, or a date.
    func moment(_ text: String) -> Moment? {
        if let instant = Instant(text) {
            let local = zone.local(of: instant)
            return Moment(date: local.date, seconds: local.secondsOfDay)
        }
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.count) == [4, 2, 2],
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }),
            let year = Int(String(Substring(parts[0]))), let month = Int(String(Substring(parts[1]))),
            let day = Int(String(Substring(parts[2]))),
            (1...12).contains(month), (1...CivilDate.daysInMonth(month, year: year)).contains(day)
        else { return nil }
        return Moment(date: CivilDate(year: year, month: month, day: day), seconds: nil)
    }

    func date(_ moment: Moment, _ pattern: DatePattern) -> String? {
        switch pattern {
        case .long: shown(moment, locale.longDate, hasDay: true)
        case .short: shown(moment, locale.shortDate, hasDay: true)
        case .parts(let parts, let hasDay): shown(moment, parts, hasDay: hasDay)
        }
    }

    /// `nil` for a date, which has no time of the day.
    func time(_ moment: Moment) -> String? {
        moment.seconds == nil ? nil : shown(moment, locale.time, hasDay: false)
    }

    private func shown(_ moment: Moment, _ parts: [DatePattern.Part], hasDay: Bool) -> String {
        let (date, seconds) = (moment.date, moment.seconds ?? 0)
        let language = locale.language
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .day(let width): text += padded(date.day, width)
            case .month(let width): text += padded(date.month, width)
            case .monthName(let isShort):
                let names =
                    isShort ? language.shortMonths : hasDay ? language.months : language.monthsAlone
                text += names[date.month - 1]
            case .weekday(let isShort):
                text += (isShort ? language.shortWeekdays : language.weekdays)[date.weekday - 1]
            case .year: text += padded(date.year, 4)
            case .yearOfCentury: text += padded((date.year % 100 + 100) % 100, 2)
            case .hour(let width): text += padded(seconds / 3600, width)
            case .hour12(let width): text += padded((seconds / 3600 + 11) % 12 + 1, width)
            case .minute: text += padded(seconds / 60 % 60, 2)
            case .second: text += padded(seconds % 60, 2)
            case .half: text += seconds < 43_200 ? language.halves.am : language.halves.pm
            }
        }
        return text
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return locale.digits(String(repeating: "0", count: max(0, width - text.utf8.count)) + text)
    }
}

// MARK: Numbers

extension ValueFormat {
    private static let placesMax = 6

    /// With so many decimal places, or as many as there are, up to six.
    func number(_ value: Double, places: Int?, groups: Bool = true) -> String {
        let wanted = places ?? Self.placesMax
        var scale = 1.0
        for _ in 0..<wanted { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        // Beyond that a Double holds no single units; such a number is shown as it is.
        guard scaled < 9e15 else { return locale.digits(value.description) }
        var digits = Decimal(units: Int64(scaled), places: wanted)
        if places == nil { digits.dropZeros() }
        return (value < 0 && scaled > 0 ? locale.minus : "") + written(digits, groups: groups)
    }

    /// Of a share: 0.25 is 25 %.
    func percent(_ share: Double, places: Int) -> String {
        number(share * 100, places: places) + locale.percent
    }

    func money(_ money: MoneyValue) -> String {
        let amount = written(
            Decimal(units: money.amount.magnitude, places: money.currency.minorDigits), groups: true)
        return locale.money(
            amount, symbol: locale.symbol(of: money.currency), isNegative: money.amount < 0)
    }

    /// The digits of a number without its sign.
    private struct Decimal {
        var whole: [UInt8]
        var fraction: [UInt8]

        init(units: some BinaryInteger, places: Int) {
            var digits = Array(String(units).utf8)
            if digits.count <= places {
                digits = [UInt8](repeating: 0x30, count: places + 1 - digits.count) + digits
            }
            (whole, fraction) = (Array(digits.dropLast(places)), Array(digits.suffix(places)))
        }

        mutating func dropZeros() { while fraction.last == 0x30 { fraction.removeLast() } }
    }

    private func written(_ number: Decimal, groups: Bool) -> String {
        var text = ""
        let count = number.whole.count
        let hasGroups = groups && count >= locale.groupsFrom
        for (index, digit) in number.whole.enumerated() {
            if hasGroups, index > 0, (count - index) % 3 == 0 { text += locale.group }
            text.unicodeScalars.append(Unicode.Scalar(digit))
        }
        if !number.fraction.isEmpty {
            text += locale.decimal + String(decoding: number.fraction, as: UTF8.self)
        }
        return locale.digits(text)
    }
}
