import Foundation
import JSON
import StandIns
import Synchronization
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

    @Test func `each lead has one row, whatever becomes of the writing and of the process`() throws {
        let server = try BureauProcess.start(), isHeld = Mutex(true)
        let (agency, sheets) = (try server.quietAgency(), try SheetsStandIn())
        let made = try agency.connect(
            "google_sheets", sheets.service.url, credentials: ["access_token": .string(sheets.token)],
            settings: ["spreadsheet": .string(sheets.spreadsheet)], capability: "spreadsheets")
        func begin() throws -> String {
            try agency.owner.post(
                "/v1/leads/export-to-sheet", ["integration_id": .string(made.id), "tab": "Out"]
            ).ok(202).text("job_id")
        }
        func end(_ job: String) throws {
            try eventuallyTrue("the export") {
                try agency.owner.get("/v1/jobs/\(job)").ok()["state"] == "completed"
            }
            let rows = (sheets.rows(of: "Out") ?? []).dropFirst().compactMap { $0.first?.text }
            let leads = try agency.owner.every("/v1/leads").map(\.id)
            #expect(rows.count == leads.count && Set(rows) == Set(leads), "\(rows)")
        }
        for number in 0..<3 {
            _ = try agency.makeLead(number, ["email": .string("s\(number)@x.example")])
        }
        // The rows are written, and it does not say so; then it wants to be left alone.
        sheets.service.next(.cutDone) { $0.target.contains(":append") && $0.text.contains("@x.example") }
        sheets.service.next(.answer(429, "{}", headers: [("Retry-After", "1")])) {
            $0.target.contains("batchUpdate") && $0.text.contains("@x.example")
        }
        try end(begin())
        let appended = sheets.service.requests.count { $0.target.contains(":append") }
        #expect(appended == 2, "the header, and the rows once")

        for number in 3..<5 {
            _ = try agency.makeLead(number, ["email": .string("s\(number)@x.example")])
        }
        sheets.service.next(.wait { while isHeld.withLock({ $0 }) { usleep(2000) } }) {
            $0.target.contains(":append")
        }
        let job = try begin()
        try eventuallyTrue("the rows are on their way", every: .milliseconds(2)) {
            sheets.service.requests.count { $0.target.contains(":append") } == appended + 1
        }
        server.kill()
        isHeld.withLock { $0 = false }
        try eventuallyTrue("they are there") { sheets.rows(of: "Out")?.count == 6 }
        try server.start()
        try end(job)
    }
}
