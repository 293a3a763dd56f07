import JSON
import Testing

/// Faults of records are found, weighed, mended and taken back.
@Suite(.ownThread) struct DataQuality {
    let server = BureauProcess.shared

    @discardableResult private func scan(_ agency: Agency) throws -> JSON {
        let run = try agency.owner.ended(
            "/v1/agents/data_management/runs", ["parameters": ["task": "scan"]])
        #expect(run.text("status") == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    private func open(_ agency: Agency, _ filter: String = "") throws -> [JSON] {
        try agency.owner.every("/v1/quality-issues?status=open\(filter)")
    }

    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        return agency
    }

    @Test func `a scan finds what breaks a rule, with its remedy, and leaves good records alone`() throws {
        let agency = try agency()
        let rules = try agency.owner.every("/v1/quality-rules")
        #expect(Set(rules.map { $0.text("resource") }) == ["leads", "contacts", "companies", "tickets"])
        #expect(
            Set(rules.map { $0.text("kind") })
                == [
                    "required", "format", "range", "stale", "unique", "reference", "consistent", "anomaly",
                ])
        let good = try agency.makeLead(1)
        let bare = try agency.owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        let named = try agency.owner.post(
            "/v1/leads", ["company": "Named", "email": "a@named.example", "contact_name": "???"]
        ).ok(201)
        let torn = try agency.owner.post(
            "/v1/leads",
            ["company": "Torn", "website": "https://www.one.example", "email": "jane@two.example"]
        ).ok(201)
        let twins = try (1...2).map { number in
            try agency.owner.post(
                "/v1/leads", ["company": .string("Twin \(number)"), "email": "twin@x.example"]
            ).ok(201)
        }
        let deal = try agency.owner.post(
            "/v1/deals",
            ["lead_id": .string(good.id), "name": "Long ago", "expected_close": "2020-01-01"]
        ).ok(201)
        try agency.owner.post(
            "/v1/quality-rules",
            [
                "name": "deal_close", "resource": "deals", "field": "expected_close", "kind": "stale",
                "parameters": ["after": "P30D"],
            ]
        ).ok(201)
        let result = try scan(agency)
        #expect((result["records"]?.int ?? 0) >= 6)
        let stale = try open(agency, "&kind=stale")
        #expect(stale.map { $0.text("subject_id") } == [deal.id] && stale[0].text("rule") == "deal_close")
        for (lead, kind) in [
            (bare, "required"), (named, "format"), (torn, "consistent"), (twins[1], "unique"),
        ] {
            let issues = try open(agency, "&subject_id=\(lead.id)&kind=\(kind)")
            #expect(!issues.isEmpty, "\(kind)")
            for issue in issues {
                #expect(issue["subject"] == ["type": "lead", "id": .string(lead.id)])
                #expect(issue["remedy"]?.text("action").isEmpty == false)
                #expect(issue["remedy"]?.text("detail").isEmpty == false)
            }
        }
        #expect(try open(agency, "&subject_id=\(good.id)&severity=immediate").isEmpty)
        #expect(try open(agency, "&subject_id=\(twins[0].id)&kind=unique").isEmpty)
        let quality = try agency.owner.get("/v1/quality").ok()
        let score = quality["score"]?.double ?? 0
        #expect(score > 0 && score < 100)
        let areas = quality["areas"]?.array ?? []
        #expect(areas.count == 7 && areas.reduce(0) { $0 + ($1["weight"]?.double ?? 0) }.rounded() == 100)
        let counted = ["immediate", "routine"].reduce(0) { $0 + (quality["open"]?[$1]?.int ?? 0) }
        #expect(counted == Int64(try open(agency).count))
        #expect(quality["trend"]?.array?.count == 1)
        let scores = try [good, bare].map {
            try agency.owner.get("/v1/leads/\($0.id)").ok()["quality_score"]?.int ?? -1
        }
        #expect(scores[0] > scores[1] && scores[1] >= 0)
        // A record loses what the rules that it breaks weigh, of what all rules for it do.
        let weights = rules.filter { $0.text("resource") == "leads" }.map {
            ($0.text("name"), $0["weight"]?.double ?? 0)
        }
        let broken = Set(try open(agency, "&subject_id=\(bare.id)").map { $0.text("rule") })
        #expect(broken.isSuperset(of: ["lead_reachable", "lead_person", "lead_website"]))
        let (all, lost) = (
            weights.reduce(0) { $0 + $1.1 }, weights.reduce(0) { $0 + (broken.contains($1.0) ? $1.1 : 0) }
        )
        #expect(scores[1] == Int64((100 * (1 - lost / all)).rounded()))
    }

    @Test func `a record is checked soon after it changes, without a scan`() throws {
        let agency = try agency()
        let rule = try agency.owner.post(
            "/v1/quality-rules",
            [
                "name": "revenue_known", "resource": "leads", "field": "annual_revenue", "kind": "required",
                "severity": "immediate", "weight": 3,
            ]
        ).ok(201)
        let lead = try agency.makeLead(1)
        func mine() throws -> [JSON] {
            try open(agency, "&subject_id=\(lead.id)&rule=revenue_known")
        }
        try eventuallyTrue("the issue") { try mine().count == 1 }
        let issue = try mine()[0]
        #expect(issue.text("severity") == "immediate")
        func overview() throws -> (immediate: Int64, routine: Int64, score: Double) {
            let quality = try agency.owner.get("/v1/quality").ok(), open = quality["open"]
            return (
                open?["immediate"]?.int ?? -1, open?["routine"]?.int ?? -1, quality["score"]?.double ?? -1
            )
        }
        let urgent = try overview()
        // The agency says what is urgent, also of what is open already, and where a value is too much.
        try agency.owner.patch("/v1/quality-rules/\(rule.id)", ["severity": "routine"]).ok()
        #expect(try mine()[0].text("severity") == "routine")
        let usual = try overview()
        #expect(urgent.immediate > 0 && usual.immediate == urgent.immediate - 1)
        #expect(usual.routine == urgent.routine + 1)
        let bound = try agency.owner.post(
            "/v1/quality-rules",
            [
                "name": "people_most", "resource": "leads", "field": "employee_count", "kind": "range",
                "parameters": ["max": 10],
            ]
        ).ok(201)
        for (most, count) in [(10, 1), (1000, 0)] {
            try agency.owner.patch(
                "/v1/quality-rules/\(bound.id)", ["parameters": ["max": JSON(most)]]
            ).ok()
            try scan(agency)
            #expect(try open(agency, "&rule=people_most").count == count)
        }
        func score() throws -> Int64 {
            try agency.owner.get("/v1/leads/\(lead.id)").ok()["quality_score"]?.int ?? -1
        }
        let before = try score(), whole = try overview()
        try agency.owner.patch(
            "/v1/leads/\(lead.id)", ["annual_revenue": ["amount": 100_000_000, "currency": "USD"]]
        ).ok()
        try eventuallyTrue("its end") { try mine().isEmpty }
        #expect(try agency.owner.get("/v1/quality-issues/\(issue.id)").ok().text("status") == "resolved")
        try eventuallyTrue("the score") { try score() > before }
        let now = try overview()
        #expect(now.score > whole.score && now.routine < whole.routine, "in all, too, and without a scan")
        try agency.owner.delete("/v1/leads/\(lead.id)").ok(204)
    }

    @Test func `remedies are previewed, applied as one set, and taken back, and what is ignored stays so`()
        throws
    {
        let agency = try agency()
        let leads = try (1...5).map { number in
            try agency.makeLead(
                number, ["email": .string("q\(number)@gmial.com"), "contact_name": .string("Jane \(number)")])
        }
        try scan(agency)
        let rule = "lead_email_slip"
        #expect(try open(agency, "&rule=\(rule)").count == 5)
        let preview = try agency.owner.post(
            "/v1/quality-issues/fix", ["rule": .string(rule), "dry_run": true]
        ).ok()
        #expect(preview["matched"] == 5 && preview["change_set_id"] == .null)
        #expect(preview["changes"]?.array?.first?["after"] == "q1@gmail.com")
        #expect(try agency.owner.get("/v1/leads/\(leads[0].id)").ok().text("email") == "q1@gmial.com")
        let fix = try agency.owner.post("/v1/quality-issues/fix", ["rule": .string(rule)]).ok()
        let set = fix.text("change_set_id")
        #expect(try open(agency, "&rule=\(rule)").isEmpty)
        #expect(try agency.owner.get("/v1/leads/\(leads[4].id)").ok().text("email") == "q5@gmail.com")
        try agency.owner.patch("/v1/leads/\(leads[2].id)", ["email": "really@other.example"]).ok()
        let undone = try agency.owner.post("/v1/change-sets/\(set)/undo").ok()
        #expect(undone.text("status") == "partly_undone" && undone.text("kind") == "quality_fix")
        #expect(try agency.owner.get("/v1/leads/\(leads[2].id)").ok().text("email") == "really@other.example")
        try eventuallyTrue("the issues are back") { try open(agency, "&rule=\(rule)").count == 4 }
        let one = try open(agency, "&rule=\(rule)")[0]
        try agency.owner.post("/v1/quality-issues/\(one.id)/ignore", [:]).problem(422, "required")
        let reason: JSON = ["reason": "It is their domain."]
        let ignored = try agency.owner.post("/v1/quality-issues/\(one.id)/ignore", reason).ok()
        #expect(ignored.text("status") == "ignored")
        try agency.owner.post("/v1/quality-issues/\(one.id)/ignore", reason).problem(
            409, "invalid_transition")
        try scan(agency)
        #expect(try open(agency, "&rule=\(rule)").count == 3)
    }

    @Test func `the agent applies what a rule lets it apply, and proposes the rest`() throws {
        let agency = try agency()
        let lead = try agency.makeLead(1, ["email": "jane@gmial.com"])
        let proposed = try scan(agency)["remedies"]?.array ?? []
        let mine = proposed.first { $0.text("rule") == "lead_email_slip" }
        #expect(mine?["matched"] == 1 && mine?["change_set_id"] == .null)
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("email") == "jane@gmial.com")
        let rules = try agency.owner.every("/v1/quality-rules?name=lead_email_slip")
        try agency.owner.patch("/v1/quality-rules/\(rules[0].id)", ["automatic": true]).ok()
        let applied = try scan(agency)["remedies"]?.array ?? []
        let set = applied.first { $0.text("rule") == "lead_email_slip" }?.text("change_set_id") ?? ""
        #expect(set.hasPrefix("chg_"))
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("email") == "jane@gmail.com")
        let decisions = try agency.owner.every("/v1/decisions?agent=data_management")
        #expect(decisions.contains { $0["outcome"]?.text("action") == "apply" })
        #expect(try agency.owner.get("/v1/change-sets/\(set)").ok()["run_id"]?.isNull == false)
        try agency.owner.post("/v1/change-sets/\(set)/undo").ok()
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("email") == "jane@gmial.com")
    }

    @Test func `an agent that only observes applies nothing`() throws {
        let agency = try agency()
        try agency.owner.patch("/v1/agents/data_management", ["autonomy": "observe"]).ok()
        let lead = try agency.makeLead(1, ["email": "jane@gmial.com"])
        let rules = try agency.owner.every("/v1/quality-rules?name=lead_email_slip")
        try agency.owner.patch("/v1/quality-rules/\(rules[0].id)", ["automatic": true]).ok()
        try scan(agency)
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("email") == "jane@gmial.com")
        #expect(try agency.owner.every("/v1/change-sets").isEmpty)
    }

    private static func rule(
        _ field: String, _ kind: String, _ parameters: JSON = [:], of resource: String = "leads"
    ) -> JSON {
        [
            "name": "faulty", "resource": .string(resource), "field": .string(field), "kind": .string(kind),
            "parameters": parameters,
        ]
    }

    private static let faulty: [(rule: JSON, places: [String])] = [
        (rule("nonsense", "required"), ["/field"]),
        (rule("x", "required", of: "nothing"), ["/resource"]),
        (rule("company", "range", ["min": 1]), ["/field"]),
        (rule("employee_count", "anomaly", ["per": "employee_count"]), ["/parameters/per"]),
        (rule("employee_count", "anomaly", ["per": "company"]), ["/parameters/per"]),
        (rule("employee_count", "range", ["min": 9, "max": 1]), ["/parameters/max"]),
        (rule("email", "format", ["form": "x", "y": 1]), ["/parameters/form", "/parameters/y"]),
        (rule("updated_at", "stale", ["after": "soon"]), ["/parameters/after"]),
        (rule("company", "reference"), ["/field"]),
        (rule("email", "consistent"), ["/parameters/how", "/parameters/with"]),
        (
            rule("email", "consistent", ["how": "same", "with": "company_id.nothing"]), ["/parameters/with"]
        ),
        (rule("owner_id", "reference", ["acyclic": true]), ["/parameters/acyclic"]),
        (rule("email", "required", ["or": ["phone", "z"]]), ["/parameters/or/1"]),
    ]

    @Test func `a faulty rule is refused with each fault at its place`() throws {
        let agency = try agency()
        for (rule, places) in Self.faulty {
            let problem = try agency.owner.post("/v1/quality-rules", rule).problem(422)
            let found = problem["errors"]?.array?.map { $0.text("pointer") } ?? []
            #expect(found.sorted() == places, "\(problem)")
        }
        try agency.owner.post(
            "/v1/quality-rules", Self.rule("email", "required").merging(["severity": "high"])
        ).problem(422, "invalid_choice")
    }

    @Test func `names of rules are unique, and what a disabled rule found is over`() throws {
        let agency = try agency()
        let rule: JSON = [
            "name": "lead_website", "resource": "leads", "field": "website", "kind": "required",
        ]
        try agency.owner.post("/v1/quality-rules", rule).problem(422, "conflict")
        try agency.owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        try scan(agency)
        #expect(try open(agency, "&rule=lead_website").count == 1)
        let rules = try agency.owner.every("/v1/quality-rules?name=lead_website")
        try agency.owner.patch("/v1/quality-rules/\(rules[0].id)", ["enabled": false]).ok()
        #expect(try open(agency, "&rule=lead_website").isEmpty)
        try scan(agency)
        #expect(try open(agency, "&rule=lead_website").isEmpty)
    }

    @Test func `letters that were damaged on the way are mended, and escapes of pages with them`() throws {
        let agency = try agency()
        let lead = try agency.makeLead(
            1, ["contact_name": "JÃ¼rgen MÃ¼ller", "company": "MÃ¼ller &amp; SÃ¶hne"])
        let fine = try agency.makeLead(2, ["contact_name": "Zoë Âstrøm", "company": "Müller & Söhne"])
        try scan(agency)
        func remedy(_ rule: String) throws -> JSON? {
            try open(agency, "&rule=\(rule)&subject_id=\(lead.id)").first?["remedy"]
        }
        #expect(try remedy("lead_name_letters")?["changes"] == ["contact_name": "Jürgen Müller"])
        #expect(try remedy("lead_company_letters")?.text("action") == "set")
        #expect(
            try open(agency, "&subject_id=\(fine.id)").allSatisfy { !$0.text("rule").hasSuffix("letters") })
        try agency.owner.post("/v1/quality-issues/fix", ["rule": "lead_name_letters"]).ok()
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("contact_name") == "Jürgen Müller")
    }

    @Test func `a record is compared with those that it belongs to`() throws {
        let agency = try agency()
        let company = try agency.owner.post(
            "/v1/companies", ["name": "One", "website": "https://www.one.example"]
        ).ok(201)
        let people = try ["jane@one.example", "joe@two.example"].map { email in
            try agency.owner.post(
                "/v1/contacts",
                ["name": "A Person", "email": .string(email), "company_id": .string(company.id)]
            ).ok(201)
        }
        try eventuallyTrue("the contradiction") {
            try open(agency, "&rule=contact_email_of_company").map { $0.text("subject_id") } == [people[1].id]
        }
    }

    @Test func `issues are shown to those who may read the record`() throws {
        let agency = try agency()
        try agency.owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        try scan(agency)
        let issue = try open(agency, "&rule=lead_reachable")[0]
        let key = try agency.key(["quality:read", "quality:write", "contacts:read"])
        #expect(try key.every("/v1/quality-issues").allSatisfy { $0.text("subject_type") == "contact" })
        try key.get("/v1/quality-issues/\(issue.id)").problem(404)
        try key.post("/v1/quality-issues/\(issue.id)/ignore", ["reason": "x"]).problem(403)
        let fix: JSON = ["ids": [.string(issue.id)]]
        try key.post("/v1/quality-issues/fix", fix).problem(403)
        try agency.owner.post("/v1/quality-issues/fix", [:]).problem(422, "required")
        #expect(try agency.owner.post("/v1/quality-issues/fix", fix).ok()["matched"] == 0)
    }

    @Test func `each night leaves the score of its day, and some days give a forecast`() throws {
        let agency = try agency()
        try agency.owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        let box = try agency.sandbox("live")
        _ = try box.advance("P8D")
        let quality = try box.owner.get("/v1/quality").ok()
        let trend = quality["trend"]?.array?.map { $0.text("date") } ?? []
        #expect(trend.count >= 7 && Set(trend).count == trend.count && trend == trend.sorted())
        let forecast = quality["forecast"]?.array ?? [], coming = forecast.map { $0.text("date") }
        #expect(forecast.count == 7 && coming == coming.sorted() && coming[0] > trend.last ?? "")
        for day in forecast {
            let (low, score) = (day["low"]?.double ?? -1, day["score"]?.double ?? -1)
            #expect(low >= 0 && low <= score && score <= day["high"]?.double ?? -1, "\(day)")
            #expect(day["high"]?.double ?? 101 <= 100, "\(day)")
        }
    }

    @Test
    func `a company and a contact that come along with a lead are judged with it, and not the night after`()
        throws
    {
        let agency = try agency()
        let lead = try agency.owner.post(
            "/v1/leads",
            ["company": "Bare Ltd", "contact_name": "???", "email": "info@bare-company.example"]
        ).ok(201)
        let company = lead.text("company_id"), contact = lead.text("contact_id")
        let issues = try eventually("the issues of both") { () -> [JSON]? in
            let all = try open(agency, "&subject_id=\(company)") + open(agency, "&subject_id=\(contact)")
            let types = Set(all.compactMap { $0["subject"]?.text("type") })
            return types == ["company", "contact"] ? all : nil
        }
        #expect(issues.contains { $0["subject"]?["id"] == .string(company) && $0.text("field") == "website" })
        #expect(issues.contains { $0["subject"]?["id"] == .string(contact) && $0.text("field") == "name" })
        let runs = try agency.owner.every("/v1/agent-runs?agent=data_management")
        #expect(runs.allSatisfy { $0["parameters"]?["task"] != "scan" }, "no scan was needed")
    }
}
