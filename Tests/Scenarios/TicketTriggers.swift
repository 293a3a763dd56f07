import JSON
import Testing

/// Rules by which an agency deals with tickets of a sort by itself.
@Suite(.ownThread) struct TicketTriggers {
    let server = BureauProcess.shared

    private struct Desk {
        let box: SandboxCaller
        let contact: JSON
        var owner: Caller { box.owner }

        func ticket(_ subject: String, _ body: String, _ more: JSONObject = [:]) throws -> JSON {
            var fields: JSONObject = ["contact_id": .string(contact.id), "source": "email"]
            for (key, value) in more.members { fields[key] = value }
            return try again(try owner.ticket(subject, body, fields))
        }

        func again(_ ticket: JSON) throws -> JSON {
            try box.advance("PT0S")
            return try owner.get("/v1/tickets/\(ticket.id)").ok()
        }

        func said(_ ticket: JSON) throws -> [String] {
            try owner.every("/v1/tickets/\(ticket.id)/messages").map { $0.text("text") }
        }

        func make(_ path: String, _ body: JSON) throws -> JSON { try owner.post(path, body).ok(201) }
    }

    private func open(agent: String = "active") throws -> Desk {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        try box.owner.patch("/v1/agents/customer_service", ["state": .string(agent)]).ok()
        let contact = try box.owner.post(
            "/v1/contacts", ["name": "Jane Doe", "email": "jane@client.example", "locale": "en"]
        ).ok(201)
        return Desk(box: box, contact: contact)
    }

