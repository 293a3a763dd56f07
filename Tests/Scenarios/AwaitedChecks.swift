import JSON
import Testing

/// Checks of new records wait a moment for others, and nothing is left between two of them.
struct AwaitedChecks {
    @Test func `a record that comes when a check has just begun is judged by the next one`() throws {
        let box = try BureauProcess.shared.quietAgency().sandbox(), owner = box.owner
        var leads: [JSON] = []
        // Addresses are judged after 0.4 s, rules after 1.5: each time one comes shortly before, and one after.
        for (number, pause) in ["PT0S", "PT0.3S", "PT0.15S", "PT0.75S", "PT0.4S"].enumerated() {
            try box.advance(pause)
            let email = "jane\(number)@gmial.com"
            let body: JSON = ["company": .string("Slip \(number)"), "email": .string(email)]
            leads.append(try owner.post("/v1/leads", body).ok(201))
        }
        try box.advance("PT1M")
        for lead in leads {
            let judged = try owner.get("/v1/leads/\(lead.id)").ok()
            #expect(judged["email_status"] != .null, "\(judged.text("company"))")
        }
        let found = try owner.every("/v1/quality-issues?rule=lead_email_slip").map { $0.text("subject_id") }
        #expect(Set(found) == Set(leads.map(\.id)))
    }
}
