internal import Extraction
internal import Glibc
internal import JSON
internal import Markup
internal import Telemetry

/// A page of 100 KB, read wholly again and again: from its bytes to text, links, contacts, technology, structured
/// data and facts. The page is left in the run's folder, so that others can read the same.
struct PageBenchmark {
    struct WrongReading: Error { let missing: String }

    private let site: PageAddress, page: [UInt8]
    private let identity: SiteIdentity

    init(_ folder: String) throws {
        guard let site = PageAddress("https://acme-robotics.example/") else {
            throw WrongReading(missing: "the address")
        }
        self.site = site
        page = Array(SamplePage.html.utf8)
        var identity = SiteIdentity(site)
        identity.learn(from: MarkupDocument(html: SamplePage.html))
        self.identity = identity
        guard let file = fopen(folder + "/page.html", "w") else { throw WrongReading(missing: "the file") }
        defer { fclose(file) }
        fwrite(page, 1, page.count, file)
    }

    func run() throws -> JSON {
        let reading = read()
        try check(reading)
        for _ in 0..<50 { _ = read() }
        let before = residentMegabytes(), count = number("PAGES", 1000)
        let times = (0..<count).map { _ in
            let began = Instant.steadyClock()
            let links = read().links.count
            precondition(links == reading.links.count)
            return Instant.steadyClock() - began
        }
        return [
            "bytes": JSON(page.count), "p50": .number(percentile(0.5, of: times)),
            "p99": .number(percentile(0.99, of: times)), "links": JSON(reading.links.count),
            "facts": JSON(reading.facts.count), "text_bytes": JSON(reading.text.utf8.count),
            "memory_before": .number(before.rounded()), "memory": .number(residentMegabytes().rounded()),
        ]
    }

    private func read() -> PageReading {
        let text = DecodedText(page, header: "utf-8").text
        return PageReading(MarkupDocument(html: text), at: site, of: identity, yearMax: 2026)
    }

    /// Fails for a page that reads wrongly, so that it is not timed.
    private func check(_ reading: PageReading) throws {
        let best = SiteReading([reading]).best,
            wanted: [(FoundFact.Field, JSON)] = [
                (.legalName, "Acme Robotics GmbH"), (.phone, "+4930901820"),
                (.email, "hello@acme-robotics.example"), (.city, "Berlin"), (.country, "DE"),
                (.foundedYear, 2009), (.employeeCount, 140),
                (.linkedIn, "https://www.linkedin.com/company/acme-robotics"),
            ]
        for (field, value) in wanted where best[field]?.value != value {
            throw WrongReading(missing: field.rawValue)
        }
        let technologies = reading.facts.filter { $0.field == .technologies }.compactMap { $0.value.text }
        guard Set(technologies).isSuperset(of: ["WordPress", "Google Analytics", "HubSpot"]) else {
            throw WrongReading(missing: "technologies")
        }
        guard reading.links.count > 150 else { throw WrongReading(missing: "links") }
    }
}

