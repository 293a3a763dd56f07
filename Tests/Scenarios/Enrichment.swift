import JSON
import StandIns
import Testing

/// Sites' words about their companies become facts, each with its source, and go back as one.
@Suite(.ownThread) struct Enrichment {
    static let web = try! CrawledWeb()
    static let server = try! BureauProcess.start(web.settings)
    let web = Self.web, server = Self.server

    @Test func `a site's data and words become facts, with source, address, words, time and cost`() throws {
        let agency = try server.readingAgency(), owner = agency.owner
        web.company("whole.example")
        let lead = try agency.bareLead("whole.example")
        let result = try owner.enriched(lead)
        let now = try owner.lead(lead)
        #expect(now.text("phone") == "+4930901820" && now["employee_count"] == 140)
        #expect(now.text("country") == "DE" && now.text("location") == "Berlin")
        #expect(now.text("linkedin_url") == "https://www.linkedin.com/company/northwind-robotics")
        for (field, value, words) in [
            ("phone", "+4930901820", "+49 30 901820"), ("founded_year", 2009, "2009-03-01"),
            ("legal_name", "Northwind Robotics GmbH", "Northwind Robotics GmbH"),
        ] as [(String, JSON, String)] {
            let fact = try owner.fact(lead, field)
            #expect(fact["value"] == value && fact["evidence"]?["quote"]?.text == words, "\(field)")
            #expect(fact["source"]?["kind"] == "website" && fact["cost"]?["amount"] == 0)
            #expect(fact["source"]?["url"]?.text?.hasPrefix("http://whole.example/") == true)
            #expect(fact["evidence"]?["url"] == fact["source"]?["url"])
            #expect(!fact.text("observed_at").isEmpty && !fact.text("expires_at").isEmpty)
        }
        #expect(
            try owner.fact(lead, "decision_makers")["value"]?.serialized.contains("Erika Beispiel") == true)
        #expect(try owner.fact(lead, "technologies")["value"]?.serialized.contains("WordPress") == true)
        #expect(try owner.fact(lead, "company")["source"]?["kind"] == "person")
        #expect(result.text("change_set_id").hasPrefix("chg_") && result["cost"]?["amount"] == 0)
        #expect(result.tried.first == "website found")
        let story = try owner.every("/v1/leads/\(lead.id)/timeline")
        #expect(story.contains { $0.text("type") == "lead.enriched" })
    }

    /// A company that was researched: its lead, and the facts that are current.
    private struct Researched {
        let lead: JSON
        private let facts: [JSON]

        init(_ host: String, _ more: JSON) throws {
            let agency = try Enrichment.server.readingAgency(), owner = agency.owner
            Enrichment.web.company(host)
            let made = try agency.bareLead(host, more)
            _ = try owner.enriched(made)
            (lead, facts) = (try owner.lead(made), try owner.facts(made, "?status=current"))
        }

        func fact(_ field: String) -> JSON { facts.first { $0.text("field") == field } ?? .null }
    }

    /// A company of which no more is known than its field and its site: 140 people, and one open position.
    private static let usual: Result<Researched, any Error> = Result {
        try Researched("research.example", ["industry": "manufacturing"])
    }

    /// A company whose revenue somebody has stated: twelve million dollars a year.
    private static let stated: Result<Researched, any Error> = Result {
        try Researched(
            "stated.example", ["industry": "manufacturing", "annual_revenue": dollars(12_000_000)])
    }

    /// The ends of an estimate, in cents.
    private func range(_ fact: JSON) -> [Int64?] {
        ["from", "to"].map { fact["value"]?[$0]?["amount"]?.int }
    }

    @Test func `a range of revenue is what is stated, else what people bring in the industry, with reasons`()
        throws
    {
        let company = try Self.usual.get(), revenue = company.fact("revenue_range")
        // 140 people of 210,000 each, and how far that may be off: from 0.6 to 1.6 of it, to two digits.
        #expect(range(revenue) == [1_700_000_000, 4_700_000_000], "\(revenue)")
        #expect(revenue["value"]?["from"]?["currency"] == "USD" && revenue["source"]?["kind"] == "model")
        let reasons = revenue["value"]?.text("reasoning") ?? ""
        for words in ["140 people", "210,000", "manufacturing"] {
            #expect(reasons.contains(words), "\(reasons)")
        }
        #expect(company.lead["annual_revenue"] == .null, "an estimate is no value of the lead")
        let known = try Self.stated.get(), said = known.fact("revenue_range")
        #expect(range(said) == [1_200_000_000, 1_200_000_000], "\(said)")
        #expect(said["value"]?.text("reasoning").contains("stated revenue") == true, "\(said)")
        #expect((said["confidence"]?.double ?? 0) > (revenue["confidence"]?.double ?? 1), "it is surer")
        #expect(known.lead["annual_revenue"] == dollars(12_000_000))
    }

    @Test func `a budget is estimated by the month from the revenue, with reasons, and is not the lead's`()
        throws
    {
        let company = try Self.usual.get(), budget = company.fact("budget_estimate")
        // Five to ten per cent of the revenue for marketing, in twelve parts.
        #expect(range(budget) == [7_000_000, 39_000_000] && budget["value"]?["per"] == "month", "\(budget)")
        let reasons = budget["value"]?.text("reasoning") ?? ""
        #expect(reasons.contains("of revenue") && reasons.contains("140 people"), "\(reasons)")
        #expect(budget["source"]?["kind"] == "model")
        #expect(company.lead["budget"] == .null, "nobody has said that they have it")
        let known = try Self.stated.get()
        #expect(range(known.fact("budget_estimate")) == [5_000_000, 10_000_000])
        #expect(known.lead["budget"] == .null)
    }

    @Test func `where a company is heading follows from positions, words and its size before, with reasons`()
        throws
    {
        let growth = try Self.usual.get().fact("growth_trajectory")["value"]
        #expect(growth?["direction"] == "growing", "\(growth ?? .null)")
        #expect(growth?.text("reasoning").contains("1 open position") == true, "\(growth ?? .null)")
        // Fewer people than before weigh more than one open position, and as much as that with words of growth.
        let agency = try server.readingAgency()
        for (host, words, direction) in [
            ("shrinks.example", "", "shrinking"),
            ("steady.example", "<p>We opened a new office in Oslo.</p>", "steady"),
        ] {
            web.company(host)
            web.text(
                "\(host)/about", "About",
                "<p>Managing Director: Erika Beispiel. We are looking for a Head of Growth.</p>\(words)")
            let lead = try agency.bareLead(host, ["employee_count": 200])
            _ = try agency.owner.enriched(lead)
            let growth = try agency.owner.fact(lead, "growth_trajectory")["value"]
            #expect(growth?["direction"]?.text == direction, "\(growth ?? .null)")
            #expect(growth?.text("reasoning").contains("140") == true, "\(growth ?? .null)")
        }
    }

    @Test func `more of a business, who decides there and how to reach them are told together`() throws {
        let company = try Self.usual.get()
        #expect(company.fact("founded_year")["value"] == 2009)
        #expect(company.fact("legal_name")["value"] == "Northwind Robotics GmbH")
        #expect(company.fact("phone")["value"] == "+4930901820")
        let people = company.fact("decision_makers")["value"]?.array ?? []
        let chief = people.first { $0.text("name") == "Erika Beispiel" }
        #expect(chief?.text("title").contains("Managing Director") == true, "\(people)")
        // They have written nothing: of the ways that are known the telephone comes before a profile.
        let channel = company.fact("preferred_channel")["value"]
        #expect(channel?["channel"] == "phone" && channel?.text("reasoning").isEmpty == false)
    }

    @Test
    func `a person's value stays, the other stands beside it, accepted it counts, rejected it stays away`()
        throws
    {
        let agency = try server.readingAgency(), owner = agency.owner
        web.company("people.example")
        let lead = try agency.bareLead("people.example", ["phone": "+4930777777", "country": "DE"])
        let result = try owner.enriched(lead)
        #expect(try owner.lead(lead).text("phone") == "+4930777777")
        let kept = (result["kept"]?.array ?? []).map { "\($0.text("field")) \($0.text("reason"))" }
        #expect(kept.contains("phone person"))
        let other = try owner.fact(lead, "phone", "alternative")
        #expect(other.text("value") == "+4930901820")
        let mine = try owner.fact(lead, "phone")
        #expect(mine["source"]?["kind"] == "person")
        _ = try owner.post("/v1/facts/\(mine.id)/accept").ok()
        _ = try owner.post("/v1/facts/\(other.id)/accept").ok()
        #expect(try owner.lead(lead).text("phone") == "+4930901820")
        #expect(try owner.fact(lead, "phone", "alternative").text("value") == "+4930777777")

        let count = try owner.fact(lead, "employee_count")
        let path = "/v1/facts/\(count.id)/reject"
        #expect(try owner.post(path, [:]).ok(422)["errors"]?.array?.first?.text("code") == "required")
        _ = try owner.post(path, ["reason": "It is the whole group."]).ok()
        #expect(try owner.lead(lead)["employee_count"] == .null)
        let again = try owner.enriched(lead, ["refresh": true])
        #expect(try owner.lead(lead)["employee_count"] == .null)
        #expect((again["kept"]?.array ?? []).contains { $0["reason"] == "rejected" })
    }

    @Test func `who has another site is asked about anew, and what the wrong one said is stale`() throws {
        let agency = try server.researchingAgency(), owner = agency.owner
        web.company("wrong-firm.example")
        web.company("right-firm.example", ["telephone": "+49 30 901877", "numberOfEmployees": .null])
        try owner.planned("phone", ["website"])
        try owner.planned("employee_count", ["website"])
        let lead = try agency.bareLead("wrong-firm.example", ["contact_title": "Head of sales"])
        let wish: JSON = ["fields": ["phone", "employee_count"]]
        _ = try owner.enriched(lead, wish)
        #expect(try owner.lead(lead)["phone"] == "+4930901820")
        // Another page of the same site changes nothing.
        let path = "/v1/leads/\(lead.id)"
        try owner.patch(path, ["website": "http://www.wrong-firm.example/home"]).ok()
        #expect(try owner.fact(lead, "phone")["value"] == "+4930901820")
        try owner.patch(path, ["website": "http://right-firm.example"]).ok()
        for field in ["phone", "employee_count"] {
            #expect(try owner.fact(lead, field) == .null)
            #expect(try owner.fact(lead, field, "expired")["source"]?["kind"] == "website")
        }
        #expect(try owner.fact(lead, "contact_title")["source"]?["kind"] == "person")
        #expect(try owner.enriched(lead, wish).tried == ["website found"])
        let now = try owner.lead(lead)
        #expect(now["phone"] == "+4930901877" && now["employee_count"] == 140, "kept until one knows better")
        let phone = try owner.fact(lead, "phone")
        #expect(phone["source"]?["url"]?.text?.hasPrefix("http://right-firm.example/") == true)
    }

    @Test func `who is erased is forgotten in what the site of their company has said, too`() throws {
        let agency = try server.researchingAgency(), owner = agency.owner
        web.company("erased.example")
        for field in ["decision_makers", "phone"] { try owner.planned(field, ["website"]) }
        let wish: JSON = ["fields": ["decision_makers", "phone"]]
        func person(_ name: String) throws -> JSON {
            let address = name.split(separator: " ")[0].lowercased() + "@erased.example"
            return try agency.bareLead(
                "erased.example", ["contact_name": .string(name), "email": .string(address)])
        }
        let lead = try person("Erika Beispiel")
        _ = try owner.enriched(lead, wish)
        let company = try owner.lead(lead).text("company_id")
        func people() throws -> [JSON] {
            try owner.every("/v1/companies/\(company)/facts?field=decision_makers")
        }
        #expect(try people().map(\.serialized).joined().contains("Erika Beispiel"))
        try owner.post("/v1/privacy/erase", ["email": "erika@erased.example"]).ok()
        #expect(try people().isEmpty)
        // The site does not name her any more: what is kept of it does not bring her back.
        web.text("erased.example/about", "About", "<p>We build robots.</p>")
        let before = web.asked("erased.example").count
        let colleague = try person("Ann Other")
        #expect(try owner.enriched(colleague, wish).tried == ["website found"])
        #expect(web.asked("erased.example").count > before)
        #expect(try !owner.facts(colleague).map(\.serialized).joined().contains("Erika"))
    }

    @Test func `a run's changes go back together, and what was taken back does not come again`() throws {
        let agency = try server.readingAgency(), owner = agency.owner
        web.company("undone.example")
        let lead = try agency.bareLead("undone.example")
        let set = try owner.enriched(lead).text("change_set_id")
        _ = try owner.patch("/v1/leads/\(lead.id)", ["employee_count": 150]).ok()
        let undone = try owner.post("/v1/change-sets/\(set)/undo").ok()
        #expect(undone.text("status") == "partly_undone")
        let now = try owner.lead(lead)
        #expect(now["phone"] == .null && now["linkedin_url"] == .null && now["employee_count"] == 150)
        #expect(try owner.fact(lead, "founded_year") == .null)
        _ = try owner.enriched(lead, ["refresh": true])
        #expect(try owner.lead(lead)["phone"] == .null)
        #expect(try owner.fact(lead, "employee_count")["source"]?["kind"] == "person")
    }

    @Test func `a crawl with a lead gives it facts, but none of pages that forbid it`() throws {
        let agency = try server.researchingAgency(), owner = agency.owner
        web.company("crawled.example")
        web.set("crawled.example/imprint") { _ in
            StandInAnswer(
                200, "<title>Imprint</title><a href=\"tel:+4930111111\">call</a>",
                headers: [("Content-Type", "text/html"), ("X-Robots-Tag", "noindex")])
        }
        let lead = try agency.bareLead("crawled.example")
        let (crawl, pages) = try owner.crawled("http://crawled.example", ["lead_id": .string(lead.id)])
        #expect(pages["/imprint"]?["reason"] == "noindex" && crawl["facts"]?.int ?? 0 > 5)
        #expect(try owner.lead(lead)["employee_count"] == 140)
        #expect(try owner.facts(lead).allSatisfy { !$0.serialized.contains("111111") })
        let sets = try owner.every("/v1/change-sets?kind=crawl")
        #expect(sets.count == 1)
        // A page that has not changed says what it said.
        _ = try owner.crawled("http://crawled.example", ["lead_id": .string(lead.id)])
        #expect(try owner.every("/v1/change-sets?kind=crawl").count == 1)
    }

    @Test
    func `what is fresh is asked once for a company, becomes stale by the clock, and is kept in a sandbox`()
        throws
    {
        let agency = try server.researchingAgency(), owner = agency.owner
        web.company("fresh.example")
        try owner.planned("founded_year", ["website"], age: "P2D")
        let lead = try agency.bareLead("fresh.example")
        let only: JSON = ["fields": ["founded_year"]]
        _ = try owner.enriched(lead, only)
        let asked = web.asked("fresh.example").count
        #expect(try owner.enriched(lead, only).tried == ["website skipped fresh"])
        let other = try agency.bareLead(
            "fresh.example", ["contact_name": "Ann Other", "email": "ann@fresh.example"])
        #expect(try owner.enriched(other, only).tried == ["website found"])
        #expect(web.asked("fresh.example").count == asked)
        let box = try agency.sandbox("live", startAt: "2027-01-05T10:00:00.000Z")
        #expect(try box.owner.fact(lead, "founded_year", "expired")["value"] == 2009)
        #expect(try box.owner.fact(lead, "founded_year") == .null)
        let unknown = try box.owner.post(
            "/v1/leads", ["company": "Elsewhere", "website": "http://elsewhere.example"]
        ).ok(201)
        let result = try box.owner.post("/v1/leads/\(unknown.id)/enrich", ["refresh": true]).ok(202)
        _ = try box.advance("PT1M")
        let run = try box.owner.get("/v1/agent-runs/\(result.id)").ok()
        let tried = run["result"]?.tried ?? []
        #expect(!tried.isEmpty && tried.allSatisfy { $0.hasSuffix("skipped sandbox") }, "\(tried)")
        #expect(web.asked("elsewhere.example").isEmpty)
    }
}
