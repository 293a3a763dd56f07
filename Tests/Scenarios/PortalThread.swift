import JSON
import Testing

/// Clients ask the agency, and are answered.
@Suite(.ownThread) struct PortalThread {
    let server = BureauProcess.shared

    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/settings", ["quiet_hours": nil]).ok()
        return agency
    }

    @Test func `a ticket comes from who is signed in, and the thread goes both ways`() throws {
        let agency = try agency()
        let client = try agency.portalClient("Acme", roles: ["admin", "viewer"])
        let path = "/v1/portal/tickets"
        try client.people["viewer"]!.post(path, ["subject": "x", "body": "y"]).problem(403, "forbidden")
        let foreign: JSON = [
            "subject": "x", "body": "y", "client_id": .string(client.id), "priority": "urgent",
        ]
        #expect(
            try client.admin.post(path, foreign).faults() == [
                "/client_id": "unknown_field", "/priority": "unknown_field",
            ])
        #expect(
            try client.admin.post(path, ["subject": " ", "body": ""]).faults() == [
                "/subject": "required", "/body": "required",
            ])
        let ticket = try client.admin.post(path, ["subject": "Logo", "body": "It is the old one."]).ok(201)
        let own = try agency.owner.get("/v1/tickets/\(ticket.id)").ok()
        #expect(own.text("client_id") == client.id && own.text("source") == "portal")
        let me = try client.admin.get("/v1/portal/overview").ok()["me"]
        #expect(own["contact_id"] == me?["contact_id"])
        let said = "/v1/tickets/\(ticket.id)/messages"
        try agency.owner.post(said, ["text": "Which one do you mean?"]).ok(201)
        try agency.owner.post(said, ["text": "they are difficult", "internal": true]).ok(201)
        try agency.owner.patch("/v1/tickets/\(ticket.id)", ["status": "waiting_on_client"]).ok()
        let waiting = try client.admin.get("/v1/portal/overview").ok()["waiting"]?.array ?? []
        #expect(waiting.map { $0.text("action") } == ["answer"])
        let answer = try client.admin.post("\(path)/\(ticket.id)/messages", ["text": "The blue one."]).ok(201)
        #expect(answer.text("direction") == "inbound" && answer["internal"] == nil)
        #expect(try agency.owner.get("/v1/tickets/\(ticket.id)").ok().text("status") == "open")
        let thread = try client.people["viewer"]!.get("\(path)/\(ticket.id)/messages")
        #expect(
            try thread.ok().items.map { $0.text("text") } == ["Which one do you mean?", "The blue one."])
        let record = try client.admin.get("\(path)/\(ticket.id)")
        #expect(!(thread.text + record.text).contains("difficult"))
        for name in ["sentiment", "assignee_id", "tags", "escalation", "messages", "sla", "intent", "tier"] {
            #expect(try record.ok()[name] == nil, "it shows \(name)")
        }
        for query in ["sentiment=negative", "assignee_id=x", "sort=next_due_at"] {
            #expect(try client.admin.get("\(path)?\(query)").status == 400, "\(query)")
        }
        try client.admin.get("\(path)/\(ticket.id)/messages?internal=true").problem(400)
        #expect(
            try client.admin.post("\(path)/\(ticket.id)/messages", ["text": ""]).faults() == [
                "/text": "required"
            ])
    }

    @Test func `nobody hands on a file that is not theirs`() throws {
        let agency = try agency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["admin"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        func upload(_ client: PortalClient) throws -> JSON {
            try client.admin.post("/v1/portal/files?name=a.txt", raw: Array("a".utf8), type: "text/plain").ok(
                201)
        }
        let (mine, theirs, inside) = (try upload(acme), try upload(beta), try agency.owner.file("b.txt", "b"))
        for path in [
            "/v1/portal/messages", "/v1/portal/tickets/\(try agency.ask(acme, "x").ticket.id)/messages",
        ] {
            let faults = try acme.admin.post(
                path,
                [
                    "text": "Here",
                    "attachments": [.string(mine.id), .string(theirs.id), .string(inside.id)],
                ]
            ).faults()
            #expect(
                faults == ["/attachments/1": "unknown_reference", "/attachments/2": "unknown_reference"])
            let sent = try acme.admin.post(path, ["text": "Here", "attachments": [.string(mine.id)]]).ok(201)
            #expect(sent["attachments"] == [.string(mine.id)])
            // A file of the agency's comes out with what it belongs to, to whom it was said.
            let own = path.hasPrefix("/v1/portal/messages")
            let thread =
                own
                ? "/v1/conversations/\(try agency.conversation(on: "portal").id)/messages"
                : path.replacing("/portal", with: "")
            let told = try agency.owner.post(
                thread, ["text": "There", "attachments": [.string(inside.id)]]
            ).ok(201)
            let place = own ? "\(path)/\(told.id)" : path.replacing("/messages", with: "")
            #expect(try acme.admin.get("\(place)/files/\(inside.id)").text == "b")
            try acme.admin.get("\(place)/files/\(theirs.id)").problem(404)
            try beta.admin.get("\(place)/files/\(inside.id)").problem(404)
        }
    }

    @Test func `messages go live to whom they are for, and are marked when read`() throws {
        let agency = try agency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["admin", "viewer"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        let path = "/v1/portal/messages"
        let streams = try [acme.admin, acme.people["viewer"]!, beta.admin].map {
            try EventStream($0, "\(path)/stream")
        }
        #expect(try acme.admin.get(path).ok().items.isEmpty)
        // A signed-in person only speaks: no word of theirs shuts the channel.
        let sent = try acme.admin.post(path, ["text": "stop"]).ok(201)
        try acme.admin.post(path, ["text": " "]).problem(422)
        let conversation = try agency.conversation(on: "portal")
        #expect(conversation.text("client_id") == acme.id)
        try agency.answer(conversation, "between us", ["internal": true])
        try agency.answer(conversation, "Hello Acme")
        let seen = try streams[0].wait(for: "message", count: 2)
        #expect(seen.map { $0.data.text("text") } == ["stop", "Hello Acme"] && seen[0].data.id == sent.id)
        let list = try acme.admin.get(path)
        #expect(try list.ok().items.map { $0.text("text") } == ["stop", "Hello Acme"])
        #expect(!list.text.contains("between us"))
        for name in ["reasons", "why", "integration_id", "recipient", "status"] {
            #expect(try list.ok().items[0][name] == nil, "it shows \(name)")
        }
        #expect(streams[1].events.isEmpty && streams[2].events.isEmpty)
        #expect(try acme.people["viewer"]!.get(path).ok().items.isEmpty, "others see their own")
        let overview = try acme.admin.get("/v1/portal/overview").ok()
        #expect(overview["counts"]?["messages_unread"] == 1)
        #expect(overview["waiting"]?.array?.map { $0.text("action") } == ["read"])
        #expect(try acme.admin.post("\(path)/read").ok()["count"] == 1)
        #expect(try acme.admin.post("\(path)/read").ok()["count"] == 0)
        #expect(try acme.admin.get("/v1/portal/overview").ok()["waiting"] == [])
        let marked = try agency.said(in: conversation).filter { $0["opened_at"] != .null }
        #expect(marked.map { $0.text("text") } == ["Hello Acme"])
        // A stream goes on after what was seen.
        let resumed = try EventStream(acme.admin, "\(path)/stream", after: seen[0].id)
        #expect(try resumed.wait(for: "message")[0].data.text("text") == "Hello Acme")
    }

    @Test func `an admin reads all that the client's people said, others their own, nobody another's`()
        throws
    {
        let agency = try agency()
        let clients = try ["Acme", "Beta"].map { try agency.portalClient($0) }
        let path = "/v1/portal/messages"
        let streams = try clients.map { try $0.people.mapValues { try EventStream($0, "\(path)/stream") } }
        var said: [String: JSON] = [:]
        for client in clients {
            for role in ["admin", "approver", "billing"] {
                let words = "\(client.record.text("name")) \(role)"
                let sent = try client.people[role]!.post(path, ["text": .string(words)]).ok(201)
                said[words] = sent
                let conversation = try agency.owner.get("/v1/conversations/\(sent.text("conversation_id"))")
                    .ok()
                try agency.answer(conversation, "Re: \(words)")
            }
        }
        for (client, streams) in zip(clients, streams) {
            let name = client.record.text("name")
            for (role, person) in client.people {
                // A viewer only reads, and has said nothing.
                let seen =
                    role == "admin" ? ["admin", "approver", "billing"] : role == "viewer" ? [] : [role]
                let wanted = Set(seen.flatMap { ["\(name) \($0)", "Re: \(name) \($0)"] })
                #expect(
                    Set(try person.get(path).ok().items.map { $0.text("text") }) == wanted, "\(name), \(role)"
                )
                for (words, message) in said {
                    let status = try person.get("\(path)/\(message.id)").status
                    #expect(status == (wanted.contains(words) ? 200 : 404), "\(name), \(role): \(words)")
                }
                let stream = try #require(streams[role])
                if !wanted.isEmpty { try stream.wait(for: "message", count: wanted.count) }
                #expect(Set(stream.events.map { $0.data.text("text") }) == wanted, "\(name), \(role)")
                // Answers to others are theirs to read: neither counted nor marked.
                let own = wanted.contains("Re: \(name) \(role)") ? 1 : 0
                #expect(try person.get("/v1/portal/overview").ok()["counts"]?["messages_unread"] == JSON(own))
            }
            #expect(try client.admin.post("\(path)/read").ok()["count"] == 1)
            let billing = try client.people["billing"]!.get("/v1/portal/overview").ok()
            #expect(
                billing["counts"]?["messages_unread"] == 1, "an admin who reads it reads it for nobody else")
        }
        // A person who is no admin any more reads their own from then on, on a stream that is open, too.
        let acme = clients[0], people = try acme.admin.get("/v1/portal/people").ok().items
        let open = try EventStream(acme.admin, "\(path)/stream")
        let billing = try #require(people.first { $0.text("client_role") == "billing" })
        let admin = try #require(people.first { $0.text("client_role") == "admin" })
        try acme.admin.patch("/v1/portal/people/\(billing.id)", ["client_role": "admin"]).ok()
        try acme.people["billing"]!.patch("/v1/portal/people/\(admin.id)", ["client_role": "viewer"]).ok()
        try acme.people["approver"]!.post(path, ["text": "Between us"]).ok(201)
        let seen = try acme.people["billing"]!.get(path).ok().items.map { $0.text("text") }
        #expect(seen.contains("Between us"))
        #expect(try !acme.admin.get(path).ok().items.contains { $0.text("text") == "Between us" })
        #expect(!open.events.contains { $0.data.text("text") == "Between us" })
    }

    @Test func `what is held is not shown, and a stream tells nobody who may not come in any more`() throws {
        let agency = try agency()
        let client = try agency.portalClient("Acme", roles: ["admin"])
        let stream = try EventStream(client.admin, "/v1/portal/messages/stream")
        try client.admin.post("/v1/portal/messages", ["text": "Hello"]).ok(201)
        let conversation = try agency.conversation(on: "portal")
        let brake = try client.admin.post("/v1/portal/brake").ok(201)
        try agency.answer(conversation, "Held back")
        #expect(try client.admin.get("/v1/portal/messages").ok().items.count == 1)
        try agency.owner.post("/v1/brakes/\(brake.id)/release").ok()
        _ = try eventually("the answer") { () -> Bool? in
            try client.admin.get("/v1/portal/messages").ok().items.count == 2 ? true : nil
        }
        try stream.wait(for: "message", count: 2)
        let user = try client.admin.get("/v1/me").ok()["user"]?.id ?? ""
        try agency.owner.patch("/v1/users/\(user)", ["status": "disabled"]).ok()
        try agency.answer(conversation, "After the end")
        try eventuallyTrue("the stream's end") { stream.isEnded || stream.events.count == 2 }
        #expect(!stream.events.contains { $0.data.text("text") == "After the end" })
    }

    @Test func `a survey waits for whoever was helped, and is answered once`() throws {
        let agency = try agency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["admin", "approver"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        let (ticket, survey) = try agency.ask(acme, "Logo")
        let path = "/v1/portal/surveys"
        let waiting = try acme.admin.get(path).ok().items
        #expect(waiting.map(\.id) == [survey.id] && waiting[0].text("ticket_id") == ticket.id)
        #expect(waiting[0]["score_min"] == 1 && waiting[0]["score_max"] == 5)
        #expect(try acme.people["approver"]!.get(path).ok().items.isEmpty)
        #expect(try beta.admin.get(path).ok().items.isEmpty)
        try beta.admin.post("\(path)/\(survey.id)/answer", ["score": 1]).problem(404)
        let first = try acme.admin.get("/v1/portal/overview").ok()["waiting"]?.array ?? []
        #expect(first.map { $0.text("action") } == ["rate"])
        try acme.admin.post("\(path)/\(survey.id)/answer", ["score": 0]).problem(422)
        try acme.admin.post(
            "\(path)/\(survey.id)/answer",
            ["score": 4, "ticket_id": .string("ticket_00000000000000000000000000")]
        ).problem(404)
        let answers = try together(3) { _ in
            try server.caller(acme.admin.token).post(
                "\(path)/\(survey.id)/answer", ["score": 5, "comment": "Quick"]
            ).status
        }
        #expect(answers.sorted() == [201, 404, 404])
        let response = try #require(try agency.owner.every("/v1/survey-responses").first)
        #expect(response.text("client_id") == acme.id && response.text("comment") == "Quick")
        #expect(try acme.admin.get(path).ok().items.isEmpty)
    }

    @Test func `what is published is there to look up, drafts are not`() throws {
        let agency = try agency()
        let person = try agency.portalClient("Acme", roles: ["viewer"]).people["viewer"]!
        func write(_ title: String, _ status: String) throws -> String {
            try agency.owner.post(
                "/v1/articles",
                ["title": .string(title), "body": "Send the new logo to us.", "status": .string(status)]
            ).ok(201).id
        }
        let (known, draft) = (try write("Changing a logo", "published"), try write("Prices inside", "draft"))
        #expect(try person.get("/v1/portal/articles").ok().items.map(\.id) == [known])
        #expect(
            try person.get("/v1/portal/articles?q=how%20do%20I%20change%20the%20logo").ok().items[0].id
                == known)
        #expect(try person.get("/v1/portal/articles/\(known)").ok()["tags"] == nil)
        try person.get("/v1/portal/articles/\(draft)").problem(404)
    }
}
