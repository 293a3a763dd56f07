import JSON
import Testing

/// People who are told of a ticket, the fate of its mails, and tickets that were escalated.
@Suite(.ownThread) struct TicketWatchers {
    let server = BureauProcess.shared

    private func notices(_ caller: Caller) throws -> [String] {
        try caller.every("/v1/notifications").map { $0.text("kind") }
    }

    @Test func `who watches a ticket hears of its messages and its status, and not of their own`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let watcher = try agency.colleague("member")
        let watcherID = try watcher.get("/v1/me").ok()["user"]?.id ?? ""
        let ticket = try owner.ticket("Logo", "It is the old one."), path = "/v1/tickets/\(ticket.id)"
        #expect(try watcher.post("\(path)/watchers").ok()["watcher_ids"] == [.string(watcherID)])
        #expect(try watcher.post("\(path)/watchers").ok()["version"] == 2, "once is enough")
        try owner.post("\(path)/watchers", ["user_id": .string(agency.user.id)]).ok()
        #expect(
            try owner.every("\(path)/watchers").map { $0.text("user_id") } == [watcherID, agency.user.id])
        #expect(try owner.get("/v1/tickets?watcher_ids=\(watcherID)").ok().items.map(\.id) == [ticket.id])
        try owner.post("\(path)/messages", ["text": "We look."]).ok(201)
        try owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
        #expect(Set(try notices(watcher)) == ["ticket.message_added", "ticket.status_changed"])
        #expect(try notices(owner).isEmpty, "nobody is told what they have done themselves")
        try owner.delete("\(path)/watchers/\(watcherID)").ok(204)
        let before = try notices(watcher).count
        try owner.post("\(path)/reopen").ok()
        #expect(try notices(watcher).count == before)
        let stranger = try server.signUp()
        #expect(
            try owner.post("\(path)/watchers", ["user_id": .string(stranger.user.id)]).faults()
                == ["/user_id": "unknown_reference"])
        try stranger.owner.post("\(path)/watchers").problem(404)
        try agency.colleague("viewer").post("\(path)/watchers").problem(403)
        #expect(
            try agency.key(["tickets:write"]).post("\(path)/watchers").faults() == ["/user_id": "required"])
    }

    @Test func `a note in a ticket names colleagues, who are told; an answer names nobody`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let max = try agency.colleague("member")
        let id = JSON.string(try max.get("/v1/me").ok()["user"]?.id ?? "")
        let path = "/v1/tickets/\(try owner.ticket("Logo", "It is the old one.").id)/messages"
        let note = try owner.post(path, ["text": "Look, Max.", "internal": true, "mentions": [id]]).ok(201)
        #expect(note["mentions"] == [id])
        #expect(try notices(max) == ["ticket.mentioned"])
        #expect(try owner.post(path, ["text": "x", "mentions": [id]]).faults() == ["/mentions": "conflict"])
        #expect(
            try owner.post(
                path, ["text": "x", "internal": true, "mentions": ["user_00000000000000000000000000"]]
            )
            .faults() == ["/mentions/0": "unknown_reference"])
    }

    @Test func `each answer says what has become of its mail`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let jane = try owner.post("/v1/contacts", ["name": "Jane", "email": "jane@example.com"]).ok(201)
        let ticket = try owner.ticket("Logo", "It is the old one.", ["contact_id": .string(jane.id)])
        let path = "/v1/tickets/\(ticket.id)/messages"
        let said = try owner.post(path, ["text": "We look."]).ok(201)
        try owner.post(path, ["text": "A note.", "internal": true]).ok(201)
        #expect(["queued", "held"].contains(said.text("delivery_status")))
        _ = try agency.message(["id": said["message_id"] ?? .null], "held")
        #expect(try owner.every(path).map { $0["delivery_status"] } == ["held", .null])
        try owner.post("/v1/messages/\(said.text("message_id"))/cancel").ok()
        #expect(
            try owner.get("\(path)?fields=id,delivery_status").ok().items.map { $0["delivery_status"] }
                == ["cancelled", .null])
    }

    @Test func `escalated tickets are found, and several messages become a ticket of their own`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let calm = try owner.ticket("Calm", "A question."), hot = try owner.ticket("Hot", "A complaint.")
        try owner.post("/v1/tickets/\(hot.id)/escalate", ["reason": "legal"]).ok()
        #expect(try owner.get("/v1/tickets?escalated=true").ok().items.map(\.id) == [hot.id])
        #expect(try owner.get("/v1/tickets?escalated=false").ok().items.map(\.id) == [calm.id])
        let path = "/v1/tickets/\(calm.id)"
        let ids = try [("One", false), ("A note", true), ("Two", false), ("Three", false)].map {
            text, isNote in
            try owner.post(
                "\(path)/messages", ["text": .string(text), "internal": .bool(isNote)]
            ).ok(201).id
        }
        let split = try owner.post(
            "\(path)/split",
            ["message_ids": [.string(ids[2]), .string(ids[1]), .string(ids[0])], "subject": "Apart"]
        ).ok(201)
        #expect(split.text("body") == "One" && split["messages"] == 2)
        let thread = try owner.every("/v1/tickets/\(split.id)/messages")
        #expect(thread.map { $0.text("text") } == ["A note", "Two"])
        #expect(thread.map { $0["internal"] } == [true, false])
        #expect(try owner.every("\(path)/messages").count == 4, "they stay where they were said")
        #expect(
            try owner.post("\(path)/split", ["subject": "x"]).faults() == ["/message_ids": "required"])
        #expect(
            try owner.post("\(path)/split", ["subject": "x", "message_ids": [.string(ids[1])]]).faults()
                == ["/message_ids/0": "conflict"])
        let foreign = try owner.post("/v1/tickets/\(hot.id)/messages", ["text": "x"]).ok(201)
        #expect(
            try owner.post(
                "\(path)/split", ["subject": "x", "message_ids": [.string(ids[0]), .string(foreign.id)]]
            ).faults() == ["/message_ids/1": "unknown_reference"])
    }
}