    @Test func `a rule by words answers, and silence for days takes it as solved`() throws {
        let desk = try open()
        let macro = try desk.make(
            "/v1/macros",
            [
                "name": "Copy of an invoice", "add_tags": ["copy"],
                "reply": "Dear {{ name }}, every invoice lies under Documents in your portal.",
            ])
        let trigger = try desk.make(
            "/v1/ticket-triggers",
            [
                "name": "Copies", "words": ["copy of the invoice", "Rechnungskopie"], "answers": true,
                "macro_id": .string(macro.id),
            ])
        // Billing is left to people, unless the agency has a rule of its own.
        let ticket = try desk.ticket("Invoice", "Please send me a COPY of the invoice of May.")
        #expect(
            try desk.said(ticket) == ["Dear Jane Doe, every invoice lies under Documents in your portal."])
        #expect(ticket.text("status") == "waiting_on_client" && ticket["tags"] == ["copy"])
        #expect(ticket["assistance"]?.text("trigger_id") == trigger.id)
        let decision = try #require(
            try desk.owner.every("/v1/decisions?subject_id=\(ticket.id)").first {
                $0["outcome"]?.text("action") == "answer"
            })
        #expect(
            decision["factors"]?.array?.first?.text("evidence") == "The ticket says “copy of the invoice”.")
        let other = try desk.ticket("Invoice", "The amount of the last one is not what we agreed on.")
        #expect(try desk.said(other).isEmpty, "it says none of the words")
        let pressing = try desk.ticket(
            "Urgent", "Urgent: everything is broken, and I need a copy of the invoice.")
        #expect(try desk.said(pressing).isEmpty, "what presses is left to a person")
        try desk.box.advance("P3DT7H")
        #expect(try desk.again(ticket).text("status") == "resolved")
    }

    @Test func `a template is sent on its occasion, once with each ticket, and counts as no answer`() throws {
        let desk = try open(agent: "disabled")
        let template = try desk.make(
            "/v1/templates",
            [
                "name": "Closing days", "channel": "email", "subject": "Closed",
                "body": "Hello {{ contact.name }}, about {{ ticket.number }}: we are closed until Monday.",
            ])
        _ = try desk.make(
            "/v1/templates",
            [
                "name": "Closing days", "channel": "email", "subject": "Zu", "locale": "de",
                "variant_of": .string(template.id),
                "body": "Guten Tag {{ contact.name }}, zu {{ ticket.number }}: Bis Montag ist geschlossen.",
            ])
        _ = try desk.make(
            "/v1/ticket-triggers",
            [
                "name": "Closed", "occasion": "reopened", "words": ["picture", "Bild"], "sources": ["email"],
                "template_id": .string(template.id),
            ])
        let ticket = try desk.ticket("Our site", "Could you look at the picture?")
        #expect(try desk.said(ticket).isEmpty)
        let german = try desk.ticket("Unsere Seite", "Können Sie sich bitte das Bild auf der Seite ansehen?")
        let other = try desk.ticket("Our site", "Could you look at the text?")
        for ticket in [ticket, german, other, ticket] {
            try desk.owner.post("/v1/tickets/\(ticket.id)/close").ok()
            try desk.owner.post("/v1/tickets/\(ticket.id)/reopen").ok()
        }
        let closed = "Hello Jane Doe, about \(ticket["number"]!.serialized): we are closed until Monday."
        _ = try desk.again(ticket)
        #expect(try desk.said(ticket) == [closed] && desk.said(other).isEmpty)
        #expect(try desk.again(ticket)["first_response_at"] == .null, "nobody has answered yet")
        #expect(try desk.said(german).first?.contains("Bis Montag ist geschlossen") == true)
        let mails = try desk.owner.every("/v1/messages?direction=outbound").map { $0.text("subject") }
        #expect(Set(mails) == ["Re: Our site", "Re: Unsere Seite"])
    }

    @Test(arguments: [("active", "approve"), ("active", "observe"), ("disabled", "autopilot")])
    func `what a rule says leaves in the rule's name, however far the agent goes by itself`(
        _ state: String, _ autonomy: String
    ) throws {
        let desk = try open()
        try desk.box.readyToSend()
        let change: JSON = ["state": .string(state), "autonomy": .string(autonomy)]
        try desk.owner.patch("/v1/agents/customer_service", change).ok()
        let macro = try desk.make("/v1/macros", ["name": "Seen", "reply": "We look at it once more."])
        let trigger = try desk.make(
            "/v1/ticket-triggers",
            ["name": "Once more", "occasion": "reopened", "macro_id": .string(macro.id)])
        let ticket = try desk.ticket("Our site", "Could you look at the picture?")
        try desk.owner.post("/v1/tickets/\(ticket.id)/close").ok()
        try desk.owner.post("/v1/tickets/\(ticket.id)/reopen").ok()
        try desk.box.advance("PT1M")
        let mail = try #require(
            try desk.owner.every("/v1/messages?direction=outbound").first {
                $0.text("text").contains("We look at it once more.")
            })
        #expect(mail.text("status") == "sent", "\(mail["reasons"] ?? .null)")
        #expect(mail["author"]?.text("type") == "system" && mail["author"]?.id == trigger.id)
        #expect(mail.text("why") == "The rule “Once more” says it." && mail["run_id"] == .null)
        let call = try #require(
            try desk.owner.every("/v1/tool-calls?tool=send_message").first { $0["subject"]?.id == mail.id })
        #expect(call["agent"] == .null && call["actor"]?.id == trigger.id)
        #expect(try desk.owner.every("/v1/approvals").isEmpty)
    }

    @Test func `what the agent answers by a rule goes by how far the agent goes`() throws {
        let desk = try open()
        try desk.owner.patch("/v1/agents/customer_service", ["autonomy": "approve"]).ok()
        let macro = try desk.make("/v1/macros", ["name": "Copies", "reply": "It lies under Documents."])
        _ = try desk.make(
            "/v1/ticket-triggers",
            ["name": "Copies", "words": ["copy"], "answers": true, "macro_id": .string(macro.id)])
        let ticket = try desk.ticket("Invoice", "Please send me a copy of the invoice of May.")
        #expect(try desk.said(ticket).isEmpty)
        let asked = try desk.owner.every("/v1/approvals?status=pending")
        #expect(asked.map { $0.text("agent") } == ["customer_service"])
        #expect(asked.first?["arguments"]?.text("body") == "It lies under Documents.")
    }

    @Test func `steps are taken whole or not at all, and people are told of what could not be done`() throws {
        let desk = try open(agent: "disabled")
        let macro = try desk.make(
            "/v1/macros", ["name": "Away", "note": "By itself.", "status": "open", "add_tags": ["seen"]])
        _ = try desk.make(
            "/v1/ticket-triggers",
            ["name": "Praise", "occasion": "resolved", "macro_id": .string(macro.id), "priorities": ["low"]])
        let calm = try desk.ticket("Thanks", "It is fine.", ["priority": "low"])
        let other = try desk.ticket("Picture", "It is old.", ["priority": "high"])
        for ticket in [calm, other] {
            try desk.owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Done."]).ok()
        }
        #expect(try desk.again(calm).text("status") == "open" && desk.again(calm)["tags"] == ["seen"])
        #expect(try desk.said(calm) == ["By itself."])
        #expect(try desk.again(other).text("status") == "resolved")
        // It acts once with each: a ticket cannot go round in a circle.
        try desk.owner.post("/v1/tickets/\(calm.id)/resolve", ["resolution": "Done."]).ok()
        #expect(try desk.again(calm).text("status") == "resolved")
        let impossible = try desk.make(
            "/v1/macros", ["name": "Begin anew", "note": "Half.", "status": "new"])
        _ = try desk.make(
            "/v1/ticket-triggers",
            ["name": "Anew", "occasion": "closed", "macro_id": .string(impossible.id)])
        try desk.owner.post("/v1/tickets/\(other.id)/close").ok()
        #expect(try desk.again(other).text("status") == "closed")
        #expect(try desk.said(other).isEmpty, "nothing is half done")
        let nothing = try desk.owner.every("/v1/decisions?subject_id=\(other.id)").first {
            $0["outcome"]?.text("action") == "nothing"
        }
        #expect(nothing?["outcome"]?.text("reason").contains("closed") == true)
    }

    @Test func `a trigger is checked when it is saved`() throws {
        let owner = try server.quietAgency().owner, path = "/v1/ticket-triggers"
        let silent = try owner.post("/v1/macros", ["name": "Silent", "status": "resolved"]).ok(201)
        #expect(try owner.post(path, ["name": "Nothing"]).faults() == ["/macro_id": "required"])
        #expect(
            try owner.post(
                path,
                [
                    "name": "All wrong", "macro_id": .string(silent.id), "answers": true,
                    "occasion": "closed",
                    "priorities": ["huge"], "template_id": "tmpl_00000000000000000000000000",
                    "client_id": "client_00000000000000000000000000",
                ]
            ).faults() == [
                "/priorities/0": "invalid_choice", "/client_id": "unknown_reference",
                "/template_id": "unknown_reference", "/answers": "conflict", "/words": "required",
                "/macro_id": "invalid_choice",
            ])
        let trigger = try owner.post(path, ["name": "Fine", "macro_id": .string(silent.id)]).ok(201)
        try server.signUp().owner.get("\(path)/\(trigger.id)").problem(404)
        try owner.delete("\(path)/\(trigger.id)").ok(204)
    }
}
