import JSON
import Testing

@testable import Templates

@Suite struct `A locale` {
    static let lead: JSON = [
        "created_at": "2026-03-05T23:30:00.000Z", "founded": "2026-01-05",
        "budget": ["amount": -123_450_6, "currency": "EUR"],
    ]

    static let space = "\u{A0}", thin = "\u{202F}"

    static let dates: [(String, String, String, String)] = [
        ("en", "January 5, 2026", "1/5/2026", "11:30 PM"), ("en-GB", "5 January 2026", "05/01/2026", "23:30"),
        ("en-AU", "5 January 2026", "05/01/2026", "11:30 PM"),
        ("de", "5. Januar 2026", "05.01.2026", "23:30"),
        ("fr", "5 janvier 2026", "05/01/2026", "23:30"), ("es", "5 de enero de 2026", "5/1/2026", "23:30"),
        ("it", "5 gennaio 2026", "05/01/2026", "23:30"),
        ("pt-BR", "5 de janeiro de 2026", "05/01/2026", "23:30"),
        ("nl", "5 januari 2026", "05-01-2026", "23:30"), ("pl", "5 stycznia 2026", "05.01.2026", "23:30"),
        ("sv", "5 januari 2026", "2026-01-05", "23:30"), ("da", "5. januar 2026", "05.01.2026", "23.30"),
        ("nb", "5. januar 2026", "05.01.2026", "23:30"), ("ja-JP", "2026年1月5日", "2026/01/05", "23:30"),
        ("ar", "٥ يناير ٢٠٢٦", "٠٥/٠١/٢٠٢٦", "١١:٣٠ م"), ("ar-AE", "5 يناير 2026", "05/01/2026", "11:30 م"),
        ("xx", "January 5, 2026", "1/5/2026", "11:30 PM"), ("no", "5. januar 2026", "05.01.2026", "23:30"),
        ("de_AT", "5. Januar 2026", "05.01.2026", "23:30"), ("", "January 5, 2026", "1/5/2026", "11:30 PM"),
        ("en-PH", "January 5, 2026", "1/5/2026", "11:30 PM"),
        ("en-CA", "January 5, 2026", "2026-01-05", "11:30 PM"),
        ("fr-CA", "5 janvier 2026", "2026-01-05", "23 h 30"),
        ("fr-CH", "5 janvier 2026", "05.01.2026", "23:30"), ("nl-BE", "5 januari 2026", "5/01/2026", "23:30"),
        ("gl", "5 de enero de 2026", "5/1/2026", "23:30"), ("lb", "5. Januar 2026", "05.01.2026", "23:30"),
    ]

    @Test(arguments: dates)
    func `writes dates and times`(tag: String, long: String, short: String, time: String) throws {
        let source = "{{ lead.founded }}|{{ lead.founded | date: 'short' }}|{{ lead.created_at | time }}"
        #expect(try rendered(source, Self.lead, locale: tag) == "\(long)|\(short)|\(time)")
    }

