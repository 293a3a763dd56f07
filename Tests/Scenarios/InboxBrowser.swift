import JSON
import Testing

/// A supporter's day in a real browser: conversations, tickets, articles and figures, with axe looking on.
@Suite(.ownThreadFirst) struct InboxBrowser {
    let server = BureauProcess.shared

    @Test func `a supporter's day is worked from the page`() throws {
        let agency = try server.quietAgency()
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        for (visitor, name, text) in [
            ("Mara", "Mara Lind", "How soon does work begin?"),
            ("Jonas", "Jonas Ferr", "Can I talk to a person?"),
        ] {
            try server.anonymous.post(
                "/v1/chat/\(key)/messages",
                ["visitor_id": .string(visitor), "name": .string(name), "text": .string(text)]
            ).ok(201)
        }
        let subjects = ["How do I pay the invoice?", "The logo is the old one", "The old logo again"]
        try seed(agency, subjects)
        let found = try inBrowser(
            "inbox.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "key": .string(key), "colleague": "Max Mate",
                "canned": "Greeting", "macro": "Which invoice is it?", "tickets": JSON(subjects),
                "article": "Paying an invoice",
                "reader": try agency.signIn(
                    "desk", may: ["conversations:read", "messages:read", "tickets:read", "contacts:read"]),
                "gaps": try gaps(),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }

    /// Returns the sign-in of an agency that was asked two questions which no article answers, and the questions.
    private func gaps() throws -> JSON {
        let agency = try server.quietAgency()
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        try agency.owner.patch("/v1/agents/primary_agent", ["state": "active", "autonomy": "autopilot"]).ok()
        for (visitor, text) in [
            ("visitor-of-the-van", "Can the fox on the van be repainted?"),
            ("visitor-of-the-shop", "Is the shop window lit during the night?"),
        ] {
            try server.anonymous.post(
                "/v1/chat/\(key)/messages", ["visitor_id": .string(visitor), "text": .string(text)]
            ).ok(201)
        }
        try eventuallyTrue("the gaps are noted") {
            try agency.owner.every("/v1/knowledge-gaps").count == 2
        }
        let questions = try agency.owner.every("/v1/knowledge-gaps").map { $0["question"] ?? .null }
        return [
            "email": .string(agency.email), "password": .string(agency.password),
            "questions": .array(questions),
        ]
    }

    /// A colleague, what is said often, what is known, and what a client has asked.
    private func seed(_ agency: Agency, _ subjects: [String]) throws {
        let owner = agency.owner
        try owner.post(
            "/v1/users",
            [
                "name": "Max Mate", "email": .string("max-\(agency.email)"), "role": "member",
                "password": "correct horse battery",
            ]
        ).ok(201)
        try owner.post(
            "/v1/canned-replies", ["name": "Greeting", "text": "Dear {{ name }}, thank you for writing."]
        ).ok(201)
        try owner.post(
            "/v1/macros", ["name": "Ask for a number", "reply": "Which invoice is it?", "priority": "high"]
        ).ok(201)
        try owner.post(
            "/v1/articles",
            [
                "title": "Paying an invoice", "status": "published", "category": "billing",
                "body": "Every invoice has a page with a button to pay the invoice by card.",
            ]
        ).ok(201)
        try owner.post(
            "/v1/service-incidents",
            ["title": "Figures are late", "words": ["figures"], "text": "They come a day late."]
        ).ok(201)
        let client = try owner.post("/v1/clients", ["name": "Cedar & Pike", "tier": "growth"]).ok(201)
        let contact = try owner.post(
            "/v1/contacts",
            ["name": "Daniel Pike", "email": "daniel@cedar.example", "client_id": .string(client.id)]
        ).ok(201)
        for subject in subjects {
            try owner.ticket(
                subject, "\(subject) Please <b>help</b>.",
                [
                    "client_id": .string(client.id), "contact_id": .string(contact.id), "priority": "normal",
                    "source": "portal",
                ])
        }
    }
}
