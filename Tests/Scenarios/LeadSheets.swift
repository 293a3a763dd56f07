import Foundation
import JSON
import StandIns
import Testing

/// Leads out of a spreadsheet at Google, and into one.
@Suite(.ownThread) struct LeadSheets {
    let server = BureauProcess.shared

    @Test func `rows of a sheet become leads, and a list becomes rows that are written once`() throws {
        let (agency, sheets) = (try server.quietAgency(), try SheetsStandIn())
        sheets.fill(
            "In",
            [
                ["Company", "E-Mail", "Employees"], ["Acme", "ana@acme.example", 120],
                ["Bolt", "bo@bolt.example"],
            ])
        let made = try agency.connect(
            "google_sheets", sheets.service.url, credentials: ["access_token": .string(sheets.token)],
            settings: ["spreadsheet": .string(sheets.spreadsheet)], capability: "spreadsheets")
        let body: JSON = ["integration_id": .string(made.id), "range": "In!A:Z"]
        let begun = try agency.owner.post("/v1/leads/import-from-sheet", body).ok(202)
        try eventuallyTrue("the import") {
            try agency.owner.get("/v1/imports/\(begun.id)").ok()["status"] == "completed"
        }
        let leads = try agency.owner.every("/v1/leads")
        #expect(Set(leads.map { $0.text("email") }) == ["ana@acme.example", "bo@bolt.example"])
        #expect(leads.first { $0.text("company") == "Acme" }?["employee_count"] == 120)
        #expect(
            try agency.owner.post("/v1/leads/import-from-sheet", body.merging(["range": "Gone!A:A"])).faults()
                == ["/range": "invalid_choice"])
        func export(_ filter: String = "") throws {
            let job = try agency.owner.post(
                "/v1/leads/export-to-sheet\(filter)", ["integration_id": .string(made.id), "tab": "Out"]
            ).ok(202)
            try eventuallyTrue("the export") {
                try agency.owner.get("/v1/jobs/\(job.text("job_id"))").ok()["state"] == "completed"
            }
        }
        try export("?company=Acme")
        #expect(
            sheets.rows(of: "Out")?.count == 2 && sheets.rows(of: "Out")?[0].prefix(2) == ["id", "company"])
        _ = try agency.owner.patch("/v1/leads/\(leads[0].id)", ["notes": "=1+1"]).ok()
        try export()
        try export()
        let rows = try #require(sheets.rows(of: "Out"))
        #expect(
            rows.count == 3 && Set(rows.dropFirst().compactMap { $0.first?.text }) == Set(leads.map(\.id)))
        #expect(rows.contains { $0.contains("=1+1") }, "it is written as it is, and not run")
    }
}
