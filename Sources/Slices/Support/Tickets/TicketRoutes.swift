internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

func ticketRoutes(_ routes: inout Routes, _ desk: TicketDesk) {
    routes.standard(
        Ticket.resource, read: "tickets:read", write: "tickets:write", patch: false)
    routes.change(
        of: Ticket.resource, "tickets:write",
        "Update a ticket's status, priority, category, tags or assignee")
    routes.tells(
        TicketMessage.resource, read: "tickets:read", computed: [TicketDelivery.name: TicketDelivery.schema])
    routes.declare(WatcherBody.self)
    routes.declare(EscalateBody.self)
    routes.declare(ResolveBody.self)
    routes.declare(AssignBody.self)
    routes.declare(MergeBody.self)
    routes.declare(SplitBody.self)
    routes.declare(LinkBody.self)

    routes.step("escalate", "Escalate a ticket to the next level", EscalateBody.self) {
        old, body, call, tx in
        guard !old.isOver else { throw old.refusal(allowed: ["reopen"]) }
        var ticket = old
        try tx.slaTargets.escalate(&ticket, body.reason)
        try tx.update(old, to: &ticket, by: call.actor, action: "ticket.escalated")
        try desk.tellEscalation(of: ticket, in: tx)
        return try Ticket.resource.get(ticket.id, in: tx)
    }
    routes.step("resolve", "Resolve a ticket, with its resolution", ResolveBody.self) { old, body, call, tx in
        guard !old.isOver else { throw old.refusal(allowed: ["reopen"]) }
        var ticket = old
        (ticket.status, ticket.resolution) = (.resolved, body.resolution)
        try tx.update(old, to: &ticket, by: call.actor, action: "ticket.resolved")
        return ticket
    }
    routes.step("assign", "Assign a ticket to a user or a team", AssignBody.self) {
        old, body, call, tx in
        var ticket = old
        ticket.assigneeID = body.userID
        if let team = body.teamID { ticket.teamID = team }
        if ticket.status == .new, ticket.assigneeID != nil { ticket.status = .open }
        try tx.update(old, to: &ticket, by: call.actor, action: "ticket.assigned")
        if let user = body.userID, user != old.assigneeID {
            try tx.routing.teachRouting(ticket.category, user, 1)
            if let before = old.assigneeID { try tx.routing.teachRouting(ticket.category, before, -1) }
        }
        return ticket
    }
    routes.step("reopen", "Reopen a resolved or closed ticket") { old, call, tx in
        guard old.isOver else { throw old.refusal(allowed: []) }
        var ticket = old
        ticket.status = .open
        try tx.update(old, to: &ticket, by: call.actor, action: "ticket.reopened")
        return ticket
    }
    routes.step("close", "Close a ticket") { old, call, tx in
        guard old.status != .closed else { throw old.refusal(allowed: ["reopen"]) }
        var ticket = old
        ticket.status = .closed
        try tx.update(old, to: &ticket, by: call.actor, action: "ticket.closed")
        return ticket
    }
    routes.step("merge", "Merge a ticket into another, which continues with both threads", MergeBody.self) {
        old, body, call, tx in
        try tx.ticketMerging.merge(old, into: body.into, by: call.actor)
    }
    routes.step("link", "Link two tickets that belong together", LinkBody.self) { old, body, call, tx in
        try tx.ticketMerging.link(old, with: body.ticketID, by: call.actor)
    }
    ticketThreadRoutes(&routes, desk)
    ticketWatcherRoutes(&routes)
    routes.get(
        "/v1/ticket-figures", .permission("tickets:read"),
        "Get the response and resolution times of tickets, by channel, category, tier and day",
        .json(["type": "object"], "The figures.")
    ) { call in
        try call.allowQuery()
        return .read { .json(try TicketMetrics.json(in: $0)) }
    }
}

