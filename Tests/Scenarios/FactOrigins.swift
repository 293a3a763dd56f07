import JSON
import Testing

/// Every field's origin is known, also of those that were imported, merged or erased.
@Suite(.ownThread) struct FactOrigins {
    static let web = try! CrawledWeb()
    static let server = try! BureauProcess.start(
        web.settings.merging(["outbound.allow_private": "true"]) { $1 })
    let web = Self.web, server = Self.server

    @Test func `what a file brought is the file's until somebody changes it`() throws {
        let agency = try server.readingAgency(), owner = agency.owner
        let rows =
            "company,website,email,contact_name\nNorthwind,http://filed.example,erika@filed.example,Erika\n"
        _ = try owner.post("/v1/leads/import", raw: Array(rows.utf8), type: "text/csv").ok(202)
        try eventuallyTrue("the lead is there") { try owner.every("/v1/leads").count == 1 }
        let lead = try owner.every("/v1/leads")[0]
        #expect(try owner.fact(lead, "contact_name")["source"]?["kind"] == "file")
        _ = try owner.patch("/v1/leads/\(lead.id)", ["contact_name": "Erika Beispiel"]).ok()
        #expect(try owner.fact(lead, "contact_name")["source"]?["kind"] == "person")
        #expect(try owner.fact(lead, "email")["source"]?["kind"] == "file")
        web.company("filed.example", ["email": "hello@filed.example"])
        _ = try owner.enriched(lead)
        #expect(try owner.lead(lead).text("email") == "erika@filed.example")
        #expect(try owner.fact(lead, "email", "alternative").text("value") == "hello@filed.example")
        let company = try owner.every("/v1/companies/\(owner.lead(lead).text("company_id"))/facts")
        #expect(company.contains { $0.text("field") == "founded_year" && $0["value"] == 2009 })
    }

    @Test func `merging leads merges what is said of them, and undoing that gives it back`() throws {
        let agency = try server.readingAgency(), owner = agency.owner
        web.company("merged.example")
        let (kept, gone) = (
            try agency.bareLead("merged.example", ["employee_count": 120, "contact_name": "A"]),
            try agency.bareLead("merged.example", ["contact_name": "B"])
        )
        _ = try owner.enriched(gone)
        let merge = try owner.post(
            "/v1/leads/merge", ["keep": .string(kept.id), "merge": [.string(gone.id)]]
        ).ok()
        #expect(try owner.lead(kept).text("phone") == "+4930901820")
        #expect(try owner.fact(kept, "phone")["source"]?["kind"] == "website")
        #expect(try owner.fact(kept, "employee_count")["value"] == 120)
        #expect(try owner.fact(kept, "employee_count", "alternative")["value"] == 140)
        #expect(try owner.fact(kept, "founded_year")["value"] == 2009)
        _ = try owner.post("/v1/leads/merges/\(merge.text("merge_id"))/undo").ok()
        #expect(try owner.fact(kept, "founded_year") == .null)
        #expect(try owner.fact(gone, "founded_year")["value"] == 2009)
        #expect(try owner.fact(gone, "employee_count")["source"]?["kind"] == "website")
    }

    @Test func `facts are in a person's export, go with them, and are shown to those who may see the record`()
        throws
    {
        let agency = try server.readingAgency(), owner = agency.owner
        web.company("erased.example")
        let lead = try agency.bareLead("erased.example", ["email": "ann@erased.example"])
        _ = try owner.enriched(lead)
        let stranger = try server.signUp().owner
        _ = try stranger.get("/v1/leads/\(lead.id)/facts").ok(404)
        let fact = try owner.fact(lead, "founded_year")
        _ = try stranger.post("/v1/facts/\(fact.id)/accept").ok(404)
        let about: JSON = ["email": "ann@erased.example"]
        let export = try owner.post("/v1/privacy/export", about).ok()
        #expect(export.serialized.contains("founded_year"))
        _ = try owner.post("/v1/privacy/erase", about).ok()
        #expect(try owner.facts(lead).allSatisfy { $0["source"]?["kind"] != "website" })
    }

    @Test func `what has become stale is not urgent: it is asked for again in the quiet hours, once`() throws
    {
        let agency = try server.researchingAgency(), owner = agency.owner
        try owner.planned("founded_year", ["website"], age: "P2D")
        for host in ["stale1.example", "stale2.example", "stale3.example"] {
            web.company(host)
            let lead = try agency.bareLead(host)
            _ = try owner.enriched(lead, ["fields": ["founded_year"]])
        }
        let box = try agency.sandbox("live", startAt: "2027-01-05T10:00:00.000Z")
        _ = try box.advance("P1D")
        let runs = try box.owner.every("/v1/agent-runs?agent=prospect_research")
        let busy = runs.filter { $0["result"]?["processed"]?.int ?? 0 > 0 }
        #expect(runs.count >= 24 && busy.map { $0["result"]?["processed"] } == [3], "all in one batch")
        let hour = busy.first.flatMap { Int($0.text("started_at").dropFirst(11).prefix(2)) }
        #expect(hour.map { (1..<5).contains($0) } == true)
    }

    @Test func `leads that are typed are enriched by themselves where the agency wants that`() throws {
        let agency = try server.readingAgency(), owner = agency.owner
        web.company("typed.example")
        let lead = try agency.bareLead("typed.example")
        let path = "/v1/agents/prospect_research"
        let none = try owner.ended("\(path)/runs")
        #expect(none["result"]?["processed"] == 0)
        _ = try owner.patch("\(path)/config", ["enrich_new": "all"]).ok()
        _ = try owner.post("\(path)/config/publish").ok()
        let run = try owner.ended("\(path)/runs")
        #expect(run["result"]?["processed"] == 1)
        #expect(try owner.lead(lead).text("phone") == "+4930901820")
        let schedules = try owner.every("/v1/schedules").filter { $0["agent"] == "prospect_research" }
        #expect(schedules.count == 2 && schedules.contains { $0.text("cron") == "0 11-23/2 * * *" })
    }
}
