internal import Lexicons

/// Amounts of money as people write them.
package enum AmountText {
    /// An amount read from a text: `amount` in minor units of `currency`.
    package struct Reading: Hashable, Sendable {
        package let amount: Int64
        package let currency: Currency
    }

    /// Reads `$12,500.50`, `12.500,50 €`, `1.2M USD`, `5k`, `1500 TEUR`, `3 Mio. EUR`, `12'500.-`. The words beside
    /// a number stand in files, by language.
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
                    } else if let unit = AmountText.units[word] {
                        scale = Decimal10(unit.power)
                        currency = unit.currency
                    } else if number != nil, scale == nil, let found = Self.multipliers[word] {
                        scale = found
                    } else if position < scalars.count, scalars[position] == "$",
                        let found = Self.dollars[word]
                    {
                        currency = found
                        position += 1
                    } else if Self.ranges.contains(word), word.count > 1 || number != nil && isBeforeNumber {
                        hasDash = true
                    } else if !Self.fillers.contains(word) || word.count == 1 && number == nil {
                        // `A5` is a code, and no amount.
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

        /// Whether a number comes next: a word of one letter joins two of them, as in `5 a 10 mil`.
        private var isBeforeNumber: Bool {
            let rest = scalars[position...].drop { TextCleaning.isBlank($0) }
            return rest.startIndex > position && rest.first.map { isDigit($0) } ?? false
        }

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
            return TextFolding.fold(String(text))
        }

        private mutating func trailingUnits() -> (scale: Decimal10?, currency: Currency?) {
            var found: (scale: Decimal10?, currency: Currency?) = (nil, nil)
            while position < scalars.count {
                if scalars[position].properties.isAlphabetic {
                    let word = word()
                    found.scale =
                        found.scale ?? Self.multipliers[word]
                        ?? AmountText.units[word].map { Decimal10($0.power) }
                    found.currency =
                        found.currency ?? Currency(word) ?? Self.names[word]
                        ?? AmountText.units[word]?.currency
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
        private static let dollars: [String: Currency] = [
            "us": .dollar, "a": Currency("AUD")!, "au": Currency("AUD")!, "c": Currency("CAD")!,
            "r": Currency("BRL")!,
            "nz": Currency("NZD")!, "hk": Currency("HKD")!, "s": Currency("SGD")!,
        ]

        private static let lexicon = AmountText.lexicon
        private static let names: [String: Currency] =
            AmountText.folded(lexicon.names("currencies")).compactMapValues { Currency($0) }
        private static let multipliers: [String: Decimal10] =
            AmountText.folded(lexicon.values("factors")).mapValues { Decimal10($0) }
        /// The words between the ends of a range.
        private static let ranges = Set(lexicon.words("ranges").map { TextFolding.fold($0) })
        /// The words that change nothing.
        private static let fillers = Set(lexicon.words("beside").map { TextFolding.fold($0) })
    }

    private static let lexicon = Lexicon("amounts", in: ResourceTable.texts)

    private static func folded<Value>(_ words: [String: Value]) -> [String: Value] {
        Dictionary(
            words.map { (TextFolding.fold($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// A currency and the power of ten that its amounts are counted in, as one word: `TEUR`.
    package struct Unit: Hashable, Sendable {
        package let currency: Currency
        let power: Int

        /// The factor of the amounts.
        package var scale: Int64 { (0..<power).reduce(Int64(1)) { scale, _ in scale * 10 } }
    }

    /// The units by their words, folded.
    package static let units: [String: Unit] = folded(lexicon.names("units")).compactMapValues { meaning in
        let parts = meaning.split(separator: " ")
        guard parts.count == 2, let power = Int(parts[0]), let currency = Currency(String(parts[1])) else {
            return nil
        }
        return Unit(currency: currency, power: power)
    }
}

/// A power of ten.
private struct Decimal10 {
    let exponent: Int

    init(_ exponent: Int) { self.exponent = exponent }
}
