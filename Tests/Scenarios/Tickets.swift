import JSON
import Testing

@Suite(.ownThread) struct Tickets {
    let server = BureauProcess.shared

    @Test func `four words give at least a high priority, unless denied, and a person's choice stays`() throws
    {
        let owner = try server.quietAgency().owner
        for word in ["urgent", "CRITICAL", "broken", "Emergency", "kaputt"] {
            let ticket = try owner.ticket("Our site: \(word)", "Please look.")
            #expect(["high", "urgent"].contains(ticket.text("priority")), "\(word)")
            #expect(ticket.text("priority_set_by") == "triage")
        }
        let calm = try owner.ticket("Question", "How do I change my logo?")
        #expect(["low", "normal"].contains(calm.text("priority")))
        #expect([calm.text("intent"), calm.text("language")] == ["question", "en"])
        let denied = try owner.ticket("Nothing urgent", "Could you look at the picture?")
        #expect(["low", "normal"].contains(denied.text("priority")), "it says that it is not urgent")
        let chosen = try owner.ticket("urgent", "urgent", ["priority": "low"])
        #expect(chosen.text("priority") == "low" && chosen.text("priority_set_by") == "person")
        let angry = try owner.ticket("Rechnung", "Das ist eine Frechheit, und die Rechnung ist falsch.")
        #expect([angry.text("sentiment"), angry.text("language")] == ["negative", "de"])
        #expect(["billing", "complaint"].contains(angry.text("category")))
        let decision = try #require(try owner.every("/v1/decisions?subject_id=\(denied.id)").first)
        #expect(decision.text("agent") == "customer_service")
        #expect(decision["factors"]?.array?.contains { $0.text("name") == "calm" } == true)
        #expect(decision["outcome"]?.text("priority") == denied.text("priority"))
    }

    @Test func `an agency's own words say what a ticket is about, and how much it presses`() throws {
        let owner = try server.quietAgency().owner
        try owner.post(
            "/v1/triage-rules",
            ["name": "Launch", "words": ["Black Friday"], "category": "launch", "priority": "urgent"]
        ).ok(201)
        let ticket = try owner.ticket("About black friday", "When does it begin?")
        #expect(ticket.text("category") == "launch" && ticket.text("priority") == "urgent")
        let other = try owner.ticket("About Friday", "When does it begin?")
        #expect(other.text("category") != "launch" && other.text("priority") != "urgent")
    }

