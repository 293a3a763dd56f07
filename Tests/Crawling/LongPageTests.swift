import JSON
import Markup
import Testing

@testable import Extraction

/// Pages that want to keep a reader busy: what they repeat costs once.
struct `Pages that go on and on` {
    private static let address = PageAddress("https://acme-robotics.example/imprint")!

    private func read(_ html: String) -> PageReading {
        let page = MarkupDocument(html: html)
        var identity = SiteIdentity(Self.address)
        identity.add("Acme Robotics")
        return PageReading(page, at: Self.address, of: identity, yearMax: 2026)
    }

    /// Each of a megabyte; read by comparing all with all, one of them took an hour.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("<p>", "tel 030 901820 ", "</p>"), ("<p>", "team of 5 people Other GmbH ", "</p>"),
            ("<p>", "we lack A ", "</p>"), ("<p>", "founded in 1999 ", "</p>"),
            ("<p>", "CEO: Jane Sample, ", "</p>"), ("<p>", "info at a dot b ", "</p>"),
            ("<p>", "x@acme-robotics.example ", "</p>"), ("<address>", "10115 Berlin ", "</address>"),
            ("", "<a href='tel:+4930901820'>030 901820</a><br>", ""),
            ("", "<a href='tel:+4930901820'><img src=x></a><br>y", ""),
            ("", "<a href='https://x.com/acme-robotics'>x</a><br>", ""),
            ("<head>", "<meta name=generator content=x>", "</head>"),
            (
                "",
                "<div itemscope itemtype='https://schema.org/Organization'><b itemprop=name>Acme Robotics</b>",
                ""
            ),
            (
                "<script type='application/ld+json'>[",
                #"{"@type":"Organization","name":"Acme Robotics","telephone":"030\u0020901820"},"#,
                "{}]</script>"
            ),
        ])
    func `are read in a moment, and say no more than others`(start: String, part: String, end: String) {
        let reading = read(start + String(repeating: part, count: 1_000_000 / part.utf8.count) + end)
        let counts = Dictionary(grouping: reading.facts, by: \.field).mapValues(\.count)
        #expect(counts.values.allSatisfy { $0 <= 200 }, "\(counts)")
        #expect(Dictionary(grouping: reading.facts, by: \.key).values.allSatisfy { $0.count <= 5 })
    }

    @Test func `say at their end who they are, as others do`() {
        let middle = String(
            repeating: "<p>We make arms, and more arms, for those who lift.</p>", count: 20_000)
        let reading = read(
            "<h1>Acme Robotics</h1>\(middle)<footer>Acme Robotics GmbH, Tel. 030 901820, info@acme-robotics.example</footer>"
        )
        let best = SiteReading([reading]).best
        #expect(best[.legalName]?.value == "Acme Robotics GmbH")
        #expect(best[.email]?.value == "info@acme-robotics.example")
        #expect(reading.text.hasSuffix("info@acme-robotics.example") && reading.text.utf8.count > 900_000)
    }

    @Test func `keep of a value that they repeat how surely it was said`() {
        let mails = String(repeating: "<p>info@acme-robotics.example</p>", count: 60)
        let reading = read("\(mails)<footer>E-mail: info@acme-robotics.example</footer>")
        let found = reading.facts.filter { $0.field == .email }
        #expect(found.count == 5)
    }

    /// An element within an element within an element, each with all that is within as its text.
    @Test func `hold no text as often as its elements stand within each other`() {
        let open = String(repeating: "<div itemprop=name>", count: 200)
        let html = "<div itemscope>\(open)\(String(repeating: "words ", count: 100_000))"
        let items = MicrodataReader.items(in: MarkupDocument(html: html), at: Self.address)
        #expect(items[0].texts("name").count == 200)
        #expect(items[0].texts("name").allSatisfy { $0.utf8.count <= 4000 })
    }
}

struct `Links of a page` {
    private static let address = PageAddress("https://acme-robotics.example/")!

    private func phones(_ html: String) -> [String] {
        let page = MarkupDocument(html: "<html lang=de><body><h1>Acme Robotics</h1>\(html)</body></html>")
        var identity = SiteIdentity(Self.address)
        identity.learn(from: page)
        let reading = PageReading(page, at: Self.address, of: identity, yearMax: 2026)
        return reading.facts.filter { $0.field == .phone }.compactMap(\.value.text)
    }

    private let link = "<a href='tel:+4930901820'>anrufen</a>"

    @Test func `count where they stand, not where their words stand first`() {
        #expect(phones("<div>Kunden<br>\(link)</div>").isEmpty == false)
        // The rest belongs to whoever made the site, however many letters with marks stand before.
        #expect(
            phones("<footer>\(String(repeating: "\u{FC}", count: 40)) Webdesign von Nebenan \(link)</footer>")
                .isEmpty)
        #expect(phones("<div>anrufen<br><q>Otto Other: \(link)</q></div>").isEmpty)
    }
}
