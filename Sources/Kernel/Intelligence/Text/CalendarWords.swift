internal import Lexicons

/// Names of months, weekdays and numbers, and the words around dates, in the languages that replies come in; folded.
enum CalendarWords {
    private static let lexicon = Lexicon("calendar")

    static let months = lexicon.values("months")
    /// 1 for Monday.
    static let weekdays = lexicon.values("weekdays")
    static let numbers = lexicon.values("numbers")
    /// `third`, of quarters.
    static let ordinals = lexicon.values("ordinals")

    enum Unit: String { case day, week, month, quarter, year }

    static let units = lexicon.names("units").compactMapValues { Unit(rawValue: $0) }

    static let next = lexicon.words("next")

    /// The first day of a season's business, as month and day.
    static let seasons = lexicon.values("seasons").mapValues { (month: $0, day: 1) }

    static let christmas = lexicon.words("christmas")
    static let easter = lexicon.words("easter")
    static let tomorrow = lexicon.words("tomorrow")

    /// Thirds of a period: 0 for its beginning, 1 for its middle, 2 for its end.
    static let parts = lexicon.values("parts")

    /// Before a number of days or weeks from now.
    static let ahead = lexicon.words("ahead")
    static let after = lexicon.words("after")
    /// Before a month or a season that is meant as a time.
    static let beforeMonths = after.union(lexicon.words("before_months"))
    /// Before a day of a month in figures.
    static let beforeDates = lexicon.words("before_dates")
    /// Between the two ends of a period.
    static let spans = lexicon.words("spans")

    /// Between a day, a month and its year, or a part of a period and the period: `3rd of March`.
    static let of = lexicon.words("of")
    /// Between a month and its day: `March the 3rd`.
    static let beforeDay = lexicon.words("before_day")
    /// Behind the figures of a day: `3rd`.
    static let ordinalEndings = lexicon.words("ordinal_endings")
    /// Letters before the number of a quarter or of half a year: `Q3`, `T3`, `H2`.
    static let quarterMarks = lexicon.words("quarter_marks"), halfMarks = lexicon.words("half_marks")
    /// Half a year.
    static let halfYears = lexicon.words("half_years")
    static let half = lexicon.words("half")
    /// Before and behind the number of days or weeks: `in about two more weeks`.
    static let beforeCount = lexicon.words("before_count"), afterCount = lexicon.words("after_count")
    /// Months that are words of another kind, too, and what stands before such a word.
    static let otherwiseUsed = lexicon.words("otherwise_used")
    static let beforeOtherUse = lexicon.words("before_other_use")

    /// Behind the figures of a time of day: `14 Uhr`, `3 pm`.
    static let clock = lexicon.words("clock")
    static let morning = lexicon.words("morning"), afternoon = lexicon.words("afternoon")
    /// Before the figures of a time of day.
    static let beforeClock = lexicon.words("before_clock")
}
