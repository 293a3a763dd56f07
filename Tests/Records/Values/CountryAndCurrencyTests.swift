import Lexicons
import Testing

@testable import Records

@Suite struct CountryTests {
    @Test(arguments: [
        (
            "US",
            "us USA U.S.A. U.S. united_states America The_United_States_of_America Vereinigte_Staaten EE.UU. États-Unis"
        ),
        ("GB", "GB UK U.K. England Great_Britain Großbritannien Scotland Royaume-Uni"),
        ("DE", "DE de DEU Germany GERMANY_ Deutschland Allemagne"),
        ("SE", "Sverige sweden"), ("ES", "España Espana Spain"), ("AT", "Österreich Austria Oesterreich"),
        ("CI", "Côte_d'Ivoire Cote_d’Ivoire Ivory_Coast"),
        ("KR", "Korea South_Korea"), ("CZ", "Czech_Republic Česko"), ("NL", "The_Netherlands Holland"),
        ("GR", "EL Hellas"), ("JP", "日本 Japan"),
    ])
    func `a country goes by many names`(_ code: String, _ names: String) {
        for name in names.split(separator: " ") {
            #expect(Country(named: String(name.replacing("_", with: " ")))?.code == code, "\(name)")
        }
    }

    @Test func `remarks and doubts`() {
        #expect(Country(named: "Germany (DE)")?.code == "DE")
        #expect(Country(named: "Germany/France") == nil)
        for text in ["", "Atlantis", "EMEA", "ZZ", "XX", "Europe", String(repeating: "x", count: 1000)] {
            #expect(Country(named: text) == nil)
        }
        #expect(Country("Germany") == nil && Country("de")?.code == "DE")
    }

    @Test func `every name that was known is known`() {
        var faults: [String] = []
        for line in countryNamesOnceKnown.split(separator: "\n") {
            let code = String(line.prefix(2))
            for name in [line.dropFirst(3).prefix(3)] + line.dropFirst(7).split(separator: "|") {
                let found = Country(named: String(name))?.code
                if found != code { faults.append("\(name): \(found ?? "none"), not \(code)") }
            }
        }
        #expect(faults.isEmpty, "\(faults.joined(separator: ", "))")
    }

