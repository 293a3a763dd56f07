internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

func eventRoutes(_ routes: inout Routes, _ runtime: Runtime, _ streams: EventStreams) {
    let columns: [SimpleList.Column] = [
        .init("type", .text(max: 100), takesPrefixes: true), .init("subject_id", .text(max: 100)),
        .init("subject_type", .text(max: 100)), .init("created_at", .instant),
    ]
    routes.schema("Event", Event.schema)

    routes.get(
        "/v1/events", .permission("events:read"), "List events, oldest first",
        query: SimpleList.docs(columns, fields: Event.schema.propertyNames), .list(of: .reference("Event"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, key: "row", oldestFirst: true,
                fields: Event.schema.propertyNames, placedBut: ["subject_id"], dialect: reader.dialect)
            let page = try list.rows(of: "events", Event.self, in: reader)
            let records = try runtime.eventCatalog?.records(
                of: page.items, for: EventReading(call.principal), in: reader)
            return list.response(page) { event, writer in
                event.write(into: &writer, record: records?[event.subject.id])
            }
        }
    }
    routes.get(
        "/v1/events/stream",
        .permission(
            "events:read"), "Stream events as they happen, as server-sent events",
        query: [
            .query(
                "types",
                "The event types to send, separated by commas; lead.* stands for all that begin with lead."),
            .query(
                "last_event_id",
                "The last event that you have received, for clients that cannot send the header."),
            .header("Last-Event-ID", "The last event that you have received; the stream continues after it."),
        ],
        .media(
            "text/event-stream", "Frames of id, event (the type) and data (the event); comments in between.")
    ) { call in
        try call.allowQuery("types", "last_event_id")
        return .response(try streams.open(call))
    }
}

extension Event {
    static let schema: JSON = .record([
        "id": .anyText, "type": .anyText, "subject": .anySubject, "data": .anyObject,
        "created_at": .anyInstant,
    ])
}
