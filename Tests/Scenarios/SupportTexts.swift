import JSON
import Testing

/// Support's own texts, in an agency's words.
@Suite(.ownThread) struct SupportTexts {
    let server = BureauProcess.shared

    private func box() throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        return box
    }

    private func template(
        _ owner: Caller, _ kind: String, _ body: String, _ more: JSONObject = [:]
    ) throws -> Answer {
        var fields: JSONObject = [
            "name": .string(kind), "kind": .string(kind), "subject": "Ours", "body": .string(body),
        ]
        for (key, value) in more.members { fields[key] = value }
        return try owner.post("/v1/templates", .object(fields))
    }

    /// The mail with which a request by the form of an agency is acknowledged.
    private func acknowledgement(_ box: SandboxCaller, _ locale: String) throws -> JSON {
        let owner = box.owner
        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]).ok()
        let contact = try owner.post(
            "/v1/contacts",
            ["name": "Jo *Doe*", "email": .string("jo-\(locale)@client.example"), "locale": .string(locale)]
        ).ok(201)
        let words = [
            "en": "Please tell me who looks after the tracking of our shop.",
            "de": "Bitte sagen Sie mir, wer sich um die Auswertung unseres Ladens kümmert.",
            "sv": "Var snäll och berätta för mig vem som sköter mätningen av besökare i vår butik.",
            "fr": "Dites-moi qui s'occupe du suivi des visiteurs de notre boutique, s'il vous plaît.",
        ]
        try owner.ticket(
            "Tracking & <more>", words[locale] ?? "", ["contact_id": .string(contact.id), "source": "email"])
        try box.advance("PT0S")
        return try #require(
            try owner.every("/v1/messages?direction=outbound&contact_id=\(contact.id)").first)
    }

    @Test func `without words of its own an agency has the standard ones, which it can read`() throws {
        let box = try box()
        let listed = try box.owner.get("/v1/standard-texts").ok().items
        #expect(
            Set(listed.map { $0.text("kind") }) == [
                "ticket_acknowledgement", "ticket_answer", "ticket_delay", "ticket_escalation",
                "survey_invitation",
                "gratitude", "campaign_word",
            ])
        let client = try box.owner.makeClient()
        for text in listed {
            #expect(
                text["wordings"]?.array?.map { $0.text("locale") } == [
                    "en", "de", "es", "fr", "it", "nl", "pt",
                ])
            // A standard text passes the checks of what agencies write.
            for wording in text["wordings"]?.array ?? [] {
                try template(
                    box.owner, text.text("kind"), wording.text("body"),
                    ["subject": .string(wording.text("subject")), "client_id": .string(client.id)]
                ).ok(201)
            }
        }
        #expect(try acknowledgement(box, "en").text("text").contains("Hello Jo *Doe*,"))
        #expect(try acknowledgement(box, "de").text("text").contains("Sie hören von uns bis"))
        #expect(try acknowledgement(box, "fr").text("subject") == "Nous avons reçu votre demande (3)")
        #expect(try acknowledgement(box, "sv").text("subject") == "We have your request (4)")
    }

    @Test func `an agency's own words go before, in the language of whoever reads them`() throws {
        let box = try box(), owner = box.owner
        let main = try template(
            owner, "ticket_acknowledgement",
            "Hi {{ contact.name | default: \"you\" }}: **{{ ticket.subject }}** is no. {{ ticket.number }}.{% if ticket.due_at %} By {{ ticket.due_at | time }}.{% endif %}",
            ["locale": "en", "subject": "Got {{ ticket.number }}"]
        ).ok(201)
        let english = try acknowledgement(box, "en")
        #expect(english.text("subject") == "Got 1" && english.text("template_id") == main.id)
        let text = english.text("text")
        #expect(text.hasPrefix("Hi Jo *Doe*: ") && text.contains("Tracking & <more>"), "\(text)")
        #expect(text.contains("By ") && text.contains("is no. 1"))
        // German has standard words; Swedish has none, and gets the agency's English ones.
        #expect(try acknowledgement(box, "de").text("subject") == "Ihre Anfrage ist da (2)")
        #expect(try acknowledgement(box, "sv").text("subject") == "Got 3")
        // A variant needs no kind of its own.
        let variant = try owner.post(
            "/v1/templates",
            [
                "name": "fr", "variant_of": .string(main.id), "locale": "fr", "subject": "Bien reçu",
                "body": "Bonjour !",
            ]
        ).ok(201)
        #expect(try owner.get("/v1/templates/\(variant.id)").ok()["variant_of"] == .string(main.id))
        try owner.delete("/v1/templates/\(main.id)").ok(204)
    }

    @Test func `a text is checked when it is saved, and shown with values such as it will have`() throws {
        let owner = try server.quietAgency().owner
        #expect(
            try template(owner, "survey_invitation", "Please tell us how it went.").faults()
                == ["/body": "required"])
        #expect(
            try template(owner, "ticket_delay", "Sorry, {{ ticket.numbr }}.").faults()
                == ["/body": "unknown_name"])
        let fine = try template(
            owner, "survey_invitation", "{{ survey.question }} [Answer]({{ survey.url }})"
        ).ok(201)
        #expect(
            try owner.patch("/v1/templates/\(fine.id)", ["body": "Never mind."]).faults()
                == ["/body": "required"])
        let variant: JSON = [
            "name": "de", "variant_of": .string(fine.id), "locale": "de", "subject": "Wie war es?",
            "body": "Wie war es?",
        ]
        #expect(try owner.post("/v1/templates", variant).faults() == ["/body": "required"])
        let contact = try owner.post("/v1/contacts", ["name": "Jane", "email": "jane@client.example"]).ok(201)
        let shown = try owner.post(
            "/v1/templates/\(fine.id)/preview", ["contact_id": .string(contact.id)]
        ).ok()
        #expect(shown.text("html").contains("href=\"https://bureau.example.com/s/link\""))
        #expect(shown["warnings"]?.array?.contains { $0.text("code") == "missing_value" } == false)
    }

    @Test func `words that cannot be written out keep no request from being taken in`() throws {
        let box = try box(), owner = box.owner
        // A thousand rounds of a long text are more than a rendering may make.
        let loop =
            "{% for tag in lead.tags %}{% for other in lead.tags %}{{ ticket.body }}{% endfor %}{% endfor %}"
        try template(owner, "ticket_acknowledgement", "\(loop)Hi", ["subject": "Ours"]).ok(201)
        let mail = try acknowledgement(box, "en")
        #expect(["Ours", "We have your request (1)"].contains(mail.text("subject")))
        #expect(try owner.every("/v1/tickets").count == 1)
    }

    @Test func `an answer, a delay, an escalation and a survey are worded by the agency, too`() throws {
        let box = try box(), owner = box.owner
        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]).ok()
        try template(owner, "ticket_answer", "Look: {{ answer.passage }} ({{ answer.silence_days }} days)")
            .ok(201)
        try template(owner, "ticket_delay", "It takes longer: {{ ticket.number }}", ["subject": "Later"]).ok(
            201)
        try template(
            owner, "ticket_escalation", "Others look after {{ ticket.number }} now.", ["subject": "Further"]
        ).ok(201)
        try template(
            owner, "survey_invitation", "{{ survey.name }}? {{ survey.url }}", ["subject": "One word"]
        ).ok(201)
        try owner.post(
            "/v1/articles",
            [
                "title": "Changing your logo",
                "body": "Open Settings, then Branding, and upload the picture.", "status": "published",
            ]
        ).ok(201)
        try owner.post(
            "/v1/surveys", ["name": "Help", "question": "Were you helped?", "asked": "after_ticket"]
        ).ok(201)
        try owner.post(
            "/v1/sla-policies", ["name": "p", "first_response": "PT1H", "resolution": "PT8H"]
        ).ok(201)
        let contact = try owner.post("/v1/contacts", ["name": "Jane", "email": "jane@client.example"]).ok(201)
        let from: JSONObject = ["contact_id": .string(contact.id), "source": "email"]
        let answered = try owner.ticket("Our logo", "How do I change my logo?", from)
        try box.advance("PT0S")
        let said = try owner.every("/v1/tickets/\(answered.id)/messages").map { $0.text("text") }
        #expect(said.count == 1 && said[0].hasPrefix("Look: Open Settings"), "\(said)")
        #expect(said[0].hasSuffix("(3 days)"))
        let late = try owner.ticket("By hand", "They called.", ["contact_id": .string(contact.id)])
        try box.advance("PT2H")
        try owner.post("/v1/tickets/\(late.id)/escalate", ["reason": "By hand."]).ok()
        try owner.post("/v1/tickets/\(late.id)/resolve", ["resolution": "Done."]).ok()
        try box.advance("PT2H")
        let mails = try owner.every("/v1/messages?direction=outbound&contact_id=\(contact.id)")
        let subjects = mails.map { $0.text("subject") }
        #expect(subjects.contains("Later") && subjects.contains("One word"), "\(subjects)")
        let further = try #require(mails.first { $0.text("subject") == "Further" }, "\(subjects)")
        #expect(further.text("text").hasPrefix("Others look after \(late["number"]?.int ?? 0) now."))
        let survey = try #require(mails.first { $0.text("subject") == "One word" })
        #expect(survey.text("text").hasPrefix("Help? http") && survey.text("text").contains("/s/"))
    }
}
