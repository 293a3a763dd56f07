import JSON
import Testing

/// Rules hold for every resource, each night; they learn from what records have, and compare one field with another.
@Suite(.ownThread) struct QualityRules {
    let server = BureauProcess.shared

    private func scan(_ agency: Agency) throws {
        let run = try agency.owner.ended(
            "/v1/agents/data_management/runs", ["parameters": ["task": "scan"]])
        #expect(run.text("status") == "succeeded", "\(run)")
    }

    private func open(_ agency: Agency, _ filter: String = "") throws -> [JSON] {
        try agency.owner.every("/v1/quality-issues?status=open\(filter)")
    }

    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        return agency
    }

    /// Makes a record in each table that rules may be about; answers their ids.
    private func makeRecords(_ owner: Caller) throws -> [String: String] {
        let person = try owner.post("/v1/leads", lead(1)).ok(201)
        var ids = [
            "leads": person.id, "contacts": person.text("contact_id"),
            "companies": person.text("company_id"),
        ]
        func make(_ table: String, _ body: JSON) throws {
            let path = table.replacing("_", with: "-")
            ids[table] = try owner.post("/v1/\(path)", body).ok(201).id
        }
        func named(_ table: String) -> JSON { .string(ids[table] ?? "") }
        try make("clients", ["name": "Acme"])
        try make("projects", ["client_id": named("clients"), "name": "Site"])
        try make("tasks", ["project_id": named("projects"), "title": "Part"])
        try make("deliverables", ["project_id": named("projects"), "name": "Logo"])
        try make("deals", ["lead_id": named("leads"), "name": "Deal"])
        try make("deal_objections", ["deal_id": named("deals"), "kind": "price"])
        try make("meetings", ["title": "Call", "starts_at": "2027-01-25T09:00:00Z"])
        try make("tickets", ["subject": "Help", "body": "Please."])
        try make("articles", ["title": "How", "body": "So."])
        try make("packages", ["name": "Boost", "price": dollars(900)])
        try make("competitors", ["name": "Rival", "website": "https://rival.example"])
        try make("campaigns", ["name": "Spring", "objective": "sales"])
        try make("review_rules", ["requirement": "A call to action"])
        try make("project_templates", ["name": "Site"])
        let client: JSON = ["client_id": named("clients")]
        try make("reports", client)
        try make("documents", client.merging(["file_id": .string(try owner.file("brief.txt").id)]))
        try make("opportunities", client.merging(["kind": "upgrade"]))
        try make("goals", client.merging(["metric": "crm.leads", "target": 100, "by": "2040-01-31"]))
        try make(
            "metrics",
            client.merging(["source": "ads", "metric": "clicks", "date": "2027-01-01", "value": 1]))
        let friend: JSON = ["name": "Nora New", "email": "nora@new.example"]
        let referrer: JSON = ["type": "client", "id": named("clients")]
        try make("referrals", ["referrer": referrer, "referred": friend])
        return ids
    }

    @Test func `rules hold for records of every resource, and each night looks at all of them`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try box.keepSchedules(of: "data_management")
        try owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        let records = try makeRecords(owner)
        let stranger: JSON = ["name": "x", "resource": "nothing", "field": "x", "kind": "required"]
        let choices = try owner.post("/v1/quality-rules", stranger).problem(422)["errors"]?[0]["choices"]
        #expect(choices == JSON(records.keys.sorted()), "there is a record of each")
        for table in records.keys {
            let rule: JSON = [
                "name": .string("old_\(table)"), "resource": .string(table), "field": "created_at",
                "kind": "stale", "parameters": ["after": "P2D"],
            ]
            try owner.post("/v1/quality-rules", rule).ok(201)
        }
        func stale() throws -> Set<String> {
            let issues = try owner.every("/v1/quality-issues?status=open&kind=stale")
            return Set(issues.map { $0.text("subject_id") }).intersection(records.values)
        }
        try box.advance("P1D")
        #expect(try stale().isEmpty, "none is old enough")
        try box.advance("P2D")
        #expect(try stale() == Set(records.values))
    }

    @Test func `two fields have to say the same, and what comes later must not come before`() throws {
        let agency = try agency(), owner = agency.owner
        func rule(_ resource: String, _ field: String, _ how: String, _ with: String) throws {
            let body: JSON = [
                "name": .string("\(resource)_\(field)"), "resource": .string(resource),
                "field": .string(field), "kind": "consistent",
                "parameters": ["how": .string(how), "with": .string(with)],
            ]
            try owner.post("/v1/quality-rules", body).ok(201)
        }
        try rule("contacts", "notes", "same", "company_id.name")
        try rule("deals", "expected_close", "not_before", "created_at")
        let company = try owner.post("/v1/companies", ["name": "Müller Works"]).ok(201)
        let people = try ["MÜLLER works", "Meyer Works"].enumerated().map { number, notes in
            try agency.makeContact(number, ["notes": .string(notes), "company_id": .string(company.id)])
        }
        let lead = try agency.makeLead(1)
        let deals = try ["2099-01-01", "2020-01-01"].map { day in
            try owner.post(
                "/v1/deals",
                ["lead_id": .string(lead.id), "name": .string(day), "expected_close": .string(day)]
            ).ok(201)
        }
        try scan(agency)
        for (name, wrong) in [("contacts_notes", people[1]), ("deals_expected_close", deals[1])] {
            #expect(try open(agency, "&rule=\(name)").map { $0.text("subject_id") } == [wrong.id])
        }
    }

    @Test func `what is over is kept for as long as the agency says, and what is open stays`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try box.keepSchedules(of: "data_management")
        let path = "/v1/agents/data_management"
        try owner.patch(path, ["state": "active"]).ok()
        #expect(try owner.get("\(path)/config").ok()["values"]?["keep_issues_days"] == 180)
        try owner.patch("\(path)/config", ["keep_issues_days": 7]).ok()
        try owner.post("\(path)/config/publish").ok()
        let bare = try owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        let file = Array("company,email\nFirm,broken\n".utf8)
        try owner.post("/v1/leads/import", raw: file, type: "text/csv").ok(202)
        try box.advance("P1D")
        try owner.patch("/v1/leads/\(bare.id)", ["website": "https://bare.example"]).ok()
        func issues(_ status: String) throws -> Set<String> {
            let all = try owner.every("/v1/quality-issues?status=\(status)&subject_id=\(bare.id)")
            return Set(all.map { $0.text("rule") })
        }
        func errors() throws -> Int { try owner.every("/v1/error-patterns").count }
        func trend() throws -> [String] {
            try owner.every("/v1/error-patterns").map {
                "\($0.text("trend")) \($0["expected_tomorrow"]?.double ?? -1)"
            }
        }
        #expect(try trend() == ["falling 0.2"], "none came since yesterday")
        try box.advance("P5D")
        #expect(try issues("resolved") == ["lead_website"] && errors() == 1)
        #expect(try trend() == ["falling 0.1"])
        #expect(try issues("open").contains("lead_person"))
        try box.advance("P4D")
        #expect(try issues("resolved").isEmpty && errors() == 0)
        #expect(try issues("open").contains("lead_person"))
    }

    @Test func `a number far from what others have is found once there are enough`() throws {
        let agency = try agency()
        try agency.makeLeads((1...28).map { lead($0, ["employee_count": JSON(40 + $0)]) })
        let odd = try agency.makeLead(99, ["employee_count": 40_000_000])
        func found() throws -> Set<String> {
            Set(try open(agency, "&kind=anomaly").map { $0.text("subject_id") })
        }
        try scan(agency)
        #expect(try found().isEmpty, "twenty-nine say nothing yet")
        _ = try agency.makeLead(29, ["employee_count": 69])
        try scan(agency)
        #expect(try found() == [odd.id])
        // The figures that a scan has learned judge those that come after it.
        let next = try agency.makeLead(100, ["employee_count": 50_000_000])
        let plain = try agency.makeLead(101, ["employee_count": 55])
        try eventuallyTrue("the next one") { try found().contains(next.id) }
        try eventuallyTrue("the plain one is checked") {
            try agency.owner.get("/v1/leads/\(plain.id)").ok()["quality_score"]?.int != nil
        }
        #expect(try found() == [odd.id, next.id])
    }

    @Test func `two values that are usual each by itself, and not together, are found by what others have`()
        throws
    {
        let agency = try agency()
        func sized(_ number: Int, _ people: Int64, _ revenue: Int64, _ currency: String = "USD") -> JSON {
            lead(
                number,
                [
                    "employee_count": .integer(people),
                    "annual_revenue": ["amount": .integer(revenue * 100), "currency": .string(currency)],
                ])
        }
        var people: Int64 = 10
        let usual = (1...40).map { number -> JSON in
            people = people * 6 / 5 + 1
            return sized(number, people, people * 100_000)
        }
        try agency.makeLeads(usual)
        let odd = try agency.owner.post("/v1/leads", sized(98, 20, people * 100_000)).ok(201)
        // Nobody has said what another currency is worth.
        _ = try agency.owner.post("/v1/leads", sized(99, 20, people * 100_000, "JPY")).ok(201)
        try scan(agency)
        let found = try open(agency, "&kind=anomaly")
        #expect(found.map { $0.text("subject_id") } == [odd.id], "\(found)")
        #expect(found.first?.text("rule") == "lead_revenue_per_head")
        #expect(found.first?["remedy"]?.text("detail").contains("annual_revenue") == true)
    }
}
