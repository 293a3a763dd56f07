internal import Database
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

extension TicketDesk {
    /// What is written by itself about a ticket, in the language of whoever asked.
    func write(
        _ text: StandardText, about ticket: Ticket, to contact: Contact?, _ more: JSONObject = [:],
        in reader: some Queryable
    ) throws -> Worded {
        var values = ticketValues(of: ticket)
        for (name, value) in more.members { values.append(name, value) }
        let language = try ticket.language ?? contact?.locale ?? reader.ownTenant().locale
        return try outbox.write(
            text, to: contact, in: language, client: ticket.clientID, values, in: reader)
    }

    /// What texts may name of a ticket.
    func ticketValues(of ticket: Ticket) -> JSONObject {
        [
            "ticket": [
                "number": .string(String(ticket.number)), "subject": .string(ticket.subject),
                "body": .string(ticket.body), "category": JSON(ticket.category),
                "priority": JSON(ticket.priority?.rawValue),
                "due_at": JSON(ticket.sla.firstResponseDueAt?.description),
            ]
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
        "Lists what is written by itself, in its standard words; a template of the kind goes before them",
        .list(of: .reference("StandardText"))
    ) { call in
        try call.allowQuery()
        return .read { _ in .list(StandardText.support.map(\.json)) }
    }
}