    static let numbers: [(String, String, String, String)] = [
        ("en", "-€12,345.06", "1,234.5", "26%"), ("de", "-12.345,06\(space)€", "1.234,5", "26\(space)%"),
        ("de-AT", "-€\(space)12.345,06", "1.234,5", "26\(space)%"),
        ("de-CH", "€-12’345.06", "1’234.5", "26%"), ("it-CH", "€-12’345.06", "1’234.5", "26%"),
        ("fr", "-12\(thin)345,06\(space)€", "1\(thin)234,5", "26\(thin)%"),
        ("es", "-12.345,06\(space)€", "1234,5", "26\(space)%"),
        ("es-MX", "-€12,345.06", "1,234.5", "26\(space)%"),
        ("es-AR", "-€\(space)12.345,06", "1.234,5", "26\(space)%"),
        ("it", "-12.345,06\(space)€", "1.234,5", "26%"), ("pt-BR", "-€\(space)12.345,06", "1.234,5", "26%"),
        ("pt-PT", "-12\(space)345,06\(space)€", "1234,5", "26%"),
        ("nl", "€\(space)-12.345,06", "1.234,5", "26%"),
        ("pl", "-12\(space)345,06\(space)€", "1234,5", "26%"),
        ("sv", "\u{2212}12\(space)345,06\(space)€", "1\(space)234,5", "26\(space)%"),
        ("da", "-12.345,06\(space)€", "1.234,5", "26\(space)%"), ("ja", "-€12,345.06", "1,234.5", "26%"),
        ("ar", "\u{200F}\u{61C}-١٢٬٣٤٥٫٠٦\(space)€", "١٬٢٣٤٫٥", "٢٦٪\u{61C}"),
        ("pt-AO", "-12\(space)345,06\(space)€", "1234,5", "26%"),
        ("ar-AE", "\u{200F}\u{61C}-12,345.06\(space)€", "1,234.5", "26%"),
        ("ar-MA", "\u{200F}\u{61C}-12.345,06\(space)€", "1.234,5", "26%"),
    ]

    @Test(arguments: numbers)
    func `writes money, numbers and shares`(tag: String, money: String, number: String, share: String) throws
    {
        let source = "{{ lead.budget }}|{{ 1234.5 | number }}|{{ 0.256 | percent }}"
        #expect(try rendered(source, Self.lead, locale: tag) == "\(money)|\(number)|\(share)")
    }

    static let signs: [(String, String, String)] = [
        ("en", "USD", "$1,500.00"), ("en-PH", "USD", "US$1,500.00"), ("de", "USD", "1.500,00\(space)$"),
        ("en-US", "USD", "$1,500.00"), ("en-GB", "USD", "US$1,500.00"), ("en-CA", "CAD", "$1,500.00"),
        ("en-US", "CAD", "CA$1,500.00"), ("en", "CHF", "CHF\(space)1,500.00"),
        ("de-CH", "CHF", "CHF\(space)1’500.00"),
        ("sv", "SEK", "1\(space)500,00\(space)kr"), ("de", "SEK", "1.500,00\(space)SEK"),
        ("da", "DKK", "1.500,00\(space)kr."), ("pl", "PLN", "1500,00\(space)zł"), ("ja", "JPY", "￥150,000"),
        ("en", "JPY", "¥150,000"), ("en", "KWD", "KWD\(space)150.000"),
        ("pt-BR", "BRL", "R$\(space)1.500,00"),
        ("fr-CA", "CAD", "1\(thin)500,00\(space)$"), ("es-MX", "MXN", "$1,500.00"), ("en", "???", ""),
    ]

    @Test(arguments: signs)
    func `knows its own currency's sign`(tag: String, currency: String, expected: String) throws {
        let lead: JSON = ["budget": ["amount": 150_000, "currency": .string(currency)]]
        #expect(try rendered("{{ lead.budget }}", lead, locale: tag) == expected)
    }

