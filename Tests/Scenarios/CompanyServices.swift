import Foundation
import JSON
import StandIns
import Testing

/// People Data Labs, Apollo, Abstract, Hunter and Google Places as sources of companies, as `make stand-ins` stands in
/// for them.
@Suite(.ownThread) struct CompanyServices {
    private static let fields = ["founded_year", "employee_count", "industry", "location", "country"]
    private let server = BureauProcess.shared

    /// A service that enriches, connected to an agency whose plan asks it alone.
    private func agency(_ provider: String, _ service: ServiceStandIn, _ key: String) throws -> Agency {
        let agency = try server.researchingAgency()
        let made = try agency.connect(
            provider, service.url, credentials: ["api_key": .string(key)],
            settings: ["calls_per_second": 1000], capability: "company_enrichment")
        let told = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
        #expect(told["ok"] == true || key == "nocredits", "\(told)")
        for field in Self.fields + ["linkedin_url", "description"] {
            try agency.owner.planned(field, [provider])
        }
        return agency
    }

    /// Asks about another company; returns the lead and what came of it.
    private func ask(_ agency: Agency, _ host: String) throws -> (lead: JSON, tried: [String]) {
        let lead = try agency.owner.post(
            "/v1/leads", ["company": "Acme", "website": .string("https://\(host)")]
        ).ok(201)
        let wanted = Self.fields + ["linkedin_url", "description"]
        return (lead, try agency.owner.enriched(lead, ["fields": JSON(wanted)]).tried)
    }

    private func checkEnrichment(
        _ provider: String, _ service: ServiceStandIn, _ key: String, industry: String
    ) throws {
        let agency = try agency(provider, service, key), owner = agency.owner
        let good = try ask(agency, "acme.example")
        #expect(good.tried == ["\(provider) found"])
        let expected: [JSON] = [2012, 42, .string(industry), "Bilbao", "ES"]
        for (field, value) in zip(Self.fields, expected) {
            let fact = try owner.fact(good.lead, field)
            #expect(fact["value"] == value, "\(field): \(fact)")
            #expect(fact["source"]?["name"] == .string(provider), "\(field): \(fact)")
        }
        let profile = try owner.fact(good.lead, "linkedin_url")["value"]?.text
        #expect(profile?.hasSuffix("linkedin.com/company/acme") == true, "\(profile ?? "")")
        // Smaller plans say true in place of a value.
        #expect(try owner.fact(good.lead, "description")["value"] != true)
        let none = try ask(agency, "nobody.example")
        #expect(none.tried == ["\(provider) empty"])
        #expect(try owner.facts(none.lead).allSatisfy { $0["source"]?["name"] != .string(provider) })
        service.next(.answer(200, "<html>sign in</html>"))
        #expect(try ask(agency, "broken.example").tried == ["\(provider) failed invalid_answer"])
        service.next(.answer(429, "later", headers: [("Retry-After", "600")]))
        #expect(try ask(agency, "busy.example").tried == ["\(provider) failed rate_limited"])
        let asked = service.requests.count
        #expect(try ask(agency, "soon.example").tried == ["\(provider) skipped quota_exhausted"])
        #expect(service.requests.count == asked, "it is left alone for as long as it asks")
    }

    /// Nobody asks again before the month is over.
    private func checkCredits(_ provider: String, _ service: ServiceStandIn) throws {
        let agency = try agency(provider, service, "nocredits")
        let first = try ask(agency, "spent.example").tried, asked = service.requests.count
        #expect(first.first?.hasSuffix(" quota_exhausted") == true, "\(first)")
        #expect(try ask(agency, "again.example").tried == ["\(provider) skipped quota_exhausted"])
        #expect(service.requests.count == asked)
    }

