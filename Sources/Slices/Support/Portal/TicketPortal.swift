internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

extension Ticket {
    /// The client's view of a ticket: not how the agency has judged it, nor who works on it.
    static let portal = PortalView(
        resource,
        hiding: [
            "priority_set_by", "sentiment", "language", "intent", "tier", "assignee_id", "team_id",
            "conversation_id", "sla", "next_due_at", "escalation", "escalated", "watcher_ids", "tags",
            "related_ids", "merged_into",
            "fields",
            "messages", "reopened", "message_id", "acknowledged_at", "follow_up_at", "assistance",
        ])
}

/// Adds the portal's routes by which clients create, read and answer tickets.
func ticketPortal(_ routes: inout Routes, _ desk: TicketDesk) {
    desk.outbox.services.portal.add(PortalPart { portal, reader in try reader.tickets.asked(by: portal) })
    let view = Ticket.portal
    routes.declare(PortalTicketCreate.self)
    routes.schema("PortalTicketMessage", PortalTicketThread.schema)
    routes.portal(view)
    routes.post(
        view.path, .portal("portal:write"), "Create a ticket",
        body: .json(.reference("PortalTicketCreate")),
        .json(.reference(view.schemaName), status: 201, "The agency has it.")
    ) { call in
        let (body, portal) = (try call.body(PortalTicketCreate.self), try call.portal)
        return .write { tx in
            try body.check(portal, in: tx)
            var ticket = Ticket.new(id: tx.nextID(), now: tx.now)
            (ticket.subject, ticket.body, ticket.source) = (body.subject.trimmed, body.body, "portal")
            (ticket.clientID, ticket.contactID) = (portal.clientID, try tx.clientPortal.contact(portal).id)
            ticket.attachments = body.attachments
            try tx.create(&ticket, by: call.actor)
            ticket = try desk.acknowledge(ticket, in: tx)
            return view.response(ticket, status: 201)
        }
    }
    let path = "\(view.path)/{id}/messages"
    routes.get(
        path, .portal("portal:read"), "List the messages of one of your tickets, oldest first",
        query: ParameterDoc.list(TicketMessage.resource, hiding: PortalTicketThread.hidden),
        .list(of: .reference("PortalTicketMessage"))
    ) { call in
        let (id, portal) = (try call.id("id", of: Ticket.self), try call.portal)
        return .read { reader in
            let ticket = try view.get(id, portal, in: reader)
            var list = try ListQuery(
                TicketMessage.resource, call.request.head.query, dialect: reader.dialect, oldestFirst: true,
                hiding: PortalTicketThread.hidden)
            list.add("ticket_id = \(ticket.id) AND internal = 0")
            return try list.page(in: reader)
        }
    }
    routes.portalFiles(of: view, "Download a file of one of your tickets") { ticket, file, reader in
        let said = try TicketMessage.resource.all(
            where: "ticket_id = \(ticket.id) AND internal = 0",
            suffix: "ORDER BY id LIMIT 1000", in: reader)
        return (said.map(\.attachments) + [ticket.attachments]).contains { $0.contains(file) }
    }
    routes.post(
        path, .portal("portal:write"), "Send a message in one of your tickets",
        body: .json(.reference("PortalText")),
        .json(.reference("PortalTicketMessage"), status: 201, "The agency has it.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Ticket.self), try call.portal)
        let body = Result { try call.body(PortalText.self) }
        return .write { tx in
            let ticket = try view.get(id, portal, in: tx), body = try body.get()
            try body.check(portal, in: tx)
            guard ticket.mergedInto == nil else {
                throw Problem(.conflict, "This ticket continues in another one: see your list.")
            }
            let message = try desk.hear(
                body.text, from: try tx.clientPortal.contact(portal), in: ticket,
                attachments: body.attachments,
                by: call.actor, in: tx)
            return .json(PortalTicketThread.json(message), status: 201)
        }
    }
}

/// A client's request for a ticket. The credential says whose it is.
private struct PortalTicketCreate: Declared {
    var subject = "", body = ""
    var attachments: [ID<StoredFile>] = []

    static let schema = Schema<PortalTicketCreate>(
        "PortalTicketCreate",
        [
            .text("subject", \.subject, max: 300, .required, .example("The logo is the old one")),
            .text("body", \.body, max: 50_000, .required),
            .ids("attachments", \.attachments, max: 20, .about("Files of /v1/portal/files.")),
        ])

    func check(_ portal: PortalCall, in reader: some Queryable) throws {
        var faults = Faults()
        if subject.trimmed.isEmpty {
            faults.add("/subject", "required", "subject is required: say in a few words what it is about.")
        }
        if body.trimmed.isEmpty { faults.add("/body", "required", "text is required: say what you need.") }
        try StoredFile.check(attachments, of: portal, &faults, in: reader)
        try faults.throwIfAny()
    }
}

/// The client's view of the messages in a ticket.
private enum PortalTicketThread {
    static let hidden: Set<String> = ["internal", "message_id", "mentions"]

    static func json(_ message: TicketMessage) -> JSON {
        .object(TicketMessage.resource.json(message, hiding: hidden))
    }

    static let schema = JSON.object(TicketMessage.resource.jsonSchema(hiding: hidden))
}

extension TicketStore where Base == Reader {
    /// For the portal's first page: what is open, and where the agency waits for a word.
    fileprivate func asked(by portal: PortalCall) throws -> (counts: JSONObject, waiting: [PortalWaiting]) {
        let open = try Ticket.portal.count(
            portal, where: "status NOT IN ('resolved', 'closed')", in: tx)
        let waiting = try Ticket.portal.all(portal, where: "status = 'waiting_on_client'", in: tx)
        return (
            ["tickets_open": JSON(open)],
            waiting.map {
                PortalWaiting(
                    $0.subjectOfEvents, $0.subject, action: "answer", needs: "portal:write",
                    since: $0.updatedAt)
            }
        )
    }
}
