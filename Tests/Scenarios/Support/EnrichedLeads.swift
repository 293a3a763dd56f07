import JSON
import StandIns
import Testing

extension CrawledWeb {
    /// A company's site: what is for machines at home, people and words elsewhere.
    func company(_ host: String, _ more: JSON = [:]) {
        let organization: JSON = [
            "@context": "https://schema.org", "@type": "Organization", "name": "Northwind Robotics",
            "legalName": "Northwind Robotics GmbH", "telephone": "+49 30 901820",
            "foundingDate": "2009-03-01", "url": .string("http://\(host)/"),
            "numberOfEmployees": ["@type": "QuantitativeValue", "value": 140],
            "sameAs": ["https://www.linkedin.com/company/northwind-robotics"],
            "address": [
                "@type": "PostalAddress", "streetAddress": "Beispielweg 1", "postalCode": "10115",
                "addressLocality": "Berlin", "addressCountry": "DE",
            ],
        ]
        let data = organization.merging(more).serialized
        let script = "<script type=\"application/ld+json\">\(data)</script>"
        page(
            "\(host)/", "Northwind Robotics", links: ["/about", "/imprint"],
            head: script + "<meta name=\"generator\" content=\"WordPress 6.5\">")
        text(
            "\(host)/about", "About",
            "<p>Managing Director: Erika Beispiel. We are looking for a Head of Growth.</p>")
        text("\(host)/imprint", "Imprint", "<p>Northwind Robotics GmbH, Beispielweg 1, 10115 Berlin</p>")
    }

    /// A page with a body of its own.
    func text(_ address: String, _ title: String, _ body: String) {
        let html =
            "<html lang=\"en\"><head><title>\(title)</title></head><body><h1>\(title)</h1>\(body)</body></html>"
        set(address) { _ in
            StandInAnswer(200, html, headers: [("Content-Type", "text/html; charset=utf-8")])
        }
    }

    /// A service that answers questions about companies.
    func service(_ address: String, _ answer: @escaping Answer) { set(address, answer) }
}

extension BureauProcess {
    /// An agency of which only prospect research is at work.
    func researchingAgency() throws -> Agency {
        let agency = try quietAgency()
        try agency.owner.patch("/v1/agents/prospect_research", ["state": "active"]).ok()
        return agency
    }

    /// Returns an agency that reads the companies' own sites alone.
    func readingAgency() throws -> Agency {
        let agency = try researchingAgency()
        try agency.owner.asksSitesOnly()
        return agency
    }
}

extension Agency {
    /// A lead of whom only the company and its site are known.
    func bareLead(_ host: String, _ more: JSON = [:]) throws -> JSON {
        let body: JSON = ["company": "Northwind Robotics", "website": .string("http://\(host)")]
        return try owner.post("/v1/leads", body.merging(more)).ok(201)
    }
}

extension Caller {
    /// Enriches a lead to the end; returns the result.
    func enriched(
        _ lead: JSON, _ body: JSON = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let run = try ended("/v1/leads/\(lead.id)/enrich", body, sourceLocation: sourceLocation)
        #expect(run.text("status") == "succeeded", "\(run.serialized)", sourceLocation: sourceLocation)
        return run["result"] ?? .null
    }

    func facts(_ lead: JSON, _ query: String = "") throws -> [JSON] {
        try every("/v1/leads/\(lead.id)/facts\(query)")
    }

    /// The fact of a field with a status; null where there is none.
    func fact(_ lead: JSON, _ field: String, _ status: String = "current") throws -> JSON {
        try facts(lead, "?field=\(field)&status=\(status)").first ?? .null
    }

    func lead(_ lead: JSON) throws -> JSON { try get("/v1/leads/\(lead.id)").ok() }

    /// Has every field filled by the companies' own sites: services that answer everybody take a question in as much as
    /// five seconds, of all agencies of a server together.
    func asksSitesOnly(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let plan = try get("/v1/enrichment-plan").ok(sourceLocation: sourceLocation)["fields"]?.object ?? [:]
        let own = plan.members.map { ($0, $1.merging(["sources": ["website"]])) }
        try patch("/v1/enrichment-plan", ["fields": .object(JSONObject(own))]).ok(
            sourceLocation: sourceLocation)
    }

    /// Has a field filled by some sources alone.
    func planned(_ field: String, _ sources: [String], age: String = "P90D") throws {
        let plan: JSON = [
            "sources": JSON(sources), "min_confidence": 0.5, "max_age": .string(age),
        ]
        _ = try patch("/v1/enrichment-plan", ["fields": .object([field: plan])]).ok()
    }
}
