import JSON
import Testing

/// The console in another language than that of its code.
@Suite(.ownThread) struct GermanBrowser {
    let server = BureauProcess.shared

    @Test func `every view is in German for whoever reads German`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.owner.post("/v1/leads", ["company": "Seel"]).ok(201)
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        _ = try agency.score(lead.id)
        let client = try agency.owner.post("/v1/clients", ["name": "Pike"]).ok(201)
        let ticket = try agency.owner.post("/v1/tickets", ["subject": "Logo", "body": "Alt"]).ok(201)
        let invoice = try agency.owner.invoice(client)
        // It is due after one that is never due: a conflict.
        let after: JSON = ["agent": "lead_scoring", "cron": "0 6 * * *", "after": "coordination_agent"]
        try agency.owner.post("/v1/schedules", after).ok(201)
        let found = try inBrowser(
            "german.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "texts": .object(try german()),
                // Three of them are schedules that an agency begins with, and one a service.
                "names": .array([
                    agency.tenant["name"] ?? "", "Seel", "Pike", "Logo", "Sales", "Score all leads",
                    "Reports on data",
                    "People Data Labs verbinden",
                ]),
                "records": [
                    .string("#/leads/\(lead.id)"), .string("#/clients/\(client.id)"),
                    .string("#/tickets/\(ticket.id)"),
                ],
                "invoice": .string("#/invoices/\(invoice.id)"),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }

    @Test func `the catalogues that there are, are named`() throws {
        let named = try server.anonymous.get("/app/words/index.json").ok().array?.compactMap(\.text) ?? []
        #expect(named.contains("de"))
        for language in named {
            let catalogue = try server.anonymous.get("/app/words/\(language).json").ok()
            for part in ["texts", "codes", "problems", "helps"] {
                #expect(catalogue[part]?.object != nil, "\(language)")
            }
        }
    }

    @Test func `what happens has a name in each language`() throws {
        let events = try server.quietAgency().owner.every("/v1/meta/events").map { $0.text("name") }
        #expect(events.count > 400)
        for language in try server.anonymous.get("/app/words/index.json").ok().array?.compactMap(\.text) ?? []
        {
            let codes = try server.anonymous.get("/app/words/\(language).json").ok()["codes"]
            let unnamed = events.filter { event in
                codes?[event] == nil && !event.split(separator: ".").allSatisfy { codes?[String($0)] != nil }
            }
            #expect(unnamed.isEmpty, "\(language)")
        }
    }

    private func german() throws -> JSONObject {
        let catalogue = try server.anonymous.get("/app/words/de.json").ok()
        let texts = try #require(catalogue["texts"]?.object)
        #expect(texts.members.count > 1000)
        return texts
    }
}
