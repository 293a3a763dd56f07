internal import Lexicons

extension Language {
    private static let lexicon = Lexicon("locale", in: ResourceTable.texts)

    /// The languages whose dates and numbers are known, by their codes.
    static let all: [String: Language] = Dictionary(
        uniqueKeysWithValues: lexicon.languages.map { ($0, Language($0, lexicon)) })

    /// Codes that stand for a language that is known under another one.
    static let relatives: [String: String] = Dictionary(
        uniqueKeysWithValues: lexicon.languages.flatMap { language in
            lexicon.words("relatives", in: language).map { ($0, language) }
        })

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
        let own = values("formats").merging(values("numbers")) { $1 }.merging(values("symbols")) { $1 }
        var regions: [String: Habits] = [:]
        for section in lexicon.sections where section.hasPrefix("region ") {
            let others = values(section)
            guard !others.isEmpty else { continue }
            let habits = Habits(own.merging(others) { $1 }, code)
            for region in section.split(separator: " ").dropFirst() { regions[String(region)] = habits }
        }
        let alone = names("months_alone")
        self.init(
            code: code, months: names("months"), monthsAlone: alone.isEmpty ? names("months") : alone,
            shortMonths: names("short_months"), weekdays: names("weekdays"),
            shortWeekdays: names("short_weekdays"), habits: Habits(own, code), regions: regions,
            unsubscribe: lexicon.lines("unsubscribe", in: code).first ?? "")
        let halves = lexicon.lines("halves", in: code)
        if halves.count == 2 { self.halves = (halves[0], halves[1]) }
        let categories = names("plurals").compactMap { Category(rawValue: $0) }
        if !categories.isEmpty { self.categories = categories }
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
    /// The habits that a file names; `code` is its language.
    fileprivate init(_ values: [String: String], _ code: String) {
        (longDate, shortDate) = (Self.parts(values["long"] ?? ""), Self.parts(values["short"] ?? ""))
        time = Self.parts(values["time"] ?? "")
        percent = values["percent"] ?? "\u{A0}%"
        plurals = values["plurals"] ?? code
        decimal = values["decimal"] ?? decimal
        group = values["group"] ?? group
        minus = values["minus"] ?? minus
        groupsFrom = values["groups_from"].flatMap { Int($0) } ?? groupsFrom
        money = values["money"].flatMap { Language.MoneyForm(rawValue: $0) } ?? money
        hasArabicDigits = values["digits"] == "arabic"
        symbols = values.filter { $0.key.allSatisfy(\.isUppercase) }
    }
}
