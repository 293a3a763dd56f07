import JSON
import StandIns
import Testing

/// Bad data holds back whatever would ask about its record, or take it elsewhere; it goes on by itself once it is
/// mended.
@Suite(.ownThread) struct HeldData {
    static let web = try! CrawledWeb()
    static let server = try! BureauProcess.start(web.settings)
    let web = Self.web, server = Self.server

    private func pausing(
        _ use: String, _ agency: Agency, field: String = "industry", of resource: String = "leads"
    ) throws {
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        let rule: JSON = [
            "name": .string("known_\(resource)_\(field)"), "resource": .string(resource),
            "field": .string(field), "kind": "required", "pauses": [.string(use)],
        ]
        try agency.owner.post("/v1/quality-rules", rule).ok(201)
    }

    /// Waits until a record is held back from some use, or is no longer.
    private func awaitChange(_ type: String, of record: JSON, _ use: String, _ agency: Agency) throws {
        try eventuallyTrue("\(type) of \(record.id)") {
            try agency.owner.every("/v1/events?type=\(type)").contains {
                $0["data"]?["subject"]?.id == record.id && $0["data"]?.text("use") == use
            }
        }
    }

    // MARK: Enrichment

    @Test
    func `an enrichment that is asked for waits, says why, asks nobody, and goes on once all is mended`()
        throws
    {
        let agency = try server.researchingAgency(), owner = agency.owner
        web.company("held.example")
        try pausing("enrichment", agency)
        try owner.planned("founded_year", ["website"])
        let lead = try agency.bareLead("held.example"), only: JSON = ["fields": ["founded_year"]]
        try awaitChange("record.held", of: lead, "enrichment", agency)
        func refusals() throws -> [JSON] {
            try owner.every("/v1/refusals").filter {
                $0.text("code") == "data_quality" && $0.text("agent") == "prospect_research"
            }
        }
        let planned = try owner.enriched(lead, only.merging(["dry_run": true]))
        #expect(planned["plan"] == [] && planned.tried == ["website skipped data_quality"])
        #expect(try refusals().isEmpty)
        let result = try owner.enriched(lead, only)
        #expect(result.tried == ["website skipped data_quality"])
        #expect(result["filled"] == [] && result["change_set_id"] == .null)
        let held: JSON = [
            "reason": "data_quality", "subject": ["type": "lead", "id": .string(lead.id)],
            "field": "industry",
        ]
        #expect(result["held"] == held)
        let refusal = try #require(try refusals().first)
        #expect(refusal["subject"]?.id == lead.id && refusal["run_id"]?.isNull == false)
        #expect(try refusals().count == 1)
        #expect(try owner.fact(lead, "founded_year") == .null && web.asked("held.example").isEmpty)
        _ = try owner.patch("/v1/leads/\(lead.id)", ["industry": "manufacturing"]).ok()
        try eventuallyTrue("it goes on") { try owner.fact(lead, "founded_year")["value"] == 2009 }
        // The wish is done, once.
        #expect(try owner.lead(lead)["phone"] == .null)
        let runs = try owner.every("/v1/agent-runs?agent=prospect_research").filter {
            $0.text("trigger") == "event" && $0["parameters"]?["lead_id"]?.text == lead.id
        }
        #expect(runs.count == 1 && runs[0]["parameters"]?["fields"] == ["founded_year"])
    }

