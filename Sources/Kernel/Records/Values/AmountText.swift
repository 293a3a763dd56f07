/// Amounts of money as people write them.
package enum AmountText {
    /// An amount read from a text: `amount` in minor units of `currency`.
    package struct Reading: Hashable, Sendable {
        package let amount: Int64
        package let currency: Currency
    }

    /// Reads `$12,500.50`, `12.500,50 €`, `1.2M USD`, `5k`, `1500 TEUR`, `3 Mio. EUR`, `12'500.-`.
    ///
    /// Where a single separator stands before exactly three digits it parts thousands, since amounts
    /// with three decimals do not occur (but `1.234M` is a decimal). Of a range the lower end counts;
    /// what is finer than the minor unit is rounded to it. `nil` when the text says no single amount,
    /// or more than 64 bits hold.
    package static func parse(_ text: String, assuming currency: Currency) -> Reading? {
        guard text.utf8.count <= 100 else { return nil }
        var words = Scanner(TextCleaning.trimmed(text))
        return words.reading(assuming: currency)
    }

    /// `3000.00 USD`, which `parse` reads exactly.
    package static func format(_ amount: Int64, _ currency: Currency) -> String {
        let digits = currency.minorDigits
        guard digits > 0 else { return "\(amount) \(currency.code)" }
        let (whole, rest) = amount.magnitude.quotientAndRemainder(dividingBy: currency.minorUnits.magnitude)
        let decimals = String(rest)
        let padding = String(repeating: "0", count: digits - decimals.utf8.count)
        return "\(amount < 0 ? "-" : "")\(whole).\(padding)\(decimals) \(currency.code)"
    }

    private struct Scanner {
        let scalars: [Unicode.Scalar]
        var position = 0

        init(_ text: String) {
            scalars = Array(text.unicodeScalars.map { Unicode.Scalar($0.value == 0x2212 ? 0x2D : $0.value)! })
        }

        mutating func reading(assuming assumed: Currency) -> Reading? {
            // A sign, and a word that may say which dollar is meant.
            var sign: Currency?
            var currency: Currency?
            var isNegative = false
            var scale: Decimal10?
            var number: String?
            let isBracketed = scalars.first == "(" && scalars.last == ")"
            while position < scalars.count {
                let scalar = scalars[position]
                if isDigit(scalar) {
                    if number != nil {
                        // A range, "5k - 10k": its lower end is what is sure.
                        guard hasDash else { return nil }
                        break
                    }
                    number = digits()
                } else if scalar == "-" || scalar == "–" || scalar == "—" {
                    if number == nil { isNegative = true } else { hasDash = true }
                    position += 1
                } else if let symbol = symbol(scalar) {
                    guard sign == nil || sign == symbol else { return nil }
                    sign = symbol
                    position += 1
                } else if scalar.properties.isAlphabetic {
                    let word = word()
                    if let found = Currency(word) ?? Self.names[word] {
                        guard currency == nil || currency == found else { return nil }
                        currency = found
                    } else if let (multiplied, found) = Self.thousandsOf[word] {
                        scale = multiplied
                        currency = found
                    } else if number != nil, scale == nil, let found = Self.multipliers[word] {
                        scale = found
                    } else if hasDash && word == "to" || Self.fillers.contains(word) {
                        if ["to", "bis"].contains(word) { hasDash = true }
                    } else if ["a", "c", "r", "us", "au", "nz", "hk", "s"].contains(word),
                        position < scalars.count,
                        scalars[position] == "$", let found = Self.dollars[word]
                    {
                        currency = found
                        position += 1
                    } else {
                        return nil
                    }
                } else if "()+~≈<>.,/'’*".unicodeScalars.contains(scalar) || TextCleaning.isBlank(scalar) {
                    position += 1
                } else {
                    return nil
                }
            }
            guard let number else { return nil }
            // The rest of a range may still name the unit: "5-10k EUR".
            let tail = trailingUnits()
            scale = scale ?? tail.scale
            if let sign, sign != .dollar, let currency, currency != sign { return nil }
            let unit = currency ?? sign ?? tail.currency ?? assumed
            let amount = minor(number, scale ?? Decimal10(0), unit)
            return amount.map { Reading(amount: isNegative || isBracketed ? -$0 : $0, currency: unit) }
        }

        private var hasDash = false

        private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

        /// Digits with the separators between them.
        private mutating func digits() -> String {
            var text = String.UnicodeScalarView()
            while position < scalars.count {
                let scalar = scalars[position]
                if isDigit(scalar) {
                    text.append(scalar)
                } else if position + 1 < scalars.count, isDigit(scalars[position + 1]),
                    ".,'’".unicodeScalars.contains(scalar) || isThousandsSpace()
                {
                    text.append(TextCleaning.isBlank(scalar) || scalar == "’" ? "'" : scalar)
                } else {
                    break
                }
                position += 1
            }
            return String(text)
        }

        /// A blank with exactly three digits after it.
        private func isThousandsSpace() -> Bool {
            guard TextCleaning.isBlank(scalars[position]) else { return false }
            let after = scalars[(position + 1)...].prefix { isDigit($0) }
            return after.count == 3
        }

        private mutating func word() -> String {
            var text = String.UnicodeScalarView()
            while position < scalars.count, scalars[position].properties.isAlphabetic {
                text.append(scalars[position])
                position += 1
            }
            return String(text).lowercased()
        }

        private mutating func trailingUnits() -> (scale: Decimal10?, currency: Currency?) {
            var found: (scale: Decimal10?, currency: Currency?) = (nil, nil)
            while position < scalars.count {
                if scalars[position].properties.isAlphabetic {
                    let word = word()
                    found.scale = found.scale ?? Self.multipliers[word] ?? Self.thousandsOf[word]?.0
                    found.currency =
                        found.currency ?? Currency(word) ?? Self.names[word] ?? Self.thousandsOf[word]?.1
                } else {
                    found.currency = found.currency ?? symbol(scalars[position])
                    position += 1
                }
            }
            return found
        }

        /// The amount in minor units: digits × 10^scale, rounded.
        private func minor(_ text: String, _ scale: Decimal10, _ currency: Currency) -> Int64? {
            let isLarge = scale.exponent >= 6
            let (whole, fraction) = Self.parts(text, currency, isScaled: scale.exponent > 0, isLarge: isLarge)
            let shift = scale.exponent + currency.minorDigits
            let kept =
                whole + fraction.prefix(shift) + String(repeating: "0", count: max(0, shift - fraction.count))
            guard kept.count <= 20, let amount = Int64(kept) else { return nil }
            let roundsUp = fraction.dropFirst(shift).first.map { $0 >= "5" } ?? false
            return roundsUp ? amount.addingReportingOverflow(1).partialValue : amount
        }

        private static func parts(
            _ text: String, _ currency: Currency, isScaled: Bool, isLarge: Bool
        ) -> (whole: String, fraction: String) {
            let marks = text.filter { $0 == "." || $0 == "," }
            func whole(_ text: some StringProtocol) -> String { String(text.filter(\.isNumber)) }
            guard let last = text.lastIndex(where: { $0 == "." || $0 == "," }) else {
                return (whole(text), "")
            }
            let after = text[text.index(after: last)...]
            let isMixed = Set(marks).count == 2
            let isRepeated = marks.count(where: { $0 == text[last] }) > 1
            let isThousands: Bool
            if isRepeated {
                isThousands = true
            } else if isMixed || after.count != 3 || after.contains("'") {
                isThousands = false
            } else {
                let before = text[..<last].filter(\.isNumber)
                let isDecimal =
                    before == "0" || before.count > 3 || currency.minorDigits == 3 && text[last] == "."
                isThousands = !(isDecimal || isLarge || isScaled && text[last] == ".")
            }
            return isThousands ? (whole(text), "") : (whole(text[..<last]), whole(after))
        }

        private func symbol(_ scalar: Unicode.Scalar) -> Currency? {
            Self.symbols[scalar].flatMap(Currency.init)
        }

        private static let symbols: [Unicode.Scalar: String] = [
            "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW",
            "₺": "TRY",
            "₴": "UAH", "₪": "ILS", "₫": "VND", "₱": "PHP", "฿": "THB", "₦": "NGN", "₣": "CHF", "₸": "KZT",
        ]
        private static let names: [String: Currency] = [
            "euro": .euro, "euros": .euro, "dollar": .dollar, "dollars": .dollar, "pound": Currency("GBP")!,
            "pounds": Currency("GBP")!, "franken": Currency("CHF")!, "sfr": Currency("CHF")!,
            "fr": Currency("CHF")!,
            "zł": Currency("PLN")!, "zl": Currency("PLN")!, "kč": Currency("CZK")!, "yen": Currency("JPY")!,
            "rs": Currency("INR")!, "rmb": Currency("CNY")!,
        ]
        private static let dollars: [String: Currency] = [
            "us": .dollar, "a": Currency("AUD")!, "au": Currency("AUD")!, "c": Currency("CAD")!,
            "r": Currency("BRL")!,
            "nz": Currency("NZD")!, "hk": Currency("HKD")!, "s": Currency("SGD")!,
        ]
        private static let thousandsOf: [String: (Decimal10, Currency)] = [
            "teur": (Decimal10(3), .euro), "tusd": (Decimal10(3), .dollar),
            "tchf": (Decimal10(3), Currency("CHF")!),
            "tgbp": (Decimal10(3), Currency("GBP")!), "keur": (Decimal10(3), .euro),
            "kusd": (Decimal10(3), .dollar),
            "meur": (Decimal10(6), .euro), "mioeur": (Decimal10(6), .euro), "musd": (Decimal10(6), .dollar),
        ]
        private static let multipliers: [String: Decimal10] = [
            "k": Decimal10(3), "t": Decimal10(3), "tsd": Decimal10(3), "thousand": Decimal10(3),
            "tausend": Decimal10(3),
            "mille": Decimal10(3), "mil": Decimal10(3), "m": Decimal10(6), "mm": Decimal10(6),
            "mn": Decimal10(6),
            "mio": Decimal10(6), "mill": Decimal10(6), "million": Decimal10(6), "millions": Decimal10(6),
            "millionen": Decimal10(6), "millones": Decimal10(6), "b": Decimal10(9), "bn": Decimal10(9),
            "billion": Decimal10(9), "mrd": Decimal10(9), "md": Decimal10(9), "milliarden": Decimal10(9),
            "milliards": Decimal10(9),
        ]
        /// Words that change nothing.
        private static let fillers: Set<String> = [
            "to", "bis", "about", "approx", "ca", "circa", "etwa", "rund", "environ", "over", "up", "ab",
            "von", "from",
            "per", "pro", "month", "monat", "monthly", "mo", "mtl", "pa", "p", "year", "jahr", "annually",
            "par", "mois",
            "an", "netto", "net", "est", "estimated",
        ]
    }
}

/// A power of ten.
private struct Decimal10 {
    let exponent: Int

    init(_ exponent: Int) { self.exponent = exponent }
}
