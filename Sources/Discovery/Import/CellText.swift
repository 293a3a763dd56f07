internal import JSON
internal import Records

/// What the text of a cell means, for the kinds of values that people write in many ways.
enum CellText {
    enum Reading<Value: Sendable>: Sendable {
        case value(Value)
        case outOfRange
        case unreadable
    }

    static let headcountMax = 10_000_000
    static let daysMax = 3650

    /// A number of people: `1,200`, `40+`, `ca. 50`, `15 Mitarbeiter`, `2.5k`. Of a range the geometric
    /// middle, since firms' sizes grow by factors: `51-200` is 101. `Nov-50` is what a spreadsheet makes
    /// of `11-50`.
    static func headcount(_ text: String) -> Reading<Int> {
        let folded = TextFolding.fold(text)
        if let (low, high) = monthRange(folded) { return .value(middle(low, high)) }
        let numbers = headcounts(folded)
        let isNegative = folded.hasPrefix("-") && numbers.count == 1
        guard let low = numbers.first, let value = low, !isNegative else {
            return isNegative && numbers.first != nil ? .outOfRange : .unreadable
        }
        guard value <= headcountMax else { return .outOfRange }
        if numbers.count == 1 { return .value(value) }
        guard numbers.count == 2, let high = numbers[1], high >= value else { return .unreadable }
        return high <= headcountMax ? .value(middle(value, high)) : .outOfRange
    }

    private static func middle(_ low: Int, _ high: Int) -> Int {
        Int((Double(max(low, 1)) * Double(max(high, 1))).squareRoot().rounded())
    }

    /// The numbers in a text, `nil` for one that is no whole number; empty when a word is none that goes
    /// with a number of people.
    private static func headcounts(_ folded: String) -> [Int?] {
        var numbers: [Int?] = []
        var rest = folded[...]
        while let first = rest.first {
            if first.isNumber, first.isASCII {
                var number = rest.prefix { $0.isASCII && ($0.isNumber || ".,'".contains($0)) }
                rest = rest.dropFirst(number.count)
                while let last = number.last, !last.isNumber { number = number.dropLast() }
                let scale = rest.hasPrefix("k") && !rest.dropFirst().hasPrefix("e") ? 1000.0 : 1
                numbers.append(whole(number, scale))
            } else if first.isLetter {
                let word = rest.prefix { $0.isLetter }
                guard headcountWords.contains(String(word)) else { return [] }
                rest = rest.dropFirst(word.count)
            } else {
                guard "+-–—~<>≈().,' \u{A0}\t#".contains(first) else { return [] }
                rest = rest.dropFirst()
            }
        }
        return numbers
    }

    /// `1,200`, `1.200` and `1'200` are thousands; `12.0` is 12; `12.5` is none.
    private static func whole(_ text: Substring, _ scale: Double) -> Int? {
        let groups = text.split(omittingEmptySubsequences: false) { !$0.isNumber }
        guard text.utf8.count <= 15, let digits = Int(text.filter(\.isNumber)) else { return nil }
        if groups.count == 1 { return Int(Double(digits) * scale) }
        if scale == 1, groups.dropFirst().allSatisfy({ $0.count == 3 }), groups[0].count <= 3 {
            return digits
        }
        guard groups.count == 2, let value = Double(groups[0] + "." + groups[1]),
            case let scaled = value * scale,
            scaled == scaled.rounded()
        else { return nil }
        return Int(scaled)
    }

    private static let headcountWords: Set<String> = [
        "k", "employees", "employee", "people", "persons", "staff", "fte", "ftes", "ca", "circa", "about",
        "approx", "around", "over",
        "more", "than", "less", "under", "up", "to", "bis", "uber", "unter", "mehr", "als", "etwa", "rund",
        "und", "and",
        "mitarbeiter", "mitarbeitende", "ma", "beschaftigte", "personen", "employes", "salaries", "personnes",
        "plus", "de",
        "empleados", "dipendenti", "medewerkers", "anstallda", "ansatte", "between", "from", "von",
        "zwischen", "a", "mas",
        "environ", "entre", "et", "y", "self", "employed",
    ]

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// `nov-50`, `10-jan`: the month was the lower number.
    private static func monthRange(_ folded: String) -> (Int, Int)? {
        let parts = folded.split(separator: "-").map(String.init)
        guard parts.count == 2 else { return nil }
        for (name, number) in [(parts[0], parts[1]), (parts[1], parts[0])] {
            if let month = months.firstIndex(of: name), let high = Int(number), high > month + 1, high <= 99 {
                return (month + 1, high)
            }
        }
        return nil
    }