    @Test(arguments: Lexicon("countries", in: ResourceTable.texts).languages)
    func `a country is known by its name in each language that has a file`(language: String) throws {
        guard let names = PlaceNames(in: language) else {
            #expect(language == "mul")
            return
        }
        for country in Country.all {
            let all = names.country(country.code)
            let name = try #require(all.first, "\(country)")
            #expect(
                CountryNames.key(name).utf8.count <= 3 || Country(named: name) == country,
                "\(name): \(Country(named: name)?.code ?? "none"), not \(country)")
        }
    }

    @Test func `the files name countries that there are, each name for one`() {
        let lexicon = Lexicon("countries", in: ResourceTable.texts)
        for (code, names) in lexicon.namedPhrases("names") {
            for name in names { #expect(Country(named: name)?.code == code, "\(name)") }
        }
        for name in lexicon.phrases("homonyms") {
            #expect(Country(named: name) != nil && Country(mentionedAs: name) == nil, "\(name)")
        }
    }

    @Test func `a text mentions countries by what is surely a name`() {
        #expect(Country(mentionedAs: "Deutschland")?.code == "DE" && Country(mentionedAs: "UK")?.code == "GB")
        #expect(Country(mentionedAs: "USA")?.code == "US" && Country(mentionedAs: "Granada") == nil)
        // States have such codes, too: California, Delaware, Indiana.
        for code in ["CA", "DE", "IN", ""] { #expect(Country(mentionedAs: code) == nil) }
        #expect(Country(named: "CAD") == nil, "Czech for Chad, and dollars")
    }

    @Test func `the table is whole`() {
        #expect(Country.all.count == 250)
        for country in Country.all { #expect(Country(country.code) == country) }
        #expect(Country("DE")?.callingCode == 49 && Country("US")?.callingCode == 1)
        #expect(
            Country(topLevelDomainOf: "www.firm.de")?.code == "DE"
                && Country(topLevelDomainOf: "firm.io") == nil)
    }
}

@Suite struct AmountTextTests {
    @Test(arguments: [
        ("$12,500.50", 1_250_050, "USD"), ("12.500,50 €", 1_250_050, "EUR"), ("1.2M USD", 120_000_000, "USD"),
        ("5k", 500_000, "EUR"),
        ("1500 TEUR", 150_000_000, "EUR"), ("88.0M", 8_800_000_000, "EUR"),
        ("1.234.567,89 €", 123_456_789, "EUR"), ("3 Mio. EUR", 300_000_000, "EUR"),
        ("12'500.50 CHF", 1_250_050, "CHF"), ("12 500,50 €", 1_250_050, "EUR"),
        ("12 500 kr".replacing(" kr", with: " SEK"), 1_250_000, "SEK"),
        ("¥12,500", 12_500, "JPY"), ("1.234 KWD", 1_234, "KWD"), ("12.500", 1_250_000, "EUR"),
        ("1,5 Mio", 150_000_000, "EUR"), ("0.5", 50, "EUR"),
        ("1.234M", 123_400_000, "EUR"), ("1,200k", 120_000_000, "EUR"), ("-5 EUR", -500, "EUR"),
        ("($1,000)", -100_000, "USD"), ("A$5", 500, "AUD"),
        ("US$ 5", 500, "USD"), ("R$ 1.000,00", 100_000, "BRL"), ("5k - 10k USD", 500_000, "USD"),
        ("$5,000 to $10,000", 500_000, "USD"), ("5-10k", 500_000, "EUR"),
        ("3000.00 USD", 300_000, "USD"), ("€ 3.000,- pro Monat", 300_000, "EUR"),
        ("ca. 2 Mrd. EUR", 200_000_000_000, "EUR"), ("12,50,000 INR", 125_000_000, "INR"),
        ("0.005 USD", 1, "USD"), ("10000 JPY", 10_000, "JPY"), ("CAD 5", 500, "CAD"), ("$5 CAD", 500, "CAD"),
        ("0", 0, "EUR"),
    ])
    func `amounts are read as people write them`(_ text: String, _ amount: Int64, _ currency: String) {
        #expect(
            AmountText.parse(text, assuming: .euro) == .init(amount: amount, currency: Currency(currency)!))
    }

    @Test(arguments: [
        ("3 millions d'euros", 300_000_000, "EUR"), ("5 à 10 k€", 500_000, "EUR"),
        ("environ 2 milliards", 200_000_000_000, "EUR"), ("1,5 millones de dólares", 150_000_000, "USD"),
        ("5 a 10 mil", 500_000, "EUR"), ("12 mil al mes", 1_200_000, "EUR"),
        ("5 mila euro", 500_000, "EUR"), ("2 mln di sterline", 200_000_000, "GBP"),
        ("3 milhões de reais", 300_000_000, "BRL"), ("10 mil por mês", 1_000_000, "EUR"),
        ("1,2 miljoen euro per jaar", 120_000_000, "EUR"), ("5 tot 10 duizend", 500_000, "EUR"),
        ("4 Milliarden Franken", 400_000_000_000, "CHF"), ("7 tUSD", 700_000, "USD"),
        ("20 zł", 2_000, "PLN"),
    ])
    func `amounts are read in seven languages`(_ text: String, _ amount: Int64, _ currency: String) {
        #expect(
            AmountText.parse(text, assuming: .euro) == .init(amount: amount, currency: Currency(currency)!))
    }

    @Test(arguments: [
        "", "many", "n/a", "$", "EUR", "5 apples", "12 34", "€5 £6", "99999999999999999999", "9e18 EUR",
        "1/2", "=1+1", "5 USD EUR", "EUR 5 USD", "A5", "d 5", "5 a", "a lot",
    ])
    func `what is no amount is none`(_ text: String) {
        #expect(AmountText.parse(text, assuming: .euro) == nil)
    }

    @Test func `the form of an export comes back exactly`() {
        for code in ["USD", "JPY", "KWD", "CLF"] {
            for amount: Int64 in [
                0, 1, 9, 10, 99, 100, 1234, 999_999, 1_000_000, 123_456_789_012, 9_000_000_000_000_000_000,
                -1, -1234,
            ] {
                let currency = Currency(code)!
                let text = AmountText.format(amount, currency)
                #expect(
                    AmountText.parse(text, assuming: .euro) == .init(amount: amount, currency: currency),
                    "\(text)")
            }
        }
        #expect(
            AmountText.format(300_000, .dollar) == "3000.00 USD"
                && AmountText.format(5, .dollar) == "0.05 USD")
        #expect(
            Currency("usd")?.code == "USD" && Currency("ABC") == nil && Currency("KWD")?.minorUnits == 1000)
    }
}
