internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

extension TicketDesk {
    /// Returns an automatic text about a ticket, in the language of whoever asked.
    func write(
        _ text: StandardText, about ticket: Ticket, to contact: Contact?, _ more: JSONObject = [:],
        in reader: some Queryable
    ) throws -> Worded {
        let language = try ticket.language ?? contact?.locale ?? reader.agency.tenant().locale
        var values = try ticketValues(of: ticket, in: reader)
        for (name, value) in more.members { values[name] = value }
        return try outbox.write(
            text, to: contact, in: language, client: ticket.clientID, values, in: reader)
    }

    /// Returns the values that texts may use: of a ticket, its open incident, its client's account, and how the
    /// client's campaigns stand.
    func ticketValues(of ticket: Ticket, in reader: some Queryable) throws -> JSONObject {
        [
            "campaign": try campaigns(of: ticket, in: reader)?.values ?? .null,
            "incident": try reader.incidents.open(of: ticket)?.values ?? .null,
            "account": try ticket.clientID.map { try account(ofClient: $0, in: reader) } ?? .null,
            "ticket": [
                "number": .string(String(ticket.number)), "subject": .string(ticket.subject),
                "body": .string(ticket.body), "category": JSON(ticket.category),
                "priority": JSON(ticket.priority?.rawValue),
                "due_at": JSON(ticket.sla.firstResponseDueAt?.description),
                "looked_after_by": JSON(
                    try ticket.assigneeID.flatMap { try User.resource.find($0, in: reader) }?.name),
                "hear_by": JSON(ticket.hearBy(at: reader.now)?.description),
            ],
        ]
    }
}

extension TicketDesk {
    /// Returns what whoever asked may be told of the campaigns that run for them, in their language: nothing where the
    /// ticket is of no client, or was written by somebody who is not of it.
    func campaigns(of ticket: Ticket, in reader: some Queryable) throws -> ToldCampaigns? {
        guard let client = ticket.clientID,
            let contact = try ticket.contactID.flatMap({ try Contact.resource.find($0, in: reader) }),
            contact.clientID == client
        else { return nil }
        let language = try ticket.language ?? contact.locale ?? reader.agency.tenant().locale
        return try outbox.dependencies.campaigns(reader, client, reader.wordings.find(language))
    }

    /// Returns the facts that a client's people may be told of their own account.
    private func account(ofClient id: ClientID, in reader: some Queryable) throws -> JSON {
        let standing = try outbox.dependencies.clientStanding(reader, id)
        return [
            "name": JSON(standing?.name), "tier": JSON(standing?.tier),
            "open_tickets": JSON(try reader.clientTickets.open(ofClient: id).open),
        ]
    }
}

func standardTextRoutes(_ routes: inout Routes) {
    let texts = JSON.schema([
        "kind": ["type": "string"], "about": ["type": "string"],
        "needs": ["type": "array", "items": ["type": "string"]],
        "names": ["type": "array", "items": ["type": "string"]],
        "wordings": ["type": "array", "items": ["type": "object"]],
    ])
    routes.schema("StandardText", texts)
    routes.get(
        "/v1/standard-texts", .permission("templates:read"),
        "List the standard texts of automatic messages; a template of the kind replaces them",
        query: ParameterDoc.page, .list(of: .reference("StandardText"))
    ) { call in
        let window = try call.window()
        return .read { reader in
            let words = try reader.wordings.find(for: call)
            return window.page(of: StandardText.all.map { $0.json(in: words) })
        }
    }
}
