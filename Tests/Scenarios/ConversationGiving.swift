import JSON
import Testing

/// The urgency of conversations, whom they are with, and what is written out for them.
@Suite(.ownThread) struct ConversationGiving {
    let server = BureauProcess.shared

    private func chat(_ agency: Agency) throws -> JSON {
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        try server.anonymous.post(
            "/v1/chat/\(key)/messages", ["visitor_id": "Mara", "name": "Mara Lind", "text": "Good morning"]
        ).ok(201)
        return try agency.conversation(on: "web_chat")
    }

    @Test func `a conversation is as urgent as people say, and unread ones come first`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let talk = try chat(agency), path = "/v1/conversations/\(talk.id)"
        #expect(talk.text("priority") == "normal")
        #expect(try owner.patch(path, ["priority": "urgent"]).ok().text("priority") == "urgent")
        #expect(try owner.patch(path, ["priority": "grave"]).faults() == ["/priority": "invalid_choice"])
        #expect(try owner.get("/v1/conversations?priority=urgent").ok().items.map(\.id) == [talk.id])
        #expect(try owner.get("/v1/conversations?sort=-unread").ok().items.map(\.id) == [talk.id])
        #expect(try owner.get("/v1/conversations?assignee_id[is]=null").ok().items.map(\.id) == [talk.id])
        try owner.patch(path, ["assignee_id": .string(agency.user.id)]).ok()
        #expect(try owner.get("/v1/conversations?assignee_id[is]=null").ok().items.isEmpty)
    }

    @Test func `a conversation is given to another contact with all that was said, and to nobody else's`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let talk = try chat(agency), path = "/v1/conversations/\(talk.id)"
        let client = try owner.makeClient()
        let jane = try owner.post("/v1/contacts", ["name": "Jane", "client_id": .string(client.id)]).ok(201)
        let given = try owner.patch(path, ["contact_id": .string(jane.id)]).ok()
        #expect(given.text("contact_id") == jane.id && given.text("client_id") == client.id)
        #expect(try agency.said(in: talk).map { $0.text("contact_id") } == [jane.id])
        #expect(
            try owner.every("/v1/contact-identities?contact_id=\(jane.id)").count == 1,
            "who writes in the chat is Jane")
        let entries = try owner.every("/v1/audit?subject_id=\(talk.id)")
        #expect(entries.contains { $0.text("action") == "conversation.updated" })
        let stranger = try server.signUp().owner.post("/v1/contacts", ["name": "Eve"]).ok(201)
        #expect(
            try owner.patch(path, ["contact_id": .string(stranger.id)]).faults()
                == ["/contact_id": "unknown_reference"])
        #expect(try owner.patch(path, ["contact_id": .null]).faults() == ["/contact_id": "required"])
        let other = try owner.makeClient()
        let their = try owner.post("/v1/contacts", ["name": "Tom", "client_id": .string(other.id)]).ok(201)
        let member = try agency.colleague("member", limitedTo: client.id)
        #expect(
            try member.patch(path, ["contact_id": .string(their.id)]).faults()
                == ["/contact_id": "unknown_reference"])
    }

    @Test func `a conversation in which somebody else writes, or a message waits, stays where it is`() throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let talk = try chat(agency), path = "/v1/conversations/\(talk.id)"
        let jane = try owner.post("/v1/contacts", ["name": "Jane"]).ok(201)
        let colleague = try agency.colleague("member")
        try colleague.post("\(path)/claim").ok()
        try owner.patch(path, ["contact_id": .string(jane.id)]).problem(409, "lock_lost")
        try colleague.post("\(path)/release").ok()
        let mailed = try owner.post("/v1/contacts", ["name": "Max", "email": "max@example.com"]).ok(201)
        let held = try owner.post(
            "/v1/messages",
            [
                "channel": "email", "contact_id": .string(mailed.id), "subject": "Hello", "body": "Good day.",
                "purpose": "transactional",
            ]
        ).ok(202)
        _ = try agency.message(held, "held")
        let mails = "/v1/conversations/\(held.text("conversation_id"))"
        try owner.patch(mails, ["contact_id": .string(jane.id)]).problem(409, "conflict")
        try owner.post("/v1/messages/\(held.id)/cancel").ok()
        #expect(try owner.patch(mails, ["contact_id": .string(jane.id)]).ok().text("contact_id") == jane.id)
    }

    @Test func `a canned reply is written out for whoever a conversation is with`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let talk = try chat(agency)
        let reply = try owner.post(
            "/v1/canned-replies",
            ["name": "Greeting", "text": "Dear {{ name }}, {{ agency }} thanks you.{{ number }}"]
        ).ok(201)
        let path = "/v1/canned-replies/\(reply.id)/write",
            chosen: JSON = ["conversation_id": .string(talk.id)]
        #expect(
            try owner.post(path, chosen).ok().text("text")
                == "Dear Mara Lind, \(agency.tenant.text("name")) thanks you.")
        let ticket = try owner.ticket("Logo", "It is the old one.")
        #expect(try owner.post(path, [:]).faults() == ["/ticket_id": "required"])
        #expect(
            try owner.post(path, ["ticket_id": .string(ticket.id), "conversation_id": .string(talk.id)])
                .faults()
                == ["/conversation_id": "conflict"])
        try agency.key(["tickets:read"]).post(path, chosen).problem(403)
    }
}