    @Test func `a batch passes over what bad data is in, for its company's too, and takes the others`() throws
    {
        let agency = try server.readingAgency(), owner = agency.owner
        let path = "/v1/agents/prospect_research"
        _ = try owner.patch("\(path)/config", ["enrich_new": "all"]).ok()
        _ = try owner.post("\(path)/config/publish").ok()
        for host in ["fine", "own", "firms"] { web.company("\(host)-held.example") }
        try owner.planned("founded_year", ["website"])
        try pausing("enrichment", agency)
        try pausing("enrichment", agency, field: "country", of: "companies")
        let known: JSON = ["industry": "manufacturing"]
        let own = try agency.bareLead("own-held.example")
        // A company that comes with its first lead is checked at night; this one is there before.
        let firm = try owner.post(
            "/v1/companies", ["name": "Northwind Robotics", "website": "http://firms-held.example"]
        ).ok(201)
        let firms = try agency.bareLead(
            "firms-held.example", known.merging(["contact_name": "Ann", "email": "ann@firms-held.example"]))
        #expect(firms.text("company_id") == firm.id && firm["country"] == .null)
        let fine = try agency.bareLead("fine-held.example", known)
        try awaitChange("record.held", of: own, "enrichment", agency)
        try awaitChange("record.held", of: firm, "enrichment", agency)
        let result = try owner.ended("\(path)/runs", ["parameters": [:]])["result"] ?? .null
        #expect(result["leads"]?.array?.map { $0.text("lead_id") } == [fine.id], "\(result)")
        let passed = result["passed_over"]?.array ?? []
        #expect(passed.allSatisfy { $0.text("reason") == "data_quality" } && passed.count == 2)
        #expect(passed.first { $0.text("lead_id") == firms.id }?["subject"]?.id == firm.id)
        #expect(passed.first { $0.text("lead_id") == own.id }?["subject"]?.id == own.id)
        #expect(web.asked("own-held.example").isEmpty && web.asked("firms-held.example").isEmpty)
        _ = try owner.patch("/v1/leads/\(own.id)", known).ok()
        try eventuallyTrue("its own go on") { try owner.fact(own, "founded_year")["value"] == 2009 }
        #expect(web.asked("firms-held.example").isEmpty)
        _ = try owner.patch("/v1/companies/\(firm.id)", ["country": "DE"]).ok()
        try eventuallyTrue("its company's go on") { try owner.fact(firms, "founded_year")["value"] == 2009 }
    }

    // MARK: Syncs

    private func skipped(_ run: JSON, _ syncing: Syncing) throws -> Set<String> {
        let rows = try syncing.agency.owner.every("/v1/sync-runs/\(run.id)/records?outcome=skipped")
        #expect(rows.allSatisfy { $0.text("code") == "data_quality" && $0.text("field") == "email" })
        return Set(rows.map { "\($0.text("side")) \($0.id)" })
    }

    @Test
    func `a sync leaves out what bad data is in, both ways, keeps its cursor, and takes it along later`()
        throws
    {
        let syncing = try Syncing(.shared), crm = syncing.crm, agency = syncing.agency
        let odd = crm.add(person("odd")), fine = crm.add(person("good"))
        try syncing.run()
        let lead = try syncing.lead("odd@x.example")
        try syncing.change(lead, ["email": "odd@gmial.com", "company": "Local Ltd"])
        let new = try agency.makeLead(7, ["email": "new@gmial.com"])
        for record in [lead, new] { try awaitChange("record.held", of: record, "sync", agency) }
        crm.change(odd, ["name": "Remote Name"], at: CRMStandIn.stamp(1))
        let last = CRMStandIn.stamp(2)
        crm.change(fine, ["name": "Good Name"], at: last)
        let run = try syncing.run()
        #expect(run["pulled"]?["updated"] == 1 && run["pulled"]?["skipped"] == 1, "\(run)")
        #expect(run["pushed"]?["updated"] == 0 && run["pushed"]?["created"] == 0 && crm.writes.isEmpty)
        let both: Set = ["remote \(odd)", "local \(lead.id)", "local \(new.id)"]
        #expect(try skipped(run, syncing) == both)
        #expect(try syncing.sync.text("cursor") == last && syncing.sync.text("status") == "idle")
        #expect(try syncing.lead("good@x.example").text("contact_name") == "Good Name")
        #expect(try syncing.lead("odd@gmial.com").text("contact_name") == "odd")
        // It is told again of what waits here; the service's is not asked for until it may come in.
        #expect(try skipped(syncing.run(), syncing) == ["local \(lead.id)", "local \(new.id)"])
        for (record, email) in [(lead, "odd@gmail.com"), (new, "new@gmail.com")] {
            try syncing.change(record, ["email": .string(email)])
            try awaitChange("record.released", of: record, "sync", agency)
        }
        let next = try syncing.run()
        #expect(next["pulled"]?["updated"] == 1 && next["pulled"]?["skipped"] == 0, "\(next)")
        #expect(next["pushed"]?["updated"] == 1 && next["pushed"]?["created"] == 1, "\(next)")
        #expect(try syncing.lead("odd@gmail.com").text("contact_name") == "Remote Name")
        let record = crm.records[odd] ?? [:]
        #expect(record["email"] == "odd@gmail.com" && record["company"] == "Local Ltd")
        #expect(crm.records.values.filter { $0["email"] == "new@gmail.com" }.count == 1)
        let writes = crm.writes.count
        #expect(try skipped(syncing.run(), syncing).isEmpty)
        #expect(crm.writes.count == writes)
    }

