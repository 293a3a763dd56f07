import JSON
import StandIns
import Testing

/// Registers, maps, news and communities that answer everybody, as `make stand-ins` stands in for them.
@Suite(.ownThread) struct OpenServices {
    @Test func `each answers a test, and registers tell what they know of a company`() throws {
        let registers = try OpenRegisters(), news = try OpenNews()
        let agency = try BureauProcess.shared.researchingAgency(), owner = agency.owner
        for (provider, server, capability) in [
            ("gleif", registers.gleif, "company_enrichment"),
            ("recherche_entreprises", registers.annuaire, "company_enrichment"),
            ("wikidata", registers.wikidata, "company_enrichment"),
            ("rdap", registers.rdap, "company_enrichment"),
            ("openstreetmap", registers.map, "company_enrichment"), ("news", news.news, "company_enrichment"),
            ("hacker_news", news.hackerNews, "lead_source"),
            ("stack_exchange", news.stackExchange, "lead_source"),
            ("mastodon", news.mastodon, "lead_source"), ("discourse", news.discourse, "lead_source"),
        ] {
            let made = try agency.connect(
                provider, server.url, settings: ["calls_per_second": 1000], capability: capability)
            let told = try owner.post("/v1/integrations/\(made.id)/test").ok()
            #expect(told["ok"] == true, "\(provider): \(told)")
        }
        for (field, sources) in [
            ("registration_number", ["gleif"]), ("employee_count", ["wikidata"]), ("growth", ["rdap"]),
        ] {
            try owner.planned(field, sources)
        }
        let lead = try owner.post(
            "/v1/leads",
            [
                "company": "Alder Robotics", "website": "https://alder-robotics.example",
                "location": "Berlin", "country": "DE",
            ]
        ).ok(201)
        let result = try owner.enriched(
            lead, ["fields": ["registration_number", "employee_count", "growth"]])
        #expect(Set(result.tried) == ["gleif found", "wikidata found", "rdap found"], "\(result)")
        #expect(try owner.fact(lead, "registration_number")["value"] == "HRB 11111")
        #expect(try owner.lead(lead)["employee_count"] == 140)
        #expect(try owner.fact(lead, "growth")["value"]?.serialized.contains("2010-03-01") == true)
    }

    @Test
    func `who looks for something in a community becomes a lead, with their words and where they stand`()
        throws
    {
        let news = try OpenNews(), agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        try owner.patch("/v1/agents/lead_generation", ["state": "active"]).ok()
        try owner.post(
            "/v1/lead-sources",
            [
                "name": "toots", "kind": "community", "platform": "mastodon",
                "start_url": "https://mastodon.example", "phrases": ["who does"],
            ]
        ).ok(201)
        try owner.patch("/v1/lead-sources/hacker_news", ["phrases": ["we look for"]]).ok()
        try owner.patch("/v1/lead-sources/stack_exchange", ["phrases": ["which crm"]]).ok()
        for (provider, server) in [
            ("hacker_news", news.hackerNews), ("stack_exchange", news.stackExchange),
            ("mastodon", news.mastodon),
        ] {
            try agency.connect(
                provider, server.url, settings: ["calls_per_second": 1000], capability: "lead_source")
        }
        func searched(_ source: String) throws -> JSON {
            let search = try owner.post(
                "/v1/searches", ["name": "Need", "sources": [.string(source)], "keywords": ["crm"]]
            ).ok(201)
            let run = try owner.ended("/v1/searches/\(search.id)/run")
            #expect(run.text("status") == "succeeded", "\(run)")
            return run["result"] ?? .null
        }
        #expect(try searched("hacker_news")["created"] == 2, "a page after the other")
        #expect(try searched("stack_exchange")["created"] == 1)
        // A firm that asks in two places is one company.
        let toots = try searched("toots")
        #expect(toots["found"] == 1 && toots["duplicates"] == 1, "\(toots)")
        let leads = try owner.every("/v1/leads")
        let lead = try #require(leads.first { $0.text("website") == "https://seeker1.example" }, "\(leads)")
        #expect(lead.text("source") == "hacker_news")
        #expect(lead["pain_points"]?.array?.first?.text == "We look for crm")
        let fact = try owner.fact(lead, "website")
        #expect(fact["source"]?.text("url") == "https://news.ycombinator.com/item?id=1", "\(fact)")
        let other = try #require(leads.first { $0.text("source") == "stack_exchange" })
        #expect(other.text("website") == "https://seeker.example")
        #expect(other["pain_points"]?.array?.first?.text == "Which crm?")
    }
}
