internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Templates
internal import Tenancy

/// Adds the routes for those who watch a ticket: they are told of its messages and of every change of its status.
func ticketWatcherRoutes(_ routes: inout Routes) {
    routes.schema("TicketWatcherEntry", watcherSchema)
    let path = "/v1/tickets/{id}/watchers"
    routes.get(
        path, .permission("tickets:read"), "List the users who watch a ticket", query: ParameterDoc.page,
        .list(of: .reference("TicketWatcherEntry"))
    ) { call in
        let id = try call.id("id", of: Ticket.self)
        return .read { reader in
            let ticket = try Ticket.resource.get(id, in: reader)
            let people = try ticket.watcherIDs.compactMap { try User.resource.find($0, in: reader) }
            return try call.window().page(
                of: people.map { ["user_id": JSON($0.id), "name": .string($0.name)] })
        }
    }
    routes.post(
        path, .permission("tickets:write"), "Watch a ticket, or have a colleague watch it",
        named: "add_ticket_watcher",
        body: .json(.reference("TicketWatcher"), isOptional: true), .record(Ticket.resource)
    ) { call in
        let id = try call.id("id", of: Ticket.self)
        let body = call.request.bytes.isEmpty ? WatcherBody() : try call.body(WatcherBody.self)
        let user = try call.watcher(body.userID)
        return .write { tx in
            .record(
                try tx.ticketAudience.setWatcher(
                    user, of: Ticket.resource.get(id, in: tx), true, by: call.actor))
        }
    }
    routes.delete(
        "\(path)/{user_id}", .permission("tickets:write"),
        "Stop watching a ticket, or take a colleague off it",
        .empty("The user does not watch the ticket.")
    ) { call in
        let (id, user) = try (call.id("id", of: Ticket.self), call.id("user_id", of: Nouns.User.self))
        return .write { tx in
            let ticket = try Ticket.resource.get(id, in: tx)
            _ = try tx.ticketAudience.setWatcher(user, of: ticket, false, by: call.actor)
            return .noContent
        }
    }
}

private let watcherSchema = JSON.schema(
    ["user_id": ["type": "string"], "name": ["type": "string"]], required: ["user_id", "name"])

extension Call {
    /// Returns who is to watch: whoever is named, or else whoever asks.
    fileprivate func watcher(_ given: UserID?) throws(Problem) -> UserID {
        guard let own = given ?? actor.userID else {
            throw Problem(faults: [
                Fault("/user_id", "required", "user_id is required: a key watches nothing itself.")
            ])
        }
        return own
    }
}

/// The people who are told of a ticket: `tx.ticketAudience`.
struct TicketAudienceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var ticketAudience: TicketAudienceStore<Self> { TicketAudienceStore(tx: self) }
}

extension TicketAudienceStore {
    /// Those who share the work on a ticket: whoever has it, and its team.
    func team(of ticket: Ticket) throws -> Audience {
        let team = try ticket.teamID.flatMap { try Team.resource.find($0, in: tx) }
        var people = [ticket.assigneeID, team?.leadID].compactMap(\.self)
        for member in team?.members.list ?? [] where !people.contains(member.userID) {
            people.append(member.userID)
        }
        return people.isEmpty ? .permission("tickets:write") : .users(people)
    }
}

extension TicketAudienceStore where Base == Transaction {
    /// Adds a watcher or takes one off; nothing changes for one who watches already, or does not.
    fileprivate func setWatcher(
        _ user: UserID, of ticket: Ticket, _ isWatching: Bool, by actor: Actor
    ) throws -> Ticket {
        guard ticket.watcherIDs.contains(user) != isWatching else { return ticket }
        if isWatching, ticket.watcherIDs.count >= Ticket.watchersMax {
            throw Problem(
                .conflict, "A ticket has at most \(Ticket.watchersMax) watchers: take somebody off first.")
        }
        return try tx.tickets.change(
            ticket, by: actor, action: isWatching ? "ticket.watched" : "ticket.unwatched"
        ) {
            if isWatching { $0.watcherIDs.append(user) } else { $0.watcherIDs.removeAll { $0 == user } }
        }
    }

    /// Tells those who watch a ticket what has happened in it, but whoever did it, and those who are told anyway.
    func tellWatchers(
        of ticket: Ticket, kind: NotificationKind, _ title: Saying, body: String, but others: [UserID] = [],
        by actor: Actor
    ) throws {
        let people = ticket.watcherIDs.filter { $0 != actor.userID && !others.contains($0) }
        guard !people.isEmpty else { return }
        try tx.notifications.notify(
            .users(people), kind: kind, title: title, body: .quoted(body), subject: ticket.subjectOfEvents)
    }

    /// Tells whom a colleague has given a ticket.
    func tellAssignee(of ticket: Ticket, by actor: Actor) throws {
        guard let assignee = ticket.assigneeID, actor.kind == .user, assignee != actor.userID else { return }
        try tx.notifications.notify(
            .users([assignee]), kind: .ticketAssigned,
            title: Saying("notification.ticket_assigned", ["number": .text("\(ticket.number)")]),
            body: .quoted(ticket.subject), subject: ticket.subjectOfEvents)
    }

    func tellMentioned(in message: TicketMessage, of ticket: Ticket, by actor: Actor) throws {
        let people = message.mentions.filter { $0 != actor.userID }
        guard !people.isEmpty else { return }
        try tx.notifications.notify(
            .users(people), kind: .ticketMentioned,
            title: Saying(
                "notification.ticket_mentioned",
                [
                    "has_name": .flag(message.author["name"]?.text != nil),
                    "name": .text(message.author["name"]?.text ?? ""), "number": .text("\(ticket.number)"),
                ]),
            body: .quoted(message.text), subject: ticket.subjectOfEvents)
    }

    /// Tells whoever has a ticket, else everybody who may work on it.
    func tellPeople(
        of ticket: Ticket, kind: NotificationKind = .ticket, _ title: Saying, _ urgency: Notification.Urgency
    ) throws {
        let audience = ticket.assigneeID.map { Audience.users([$0]) } ?? .permission("tickets:write")
        try tx.notifications.notify(
            audience, kind: kind, title: title, body: .quoted(ticket.subject),
            subject: ticket.subjectOfEvents,
            urgency: urgency)
    }
}
