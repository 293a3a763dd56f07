internal import CPhoneNumber

/// A country or territory, by its ISO 3166 alpha-2 code.
package struct Country: Hashable, Sendable, CustomStringConvertible {
    /// Two capitals.
    package let code: String

    package var description: String { code }

    /// Finds a country by its code in any case. `UK` and `EL`, which the Union uses, stand for `GB` and `GR`.
    package init?(_ code: String) {
        guard code.utf8.count == 2, let known = CountryCodes.known[code.uppercased()] else { return nil }
        self.code = known
    }

    /// Finds a country by what people write: a code of two or three letters, the name in the country's own language or
    /// in one that has a file of names, a part of the United Kingdom, an old name.
    package init?(named text: String) {
        guard text.utf8.count <= 100 else { return nil }
        let trimmed = TextCleaning.trimmed(text)
        if let country = Country(trimmed) {
            self = country
            return
        }
        let names = CountryNames.shared.codes
        if let code = names[CountryNames.key(trimmed)] {
            self.code = code
            return
        }
        // "Germany (DE)", "DE - Germany": both parts have to mean the same.
        let parts = trimmed.split { "()[]-–/|:".contains($0) }.map { CountryNames.key(String($0)) }.filter {
            !$0.isEmpty
        }
        let codes = Set(parts.map { names[$0] ?? Country($0)?.code })
        guard parts.count == 2, codes.count == 1, case let code?? = codes.first else { return nil }
        self.code = code
    }

    /// Finds a country by a name in a text that need not be about countries. Two letters are too little to tell, since
    /// states have such codes, too, and so is a name that mostly means something else.
    package init?(mentionedAs text: String) {
        guard text.utf8.count > 2 || text.uppercased() == "UK" else { return nil }
        self.init(named: text)
        guard !CountryNames.shared.homonyms.contains(CountryNames.key(text)) else { return nil }
    }

    /// The code that telephone numbers of this country begin with (49); 0 for the few without one.
    package var callingCode: Int { Int(phone_number_calling_code(code)) }

    /// Every country, in the order of the codes.
    package static var all: [Country] { CountryCodes.all.map(Country.init(known:)) }

    private init(known code: String) { self.code = code }

    /// The country whose two letters end this host name, unless the ending is sold to everybody
    /// (`.io`, `.co`, `.ai`).
    package init?(topLevelDomainOf host: String) {
        let end = host.utf8.suffix(2)
        guard host.utf8.count > 3, host.utf8.dropLast(2).last == UInt8(ascii: "."),
            let country = Country(String(decoding: end, as: UTF8.self)),
            ![
                "AC", "AG", "AI", "AM", "AS", "BZ", "CC", "CF", "CO", "CX", "DJ", "FM", "GA", "GG", "GL",
                "GQ", "HN", "IM",
                "IO", "LA", "LC", "LI", "LY", "ME", "ML", "MN", "MS", "MU", "NU", "PW", "SC", "SH", "SO",
                "ST", "TK",
                "TM", "TO", "TV", "VC", "VG", "VU", "WS",
            ].contains(country.code)
        else { return nil }
        self = country
    }
}