    @Test func `People Data Labs tells of a company, and each way in which it does not is told`() throws {
        let standIn = try PeopleDataLabsStandIn(), service = standIn.service
        try checkEnrichment(
            "people_data_labs", service, standIn.apiKey, industry: "marketing and advertising")
        #expect(
            service.requests.contains {
                $0.target.contains("website=acme.example&min_likelihood=6") && $0.header("X-Api-Key") != nil
            })
        try checkCredits("people_data_labs", service)
    }

    @Test func `Apollo tells of a company, and each way in which it does not is told`() throws {
        let standIn = try ApolloStandIn(), service = standIn.service
        try checkEnrichment(
            "apollo", service, standIn.apiKey, industry: "marketing & advertising")
        try checkCredits("apollo", service)
    }

    @Test func `Abstract tells of a company, and each way in which it does not is told`() throws {
        let standIn = try AbstractCompanyStandIn(), service = standIn.service
        try checkEnrichment("abstract_company", service, standIn.apiKey, industry: "Marketing")
        try checkCredits("abstract_company", service)
    }

    @Test func `Hunter tells of a company by its domain, and of an unknown one nothing`() throws {
        let standIn = try HunterStandIn(), agency = try server.researchingAgency()
        try agency.connect(
            "hunter", standIn.service.url, credentials: ["api_key": .string(standIn.apiKey)],
            settings: ["calls_per_second": 1000], capability: "company_enrichment")
        let fields = ["founded_year", "industry", "location", "linkedin_url"]
        for field in fields { try agency.owner.planned(field, ["hunter"]) }
        for (host, tried) in [("acme.example", "hunter found"), ("nobody.example", "hunter empty")] {
            let lead = try agency.owner.post(
                "/v1/leads", ["company": "Acme", "website": .string("https://\(host)")]
            ).ok(201)
            #expect(try agency.owner.enriched(lead, ["fields": JSON(fields)]).tried == [tried])
            guard host == "acme.example" else { continue }
            #expect(try agency.owner.fact(lead, "founded_year")["value"] == 2012)
            #expect(try agency.owner.fact(lead, "industry")["value"] == "Marketing")
        }
    }

    // MARK: Searches

    /// An agency that searches with a service.
    private func searching(_ provider: String, _ service: ServiceStandIn, _ key: String) throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/lead_generation", ["state": "active"]).ok()
        try agency.connect(
            provider, service.url, credentials: ["api_key": .string(key)],
            settings: ["calls_per_second": 1000], capability: "lead_source")
        return agency
    }

    private func search(_ agency: Agency, _ provider: String, _ keyword: String) throws -> JSON {
        let search = try agency.owner.post(
            "/v1/searches",
            [
                "name": "Makers", "sources": [.string(provider)], "countries": ["ES"],
                "keywords": [.string(keyword)], "employee_count": ["gte": 20, "lte": 60],
            ]
        ).ok(201)
        let run = try agency.owner.ended("/v1/searches/\(search.id)/run")
        try #require(run.text("status") == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    /// Finds companies on some pages, then has the service misbehave; `refusal` is how it says that it is asked too
    /// often.
    private func checkSearch(
        _ provider: String, _ service: ServiceStandIn, _ key: String, finds count: Int, pages: Int = 2,
        refusal: ServiceStandIn.Turn
    ) throws -> Agency {
        let agency = try searching(provider, service, key)
        // An answer that cannot be read is asked for once more.
        service.next(.answer(200, "[1"))
        let found = try search(agency, provider, "makers")
        #expect(found["created"] == JSON(count), "\(found)")
        #expect(service.requests.count == pages + 1, "\(service.requests.map(\.target))")
        #expect(found["by_source"]?.array?.first?["error"] ?? .null == .null, "\(found)")
        service.next(refusal)
        #expect(Searching.error(try search(agency, provider, "smiths")) == "rate_limited")
        let asked = service.requests.count
        #expect(!Searching.error(try search(agency, provider, "bakers")).isEmpty)
        #expect(service.requests.count == asked, "it is left alone for as long as it asks")
        return agency
    }

    @Test func `Apollo's companies become leads, page by page, and its refusals are told`() throws {
        let standIn = try ApolloStandIn(), service = standIn.service
        let agency = try checkSearch(
            "apollo", service, standIn.apiKey, finds: 2,
            refusal: .answer(429, "{}", headers: [("Retry-After", "600")]))
        let leads = try agency.owner.every("/v1/leads")
        #expect(Set(leads.map { $0.text("company") }) == ["Found 1", "Found 2"])
        let lead = try #require(leads.first { $0.text("company") == "Found 1" })
        #expect(lead.text("website").hasSuffix("found1.example") && lead.text("source") == "apollo")
        #expect(lead["employee_count"] == 42 && lead.text("country") == "ES", "\(lead)")
        let asked = service.requests[0].target.removingPercentEncoding ?? ""
        for part in [
            "organization_locations[]=Spain", "q_organization_keyword_tags[]=makers",
            "organization_num_employees_ranges[]=20,60", "page=1",
        ] {
            #expect(asked.contains(part), "\(asked)")
        }
        let poor = try searching("apollo", service, "nocredits")
        #expect(Searching.error(try search(poor, "apollo", "makers")) == "quota_exhausted")
    }

    @Test func `leads that a service has brought count as what came of it, and so does what they buy`() throws
    {
        let standIn = try ApolloStandIn()
        let agency = try searching("apollo", standIn.service, standIn.apiKey), owner = agency.owner
        #expect(try search(agency, "apollo", "makers")["created"] == 2)
        let integration = try #require(try owner.every("/v1/integrations").first)
        func worth() throws -> JSON {
            try owner.get("/v1/integrations/\(integration.id)/use").ok()["return"] ?? .null
        }
        let before = try worth()
        #expect(before["leads"] == 2 && before["calls"] == 2 && before["won"]?["amount"] == 0, "\(before)")
        let lead = try #require(try owner.every("/v1/leads").first)
        let body: JSON = ["lead_id": .string(lead.id), "name": "Site", "value": dollars(50)]
        let deal = try owner.post("/v1/deals", body).ok(201)
        try owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        let after = try worth()
        #expect(after["won"] == dollars(50) && after["won_per_call"] == dollars(25), "\(after)")
    }

    @Test func `places become leads, page by page and each once, and Google's refusals are told`() throws {
        let standIn = try GooglePlacesStandIn(), service = standIn.service
        let agency = try checkSearch(
            "google_places", service, standIn.apiKey, finds: 4, pages: 3,
            refusal: .answer(429, "{}", headers: [("Retry-After", "600")]))
        let leads = try agency.owner.every("/v1/leads")
        // The fourth is closed for good, and the first comes twice.
        #expect(Set(leads.map { $0.text("company") }) == Set([1, 2, 3, 5].map { "Place \($0)" }))
        // Its terms forbid to keep more than where to begin.
        #expect(leads.allSatisfy { $0["phone"] == .null && $0.text("website").hasSuffix(".example") })
        let none = try search(
            try searching("google_places", service, standIn.apiKey), "google_places", "none")
        #expect(none["created"] == 0 && Searching.error(none).isEmpty, "\(none)")
        for (key, code) in [("quota", "rate_limited"), ("wrong", "unauthenticated")] {
            let poor = try searching("google_places", service, key)
            #expect(Searching.error(try search(poor, "google_places", "makers")) == code)
        }
    }

    @Test func `companies that Hunter has discovered become leads, and its refusals are told`() throws {
        let standIn = try HunterStandIn(), service = standIn.service
        // 403 is its word for too fast, and 429 for a month that is used up.
        let agency = try checkSearch(
            "hunter", service, standIn.apiKey, finds: 3,
            refusal: .answer(403, #"{"errors":[{"id":"too_many_requests","code":403,"details":""}]}"#))
        let sites = try agency.owner.every("/v1/leads").map { $0.text("website") }
        #expect(Set(sites) == Set((1...3).map { "https://hunted\($0).example" }))
        let asked = try JSONParser.parse(service.requests[0].body)
        #expect(asked["headquarters_location"] == ["include": [["country": "ES"]]], "\(asked)")
        #expect(asked["headcount"] == ["11-50", "51-200"] && asked["keywords"]?["include"] == ["makers"])
        #expect(asked["offset"] == nil)
        #expect(try JSONParser.parse(service.requests[2].body)["offset"] == 2)
        let poor = try searching("hunter", service, standIn.apiKey)
        service.next(.answer(429, #"{"errors":[{"id":"usage_limit","code":429,"details":""}]}"#))
        #expect(Searching.error(try search(poor, "hunter", "makers")) == "quota_exhausted")
        let plain = try searching("hunter", service, standIn.apiKey)
        service.next(.answer(403, #"{"errors":[{"id":"no_discover_access","code":403,"details":""}]}"#))
        #expect(Searching.error(try search(plain, "hunter", "makers")) == "permission_missing")
    }

    @Test(arguments: ["apollo", "hunter", "google_places"])
    func `a service that gives its first page for ever is left soon, and that is told`(
        _ provider: String
    ) throws {
        let service: ServiceStandIn, key: String
        switch provider {
        case "apollo":
            let standIn = try ApolloStandIn()
            (service, key) = (standIn.service, standIn.apiKey)
        case "hunter":
            let standIn = try HunterStandIn()
            (service, key) = (standIn.service, standIn.apiKey)
        default:
            let standIn = try GooglePlacesStandIn()
            (service, key) = (standIn.service, standIn.apiKey)
        }
        let whole = try search(try searching(provider, service, key), provider, "makers")
        #expect(Searching.error(whole).isEmpty, "\(whole)")
        let agency = try searching(provider, service, key), asked = service.requests.count
        let page = try #require(service.answers.first)
        for _ in 0..<20 { service.next(.answer(page)) }
        #expect(Searching.error(try search(agency, provider, "smiths")) == "paging_loop")
        #expect(service.requests.count - asked == 2)
    }
}
