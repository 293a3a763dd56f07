import Markup
import Records
import Testing

@testable import Extraction

/// Competitors' words about their prices and themselves.
struct `Offers on pages` {
    private func read(_ body: String, at path: String = "/pricing", head: String = "") -> OfferReading {
        let html = "<html><head><title>Rival</title>\(head)</head><body>\(body)</body></html>"
        return OfferReading(MarkupDocument(html: html), at: PageAddress("https://rival.example\(path)")!)
    }

    private func told(_ reading: OfferReading) -> [String] {
        reading.prices.map { price in
            let period = price.period?.rawValue ?? "-"
            return
                "\(price.name) \(price.isFrom ? "from " : "")\(price.amount.amount) \(price.amount.currency) \(period)"
        }
    }

    @Test(arguments: [
        ("<h3>Starter</h3><p>€490 / month</p>", "Starter 49000 EUR month"),
        ("<h3>Starter</h3><p>ab 1.290,00 € pro Monat zzgl. MwSt.</p>", "Starter from 129000 EUR month"),
        ("<ul><li>Website check – CHF 490.– einmalig</li></ul>", "Website check 49000 CHF once"),
        ("<p>SEO: 1 200 € par mois HT</p>", "SEO 120000 EUR month"),
        ("<p>Plan Pro: 99,50 € al mes</p>", "Plan Pro 9950 EUR month"),
        ("<p>Pacchetto Base: 350 euro al mese</p>", "Pacchetto Base 35000 EUR month"),
        ("<p>Plano Base: 120 € por mês</p>", "Plano Base 12000 EUR month"),
        ("<p>Basis vanaf 250 € per maand</p>", "Basis from 25000 EUR month"),
        ("<p>Consulting: $150 per hour</p>", "Consulting 15000 USD hour"),
        ("<div>Growth</div><div>£1,200</div><div>per month</div>", "Growth 120000 GBP month"),
        ("<table><tr><td>Basic</td><td>$99/mo</td></tr></table>", "Basic 9900 USD month"),
        (
            "<table><tr><th></th><th>Basic</th></tr><tr><td>Price per month</td><td>$99</td></tr></table>",
            "Basic 9900 USD -"
        ),
        ("<p>Retainer: €2,000–5,000 a month</p>", "Retainer from 200000 EUR month"),
    ])
    func `are read with their names, currencies and periods, as seven languages write them`(
        body: String, told expected: String
    ) { #expect(told(read(body)) == [expected]) }

    @Test(arguments: [
        "<p>Save €200 a year with us.</p>", "<p>Room 490, 2026, +49 30 901820</p>",
        "<section class='testimonials'><h3>Jane</h3><p>They charged €900 a month.</p></section>",
        "<h3>Starter</h3><p hidden>€1 / month</p><p style='display:none'>€2 / month</p><!-- €3 / month -->",
        "<p>490 per month</p>",
        "<p>In 2025 the market for machine tools in all of Europe was worth €3 and grew by a tenth again.</p>",
    ])
    func `are no prices where nothing is sold, or nobody sees it`(body: String) {
        #expect(told(read(body)).isEmpty)
    }

    @Test func `are taken from structured data, and once`() {
        let data = #"""
            {"@type": "Service", "name": "Audit", "offers": {"@type": "Offer", "price": "750.00",
             "priceCurrency": "EUR", "priceSpecification": {"@type": "UnitPriceSpecification", "unitCode": "MON"}}}
            """#
        let head = "<script type='application/ld+json'>\(data)</script>"
        #expect(told(read("", head: head)) == ["Audit 75000 EUR month"])
        #expect(told(read("<h2>Audit</h2><p>€750 per month</p>", head: head)) == ["Audit 75000 EUR month"])
    }

    @Test func `say for whom a company works, what it claims, and what it calls itself`() {
        let body = """
            <h1>Marketing that machine builders understand</h1>
            <p>We help family-owned manufacturers in Europe. The only agency with engineers.</p>
            <section class='testimonials'><p>They are the leading agency in town.</p></section>
            <a href='/pricing'>Pricing</a> <a href='/blog/what-prices-mean-for-you-and-others'>Read more</a>
            <a href='https://other.example/pricing'>Pricing</a>
            """
        let reading = read(body, at: "/")
        #expect(
            reading.statements.map { "\($0.kind): \($0.text)" } == [
                "tagline: Marketing that machine builders understand",
                "segment: We help family-owned manufacturers in Europe.",
                "claim: The only agency with engineers.",
            ])
        #expect(reading.priceLinks.map(\.description) == ["https://rival.example/pricing"])
        #expect(read(body).statements.allSatisfy { $0.kind != .tagline })
    }
}
