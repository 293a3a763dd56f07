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
    enum Category: String, Sendable { case zero, one, two, few, many, other }

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

        init(_ long: String, _ short: String, _ time: String, percent: String) {
            (longDate, shortDate, self.time) = (Self.parts(long), Self.parts(short), Self.parts(time))
            self.percent = percent
        }

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
    let unsubscribe: String
    var halves = (am: "AM", pm: "PM")
    var categories: [Category] = [.one, .other]
    var symbols: [String: String] = [:]

    /// Codes that stand for a language that is known under another one.
    static let relatives = ["no": "nb", "nn": "nb", "gl": "es", "ca": "es", "lb": "de", "fy": "nl"]

    func category(_ number: Double) -> Category {
        let isWhole = number == number.rounded() && abs(number) < 1e15
        let n = isWhole ? Int(abs(number)) : -1
        switch code {
        case "fr": return abs(number) < 2 ? .one : .other
        case "pt": return n == 0 || n == 1 ? .one : .other
        case "ja": return .other
        case "pl":
            guard isWhole else { return .many }
            if n == 1 { return .one }
            return (2...4).contains(n % 10) && !(12...14).contains(n % 100) ? .few : .many
        case "ar":
            guard isWhole else { return .other }
            switch n {
            case 0: return .zero
            case 1: return .one
            case 2: return .two
            default: break
            }
            if (3...10).contains(n % 100) { return .few }
            return (11...99).contains(n % 100) ? .many : .other
        default: return n == 1 ? .one : .other
        }
    }

    /// The language's habits as a country has them.
    func habits(in region: String) -> Habits {
        var habits = habits
        func dates(_ long: String?, _ short: String, _ time: String? = nil) {
            if let long { habits.longDate = Habits.parts(long) }
            habits.shortDate = Habits.parts(short)
            if let time { habits.time = Habits.parts(time) }
        }
        switch (code, region) {
        case ("en", ""), ("en", "US"), ("en", "PH"), ("en", "PR"): break
        case ("en", "CA"): dates(nil, "yyyy-MM-dd")
        case ("en", "AU"), ("en", "NZ"), ("en", "IN"): dates("d MMMM yyyy", "dd/MM/yyyy")
        case ("en", _): dates("d MMMM yyyy", "dd/MM/yyyy", "HH:mm")
        case ("de", "AT"): habits.money = .beforeSpaced
        case ("de", "CH"), ("de", "LI"), ("it", "CH"):
            (habits.decimal, habits.group, habits.money) = (".", "’", .beforeSign)
            habits.percent = "%"
        case ("fr", "CA"): dates(nil, "yyyy-MM-dd", "HH 'h' mm")
        case ("fr", "CH"): dates(nil, "dd.MM.yyyy")
        case ("es", "MX"), ("es", "US"), ("es", "PR"), ("es", "GT"), ("es", "HN"), ("es", "NI"), ("es", "PA"),
            ("es", "PE"), ("es", "SV"), ("es", "DO"):
            (habits.decimal, habits.group, habits.money, habits.groupsFrom) = (".", ",", .before, 4)
        case ("es", "AR"), ("es", "CL"), ("es", "CO"), ("es", "UY"), ("es", "EC"), ("es", "PY"), ("es", "VE"):
            (habits.money, habits.groupsFrom) = (.beforeSpaced, 4)
        case ("pt", ""), ("pt", "BR"): break
        case ("pt", _): (habits.money, habits.group, habits.groupsFrom) = (.after, "\u{A0}", 5)
        case ("nl", "BE"): dates(nil, "d/MM/yyyy")
        case ("ar", "AE"):
            (habits.decimal, habits.group, habits.percent) = (".", ",", "%")
            habits.hasArabicDigits = false
        case ("ar", "DZ"), ("ar", "EH"), ("ar", "LY"), ("ar", "MA"), ("ar", "TN"):
            (habits.decimal, habits.group, habits.percent) = (",", ".", "%")
            habits.hasArabicDigits = false
        default: break
        }
        return habits
    }
}
