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
            || [
                "people", "employees", "mitarbeiter", "users", "leads", "customers", "kunden", "locations",
                "visitors",
            ].contains(next)
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
        if ["d", "de"].contains(word(place)), Self.currencies[word(place + 1)] != nil { place += 1 }
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
        } else if letters == "m" || letters == "mio" {
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
            if word(index) == "an", Self.periods[word(index + 1)] != nil { continue }
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

    private static let periods: [String: StatedBudget.Period] = {
        var periods: [String: StatedBudget.Period] = [:]
        let words: [(StatedBudget.Period, String)] = [
            (.hour, "hour hourly stunde stundlich heure hora"), (.day, "day daily tag taglich jour dia"),
            (.week, "week weekly woche wochentlich semaine semana semanal"),
            (
                .month,
                "month monthly mo pm monat monatlich monatliches monatlichen mois mensuel mensuels mensuelle mes mensual mensuales"
            ),
            (.quarter, "quarter quarterly quartal trimestre"),
            (
                .year,
                "year yearly annual annually annum pa jahr jahrlich jahrliches jaehrlich an annee annuel ano anual anuales"
            ),
            (
                .once,
                "once oneoff onetime setup upfront einmalig einmal total project projekt projet proyecto insgesamt"
            ),
        ]
        for (period, names) in words {
            for name in names.split(separator: " ") { periods[String(name)] = period }
        }
        return periods
    }()

    private static let adjectives: Set<String> = [
        "monthly", "monatlich", "monatliches", "monatlichen", "mensuel", "mensual", "yearly", "annual",
        "jahrliches",
        "jahrlich", "annuel", "anual", "weekly", "daily", "quarterly", "month", "monat", "mois", "mes",
        "year", "jahr",
        "setup", "upfront", "einmalig",
    ]

    private static let currencies: [String: String] = [
        "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "dollar": "USD",
        "dollars": "USD",
        "bucks": "USD", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
        "chf": "CHF",
        "franken": "CHF", "francs": "CHF", "sek": "SEK", "dkk": "DKK", "nok": "NOK", "pln": "PLN",
        "zl": "PLN", "cad": "CAD",
        "aud": "AUD",
    ]
    private static let factors: [String: Int64] = [
        "k": 1000, "thousand": 1000, "tausend": 1000, "tsd": 1000, "mille": 1000, "mil": 1000, "grand": 1000,
        "million": 1_000_000, "millions": 1_000_000, "mio": 1_000_000, "millionen": 1_000_000,
        "millones": 1_000_000,
    ]
    private static let spans: Set<String> = ["to", "and", "bis", "und", "a", "et", "y", "or", "oder"]
    private static let limits: Set<String> = [
        "to", "most", "max", "maximum", "under", "below", "bis", "maximal", "hochstens", "unter", "jusqu",
        "hasta", "maximo",
        "than", "als", "que", "moins", "menos", "over", "uber",
    ]
    private static let budgetWords: Set<String> = [
        "budget", "budgets", "spend", "spending", "pay", "afford", "invest", "investment", "price", "cost",
        "willing", "set",
        "aside", "allocated", "ausgeben", "investieren", "zahlen", "bezahlen", "leisten", "kosten",
        "budgetiert", "eingeplant",
        "depenser", "investir", "payer", "budgete", "presupuesto", "gastar", "invertir", "pagar", "rahmen",
    ]
    private static let otherMoney: Set<String> = [
        "revenue", "turnover", "sales", "profit", "profits", "earn", "earned", "raised", "funding", "salary",
        "umsatz", "gewinn",
        "einnahmen", "gehalt", "chiffre", "affaires", "benefice", "facturacion", "facturamos", "ingresos",
        "ventas", "invoice",
        "rechnung", "employees", "refund",
        // Notices of banks and shops name money that was paid already.
        "charged", "preauthorized", "received", "sent", "payment", "due", "fee", "balance", "receipt",
        "order", "transaction", "purchase", "abgebucht", "belastet", "uberwiesen", "erhalten", "zahlung",
        "quittung", "gebuhr", "saldo", "debite", "recu", "paiement", "virement", "facture",
        "frais", "solde", "cobrado", "cargado", "recibido", "pago", "transferencia", "factura",
        "recibo", "comision",
    ]
}
