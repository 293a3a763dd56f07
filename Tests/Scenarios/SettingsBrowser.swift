import JSON
import TestDatabases
import Testing

/// The settings, agents, workflows and sandboxes in a real browser, and an operator, with axe looking on.
@Suite(.ownThreadFirst) struct SettingsBrowser {
    let server = BureauProcess.shared

    @Test func `an owner sets up the house from the page`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        try agency.owner.post("/v1/contacts", ["name": "Ida Seel", "email": "ida@seel.example"]).ok(201)
        try agency.owner.post("/v1/leads", ["company": "Seel GmbH", "email": "ida@seel.example"]).ok(201)
        // A colleague, whose name is Joe.
        _ = try agency.signIn("scout", may: ["leads:read"])
        try report(
            "settings.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "contact": "Ida Seel", "lead": "Seel GmbH",
                "colleague": "Joe",
            ])
    }

    @Test func `an operator's day is worked from the page`() throws {
        let own = BureauProcess()
        _ = try own.command(
            "admin", "create", "--email", "root@example.com", "--password", "correct horse battery")
        try own.start()
        let agency = try own.signUp()
        let name = try agency.owner.get("/v1/settings").ok().text("name")
        try report(
            "operators.py",
            [
                "url": .string("http://127.0.0.1:\(own.port)"), "email": "root@example.com",
                "password": "correct horse battery", "agency": .string(name),
                "onServer": .bool(TestDatabases.isOnServer),
            ])
    }

    private func report(_ script: String, _ plan: JSONObject) throws {
        let found = try inBrowser(script, plan)
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }
}
