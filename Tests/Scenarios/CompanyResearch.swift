import Foundation
import JSON
import StandIns
import Testing

/// Research about a company beyond its fields: its story, its field, those beside it, and what others write
/// of it.
@Suite(.ownThread) struct CompanyResearch {
    static let web = try! CrawledWeb()
    static let server = try! BureauProcess.start(web.settings)
    let web = Self.web, server = Self.server

    /// A firm of robots with its site, and its lead.
    private func firm(_ name: String, _ agency: Agency, _ more: JSON = [:]) throws -> JSON {
        let host = "\(name.lowercased().replacing(" ", with: "-")).example"
        let data: JSON = [
            "@context": "https://schema.org", "@type": "Organization", "name": .string(name),
            "url": .string("http://\(host)/"),
        ]
        let head = "<script type=\"application/ld+json\">\(data.serialized)</script>"
        web.page(
            "\(host)/", name, links: ["/about"],
            head: head + "<meta name=\"generator\" content=\"WordPress 6.5\">")
        web.text(
            "\(host)/about", "About",
            "<p>In 2012 our first robot went to work.</p><p>We are looking for a Head of Growth.</p>")
        let known: JSON = ["company": .string(name), "industry": "robotics", "country": "DE"]
        return try agency.bareLead(host, known.merging(more))
    }

