import JSON
import Testing

/// From a lead to an offer, through the front door.
@Suite(.ownThread) struct Selling: SellingSteps {
    let server = BureauProcess.shared

    // MARK: Packages

    @Test func `a new agency has its packages, answers and templates, once`() throws {
        let agency = try server.signUp()
        #expect(
            try agency.owner.every("/v1/packages").map { $0.text("name") }.sorted() == [
                "Enterprise", "Growth", "Starter",
            ])
        let answers = try agency.owner.every("/v1/objections")
        for locale in ["en", "de", "fr", "es", "it", "pt", "nl"] {
            #expect(answers.filter { $0.text("locale") == locale }.map { $0.text("kind") }.count == 9)
        }
        let templates = try agency.owner.every("/v1/templates").filter {
            ["proposal", "contract", "contract_terms"].contains($0.text("kind"))
        }
        #expect(templates.count == 21 && templates.filter { $0.text("locale") == "de" }.count == 3)
    }

    /// The packages of a new agency, by name.
    private static let seeded: Result<[String: JSON], any Error> = Result {
        let packages = try BureauProcess.shared.quietAgency().owner.every("/v1/packages")
        return Dictionary(packages.map { ($0.text("name"), $0) }) { first, _ in first }
    }

    @Test func `the starter package costs 2,500 dollars a month, is for small businesses, reports monthly`()
        throws
    {
        let starter = try #require(try Self.seeded.get()["Starter"])
        #expect(starter["price"] == dollars(2_500) && starter["tier"] == "starter")
        #expect(starter["budget_from"] == dollars(3_000) && starter["budget_to"] == dollars(5_000))
        #expect(
            starter["contents"] == [
                "SEO", "Google Ads management", "Social media setup", "Monthly reporting",
            ])
        #expect(starter["report_cadence"] == "monthly" && starter["archived"] == false)
        let audience = starter.text("audience").lowercased()
        for words in ["small businesses", "startups", "early stage of growth"] {
            #expect(audience.contains(words), "\(audience)")
        }
    }

    @Test func `the growth package costs 5,000 dollars a month, is for the mid-market, reports weekly`()
        throws
    {
        let growth = try #require(try Self.seeded.get()["Growth"])
        #expect(growth["price"] == dollars(5_000) && growth["tier"] == "growth")
        #expect(growth["budget_from"] == dollars(6_000) && growth["budget_to"] == dollars(10_000))
        #expect(
            growth["contents"] == [
                "Advanced SEO", "Multi-platform advertising", "Content marketing", "Email automation",
                "Social media management", "Weekly reporting",
            ])
        #expect(growth["report_cadence"] == "weekly" && growth["archived"] == false)
        let audience = growth.text("audience").lowercased()
        for words in ["established", "mid-market", "expand"] {
            #expect(audience.contains(words), "\(audience)")
        }
    }

    @Test func `the enterprise package costs 10,000 dollars a month, is for large budgets, reports weekly`()
        throws
    {
        let enterprise = try #require(try Self.seeded.get()["Enterprise"])
        #expect(enterprise["price"] == dollars(10_000) && enterprise["tier"] == "enterprise")
        #expect(enterprise["budget_from"] == dollars(15_000) && enterprise["budget_to"] == .null)
        #expect(
            enterprise["contents"] == [
                "Advanced marketing automation", "Custom analytics", "Custom integrations",
                "Dedicated account management", "Priority support",
                "Marketing technology stack management", "Strategic consulting",
            ])
        #expect(enterprise["report_cadence"] == "weekly" && enterprise["archived"] == false)
        let audience = enterprise.text("audience").lowercased()
        for words in ["large organisations", "sophisticated automation"] {
            #expect(audience.contains(words), "\(audience)")
        }
    }

    @Test func `a package is data: an agency changes all of it, adds its own, and offers follow`() throws {
        let agency = try agency()
        let starter = try package("Starter", agency), place = "/v1/packages/\(starter.id)"
        let change: JSON = [
            "price": dollars(2_900), "audience": "Hotels.", "budget_from": dollars(2_000),
            "budget_to": dollars(4_500), "contents": ["SEO", "Podcasts"], "report_cadence": "weekly",
        ]
        try agency.owner.patch(place, change).ok()
        let now = try agency.owner.get(place).ok()
        for (name, value) in change.object?.members ?? [] { #expect(now[name] == value, "\(name)") }
        let own = try agency.owner.post(
            "/v1/packages",
            [
                "name": "Taster", "price": dollars(500), "budget_from": dollars(800),
                "budget_to": dollars(1_500), "contents": ["A first look"], "position": 0,
            ]
        ).ok(201)
        #expect(own["report_cadence"] == "monthly")
        /// Returns what somebody with a budget is offered now.
        func offered(_ number: Int, _ budget: Int64) throws -> JSON {
            let lead = try agency.makeLead(number, ["budget": dollars(budget), "employee_count": 20])
            return try agency.owner.post("/v1/packages/recommend", ["lead_id": .string(lead.id)]).ok()
        }
        let small = try offered(1, 1_000), usual = try offered(2, 2_500)
        #expect(small["package_id"] == .string(own.id) && small["base_price"] == dollars(500))
        #expect(usual["package_id"] == .string(starter.id) && usual["base_price"] == dollars(2_900))
        #expect(
            try agency.owner.patch(place, ["budget_to": dollars(1_000)]).faults()
                == ["/budget_to": "out_of_range"])
        #expect(try agency.owner.get(place).ok()["budget_to"] == dollars(4_500))
        // Another who begins has what was there before.
        let other = try #require(try Self.seeded.get()["Starter"])
        #expect(other["price"] == dollars(2_500) && other.id != starter.id)
    }

    @Test func `a package in another currency is refused`() throws {
        let agency = try agency()
        let body: JSON = ["name": "Small", "price": ["amount": 100, "currency": "EUR"]]
        #expect(
            try agency.owner.post("/v1/packages", body).faults() == ["/price/currency": "invalid_currency"])
    }

    @Test func `what is recommended to a lead has its price and every reason`() throws {
        let agency = try agency()
        let lead = try agency.makeLead(1, ["budget": dollars(8_000), "employee_count": 2_000])
        let found = try agency.owner.post("/v1/packages/recommend", ["lead_id": .string(lead.id)]).ok()
        #expect(found["package"]?.text("name") == "Growth" && found["price"] == dollars(5_400))
        #expect(found["factors"]?[0].text("name") == "size" && found["reasons"]?.array?.isEmpty == false)
        try agency.owner.post("/v1/packages/recommend", ["lead_id": .string(absentLead)]).problem(
            422, "unknown_reference")
    }

    // MARK: Deals

    @Test func `a deal moves, weighs and is counted, and its lead goes along`() throws {
        let agency = try agency()
        let lead = try agency.makeLead()
        let made = try agency.owner.post(
            "/v1/deals", ["lead_id": .string(lead.id), "name": "Acme", "value": dollars(1000)]
        ).ok(201)
        #expect(made["probability"]?.double == 0.1 && made["weighted_value"] == dollars(100))
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "contacted")
        let place = "/v1/deals/\(made.id)"
        let on = try agency.owner.patch(place, ["stage": "negotiation", "expected_close": "2027-03-31"]).ok()
        #expect(on["weighted_value"] == dollars(700) && on["has_own_probability"] == false)
        let own = try agency.owner.patch(place, ["probability": 0.5]).ok()
        #expect(own["weighted_value"] == dollars(500) && own["has_own_probability"] == true)
        #expect(try agency.owner.patch(place, ["stage": "contract"]).ok()["probability"]?.double == 0.5)
        #expect(try agency.owner.patch(place, ["probability": .null]).ok()["probability"]?.double == 0.9)
        try agency.owner.patch(place, ["expected_close": "2027-02-30"]).problem(422, "invalid_date")
        let board = try agency.owner.get("/v1/pipeline").ok()
        let column = try #require(board["stages"]?.array?.first { $0.text("stage") == "contract" })
        #expect(
            column["deals"] == 1 && column["value"] == 100_000 && column["cards"]?[0]["is_stale"] == false)
        #expect(
            board["forecast"]?[0].text("month") == "2027-03" && board["forecast"]?[0]["committed"] == 100_000)
        let won = try agency.owner.patch(place, ["stage": "won"]).ok()
        #expect(won["probability"]?.double == 1 && won["closed_at"]?.isNull == false)
        let refusal = try agency.owner.patch(place, ["stage": "outreach"]).problem(409, "invalid_transition")
        #expect(refusal["allowed"] == [])
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "won")
        let types = try types(agency)
        #expect(
            types.filter { $0 == "deal.won" }.count == 1
                && types.filter { $0 == "deal.stage_changed" }.count == 3)
        try agency.owner.delete(place).problem(409, "conflict")
        let stages = try agency.owner.get("/api/dashboard/pipeline").ok()
        #expect(stages["total_deals"] == 1 && stages["total_value"]?.double == 1000)
    }

    @Test func `a lost deal may be opened again, and leaves its lead alone while another goes on`() throws {
        let agency = try agency()
        let lead = try agency.makeLead()
        func deal(_ name: String) throws -> String {
            try agency.owner.post("/v1/deals", ["lead_id": .string(lead.id), "name": .string(name)]).ok(201)
                .id
        }
        let (one, two) = (try deal("One"), try deal("Two"))
        try agency.owner.patch("/v1/deals/\(one)", ["stage": "lost", "lost_reason": "too dear"]).ok()
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "contacted")
        try agency.owner.patch("/v1/deals/\(two)", ["stage": "lost"]).ok()
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "lost")
        #expect(
            try agency.owner.patch("/v1/deals/\(one)", ["stage": "negotiation"]).ok()["lost_reason"] == .null)
        try agency.owner.delete("/v1/deals/\(two)").ok(204)
        let stages = try agency.owner.get("/api/dashboard/pipeline").ok()["stages"]?.array ?? []
        #expect(stages.first { $0.text("stage") == "lost" }?["deals"] == 0)
        try agency.owner.post("/v1/deals", ["lead_id": .string(absentLead), "name": "x"]).problem(
            422, "unknown_reference")
    }

    @Test func `a price, or another package, is offered to some while it is tried`() throws {
        let agency = try agency()
        let packages = try agency.owner.every("/v1/packages")
        let starter = try #require(packages.first { $0.text("name") == "Starter" })
        let growth = try #require(packages.first { $0.text("name") == "Growth" })
        func wrong(_ kind: String, _ target: String, _ values: JSON...) throws -> [String: String] {
            try agency.owner.post(
                "/v1/experiments",
                [
                    "name": "x", "kind": .string(kind), "target": .string(target),
                    "variants": .array(
                        values.enumerated().map { ["name": .string("v\($0)"), "value": $1] }),
                ]
            ).faults()
        }
        #expect(
            try wrong("price", "pkg_00000000000000000000000000", dollars(1), dollars(2))
                == ["/target": "unknown_reference"])
        #expect(
            try wrong("price", starter.id, ["amount": 250_000, "currency": "EUR"], "cheap")
                == ["/variants/0/value/currency": "invalid_currency", "/variants/1/value": "wrong_type"])
        #expect(
            try wrong("price", starter.id, starter["price"] ?? .null, dollars(10))
                == ["/variants/1/value/amount": "out_of_range"])
        #expect(
            try wrong("package", starter.id, .string(starter.id), "pkg_x")
                == ["/variants/1/value": "unknown_reference"])
        let price = try agency.owner.post(
            "/v1/experiments",
            [
                "name": "Dearer", "kind": "price", "target": .string(starter.id), "goal": "converted",
                "variants": [
                    ["name": "as it is", "value": starter["price"] ?? .null],
                    ["name": "dearer", "value": dollars(2900)],
                ],
            ]
        ).ok(201)
        let leads = try (0..<10).map { number in
            try agency.makeLead(number, ["budget": dollars(4000), "employee_count": 20, "timeline_days": 60])
        }
        func offers() throws -> [JSON] {
            try leads.map { lead in
                try agency.owner.post("/v1/packages/recommend", ["lead_id": .string(lead.id)]).ok()
            }
        }
        let offered = try offers()
        let bases = offered.map { $0["base_price"] ?? .null }
        #expect(Set(bases.map(\.serialized)).count == 2 && bases.contains(dollars(2900)))
        for offer in offered {
            let reasons = (offer["reasons"]?.array ?? []).compactMap(\.text)
            #expect(reasons.contains { $0.contains("“Dearer” is being tried") })
        }
        #expect(try offers() == offered, "whoever got one gets it again")
        try agency.owner.post("/v1/experiments/\(price.id)/stop").ok()
        #expect(try offers().allSatisfy { $0["base_price"] == starter["price"] })
        try agency.owner.post(
            "/v1/experiments",
            [
                "name": "Larger", "kind": "package", "target": .string(starter.id),
                "variants": [
                    ["name": "starter", "value": .string(starter.id)],
                    ["name": "growth", "value": .string(growth.id)],
                ],
            ]
        ).ok(201)
        #expect(Set(try offers().map { $0.text("package_id") }) == [starter.id, growth.id])
    }

    // MARK: Negotiation

    @Test func `an offer that waits for a yes is withdrawn when the person it is for is erased`() throws {
        let agency = try agency()
        let made = try proposal(agency)
        let place = "/v1/deals/\(made.text("deal_id"))"
        let beyond = try agency.owner.post("\(place)/negotiation", ["price": dollars(2000)]).ok(201)
        #expect(beyond.text("status") == "pending")
        try agency.owner.post("/v1/privacy/erase", ["email": "jane1@example1.com"]).ok()
        let offers = try agency.owner.get("\(place)/negotiation").ok()["offers"]?.array ?? []
        #expect(offers.map { $0.text("status") } == ["withdrawn"])
        let approval = try agency.owner.get("/v1/approvals/\(beyond.text("approval_id"))").ok()
        #expect(approval.text("status") == "withdrawn")
    }

    @Test func `what lies within the rules is conceded, what lies beyond waits for a yes`() throws {
        let agency = try agency()
        let made = try proposal(agency)
        let place = "/v1/deals/\(made.text("deal_id"))"
        let within = try agency.owner.post(
            "\(place)/negotiation", ["discount_percent": 10, "reason": "Two years"]
        ).ok(201)
        #expect(within.text("status") == "made" && within["price"] == dollars(2250))
        #expect(try agency.owner.get(place).ok()["value"] == dollars(2250))
        let beyond = try agency.owner.post("\(place)/negotiation", ["price": dollars(2000)]).ok(201)
        #expect(beyond.text("status") == "pending" && beyond["beyond"] == ["max_discount_percent"])
        #expect(
            try agency.owner.get(place).ok()["value"] == dollars(2250), "nothing is offered before the yes")
        try agency.owner.post("/v1/approvals/\(beyond.text("approval_id"))/approve").ok()
        let approved = try agency.owner.get("/v1/approvals/\(beyond.text("approval_id"))").ok()
        #expect(approved["tool"] == "make_offer")
        #expect(approved["effect"] == ["offer_id": .string(beyond.id), "status": "made"])
        #expect(try agency.owner.get(place).ok()["value"] == dollars(2000))
        let refused = try agency.owner.post("\(place)/negotiation", ["free_months": 6]).ok(201)
        try agency.owner.post("/v1/approvals/\(refused.text("approval_id"))/reject", ["reason": "too many"])
            .ok()
        try agency.owner.post(
            "/v1/deal-objections",
            ["deal_id": .string(made.text("deal_id")), "kind": "price", "text": "Too dear"]
        ).ok(201)
        let all = try agency.owner.get("\(place)/negotiation").ok()
        #expect(all["offers"]?.array?.map { $0.text("status") } == ["made", "made", "refused"])
        #expect(all["concessions"]?.array?.count == 2 && all["objections"]?[0].text("kind") == "price")
        try agency.owner.patch("/v1/selling-rules", ["max_discount_percent": 30]).ok()
        #expect(
            try agency.owner.post("\(place)/negotiation", ["discount_percent": 30]).ok(201).text("status")
                == "made")
        try agency.owner.post("\(place)/negotiation", [:]).problem(422, "required")
        try agency.owner.patch(place, ["stage": "lost"]).ok()
        try agency.owner.post("\(place)/negotiation", ["discount_percent": 1]).problem(
            409, "invalid_transition")
    }
}