    /// A span of time in days: `90`, `3 months`, `within 6 weeks`, `asap`. Of a range the later end.
    static func days(_ text: String) -> Reading<Int> {
        let words = TextFolding.searchTokens(text)
        if words.count <= 3, words.contains(where: immediate.contains) { return .value(0) }
        var number: Int?
        var unit: Int?
        for word in words {
            let digits = word.prefix(while: \.isNumber)
            let name = word.dropFirst(digits.count)
            if !digits.isEmpty {
                guard digits.count <= 6, let value = Int(digits) else { return .outOfRange }
                number = max(number ?? 0, value)
            }
            guard !name.isEmpty else { continue }
            if let days = units[String(name)] {
                guard unit == nil || unit == days else { return .unreadable }
                unit = days
            } else if let value = numerals[String(name)], number == nil {
                number = value
            } else if !durationWords.contains(String(name)) {
                return .unreadable
            }
        }
        if text.hasPrefix("-") { return number == nil ? .unreadable : .outOfRange }
        guard let number = number ?? (unit == nil ? nil : 1) else { return .unreadable }
        let days = number * (unit ?? 1)
        return days <= daysMax ? .value(days) : .outOfRange
    }

    private static let immediate: Set<String> = [
        "asap", "now", "immediately", "immediate", "today", "sofort", "jetzt", "umgehend", "immediat",
        "maintenant", "ya", "subito",
    ]
    private static let units: [String: Int] = [
        "d": 1, "day": 1, "days": 1, "tag": 1, "tage": 1, "tagen": 1, "jour": 1, "jours": 1, "dia": 1,
        "dias": 1, "giorni": 1,
        "w": 7, "week": 7, "weeks": 7, "wk": 7, "wks": 7, "woche": 7, "wochen": 7, "semaine": 7,
        "semaines": 7, "semanas": 7,
        "settimane": 7, "m": 30, "mo": 30, "month": 30, "months": 30, "monat": 30, "monate": 30,
        "monaten": 30, "mois": 30,
        "mes": 30, "meses": 30, "mesi": 30, "quarter": 91, "quarters": 91, "quartal": 91, "q": 91, "y": 365,
        "yr": 365, "year": 365,
        "years": 365, "jahr": 365, "jahre": 365, "an": 365, "ans": 365, "ano": 365, "anos": 365,
    ]
    private static let numerals: [String: Int] = [
        "one": 1, "a": 1, "two": 2, "three": 3, "six": 6, "ein": 1, "eine": 1, "zwei": 2, "drei": 3,
        "sechs": 6, "un": 1, "une": 1,
        "deux": 2, "trois": 3, "half": 0,
    ].filter { $0.value > 0 }
    private static let durationWords: Set<String> = [
        "in", "within", "next", "to", "bis", "and", "about", "approx", "ca", "the", "up", "less", "than",
        "under", "innerhalb", "von",
        "nachsten", "den", "dans", "les", "prochains", "en", "s", "of", "a", "zu", "max", "over",
    ]

    /// A number as JSON writes it.
    static func number(_ text: String) -> JSON? {
        guard text.utf8.count <= 40, let value = try? JSONParser.parse(text), value.double != nil else {
            return .none
        }
        return value
    }

    /// Yes or no in the languages of the headers; `nil` for anything else.
    static func flag(_ text: String) -> Bool? {
        let words = TextFolding.searchTokens(text)
        guard let first = words.first else { return nil }
        if affirmative.contains(first) { return words.count <= 2 ? true : nil }
        return negative.contains(first) && words.count <= 2 ? false : nil
    }

