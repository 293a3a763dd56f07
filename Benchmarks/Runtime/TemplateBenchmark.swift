internal import JSON
internal import Records
internal import Telemetry
internal import Templates

/// A mail's template of 1 KB with what such templates have: names with and without a default, a condition, a
/// loop, a date, money. Compiled once, rendered again and again by one thread, each time for another reader.
struct TemplateBenchmark {
    private static let body = """
        Hi {{ lead.contact_name | first_name | default: "there" }},

        I came across **{{ lead.company }}** while I was looking at {{ lead.industry | default: "firms like yours" }} \
        in {{ lead.city | default: "your city" }}. {% if lead.employees > 50 %}With {{ lead.employees | number }} people \
        you will know that growing and keeping one's manners is not the same thing.{% else %}Small teams often do \
        this best, and still have the least time to tell anybody about it.{% endif %}

        {% if lead.pain_points %}
        What other {{ lead.pain_points | plural: "client", "clients" }} of ours had in common:

        {% for point in lead.pain_points limit: 3 %}
        - {{ point | capitalize }}{% unless forloop.last %},{% endunless %}
        {% endfor %}
        {% endif %}

        We have set aside {{ lead.budget | money }} of work for you until {{ lead.until | date: "long" }}. If that sounds \
        right, [pick a time]({{ booking_url }}?company={{ lead.company }}) or answer this mail; a word is enough. And if \
        it does not, you will not hear from us again: [unsubscribe]({{ unsubscribe_url }}).

        {{ agency.name }}
        """

    private static let names = TemplateNames([
        .object(
            "lead",
            [
                .text("contact_name"), .text("company", .required), .text("industry"), .text("city"),
                .number("employees"), .list("pain_points", of: .text), .money("budget"), .instant("until"),
            ]),
        .object("agency", [.text("name", .required)]), .url("booking_url", .required),
        .url("unsubscribe_url", .required),
    ])

    private static func values(_ number: Int) -> JSON {
        [
            "lead": [
                "contact_name": .string("Dr. Jane Example \(number)"),
                "company": .string("Acme & Sons \(number)"),
                "industry": .string(number % 3 == 0 ? "" : "bakeries"), "city": "Lyon",
                "employees": JSON(number),
                "pain_points": ["slow website", "few reviews", "no bookings online"],
                "budget": ["amount": .integer(Int64(number) * 1250), "currency": "EUR"],
                "until": "2026-12-24T17:00:00.000Z",
            ],
            "agency": ["name": "Nord & Süd"], "booking_url": "https://book.example.com/a",
            "unsubscribe_url": "https://a.example.com/u?t=1",
        ]
    }

    static func run() throws -> JSON {
        let mail = try MailTemplate.compile(
            subject: "A question about {{ lead.company }}", body: body, names: names)
        let readers = (0..<100).map(values), zone = TimeZoneRules(named: "Europe/Paris") ?? .utc
        let locale = TextLocale("en-GB"), length = number("SECS", 5)
        let dress = MailDress(
            agency: "Nord & Süd", colour: "#0b5d51", address: ["Hauptstr. 1", "10115 Berlin"],
            unsubscribeURL: "https://a.example.com/u?t=1")
        let first = try mail.body.render(values: readers[1], for: .markdown, locale: locale, zone: zone)
        guard first.text.contains("Hi Jane,"), first.text.contains("€12\\.50"), first.missing.isEmpty else {
            throw TemplateFaults([TemplateFault(.syntaxError, line: 1, column: 1, first.text)])
        }
        let markdown = try rate(length) {
            try mail.body.render(values: readers[$0], for: .markdown, locale: locale, zone: zone).text.utf8
                .count
        }
        let text = try rate(length) {
            try mail.body.render(values: readers[$0], for: .text, locale: locale, zone: zone).text.utf8.count
        }
        let whole = try rate(length) {
            try mail.render(values: readers[$0], locale: locale, zone: zone, dress: dress).html.utf8.count
        }
        let compiled = try rate(1) { _ in
            try Template.compile(source: body, names: names).source.utf8.count
        }
        return [
            "bytes": JSON(body.utf8.count), "result_bytes": JSON(first.text.utf8.count),
            "rate": .number(markdown),
            "text_rate": .number(text), "mail_rate": .number(whole), "compile_rate": .number(compiled),
        ]
    }

    /// Returns how often a second it is done.
    private static func rate(_ length: Int, _ body: (Int) throws -> Int) rethrows -> Double {
        let start = Instant.steadyClock(), end = start + .seconds(length)
        var done = 0, bytes = 0, now = start
        while now < end {
            for reader in 0..<100 { bytes += try body(reader) }
            done += 100
            now = Instant.steadyClock()
        }
        precondition(bytes > 0)
        return Double(done) / seconds(now - start)
    }
}
