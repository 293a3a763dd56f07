internal import Wording

/// A language's names for months and days, and its way to write numbers, unless a country does it otherwise.
struct Language: Sendable {
    /// Where the currency stands.
    enum MoneyForm: String, Sendable {
        /// `$1.50`, `CHF 1.50`
        case before
        /// `R$ 1,50`
        case beforeSpaced
        /// `CHF 1.50`, `CHF-1.50`
        case beforeSign
        /// `€ 1,50`, `€ -1,50`
        case beforeSpacedSign
        /// `1,50 €`
        case after
        /// `1,50 €`, with a mark of direction before it.
        case afterMarked
    }

    /// Unicode's names (TR 35) for the kinds of number that have a form of their own.
    enum Category: String, CaseIterable, Sendable {
        case zero, one, two, few, many, other

        private static let pattern =
            "{number, plural, " + allCases.map { "\($0.rawValue) {\($0.rawValue)}" }.joined(separator: " ")
            + "}"

        /// The kind of a number by the rules of a locale, as ICU has them.
        static func of(_ number: Double, in locale: String) -> Category {
            let name = try? MessagePattern.read(pattern, locale: locale).written(["number": .decimal(number)])
            return name.flatMap { Category(rawValue: $0) } ?? .other
        }
    }

    /// The habits in which countries may differ.
    struct Habits: Sendable {
        var longDate: [DatePattern.Part]
        var shortDate: [DatePattern.Part]
        var time: [DatePattern.Part]
        var decimal = ",", group = ".", minus = "-"
        var groupsFrom = 4
        var percent: String
        var money = MoneyForm.after
        var hasArabicDigits = false
        /// Of currencies, where these have others than everywhere.
        var symbols: [String: String] = [:]
        /// The locale whose plurals these are.
        var plurals: String

        static func parts(_ pattern: String) -> [DatePattern.Part] {
            guard case .success(.parts(let parts, _)) = DatePattern.read(pattern) else {
                preconditionFailure("the tables' patterns are read by a test")
            }
            return parts
        }
    }

    let code: String
    /// Beside a day; `monthsAlone` without one.
    let months: [String], monthsAlone: [String], shortMonths: [String]
    /// From Monday.
    let weekdays: [String], shortWeekdays: [String]
    let habits: Habits
    /// The habits of countries that have others, and of all that are not named, `elsewhere`.
    let regions: [String: Habits]
    let unsubscribe: String
    var halves = (am: "AM", pm: "PM")
    var categories: [Category] = [.one, .other]

    /// The language's habits as a country has them; those of no country where it is empty.
    func habits(in region: String) -> Habits {
        region.isEmpty ? habits : regions[region] ?? regions["elsewhere"] ?? habits
    }
}
