import JSON
import Testing

@Suite(.ownThread) struct Forms {
    let server = BureauProcess.shared

    private func form(_ owner: Caller, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "name": "Help", "creates": "ticket",
            "fields": [
                ["name": "email", "label": "E-mail", "type": "email", "required": true],
                [
                    "name": "kind", "label": "Kind", "type": "choice", "required": true,
                    "choices": ["billing", "technical"],
                ],
                [
                    "name": "invoice_number", "label": "Invoice", "type": "text", "required": true,
                    "show_if": ["field": "kind", "equals": "billing"],
                ],
                ["name": "text", "label": "What is it?", "type": "text", "required": true],
                ["name": "sites", "label": "How many sites?", "type": "number"],
            ],
        ]
        for (key, value) in more.members { body[key] = value }
        return try owner.post("/v1/forms", .object(body)).ok(201)
    }

    @Test func `a form names every fault, asks only what matters, and makes a ticket of a stranger`() throws {
        let owner = try server.quietAgency().owner, form = try form(owner)
        let known = try owner.post("/v1/contacts", ["name": "Known", "email": "v@example.org"]).ok(201)
        let visitor = server.anonymous, path = "/v1/forms/\(form.text("public_key"))/submissions"
        #expect(
            try visitor.post(path, ["email": "nobody", "kind": "billing"]).faults() == [
                "/email": "invalid_email", "/invoice_number": "required", "/text": "required",
            ])
        #expect(
            try visitor.post(
                path, ["email": "v@example.org", "kind": "magic", "text": " ", "sites": "2", "x": 1]
            )
            .faults() == [
                "/kind": "invalid_choice", "/text": "required", "/sites": "wrong_type", "/x": "unknown_field",
            ])
        #expect(try owner.every("/v1/tickets").isEmpty, "what is wrong makes nothing")
        let answer = try visitor.post(
            path,
            [
                "email": "v@example.org", "kind": "technical", "text": "My page is broken",
                "invoice_number": "7",
            ]
        ).ok(201)
        let submission = try owner.get("/v1/form-submissions/\(answer.id)").ok()
        #expect(submission["answers"]?["invoice_number"] == nil, "a field that is not shown is not kept")
        let ticket = try owner.get("/v1/tickets/\(submission.text("ticket_id"))").ok()
        #expect(ticket.text("body") == "My page is broken" && ticket.text("source") == "web_form")
        #expect(ticket["fields"]?.text("kind") == "technical")
        #expect(["high", "urgent"].contains(ticket.text("priority")))
        #expect(ticket.text("contact_id") != known.id, "a typed address opens nobody's history")
        let contact = try owner.get("/v1/contacts/\(ticket.text("contact_id"))").ok()
        #expect(contact["tags"] == ["unverified"])
        let mail = try #require(try owner.every("/v1/messages?contact_id=\(contact.id)").first)
        #expect(mail.text("subject") == "We have your request (1)" && mail.text("purpose") == "transactional")
        try visitor.post("/v1/forms/absent/submissions", [:]).problem(404, "not_found")
        try visitor.post("/v1/forms/\(form.id)/submissions", [:]).problem(404, "not_found")
        try owner.patch("/v1/forms/\(form.id)", ["status": "closed"]).ok()
        try visitor.post(path, ["email": "v@example.org"]).problem(404, "not_found")
    }

    @Test func `while a form is filled in, it says what it asks next and what is wrong`() throws {
        let owner = try server.quietAgency().owner, form = try form(owner)
        let state = try server.anonymous.post(
            "/v1/forms/\(form.text("public_key"))/state", ["email": "nobody", "kind": "billing"]
        ).ok()
        #expect(state["asked"] == ["email", "kind", "invoice_number", "text", "sites"])
        let errors = (state["errors"]?.array ?? []).map { "\($0.text("pointer")) \($0.text("code"))" }
        #expect(errors == ["/email invalid_email", "/invoice_number required", "/text required"])
        #expect(try owner.every("/v1/form-submissions").isEmpty)
    }

    @Test func `a form of leads makes one, which is nobody else's`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let known = try agency.makeLead(1)
        let form = try owner.post(
            "/v1/forms",
            [
                "name": "Call me", "creates": "lead",
                "fields": [
                    ["name": "email", "label": "E-mail", "type": "email", "required": true],
                    ["name": "company", "label": "Company"],
                    ["name": "budget", "label": "Budget", "type": "number"],
                ],
            ]
        ).ok(201)
        let answer = try server.anonymous.post(
            "/v1/forms/\(form.text("public_key"))/submissions",
            ["email": "new@prospect.example", "company": "Prospect", "budget": 500]
        ).ok(201)
        let id = try owner.get("/v1/form-submissions/\(answer.id)").ok().text("lead_id")
        let lead = try owner.get("/v1/leads/\(id)").ok()
        #expect(id != known.id && lead.text("company") == "Prospect" && lead.text("source") == "web_form")
        #expect(lead.text("notes") == "Budget: 500" && lead.text("email") == "new@prospect.example")
    }

    @Test func `a form has a page, which asks for what is missing and works without scripts`() throws {
        let owner = try server.quietAgency().owner, form = try form(owner)
        let path = "/forms/\(form.text("public_key"))", visitor = server.anonymous
        let shown = try visitor.get(path, ["Accept": "text/html"])
        #expect(shown.status == 200 && shown.text.contains("<label for=\"f-email\">"))
        #expect(shown.text.contains("data-field=\"invoice_number\" hidden"), "it is not asked yet")
        func send(_ body: String) throws -> Answer {
            try visitor.request(
                "POST", path, raw: Array(body.utf8),
                headers: ["Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"])
        }
        let missing = try send("email=v%40example.org&kind=billing&text=%3Cb%3EHello")
        #expect(missing.status == 422 && missing.text.contains("aria-invalid=\"true\""))
        #expect(missing.text.contains("data-field=\"invoice_number\">"), "now it is asked")
        #expect(missing.text.contains("&lt;b&gt;Hello"), "what was written is kept, and is no markup")
        #expect(try owner.every("/v1/tickets").isEmpty)
        let done = try send("email=v%40example.org&kind=billing&text=Hello&invoice_number=7&sites=2")
        #expect(done.status == 200 && done.text.contains("Thank you"))
        let ticket = try #require(try owner.every("/v1/tickets").first)
        #expect(ticket["fields"]?.text("invoice_number") == "7" && ticket["fields"]?["sites"] == 2)
        #expect(try visitor.get("/forms/nobody").status == 404)
        #expect(try visitor.get("/public/form.js").status == 200)
    }

    @Test func `a form that cannot work is refused`() throws {
        let owner = try server.quietAgency().owner
        func faults(_ fields: JSON) throws -> [String: String] {
            try owner.post("/v1/forms", ["name": "x", "fields": fields]).faults()
        }
        #expect(try faults([]) == ["/fields": "required"])
        #expect(
            try faults([["name": "a b", "label": "x"]]) == ["/fields/0/name": "invalid_key"])
        #expect(
            try faults([["name": "a", "label": "x", "type": "choice"]]) == ["/fields/0/choices": "required"])
        #expect(
            try faults([
                ["name": "a", "label": "x"], ["name": "a", "label": "y"],
                ["name": "b", "label": "z", "show_if": ["field": "c", "equals": "1"]],
            ]) == ["/fields/1/name": "invalid_key", "/fields/2/show_if/field": "unknown_reference"])
    }
}
