/// A change to a value on its way out: `{{ lead.company | upcase }}`.
enum Filter: String, CaseIterable, Sendable {
    case fallback = "default"
    case upcase, downcase, capitalize
    case firstName = "first_name"
    case truncate, join, first, last, size, date, time, money, number, percent, plural
    case urlEncode = "url_encode"

    /// Advice about the names of filters in other languages of this kind.
    static let elsewhere: [String: String] = [
        "escape": "values are made safe by themselves", "escape_once": "values are made safe by themselves",
        "raw": "no value leaves a template unescaped", "safe": "no value leaves a template unescaped",
        "pluralize": "use plural: \"lead\", \"leads\"", "upper": "use upcase", "lower": "use downcase",
        "title": "use capitalize", "length": "use size", "count": "use size", "format_date": "use date",
        "currency": "use money", "truncatewords": "use truncate: 80",
    ]
}

/// A filter with its arguments, checked when the template was compiled.
enum AppliedFilter: Sendable {
    case fallback(Operand)
    case upcase, downcase, capitalize, firstName
    case truncate(Int, ending: String)
    case join(String, last: String)
    case first, last, size
    case date(DatePattern), time
    case money
    /// Always this many decimal places; `nil`: as many as there are.
    case number(places: Int?)
    case percent(places: Int)
    case plural([String])
    case urlEncode
}
