import JSON
import Testing

/// The console's page of support in a real browser, as whoever answers for it sees it, with axe looking on.
@Suite(.ownThread) struct SupportConsoleBrowser {
    let server = BureauProcess.shared

    @Test
    func `managers see support as it stands, and what changes meanwhile without loading anew`() throws {
        let agency = try server.quietAgency()
        try busy(agency)
        let figures = try agency.owner.get("/v1/ticket-figures").ok()
        let box = try fortnight()
        let alerts = try box.owner.every("/v1/alerts?open=true&agent=customer_service")
        #expect(figures["total"]?["reopened"] == 1 && figures["escalated"] == 1 && alerts.count == 2)
        let young = try server.quietAgency()
        let found = try inBrowser(
            "support.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "token": .string(agency.token), "figures": figures,
                "person": "Olive Owner",
                "sandbox": [
                    "token": .string(box.owner.token ?? ""), "alerts": .array(alerts),
                    "forecast": try box.owner.get("/v1/ticket-figures/forecast").ok(),
                ],
                "young": ["email": .string(young.email), "password": .string(young.password)],
                "stranger": try agency.signIn("scout", may: ["leads:read"]),
                "reader": try agency.signIn("desk", may: ["tickets:read"]),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }

    /// Tickets of every kind: answered, solved, opened again, taken further, praised.
    private func busy(_ agency: Agency) throws {
        let owner = agency.owner
        let contact = try owner.post("/v1/contacts", ["name": "Jane"]).ok(201)
        let survey = try owner.post("/v1/surveys", ["name": "Help", "question": "How was it?"]).ok(201)
        for (score, source) in [(5, "phone"), (4, "email")] {
            let ticket = try owner.ticket(
                "Invoice", "It is wrong.",
                [
                    "category": "billing", "source": .string(source), "contact_id": .string(contact.id),
                    "assignee_id": .string(agency.user.id),
                ])
            try owner.post("/v1/tickets/\(ticket.id)/messages", ["text": "We look."]).ok(201)
            try owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Done."]).ok()
            try owner.post(
                "/v1/survey-responses",
                [
                    "survey_id": .string(survey.id), "score": JSON(score), "ticket_id": .string(ticket.id),
                ]
            ).ok(201)
            if score == 4 { try owner.post("/v1/tickets/\(ticket.id)/reopen").ok() }
        }
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        let chat = try server.anonymous.post(
            "/v1/chat/\(key)/messages", ["visitor_id": "v1", "text": "My page is broken."]
        ).ok(201)
        let broken = try owner.ticket(
            "<b>Broken</b>", "It is down.",
            ["priority": "urgent", "conversation_id": .string(chat.text("conversation_id"))])
        try owner.post("/v1/tickets/\(broken.id)/escalate", ["reason": "A large client."]).ok()
        let waiting = try owner.ticket("Logo", "It is old.", ["category": "brand_design"])
        try owner.patch("/v1/tickets/\(waiting.id)", ["status": "waiting_on_client"]).ok()
    }

    /// More came each day than was solved, for two weeks.
    private func fortnight() throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox("live", startAt: "2027-01-04T09:00:00.000Z")
        try box.quieten()
        try box.owner.patch(
            "/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        for _ in 0..<15 {
            for subject in ["It is wrong.", "It is late."] {
                let ticket = try box.owner.ticket(
                    "Invoice", subject, ["category": "billing", "priority": "low"])
                guard subject == "It is late." else { continue }
                try box.owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Done."]).ok()
            }
            try box.advance("P1D")
        }
        return box
    }
}
