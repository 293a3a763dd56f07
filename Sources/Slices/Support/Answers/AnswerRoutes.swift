internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes

struct TicketChoice: Declared {
    var ticketID = TicketID.unset
    static let schema = Schema<TicketChoice>(
        "TicketChoice", [.id("ticket_id", \.ticketID, .required, .about("The other ticket."))])
}

func answerRoutes(_ routes: inout Routes, _ desk: TicketDesk) {
    routes.declare(TicketChoice.self)
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
        "Fill in a canned reply for a ticket's contact, without sending it", named: "write_out_canned_reply",
        body: .json(.reference("TicketChoice")), .json(.reference("WrittenReply"), "The text of the reply.")
    ) { call in
        let (id, body) = try (call.id("id", of: CannedReply.self), call.body(TicketChoice.self))
        return .read { reader in
            let reply = try CannedReply.resource.get(id, in: reader)
            return .json([
                "text": .string(
                    try desk.written(
                        reply.text, for: try Ticket.resource.get(body.ticketID, in: reader), in: reader))
            ])
        }
    }
}
