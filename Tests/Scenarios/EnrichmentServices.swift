import JSON
import StandIns
import Testing

/// Services that are asked about companies, one after the other, within what they may cost; and what becomes of answers
/// that are no good.
@Suite(.ownThread) struct EnrichmentServices {
    static let web = try! CrawledWeb()
    static let server = try! BureauProcess.start(
        web.settings.merging(["outbound.allow_private": "true"]) { $1 })
    let web = Self.web, server = Self.server

    private static let only: JSON = ["fields": ["founded_year"]]

    /// An agency with Abstract at 5 cents and Hunter at 3, which answer so about founding years; the prefix keeps the
    /// hosts of tests apart.
    private func agency(
        _ name: String, abstract: @escaping CrawledWeb.Answer, hunter: @escaping CrawledWeb.Answer
    ) throws -> Agency {
        let agency = try server.researchingAgency()
        web.service("\(name)-abstract.example/v2", abstract)
        web.service("\(name)-hunter.example/v2/companies/find", hunter)
        for (provider, host, cents) in [
            ("abstract_company", "\(name)-abstract.example", 5), ("hunter", "\(name)-hunter.example", 3),
        ] {
            let made = try agency.connect(
                provider, "http://\(host)", credentials: ["api_key": "secret-key-of-tests"],
                settings: ["calls_per_second": 1000], capability: "company_enrichment")
            let price: JSON = ["amount": JSON(cents * 1000), "currency": "USD"]
            _ = try agency.owner.patch("/v1/integrations/\(made.id)", ["price": price]).ok()
        }
        try agency.owner.planned("founded_year", ["website", "abstract_company", "hunter"])
        return agency
    }

    private static func abstract(_ more: JSON) -> CrawledWeb.Answer {
        { request in
            let domain = Self.domain(in: request)
            let body: JSON = ["domain": .string(domain), "company_name": "Northwind", "year_founded": .null]
            return StandInAnswer(200, body.merging(more).serialized)
        }
    }

    private static func hunter(_ year: JSON) -> CrawledWeb.Answer {
        { request in
            guard !year.isNull else {
                return StandInAnswer(404, #"{"errors":[{"id":"not_found","code":404,"details":"none"}]}"#)
            }
            let data: JSON = [
                "id": "u", "name": "Northwind", "domain": .string(Self.domain(in: request)),
                "foundedYear": year, "tech": [],
            ]
            return StandInAnswer(200, (["data": data] as JSON).serialized)
        }
    }

    private static func domain(in request: ReceivedRequest) -> String {
        let query = request.target.drop { $0 != "?" }.dropFirst().split(separator: "&")
        return query.first { $0.hasPrefix("domain=") }.map { String($0.dropFirst(7)) } ?? ""
    }

    private func lead(_ host: String, of agency: Agency) throws -> JSON {
        web.page("\(host)/", "Northwind")
        return try agency.bareLead(host)
    }

    @Test func `sources are asked in their order until a field is known, and each is paid once`() throws {
        let agency = try agency("order", abstract: Self.abstract([:]), hunter: Self.hunter(2015))
        let owner = agency.owner, lead = try lead("order.example", of: agency)
        let plan = try owner.enriched(lead, Self.only.merging(["dry_run": true]))
        let costs = (plan["plan"]?.array ?? []).map {
            "\($0.text("source")) \($0["cost"]?["amount"]?.int ?? -1)"
        }
        #expect(costs == ["website 0", "abstract_company 5", "hunter 3"] && plan["filled"] == [])
        #expect(web.asked("order-abstract.example").isEmpty)
        let result = try owner.enriched(lead, Self.only)
        #expect(result.tried == ["website empty", "abstract_company empty", "hunter found"])
        #expect(result["cost"] == ["amount": 8, "currency": "USD"])
        let fact = try owner.fact(lead, "founded_year")
        #expect(fact["value"] == 2015 && fact["cost"]?["amount"] == 3)
        #expect(fact["source"]?["kind"] == "provider" && fact["source"]?["name"] == "hunter")
        #expect(fact["evidence"]?["quote"] == "2015")
        web.company("known.example")
        let known = try agency.bareLead("known.example")
        #expect(
            try owner.enriched(known, Self.only).tried == [
                "website found", "abstract_company skipped not_needed", "hunter skipped not_needed",
            ])
        #expect(web.asked("order-hunter.example").count == 1)
    }

