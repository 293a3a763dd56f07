internal import Database
internal import HTTPServer
internal import JSON
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes

struct TicketChoice: Declared {
    var ticketID = TicketID.unset
    static let schema = Schema<TicketChoice>(
        "TicketChoice", [.id("ticket_id", \.ticketID, .required, .about("The other ticket."))])
}

/// The ticket or conversation for which a canned reply is written out.
struct ReplyChoice: Declared {
    var ticketID: TicketID?
    var conversationID: ID<Conversation>?

    static let schema = Schema<ReplyChoice>(
        "ReplyChoice",
        [
            .id("ticket_id", \.ticketID, .about("The ticket whose contact is answered.")),
            .id("conversation_id", \.conversationID, .about("The conversation whose contact is answered.")),
        ])

    func check() throws(Problem) {
        guard (ticketID == nil) == (conversationID == nil) else { return }
        throw Problem(faults: [
            ticketID == nil
                ? Fault("/ticket_id", "required", "Send ticket_id or conversation_id.")
                : Fault("/conversation_id", "conflict", "Send ticket_id or conversation_id, not both.")
        ])
    }
}

func answerRoutes(_ routes: inout Routes, _ desk: TicketDesk) {
    routes.declare(TicketChoice.self)
    routes.declare(ReplyChoice.self)
    routes.schema("WrittenReply", .schema(["text": ["type": "string"]], required: ["text"]))
    routes.post(
        "/v1/macros/{id}/apply", .permission("tickets:write"), "Apply a macro to a ticket",
        body: .json(.reference("TicketChoice")), .record(Ticket.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Macro.self), call.body(TicketChoice.self))
        return .write { tx in
            let macro = try Macro.resource.get(id, in: tx)
            return .record(
                try desk.apply(
                    macro, to: try Ticket.resource.get(body.ticketID, in: tx), by: call.actor, in: tx))
        }
    }
    routes.post(
        "/v1/canned-replies/{id}/write", .permission("tickets:read"),
        "Fill in a canned reply for the contact of a ticket or a conversation, without sending it",
        named: "write_out_canned_reply", body: .json(.reference("ReplyChoice")),
        .json(.reference("WrittenReply"), "The text of the reply.")
    ) { call in
        let (id, body) = try (call.id("id", of: CannedReply.self), call.body(ReplyChoice.self))
        try body.check()
        if body.conversationID != nil { try call.requireConversations() }
        return .read { reader in
            let reply = try CannedReply.resource.get(id, in: reader)
            let text =
                if let id = body.conversationID {
                    try desk.written(
                        reply.text, for: try Conversation.resource.get(id, in: reader), in: reader)
                } else {
                    try desk.written(
                        reply.text, for: try Ticket.resource.get(body.ticketID ?? .unset, in: reader),
                        in: reader)
                }
            return .json(["text": .string(text)])
        }
    }
}

extension Call {
    /// The route is for those who read tickets; what is written for a conversation is for those who read these.
    fileprivate func requireConversations() throws(Problem) {
        guard principal?.permissions.contains("conversations:read") == true else {
            throw Problem(.forbidden, "Your role lacks the permission conversations:read.")
        }
    }
}
