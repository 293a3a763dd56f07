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
        let budgetPlaces = near.filter { isBudgetWord($0) }
        let saysBudget = !budgetPlaces.isEmpty
        guard !isOtherMoney(amount.words, near, budgetPlaces),
            !isPaidByOthers(amount.words, near, budgetPlaces)
        else { return nil }
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

    // MARK: Other money

    /// `budget` and `Monatsbudget`, but no `investment round`
    private func isBudgetWord(_ index: Int) -> Bool {
        let said = word(index)
        return (Self.budgetWords.contains(said) || Self.budgetEndings.contains { said.hasSuffix($0) })
            && !Self.otherMoney.contains(word(index + 1)) && !Self.otherMoney.contains(word(index - 1))
    }

    private func namesOtherMoney(_ index: Int) -> Bool {
        let said = word(index)
        return Self.otherMoney.contains(said) || Self.otherMoneyEndings.contains { said.hasSuffix($0) }
    }

    private func distance(_ places: [Int], from amount: Range<Int>) -> Int? {
        places.map { $0 < amount.lowerBound ? amount.lowerBound - $0 : $0 - amount.upperBound + 1 }.min()
    }

    /// Whether words for other money (`turnover`) are nearer to an amount than all that speak of a budget.
    private func isOtherMoney(_ amount: Range<Int>, _ near: Range<Int>, _ budgetPlaces: [Int]) -> Bool {
        let others = near.filter { namesOtherMoney($0) && !isJoined($0, to: amount) }
        guard let other = distance(others, from: amount) else { return false }
        return distance(budgetPlaces, from: amount).map { other < $0 } ?? true
    }

    /// Whether a word stands in another part of the sentence than an amount: `more sales and 2,000 a month`.
    private func isJoined(_ index: Int, to amount: Range<Int>) -> Bool {
        let between =
            index < amount.lowerBound
            ? index + 1..<amount.lowerBound : amount.upperBound..<max(index, amount.upperBound)
        return between.contains { Self.joins.contains(word($0)) }
    }

    /// `our customers pay`, `zahlen unsere Kunden`, and not `we want customers and pay`
    private func isPaidByOthers(_ amount: Range<Int>, _ near: Range<Int>, _ budgetPlaces: [Int]) -> Bool {
        let verbs = near.filter { Self.paying.contains(word($0)) && hasPayer($0, near) }
        guard let others = distance(verbs, from: amount) else { return false }
        let own = budgetPlaces.filter { !verbs.contains($0) }
        return distance(own, from: amount).map { others < $0 } ?? true
    }

    private func hasPayer(_ verb: Int, _ near: Range<Int>) -> Bool {
        for payer in verb - 2...verb + 2
        where payer != verb && near.contains(payer) && Self.payers.contains(word(payer)) {
            let between = min(verb, payer) + 1..<max(verb, payer)
            if !between.contains(where: { Self.spans.contains(word($0)) }) { return true }
        }
        return false
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
        if let (whole, end) = spacedThousands(at: place) {
            (amount.low, amount.high) = (whole, whole)
            place = end - 1
        }
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

    /// Reads thousands that stand apart, `2 000` or `1 250 000`. Returns minor units, and where they end.
    private func spacedThousands(at index: Int) -> (Int64, end: Int)? {
        var joined = word(index), place = index + 1
        guard (1...3).contains(joined.utf8.count), !joined.hasPrefix("0"), Self.isDigits(joined) else {
            return nil
        }
        while joined.utf8.count < 12, follows(place), word(place).utf8.count == 3,
            Self.isDigits(word(place))
        {
            joined += word(place)
            place += 1
        }
        guard place > index + 1, let whole = Int64(joined), whole < Self.minorUnitsMax / 100 else {
            return nil
        }
        return (whole * 100, place)
    }

    private static func isDigits(_ text: String) -> Bool { text.utf8.allSatisfy { $0 &- 0x30 < 10 } }

    /// Whether nothing but a space, ordinary, unbreakable or narrow, stands between a word and the one before.
    private func follows(_ index: Int) -> Bool {
        guard index > 0, text.words.indices.contains(index) else { return false }
        let gap = Array(text.bytes[text.words[index - 1].end..<text.words[index].start])
        return gap == [0x20] || gap == [0xC2, 0xA0] || gap == [0xE2, 0x80, 0xAF]
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
    /// Between the parts of a sentence.
    private static let joins = lexicon.words("joins")
    private static let limits = lexicon.words("limits")
    /// Between a number and its currency: `2 millions d'euros`.
    private static let of = lexicon.words("of")
    /// Before a period.
    private static let articles = lexicon.words("articles")
    private static let budgetWords = lexicon.words("budget_words")
    /// A budget at the end of longer words: `Monatsbudget`.
    private static let budgetEndings = lexicon.words("budget_endings")
    private static let otherMoney = lexicon.words("other_money")
    /// Other money at the end of longer words: `Jahresumsatz`.
    private static let otherMoneyEndings = lexicon.words("other_money_endings")
    /// People who are not the writer, and the verbs by which they pay, or are charged.
    private static let payers = lexicon.words("payers"), paying = lexicon.words("paying")
}
