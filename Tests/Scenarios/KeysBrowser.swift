import JSON
import Testing

/// Lists and records in a real browser: which columns are shown, and all by keyboard alone on small screens.
@Suite(.ownThread) struct KeysBrowser {
    let server = BureauProcess.shared

    @Test func `columns are chosen and found again, and records are worked on by keys at 360 and 768 px`()
        throws
    {
        let agency = try server.quietAgency()
        let lead = try agency.owner.post(
            "/v1/leads", ["company": "Column Works", "industry": "technology"]
        ).ok(201)
        let found = try inBrowser(
            "keys.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "lead": .string(lead.text("company")),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
        // The client that the keys have made is there, as it was corrected.
        let clients = try agency.owner.every("/v1/clients").map { $0.text("name") }
        let emails = try agency.owner.every("/v1/leads").compactMap { $0["email"]?.text }
        for width in [360, 768] {
            #expect(clients.contains("Keys at \(width) & Sons"))
            #expect(emails.contains("ida@keys\(width).example"))
        }
    }
}