    @Test func `a company's story, what its industry does, and who is beside it are told with their reasons`()
        throws
    {
        let agency = try server.readingAgency(), owner = agency.owner
        let names = ["Alpha Works", "Beta Works", "Gamma Works", "Delta Works", "Epsilon Works"]
        let firms = try names.map { name in
            let lead = try firm(name, agency)
            _ = try owner.enriched(lead, ["fields": ["hiring", "technologies"]])
            return lead
        }
        _ = try owner.enriched(firms[4])
        #expect(try owner.fact(firms[4], "industry_trend") == .null, "from four others nothing follows")
        _ = try agency.bareLead(
            "far.example", ["company": "Far Works", "industry": "robotics", "country": "FR"])
        _ = try agency.bareLead(
            "bread.example", ["company": "Bread Works", "industry": "bakery", "country": "DE"])
        let lead = try firm("Zeta Works", agency)
        _ = try owner.enriched(lead)
        let trend = try owner.fact(lead, "industry_trend")
        #expect(
            trend["value"] == [
                "5 of 6 companies in robotics are hiring", "5 of 6 companies in robotics use WordPress",
            ], "\(trend)")
        let others = try owner.fact(lead, "competitors")
        #expect(others["value"] == JSON(names.reversed()))
        #expect(trend["source"]?["kind"] == "model" && others["source"]?["kind"] == "model")
        let story = try owner.fact(lead, "history"), words = "In 2012 our first robot went to work."
        #expect(story["value"] == [["year": 2012, "text": .string(words)]] as JSON)
        #expect(story["source"]?["kind"] == "website" && story["evidence"]?["quote"]?.text == words)
        #expect(story["evidence"]?["url"]?.text == "http://zeta-works.example/about")
    }

    @Test func `intensive research brings a company's profile, its technologies and what its market is like`()
        throws
    {
        let agency = try server.readingAgency(), owner = agency.owner
        let names = ["Uno Works", "Due Works", "Tre Works", "Quattro Works", "Cinque Works"]
        for name in names {
            let lead = try firm(name, agency)
            _ = try owner.enriched(lead, ["fields": ["hiring", "technologies"]])
        }
        let lead = try firm("Sei Works", agency)
        #expect(try owner.fact(lead, "technologies") == .null)
        _ = try owner.patch("/v1/agents/prospect_research/config", ["enrich_new": "all"]).ok()
        _ = try owner.post("/v1/agents/prospect_research/config/publish").ok()
        let schedules = try owner.every("/v1/schedules").filter { $0["agent"] == "prospect_research" }
        let intensive = try #require(schedules.first { $0["parameters"]?["intensive"] == true })
        #expect(intensive.text("cron") == "0 11-23/2 * * *")
        let run = try owner.ended(
            "/v1/agents/prospect_research/runs", ["parameters": intensive["parameters"] ?? [:]])
        #expect(run["status"] == "succeeded", "\(run)")
        let history = try owner.fact(lead, "history")
        #expect(history["value"]?[0]["year"] == 2012, "the profile of the company")
        let technologies = try owner.fact(lead, "technologies")["value"]?.array ?? []
        #expect(technologies.contains("WordPress"), "\(technologies)")
        let trend = try owner.fact(lead, "industry_trend")["value"]?.array?.compactMap(\.text) ?? []
        #expect(trend.contains { $0.hasSuffix("companies in robotics are hiring") }, "\(trend)")
        let others = try owner.fact(lead, "competitors")["value"]?.array?.compactMap(\.text) ?? []
        #expect(Set(others) == Set(names))
    }

    @Test
    func `what troubles a company is what it says of itself, sentence by sentence, and not its customers`()
        throws
    {
        let agency = try server.researchingAgency(), owner = agency.owner
        web.page("troubled.example/", "Troubled Works", links: ["/start", "/about"])
        web.text(
            "troubled.example/about", "About",
            """
            <p>There is too much manual work in our shop.</p>
            <blockquote>We struggle with rising costs. \u{2014} Max Muster, Other Corp</blockquote>
            """)
        web.text(
            "troubled.example/start", "About us",
            "<p>We make lamps. Our biggest challenge is to find people who weld. Come and see us.</p>")
        let lead = try agency.bareLead("troubled.example", ["company": "Troubled Works"])
        _ = try owner.enriched(lead, ["fields": ["pain_points"]])
        let told = Set((try owner.lead(lead)["pain_points"]?.array ?? []).compactMap(\.text))
        let wanted: Set = [
            "Our biggest challenge is to find people who weld.", "There is too much manual work in our shop.",
        ]
        #expect(told == wanted, "\(told)")
        let fact = try owner.fact(lead, "pain_points")
        #expect(fact["source"]?["kind"] == "website")
        #expect(wanted.contains(fact["evidence"]?["quote"]?.text ?? ""))
    }

    @Test func `news of others come with their addresses, expire, and are never those of another company`()
        throws
    {
        let agency = try server.researchingAgency(), owner = agency.owner
        web.service("gdelt.example/api/v2/doc/doc") { request in
            guard request.target.contains("northwind") else {
                return Searching.answer([:])
            }
            return Searching.answer([
                "articles": [
                    [
                        "url": "https://news.example/1", "seendate": "20260115T100000Z",
                        "title": "Northwind Robotics opens in Bonn &#39;soon&#39;",
                    ],
                    ["url": "https://news.example/2", "title": "Robots of all kinds"],
                    ["url": "https://news.example/3", "title": "A prize for Northwind Robotics"],
                ]
            ])
        }
        func asked() -> Int {
            web.asked("gdelt.example").count {
                $0.removingPercentEncoding?.contains("query=\"northwind robotics\"&") == true
            }
        }
        let connection: JSON = [
            "provider": "news", "capability": "company_enrichment", "credentials": [:],
            "settings": ["base_url": "http://gdelt.example"],
        ]
        _ = try owner.post("/v1/integrations", connection).ok(201)
        let plan = try owner.get("/v1/enrichment-plan").ok()["fields"]?["news"]
        #expect(plan?["sources"] == ["website", "news"] && plan?["max_age"] == "P30D")
        try owner.planned("news", ["news"], age: "P30D")
        let only: JSON = ["fields": ["news"]], lead = try agency.bareLead("northwind.example")
        #expect(try owner.enriched(lead, only).tried == ["news found"])
        #expect(asked() == 1)
        let fact = try owner.fact(lead, "news"), title = "Northwind Robotics opens in Bonn 'soon'"
        let told = (fact["value"]?.array ?? []).map { "\($0.text("url")) \($0.text("title"))" }
        #expect(
            told == [
                "https://news.example/1 \(title)", "https://news.example/3 A prize for Northwind Robotics",
            ], "\(fact)")
        #expect(fact["value"]?.array?.first?.text("seen_at").hasPrefix("2026-01-15T10:00:00") == true)
        #expect(fact["source"]?["kind"] == "feed" && fact["source"]?["name"] == "news")
        let evidence: JSON = ["quote": .string(title), "url": "https://news.example/1"]
        #expect(fact["evidence"] == evidence)
        // A name of one word may be any word: without its town nobody is asked.
        let apple = try agency.bareLead("apple.example", ["company": "Apple"])
        #expect(try owner.enriched(apple, only).tried == ["news empty"])
        #expect(!web.asked("gdelt.example").contains { $0.contains("apple") })
        let box = try agency.sandbox("live", startAt: "2036-01-05T10:00:00.000Z")
        #expect(try box.owner.fact(lead, "news") == .null)
        #expect(try box.owner.fact(lead, "news", "expired")["value"] == fact["value"])
    }
}
