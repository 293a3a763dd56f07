import JSON
import StandIns
import Testing

extension Enrichment {
    @Test func `what a site says of its company counts where it can be true, and in one form`() throws {
        let agency = try server.readingAgency(), owner = agency.owner
        let wrong: JSON = [
            "telephone": "+49 12", "foundingDate": "3009-03-01", "legalName": .null,
            "numberOfEmployees": ["@type": "QuantitativeValue", "value": -4],
        ]
        web.company("impossible.example", wrong)
        let impossible = try agency.bareLead("impossible.example")
        _ = try owner.enriched(impossible)
        let kept = try owner.lead(impossible)
        #expect(kept["phone"] == .null && kept["employee_count"] == .null, "\(kept)")
        #expect(try owner.facts(impossible, "?field=founded_year").isEmpty)
        #expect(kept["country"] == "DE" && kept["location"] == "Berlin", "the rest of it counts")
        // Equal data of another company, at another address, say nothing of this one.
        web.company(
            "borrowed.example",
            [
                "name": "Other Works", "legalName": "Other Works Ltd",
                "url": "http://other-works.example/",
            ])
        let borrowed = try agency.bareLead("borrowed.example")
        _ = try owner.enriched(borrowed)
        #expect(try owner.facts(borrowed, "?field=founded_year").isEmpty)
        #expect(try owner.lead(borrowed)["employee_count"] == .null)
        // A number as its country writes it is stored as others dial it.
        web.company("dialled.example", ["telephone": "030 90 18 20"])
        let dialled = try agency.bareLead("dialled.example")
        _ = try owner.enriched(dialled)
        #expect(try owner.lead(dialled).text("phone") == "+4930901820")
    }

    @Test func `what a company uses is told by the marks of its pages, not by what they talk about`() throws {
        let agency = try server.researchingAgency(), owner = agency.owner
        let head =
            "<script src=\"//js.hs-scripts.com/1.js\"></script><meta name=\"generator\" content=\"WordPress 6.5\">"
        web.page("stack.example/", "Northwind Robotics", head: head)
        let lead = try agency.bareLead("stack.example")
        _ = try owner.enriched(lead, ["fields": ["technologies"]])
        let fact = try owner.fact(lead, "technologies")
        #expect(fact["value"] == ["HubSpot", "WordPress"], "\(fact)")
        #expect(fact["source"]?["kind"] == "website" && fact["evidence"]?["url"] == "http://stack.example/")
        web.text("talks.example/", "Northwind Robotics", "<p>We move sites from Drupal to WordPress.</p>")
        let other = try agency.bareLead("talks.example")
        _ = try owner.enriched(other, ["fields": ["technologies"]])
        #expect(try owner.facts(other, "?field=technologies").isEmpty)
    }

    @Test func `a company's people are counted by its data, else by its own words about itself`() throws {
        let agency = try server.researchingAgency(), owner = agency.owner
        func people(_ host: String, _ words: String? = nil) throws -> (lead: JSON, count: JSON?) {
            if let words { web.text("\(host)/", "Northwind Robotics", "<p>\(words)</p>") }
            let lead = try agency.bareLead(host)
            _ = try owner.enriched(lead, ["fields": ["employee_count"]])
            return (lead, try owner.lead(lead)["employee_count"])
        }
        web.company("counted.example")
        #expect(try people("counted.example").count == 140)
        let told = try people("told.example", "We are a team of 1,250 people.")
        #expect(told.count == 1250)
        #expect(
            try owner.fact(told.lead, "employee_count")["evidence"]?["quote"]?.text?.contains("1,250") == true
        )
        // Neither those of its customers nor those of another year are its people.
        for (host, words) in [
            ("clients.example", "Our software is for companies with 50 employees."),
            ("former.example", "2010: 50 employees."), ("range.example", "We have 10-50 employees."),
        ] {
            #expect(try people(host, words).count == .null, "\(host)")
        }
    }

    @Test func `who decides in a company is named with title, source and words, and nobody else is`() throws {
        let agency = try server.researchingAgency(), owner = agency.owner
        web.page("deciders.example/", "Northwind Robotics", links: ["/team"])
        let cards = [
            ("Jane Sample", "Managing Director"), ("Bob Muster", "Intern"), ("Ann Other", "Head of Sales"),
        ].map { "<div><h3>\($0)</h3><p>\($1)</p></div>" }
        web.text("deciders.example/team", "Team", cards.joined())
        let lead = try agency.bareLead("deciders.example")
        _ = try owner.enriched(lead, ["fields": ["decision_makers"]])
        let fact = try owner.fact(lead, "decision_makers")
        let found = (fact["value"]?.array ?? []).map { "\($0.text("name")), \($0.text("title"))" }
        #expect(Set(found) == ["Jane Sample, Managing Director", "Ann Other, Head of Sales"], "\(fact)")
        #expect(fact["evidence"]?["url"] == "http://deciders.example/team")
        #expect(fact["source"]?["kind"] == "website" && fact["evidence"]?["quote"]?.text?.isEmpty == false)
    }
}
