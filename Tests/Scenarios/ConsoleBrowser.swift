import JSON
import Testing

/// The console in a real browser, as whoever runs an agency from it does, with axe looking on.
@Suite(.ownThreadFirst) struct ConsoleBrowser {
    let server = BureauProcess.shared

    @Test func `an agency is run from the page`() throws {
        let (agency, fresh) = (try server.quietAgency(), try server.quietAgency())
        let lead = try agency.owner.post("/v1/leads", ["company": "Acme"]).ok(201)
        let found = try inBrowser(
            "console.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "lead": .string(lead.id),
                "reader": try agency.signIn("scout", may: ["leads:read"]),
                "limited": try limited(to: "Pike", of: agency), "asked": try asked(),
                "fresh": ["email": .string(fresh.email), "password": .string(fresh.password)],
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }

    /// Returns the sign-in of somebody who is asked whether an answer may be mailed, while no mail service is
    /// connected.
    private func asked() throws -> JSON {
        let agency = try server.quietAgency()
        try agency.readyToMail()
        try agency.owner.patch(
            "/v1/agents/customer_service", ["state": "active", "autonomy": "approve"]
        ).ok()
        try agency.owner.askAboutLogo()
        try eventuallyTrue("the question") {
            try !agency.owner.every("/v1/approvals?status=pending").isEmpty
        }
        return ["email": .string(agency.email), "password": .string(agency.password)]
    }

    /// Returns the sign-in of a member who is limited to a new client.
    private func limited(to name: JSON, of agency: Agency) throws -> JSON {
        let client = try agency.owner.post("/v1/clients", ["name": name]).ok(201)
        let entry: JSON = [
            "email": .string("limited-\(agency.email)"), "password": "correct horse battery", "client": name,
        ]
        try agency.owner.post(
            "/v1/users",
            [
                "name": "Lea", "email": entry["email"] ?? "", "password": entry["password"] ?? "",
                "role": "member", "client_id": .string(client.id),
            ]
        ).ok(201)
        return entry
    }

    @Test func `long lists are read, edited and changed at once, in two tabs and without a line`() throws {
        let agency = try server.quietAgency()
        let rows = 10_000
        _ = try agency.imported(csv(csvHeader, (0..<rows).map { csvRow($0) }))
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        let found = try inBrowser(
            "lists.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "rows": .integer(Int64(rows)), "key": .string(key),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }

    @Test func `the page takes little, keeps nothing of what passed, and reads on after a restart`() throws {
        let agency = try server.quietAgency()
        let found = try inBrowser(
            "budgets.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "binary": .string(BureauProcess.binary),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }
}
