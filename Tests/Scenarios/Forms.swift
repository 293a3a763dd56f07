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

    @Test func `who gets a form's ticket, and what it is, goes by what was answered`() throws {
        let owner = try server.quietAgency().owner
        let (desk, money) = try (
            owner.post("/v1/teams", ["name": "Desk", "categories": ["general"]]).ok(201),
            owner.post("/v1/teams", ["name": "Money", "categories": ["billing"]]).ok(201)
        )
        let routes: JSON = [
            ["field": "kind", "equals": "billing", "team_id": .string(money.id), "priority": "high"],
            ["field": "sites", "equals": 3, "category": "campaign"],
        ]
        let form = try form(
            owner, ["team_id": .string(desk.id), "priority": "low", "category": "general", "routes": routes])
        func ticket(_ more: JSONObject) throws -> [String] {
            var answers: JSONObject = ["email": "v@example.org", "kind": "technical", "text": "Hello"]
            for (key, value) in more.members { answers[key] = value }
            let path = "/v1/forms/\(form.text("public_key"))/submissions"
            let id = try server.anonymous.post(path, .object(answers)).ok(201).id
            let made = try owner.get("/v1/form-submissions/\(id)").ok().text("ticket_id")
            let ticket = try owner.get("/v1/tickets/\(made)").ok()
            return [ticket.text("team_id"), ticket.text("priority"), ticket.text("category")]
        }
        #expect(try ticket(["kind": "billing", "invoice_number": "7"]) == [money.id, "high", "general"])
        #expect(try ticket(["sites": 3]) == [desk.id, "low", "campaign"])
        #expect(try ticket([:]) == [desk.id, "low", "general"])
        let absent: JSON = .string("team_00000000000000000000000000")
        let wrong: JSON = [
            ["field": "colour", "equals": "red"], ["field": "kind", "equals": "billing", "team_id": absent],
        ]
        #expect(
            try owner.patch("/v1/forms/\(form.id)", ["routes": wrong]).faults() == [
                "/routes/0/field": "unknown_reference", "/routes/1/team_id": "unknown_reference",
            ])
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
        // In the agency's language it says what is wrong, too, with and without scripts.
        try owner.patch("/v1/settings", ["locale": "nl"]).ok()
        #expect(try send("kind=billing&text=Hello&invoice_number=7").text.contains("Beantwoord deze vraag."))
        let state = try visitor.post("/v1\(path)/state", ["email": "nobody"]).ok()
        let said = (state["errors"]?.array ?? []).first { $0.text("pointer") == "/email" }?.text("text")
        #expect(said?.hasPrefix("Voer een e-mailadres in") == true)
        // A language of the agency's own may be written from right to left.
        try owner.put("/v1/wordings/ar/form.send", ["text": "إرسال"]).ok()
        try owner.patch("/v1/settings", ["locale": "ar"]).ok()
        #expect(try visitor.get(path).text.contains("<html lang=\"ar\" dir=\"rtl\">"))
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

    private func fileForm(_ owner: Caller, required: Bool = false) throws -> JSON {
        try form(
            owner,
            [
                "fields": [
                    ["name": "email", "label": "E-mail", "type": "email", "required": true],
                    ["name": "text", "label": "What is it?", "required": true],
                    [
                        "name": "pictures", "label": "Pictures", "type": "file",
                        "required": .bool(required),
                    ],
                ]
            ])
    }

    private func upload(_ form: JSON, _ bytes: [UInt8], _ name: String = "a.png") throws -> Answer {
        try server.anonymous.post(
            "/v1/forms/\(form.text("public_key"))/files?name=\(name)", raw: bytes,
            type: "application/octet-stream")
    }

    @Test func `files come with a form, are told by their bytes, kept once, and shown on its ticket`() throws
    {
        let owner = try server.quietAgency().owner, form = try fileForm(owner, required: true)
        let path = "/v1/forms/\(form.text("public_key"))/submissions"
        let given: JSONObject = ["email": "v@example.org", "text": "The logo is the old one."]
        #expect(try server.anonymous.post(path, .object(given)).faults() == ["/pictures": "required"])
        let (one, two) = (
            try upload(form, Samples.png).ok(201), try upload(form, Samples.png, "b.exe").ok(201)
        )
        #expect(one.text("media_type") == "image/png" && two.text("name") == "b.exe")
        #expect(try owner.every("/v1/files").isEmpty, "it is nobody's file before the form is sent in")
        func send(_ files: JSON) throws -> Answer {
            var body = given
            body["pictures"] = files
            return try server.anonymous.post(path, .object(body))
        }
        let tokens = [one["file"] ?? .null, two["file"] ?? .null]
        let sent = try send(.array(tokens)).ok(201)
        let submission = try owner.get("/v1/form-submissions/\(sent.id)").ok()
        let ticket = try owner.get("/v1/tickets/\(submission.text("ticket_id"))").ok()
        let ids = (ticket["attachments"]?.array ?? []).compactMap(\.text)
        #expect(ids.count == 2 && submission["answers"]?["pictures"] == ticket["attachments"])
        let files = try ids.map { try owner.get("/v1/files/\($0)").ok() }
        #expect(files.map { $0.text("name") } == ["a.png", "b.exe"])
        #expect(files.allSatisfy { $0.text("media_type") == "image/png" }, "whatever it is called")
        #expect(Set(files.map { $0.text("sha256") }).count == 1, "the bytes are there once")
        let content = try owner.get("/v1/files/\(ids[0])/content")
        #expect(content.body == Samples.png)
        // Names of no file, or of too many, are refused.
        #expect(try send(["nothing"]).faults() == ["/pictures/0": "unknown_reference"])
        #expect(
            try send(.array(Array(repeating: tokens[0], count: 6))).faults().keys.sorted() == ["/pictures"])
        #expect(try send(7).faults() == ["/pictures": "wrong_type"])
        #expect(try owner.every("/v1/tickets").count == 1)
    }

    @Test func `programs, pages and large files are not taken, nor any by a form that asks for none`() throws
    {
        let owner = try server.quietAgency().owner, form = try fileForm(owner)
        #expect(try upload(form, Samples.program, "logo.png").faults() == ["/file": "invalid_choice"])
        let page = Array("<!doctype html><html><script>alert(1)</script></html>".utf8)
        #expect(try upload(form, page, "a.txt").faults() == ["/file": "invalid_choice"])
        #expect(try upload(form, []).faults() == ["/file": "required"])
        let large = Samples.png + [UInt8](repeating: 0, count: 10 * 1024 * 1024)
        #expect(try upload(form, large).faults() == ["/file": "too_long"])
        let larger = large + [UInt8](repeating: 0, count: 128 * 1024)
        #expect(try upload(form, larger).status == 413)
        try upload(try self.form(owner), Samples.png).problem(409, "conflict")
        #expect(try upload(["public_key": "absent"], Samples.png).status == 404)
    }

    @Test func `neither a key nor a file of another agency's form gives anything`() throws {
        let (owner, stranger) = (try server.quietAgency().owner, try server.quietAgency().owner)
        let (form, other) = (try fileForm(owner), try fileForm(stranger))
        let theirs = try upload(other, Samples.png).ok(201)
        func send(_ form: JSON, _ token: JSON?) throws -> Answer {
            try server.anonymous.post(
                "/v1/forms/\(form.text("public_key"))/submissions",
                ["email": "v@example.org", "text": "Look.", "pictures": [token ?? .null]])
        }
        #expect(try send(form, theirs["file"]).faults() == ["/pictures/0": "unknown_reference"])
        // Nor one of another form of the same agency.
        let second = try fileForm(owner), mine = try upload(second, Samples.png).ok(201)
        #expect(try send(form, mine["file"]).faults() == ["/pictures/0": "unknown_reference"])
        let sent = try send(other, theirs["file"]).ok(201)
        for list in ["tickets", "files", "form-submissions", "contacts"] {
            #expect(try owner.every("/v1/\(list)").isEmpty, "\(list)")
        }
        try owner.get("/v1/form-submissions/\(sent.id)").problem(404, "not_found")
        try owner.get("/v1/forms/\(other.id)").problem(404, "not_found")
        try owner.patch("/v1/forms/\(other.id)", ["status": "closed"]).problem(404, "not_found")
        let file = try #require(try stranger.every("/v1/files").first).id
        try owner.get("/v1/files/\(file)/content").problem(404, "not_found")
        #expect(
            try owner.post(
                "/v1/tickets", ["subject": "a", "body": "b", "attachments": [.string(file)]]
            ).faults() == ["/attachments/0": "unknown_reference"])
    }

    @Test func `what somebody has handed over with a form goes when they are erased`() throws {
        let owner = try server.quietAgency().owner, form = try fileForm(owner)
        let token = try upload(form, Samples.png).ok(201)["file"] ?? .null
        try server.anonymous.post(
            "/v1/forms/\(form.text("public_key"))/submissions",
            ["email": "v@example.org", "text": "Look.", "pictures": [token]]
        ).ok(201)
        #expect(try owner.every("/v1/files").count == 1)
        try owner.post("/v1/privacy/erase", ["email": "v@example.org"]).ok()
        #expect(try owner.every("/v1/files").isEmpty)
        #expect(try #require(try owner.every("/v1/tickets").first)["attachments"] == [])
    }
}
