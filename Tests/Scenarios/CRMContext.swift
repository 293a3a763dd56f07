import JSON
import StandIns
import Testing

/// A CRM that is kept in step tells of a client, in the answers of customer service.
@Suite(.ownThread) struct CRMContext {
    let server = BureauProcess.shared

    /// The answer of customer service to somebody of a client who asks about their plan.
    private func answer(_ owner: Caller, to person: Caller) throws -> JSON {
        let ticket = try person.post(
            "/v1/portal/tickets",
            ["subject": "Our plan", "body": "Please tell me which plan we are on at the moment."]
        ).ok(201)
        return try eventually("the answer") {
            try owner.every("/v1/tickets/\(ticket.id)/messages").first {
                $0["direction"] == "outbound" && $0["internal"] != true
            }
        }
    }

    @Test func `an answer tells what the CRM says of a client now, names its record, and nothing of others`()
        throws
    {
        let mapping: JSON = [
            ["local": "contact_email", "remote": "email", "key": true],
            ["local": "name", "remote": "company"], ["local": "tier", "remote": "tier"],
        ]
        let syncing = try Syncing(
            server, ["local": "clients", "mapping": mapping, "direction": "pull", "conflict": "remote"])
        let (agency, crm) = (syncing.agency, syncing.crm), owner = agency.owner
        try agency.readyToMail()
        let acme = crm.add(person("acme", ["company": "Acme Gardens", "tier": "growth"]))
        crm.add(person("beta", ["company": "Beta Roofs", "tier": "starter"]))
        #expect(try syncing.run()["pulled"]?["created"] == 2)
        let clients = try owner.every("/v1/clients")
        let gardens = try #require(clients.first { $0.text("name") == "Acme Gardens" })
        let roofs = try #require(clients.first { $0.text("name") == "Beta Roofs" })

        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]).ok()
        let template = try owner.post(
            "/v1/templates",
            [
                "name": "Plan", "channel": "email", "subject": "Your plan",
                "body": "{{ account.name }} is on the plan {{ account.tier }}.",
            ]
        ).ok(201)
        try owner.post(
            "/v1/ticket-triggers",
            [
                "name": "Plans", "words": ["which plan"], "answers": true,
                "template_id": .string(template.id),
            ]
        ).ok(201)
        let (ada, bea) = (
            try agency.clientPerson(of: gardens, "admin"), try agency.clientPerson(of: roofs, "admin")
        )
        let first = try answer(owner, to: ada)
        #expect(first.text("text") == "Acme Gardens is on the plan growth.")
        #expect(first["sources"] == [["type": "client", "id": .string(gardens.id)]])

        // The next answer tells the CRM's news, to this client's people alone.
        crm.change(acme, ["tier": "enterprise"], at: CRMStandIn.stamp(2))
        #expect(try syncing.run()["pulled"]?["updated"] == 1)
        #expect(try answer(owner, to: ada).text("text") == "Acme Gardens is on the plan enterprise.")
        let other = try answer(owner, to: bea)
        #expect(other.text("text") == "Beta Roofs is on the plan starter.")
        #expect(other["sources"] == [["type": "client", "id": .string(roofs.id)]])
    }

    @Test func `a canned reply that tells a client's plan names the client's record, a greeting none`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]).ok()
        let client = try owner.makeClient(["name": "Acme", "tier": "growth"])
        let contact = try owner.post(
            "/v1/contacts",
            ["name": "Jane Doe", "email": "jane@client.example", "client_id": .string(client.id)]
        ).ok(201)
        for (word, reply) in [
            ("which plan", "Dear {{ name }}, it is {{ tier }}."), ("hours", "Dear {{ name }}, from nine."),
        ] {
            let macro = try owner.post(
                "/v1/macros", ["name": .string(word), "reply": .string(reply)]
            ).ok(201)
            try owner.post(
                "/v1/ticket-triggers",
                [
                    "name": .string(word), "words": [.string(word)], "answers": true,
                    "macro_id": .string(macro.id),
                ]
            ).ok(201)
        }
        func said(_ body: String) throws -> JSON {
            let ticket = try owner.ticket(
                "A question", body,
                [
                    "contact_id": .string(contact.id), "client_id": .string(client.id), "source": "email",
                ])
            try box.advance("PT0S")
            return try #require(try owner.every("/v1/tickets/\(ticket.id)/messages").first)
        }
        let plan = try said("Please tell me which plan we are on at the moment.")
        #expect(plan.text("text") == "Dear Jane Doe, it is growth.")
        #expect(plan["sources"] == [["type": "client", "id": .string(client.id)]])
        let hours = try said("Please tell me your hours on Fridays.")
        #expect(hours.text("text") == "Dear Jane Doe, from nine." && hours["sources"] == [])
    }
}