    @Test func `a ticket goes from status to status, and by no other way`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let id = try owner.ticket("Logo", "It is the old one.").id, path = "/v1/tickets/\(id)"
        #expect(try owner.get(path).ok().text("status") == "new")
        try owner.post("\(path)/reopen").problem(409, "invalid_transition")
        let assigned = try owner.post("\(path)/assign", ["user_id": .string(agency.user.id)]).ok()
        #expect(assigned.text("assignee_id") == agency.user.id && assigned.text("status") == "open")
        #expect(
            try owner.post("\(path)/assign", ["user_id": "user_00000000000000000000000000"]).faults()
                == ["/user_id": "unknown_reference"])
        try owner.patch(path, ["status": "new"]).problem(409, "invalid_transition")
        try owner.patch(path, ["status": "waiting_on_client"]).ok()
        #expect(try owner.post("\(path)/escalate", [:]).faults() == ["/reason": "required"])
        for level in 1...2 {
            let escalated = try owner.post("\(path)/escalate", ["reason": "legal"]).ok()
            #expect(escalated["escalation"]?.text("reason") == "legal")
            #expect(escalated["escalation"]?["level"] == .integer(Int64(level)))
        }
        #expect(try owner.post("\(path)/resolve", [:]).faults() == ["/resolution": "required"])
        let resolved = try owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
        #expect(resolved.text("status") == "resolved" && resolved.text("resolution") == "Done.")
        try owner.post("\(path)/resolve", ["resolution": "Again."]).problem(409, "invalid_transition")
        try owner.post("\(path)/escalate", ["reason": "late"]).problem(409, "invalid_transition")
        try owner.patch(path, ["status": "on_hold"]).problem(409, "invalid_transition")
        let open = try owner.post("\(path)/reopen").ok()
        #expect(open.text("status") == "open" && open["reopened"] == 1 && open["resolution"] == .null)
        #expect(try owner.post("\(path)/close").ok().text("status") == "closed")
        try owner.post("\(path)/close").problem(409, "invalid_transition")
        #expect(try owner.told("ticket.escalated").count == 2)
        #expect(try owner.told("ticket.resolved").count == 1)
        let stranger = try server.signUp().owner
        for step in ["close", "reopen"] { try stranger.post("\(path)/\(step)").problem(404) }
        try stranger.get("\(path)/messages").problem(404)
        #expect(
            try owner.post("/v1/tickets", ["subject": "x", "body": "y", "client_id": "client_1"]).faults()
                == ["/client_id": "unknown_reference"])
    }

    @Test func `what is said stays in the thread, and leaves by mail where there is an address`() throws {
        let owner = try server.quietAgency().owner
        let contact = try owner.post("/v1/contacts", ["name": "Jane", "email": "jane@client.example"]).ok(201)
        let ticket = try owner.ticket("Logo", "It is old.", ["contact_id": .string(contact.id)])
        let path = "/v1/tickets/\(ticket.id)/messages"
        let note = try owner.post(path, ["text": "They are difficult.", "internal": true]).ok(201)
        #expect(note["message_id"] == .null && note["author"]?.text("type") == "user")
        #expect(try owner.get("/v1/tickets/\(ticket.id)").ok()["first_response_at"] == .null)
        let answer = try owner.post(path, ["text": "We look into it."]).ok(201)
        let mail = try owner.get("/v1/messages/\(answer.text("message_id"))").ok()
        #expect(mail.text("recipient") == "jane@client.example" && mail.text("purpose") == "transactional")
        #expect(mail.text("subject") == "Re: Logo" && mail.text("text").contains("We look into it."))
        #expect(try owner.every(path).map { $0.text("text") } == ["They are difficult.", "We look into it."])
        #expect(try owner.every("\(path)?internal=false").count == 1)
        let now = try owner.get("/v1/tickets/\(ticket.id)").ok()
        #expect(now["first_response_at"] != .null && now.text("status") == "open" && now["messages"] == 2)
        #expect(try owner.post(path, ["text": "  "]).faults() == ["/text": "required"])
        let mails = try owner.every("/v1/messages?direction=outbound")
        #expect(!mails.contains { $0.text("text").contains("difficult") }, "a note reaches nobody")
        // Without an address, it is said here alone.
        let other = try owner.ticket("Text", "It is old.")
        let said = try owner.post("/v1/tickets/\(other.id)/messages", ["text": "Changed."]).ok(201)
        #expect(said["message_id"] == .null && said.text("direction") == "outbound")
    }

    @Test func `a ticket of a chat has what is said there, and is answered there`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        func say(_ text: String) throws -> JSON {
            try server.anonymous.post(
                "/v1/chat/\(key)/messages", ["visitor_id": "v1", "text": .string(text)]
            ).ok(201)
        }
        let chat = JSON.string(try say("My page is broken.").text("conversation_id"))
        let ticket = try owner.ticket("A page", "It is broken.", ["conversation_id": chat])
        let talk = try owner.get("/v1/conversations/\(chat.text ?? "")").ok()
        #expect(ticket["contact_id"] == talk["contact_id"] && ticket.text("source") == "web_chat")
        _ = try say("It is the first page.")
        let path = "/v1/tickets/\(ticket.id)/messages"
        try owner.post(path, ["text": "We look into it."]).ok(201)
        let thread = try owner.every(path)
        #expect(thread.map { $0.text("text") } == ["It is the first page.", "We look into it."])
        let said = try owner.every("/v1/conversations/\(chat.text ?? "")/messages")
        #expect(said.last?.text("text") == "We look into it.")
        try owner.post(
            "/v1/conversations/\(chat.text ?? "")/messages", ["text": "It is mended."]
        ).ok(201)
        #expect(try owner.every(path).last?.text("text") == "It is mended.")
        try owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Mended."]).ok()
        _ = try say("Another matter.")
        #expect(try owner.every(path).count == 3, "what is over is over")
        #expect(
            try owner.post(
                "/v1/tickets", ["subject": "x", "body": "y", "conversation_id": "conv_1"]
            ).faults() == ["/conversation_id": "unknown_reference"])
    }

    @Test func `an agent's message to somebody who waits for a person is no first answer`() throws {
        let chat = try HandoverChat(
            server.signUp().sandbox(startAt: "2027-01-05T10:00:00.000Z"), server,
            booking: "https://calendly.com/check/priority-support")
        let owner = chat.box.owner
        let said = try chat.say("The colours of the film are wrong.")
        let ticket = try owner.ticket(
            "Colours", "The colours of the film are wrong.", ["conversation_id": .string(said.id)])
        _ = try chat.waiting(chat.say("I want to speak to a human"))
        try chat.box.advance("PT31M")
        let waiting = try owner.get("/v1/tickets/\(ticket.id)").ok()
        #expect(try chat.spoken(said).count >= 2, "it was said that a person will come, and is looked for")
        #expect(waiting["first_response_at"] == .null && waiting.text("status") == "new", "\(waiting)")
        try owner.post("/v1/conversations/\(said.id)/messages", ["text": "I look at the colours."]).ok(201)
        let answered = try owner.get("/v1/tickets/\(ticket.id)").ok()
        #expect(answered["first_response_at"] != .null && answered.text("status") == "open")
    }

    @Test func `tickets are merged with their threads, split and linked`() throws {
        let owner = try server.quietAgency().owner
        let (one, two) = (try owner.ticket("One", "First words"), try owner.ticket("Two", "Second words"))
        try owner.post("/v1/tickets/\(two.id)/messages", ["text": "Said in two"]).ok(201)
        let merged = try owner.post("/v1/tickets/\(two.id)/merge", ["into": .string(one.id)]).ok()
        #expect(merged.id == one.id && merged["related_ids"] == [.string(two.id)])
        let thread = try owner.every("/v1/tickets/\(one.id)/messages").map { $0.text("text") }
        #expect(Set(thread) == ["Second words", "Said in two"])
        let gone = try owner.get("/v1/tickets/\(two.id)").ok()
        #expect(gone.text("status") == "closed" && gone.text("merged_into") == one.id)
        try owner.post("/v1/tickets/\(two.id)/reopen").problem(409, "invalid_transition")
        try owner.post("/v1/tickets/\(two.id)/merge", ["into": .string(one.id)]).problem(409, "conflict")
        #expect(
            try owner.post("/v1/tickets/\(one.id)/merge", ["into": .string(one.id)]).faults()
                == ["/into": "unknown_reference"])
        let message = try #require(try owner.every("/v1/tickets/\(one.id)/messages").first)
        let split = try owner.post(
            "/v1/tickets/\(one.id)/split", ["message_id": .string(message.id), "subject": "Apart"]
        ).ok(201)
        #expect(split.text("body") == message.text("text") && split["related_ids"] == [.string(one.id)])
        let three = try owner.ticket("Three", "Third words")
        let linked = try owner.post("/v1/tickets/\(three.id)/link", ["ticket_id": .string(split.id)]).ok()
        #expect(linked["related_ids"] == [.string(split.id)])
        #expect(
            try owner.get("/v1/tickets/\(split.id)").ok()["related_ids"] == [
                .string(one.id), .string(three.id),
            ])
    }

    @Test func `a ticket goes to whoever knows most of it and has room, and what people choose teaches`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let (ann, bob) = (try agency.colleague("member"), try agency.colleague("member"))
        let (annID, bobID) = (try ann.get("/v1/me").ok()["user"]!.id, try bob.get("/v1/me").ok()["user"]!.id)
        try owner.post("/v1/skills", ["user_id": .string(bobID), "name": "billing", "level": 5]).ok(201)
        try owner.post("/v1/skills", ["user_id": .string(bobID), "name": "billing"]).problem(
            409, "already_exists")
        let team = try owner.post(
            "/v1/teams",
            [
                "name": "Support",
                "members": [
                    ["user_id": .string(annID), "capacity": 5], ["user_id": .string(bobID), "capacity": 2],
                ],
            ]
        ).ok(201)
        func give(_ more: JSONObject = [:]) throws -> String {
            try owner.ticket("Invoice", "The invoice is wrong.", more).text("assignee_id")
        }
        let first = try owner.ticket("Invoice", "The invoice is wrong.")
        #expect(first.text("assignee_id") == bobID && first.text("team_id") == team.id)
        #expect(try give() == bobID)
        #expect(try give() == annID, "Bob has as many as he can take")
        #expect(try give(["assignee_id": .string(agency.user.id)]) == agency.user.id, "somebody was named")
        let decision = try owner.every("/v1/decisions?subject_id=\(first.id)").first {
            $0["model"]?.text("name") == "routing_rules"
        }
        let factors = try #require(decision?["factors"]?.array)
        #expect(factors.contains { $0.text("name") == "skill" && $0.text("evidence").contains("billing") })
        // A solved ticket makes room again.
        try owner.post("/v1/tickets/\(first.id)/resolve", ["resolution": "Done."]).ok()
        #expect(try give() == bobID)
        let member: JSON = ["user_id": .string(bobID), "available": false]
        try owner.patch(
            "/v1/teams/\(team.id)", ["members": [["user_id": .string(annID), "capacity": 50], member]]
        ).ok()
        #expect(try give() == annID, "Bob is away")
        #expect(
            try owner.post(
                "/v1/teams", ["name": "x", "members": [["user_id": "user_00000000000000000000000000"]]]
            ).faults() == ["/members/0/user_id": "unknown_reference"])
    }

    @Test func `of two equally skilled colleagues, the one who helped the client before gets the ticket`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let people = try (0..<2).map { _ in
            try agency.colleague("member").get("/v1/me").ok()["user"]!.id
        }
        let client = try owner.post("/v1/clients", ["name": "Acme", "tier": "growth"]).ok(201).id
        let other = try owner.post("/v1/clients", ["name": "Zeta", "tier": "growth"]).ok(201).id
        let members = people.map { JSON.object(["user_id": .string($0), "capacity": 10]) }
        try owner.post("/v1/teams", ["name": "Support", "members": .array(members)]).ok(201)
        for (whose, person) in [(client, people[0]), (other, people[1])] {
            try owner.ticket(
                "Logo", "It is old.", ["client_id": .string(whose), "assignee_id": .string(person)])
        }
        for (whose, person) in [(client, people[0]), (other, people[1])] {
            let ticket = try owner.ticket("Logo", "It is old again.", ["client_id": .string(whose)])
            #expect(ticket.text("assignee_id") == person)
            let decision = try owner.every("/v1/decisions?subject_id=\(ticket.id)").first {
                $0["model"]?.text("name") == "routing_rules"
            }
            #expect(decision?["factors"]?.array?.contains { $0.text("name") == "history" } == true)
        }
        // A colleague without room left gets no more tickets, whatever they know about the client.
        for _ in 0..<8 {
            try owner.ticket(
                "Logo", "Old.", ["client_id": .string(client), "assignee_id": .string(people[0])])
        }
        let ticket = try owner.ticket("Logo", "Old.", ["client_id": .string(client)])
        #expect(ticket.text("assignee_id") == people[1])
    }

    @Test func `what is taken further goes to another of the team, who knows most and has room`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let people = try (0..<3).map { _ in
            try agency.colleague("member").get("/v1/me").ok()["user"]!.id
        }
        for (index, level) in [1, 3, 5].enumerated() {
            let skill: JSON = ["user_id": .string(people[index]), "name": "billing", "level": JSON(level)]
            try owner.post("/v1/skills", skill).ok(201)
        }
        let members = people.map { JSON.object(["user_id": .string($0), "capacity": 2]) }
        try owner.post("/v1/teams", ["name": "Support", "members": .array(members)]).ok(201)
        let ticket = try owner.ticket("Invoice", "The invoice is wrong.", ["category": "billing"])
        #expect(ticket.text("assignee_id") == people[2])
        func further() throws -> String {
            try owner.post("/v1/tickets/\(ticket.id)/escalate", ["reason": "They are a large client."]).ok()
                .text("assignee_id")
        }
        #expect(try further() == people[1], "who had it cannot be who it is taken to")
        for _ in 0..<2 {
            try owner.ticket("Invoice", "Wrong.", ["category": "billing", "assignee_id": .string(people[2])])
        }
        #expect(try further() == people[0], "who knows most has no room")
    }

    @Test
    func `when a ticket is escalated, a colleague who helped the client goes before an equally skilled one`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let people = try (0..<3).map { _ in
            try agency.colleague("member").get("/v1/me").ok()["user"]!.id
        }
        let members = people.map { JSON.object(["user_id": .string($0), "capacity": 10]) }
        let team = try owner.post("/v1/teams", ["name": "Support", "members": .array(members)]).ok(201).id
        for helper in people[1...] {
            let client = try owner.post("/v1/clients", ["name": "Acme", "tier": "growth"]).ok(201).id
            let first: JSONObject = [
                "client_id": .string(client), "assignee_id": .string(people[0]), "team_id": .string(team),
            ]
            let earlier = try owner.ticket("Logo", "It is old.", first)
            try owner.post("/v1/tickets/\(earlier.id)/assign", ["user_id": .string(helper)]).ok()
            let ticket = try owner.ticket("Logo", "Again.", first)
            let taken = try owner.post(
                "/v1/tickets/\(ticket.id)/escalate", ["reason": "They are a large client."]
            ).ok()
            #expect(taken.text("assignee_id") == helper, "who has helped them")
        }
    }

    @Test func `figures tell how many came, were answered and solved, by channel and category`() throws {
        let owner = try server.quietAgency().owner
        let one = try owner.ticket("Invoice", "The invoice is wrong.", ["source": "phone"])
        try owner.ticket("Logo", "The logo is wrong.")
        try owner.post("/v1/tickets/\(one.id)/messages", ["text": "We look."]).ok(201)
        try owner.post("/v1/tickets/\(one.id)/messages", ["text": "We still look."]).ok(201)
        try owner.post("/v1/tickets/\(one.id)/resolve", ["resolution": "Done."]).ok()
        let figures = try owner.get("/v1/ticket-figures").ok()
        #expect(figures["open"] == 1)
        let total = try #require(figures["total"])
        #expect(total["created"] == 2 && total["answered"] == 1 && total["resolved"] == 1)
        let phone = figures["by_channel"]?.array?.first { $0.text("channel") == "phone" }
        #expect(phone?["created"] == 1 && phone?["resolved"] == 1)
        let content = figures["by_category"]?.array?.first { $0.text("category") == "content" }
        #expect(
            content?["created"] == 1 && content?["resolved"] == 0 && content?["resolution_seconds"] == .null)
        #expect(try owner.delete("/v1/tickets/\(one.id)").status == 204)
        #expect(try owner.get("/v1/ticket-figures").ok()["open"] == 1)
    }

    @Test func `a macro takes all its steps, canned replies are written out, and surveys are counted`() throws
    {
        let owner = try server.quietAgency().owner
        let contact = try owner.post("/v1/contacts", ["name": "Jane"]).ok(201)
        let ticket = try owner.ticket("Logo", "It is old.", ["contact_id": .string(contact.id)])
        let chosen: JSON = ["ticket_id": .string(ticket.id)]
        let macro = try owner.post(
            "/v1/macros",
            [
                "name": "Changed", "reply": "Dear {{ name }}, it is changed.", "note": "Easy.",
                "status": "resolved", "add_tags": ["logo"],
            ]
        ).ok(201)
        let after = try owner.post("/v1/macros/\(macro.id)/apply", chosen).ok()
        #expect(after.text("status") == "resolved" && after["tags"] == ["logo"])
        let thread = try owner.every("/v1/tickets/\(ticket.id)/messages")
        #expect(thread.map { $0.text("text") } == ["Easy.", "Dear Jane, it is changed."])
        #expect(thread.map { $0["internal"] } == [true, false])
        let stuck = try owner.post("/v1/macros", ["name": "Hold", "note": "x", "status": "on_hold"]).ok(201)
        try owner.post("/v1/macros/\(stuck.id)/apply", chosen).problem(409, "invalid_transition")
        #expect(try owner.every("/v1/tickets/\(ticket.id)/messages").count == 2, "none of its steps is taken")
        let canned = try owner.post(
            "/v1/canned-replies", ["name": "n", "text": "{{name}}: {{ subject }} {{ number }}"]
        ).ok(201)
        #expect(
            try owner.post("/v1/canned-replies/\(canned.id)/write", chosen).ok().text("text")
                == "Jane: Logo 1")
        #expect(
            try owner.post("/v1/canned-replies", ["name": "n", "text": "{{ price }}"]).faults()
                == ["/text": "invalid_choice"])

        let survey = try owner.post("/v1/surveys", ["name": "Help", "question": "How was it?"]).ok(201)
        func answer(_ score: Int64, _ more: JSONObject = [:]) throws -> Answer {
            var body: JSONObject = ["survey_id": .string(survey.id), "score": .integer(score)]
            for (key, value) in more.members { body[key] = value }
            return try owner.post("/v1/survey-responses", .object(body))
        }
        let given = try answer(5, ["ticket_id": .string(ticket.id)]).ok(201)
        #expect(given.text("contact_id") == contact.id)
        try answer(5, ["ticket_id": .string(ticket.id)]).problem(409, "already_exists")
        #expect(try answer(6).faults() == ["/score": "out_of_range"])
        try answer(2).ok(201)
        let results = try owner.get("/v1/surveys/\(survey.id)/results").ok()
        #expect(results["responses"] == 2 && results["mean"]?.double == 3.5 && results["score"]?.double == 50)
    }
}

extension Caller {
    @discardableResult
    func ticket(
        _ subject: String, _ body: String, _ more: JSONObject = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var fields: JSONObject = ["subject": .string(subject), "body": .string(body)]
        for (key, value) in more.members { fields[key] = value }
        return try post("/v1/tickets", .object(fields)).ok(201, sourceLocation: sourceLocation)
    }
}