/// The page of the benchmark: head with data for machines, navigation, articles, people, customers, footer.
enum SamplePage {
    static let html = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Acme Robotics – arms for small workshops</title>
        <meta name="description" content="Robot arms that a workshop of five can set up in a day."><meta name="generator" content="WordPress 6.5">
        <meta property="og:site_name" content="Acme Robotics"><meta property="og:title" content="Arms for small workshops">
        <meta property="og:type" content="website"><meta property="og:url" content="https://acme-robotics.example/">
        <link rel="stylesheet" href="/wp-content/themes/acme/style.css"><link rel="icon" href="/favicon.ico">
        <script async src="https://www.googletagmanager.com/gtag/js?id=G-000000"></script>
        <script id="hs-script-loader" src="//js.hs-scripts.com/123.js"></script><script>\(script)</script>
        <script type="application/ld+json">\(data)</script></head><body>\(navigation)<main><h1>Acme Robotics</h1>
        <p>Founded in 2009, we build arms that small workshops can afford.</p>\(articles)\(people)\(customers)</main>\(footer)</body></html>
        """

    private static let data = """
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Acme Robotics", "url": "https://acme-robotics.example"},
        {"@type": ["Organization", "Corporation"], "name": "Acme Robotics", "legalName": "Acme Robotics GmbH", "url": "https://acme-robotics.example",
        "telephone": "+49 30 901820", "email": "hello@acme-robotics.example", "foundingDate": "2009-03-01",
        "numberOfEmployees": {"@type": "QuantitativeValue", "value": 140}, "sameAs": ["https://www.linkedin.com/company/acme-robotics"],
        "address": {"@type": "PostalAddress", "streetAddress": "Beispielweg 1", "postalCode": "10115", "addressLocality": "Berlin", "addressCountry": "DE"}}]}
        """

    private static let script = (0..<60).map { index in
        "window.settings=window.settings||{};settings['option\(index)']={enabled:\(index % 2 == 0),delay:\(index * 7)};"
    }.joined()

    private static let navigation =
        "<header><nav><ul>"
        + (0..<60).map { "<li class=\"menu-item\"><a href=\"/topic-\($0)/\">\(words($0, 2))</a></li>" }
        .joined()
        + "<li><a href=\"/about\">About</a></li><li><a href=\"/imprint\">Imprint</a></li></ul></nav></header>"

    private static let articles = (0..<90).map { index in
        """
        <article class="card" itemscope itemtype="https://schema.org/BlogPosting"><a href="/news/story-\(index)"><img \
        src="/media/picture-\(index).jpg" alt="\(words(index, 3))" loading="lazy" width="640" height="360"></a>
        <h2 itemprop="headline"><a href="/news/story-\(index)">\(words(index * 3, 6))</a></h2><p class="meta"><time \
        itemprop="datePublished" datetime="2026-0\(index % 9 + 1)-11">\(index % 28 + 1).\(index % 9 + 1).2026</time> in \
        <a rel="tag" href="/category/\(index % 7)">\(words(index, 1))</a></p><p itemprop="description">\(words(index * 5, 60)). \
        \(words(index * 7, 25)).</p></article>

        """
    }.joined()

    private static let people =
        "<section id=\"team\"><h2>Team</h2>"
        + (0..<12).map { index in
            "<div class=\"person\"><h3>Jane Sample</h3><p>\(index == 0 ? "Managing Director" : words(index, 2))</p></div>"
        }.joined() + "</section>"

    private static let customers =
        "<section class=\"testimonials\"><h2>What our customers say</h2>"
        + (0..<15).map { index in
            "<blockquote>\(words(index * 11, 35)). <cite>Otto Other, CEO, Other Corp, +49 30 555\(100 + index)</cite></blockquote>"
        }.joined() + "</section>"

    private static let footer = """
        <footer><p>© Acme Robotics GmbH · Beispielweg 1 · 10115 Berlin · <a href="tel:+4930901820">+49 30 901820</a> · \
        <a href="mailto:hello@acme-robotics.example">hello@acme-robotics.example</a> · <a href="https://www.linkedin.com/company/acme-robotics?trk=x">LinkedIn</a></p>
        \((0..<40).map { "<a href=\"/service/\($0)\">\(words($0 * 2, 2))</a> " }.joined())</footer>
        """

    private static let vocabulary = """
        a workshop robot arm which lifts heavy parts from one bench to another while people nearby keep working on orders that \
        customers placed last week because small firms rarely have time or money for integration projects of many months and \
        their welders know best how every seam should look after grinding so we listen first then measure plan install train \
        support repair machines across regions with partners who speak plainly about costs limits safety noise power spare parts
        """.split(separator: " ")

    /// So many words, always the same ones for a number.
    private static func words(_ start: Int, _ count: Int) -> String {
        var state = UInt64(start) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        var text = ""
        for index in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let word = vocabulary[Int(state >> 33) % vocabulary.count]
            text += index == 0 ? word.capitalized : " " + word
        }
        return text
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