    private static let affirmative: Set<String> = [
        "yes", "y", "true", "t", "1", "x", "ja", "j", "oui", "o", "vrai", "si", "verdadero", "sim", "tak",
        "ano", "on", "wahr", "checked",
        "decision", "entscheider", "decideur", "decisor",
    ]
    private static let negative: Set<String> = [
        "no", "n", "false", "f", "0", "nein", "non", "faux", "falso", "nao", "nie", "ne", "nej", "nee", "off",
        "falsch", "unchecked",
        "influencer", "user",
    ]

    /// Whether the person behind a `consent` column said no.
    static func isConsentRefused(_ text: String) -> Bool { flag(text) == false || isRefusal(text) }

    /// Whether a text says that somebody does not want to be contacted. When in doubt, it does.
    static func isRefusal(_ text: String) -> Bool {
        guard text.utf8.count >= 3 else { return false }
        let words = TextFolding.searchTokens(text.utf8.count > 4000 ? String(text.prefix(4000)) : text)
        return words.indices.contains { start in
            refusals[words[start]]?.contains { words[start...].starts(with: $0) } ?? false
        }
    }

    /// The phrases, by their first words.
    private static let refusals: [String: [[String]]] = Dictionary(
        grouping: refusalPhrases.map { $0.split(separator: " ").map(String.init) }
    ) { $0[0] }

    private static let refusalPhrases = [
        "do not call", "do not contact", "do not email", "do not mail", "do not e mail", "do not write",
        "do not disturb", "dont call",
        "dont contact", "dont email", "dnc", "unsubscribed", "has unsubscribed", "opted out", "opt out",
        "optout", "no contact",
        "no emails", "no calls", "not to be contacted", "stop contacting", "remove from list", "remove me",
        "take me off",
        "blacklisted", "suppressed", "nicht anrufen", "nicht kontaktieren", "nicht anschreiben",
        "nicht mehr kontaktieren",
        "kein kontakt", "keine anrufe", "keine werbung", "keine mails", "abgemeldet", "werbewiderspruch",
        "widerspruch",
        "ne pas contacter", "ne pas appeler", "ne plus contacter", "desinscrit", "desabonne", "no contactar",
        "no llamar",
        "dado de baja", "baja voluntaria", "non contattare", "non chiamare", "disiscritto", "nao contactar",
        "nao ligar",
        "niet bellen", "niet contacteren", "niet mailen", "kontakta ej", "ring ej", "nie dzwonic",
        "nie kontaktowac",
    ]

    /// Whether a cell says that there is nothing to say. Names and notes may well be "None" or "Na".
    static func isPlaceholder(_ text: String, isName: Bool = false) -> Bool {
        guard text.utf8.count <= 20 else { return false }
        let folded = TextFolding.fold(text)
        if folded.utf8.allSatisfy({
            !($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x80)
        }) {
            return !folded.contains("$")
        }
        return marks.contains(folded) || !isName && words.contains(folded)
    }

    private static let marks: Set<String> = [
        "n/a", "n.a.", "n. a.", "n.a", "#n/a", "#ref!", "#value!", "#name?", "#null!", "#num!", "#div/0!",
        "(none)", "(null)", "<null>",
        "<none>", "[null]", "k.a.", "k. a.", "k.a", "s/o", "unknown", "not available", "not provided",
        "not specified", "unbekannt", "keine angabe",
        "undefined",
    ]
    private static let words: Set<String> = [
        "na", "nan", "null", "nil", "none", "tbd", "tba", "tbc", "not set", "empty", "blank", "no data",
        "inconnu",
        "desconocido", "sconosciuto", "onbekend", "okand", "kein", "keine", "leer", "aucun", "ninguno",
        "no email", "noemail",
        "no e-mail", "no phone", "keine e-mail", "keine email",
    ]

    /// An address that was typed to get past a form.
    static func isPlaceholder(address: String) -> Bool {
        let parts = TextFolding.fold(TextCleaning.trimmed(address)).split(
            separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let fillers: Set<Substring> = [
            "none", "na", "no", "null", "noemail", "nomail", "nobody", "unknown", "keine", "x", "xx", "xxx",
            "aaa", "asdf",
        ]
        return fillers.contains(parts[0]) && fillers.contains(parts[1].prefix { $0 != "." })
    }
}
