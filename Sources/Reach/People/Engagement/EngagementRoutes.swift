internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry

/// The body of `POST /v1/contacts/{id}/activities`.
private struct ActivityBody: Declared {
    var type = ""
    var at: Instant?
    var channel: Channel?
    var source = ContactActivity.Source.human

    static let schema = Schema<ActivityBody>(
        "ContactActivityRequest",
        [
            .text(
                "type", \.type, max: 60, .required, .line, .example("demo_request"),
                .about("The activity of the contact; a word that is not known weighs nothing, and counts.")),
            .instant("at", \.at, .about("When they did it; now unless it is given.")),
            .choice("channel", \.channel, .about("The channel on which they did it.")),
            .choice(
                "source", \.source, .standard("human"),
                .about("Whether a person did it, or a program, which counts for nothing.")),
        ])
}

/// `/v1/contacts/{id}/activities` and `/v1/contacts/{id}/engagement`: what a contact did, and how engaged they are.
func engagementRoutes(_ routes: inout Routes) {
    routes.declare(ContactActivity.resource)
    routes.shows(ContactActivity.resource, read: "contacts:read")
    routes.declare(ActivityBody.self)
    routes.schema("Engagement", Engagement.schema)
    routes.event(
        "contact_activity.recorded", "A contact has done something that counts for their engagement.",
        ["contact_id": .anyText, "type": .anyText, "channel": .textOrNull])
    let path = "/v1/contacts/{id}/activities"
    routes.get(
        path, .permission("contacts:read"), "List the activities of a contact towards the agency",
        query: ParameterDoc.list(ContactActivity.resource), .list(ContactActivity.resource)
    ) { call in
        let id = try call.id("id", of: Contact.self)
        return .read { reader in
            _ = try Contact.resource.get(id, in: reader)
            var list = try ListQuery(
                ContactActivity.resource, call.request.head.query, dialect: reader.dialect)
            list.add("contact_id = \(id)")
            return try list.page(in: reader)
        }
    }
    routes.post(
        path, .permission("contacts:write"), "Record something that a contact has done",
        named: "record_contact_activity", body: .json(.reference("ContactActivityRequest")),
        .record(ContactActivity.resource, status: 201)
    ) { call in
        let (id, body) = try (call.id("id", of: Contact.self), call.body(ActivityBody.self))
        return .write { tx in
            let contact = try Contact.resource.get(id, in: tx)
            if let at = body.at, at > tx.now {
                throw Problem(faults: [
                    Fault("/at", "out_of_range", "at must not be in the future: record what has happened.")
                ])
            }
            // An activity that is recorded by hand is a fact of its own each time.
            let mark: ID<ContactActivity> = tx.makeID()
            let activity = try tx.engagement.record(
                body.type, of: contact.id, on: body.channel, fact: "given/\(mark)", at: body.at, body.source)
            guard let activity else { throw Problem(.conflict, "The activity is already recorded.") }
            try tx.auditLog.add(
                call.actor, "contact_activity.recorded", activity.subject,
                ["contact_id": JSON(contact.id), "type": .string(activity.type)])
            return .record(activity, status: 201)
        }
    }
    routes.get(
        "/v1/contacts/{id}/engagement", .permission("contacts:read"),
        "Get the engagement score of a contact, with its factors", named: "get_contact_engagement",
        query: [
            .query(
                "days",
                "How many days are looked back on, from 1 to \(Engagement.daysMax); \(Engagement.daysUsual) without it.",
                .anyInteger)
        ],
        .json(.reference("Engagement"), "The figure.")
    ) { call in
        try call.allowQuery("days")
        let id = try call.id("id", of: Contact.self)
        let days = call.query("days").map { Int($0) ?? 0 } ?? Engagement.daysUsual
        guard (1...Engagement.daysMax).contains(days) else {
            throw Problem(.invalidParameter, "days must be a number from 1 to \(Engagement.daysMax).")
        }
        return .read { reader in
            _ = try Contact.resource.get(id, in: reader)
            return .json(try reader.engagement.find(id, days: days).json)
        }
    }
}