    @Test func `what mends a record comes in, and an unsubscribe crosses whatever else is wrong`() throws {
        let mapping = (Syncing.mapping.array ?? []) + [["local": "unsubscribed", "remote": "opted_out"]]
        let syncing = try Syncing(.shared, ["mapping": .array(mapping)])
        let crm = syncing.crm, agency = syncing.agency, owner = agency.owner
        let ids = ["one", "two", "three"].map { crm.add(person($0, ["opted_out": false])) }
        try syncing.run()
        let leads = try ["one", "two", "three"].map { try syncing.lead("\($0)@x.example") }
        for (number, lead) in leads.enumerated() {
            try syncing.change(lead, ["email": .string("p\(number)@gmial.com")])
            try awaitChange("record.held", of: lead, "sync", agency)
        }
        crm.change(ids[0], ["email": "p0@gmail.com", "name": "Mended"], at: CRMStandIn.stamp(5))
        crm.change(ids[1], ["opted_out": true, "name": "Not Yet"], at: CRMStandIn.stamp(6))
        let run = try syncing.run()
        #expect(run["pulled"]?["updated"] == 1 && run["pulled"]?["skipped"] == 1, "\(run)")
        #expect(try syncing.lead("p0@gmail.com").text("contact_name") == "Mended")
        #expect(try syncing.lead("p1@gmial.com").text("contact_name") == "two")
        #expect(try owner.every("/v1/suppressions").map { $0.text("address") } == ["p1@gmial.com"])
        try owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": "p2@gmial.com", "reason": "unsubscribe"]
        ).ok(201)
        try eventuallyTrue("the service knows") { crm.records[ids[2]]?["opted_out"] == true }
        #expect(crm.records[ids[2]]?["email"] == "three@x.example")
        try syncing.change(leads[2], ["email": "p2@gmail.com"])
        try awaitChange("record.released", of: leads[2], "sync", agency)
        try syncing.run()
        #expect(crm.records[ids[2]]?["email"] == "p2@gmail.com")
    }

    @Test func `a sync all of whose records are held is paused with the reason, and goes on by itself`()
        throws
    {
        let syncing = try Syncing(.shared, ["direction": "pull"])
        let crm = syncing.crm, agency = syncing.agency, owner = agency.owner
        let ids = (0..<11).map { crm.add(person("all\($0)")) }
        try syncing.run()
        try pausing("sync", agency)
        let scan: JSON = ["parameters": ["task": "scan"]]
        try owner.ended("/v1/agents/data_management/runs", scan)
        crm.change(ids[0], ["name": "Changed"], at: CRMStandIn.stamp(1))
        let asked = crm.asked.count
        let run = try syncing.run("failed")
        #expect(run["error"]?.text("code") == "data_quality" && crm.asked.count == asked)
        let sync = try syncing.sync
        #expect(sync.text("status") == "paused" && sync["next_run_at"] == .null)
        #expect(sync.text("paused_because").hasPrefix("Bad data holds back all leads"), "\(sync)")
        #expect(try syncing.alerts().map { $0.text("severity") } == ["warning"])
        try owner.post("\(syncing.path)/run").problem(409, "invalid_transition")
        try syncing.change(try syncing.lead("all0@x.example"), ["industry": "saas"])
        try eventuallyTrue("it goes on") {
            try syncing.lead("all0@x.example").text("contact_name") == "Changed"
        }
        try eventuallyTrue("it rests") { try syncing.sync.text("status") == "idle" }
        #expect(try syncing.sync["paused_because"] == .null && syncing.alerts().isEmpty)
        #expect(try syncing.lead("all1@x.example").text("contact_name") == "all1")
    }

    @Test func `what is mended goes out at once where changes do`() throws {
        let syncing = try Syncing(.shared, ["every": "PT1H"]), crm = syncing.crm, agency = syncing.agency
        try syncing.run()
        try agency.owner.post("\(syncing.path)/pause").ok()
        let lead = try agency.makeLead(3, ["email": "soon@gmial.com"])
        try awaitChange("record.held", of: lead, "sync", agency)
        try agency.owner.post("\(syncing.path)/resume").ok()
        #expect(try skipped(syncing.run(), syncing) == ["local \(lead.id)"])
        try syncing.change(lead, ["email": "soon@gmail.com"])
        try eventuallyTrue("it is there") { crm.records.values.contains { $0["email"] == "soon@gmail.com" } }
        #expect(crm.writes.map(\.method) == ["POST"])
    }
}
