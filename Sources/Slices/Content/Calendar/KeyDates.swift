internal import JSON
internal import Records
internal import Telemetry

/// A day that people of a country know, and that what is told may be about.
struct KeyDate: Sendable {
    let code: String, name: String
    let date: CivilDate

    var json: JSON {
        [
            "kind": "key_date", "id": .null, "date": .string(date.iso), "at": .null, "title": .string(name),
            "status": "known", "code": .string(code), "moves": .bool(false),
        ]
    }
}

/// The days that a country knows, by the rules in `Resources/data/key-dates.csv`.
enum KeyDates {
    /// Returns those of some days, the first first.
    static func from(_ first: CivilDate, through last: CivilDate, in country: Country) -> [KeyDate] {
        let own = known.filter { $0.countries.isEmpty || $0.countries.contains(country.code) }
        return (first.year...last.year).flatMap { year in
            own.compactMap { one in
                one.rule.date(in: year).map { KeyDate(code: one.code, name: one.name, date: $0) }
            }
        }.filter { first <= $0.date && $0.date <= last }.sorted { ($0.date, $0.code) < ($1.date, $1.code) }
    }

    private struct Known: Sendable {
        let code: String, name: String
        let rule: Rule
        /// The countries that know it; none: all of them.
        let countries: Set<String>
    }

    private enum Rule: Sendable {
        case fixed(month: Int, day: Int)
        /// So many days after Easter Sunday.
        case easter(Int)
        /// So many days after the nth weekday of a month; −1: the last one.
        case nth(Int, weekday: Int, month: Int, after: Int)

        init?(_ text: Substring) {
            if text.hasPrefix("easter"), let days = Int(text.dropFirst(6)) {
                self = .easter(days)
                return
            }
            let parts = text.split(separator: "/")
            if parts.count == 3, let month = Int(parts[0]), let weekday = Int(parts[1]) {
                let last = parts[2].split(separator: "+")
                guard let number = Int(last[0]) else { return nil }
                self = .nth(
                    number, weekday: weekday, month: month, after: last.count > 1 ? Int(last[1]) ?? 0 : 0)
                return
            }
            let days = text.split(separator: "-").compactMap { Int($0) }
            guard days.count == 2 else { return nil }
            self = .fixed(month: days[0], day: days[1])
        }

        func date(in year: Int) -> CivilDate? {
            switch self {
            case .fixed(let month, let day): CivilDate(year: year, month: month, day: day)
            case .easter(let days): KeyDates.easter(year).adding(days: days)
            case .nth(let number, let weekday, let month, let after):
                CivilDate.nth(number, weekday: weekday, of: month, in: year).adding(days: after)
            }
        }
    }

    private static let known: [Known] = {
        let lines = (ResourceTable.texts["data/key-dates.csv"] ?? "").split(separator: "\n").dropFirst()
        return lines.compactMap { line in
            let cells = line.split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false)
            guard cells.count == 4, let rule = Rule(cells[1]) else { return nil }
            let countries = cells[2] == "*" ? [] : Set(cells[2].split(separator: " ").map { String($0) })
            return Known(code: String(cells[0]), name: String(cells[3]), rule: rule, countries: countries)
        }
    }()

    /// Easter Sunday of the western churches (Meeus, Jones and Butcher: for every year of the Gregorian calendar).
    static func easter(_ year: Int) -> CivilDate {
        let century = year / 100, ofCentury = year % 100, golden = year % 19
        let leap = (century - (century + 8) / 25 + 1) / 3
        let moon = (19 * golden + century - century / 4 - leap + 15) % 30
        let weekday = (32 + 2 * (century % 4) + 2 * (ofCentury / 4) - moon - ofCentury % 4) % 7
        let shift = moon + weekday - 7 * ((golden + 11 * moon + 22 * weekday) / 451) + 114
        return CivilDate(year: year, month: shift / 31, day: shift % 31 + 1)
    }
}

extension CivilDate {
    /// The nth weekday of a month, the first from 1; −1: the last one.
    fileprivate static func nth(_ number: Int, weekday: Int, of month: Int, in year: Int) -> CivilDate {
        let first = CivilDate(year: year, month: month, day: 1)
        let lead = (weekday - first.weekday + 7) % 7
        guard number < 0 else { return first.adding(days: lead + 7 * (number - 1)) }
        let last = CivilDate(year: year, month: month, day: daysInMonth(month, year: year))
        return last.adding(days: -((last.weekday - weekday + 7) % 7))
    }
}