    @Test func `a weak answer is not enough where the plan wants to be surer, and a record has its cap`()
        throws
    {
        let agency = try agency(
            "weak", abstract: Self.abstract(["year_founded": 2014]), hunter: Self.hunter(2014))
        let owner = agency.owner
        func tried(_ confidence: Double, _ host: String) throws -> [String] {
            let field: JSON = [
                "sources": ["abstract_company", "hunter"], "min_confidence": .number(confidence),
                "max_age": "P90D",
            ]
            _ = try owner.patch("/v1/enrichment-plan", ["fields": ["founded_year": field]]).ok()
            return try owner.enriched(try lead(host, of: agency), Self.only).tried
        }
        #expect(
            try tried(0.7, "weak1.example") == ["abstract_company found", "hunter skipped not_needed"])
        #expect(try tried(0.95, "weak2.example") == ["abstract_company found", "hunter found"])
        _ = try owner.patch(
            "/v1/enrichment-plan", ["max_cost_per_record": ["amount": 4, "currency": "USD"]]
        ).ok()
        #expect(
            try tried(0.95, "weak3.example") == ["abstract_company skipped over_budget", "hunter found"])
    }

    @Test func `a domain alone brings size, industry, revenue, place and what it is made with`() throws {
        let says: JSON = [
            "industry": "Industrial Automation", "employee_count": 140, "annual_revenue": 12_000_000,
            "city": "Berlin", "country_iso_code": "DE", "technologies": ["WordPress", "HubSpot"],
        ]
        let agency = try agency("domain", abstract: Self.abstract(says), hunter: Self.hunter(.null))
        let owner = agency.owner, lead = try lead("domain.example", of: agency)
        _ = try owner.enriched(lead)
        for (field, words) in [
            ("industry", "Industrial Automation"), ("employee_count", "140"),
            ("annual_revenue", "1200000000"),
            ("location", "Berlin"), ("country", "DE"), ("technologies", "HubSpot"),
        ] {
            let fact = try owner.fact(lead, field)
            #expect(fact["value"]?.serialized.contains(words) == true, "\(field): \(fact)")
            #expect(fact["source"]?["name"] == "abstract_company", "\(field): \(fact)")
        }
        let now = try owner.lead(lead)
        #expect(now["industry"] == "Industrial Automation" && now["employee_count"] == 140, "\(now)")
    }

    @Test func `caps and budgets hold, also when many ask at once, and who is too dear is passed over`()
        throws
    {
        let agency = try agency("caps", abstract: Self.abstract([:]), hunter: Self.hunter(2015))
        let owner = agency.owner
        let first = try lead("caps.example", of: agency)
        let cap: JSON = ["max_cost": ["amount": 4, "currency": "USD"]]
        #expect(
            try owner.enriched(first, Self.only.merging(cap)).tried == [
                "website empty", "abstract_company skipped over_budget", "hunter found",
            ])
        _ = try owner.post(
            "/v1/budgets",
            [
                "agent": "prospect_research", "kind": "money", "per": "day",
                "limit": ["amount": 9, "currency": "USD"],
            ]
        ).ok(201)
        // More than can be counted in the units of prices is no cap, and stops nothing.
        let most: JSON = ["amount": 9_007_199_254_740_991, "currency": "USD"]
        _ = try owner.patch("/v1/enrichment-plan", ["max_cost_per_record": most]).ok()
        let wish = Self.only.merging(["max_cost": most])
        let leads = try (1...4).map { try lead("caps\($0).example", of: agency) }
        let runs = try leads.map { try owner.post("/v1/leads/\($0.id)/enrich", wish).ok(202) }
        for run in runs {
            try eventuallyTrue("the run is over") {
                try owner.get("/v1/agent-runs/\(run.id)").ok().text("status") == "succeeded"
            }
        }
        let (dear, cheap) = (web.asked("caps-abstract.example").count, web.asked("caps-hunter.example").count)
        #expect(5 * dear + 3 * (cheap - 1) <= 9 && dear + cheap > 1)
    }

    @Test(
        arguments: [
            ("other", ["domain": "other.example", "year_founded": 2008], "refused other_company"),
            ("late", ["year_founded": 3020], "refused invalid_value"),
            ("text", ["year_founded": "soon"], "refused invalid_value"),
            ("shape", ["year_founded": ["a": 1]], "refused invalid_value"),
        ] as [(String, JSON, String)])
    func `an answer about another company, or that cannot be true, is refused`(
        _ name: String, _ answer: JSON, _ outcome: String
    ) throws {
        let agency = try agency("bad-\(name)", abstract: Self.abstract(answer), hunter: Self.hunter(.null))
        let lead = try lead("bad-\(name).example", of: agency)
        let tried = try agency.owner.enriched(lead, Self.only).tried
        #expect(tried == ["website empty", "abstract_company \(outcome)", "hunter empty"])
        #expect(try agency.owner.facts(lead, "?field=founded_year").isEmpty)
        for path in ["/v1/tool-calls", "/v1/integrations", "/v1/audit", "/v1/events"] {
            #expect(try !agency.owner.get(path).ok().serialized.contains("secret-key-of-tests"), "\(path)")
        }
    }

    @Test func `a number that contradicts the answer itself is refused`() throws {
        let answer: JSON = ["employee_count": 6132, "employee_range": "51-200"]
        let agency = try agency("range", abstract: Self.abstract(answer), hunter: Self.hunter(.null))
        try agency.owner.planned("employee_count", ["abstract_company"])
        let lead = try lead("range.example", of: agency)
        let tried = try agency.owner.enriched(lead, ["fields": ["employee_count"]]).tried
        #expect(tried == ["abstract_company refused inconsistent"])
        #expect(try agency.owner.lead(lead)["employee_count"] == .null)
    }

    @Test(
        arguments: [
            ("busy", 429, "", "rate_limited"),
            ("over", 422, #"{"error":{"code":"quota_reached"}}"#, "quota_exhausted"),
            ("down", 503, "", "unavailable"), ("list", 200, "[]", "invalid_answer"),
            ("page", 200, "<html>sign in</html>", "invalid_answer"), ("key", 401, "{}", "unauthenticated"),
        ])
    func `a service that fails is told with its reason, costs nothing, and the next one is asked`(
        _ name: String, _ status: Int, _ body: String, _ reason: String
    ) throws {
        let agency = try agency(
            "fail-\(name)", abstract: { _ in StandInAnswer(status, body) }, hunter: Self.hunter(2015))
        let lead = try lead("fail-\(name).example", of: agency)
        let result = try agency.owner.enriched(lead, Self.only)
        #expect(
            result.tried == ["website empty", "abstract_company failed \(reason)", "hunter found"])
        #expect(result["cost"] == ["amount": 3, "currency": "USD"])
    }

    @Test func `equal sources that contradict each other are put before people, until these have decided`()
        throws
    {
        let agency = try agency(
            "dispute", abstract: Self.abstract(["year_founded": 2008]), hunter: Self.hunter(2015))
        let owner = agency.owner
        func disputed(_ host: String) throws -> (lead: JSON, shown: JSON, other: JSON) {
            let lead = try self.lead(host, of: agency)
            try owner.planned("founded_year", ["website", "abstract_company", "hunter"])
            _ = try owner.enriched(lead, Self.only)
            try owner.planned("founded_year", ["hunter"])
            _ = try owner.enriched(lead, Self.only.merging(["refresh": true]))
            let shown = try owner.fact(lead, "founded_year")
            let other = try owner.fact(lead, "founded_year", "disputed")
            #expect(shown["value"] == 2008 && other["value"] == 2015)
            return (lead, shown, other)
        }
        func alerts() throws -> [JSON] {
            try owner.every("/v1/alerts?open=true").filter { $0.text("kind") == "disputed_facts" }
        }
        // Whichever of them is right, the other stands beside it, and nobody is asked any more.
        for (host, takesShown) in [("dispute1.example", true), ("dispute2.example", false)] {
            let (lead, shown, other) = try disputed(host)
            let open = try alerts()
            #expect(open.count == 1 && !open[0].text("recommended_action").isEmpty)
            #expect(open[0]["subject"]?.id == lead.id)
            let right = takesShown ? shown : other
            try owner.post("/v1/facts/\(right.id)/accept").ok()
            #expect(try owner.fact(lead, "founded_year")["value"] == right["value"])
            let statuses = try owner.facts(lead, "?field=founded_year").map { $0.text("status") }
            #expect(Set(statuses) == ["current", "alternative"] && statuses.count == 2)
            #expect(try alerts().isEmpty)
        }
        // Rejecting what contradicts is a decision, too.
        let (lead, _, other) = try disputed("dispute3.example")
        try owner.post("/v1/facts/\(other.id)/reject", ["reason": "Another company."]).ok()
        #expect(try owner.fact(lead, "founded_year")["value"] == 2008 && alerts().isEmpty)
    }

    @Test func `a plan that could not work is refused with each fault at its place`() throws {
        let owner = try server.researchingAgency().owner
        let plan: JSON = [
            "fields": [
                "founded_year": [
                    "sources": ["website", "nobody"], "min_confidence": 2, "max_age": "soon", "depth": 1,
                ],
                "score": ["sources": ["website"]],
            ], "max_cost_per_record": 5,
        ]
        let faults = try owner.patch("/v1/enrichment-plan", plan).ok(422)["errors"]?.array ?? []
        let told = Set(faults.map { "\($0.text("pointer")) \($0.text("code"))" })
        #expect(
            told == [
                "/fields/founded_year/sources/1 invalid_choice",
                "/fields/founded_year/min_confidence out_of_range",
                "/fields/founded_year/max_age invalid_duration", "/fields/founded_year/depth unknown_field",
                "/fields/score unknown_field", "/max_cost_per_record wrong_type",
            ])
        let euros: JSON = ["amount": 5, "currency": "EUR"]
        #expect(
            try owner.patch("/v1/enrichment-plan", ["max_cost_per_record": euros]).faults() == [
                "/max_cost_per_record/currency": "invalid_currency"
            ])
        let lead = try owner.post("/v1/leads", ["company": "Northwind"]).ok(201)
        #expect(
            try owner.post("/v1/leads/\(lead.id)/enrich", ["max_cost": euros]).faults() == [
                "/max_cost/currency": "invalid_currency"
            ])
        #expect(
            try owner.post("/v1/agents/prospect_research/runs", ["parameters": ["limit": .integer(.max)]])
                .faults() == ["/parameters/limit": "out_of_range"])
        let standard = try owner.get("/v1/enrichment-plan").ok()
        #expect(standard["fields"]?["phone"]?["sources"]?.array?.first == "website")
        try owner.planned("phone", [])
        #expect(try owner.get("/v1/enrichment-plan").ok()["fields"]?["phone"]?["sources"] == [])
        let back = try owner.patch("/v1/enrichment-plan", ["fields": ["phone": .null]]).ok()
        #expect(back["fields"]?["phone"] == standard["fields"]?["phone"])
        let row = (back["sources"]?.array ?? []).first { $0.text("name") == "abstract_company" }
        #expect(row?["needs_key"] == true && row?["connected"] == false)
    }

    @Test
    func `the hourly run asks free sources only, the intensive one all, and ten leads are a batch`()
        throws
    {
        let agency = try agency("light", abstract: Self.abstract([:]), hunter: Self.hunter(2015))
        let owner = agency.owner, agent = "/v1/agents/prospect_research"
        try owner.asksSitesOnly()
        try owner.planned("founded_year", ["website", "hunter"])
        _ = try owner.patch("\(agent)/config", ["enrich_new": "all"]).ok()
        _ = try owner.post("\(agent)/config/publish").ok()
        let leads = try (1...11).map { try lead("light\($0).example", of: agency) }
        let light = try owner.ended("\(agent)/runs", ["parameters": [:]])
        #expect(light["result"]?["processed"] == 10 && web.asked("light-hunter.example").isEmpty)
        #expect(try owner.fact(leads[0], "founded_year") == .null)
        let deep = try owner.ended("\(agent)/runs", ["parameters": ["intensive": true]])
        #expect(deep["result"]?["processed"] == 11 && web.asked("light-hunter.example").count == 11)
        #expect(try owner.fact(leads[0], "founded_year")["value"] == 2015)
        // Both cadences are schedules that people change.
        let schedules = try owner.every("/v1/schedules").filter { $0["agent"] == "prospect_research" }
        let intensive = try #require(schedules.first { $0["parameters"]?["intensive"] == true })
        let hourly = try #require(schedules.first { $0.id != intensive.id })
        #expect(intensive.text("cron") == "0 11-23/2 * * *" && schedules.count == 2)
        for (schedule, cron) in [(hourly, "30 */4 * * *"), (intensive, "0 6-22/4 * * *")] {
            let changed = try owner.patch("/v1/schedules/\(schedule.id)", ["cron": .string(cron)]).ok()
            #expect(changed.text("cron") == cron && changed["next_fires"] != schedule["next_fires"])
        }
    }

    @Test func `the order follows what a hit has cost, where the agency wants that`() throws {
        let agency = try agency("yield", abstract: Self.abstract([:]), hunter: Self.hunter(2015))
        let owner = agency.owner
        try owner.planned("founded_year", ["abstract_company", "hunter"])
        for number in 1...3 {
            _ = try owner.enriched(lead("yield\(number).example", of: agency), Self.only)
        }
        _ = try owner.patch("/v1/enrichment-plan", ["follows_yield": true]).ok()
        let last = try lead("yield4.example", of: agency)
        #expect(
            try owner.enriched(last, Self.only).tried == [
                "hunter found", "abstract_company skipped not_needed",
            ])
        let rows = try owner.get("/v1/enrichment-plan").ok()["sources"]?.array ?? []
        let hunter = rows.first { $0.text("name") == "hunter" }
        #expect(hunter?["asked"] == 4 && hunter?["found"] == 4 && hunter?["cost"]?["amount"] == 3)
    }

    @Test func `what a service said of a company goes with the erasure of its people`() throws {
        let agency = try agency(
            "erasing", abstract: Self.abstract(["year_founded": 2008]), hunter: Self.hunter(nil))
        let owner = agency.owner, host = "erasing.example"
        web.page("\(host)/", "Northwind")
        func person(_ name: String) throws -> JSON {
            try agency.bareLead(host, ["contact_name": .string(name), "email": .string("\(name)@\(host)")])
        }
        func asked() -> Int { web.asked("erasing-abstract.example").count }
        _ = try owner.enriched(try person("erika"), Self.only)
        #expect(asked() == 1)
        // A colleague's company is known already.
        _ = try owner.enriched(try person("ann"), Self.only)
        #expect(asked() == 1)
        let report = try owner.post("/v1/privacy/erase", ["email": .string("erika@\(host)")]).ok()
        #expect((report["erased"]?["enrichment"]?.int ?? 0) > 0)
        let third = try person("omar")
        _ = try owner.enriched(third, Self.only)
        #expect(asked() == 2, "nothing is kept of what was said before")
        #expect(try owner.fact(third, "founded_year")["value"] == 2008)
    }
}
