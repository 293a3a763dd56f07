internal import Lexicons

extension NeedsReader {
    /// Amounts that somebody would spend, in the order of the text.
    package static func budgets(in text: String) -> [StatedBudget] {
        BudgetReader(text: ReadText(text)).budgets()
    }
}

private struct BudgetReader {
    let text: ReadText

    func budgets() -> [StatedBudget] {
        var found: [StatedBudget] = []
        var index = 0
        while index < text.words.count {
            if let (budget, end) = budget(at: index) {
                found.append(budget)
                index = end
            } else {
                index += 1
            }
        }
        return found
    }

    private func word(_ index: Int) -> String {
        text.words.indices.contains(index) ? text.words[index].folded : ""
    }

    private struct Amount {
        var low: Int64, high: Int64
        /// `4k`, `5 thousand`
        var isScaled = false
        var currency: String?
        var words: Range<Int>
    }

    private func budget(at index: Int) -> (StatedBudget, end: Int)? {
        guard var amount = amount(at: index) else { return nil }
        let sentence = text.sentence(around: index)
        // `2,000 to 3,000 euros`, `between 2k and 3k`
        if Self.spans.contains(word(amount.words.upperBound)),
            let next = self.amount(at: amount.words.upperBound + 1), next.high > amount.low,
            sentence.contains(next.words.lowerBound)
        {
            // `2 to 3k` means thousands twice.
            let low =
                next.isScaled && !amount.isScaled && amount.low < 1000_00 ? amount.low * 1000 : amount.low
            amount = Amount(
                low: low, high: next.high, isScaled: amount.isScaled || next.isScaled,
                currency: amount.currency ?? next.currency,
                words: amount.words.lowerBound..<next.words.upperBound)
        }
        let near =
            max(
                sentence.lowerBound, amount.words.lowerBound - 9)..<min(
                sentence.upperBound, amount.words.upperBound + 9)
        let saysBudget = near.contains { Self.budgetWords.contains(word($0)) }
        if near.contains(where: { Self.otherMoney.contains(word($0)) }), !saysBudget { return nil }
        let period = period(around: amount.words, in: sentence)
        guard saysBudget || amount.currency != nil || amount.isScaled && period != nil else { return nil }
        guard amount.currency != nil || period != nil || saysBudget && !isCountOfSomething(amount) else {
            return nil
        }
        let confidence = saysBudget ? 0.9 : amount.currency != nil && period != nil ? 0.65 : 0.45
        let before = (max(sentence.lowerBound, amount.words.lowerBound - 3)..<amount.words.lowerBound).map(
            word)
        let last = max(amount.words.upperBound, period?.end ?? 0)
        return (
            StatedBudget(
                amountMin: amount.low, amountMax: amount.high, currency: amount.currency,
                period: period?.period,
                isLimit: before.contains { Self.limits.contains($0) },
                quote: text.quote(amount.words.lowerBound..<last),
                confidence: confidence), max(amount.words.upperBound, index + 1)
        )
    }

    /// `5 people`, `3 months`, `20%`
    private func isCountOfSomething(_ amount: Amount) -> Bool {
        let next = word(amount.words.upperBound)
        return amount.high < 100_00 && !amount.isScaled || CalendarWords.units[next] != nil || next == "%"
            || Self.counted.contains(next)
    }

    // MARK: Amounts

    private func amount(at index: Int) -> Amount? {
        guard text.words.indices.contains(index) else { return nil }
        var place = index
        var currency = Self.currencies[word(place)]
        if currency != nil { place += 1 }
        guard text.words.indices.contains(place), text.words[place].kind == .number,
            let (low, high, isScaledByLetter, letters) = number(word(place))
        else { return nil }
        var amount = Amount(low: low, high: high, isScaled: isScaledByLetter, words: index..<place + 1)
        if !letters.isEmpty {
            guard let known = Self.currencies[letters] else { return nil }
            currency = currency ?? known
        }
        place += 1
        if let factor = Self.factors[word(place)], amount.high < Self.minorUnitsMax / factor {
            amount.low *= factor
            amount.high *= factor
            amount.isScaled = true
            place += 1
        }
        if Self.of.contains(word(place)), Self.currencies[word(place + 1)] != nil { place += 1 }
        if currency == nil, let after = Self.currencies[word(place)] {
            currency = after
            place += 1
        }
        amount.currency = currency
        amount.words = index..<place
        return amount
    }

