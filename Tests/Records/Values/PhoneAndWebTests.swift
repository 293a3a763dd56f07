import Testing

@testable import Records

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        ("(415) 555-2671", "US", "+14155552671"), ("+1 415 555 2671", nil, "+14155552671"),
        ("001 415 555 2671", "US", "+14155552671"),
        ("0049 30 23125123", "DE", "+493023125123"), ("+49 (0)30 23125-123", nil, "+493023125123"),
        ("030/23125123", "DE", "+493023125123"),
        (" 49 3023125735 ", "DE", "+493023125735"), ("tel:+44-20-79460123", nil, "+442079460123"),
        ("0303/5550177", "US", "+13035550177"),
        ("512.555.0118", "US", "+15125550118"), ("+39 06 1234 5678", nil, "+390612345678"),
        ("+39 (0)6 1234 5678", nil, "+390612345678"),
        ("０３０ ２３１２５１２３", "DE", "+493023125123"), ("1-800-FLOWERS", "US", "+18003569377"),
    ])
    func `ten ways of writing lead to one number`(_ text: String, _ country: String?, _ e164: String) {
        #expect(PhoneNumber(text, country: country.flatMap { Country($0) })?.e164 == e164)
    }

    @Test(arguments: [
        "", "call me", "000000", "0000000000", "123", "+49", "0123456789012345678", "n/a", "12/05/2024",
        "2024-05-12", "4.91523E+11",
        String(repeating: "1", count: 500),
    ])
    func `what is no number is none`(_ text: String) {
        #expect(PhoneNumber(text, country: Country("DE")) == nil)
    }

    /// A plus, digits and blanks are read without the library's regular expressions, anything else with them.
    @Test func `blanks and hyphens between digits make no difference`() throws {
        var state: UInt64 = 7
        func digit() -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return String(state >> 33 % 10)
        }
        var valid = 0
        for code in [
            "1", "30", "31", "33", "34", "36", "39", "43", "44", "45", "49", "61", "81", "90", "353", "420",
            "7",
        ] {
            for length in 5...11 {
                for _ in 0..<6 {
                    let (area, rest) = (digit() + digit(), (2..<length).map { _ in digit() }.joined())
                    let plain = PhoneNumber("+\(code) \(area) \(rest)")
                    #expect(plain == PhoneNumber("+\(code)-\(area)-\(rest)"), "+\(code) \(area) \(rest)")
                    valid += plain?.certainty == .valid ? 1 : 0
                }
            }
        }
        #expect(valid > 50)
    }

    @Test func `numbers reserved for fiction are possible, not valid`() throws {
        #expect(try #require(PhoneNumber("+1 555 555 0123")).certainty == .possible)
        #expect(try #require(PhoneNumber("+49 30 901820")).certainty == .valid)
    }

    @Test func `an extension is kept beside the number, and the country is known`() throws {
        let number = try #require(PhoneNumber("+493023125123 ext. 42"))
        #expect(number.e164 == "+493023125123" && number.extension == "42" && number.country == Country("DE"))
    }

    @Test func `without a country a national number is none`() {
        #expect(PhoneNumber("(212) 555-0128") == nil)
        #expect(PhoneNumber("030 901820") == nil)
    }
}

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("www.Import3.com", "https://www.import3.com"), ("HTTP://Example.com:80/", "http://example.com"),
        ("https://example.com:8443/a/", "https://example.com:8443/a"),
        ("example.com/About?utm_source=x&id=1&fbclid=2#top", "https://example.com/About?id=1"),
        ("//example.com", "https://example.com"), ("http//example.com", "http://example.com"),
        ("htps://example.com", "https://example.com"),
        ("https:\\\\example.com\\x", "https://example.com/x"),
        ("https://http://example.com", "http://example.com"), ("münchen.example", "https://münchen.example"),
        ("example.com.", "https://example.com"), ("http://192.168.0.1/x", "http://192.168.0.1/x"),
        ("EXAMPLE.TEST", "https://example.test"),
    ])
    func `websites become links`(_ text: String, _ link: String) {
        #expect(WebAddress(text)?.text == link)
        #expect(WebAddress(link)?.text == link)
    }

    @Test(arguments: [
        "", "none", "localhost", "javascript:alert(1)", "mailto:a@example.com", "a@example.com",
        "https://user:pass@example.com", "http://",
        "exa mple.com", "example.com<script>", "ftp://example.com", "-example.com", "example..com", "1.2.3",
        "http://example.com:99999",
    ])
    func `what is no website is none`(_ text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test(arguments: [
        ("www.example.co.uk", "example.co.uk"), ("a.b.example.com", "b.example.com"),
        ("example.com", "example.com"), ("shop.firm.example", "firm.example"),
        ("www.firm.co.example", "firm.co.example"), ("foo.github.io", "foo.github.io"),
    ])
    func `the registrable domain follows the public suffix list`(_ host: String, _ domain: String) {
        #expect(WebAddress.registrableDomain(of: host) == domain)
    }

    @Test func `suffixes and addresses have none, and shared hosts are nobody's own`() {
        #expect(
            WebAddress.registrableDomain(of: "co.uk") == nil
                && WebAddress.registrableDomain(of: "10.0.0.1") == nil)
        #expect(WebAddress("https://www.facebook.com/firm")?.ownDomain == nil)
        #expect(WebAddress("https://www.firm.de")?.ownDomain == "firm.de")
    }
}