    @Test func `shows a moment as the zone's clocks do`() throws {
        let source = "{{ lead.created_at }}, {{ lead.created_at | time }}"
        #expect(try rendered(source, Self.lead, locale: "de", zone: "Europe/Berlin") == "6. März 2026, 00:30")
        #expect(
            try rendered(source, Self.lead, locale: "en", zone: "America/New_York")
                == "March 5, 2026, 6:30 PM")
    }

    static let patterns: [(String, String)] = [
        ("yyyy-MM-dd HH:mm:ss", "2026-03-05 23:30:00"), ("%Y-%m-%d %H:%M:%S", "2026-03-05 23:30:00"),
        ("EEEE, d. MMMM", "Donnerstag, 5. März"), ("%A, %-d. %B", "Donnerstag, 5. März"),
        ("EEE d MMM yy", "Do 5 März 26"), ("%a %e %b %y", "Do 5 März 26"), ("h 'Uhr' a", "11 Uhr PM"),
        ("%I %p 100%%", "11 PM 100%"), ("d''MM", "5'03"), ("MMMM yyyy", "März 2026"),
    ]

    @Test(arguments: patterns)
    func `writes a date by a pattern`(pattern: String, expected: String) throws {
        #expect(
            try rendered("{{ lead.created_at | date: \"\(pattern)\" }}", Self.lead, locale: "de") == expected)
    }

    @Test func `declines months where the language does`() throws {
        let source = "{{ lead.founded | date: 'd MMMM' }}, {{ lead.founded | date: 'MMMM yyyy' }}"
        #expect(try rendered(source, Self.lead, locale: "pl") == "5 stycznia, styczeń 2026")
    }

    static let plurals: [[String]] = [
        ["en", "one|many", "0 many, 1 one, 2 many"], ["fr", "one|many", "0 one, 1 one, 2 many"],
        ["pl", "one|few|many", "1 one, 2 few, 4 few, 5 many, 12 many, 22 few, 25 many, 0 many"],
        ["pl", "one|many", "1 one, 3 many"], ["ja", "all", "0 all, 1 all, 9 all"],
        ["ja", "one|many", "1 one, 2 many"], ["de", "one|many", "0 many, 1 one, 1.5 many, -1 one"],
        ["pl", "one|few|many|part", "1 one, 3 few, 5 many, 1.5 part"], ["pl", "one|few|many", "1.5 many"],
        ["fr", "one|many", "1.5 one, 1000000 many"], ["it", "one|many", "1 one, 1000000 many"],
        ["pt", "one|many", "0 one, 1 one, 2 many"], ["pt-BR", "one|many", "0 one"],
        ["pt-PT", "one|many", "0 many, 1 one"], ["pt-AO", "one|many", "0 many"],
        ["ar", "zero|one|two|few|many|other", "0 zero, 1 one, 2 two, 3 few, 11 many, 100 other, 103 few"],
    ]

    @Test(arguments: plurals)
    func `counts in its own plurals`(row: [String]) throws {
        let list = row[1].split(separator: "|").map { "'\($0)'" }.joined(separator: ", ")
        for pair in row[2].split(separator: ", ") {
            let (number, form) = (pair.prefix { $0 != " " }, pair.drop { $0 != " " }.dropFirst())
            #expect(try rendered("{{ \(number) | plural: \(list) }}", locale: row[0]) == form, "\(number)")
        }
    }

    @Test func `has whole tables`() {
        #expect(Language.all.count >= 13)
        for (code, language) in Language.all {
            #expect(language.code == code)
            for months in [language.months, language.monthsAlone, language.shortMonths] {
                #expect(months.count == 12)
            }
            #expect(
                language.weekdays.count == 7 && language.shortWeekdays.count == 7
                    && !language.unsubscribe.isEmpty)
            for (region, habits) in language.regions {
                #expect(
                    region == "elsewhere" || region.wholeMatch(of: /[A-Z]{2}/) != nil, "\(code)-\(region)")
                #expect(!habits.longDate.isEmpty && !habits.shortDate.isEmpty && !habits.time.isEmpty)
            }
        }
        #expect(Language.relatives["no"] == "nb" && Language.relatives["fy"] == "nl")
        #expect(Set(Language.relatives.keys).isDisjoint(with: Language.all.keys))
    }

    @Test func `says what a document is written in`() {
        #expect(
            TextLocale("de-AT").tag == "de-AT" && TextLocale("<script>").tag == "en"
                && TextLocale("").tag == "en")
        #expect(
            TextLocale("ar-EG").isRightToLeft && TextLocale("he").isRightToLeft
                && !TextLocale("en").isRightToLeft)
        #expect(
            TextLocale("tr").uppercased("istanbul") == "İSTANBUL"
                && TextLocale("tr").lowercased("IĞDIR") == "ığdır")
    }
}
