import Database
import Foundation
import JSON
import Tenancy
import Telemetry
import Testing

@testable import Bureau

/// The sample data of a new agency go as they came: nothing of them is left, and nothing of the agency's goes along.
@Suite(.ownThread) struct SampleRecords {
    /// The data that the console brings in.
    private static let companies = [
        ("Harbour Dental Group", "Healthcare", "Mara Lind", "Practice manager", "More patients from the region"),
        ("Tidewater Logistics", "Logistics", "Jon Veld", "Head of marketing", "Leads from search"),
        ("Kestrel Robotics", "Technology", "Amir Haddad", "Head of growth", "A pipeline from content"),
    ]

    private func add(_ owner: Caller) throws {
        let leads = Self.companies.enumerated().map { index, one -> JSON in
            let body: JSON = [
                "company": .string(one.0), "industry": .string(one.1), "employee_count": 45,
                "contact_name": .string(one.2), "contact_title": .string(one.3), "source": "sample",
                "tags": ["sample"], "pain_points": [.string(one.4)],
                "email": .string("person\(index)@sample-\(index + 1).test"),
            ]
            return ["op": "create", "body": body]
        }
        try owner.post("/v1/leads/bulk", ["operations": .array(leads)]).ok()
        for subject in ["The form on our page does not send", "New opening hours"] {
            try owner.post(
                "/v1/tickets",
                [
                    "subject": .string(subject), "body": "Since yesterday nobody gets a confirmation.",
                    "priority": "high", "source": "sample", "tags": ["sample"],
                ]
            ).ok(201)
        }
    }

    /// Tables whose rows say what happened: they stay when records go, and go when their time is over.
    private static let history: Set<String> = [
        "audit", "events", "jobs", "agent_runs", "run_steps", "gate_calls", "tool_calls", "idempotency",
        "schedule_fires", "sessions", "refresh_tokens", "job_rates", "agent_metrics", "workflow_runs",
        "workflow_steps", "effect_use", "tool_use", "budget_use", "included_calls", "tenant_queues",
    ]

    /// The number of rows of each table of the one agency, and the values of its counters.
    private func counted(_ server: BureauProcess) throws -> [String: Int64] {
        var configuration = Configuration()
        configuration.data = server.folder
        configuration.databaseURL = server.database ?? ""
        configuration.databaseConnections = 6
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        return try app.database.acrossTenantsRead { reader in
            var counts: [String: Int64] = [:]
            for table in try reader.tables(withColumn: "tenant_id") where !Self.history.contains(table) {
                counts[table] = try reader.first("SELECT count(*) FROM \(trusted: table)") { $0.int64(0) }
            }
            let counters = try reader.all("SELECT name, value FROM counters WHERE value <> 0") {
                ($0.text(0), $0.int64(1))
            }
            counts["counters"] = nil
            // A number that a ticket has had is never given to another.
            for (name, value) in counters where name != "tickets.number" { counts["counter \(name)"] = value }
            return counts
        }
    }

    @Test func `removing them leaves no rest in any table`() throws {
        let server = try BureauProcess.start()
        defer { server.stop() }
        let agency = try server.signUp()
        // One of the agency's own, which must not be touched.
        let own = try agency.owner.post("/v1/leads", lead(1)).ok(201)
        try eventuallyTrue("the judgement of its data") {
            try agency.owner.get("/v1/leads/\(own.id)").ok()["quality_score"] != .null
        }
        try agency.rest()
        server.stop()
        let before = try counted(server)
        #expect(before.count > 100 && before["leads"] == 1)
        try server.start()
        try add(agency.owner)
        try agency.rest()
        let leads = try agency.owner.every("/v1/leads?tags=sample")
        for one in leads { _ = try agency.score(one.id) }
        try agency.rest()
        server.stop()
        let between = try counted(server)
        #expect(between["leads"] == 4 && between["tickets"] == 2 && between["contacts"] == 4)
        try server.start()
        let report = try agency.owner.post("/v1/sample-data/remove").ok()
        #expect(report["removed"]?["lead"] == 3 && report["removed"]?["ticket"] == 2)
        #expect(report["kept"]?.array?.isEmpty == true, "\(report.serialized)")
        try agency.rest()
        server.stop()
        let after = try counted(server)
        for (name, count) in after.merging(before, uniquingKeysWith: { new, _ in new }) {
            #expect(
                after[name] ?? 0 == before[name] ?? 0,
                "\(name): \(before[name] ?? 0) before, \(between[name] ?? 0) with them, \(count) after")
        }
        try server.start()
    }

    @Test func `what somebody has made their own stays, with what it needs`() throws {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let mine = try owner.post("/v1/companies", ["name": "Kestrel Robotics"]).ok(201)
        let made = try agency.makeLead(7, ["tags": ["sample"]])
        try agency.waitForJudgements()
        let tagged = try owner.get("/v1/leads/\(made.id)").ok()
        try add(owner)
        let leads = try owner.every("/v1/leads?source=sample")
        func named(_ company: String) throws -> JSON {
            try #require(leads.first { $0.text("company") == company })
        }
        let (edited, sold) = (try named("Harbour Dental Group"), try named("Tidewater Logistics"))
        try owner.patch("/v1/leads/\(edited.id)", ["notes": "They called us."]).ok()
        let deal = try owner.post("/v1/deals", ["lead_id": .string(sold.id), "name": "D"]).ok(201)
        let ticket = try #require(try owner.every("/v1/tickets?source=sample").first)
        try owner.post("/v1/tickets/\(ticket.id)/messages", ["text": "We are on it."]).ok(201)
        let viewer = try agency.colleague("viewer")
        try viewer.post("/v1/sample-data/remove").problem(403)
        let report = try owner.post("/v1/sample-data/remove").ok()
        #expect(report["removed"]?["lead"] == 1 && report["removed"]?["ticket"] == 1)
        let left = Set(try owner.every("/v1/leads").map(\.id))
        #expect(left == [tagged.id, edited.id, sold.id])
        for lead in [edited, sold] {
            let now = try owner.get("/v1/leads/\(lead.id)").ok()
            #expect(now["tags"] == [] && now["contact_id"] == lead["contact_id"])
            try owner.get("/v1/contacts/\(lead.text("contact_id"))").ok()
        }
        #expect(try owner.get("/v1/leads/\(tagged.id)").ok() == tagged, "another source")
        try owner.get("/v1/deals/\(deal.id)").ok()
        try owner.get("/v1/companies/\(mine.id)").ok()
        #expect(try owner.every("/v1/tickets").map(\.id) == [ticket.id])
        let again = try owner.post("/v1/sample-data/remove").ok()
        #expect(again["removed"] == [:] && again["kept"]?.array?.isEmpty == true)
    }
}
