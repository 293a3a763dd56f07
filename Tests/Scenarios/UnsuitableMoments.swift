import JSON
import Testing

/// A client that waits for urgent help, has complained or owes something is left alone by marketing.
@Suite(.ownThread) struct UnsuitableMoments {
    let server = BureauProcess.shared

    private struct Person { let client: String, contact: String }

    private func person(_ box: SandboxCaller, _ name: String) throws -> Person {
        let client = try box.owner.post("/v1/clients", ["name": .string(name), "tier": "growth"]).ok(201).id
        let contact = try box.owner.post(
            "/v1/contacts",
            [
                "name": .string(name), "email": .string("\(name.lowercased())@example.org"),
                "client_id": .string(client), "country": "US",
            ]
        ).ok(201).id
        return Person(client: client, contact: contact)
    }

    private func codes(
        _ box: SandboxCaller, _ person: Person, _ purpose: String = "marketing"
    ) throws -> [String] {
        try box.owner.get(
            "/v1/contacts/\(person.contact)/sendability?channel=email&purpose=\(purpose)"
        ).ok()["reasons"]?.array?.map { $0.text("code") } ?? []
    }

    private func write(_ box: SandboxCaller, _ person: Person, _ subject: String) throws -> String {
        try box.owner.post(
            "/v1/messages",
            [
                "contact_id": .string(person.contact), "subject": .string(subject), "body": "News.",
                "purpose": "marketing",
            ]
        ).ok(202).id
    }

    private func ticket(_ box: SandboxCaller, _ person: Person, _ more: JSON = [:]) throws -> String {
        let fields: JSON = [
            "subject": "The page is down", "body": "It shows an error.", "client_id": .string(person.client),
        ]
        return try box.owner.post("/v1/tickets", fields.merging(more)).ok(201).id
    }

    private func message(_ box: SandboxCaller, _ id: String) throws -> JSON {
        try box.owner.get("/v1/messages/\(id)").ok()
    }

    @Test func `what waits for an urgent ticket leaves when it is solved, and after a fortnight never`()
        throws
    {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let (soon, never) = (try person(box, "Soon"), try person(box, "Never"))
        let tickets = try [soon, never].map { try ticket(box, $0, ["priority": "urgent"]) }
        #expect(try codes(box, soon) == ["unsuitable_moment"])
        #expect(try codes(box, soon, "transactional").isEmpty, "what has to be said is said")
        let messages = [try write(box, soon, "Soon"), try write(box, never, "Never")]
        try box.advance("P3D")
        for id in messages {
            let held = try message(box, id)
            #expect(held.text("status") == "held")
            #expect(held["reasons"]?.array?.map { $0.text("code") } == ["unsuitable_moment"])
        }
        try box.owner.post("/v1/tickets/\(tickets[0])/resolve", ["resolution": "It works."]).ok()
        try box.advance("PT1H")
        #expect(try message(box, messages[0]).text("status") == "sent" && codes(box, soon).isEmpty)
        try box.advance("P10D")
        #expect(try message(box, messages[1]).text("status") == "held")
        try box.advance("P2D")
        let late = try message(box, messages[1])
        #expect(late.text("status") == "cancelled")
        #expect(late["reasons"]?.array?.map { $0.text("code") } == ["unsuitable_moment"])
        try box.owner.post("/v1/tickets/\(tickets[1])/resolve", ["resolution": "It works."]).ok()
        try box.advance("P1D")
        #expect(try message(box, messages[1]).text("status") == "cancelled")
    }

    @Test func `a complaint is remembered for a fortnight, and a ticket that is none stops nothing`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let (calm, cross) = (try person(box, "Calm"), try person(box, "Cross"))
        let usual = try ticket(box, calm, ["priority": "normal"])
        let complaint = try ticket(box, cross, ["priority": "normal", "category": "complaint"])
        // A ticket that nobody answers for days escalates, which is another reason.
        try box.owner.post("/v1/tickets/\(complaint)/resolve", ["resolution": "It works."]).ok()
        #expect(try codes(box, calm).isEmpty && codes(box, cross) == ["unsuitable_moment"])
        try box.owner.patch("/v1/tickets/\(usual)", ["priority": "urgent"]).ok()
        #expect(try codes(box, calm) == ["unsuitable_moment"])
        try box.owner.patch("/v1/tickets/\(usual)", ["priority": "normal"]).ok()
        #expect(try codes(box, calm).isEmpty)
        try box.advance("P13D")
        #expect(try codes(box, cross) == ["unsuitable_moment"])
        try box.advance("P2D")
        #expect(try codes(box, cross).isEmpty)
    }

    @Test
    func `a low score is remembered for a fortnight, and an escalated ticket is reason enough by itself`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        let (low, glad, waiting) = (
            try person(box, "Low"), try person(box, "Glad"), try person(box, "Waiting")
        )
        let survey = try owner.post(
            "/v1/surveys", ["name": "s", "kind": "csat", "question": "How is it?"]
        ).ok(201)
        for (person, score) in [(low, 2), (glad, 4)] {
            try owner.post(
                "/v1/survey-responses",
                [
                    "survey_id": .string(survey.id), "client_id": .string(person.client),
                    "score": JSON(score),
                ]
            ).ok(201)
        }
        #expect(try codes(box, low) == ["unsuitable_moment"] && codes(box, glad).isEmpty)
        #expect(try codes(box, low, "transactional").isEmpty)
        try box.advance("P1D")
        let news = try write(box, low, "News")
        let usual = try ticket(box, waiting, ["priority": "normal"])
        #expect(try codes(box, waiting).isEmpty)
        try owner.post("/v1/tickets/\(usual)/escalate", ["reason": "A large client."]).ok()
        #expect(try owner.get("/v1/tickets/\(usual)").ok().text("priority") != "urgent")
        #expect(try codes(box, waiting) == ["unsuitable_moment"])
        try owner.post("/v1/tickets/\(usual)/resolve", ["resolution": "It works."]).ok()
        #expect(try codes(box, waiting).isEmpty)
        try box.advance("P12D")
        #expect(try codes(box, low) == ["unsuitable_moment"] && message(box, news).text("status") == "held")
        try box.advance("P2D")
        #expect(try codes(box, low).isEmpty && message(box, news).text("status") == "sent")
    }

    @Test func `an invoice that is overdue holds marketing until it is paid`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let debtor = try person(box, "Debtor")
        let day = try String(box.now().prefix(10))
        let invoice = try box.owner.post(
            "/v1/invoices",
            [
                "client_id": .string(debtor.client), "due_on": .string(day),
                "items": [
                    [
                        "description": "Work", "quantity": 1,
                        "unit_price": ["amount": 5000, "currency": "USD"],
                    ]
                ],
            ]
        ).ok(201).id
        try box.owner.post("/v1/invoices/\(invoice)/send").ok()
        #expect(try codes(box, debtor).isEmpty)
        try box.advance("P3D")
        #expect(try codes(box, debtor) == ["unsuitable_moment"])
        let news = try write(box, debtor, "News")
        try box.advance("PT1H")
        #expect(try message(box, news).text("status") == "held")
        try box.owner.post(
            "/v1/payments",
            [
                "invoice_id": .string(invoice), "amount": ["amount": 5000, "currency": "USD"],
                "method": "bank_transfer", "reference": "1",
            ]
        ).ok(201)
        try box.advance("PT1H")
        #expect(try message(box, news).text("status") == "sent" && codes(box, debtor).isEmpty)
    }
}
