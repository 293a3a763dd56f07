internal import Lexicons
internal import Records

/// The way in which one language, in one country, writes dates, numbers and money: small tables of our own, after the
/// Common Locale Data Repository.
package struct TextLocale: Sendable {
    /// The tag as it was asked for (BCP 47), when it is a language tag at all: a document names it as its language.
    package let tag: String
    /// Two capitals; empty where the tag names no country.
    let region: String
    let language: Language
    let longDate: [DatePattern.Part]
    let shortDate: [DatePattern.Part]
    let time: [DatePattern.Part]
    let decimal: String
    let group: String
    /// Digits before the point from which on they are grouped.
    let groupsFrom: Int
    let minus: String
    let percent: String
    private let moneyForm: Language.MoneyForm
    private let hasArabicDigits: Bool
    private let symbols: [String: String]
    private let plurals: String

    /// The nearest that is known: `de-AT`, else `de`, else English. Never fails, since a mail in an
    /// unexpected language still has to name its dates.
    package init(_ tag: String) {
        let parts = tag.utf8.prefix(64).split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
            .map { String(decoding: $0, as: UTF8.self) }
        let isTag =
            !parts.isEmpty
            && parts.allSatisfy { part in
                (1...8).contains(part.utf8.count) && part.utf8.allSatisfy(Self.isLetterOrDigit)
            }
        self.tag = isTag ? parts.joined(separator: "-") : "en"
        let code = parts.first?.lowercased() ?? "en"
        let region = parts.dropFirst().first { $0.utf8.count == 2 }?.uppercased() ?? ""
        self.region = region
        let language = Language.all[code] ?? Language.all[Language.relatives[code] ?? "en"]!
        self.language = language
        let habits = language.habits(in: region)
        (longDate, shortDate, time) = (habits.longDate, habits.shortDate, habits.time)
        (decimal, group, groupsFrom) = (habits.decimal, habits.group, habits.groupsFrom)
        (minus, percent, moneyForm) = (habits.minus, habits.percent, habits.money)
        hasArabicDigits = habits.hasArabicDigits
        (symbols, plurals) = (habits.symbols, habits.plurals)
    }

    package static let english = TextLocale("en")

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Whether its script is read from the right.
    package var isRightToLeft: Bool { WritingDirection.isRightToLeft(tag) }

    /// Whether a number with a dot is an ordinal, as in "1. Mai".
    package var hasDottedOrdinals: Bool {
        guard case .day? = longDate.first, case .text(let mark)? = longDate.dropFirst().first else {
            return false
        }
        return mark.hasPrefix(".")
    }

    /// The word on the link that ends a subscription.
    package var unsubscribe: String { language.unsubscribe }

    /// A number in the locale's own digits.
    func digits(_ text: String) -> String {
        guard hasArabicDigits else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isDigit = (0x30...0x39).contains(scalar.value)
            result.append(isDigit ? Unicode.Scalar(scalar.value - 0x30 + 0x660)! : scalar)
        }
        return String(result)
    }

    func money(_ amount: String, symbol: String, isNegative: Bool) -> String {
        let sign = isNegative ? minus : ""
        switch moneyForm {
        case .before:
            // Letters keep a distance, signs do not.
            let space = symbol.last?.isLetter == true ? "\u{A0}" : ""
            return sign + symbol + space + amount
        case .beforeSpaced: return sign + symbol + "\u{A0}" + amount
        case .beforeSign: return symbol + (isNegative ? sign : "\u{A0}") + amount
        case .beforeSpacedSign: return symbol + "\u{A0}" + sign + amount
        case .after: return sign + amount + "\u{A0}" + symbol
        case .afterMarked: return "\u{200F}" + sign + amount + "\u{A0}" + symbol
        }
    }

    func uppercased(_ text: String) -> String {
        hasDottedI ? text.replacing("i", with: "İ").uppercased() : text.uppercased()
    }

    func lowercased(_ text: String) -> String {
        hasDottedI ? text.replacing("I", with: "ı").replacing("İ", with: "i").lowercased() : text.lowercased()
    }

    /// Turkish and Azerbaijani tell i from ı.
    private var hasDottedI: Bool {
        let code = tag.prefix { $0 != "-" }
        return code == "tr" || code == "az"
    }

    /// The form for a number. `forms` are in the order one, few, many, other (Arabic: zero, one, two, few,
    /// many, other), as many as the language has; of two forms the first is for one.
    func plural(_ number: Double, _ forms: [String]) -> String {
        let categories = language.categories, category = Language.Category.of(number, in: plurals)
        // Polish has a fourth form, for fractions, which few writers think of.
        if forms.count == categories.count || categories.count > 2 && forms.count == categories.count + 1 {
            return forms[categories.firstIndex(of: category) ?? forms.count - 1]
        }
        let isOne = category == .one || !categories.contains(.one) && number == 1
        return isOne ? forms[0] : forms[forms.count - 1]
    }
}

extension TextLocale {
    /// Returns a currency as the locale's readers write it: their own by its sign alone.
    func symbol(of currency: Currency) -> String {
        let code = currency.code
        if Self.ownDollar[region] == code { return "$" }
        return symbols[code] ?? Self.symbols[code] ?? code
    }

    /// Countries whose dollar or peso is the `$` that is meant there.
    private static let ownDollar = [
        "US": "USD", "PR": "USD", "EC": "USD", "SV": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD",
        "SG": "SGD",
        "MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "UY": "UYU",
    ]

    private static let symbols = [
        "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "BRL": "R$", "INR": "₹", "KRW": "₩", "ILS": "₪",
        "VND": "₫",
        "CNY": "CN¥", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "MXN": "MX$", "HKD": "HK$", "TWD": "NT$",
        "PHP": "₱", "UAH": "₴", "NGN": "₦",
    ]
}