    /// Ten thousand millions: nobody's marketing budget.
    private static let minorUnitsMax: Int64 = 1_000_000_000_000

    /// Minor units of `4k`, `5.000`, `1,500.50`, `500-800`, and the letters after them.
    private func number(_ text: String) -> (Int64, Int64, isScaled: Bool, letters: String)? {
        var digits = text.prefix { !$0.isLetter }
        var letters = String(text.dropFirst(digits.count))
        var factor: Int64 = 1
        if letters.hasPrefix("k") {
            factor = 1000
            letters.removeFirst()
        } else if letters == "m" || Self.factors[letters] == 1_000_000 {
            factor = 1_000_000
            letters = ""
        }
        while let last = digits.last, !last.isNumber { digits = digits.dropLast() }
        let parts = digits.split(separator: "-").map { minorUnits($0) }
        guard (1...2).contains(parts.count), let low = parts[0], let high = parts[parts.count - 1],
            low <= high,
            high < Self.minorUnitsMax / factor
        else { return nil }
        return (low * factor, high * factor, factor > 1, letters)
    }

    private func minorUnits(_ digits: Substring) -> Int64? {
        guard !digits.contains(":"), !digits.contains("/") else { return nil }
        var parts = digits.split(whereSeparator: { $0 == "." || $0 == "," }).map(String.init)
        guard !parts.isEmpty, parts.allSatisfy({ $0.utf8.count <= 12 }) else { return nil }
        var cents: Int64 = 0
        // Three digits after a point or comma are thousands, one or two are cents.
        if parts.count > 1, parts[parts.count - 1].utf8.count < 3 {
            let fraction = parts.removeLast()
            cents = (Int64(fraction) ?? 0) * (fraction.utf8.count == 1 ? 10 : 1)
        }
        guard parts.dropFirst().allSatisfy({ $0.utf8.count == 3 }), let whole = Int64(parts.joined()),
            whole < Self.minorUnitsMax / 100
        else { return nil }
        return whole * 100 + cents
    }

    // MARK: Periods

    private func period(
        around words: Range<Int>, in sentence: Range<Int>
    ) -> (period: StatedBudget.Period, end: Int)? {
        for index in words.upperBound..<min(sentence.upperBound, words.upperBound + 5) {
            // A year in French is an article in English: `$80 an hour`.
            if Self.articles.contains(word(index)), Self.periods[word(index + 1)] != nil { continue }
            if let period = Self.periods[word(index)] { return (period, index + 1) }
            // Another amount's period is not this one's.
            if text.words[index].kind == .number { break }
        }
        for index in (max(sentence.lowerBound, words.lowerBound - 6)..<words.lowerBound).reversed() {
            if text.words[index].kind == .number { break }
            if let period = Self.periods[word(index)], Self.adjectives.contains(word(index)) {
                return (period, words.upperBound)
            }
        }
        return nil
    }

    private static let lexicon = Lexicon("budget")

    private static let periods = lexicon.names("periods")
        .compactMapValues { StatedBudget.Period(rawValue: $0) }

    private static let adjectives = lexicon.words("adjectives")

    private static let currencies = lexicon.names("currencies")
    private static let factors = lexicon.values("factors").mapValues { Int64($0) }
    private static let counted = lexicon.words("counted")
    private static let spans = lexicon.words("spans")
    private static let limits = lexicon.words("limits")
    /// Between a number and its currency: `2 millions d'euros`.
    private static let of = lexicon.words("of")
    /// Before a period.
    private static let articles = lexicon.words("articles")
    private static let budgetWords = lexicon.words("budget_words")
    private static let otherMoney = lexicon.words("other_money")
}
