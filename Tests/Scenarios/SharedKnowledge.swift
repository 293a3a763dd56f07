import JSON
import Testing

/// The agency's people and agents share what was said to a client, what is done for the client, and what they know.
@Suite(.ownThread) struct SharedKnowledge {
    @Test
    func `a client's conversations stand beside its projects, outlive a restart, and are nobody else's`()
        throws
    {
        let own = try BureauProcess.start()
        let agency = try own.signUp(), owner = agency.owner
        try agency.quieten()
        let client = try owner.post("/v1/clients", ["name": "Acme", "tier": "growth"]).ok(201)
        let whose: JSON = .string(client.id)
        let jane = try owner.post(
            "/v1/contacts", ["name": "Jane", "email": "jane@acme.example", "client_id": whose]
        ).ok(201)
        let project = try owner.post("/v1/projects", ["name": "Spring campaign", "client_id": whose]).ok(201)
        let task = try owner.post(
            "/v1/tasks", ["title": "Write the headline", "project_id": .string(project.id)]
        ).ok(201)
        let ticket = try owner.ticket(
            "Headline", "Is the headline ready?", ["client_id": whose, "contact_id": .string(jane.id)])
        try owner.post("/v1/tickets/\(ticket.id)/messages", ["text": "On Friday.", "internal": true]).ok(201)
        func check() throws {
            let profile = try owner.get("/v1/clients/\(client.id)/profile").ok()
            #expect(profile["projects"]?.array?.map(\.id) == [project.id])
            #expect(profile["open_tasks"]?.array?.map(\.id) == [task.id])
            #expect(profile["tickets"]?.array?.map(\.id) == [ticket.id])
            #expect(
                try owner.every("/v1/tickets/\(ticket.id)/messages").map { $0.text("text") } == ["On Friday."]
            )
        }
        try check()
        try own.killAndRestart()
        try check()
        let stranger = try own.signUp().owner
        for path in [
            "/v1/clients/\(client.id)/profile", "/v1/projects/\(project.id)", "/v1/tickets/\(ticket.id)",
            "/v1/tickets/\(ticket.id)/messages",
        ] {
            #expect(try stranger.get(path).status == 404, "\(path)")
        }
        #expect(
            try owner.delete("/v1/clients/\(client.id)").status == 409, "what is done for it is not orphaned")
    }

    @Test func `templates of service, scripts and expertise are kept, found and used on the same ticket`()
        throws
    {
        let owner = try BureauProcess.shared.quietAgency().owner
        let script = try owner.post(
            "/v1/canned-replies",
            [
                "name": "Late payment", "text": "Dear {{ name }}, ticket {{ number }} waits for the payment.",
                "category": "billing", "locale": "en",
            ]
        ).ok(201)
        let service = try owner.post(
            "/v1/macros",
            [
                "name": "Payment plan", "note": "Offer three instalments.", "category": "billing",
                "add_tags": ["plan"],
            ]
        ).ok(201)
        let expertise = try owner.post(
            "/v1/articles",
            [
                "title": "Paying in instalments", "category": "billing", "status": "published",
                "body": "An invoice can be paid in three instalments; ask your account manager.",
            ]
        ).ok(201)
        let jane = try owner.post("/v1/contacts", ["name": "Jane"]).ok(201)
        let ticket = try owner.ticket(
            "Invoice", "Can we pay in several parts?",
            ["contact_id": .string(jane.id), "category": "billing"])
        let chosen: JSON = ["ticket_id": .string(ticket.id)]
        #expect(
            try owner.post("/v1/canned-replies/\(script.id)/write", chosen).ok().text("text")
                == "Dear Jane, ticket 1 waits for the payment.")
        #expect(try owner.post("/v1/macros/\(service.id)/apply", chosen).ok()["tags"] == ["plan"])
        let found = try owner.post(
            "/v1/articles/answers", ["question": "Can we settle the bill in several instalments?"]
        ).ok().items
        #expect(found.first?["article"]?.id == expertise.id && found.first?["answers"] == true)
        #expect(try owner.every("/v1/articles?category=billing").map(\.id) == [expertise.id])
    }
}