/// Adds the routes for the messages of a ticket.
private func ticketThreadRoutes(_ routes: inout Routes, _ desk: TicketDesk) {
    let path = "/v1/tickets/{id}/messages"
    routes.get(
        path, .permission("tickets:read"), "List the messages of a ticket, oldest first",
        query: ParameterDoc.list(TicketMessage.resource, computed: [TicketDelivery.name]),
        .list(TicketMessage.resource)
    ) { call in
        let id = try call.id("id", of: Ticket.self)
        return .read { reader in
            _ = try Ticket.resource.get(id, in: reader)
            var list = try ListQuery(
                TicketMessage.resource, call.request.head.query, dialect: reader.dialect, oldestFirst: true,
                computed: [TicketDelivery.name])
            list.add("ticket_id = \(id)")
            return try list.page(in: reader) { try TicketDelivery.members(of: $0, in: reader) }
        }
    }
    routes.post(
        path, .permission("tickets:write"), "Answer a ticket, or add an internal note",
        body: .json(.reference("TicketMessageCreate")), .record(TicketMessage.resource, status: 201)
    ) { call in
        let (id, draft) = try (call.id("id", of: Ticket.self), TicketMessage.read(try call.object()))
        if draft.text.trimmed.isEmpty {
            throw Problem(faults: [Fault("/text", "required", "text is required: write the message.")])
        }
        if !draft.mentions.isEmpty, !draft.isInternal {
            throw Problem(faults: [
                Fault(
                    "/mentions", "conflict",
                    "mentions are for internal notes only: set internal, or leave them out.")
            ])
        }
        return .write { tx in
            let ticket = try Ticket.resource.get(id, in: tx)
            try call.checkVersion(ticket.version)
            let message = try desk.say(
                draft.text, in: ticket, isInternal: draft.isInternal, attachments: draft.attachments,
                mentions: draft.mentions, by: call.actor, in: tx)
            return .record(
                message, status: 201, location: "/v1/tickets/\(id)/messages/\(message.id)",
                extra: try TicketDelivery.member(of: message, in: tx))
        }
    }
    routes.post(
        "\(path)/check", .permission("tickets:read"),
        "Check an answer before it is sent, and get what looks wrong; nothing is sent",
        named: "check_ticket_message",
        body: .json(
            .reference("TicketMessageCreate")), .json(["type": "object"], "The findings of the check.")
    ) { call in
        let (id, draft) = try (call.id("id", of: Ticket.self), TicketMessage.read(try call.object()))
        return .read { reader in
            let ticket = try Ticket.resource.get(id, in: reader)
            return .json([
                "findings": .array(try reader.tickets.findings(in: draft.text, for: ticket).map(\.json))
            ])
        }
    }
    routes.post(
        "/v1/tickets/{id}/split", .permission("tickets:write"),
        "Create a new ticket from one or several messages of another one",
        body: .json(.reference("TicketSplit")), .record(Ticket.resource, status: 201)
    ) { call in
        let (id, body) = try (call.id("id", of: Ticket.self), call.body(SplitBody.self))
        return .write { tx in
            let ticket = try Ticket.resource.get(id, in: tx)
            try call.checkVersion(ticket.version)
            let made = try tx.ticketMerging.split(ticket, body, by: call.actor)
            return .record(made, status: 201, location: "/v1/tickets/\(made.id)")
        }
    }
}

extension Ticket {
    func refusal(allowed: [String]) -> Problem {
        Problem(
            .invalidTransition, "The ticket is \(status.rawValue), which does not allow this.",
            extra: ["allowed": JSON(allowed)])
    }
}

extension Routes {
    /// A verb of tickets.
    fileprivate mutating func step<Body: Declared>(
        _ name: String, _ summary: String, _ type: Body.Type,
        _ step: @escaping @Sendable (Ticket, Body, Call, Transaction) throws -> Ticket
    ) {
        post(
            "/v1/tickets/{id}/\(name)", .permission("tickets:write"), summary,
            body: .json(.reference(Body.schema.name)), .record(Ticket.resource)
        ) { call in
            let (id, body) = try (call.id("id", of: Ticket.self), call.body(type))
            return .write { tx in
                let ticket = try Ticket.resource.get(id, in: tx)
                try call.checkVersion(ticket.version)
                return .record(try step(ticket, body, call, tx))
            }
        }
    }

    /// One that needs to be told nothing.
    fileprivate mutating func step(
        _ name: String, _ summary: String,
        _ step: @escaping @Sendable (Ticket, Call, Transaction) throws -> Ticket
    ) {
        post(
            "/v1/tickets/{id}/\(name)", .permission("tickets:write"), summary, .record(Ticket.resource)
        ) { call in
            let id = try call.id("id", of: Ticket.self)
            return .write { tx in
                let ticket = try Ticket.resource.get(id, in: tx)
                try call.checkVersion(ticket.version)
                return .record(try step(ticket, call, tx))
            }
        }
    }
}
