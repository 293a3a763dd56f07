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
}
