internal import Lexicons

extension Language {
    /// The languages whose dates and numbers are known, by their codes.
    static let all: [String: Language] = {
        let lexicon = Lexicon("locale", in: ResourceTable.texts)
        return Dictionary(uniqueKeysWithValues: lexicon.languages.map { ($0, Language($0, lexicon)) })
    }()

    private init(_ code: String, _ lexicon: Lexicon) {
        func names(_ section: String) -> [String] { lexicon.words(section, in: code) }
        func values(_ section: String) -> [String: String] {
            var values: [String: String] = [:]
            for line in lexicon.lines(section, in: code) {
                guard let colon = line.firstRange(of: ": ") else { continue }
                values[String(line[..<colon.lowerBound])] = Self.spelled(line[colon.upperBound...])
            }
            return values
        }
        let formats = values("formats"), numbers = values("numbers"), alone = names("months_alone")
        self.init(
            code: code, months: names("months"), monthsAlone: alone.isEmpty ? names("months") : alone,
            shortMonths: names("short_months"), weekdays: names("weekdays"),
            shortWeekdays: names("short_weekdays"), habits: Habits(formats, numbers),
            unsubscribe: lexicon.lines("unsubscribe", in: code).first ?? "")
        let halves = lexicon.lines("halves", in: code)
        if halves.count == 2 { self.halves = (halves[0], halves[1]) }
        let categories = names("plurals").compactMap { Category(rawValue: $0) }
        if !categories.isEmpty { self.categories = categories }
        symbols = values("symbols")
    }

    /// Returns the text with the characters that `U+00A0` and the like stand for.
    private static func spelled(_ text: Substring) -> String {
        let parts = text.split(separator: "U+", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { whole, part in
            let scalar = UInt32(part.prefix(4), radix: 16).flatMap { Unicode.Scalar($0) }
            return whole + (scalar.map { String(Character($0)) } ?? "") + String(part.dropFirst(4))
        }
    }
}

extension Language.Habits {
    fileprivate init(_ formats: [String: String], _ numbers: [String: String]) {
        self.init(
            formats["long"] ?? "", formats["short"] ?? "", formats["time"] ?? "",
            percent: numbers["percent"] ?? "\u{A0}%")
        decimal = numbers["decimal"] ?? decimal
        group = numbers["group"] ?? group
        minus = numbers["minus"] ?? minus
        groupsFrom = numbers["groups_from"].flatMap { Int($0) } ?? groupsFrom
        money = numbers["money"].flatMap { Language.MoneyForm(rawValue: $0) } ?? money
        hasArabicDigits = numbers["digits"] == "arabic"
    }
}
