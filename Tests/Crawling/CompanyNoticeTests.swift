import JSON
import Markup
import Testing

@testable import Extraction

/// Notices of companies of further countries, and what stands beside them that is not theirs.
struct `Notices of companies` {
    private static let home = PageAddress("https://acme-robotics.example/")!

    private func read(_ path: String, _ html: String, lang: String = "en") -> SiteReading {
        let front = MarkupDocument(html: "<title>Acme Robotics</title><h1>Acme Robotics</h1>")
        let page = MarkupDocument(html: "<html lang='\(lang)'><title>Legal</title><body>\(html)")
        var identity = SiteIdentity(Self.home)
        identity.learn(from: front)
        let address = PageAddress(path, from: Self.home)!
        let readings = [(Self.home, front), (address, page)].map {
            PageReading($0.1, at: $0.0, of: identity, yearMax: 2026)
        }
        return SiteReading(readings)
    }

    private func people(_ reading: SiteReading) -> [String] {
        reading.lists[.decisionMaker]?.compactMap { $0.value["name"]?.text } ?? []
    }

    @Test(arguments: [
        (
            "it", "/note-legali", "<p>Acme Robotics S.r.l.<br>Via Esempio 3<br>20121 Milano (MI), Italia</p>",
            "Acme Robotics S.r.l.", "Milano", "IT"
        ),
        (
            "nl", "/colofon",
            "<p>Acme Robotics B.V.<br>Voorbeeldstraat 1<br>1011 AB Amsterdam<br>Nederland</p>",
            "Acme Robotics B.V.", "Amsterdam", "NL"
        ),
        (
            "pt", "/aviso-legal",
            "<p>Acme Robotics, Lda.<br>Rua Exemplo 1<br>1100-001 Lisboa<br>Portugal</p>",
            "Acme Robotics, Lda.", "Lisboa", "PT"
        ),
        (
            "de", "/impressum",
            "<p>Acme Robotics GmbH<br>Mustergasse 5<br>A-2000 Stockerau<br>\u{D6}sterreich</p>",
            "Acme Robotics GmbH", "Stockerau", "AT"
        ),
        (
            "en", "/contact",
            "<p>Acme Robotics Pty Ltd<br>10 Example Street<br>Melbourne VIC 3000<br>Australia</p>",
            "Acme Robotics Pty Ltd", "Melbourne", "AU"
        ),
        (
            "en", "/contact", "<p>Acme Robotics, Inc.<br>1200 Example Blvd, Denver, CO 80202, USA</p>",
            "Acme Robotics, Inc.", "Denver", "US"
        ),
    ])
    func `name place and country as their country does`(
        lang: String, path: String, html: String, name: String, city: String, country: String
    ) {
        let best = read(path, html, lang: lang).best
        #expect(best[.legalName]?.value == .string(name))
        #expect(best[.city]?.value == .string(city) && best[.country]?.value == .string(country))
    }

    @Test(arguments: [
        (
            "<dl><dt>Directors</dt><dd>Jane Sample, Max Muster</dd></dl>", "/legal",
            ["Jane Sample", "Max Muster"]
        ),
        ("<p>Verwaltungsratspr\u{E4}sidentin: Jane Sample</p>", "/impressum", ["Jane Sample"]),
        ("<figure><img src=x><figcaption>Jane Sample, CEO</figcaption></figure>", "/team", ["Jane Sample"]),
        ("<p>Our CEO Jane Sample began alone.</p>", "/about", ["Jane Sample"]),
        (
            "<figure><blockquote>Great!</blockquote><figcaption>Jane Sample, CEO</figcaption></figure>",
            "/team", []
        ),
        ("<p>President Jane Sample opened the fair.</p>", "/about", []),
    ])
    func `name who decides`(html: String, path: String, names: [String]) {
        #expect(people(read(path, "<h1>x</h1>\(html)")) == names)
    }

    @Test(arguments: [
        ("Acme Robotics was founded by Jane Sample in 2005.", 2005), ("A family business since 1962.", 1962),
        ("Seit der Gr\u{FC}ndung im Jahr 1984 wachsen wir.", 1984),
        ("We grow. Our biggest client was founded in 1890.", nil),
    ])
    func `say since when they are there`(html: String, year: Int64?) {
        let found = read("/about", "<h1>About</h1><p>\(html)</p>").best[.foundedYear]?.value
        #expect(found == year.map(JSON.integer))
    }

    @Test(arguments: [
        ("<li>2010: 50 employees</li><li>Today 120 employees</li>", 120),
        ("<p>A client of ours employs 9,000 people.</p>", nil),
    ])
    func `say how many they are now, and not how many they or others were`(html: String, count: Int64?) {
        let found = read("/about", "<h1>About</h1>\(html)").best[.employeeCount]?.value
        #expect(found == count.map(JSON.integer))
    }

    @Test(arguments: [
        "info(a)acme-robotics.example", "info <b>@</b> acme-robotics.example",
        "info {at} acme-robotics {dot} example", "info@<wbr>acme-robotics.example",
    ])
    func `hide their address in further ways`(written: String) {
        let found = read("/contact", "<h1>Contact</h1><p>\(written)</p>").best[.email]?.value
        #expect(found == "info@acme-robotics.example")
    }

    /// None of it is theirs.
    @Test(arguments: [
        (
            "/datenschutz",
            "<h1>Datenschutz</h1><p>Aufsicht: Alt-Moabit 59, 10555 Berlin, Tel. 030 138890. Other Ireland Limited, Dublin, Irland.</p>"
        ),
        (
            "/imprint",
            "<h1>Terms</h1><p>Payments by Other Payments Europe, Limited, Dublin, Ireland. Hosting: Other GmbH, 91710 Gunzenhausen, Tel. 09831 5050</p>"
        ),
        ("/jobs", "<h1>Jobs</h1><p>Other GmbH seeks welders. Call +49 89 901820.</p>"),
        ("/stories", "<h2>Case study: Other Corp</h2><p>Call Other Corp: +49 30 901820</p>"),
        ("/sale", "<p>It ends in 10 days</p><footer>2026 Winter Sale</footer>"),
        ("/sale", "<footer>\u{A9} 2026 Acme Robotics</footer>"),
        ("/sale", "<footer>Your Company, 12345 Musterstadt</footer>"),
    ])
    func `speak of others, too`(path: String, html: String) {
        let reading = read(path, html, lang: path == "/datenschutz" ? "de" : "en")
        let said = Set(reading.best.keys).subtracting([.companyName, .description])
        #expect(said.isEmpty, "\(reading.best)")
    }
}
